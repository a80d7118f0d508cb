"""What a layer's weights begin as, what keeps them small, and what they must stay: words, or tables of arguments.

A word is Keras's own, "he_normal" or "HeNormal"; a table names one and its arguments, as in
{name = "RandomNormal", stddev = 0.02}. Seeds aside, a table without arguments is the word.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from gan_tui.presets.checks import Check, choice, flag, number, shown, whole
from gan_tui.presets.layers.common import SEED, Checks
from gan_tui.text import harmless, nearest

_ANY, _ABOVE = number(-1e6, 1e6), number(0, 1e6)


@dataclass(frozen=True)
class _Named:
    """One of Keras's classes, by what it may be given."""

    arguments: Mapping[str, Check]
    least_axes: int = 1
    """Of the weights that it is for."""
    most_axes: int = 99
    refusal: Callable[[Mapping[str, Any]], str] = lambda a: ""
    """Why its arguments do not fit each other; nothing where they do."""


def _above_zero(value: object) -> float:
    positive: float = number(1e-9, 1e6)(value)
    return positive


def _weight_axes(value: object) -> int | tuple[int, ...]:
    if isinstance(value, list | tuple) and 0 < len(value) <= 5:
        return tuple(map(whole(0, 4), value))
    place: int = whole(0, 4)(value)
    return place


_SEEDED: Checks = {"seed": SEED}
_RANDOM: Checks = {"mean": _ANY, "stddev": _ABOVE, **_SEEDED}
_INITIALIZERS = {
    "Zeros": _Named({}),
    "Ones": _Named({}),
    "Constant": _Named({"value": _ANY}),
    "Identity": _Named({"gain": _ANY}, least_axes=2, most_axes=2),
    "RandomNormal": _Named(_RANDOM),
    "TruncatedNormal": _Named(_RANDOM),
    "RandomUniform": _Named(
        {"minval": _ANY, "maxval": _ANY, **_SEEDED},
        refusal=lambda a: "has a minval above its maxval" * (a.get("minval", -0.05) > a.get("maxval", 0.05)),
    ),
    "VarianceScaling": _Named({
        "scale": _above_zero, "mode": choice("fan_in", "fan_out", "fan_avg"),
        "distribution": choice("normal", "truncated_normal", "untruncated_normal", "uniform"), **_SEEDED,
    }),
    **dict.fromkeys(("GlorotUniform", "GlorotNormal", "HeNormal", "HeUniform", "LecunNormal", "LecunUniform"),
                    _Named(_SEEDED)),
    "Orthogonal": _Named({"gain": _ANY, **_SEEDED}, least_axes=2),
}  # fmt: skip
_REGULARIZERS = {
    "L1": _Named({"l1": _ABOVE}),
    "L2": _Named({"l2": _ABOVE}),
    "L1L2": _Named({"l1": _ABOVE, "l2": _ABOVE}),
    "OrthogonalRegularizer": _Named({"factor": _ABOVE, "mode": choice("rows", "columns")}, least_axes=2, most_axes=2),
}
_AXIS: Checks = {"axis": _weight_axes}
_CONSTRAINTS = {
    "MaxNorm": _Named({"max_value": _ABOVE, **_AXIS}),
    "NonNeg": _Named({}),
    "UnitNorm": _Named(_AXIS),
    "MinMaxNorm": _Named(
        {"min_value": _ABOVE, "max_value": _ABOVE, "rate": number(0, 1), **_AXIS},
        refusal=lambda a: "has a min_value above its max_value" * (a.get("min_value", 0) > a.get("max_value", 1)),
    ),
}  # fmt: skip

OF_WEIGHTS = {"initializer": _INITIALIZERS, "regularizer": _REGULARIZERS, "constraint": _CONSTRAINTS}
"""What an argument ends in → what it may name."""
_SECOND = {
    "normal": "RandomNormal", "uniform": "RandomUniform", "zero": "Zeros", "one": "Ones", "l1_l2": "L1L2",
    "l1l2": "L1L2",
}  # fmt: skip
"""Other words for them."""


def class_name(word: str) -> str:
    """The class that a word stands for: HeNormal of "he_normal"."""
    return _SECOND.get(word, word if word[:1].isupper() else "".join(part.capitalize() for part in word.split("_")))


def weighted(**axes: int) -> Checks:
    """The arguments of weights by name, each with its number of axes: kernel_initializer, kernel_regularizer, …"""
    return {
        f"{name}_{what}": _one_of(known, count) for name, count in axes.items() for what, known in OF_WEIGHTS.items()
    }


def _one_of(known: Mapping[str, _Named], axes: int) -> Check:
    """A word, or a table with a name, of what fits weights of so many axes."""
    fitting = {name: each for name, each in known.items() if each.least_axes <= axes <= each.most_axes}

    def check(value: object) -> Any:
        if isinstance(value, str):
            _class_of(value, known, fitting)
            return value
        if not isinstance(value, dict) or not isinstance(name := value.get("name"), str):
            such_as = f'"{_snake(next(iter(known)))}", or a table such as {{name = "{next(iter(known))}"}}'
            raise ValueError(f"must be a word such as {such_as}, not {shown(value)}")
        its = _class_of(name, known, fitting)
        return {"name": name, **_checked(name, its, {key: each for key, each in value.items() if key != "name"}, axes)}

    return check


def _class_of(name: str, known: Mapping[str, _Named], fitting: Mapping[str, _Named]) -> _Named:
    """Raises ValueError where there is none of the name, or it is not for such weights."""
    word = class_name(name)
    if word in fitting:
        return fitting[word]
    if word in known:
        raise ValueError(f'cannot be "{harmless(name, 60)}", which is for weights of other axes; take another')
    raise ValueError(f'cannot be "{harmless(name, 60)}", {nearest(name, [*map(_snake, fitting), *fitting])}')


def _checked(name: str, its: _Named, given: Mapping[str, object], axes: int) -> dict[str, Any]:
    checked = {}
    for key, value in given.items():
        if key not in its.arguments:
            has = nearest(key, its.arguments) if its.arguments else "and takes none"
            raise ValueError(f'is {name}, which has no argument "{harmless(key, 60)}", {has}')
        try:
            checked[key] = its.arguments[key](value)
        except ValueError as error:
            raise ValueError(f"is {name}, whose {key} {error}") from None
    if why := its.refusal(checked):
        raise ValueError(f"is {name}, which {why}")
    along = checked.get("axis", 0)
    if max(along if isinstance(along, tuple) else (along,)) >= axes:
        raise ValueError(f"is {name}, whose axis must be one from 0 to {axes - 1} of the weights")
    return checked


def _snake(name: str) -> str:
    """he_normal of HeNormal, as Keras writes it."""
    return {"L1L2": "l1_l2"}.get(name, re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name).lower())


ACTIVITY: Checks = {"activity_regularizer": _one_of(_REGULARIZERS, 1)}
"""What keeps a layer's outputs small."""
BIAS: Checks = {"use_bias": flag, **weighted(bias=1)}
