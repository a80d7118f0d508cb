"""What several workers are expected to gain over one process, from what a step computes and what is put together.

The figures were measured on two processors without GPUs, TensorFlow 2.21, in two processes on them: `gan`,
`fashion-cnn` and `xor` on one process, and on two. They tell sizes apart that differ by far, and no more.
"""

import math

from gan_tui.presets.layers import LayerRow
from gan_tui.presets.plan import batch_size
from gan_tui.presets.preset import Preset

PRODUCTS_A_SECOND = 2e10
STEP_SECONDS = 0.00025
"""What a step takes that computes next to nothing."""
TOGETHER_SECONDS, SECONDS_A_BYTE = 0.004, 1.2e-9
"""What it takes to put gradients together: at least, and by their size."""
_FLOAT = 4
_LEARNT = 3
"""Products for each of going forwards: as many for the gradient of the weights, and of what they are given."""


def expected(preset: Preset, train: int, replicas: int) -> float:
    """Steps a second of so many workers for each of one process, where examples to train on are so many."""
    computing = products(preset, batch_size(preset, train)) / PRODUCTS_A_SECOND
    together = TOGETHER_SECONDS + exchanged(preset) * SECONDS_A_BYTE
    return (STEP_SECONDS + computing) / (STEP_SECONDS + computing / replicas + together)


def too_small(preset: Preset, train: int, replicas: int) -> str:
    """A sentence where several workers are expected to be slower than one process; else nothing."""
    ratio = expected(preset, train, replicas)
    if ratio >= 1:
        return ""
    return (
        f"{preset.title} is too small to gain from {replicas} workers: about {ratio:.2g} × the steps/s of one process, "
        "as measured without GPUs; train it in one process, or with a larger batch_size."
    )


def products(preset: Preset, batch: int) -> int:
    """Multiplications in a step on so many examples, roughly."""
    return _LEARNT * batch * sum(_of_example(row) for network in preset.networks for row in network.rows)


def exchanged(preset: Preset) -> int:
    """Bytes of the gradients of a step."""
    return _FLOAT * sum(network.trainable for network in preset.networks)


def _of_example(row: LayerRow) -> int:
    """Each weight counts once for every place that it is used at."""
    return row.trainable * math.prod(row.output_shape[:-1])
