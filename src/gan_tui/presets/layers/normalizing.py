"""Layers that put numbers on a common scale."""

import math
from typing import Any

from gan_tui.presets.checks import flag, number, shown, whole
from gan_tui.presets.layers.common import Checks, axes, axis, places
from gan_tui.presets.layers.kind import Arguments, Kind, Parameters, Shape
from gan_tui.presets.layers.weights import weighted

_EPSILON, _MOMENTUM = number(1e-9, 1), number(0, 1)
_NUMBER = number(-1e9, 1e9)
_SCALED: Checks = {"epsilon": _EPSILON, "center": flag, "scale": flag, **weighted(beta=1, gamma=1)}


def _scales(a: Arguments, length: int) -> int:
    """Parameters of what comes out: a centre and a scale, as far as there are."""
    return length * (int(a.get("center", True)) + int(a.get("scale", True)))


def _along(shape: Shape, a: Arguments) -> Shape:
    """The shape that comes out, where there are such axes."""
    places(a.get("axis", -1), shape)
    return shape


def _last(shape: Shape, a: Arguments) -> Shape:
    """Of a kind whose scale Keras multiplies with what comes last, whichever axes it is for."""
    along = sorted(places(a.get("axis", -1), shape))
    if along != [*range(len(shape) - len(along), len(shape))]:
        raise ValueError("axis must be the last one here, or the last ones; Permute others to the end")
    return shape


def _length(shape: Shape, a: Arguments) -> int:
    """How many numbers the axes have together."""
    return math.prod(shape[place] for place in places(a.get("axis", -1), shape))


def _clipping(value: object) -> dict[str, float]:
    """How far batch renormalization may correct: {rmin = 0.3, rmax = 3, dmax = 5}."""
    if not isinstance(value, dict) or not {*value} <= {"rmin", "rmax", "dmax"}:
        raise ValueError(f"must be a table of rmin, rmax and dmax, not {shown(value)}")
    limits: dict[str, float] = {key: number(0, 1e6)(each) for key, each in value.items()}
    if limits.get("rmin", 0) > limits.get("rmax", math.inf):
        raise ValueError("must have an rmin below its rmax")
    return limits


def _batch_parameters(shape: Shape, a: Arguments) -> Parameters:
    length = _length(shape, a)
    return _scales(a, length), length * (5 if a.get("renorm") else 2)


def _groups(value: object) -> int:
    """-1: each channel by itself."""
    groups: int = -1 if value == -1 and not isinstance(value, bool) else whole(1, 1_000_000)(value)
    return groups


def _grouped(shape: Shape, a: Arguments) -> Shape:
    length, groups = _length(shape, a), a.get("groups", 32)
    if groups != -1 and length % groups:
        raise ValueError(f"groups {groups:,} must divide the {length:,} channels; choose another, or -1 for one each")
    return shape


def _given(value: object) -> float | tuple[float, ...]:
    """A number, or a list with one for each place along the axis."""
    if isinstance(value, list | tuple) and 0 < len(value) <= 10_000:
        return tuple(map(_NUMBER, value))
    single: float = _NUMBER(value)
    return single


def _spread(value: object) -> float | tuple[float, ...]:
    """As `_given`, of what cannot be negative."""
    given = _given(value)
    if min(given if isinstance(given, tuple) else (given,)) < 0:
        raise ValueError(f"cannot be negative, as {shown(value)} is")
    return given


def _known(shape: Shape, a: Arguments) -> Shape:
    """Normalization by numbers that are given."""
    (place,) = places(a.get("axis", -1), shape)
    counts = {len(given) for given in map(a.get, ("mean", "variance")) if isinstance(given, tuple)}
    if isinstance(a["mean"], tuple) != isinstance(a["variance"], tuple) or not counts <= {shape[place]}:
        raise ValueError(f"mean and variance must both be one number, or {shape[place]:,} of them, one a channel")
    return shape


_BATCH: dict[str, Any] = {
    "axis": axis, "momentum": _MOMENTUM, **_SCALED,
    **{name: check for name, check in weighted(moving_mean=1, moving_variance=1).items() if "initializer" in name},
    "renorm": flag, "renorm_clipping": _clipping, "renorm_momentum": _MOMENTUM, "synchronized": flag,
}  # fmt: skip

KINDS = {
    "BatchNormalization": Kind(_BATCH, _along, _batch_parameters),
    "LayerNormalization": Kind({"axis": axes, **_SCALED}, _along, lambda s, a: (_scales(a, _length(s, a)), 0)),
    "GroupNormalization": Kind(
        {"groups": _groups, "axis": axis, **_SCALED}, _grouped, lambda s, a: (_scales(a, _length(s, a)), 0)
    ),
    "RMSNormalization": Kind({"axis": axes, "epsilon": _EPSILON}, _last, lambda s, a: (_length(s, a), 0)),
    "UnitNormalization": Kind({"axis": axes}, _along),
    "Normalization": Kind(
        {"axis": axis, "mean": _given, "variance": _spread, "invert": flag}, _known, required=("mean", "variance")
    ),
}  # fmt: skip
