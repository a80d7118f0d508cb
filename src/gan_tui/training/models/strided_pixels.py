"""Convolutions of single pixels with strides, made of layers that do not crash.

oneDNN's 1 × 1 convolutions with strides write beyond their memory, forwards and backwards, also under plain TensorFlow:
56 × 56 images of one channel in batches of 32 end the process. So the pixels that such a layer would pass over are left
out first, by Keras's own layers, which a saved network may have anywhere; then its stride is 1. Pooling of single
pixels is that, and takes less time than a slice. A transposed one is given zeros in between instead. Numbers are the
same.

Other kernels smaller than their strides were tried as well, and none crashed.
"""

from collections.abc import Iterator

import keras

from gan_tui.presets import Layer
from gan_tui.presets.layers import Shape


def made(layer: Layer, shape: Shape) -> Iterator[keras.layers.Layer]:
    """The Keras layers that compute a preset's layer, of whose input this is the shape without the batch."""
    arguments = dict(layer.arguments)
    strides = arguments.get("strides", (1, 1))
    if "filters" in arguments and arguments["kernel_size"] == (1, 1) and strides != (1, 1):
        transposed = layer.kind == "Conv2DTranspose"
        yield from (_spread if transposed else _picked)(f"{layer.name}-strides", strides, shape)
        arguments["strides"] = (1, 1)
    yield getattr(keras.layers, layer.kind)(name=layer.name, **arguments)


def _picked(name: str, strides: tuple[int, int], shape: Shape) -> Iterator[keras.layers.Layer]:
    """The first pixel of each stride."""
    yield keras.layers.AveragePooling2D(1, strides, name=name)


def _spread(name: str, strides: tuple[int, int], shape: Shape) -> Iterator[keras.layers.Layer]:
    """Each pixel with zeros below it and to its right, as many as its stride passes over."""
    (height, width, channels), (down, across) = shape, strides
    for number, (count, inner) in enumerate(((across, channels), (down, width * across * channels))):
        pixels = height * width if number == 0 else height
        yield keras.layers.Reshape((pixels, 1, inner), name=f"{name}-{number}")
        yield keras.layers.ZeroPadding2D(((0, 0), (0, count - 1)), name=f"{name}-{number}-zeros")
    yield keras.layers.Reshape((height * down, width * across, channels), name=name)
