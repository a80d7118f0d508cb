"""Attention: each step of a query looks for what it needs among the steps of other inputs.

Inputs come in Keras's order: query, value, and key where that is not the value. Of one input, `MultiHeadAttention` is
given that as all three: self-attention.
"""

import math
from collections.abc import Sequence

from gan_tui.presets.checks import choice, flag, number, numbers, whole
from gan_tui.presets.layers.common import POSITIVE, SEED, Checks
from gan_tui.presets.layers.kind import Arguments, Merging, Shape, UnlikeShapesError
from gan_tui.presets.layers.weights import ACTIVITY, BIAS, weighted

_DROPOUT = number(0, 0.999)


def _roles(shapes: Sequence[Shape]) -> tuple[Shape, Shape, Shape]:
    """The shapes of query, value and key. Raises ValueError where one has no steps."""
    for shape in shapes:
        if len(shape) < 2:
            raise ValueError(f"attention needs inputs of steps and features, as [10, 64] is, not {list(shape)}")
    query, value = shapes[0], shapes[min(1, len(shapes) - 1)]
    return query, value, shapes[-1] if len(shapes) == 3 else value


def _agree(shapes: Sequence[Shape], one: int, other: int, parts: slice, what: str) -> None:
    """Raises UnlikeShapesError where two inputs differ in some axes, which are called so."""
    if len(shapes[one]) != len(shapes[other]) or shapes[one][parts] != shapes[other][parts]:
        raise UnlikeShapesError(shapes, one, other, f"they must agree in {what}")


_STEPS, _FEATURES, _BEFORE_STEPS = slice(None, -1), slice(-1, None), slice(None, -2)


def _attended(shapes: Sequence[Shape], a: Arguments) -> Shape:
    """Of one way to look: queries and keys are compared as they are."""
    query, value, _ = _roles(shapes)
    _agree(shapes, 0, len(shapes) - 1, _FEATURES, "their features, by which they are compared")
    for other in range(1, len(shapes)):
        _agree(shapes, 0, other, _BEFORE_STEPS, "all axes but the last two")
    _agree(shapes, 1, len(shapes) - 1, _STEPS, "their steps: a value for each key")
    return (*query[:-1], value[-1])


def _scores(shapes: Sequence[Shape], a: Arguments) -> int:
    """How each step of the query fits each key."""
    query, value, _ = _roles(shapes)
    return math.prod(query[:-1]) * value[-2]


def _sums(shapes: Sequence[Shape], a: Arguments) -> int:
    """Sums of each query and each key, feature by feature, and their scores."""
    return _scores(shapes, a) * (shapes[0][-1] + 1)


def _scored(shapes: Sequence[Shape], a: Arguments) -> int:
    return _sums(shapes, a) if a.get("score_mode") == "concat" else _scores(shapes, a)


def _several_heads(shapes: Sequence[Shape], a: Arguments) -> Shape:
    """Of several ways to look at once, each of which makes its own of queries, keys and values."""
    query, value, _ = _roles(shapes)
    axes = a.get("attention_axes", tuple(range(1, len(query))))
    if max(axes) > len(query) - 1 or len(set(axes)) < len(axes):
        reach = "1" if len(query) == 2 else f"1 to {len(query) - 1}"
        raise ValueError(f"attention_axes {list(axes)} must be some of {reach}, the steps of an input of {list(query)}")
    if len(query) != len(value):
        raise UnlikeShapesError(shapes, 0, 1, "they must have the same number of axes; Reshape one of them")
    for axis, (one, other) in enumerate(zip(query[:-1], value[:-1], strict=True), start=1):
        if axis not in axes and one != other:
            raise UnlikeShapesError(shapes, 0, 1, f"they must agree in axis {axis}, which attention_axes leave out")
    if len(shapes) == 3:
        _agree(shapes, 1, 2, _STEPS, "their steps: a value for each key")
    return (*query[:-1], *a.get("output_shape", query[-1:]))


def _of_heads(a: Arguments) -> tuple[int, int]:
    """Numbers of a key and of a value, in all heads."""
    return a["num_heads"] * a["key_dim"], a["num_heads"] * a.get("value_dim", a["key_dim"])


