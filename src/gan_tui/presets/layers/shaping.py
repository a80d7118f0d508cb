"""Layers that only move numbers, repeat them, or leave some out."""

import math

from gan_tui.presets.checks import Check, choice, number, numbers, shown, sizes, whole
from gan_tui.presets.layers.common import AXES, POSITIVE, Checks, data_format
from gan_tui.presets.layers.kind import Arguments, Kind, Shape

_FORMAT: Checks = {"data_format": data_format}
_INTERPOLATION: Checks = {"interpolation": choice("nearest", "bilinear", "bicubic", "lanczos3", "lanczos5")}
_SIDE = whole(0, 10_000)
_LENGTHS = numbers(1, 5, 1, 100_000_000, (28, 28, 1))
Sides = tuple[tuple[int, int], ...]
"""(before, after) along each axis."""


def _reshaped(shape: Shape, a: Arguments) -> Shape:
    target: Shape = a["target_shape"]
    if -1 in target:
        known = -math.prod(target)
        if math.prod(shape) % known:
            raise ValueError(f"target_shape {list(target)} cannot hold the {math.prod(shape)} numbers that come in")
        target = tuple(math.prod(shape) // known if length == -1 else length for length in target)
    if math.prod(target) != math.prod(shape):
        raise ValueError(
            f"target_shape {list(target)} holds {math.prod(target)} numbers, but {math.prod(shape)} come in"
        )
    return target


def _target(value: object) -> Shape:
    """The shape, of which one length may be -1: as long as is needed."""
    given = value if isinstance(value, list | tuple) else ()
    free = [place for place, length in enumerate(given) if length == -1]
    checked: Shape = _LENGTHS([1 if place in free else length for place, length in enumerate(given)] or value)
    if len(free) > 1:
        raise ValueError(f"may have one length of -1, which is worked out, not {len(free)}")
    return tuple(-1 if place in free else length for place, length in enumerate(checked))


def _permuted(shape: Shape, a: Arguments) -> Shape:
    if sorted(a["dims"]) != [*range(1, len(shape) + 1)]:
        raise ValueError(f"dims must name each of the input's {len(shape)} axes once, from 1 on, not {[*a['dims']]}")
    return tuple(shape[place - 1] for place in a["dims"])


# Sides ------------------------------------------------------------


def _sides(axes: int) -> Check:
    """How much on either side of each axis: 1, or a number an axis, or [before, after] of each."""

    def check(value: object) -> Sides | tuple[int, int]:
        try:
            if axes == 1:
                return _both(value)
            several = value if isinstance(value, list | tuple) else [value] * axes
            if len(several) != axes:
                raise ValueError
            return tuple(map(_both, several))
        except ValueError:
            such_as = "[1, 2]" if axes == 1 else str([[0, 1]] * axes)
            raise ValueError(
                f"must be a whole number from 0 to 10,000, or how many before and after, such as {such_as}, "
                f"not {shown(value)}"
            ) from None

    return check


def _both(value: object) -> tuple[int, int]:
    before, after = value if isinstance(value, list | tuple) and len(value) == 2 else (value, value)
    return _SIDE(before), _SIDE(after)


def _sides_of(a: Arguments, name: str, default: int, rank: int) -> Sides:
    given: Sides = a.get(name, ((default, default),) * rank)
    return (given,) if rank == 1 and name in a else given  # type: ignore[return-value]


def _padded(shape: Shape, a: Arguments) -> Shape:
    sides = _sides_of(a, "padding", 1, len(shape) - 1)
    return (*(length + sum(both) for length, both in zip(shape, sides, strict=False)), shape[-1])


def _cropped(shape: Shape, a: Arguments) -> Shape:
    rank = len(shape) - 1
    sides = _sides_of(a, "cropping", 0 if rank == 2 else 1, rank)
    left = (*(length - sum(both) for length, both in zip(shape, sides, strict=False)), shape[-1])
    if min(left) < 1:
        raise ValueError(f"cropping leaves nothing of {list(shape)}; cut off less")
    return left


def _upsampled(shape: Shape, a: Arguments) -> Shape:
    rank = len(shape) - 1
    given = a.get("size", 2)
    factors = given if isinstance(given, tuple) else (given,) * rank
    return (*(length * factor for length, factor in zip(shape, factors, strict=False)), shape[-1])


def _of_rank(rank: int) -> dict[str, Kind]:
    axes, form = AXES[rank], _FORMAT if rank > 1 else {}
    grown: Checks = {"size": sizes(rank) if rank > 1 else whole(1, 1000), **form}
    return {
        f"UpSampling{rank}D": Kind({**grown, **(_INTERPOLATION if rank == 2 else {})}, _upsampled, axes=axes),
        f"ZeroPadding{rank}D": Kind({"padding": _sides(rank), **_FORMAT}, _padded, axes=axes),
        f"Cropping{rank}D": Kind({"cropping": _sides(rank), **form}, _cropped, axes=axes, moves=True),
    }


def _in_steps(shape: Shape, a: Arguments) -> Shape:
    if len(shape) < 2:
        raise ValueError(f"Masking needs an input of at least 2 axes (steps, …), not {list(shape)}")
    return shape


KINDS = {
    "Flatten": Kind(_FORMAT, lambda shape, a: (math.prod(shape),), moves=True),
    "Reshape": Kind(
        {"target_shape": _target}, _reshaped, required=("target_shape",), moves=True
    ),
    "Permute": Kind({"dims": numbers(1, 5, 1, 5, (2, 1, 3))}, _permuted, required=("dims",)),
    "Masking": Kind({"mask_value": number(-1e9, 1e9)}, _in_steps, moves=True),
    "RepeatVector": Kind(
        {"n": POSITIVE}, lambda shape, a: (a["n"], *shape), required=("n",), axes=("channels",), moves=True
    ),
    **{name: kind for rank in (1, 2, 3) for name, kind in _of_rank(rank).items()},
}  # fmt: skip
