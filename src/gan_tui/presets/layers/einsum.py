"""A product along axes that an equation names: "abc,cd->abd" is a Dense layer of 2 axes, the batch first."""

import math
import re

from gan_tui.presets.checks import numbers, shown
from gan_tui.presets.layers.common import ACTIVATION
from gan_tui.presets.layers.kind import Arguments, Kind, Parameters, Shape
from gan_tui.presets.layers.weights import weighted

_EQUATION = re.compile(r"(\.\.\.)?([a-zA-Z]{1,6}),([a-zA-Z]{1,6})->(\.\.\.)?([a-zA-Z]{1,6})", re.ASCII)
_SUCH_AS = '"abc,cd->abd" or "...c,cd->...d"'


def _equation(value: object) -> str:
    """What is given, the weights, and what comes out, each with a letter an axis; the batch is the first."""
    parts = _EQUATION.fullmatch(value) if isinstance(value, str) else None
    if not parts or bool(parts[1]) != bool(parts[4]) or any(len({*part}) < len(part) for part in parts.group(2, 3, 5)):
        raise ValueError(f"must be an equation such as {_SUCH_AS}, not {shown(value)}")
    given, weights, out = parts.group(2, 3, 5)
    if unknown := ({*out} - {*given, *weights}) or ({*weights} - {*given, *out}):
        raise ValueError(f'has "{min(unknown)}" in one part alone; each letter must be in two')
    if not parts[1] and (given[0] != out[0] or given[0] in weights):
        raise ValueError(f"must begin with the batch, which comes out as it goes in, as in {_SUCH_AS}")
    return str(value)


def _bias_axes(value: object) -> str:
    if not isinstance(value, str) or not re.fullmatch("[a-zA-Z]{1,6}", value, re.ASCII) or len({*value}) < len(value):
        raise ValueError(f'must be letters of what comes out, such as "d", not {shown(value)}')
    return value


def _lengths(shape: Shape, a: Arguments) -> tuple[Shape, dict[str, int]]:
    """(output shape, length of each letter's axis). Raises ValueError where they do not fit each other."""
    elided, given, _, _, out = _EQUATION.fullmatch(a["equation"]).groups()  # type: ignore[union-attr]
    letters, named = (given, out) if elided else (given[1:], out[1:])
    kept = len(shape) - len(letters)
    if kept < 0 or (kept and not elided):
        raise ValueError(f"equation names {len(letters)} axes beside the batch, and {list(shape)} has {len(shape)}")
    if kept > 1:  # Keras mixes their order up
        raise ValueError(f"equation leaves {kept} axes beside the batch to the dots; name all but one of them")
    lengths = dict(zip(letters, shape[kept:], strict=True))
    output: Shape = (*shape[:kept], *a["output_shape"])
    if len(a["output_shape"]) != len(named):
        raise ValueError(
            f"output_shape must have a length for each of {', '.join(named)}, not {list(a['output_shape'])}"
        )
    for letter, length in zip(named, a["output_shape"], strict=True):
        if lengths.setdefault(letter, length) != length:
            raise ValueError(f'output_shape has {length} for "{letter}", of which {lengths[letter]} come in')
    return output, lengths


def _multiplied(shape: Shape, a: Arguments) -> Shape:
    output, _ = _lengths(shape, a)
    if beyond := {*a.get("bias_axes", "")} - {*a["equation"].rpartition(">")[2]}:
        raise ValueError(f'bias_axes has "{min(beyond)}", which does not come out')
    return output


def _weights(shape: Shape, a: Arguments) -> Parameters:
    _, lengths = _lengths(shape, a)
    weights = _EQUATION.fullmatch(a["equation"])[3]  # type: ignore[index]
    axes = a.get("bias_axes", "")
    bias = math.prod(lengths[letter] for letter in axes) if axes else 0
    return math.prod(lengths[letter] for letter in weights) + bias, 0


KINDS = {
    "EinsumDense": Kind(
        {"equation": _equation, "output_shape": numbers(1, 5, 1, 1_000_000, (64,)), "bias_axes": _bias_axes,
         "activation": ACTIVATION, **weighted(kernel=1, bias=1)},
        _multiplied, _weights, ("equation", "output_shape"),
    ),
}  # fmt: skip
