"""The weights of layers, by name and as pictures: of presets' networks and of scripts', whatever Keras runs on."""

from collections import Counter
from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gan_tui.run.pictures import Tiles
from gan_tui.run.weight_statistics import extent

KERNEL_RANGE = 0.5
"""Where the scale of convolutions' kernels ends, trained or not, unless one of them has more."""


def named_weights(layer: Any) -> Iterator[tuple[str, Any]]:
    """Each weight of a layer of Keras by a name that no other of the layer has: where some are called the same, as
    those of two layers in one, by what their paths differ in, too: 'query.kernel'."""
    alike = Counter(weight.name for weight in layer.weights)
    for weight in layer.weights:
        paths = [other.path.split("/") for other in layer.weights if other.name == weight.name]
        parts = zip(weight.path.split("/"), zip(*paths, strict=False), strict=False)
        own = [part for part, theirs in parts if len({*theirs}) > 1] if alike[weight.name] > 1 else []
        yield ".".join((*own, weight.name)), weight


def is_kind(layer: Any, *kinds: str) -> bool:
    """Whether a layer is of one of Keras's classes, which need not be loaded, or comes from one."""
    return any(base.__name__ in kinds for base in type(layer).__mro__)


def kernels_of(layer: Any) -> NDArray[Any] | None:
    """(kernels, height, width) of a layer that slides over images: those that look at its first channel, or, where
    each channel has its own, all of them. None for other layers."""
    if is_kind(layer, "SpectralNormalization"):
        return kernels_of(layer.layer)
    if is_kind(layer, "Conv2D"):
        return np.moveaxis(np.asarray(layer.kernel)[:, :, 0, :], -1, 0)
    if is_kind(layer, "Conv2DTranspose"):
        return np.moveaxis(np.asarray(layer.kernel)[:, :, :, 0], -1, 0)
    if is_kind(layer, "DepthwiseConv2D", "SeparableConv2D"):
        by_channel = np.asarray(layer.depthwise_kernel if is_kind(layer, "SeparableConv2D") else layer.kernel)
        return np.moveaxis(by_channel.reshape(*by_channel.shape[:2], -1), -1, 0)
    return None


def kernel_tiles(layer: str, kernels: NDArray[Any], least: float) -> Tiles:
    """(kernels, height, width) of a layer's weights, on a scale around zero that ends at `least` or beyond."""
    most = max(least, *map(abs, extent(kernels)))
    return Tiles.of_numbers(f"kernels-{layer}", "kernels", kernels[..., None], -most, most, fine=True)
