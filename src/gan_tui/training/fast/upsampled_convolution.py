"""Convolutions of enlarged images, computed on the images as they were before: with 5 × 5, a third of the work.

Where UpSampling2D has repeated each pixel, neighbouring places of a kernel often lie on copies of the same pixel. Their
weights can be added first: a kernel of 5 × 5 on an image twice as large is, at each of the four places that a pixel has
become, one of 3 × 3 on the image itself. The four are computed as one convolution with four times the channels, whose
results are then laid side by side (Shi et al. 2016, https://arxiv.org/abs/1609.05158). Only rounding differs.
"""

from typing import Any

import keras
import numpy as np
import tensorflow as tf
from numpy.typing import NDArray

_MOST_GROWTH = 4
"""Times as large as the layer's own kernel."""


def can_join(one: keras.layers.Layer, following: keras.layers.Layer) -> bool:
    """Whether `following` is a convolution that can be computed on what `one` would enlarge."""
    return (
        isinstance(one, keras.layers.UpSampling2D)
        and one.interpolation == "nearest"
        and one.size[0] == one.size[1] > 1
        and type(following) in (keras.layers.Conv2D, keras.layers.Conv2DTranspose)
        and (following.strides, following.padding, following.dilation_rate) == ((1, 1), "same", (1, 1))
        and getattr(following, "groups", 1) == 1
        and following.data_format == "channels_last"
        and following.activity_regularizer is None
        and _is_less_work(following, one.size[0])
    )


def _is_less_work(layer: Any, factor: int) -> bool:
    """Whether fewer products are made so, and the kernel grows little by it."""
    transposed = isinstance(layer, keras.layers.Conv2DTranspose)
    down, across = (_places(size, factor, transposed).shape[1] for size in layer.kernel_size)
    products, before = down * across, layer.kernel_size[0] * layer.kernel_size[1]
    return bool(products < before and factor * factor * products <= _MOST_GROWTH * before)


def convolved(layer: Any, x: Any, factor: int) -> Any:
    """What a convolution gives for `x` enlarged by a factor."""
    transposed = isinstance(layer, keras.layers.Conv2DTranspose)
    kernel = tf.convert_to_tensor(layer.kernel)
    if transposed:
        kernel = tf.transpose(kernel, (0, 1, 3, 2))  # as Conv2D has them: (rows, columns, channels in, channels out)
    rows, columns, before, after = kernel.shape
    down, across = (_places(size, factor, transposed) for size in (rows, columns))
    # from (rows, columns) to (which of the copies, place) in each direction, beside the channels
    kernel = tf.tensordot(down, kernel, ((2,), (0,)))
    kernel = tf.tensordot(across, kernel, ((2,), (2,)))
    kernel = tf.transpose(kernel, (3, 1, 4, 2, 0, 5))
    kernel = tf.reshape(kernel, (down.shape[1], across.shape[1], before, factor * factor * after))
    y = tf.nn.depth_to_space(tf.nn.conv2d(x, kernel, 1, "SAME"), factor)
    if layer.use_bias:
        y = tf.nn.bias_add(y, layer.bias)
    return layer.activation(y)


def _places(size: int, factor: int, transposed: bool) -> NDArray[np.float32]:
    """(copies, places, size): 1 where a copy's n-th weight falls on a pixel; the copy's own pixel is in the middle."""
    before = (size - 1) // 2
    moves = [before - n if transposed else n - before for n in range(size)]
    falls = np.array([[(copy + move) // factor for move in moves] for copy in range(factor)])
    reach = np.abs(falls).max()
    places: NDArray[np.bool_] = falls[:, None, :] == np.arange(-reach, reach + 1)[None, :, None]
    return places.astype(np.float32)
