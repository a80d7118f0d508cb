"""Convolutions of single pixels with strides, made of layers that do not crash.

oneDNN's 1 × 1 convolutions with strides write beyond their memory, forwards and backwards, also under plain TensorFlow:
56 × 56 images of one channel in batches of 32 end the process. So the pixels that such a layer would pass over are left
out first, by Keras's own layers, which a saved network may have anywhere; then its stride is 1. Pooling of single
pixels is that, and takes less time than a slice. A transposed one is given zeros in between instead. Numbers are the
same.

Other kernels smaller than their strides were tried as well, and none crashed.
"""

import math
from collections.abc import Iterator

import keras

from gan_tui.presets import Layer
from gan_tui.presets.layers import WRAPS, Arguments, Shape, split
from gan_tui.training.models.keras_layers import keras_layer


def made(layer: Layer, shape: Shape) -> Iterator[keras.layers.Layer]:
    """The Keras layers that compute a preset's layer, of whose input this is the shape without the batch."""
    arguments = dict(layer.arguments)
    inner, its = split(arguments[WRAPS]) if layer.kind == "SpectralNormalization" else (layer.kind, arguments)
    if _crashes(inner, its):
        yield from (_spread if inner.endswith("Transpose") else _picked)(f"{layer.name}-strides", its["strides"], shape)
        its["strides"] = tuple(1 for _ in its["strides"])
        arguments = its if inner == layer.kind else {**arguments, WRAPS: {"layer": inner, **its}}
    yield keras_layer(layer.kind, layer.name, arguments)


def _crashes(kind: str, arguments: Arguments) -> bool:
    """Whether it is a convolution of single pixels with strides."""
    return "Conv" in kind and set(arguments["kernel_size"]) == {1} and max(arguments.get("strides", (1,))) > 1


def _picked(name: str, strides: tuple[int, ...], shape: Shape) -> Iterator[keras.layers.Layer]:
    """The first pixel of each stride."""
    yield getattr(keras.layers, f"AveragePooling{len(strides)}D")(1, strides, name=name)


def _spread(name: str, strides: tuple[int, ...], shape: Shape) -> Iterator[keras.layers.Layer]:
    """Each pixel with zeros after it along each axis, as many as its stride passes over; the last axis first."""
    grown = list(shape)
    for number, axis in enumerate(reversed(range(len(strides)))):
        inner = math.prod(grown[axis + 1 :])
        yield keras.layers.Reshape((math.prod(shape[: axis + 1]), 1, inner), name=f"{name}-{number}")
        yield keras.layers.ZeroPadding2D(((0, 0), (0, strides[axis] - 1)), name=f"{name}-{number}-zeros")
        grown[axis] *= strides[axis]
    yield keras.layers.Reshape(tuple(grown), name=name)
