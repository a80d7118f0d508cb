"""A preset's step with Keras's own layers and optimizers as one bare compiled function on one batch: nothing else.

python bare_step.py PRESET [xla]    or    python bare_step.py matmul: float32 operations a second in units of 1e9
"""

import sys
import time

from gan_tui.training import environment

environment.prepare()

import tensorflow as tf  # noqa: E402 (after what it reads from the environment)
from windows import measure  # noqa: E402

from gan_tui import presets  # noqa: E402
from gan_tui.training.models.gan import AdversarialPair  # noqa: E402
from gan_tui.training.tasks import task_of  # noqa: E402

SIDE = 2048
UNTIL_READ = 20 if tf.config.list_physical_devices("GPU") else 1
"""Steps: a GPU need not wait after each for somebody to read its result."""


def bare_step(preset_name: str, xla: bool = False) -> None:
    task = task_of(presets.find(preset_name))
    learner = task.learner
    if isinstance(learner, AdversarialPair):
        learner.generate = lambda given, training: learner.generator(given, training=training)
    for optimizer in task.optimizers.values():
        vars(optimizer).pop("update_step", None)  # ours: Keras's is under it
    batch = task.steps._feed.batch(tf.range(task.dataset.batch_size))
    step = tf.function(lambda: learner.train_step(batch), jit_compile=xla)

    def train() -> int:
        for _ in range(UNTIL_READ):
            values = step()
        next(iter(values.values())).numpy()
        return UNTIL_READ

    train()
    measure(train)


def matmul() -> None:
    """The most that the machine's cores make of float32 numbers: large products of matrices."""
    one, other = tf.random.normal((SIDE, SIDE)), tf.random.normal((SIDE, SIDE))

    @tf.function
    def product() -> tf.Tensor:
        return tf.reduce_sum(tf.matmul(one, other))

    def train() -> int:
        product().numpy()
        return 1

    train()
    print("ready", flush=True)
    for line in sys.stdin:
        begin, count = time.monotonic(), 0
        while time.monotonic() - begin < float(line):
            count += train()
        print(count * 2 * SIDE**3 / 1e9 / (time.monotonic() - begin), flush=True)


if __name__ == "__main__":
    matmul() if sys.argv[1] == "matmul" else bare_step(sys.argv[1], "xla" in sys.argv[2:])
