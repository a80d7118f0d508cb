"""How long the calling thread is busy with logging two numbers of a step, in µs a call, as one or the other does it.

python calls.py gan_tui|tensorboardX|wandb     (with a Python that has it)
"""

import os
import sys
import tempfile
import time
from collections.abc import Callable

REPEATS = 7


def main() -> None:
    name = sys.argv[1]
    with tempfile.TemporaryDirectory(prefix="gan-tui-benchmark-") as folder:
        os.chdir(folder)
        log, close = {"gan_tui": of_gan_tui, "tensorboardX": of_tensorboard, "wandb": of_wandb}[name]()
        calls = 100_000 if name == "gan_tui" else 2_000
        for repeat in range(REPEATS + 1):
            begun = time.thread_time()
            for step in range(repeat * calls, (repeat + 1) * calls):
                log(step)
            if repeat:
                print(1e6 * (time.thread_time() - begun) / calls, flush=True)
        close()


Logs = tuple[Callable[[int], object], Callable[[], object]]


def of_gan_tui() -> Logs:
    import gan_tui

    run = gan_tui.Run("bench")
    return (lambda step: run.log(loss=0.5, accuracy=0.25)), run.close


def of_tensorboard() -> Logs:
    from tensorboardX import SummaryWriter

    writer = SummaryWriter("logs")

    def log(step: int) -> None:
        writer.add_scalar("loss", 0.5, step)
        writer.add_scalar("accuracy", 0.25, step)

    return log, writer.close


def of_wandb() -> Logs:
    import wandb

    run = wandb.init(mode="offline", project="bench")
    return (lambda step: run.log({"loss": 0.5, "accuracy": 0.25})), run.finish


if __name__ == "__main__":
    main()
