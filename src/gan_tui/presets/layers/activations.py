"""Layers that give each number a new value."""

import math

from gan_tui.presets.checks import number
from gan_tui.presets.layers.common import ACTIVATION, axes, ends_in, places, same
from gan_tui.presets.layers.kind import Arguments, Kind, Parameters, Shape
from gan_tui.presets.layers.weights import weighted


def _softmax(shape: Shape, a: Arguments) -> Shape:
    places(a.get("axis", -1), shape)
    return shape


def _over_which(a: Arguments) -> str:
    """Softmax, where it is over the last axis, as the activation of that name is."""
    return "softmax" if a.get("axis", -1) in (-1, (-1,)) else "softmax over other axes"


def _shared(a: Arguments) -> tuple[int, ...]:
    given = a.get("shared_axes", ())
    return given if isinstance(given, tuple) else (given,)


def _prelu(shape: Shape, a: Arguments) -> Shape:
    if any(axis < 0 for axis in _shared(a)):
        raise ValueError("shared_axes must be counted from the first: 1, 2, …")
    places(_shared(a), shape)
    return shape


def _prelu_parameters(shape: Shape, a: Arguments) -> Parameters:
    along = places(_shared(a), shape)
    return math.prod(length for place, length in enumerate(shape) if place not in along), 0


KINDS = {
    "Activation": Kind({"activation": ACTIVATION}, same, required=("activation",)),
    "ReLU": Kind(
        {"max_value": number(0, 1e9), "negative_slope": number(0, 1), "threshold": number(0, 1e9)},
        same, ends_in=lambda a: "linear" if a.get("negative_slope") else "relu",
    ),
    "LeakyReLU": Kind({"negative_slope": number(0, 1)}, same, ends_in=ends_in("leaky_relu")),
    "ELU": Kind({"alpha": number(0, 1e6)}, same, ends_in=ends_in("elu")),
    "PReLU": Kind({"shared_axes": axes, **weighted(alpha=1)}, _prelu, _prelu_parameters),
    "Softmax": Kind({"axis": axes}, _softmax, ends_in=_over_which),
}  # fmt: skip