def _projections(shapes: Sequence[Shape], a: Arguments) -> int:
    """Products, with biases, that make queries, keys, values, what gates them, and the output of all heads."""
    query, value, key = _roles(shapes)
    keys, values = _of_heads(a)
    out = math.prod(a.get("output_shape", query[-1:]))
    made = [(query[-1], keys), (key[-1], keys), (value[-1], values), (values, out)]
    made += [(query[-1], values)] if a.get("use_gate") else []
    return sum(inputs * outputs + (outputs if a.get("use_bias", True) else 0) for inputs, outputs in made)


def _made_by_heads(shapes: Sequence[Shape], a: Arguments) -> int:
    """Queries, keys, values, the scores of every head, and what each head found."""
    query, value, _ = _roles(shapes)
    axes = a.get("attention_axes", tuple(range(1, len(query))))
    scores: int = a["num_heads"] * math.prod(query[:-1]) * math.prod(value[axis - 1] for axis in axes)
    return scores + (math.prod(query[:-1]) + math.prod(value[:-1])) * sum(_of_heads(a))


# Heads that share keys ------------------------------------------------------------


def _shared(shapes: Sequence[Shape], a: Arguments) -> Shape:
    """Of several ways to look, some of which share their keys and values."""
    query, _, _ = _roles(shapes)
    many, few = a["num_query_heads"], a["num_key_value_heads"]
    if many % few:
        raise ValueError(f"num_key_value_heads {few:,} must divide num_query_heads {many:,}")
    for shape in shapes:
        if len(shape) != 2:
            raise ValueError(f"GroupQueryAttention needs inputs of steps and features, not {list(shape)}")
    _agree(shapes, 0, min(1, len(shapes) - 1), _FEATURES, "their features")
    _agree(shapes, min(1, len(shapes) - 1), len(shapes) - 1, _STEPS, "their steps: a value for each key")
    return query


def _shared_projections(shapes: Sequence[Shape], a: Arguments) -> int:
    query, value, key = _roles(shapes)
    queries, keys = a["num_query_heads"] * a["head_dim"], a["num_key_value_heads"] * a["head_dim"]
    made = [(query[-1], queries), (key[-1], keys), (value[-1], keys), (queries, query[-1])]
    made += [(query[-1], queries)] if a.get("use_gate") else []
    return sum(inputs * outputs + (outputs if a.get("use_bias", True) else 0) for inputs, outputs in made)


def _made_by_shared(shapes: Sequence[Shape], a: Arguments) -> int:
    query, value, _ = _roles(shapes)
    each: int = a["num_query_heads"] * query[0] * value[0]
    heads: int = a["num_query_heads"] * a["head_dim"]
    return each + 2 * (query[0] + value[0]) * heads


_MANY = whole(1, 10_000)
_PROJECTED: Checks = {
    **BIAS, **weighted(kernel=3), **ACTIVITY, "dropout": _DROPOUT, "use_gate": flag, "sliding_window": POSITIVE,
    "seed": SEED,
}  # fmt: skip
_HEADS: Checks = {
    "num_heads": _MANY, "key_dim": POSITIVE, "value_dim": POSITIVE,
    "output_shape": numbers(1, 3, 1, 1_000_000, (64,)), "attention_axes": numbers(1, 3, 1, 3, (1, 2)), **_PROJECTED,
}  # fmt: skip
_COMPARED: Checks = {"use_scale": flag, "dropout": _DROPOUT, "seed": SEED}

KINDS = {
    "Attention": Merging(
        {**_COMPARED, "score_mode": choice("dot", "concat")}, merged=_attended, kept=_scored, most=3,
        weights=lambda shapes, a: a.get("use_scale", False) + (a.get("score_mode") == "concat"),
    ),
    "AdditiveAttention": Merging(
        _COMPARED, merged=_attended, kept=_sums, most=3,
        weights=lambda shapes, a: shapes[0][-1] if a.get("use_scale", True) else 0,
    ),
    "MultiHeadAttention": Merging(
        _HEADS, merged=_several_heads, weights=_projections, kept=_made_by_heads,
        required=("num_heads", "key_dim"), fewest=1, most=3,
    ),
    "GroupQueryAttention": Merging(
        {"head_dim": POSITIVE, "num_query_heads": _MANY, "num_key_value_heads": _MANY, **_PROJECTED},
        merged=_shared, weights=_shared_projections, kept=_made_by_shared,
        required=("head_dim", "num_query_heads", "num_key_value_heads"), fewest=1, most=3,
    ),
}  # fmt: skip
