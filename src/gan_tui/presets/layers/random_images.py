"""Layers that change images at random while a network learns; through some, no gradient goes back: `graphs.STOPS`."""

from gan_tui.presets.checks import Check, choice, number, shown, whole
from gan_tui.presets.layers.common import SEED, Checks, same
from gan_tui.presets.layers.images import FORMAT, IMAGE, SIDES, VALUES, in_sides
from gan_tui.presets.layers.kind import Arguments, Kind, Shape

_COLORS = 3
_SEEDED: Checks = {"seed": SEED}
_VALUE = number(-1e9, 1e9)


def _factor(low: float, high: float) -> Check:
    """How much: a number, or the least and the most."""
    single = number(low, high)

    def check(value: object) -> float | tuple[float, float]:
        if isinstance(value, list | tuple):
            if len(value) != 2 or (least := single(value[0])) > (most := single(value[1])):
                raise ValueError(f"must be a number from {low:g} to {high:g}, or [least, most], not {shown(value)}")
            return least, most
        amount: float = single(value)
        return amount

    return check


_SHARE, _SIGNED = _factor(0, 1), _factor(-1, 1)
_ZOOM = _factor(-0.999, 1)
_WARPED: Checks = {
    "interpolation": choice("nearest", "bilinear"), "fill_mode": choice("reflect", "wrap", "constant", "nearest"),
    "fill_value": _VALUE, **FORMAT, **_SEEDED,
}  # fmt: skip


def _steps(value: object) -> int | tuple[int, int]:
    """Bits that are kept: 1 to 8, or the fewest and the most."""
    if not isinstance(value, list | tuple):
        bits: int = whole(1, 8)(value)
        return bits
    fewest, most = map(whole(1, 8), value if len(value) == 2 else [value])
    if fewest > most:
        raise ValueError(f"must be a whole number from 1 to 8, or [fewest, most], not {shown(value)}")
    return fewest, most


def _odd(value: object) -> int | tuple[int, int]:
    """The side of a window that has a middle, or [height, width]."""
    sides = value if isinstance(value, list | tuple) else (value,)
    if not 1 <= len(sides) <= 2 or any(whole(1, 99)(side) % 2 == 0 for side in sides):
        raise ValueError(f"must be an odd number from 1 to 99, or two of them, not {shown(value)}")
    return sides[0] if len(sides) == 1 else (sides[0], sides[1])


def _in_colour(shape: Shape, a: Arguments) -> Shape:
    if shape[-1] != _COLORS:
        raise ValueError(f"it changes colours, so it needs 3 channels, not {shape[-1]}")
    return shape


def _jittered(shape: Shape, a: Arguments) -> Shape:
    return _in_colour(shape, a) if a.keys() & {"saturation_factor", "hue_factor"} else shape


def _of(arguments: Checks, *required: str, output: object = same) -> Kind:
    return Kind({**arguments, **_SEEDED}, output, required=required, axes=IMAGE)  # type: ignore[arg-type]


_TONE: Checks = {**VALUES, **FORMAT}

KINDS = {
    "RandomFlip": _of({"mode": choice("horizontal", "vertical", "horizontal_and_vertical"), **FORMAT}),
    "RandomRotation": _of({"factor": _SIGNED, **_WARPED}, "factor"),
    "RandomZoom": _of({"height_factor": _ZOOM, "width_factor": _ZOOM, **_WARPED}, "height_factor"),
    "RandomTranslation": _of(
        {"height_factor": _SIGNED, "width_factor": _SIGNED, **_WARPED}, "height_factor", "width_factor"
    ),
    "RandomShear": _of({"x_factor": _SHARE, "y_factor": _SHARE, **_WARPED}),
    "RandomPerspective": _of(
        {"factor": _SHARE, "scale": number(0, 1), "interpolation": choice("nearest", "bilinear"), "fill_value": _VALUE,
         **FORMAT},
    ),
    "RandomElasticTransform": _of({"factor": _SHARE, "scale": _SHARE, **_WARPED, **_TONE}),
    "RandomCrop": _of(SIDES, "height", "width", output=in_sides),
    "RandomBrightness": _of({"factor": _SIGNED, **VALUES}, "factor"),
    "RandomContrast": _of({"factor": _SHARE, **VALUES}, "factor"),
    "RandomSharpness": _of({"factor": _SHARE, **_TONE}, "factor"),
    "RandomGaussianBlur": _of({"factor": _SHARE, "kernel_size": _odd, "sigma": _SHARE, **_TONE}),
    "RandomInvert": _of({"factor": _SHARE, **_TONE}),
    "RandomPosterization": _of({"factor": _steps, **_TONE}, "factor"),
    "RandomErasing": _of({"factor": _SHARE, "scale": _SHARE, "fill_value": _VALUE, **_TONE}),
    "Solarization": _of({"addition_factor": _SHARE, "threshold_factor": _SHARE, **VALUES}),
    "RandomGrayscale": _of({"factor": number(0, 1), **FORMAT}, output=_in_colour),
    "RandomSaturation": _of({"factor": _SHARE, **_TONE}, "factor", output=_in_colour),
    "RandomHue": _of({"factor": _SHARE, **_TONE}, "factor", output=_in_colour),
    "RandomColorDegeneration": _of({"factor": _SHARE, **_TONE}, "factor", output=_in_colour),
    "RandomColorJitter": _of(
        {**_TONE, "brightness_factor": _SIGNED, "contrast_factor": _SHARE, "saturation_factor": _SHARE,
         "hue_factor": _SHARE},
        output=_jittered,
    ),
    "RandAugment": _of(
        {**_TONE, "num_ops": whole(1, 10), "factor": _SHARE, "interpolation": choice("nearest", "bilinear")},
        output=_in_colour,
    ),
}  # fmt: skip
