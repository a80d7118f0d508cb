"""What a network gives, computed the fastest way that is known for its layers."""

from collections import Counter
from collections.abc import Sequence
from typing import Any

import keras

from gan_tui.training.fast import called, dense, upsampled_convolution


def run(network: keras.Model, x: Any, training: bool, resting: bool = False) -> Any:
    """What the network gives for `x`, as calling it would; a `resting` one keeps its moving averages as they are,
    and the kernels that spectral normalization rescales.

    Enlarging is left to the convolution that follows it, where nothing else takes the enlarged image, and large Dense
    layers have a gradient of their own; only rounding differs. Several inputs come as a list.
    """
    given = dict(zip(map(id, network.inputs), x if isinstance(x, list | tuple) else [x], strict=True))
    layers = [layer for layer in network.layers if not isinstance(layer, keras.layers.InputLayer)]
    joined = _joined(layers, network.outputs)
    for layer in layers:
        takes = [given[id(tensor)] for tensor in _taken(layer)]
        if layer in joined.values():
            (y,) = takes  # as it was before
        elif layer in joined:
            y = upsampled_convolution.convolved(layer, takes[0], joined[layer].size[0])
        else:
            y = _computed(layer, takes, training, resting)
        given[id(layer.output)] = y
    return given[id(network.outputs[0])]


def _computed(layer: keras.layers.Layer, takes: Sequence[Any], training: bool, resting: bool) -> Any:
    if dense.is_large(layer, takes[0]):
        return dense.applied(layer, takes[0])
    if resting and _changes_itself(layer):
        with keras.StatelessScope():  # what is assigned in it is not kept
            return called.on(layer, takes, training=training)
    return called.on(layer, takes, training=training)


def _changes_itself(layer: keras.layers.Layer) -> bool:
    """Whether a layer changes in training without being learnt, by itself or by what it wraps; seeds aside."""
    return isinstance(layer, keras.layers.BatchNormalization | keras.layers.SpectralNormalization) or (
        isinstance(layer, keras.layers.TimeDistributed) and _changes_itself(layer.layer)
    )


def _taken(layer: keras.layers.Layer) -> list[Any]:
    """The symbolic outputs of other layers that a layer takes."""
    return layer.input if isinstance(layer.input, list) else [layer.input]


def _joined(layers: Sequence[keras.layers.Layer], outputs: Sequence[Any]) -> dict[Any, Any]:
    """Convolution → the layer before it that enlarges images for nothing else, where the two can be joined."""
    made_by = {id(layer.output): layer for layer in layers}
    users = Counter(id(tensor) for layer in layers for tensor in _taken(layer)) + Counter(map(id, outputs))
    found = {}
    for layer in layers:
        tensor, *_ = _taken(layer)
        before = made_by.get(id(tensor))
        if before is not None and users[id(tensor)] == 1 and upsampled_convolution.can_join(before, layer):
            found[layer] = before
    return found
