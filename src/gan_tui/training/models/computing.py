"""Which numbers a network computes with: float32, or half as long ones where only its weights are float32.

The last layer, and with it the loss, is of float32 always: a probability of half the length is too coarse near 0.
Keras scales the loss for float16, whose gradients would come to 0; what it has learnt of that is part of a checkpoint.
"""

import keras

from gan_tui.presets import Preset
from gan_tui.presets.layers import KINDS
from gan_tui.presets.tasks.images import FLOAT32
from gan_tui.training.models.build import build_network


def build(preset: Preset) -> keras.Model:
    """The first network of a preset."""
    described, before = preset.networks[0], keras.config.dtype_policy()
    precision = preset.settings.get("precision", FLOAT32)
    if precision == FLOAT32:
        return build_network(described)
    keras.config.set_dtype_policy(precision)
    try:
        network = build_network(described)
    finally:
        keras.config.set_dtype_policy(before)
    for row in reversed(described.rows):
        for part in network.get_layer(row.name)._flatten_layers():  # itself, and the layer that it is around
            part.dtype_policy = FLOAT32
        if not KINDS[row.kind].moves:
            break
    return network
