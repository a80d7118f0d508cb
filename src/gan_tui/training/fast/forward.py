"""What a network gives, computed the fastest way that is known for its layers."""

from itertools import pairwise
from typing import Any

import keras

from gan_tui.training.fast import dense, upsampled_convolution


def run(network: keras.Sequential, x: Any, training: bool, resting: bool = False) -> Any:
    """What the network gives for `x`, as calling it would; a `resting` one keeps its moving averages as they are.

    Enlarging is left to the convolutions that follow it, and large Dense layers have a gradient of their own; only
    rounding differs.
    """
    layers = network.layers
    enlarges = {one for one, following in pairwise(layers) if upsampled_convolution.can_join(one, following)}
    factor = 1
    for layer in layers:
        if layer in enlarges:
            factor = layer.size[0]
        elif factor > 1:
            x, factor = upsampled_convolution.convolved(layer, x, factor), 1
        elif dense.is_large(layer, x):
            x = dense.applied(layer, x)
        elif resting and isinstance(layer, keras.layers.BatchNormalization):
            with keras.StatelessScope():  # what is assigned in it is not kept
                x = layer(x, training=training)
        else:
            x = layer(x, training=training)
    return x
