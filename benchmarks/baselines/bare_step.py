"""A pair's step with Keras's own layers and optimizers as one bare compiled function on one batch: nothing else.

python bare_step.py PRESET        or        python bare_step.py matmul: float32 operations a second in units of 1e9
"""

import sys
import time

import tensorflow as tf
from windows import measure

from gan_tui import presets
from gan_tui.training.tasks import task_of

SIDE = 2048


def bare_step(preset_name: str) -> None:
    preset = presets.find(preset_name)
    task = task_of(preset)
    pair = task.learner
    pair.generate = lambda latents, training: pair.generator(latents, training=training)
    for optimizer in task.optimizers.values():
        del optimizer.update_step  # ours: Keras's is under it
    feed = task.steps._feed
    batch = feed.batch(tf.range(task.dataset.batch_size))
    step = tf.function(lambda: pair.train_step(batch))

    def train() -> int:
        for value in step().values():
            value.numpy()
        return 1

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
    matmul() if sys.argv[1] == "matmul" else bare_step(sys.argv[1])
