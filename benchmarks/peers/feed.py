"""Writes four metrics at 20 steps a second in a peer's own format, as a training script would.

python feed.py tensorboard|wandb FOLDER     (with a Python that has tensorboardX or wandb)
"""

import math
import sys
import time
from collections.abc import Callable

STEPS_A_SECOND = 20.0
NAMES = ("d_loss", "d_accuracy", "g_loss", "g_accuracy")


def main() -> None:
    write = {"tensorboard": tensorboard, "wandb": wandb}[sys.argv[1]](sys.argv[2])
    begun = time.monotonic()
    step = 0
    while True:
        step += 1
        noise = math.sin(step * 12.9898) * 43758.5453 % 1
        write(step, {name: 0.7 + 0.3 * n + math.exp(-step / 300) + 0.1 * noise for n, name in enumerate(NAMES)})
        time.sleep(max(0.0, begun + step / STEPS_A_SECOND - time.monotonic()))


def tensorboard(folder: str) -> Callable[[int, dict[str, float]], None]:
    from tensorboardX import SummaryWriter

    writer = SummaryWriter(folder, flush_secs=1)

    def write(step: int, values: dict[str, float]) -> None:
        for name, value in values.items():
            writer.add_scalar(name, value, step)

    return write


def wandb(folder: str) -> Callable[[int, dict[str, float]], None]:
    import wandb

    run = wandb.init(mode="offline", dir=folder, project="benchmark", settings=wandb.Settings(silent=True))
    return lambda step, values: run.log(values, step=step)


if __name__ == "__main__":
    main()
