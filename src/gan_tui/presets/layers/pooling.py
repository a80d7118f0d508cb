"""Layers that take the greatest, or the mean, of a window, of a share, or of all."""

from gan_tui.presets.checks import flag, sizes
from gan_tui.presets.layers.common import AXES, PADDING, Checks, data_format
from gan_tui.presets.layers.convolutions import windows
from gan_tui.presets.layers.kind import Arguments, Kind, Shape

_FORMAT: Checks = {"data_format": data_format}


def _pooled(shape: Shape, a: Arguments) -> Shape:
    window = a.get("pool_size", (2,) * (len(shape) - 1))
    return (*windows(shape, window, a.get("strides", window), a.get("padding", "valid")), shape[-1])


def _adapted(shape: Shape, a: Arguments) -> Shape:
    """Of one output along an axis, or more than come in, TensorFlow ends the process."""
    if any(not 2 <= wanted <= length for wanted, length in zip(a["output_size"], shape, strict=False)):
        rank = len(shape) - 1
        raise ValueError(
            f"output_size must be 2 or more along each axis, and at most what comes in, {[*shape[:-1]]}; "
            f"GlobalMaxPooling{rank}D and GlobalAveragePooling{rank}D make one of all"
        )
    return (*a["output_size"], shape[-1])


def _global(shape: Shape, a: Arguments) -> Shape:
    return (*(1 for _ in shape[:-1]), shape[-1]) if a.get("keepdims") else shape[-1:]


def _of_rank(rank: int) -> dict[str, Kind]:
    window: Checks = {"pool_size": sizes(rank), "strides": sizes(rank), "padding": PADDING, **_FORMAT}
    share: Checks = {"output_size": sizes(rank), **_FORMAT}
    whole: Checks = {**_FORMAT, "keepdims": flag}
    axes = AXES[rank]
    return {
        f"MaxPooling{rank}D": Kind(window, _pooled, axes=axes),
        f"AveragePooling{rank}D": Kind(window, _pooled, required=("pool_size",), axes=axes, moves=True),
        f"GlobalMaxPooling{rank}D": Kind(whole, _global, axes=axes),
        f"GlobalAveragePooling{rank}D": Kind(whole, _global, axes=axes, moves=True),
        f"AdaptiveMaxPooling{rank}D": Kind(share, _adapted, required=("output_size",), axes=axes),
        f"AdaptiveAveragePooling{rank}D": Kind(share, _adapted, required=("output_size",), axes=axes, moves=True),
    }


KINDS = {name: kind for rank in (1, 2, 3) for name, kind in _of_rank(rank).items()}
