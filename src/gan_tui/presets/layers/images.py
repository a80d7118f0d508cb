"""Layers that scale images, cut them, and change their values."""

from gan_tui.presets.checks import choice, flag, number, shown, sizes, whole
from gan_tui.presets.layers.common import AXES, Checks, data_format, same
from gan_tui.presets.layers.kind import Arguments, Kind, Shape

IMAGE = AXES[2]
FORMAT: Checks = {"data_format": data_format}
SIDES: Checks = {"height": whole(1, 10_000), "width": whole(1, 10_000), **FORMAT}
INTERPOLATION = choice("nearest", "bilinear", "bicubic", "lanczos3", "lanczos5")
_NUMBER = number(-1e9, 1e9)


def values(value: object) -> tuple[float, float]:
    """The values of black and white."""
    if isinstance(value, list | tuple) and len(value) == 2:
        low, high = map(_NUMBER, value)
        if low < high:
            return low, high
    raise ValueError(f"must be the values of black and white, such as [0, 255], not {shown(value)}")


VALUES: Checks = {"value_range": values}


def in_sides(shape: Shape, a: Arguments) -> Shape:
    return a["height"], a["width"], shape[2]


def _one_or_each(value: object) -> float | tuple[float, ...]:
    """A number, or a list with one a channel."""
    if isinstance(value, list | tuple) and 0 < len(value) <= 10_000:
        return tuple(map(_NUMBER, value))
    single: float = _NUMBER(value)
    return single


def _rescaled(shape: Shape, a: Arguments) -> Shape:
    for name in ("scale", "offset"):
        given = a.get(name)
        if isinstance(given, tuple) and len(given) not in (1, shape[-1]):
            raise ValueError(f"{name} must be one number, or {shape[-1]:,} of them, one a channel")
    return shape


def _resized(shape: Shape, a: Arguments) -> Shape:
    if a.get("crop_to_aspect_ratio") and a.get("pad_to_aspect_ratio"):
        raise ValueError("crop_to_aspect_ratio and pad_to_aspect_ratio cannot both be true; choose one")
    return in_sides(shape, a)


def _tiled(shape: Shape, a: Arguments) -> Shape:
    for length, tiles in zip(shape, a.get("tile_grid_size", (8, 8)), strict=False):
        if -length % tiles >= length:  # what is missing of whole tiles is mirrored
            raise ValueError(f"tile_grid_size {tiles} is too fine for {length} pixels; choose a smaller one")
    return shape


KINDS = {
    "Rescaling": Kind({"scale": _one_or_each, "offset": _one_or_each}, _rescaled, required=("scale",)),
    "Resizing": Kind(
        {**SIDES, "interpolation": INTERPOLATION, "crop_to_aspect_ratio": flag, "pad_to_aspect_ratio": flag,
         "fill_mode": choice("constant"), "fill_value": _NUMBER, "antialias": flag},
        _resized, required=("height", "width"), axes=IMAGE,
    ),
    "CenterCrop": Kind(SIDES, in_sides, required=("height", "width"), axes=IMAGE),
    "AutoContrast": Kind(VALUES, same, axes=IMAGE),
    "ContrastLimitedAdaptiveHistogramEqualization": Kind(
        {**VALUES, "clip_limit": number(0, 1e6), "tile_grid_size": sizes(2, 1, 64), **FORMAT}, _tiled, axes=IMAGE
    ),
}  # fmt: skip
