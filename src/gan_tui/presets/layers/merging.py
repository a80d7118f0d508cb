"""Layers that make one of several inputs: number by number, side by side, or by products along an axis.

Axes are counted as Keras does: the batch is 0, the first of an example's 1, the last -1.
"""

from collections.abc import Sequence

from gan_tui.presets.checks import flag
from gan_tui.presets.layers.common import axis, place
from gan_tui.presets.layers.kind import Arguments, Merging, Shape, UnlikeShapesError


def axis_pair(value: object) -> tuple[int, int]:
    """An axis of each of two inputs: 1, or [1, 2]."""
    if isinstance(value, list | tuple) and len(value) == 2:
        return axis(value[0]), axis(value[1])
    return axis(value), axis(value)


def _number_by_number(shapes: Sequence[Shape], a: Arguments) -> Shape:
    """An axis of 1 goes with any."""
    lengths = []
    for each in range(len(shapes[0])):
        whole = 0
        for other, shape in enumerate(shapes):
            if len(shape) != len(shapes[0]):
                raise UnlikeShapesError(shapes, 0, other, "they must have the same number of axes; Reshape one of them")
            if shape[each] != 1 and shapes[whole][each] not in (1, shape[each]):
                raise UnlikeShapesError(shapes, whole, other, "they must be of the same shape, but for axes of 1")
            whole = other if shapes[whole][each] == 1 else whole
        lengths.append(shapes[whole][each])
    return tuple(lengths)


def _side_by_side(shapes: Sequence[Shape], a: Arguments) -> Shape:
    joined = place(a.get("axis", -1), shapes[0])
    for other, shape in enumerate(shapes):
        if len(shape) != len(shapes[0]):
            raise UnlikeShapesError(shapes, 0, other, "they must have the same number of axes; Reshape one of them")
        if any(n != m for each, (n, m) in enumerate(zip(shape, shapes[0], strict=True)) if each != joined):
            ordinal = f"axis {joined + 1}" if joined + 1 < len(shape) else "the last axis"
            raise UnlikeShapesError(
                shapes, 0, other, f"they may differ in {ordinal} alone, along which they are joined"
            )
    return (*shapes[0][:joined], sum(shape[joined] for shape in shapes), *shapes[0][joined + 1 :])


def _products(shapes: Sequence[Shape], a: Arguments) -> Shape:
    places = [place(axis, shape) for axis, shape in zip(a["axes"], shapes, strict=True)]
    one, other = (shape[place] for shape, place in zip(shapes, places, strict=True))
    if one != other:
        why = f"products are made along axes of the same length, not of {one} and {other}"
        raise UnlikeShapesError(shapes, 0, 1, why)
    rest = [n for shape, taken in zip(shapes, places, strict=True) for n in (*shape[:taken], *shape[taken + 1 :])]
    return tuple(rest) or (1,)


KINDS = {
    **{
        kind: Merging({}, merged=_number_by_number, most=2 if kind == "Subtract" else 16)
        for kind in ("Add", "Subtract", "Multiply", "Average", "Maximum", "Minimum")
    },
    "Concatenate": Merging({"axis": axis}, merged=_side_by_side),
    "Dot": Merging({"axes": axis_pair, "normalize": flag}, merged=_products, required=("axes",), most=2),
}
