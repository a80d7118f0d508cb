"""Layers that hold another one."""

import math

from gan_tui.presets.checks import choice, whole
from gan_tui.presets.layers.convolutions import KINDS as CONVOLUTIONS
from gan_tui.presets.layers.kind import Arguments, Parameters, RowOf, Shape, Wrapping
from gan_tui.presets.layers.recurrent import KINDS as RECURRENT
from gan_tui.presets.layers.recurrent import refuse_many_steps

_WITH_KERNEL = (
    "Dense", "Embedding", *(name for name in CONVOLUTIONS if not name.startswith("Separable"))
)  # fmt: skip


def _kernel_end(kind: str, shape: Shape, a: Arguments) -> int:
    """The length of the last axis of a layer's kernel."""
    if kind.endswith("Transpose"):
        return shape[-1]
    if kind.startswith("Depthwise"):
        return int(a.get("depth_multiplier", 1))
    return int(a.get("units") or a.get("filters") or a["output_dim"])


def _normalized(shape: Shape, a: Arguments, row_of: RowOf) -> tuple[Shape, Parameters, int]:
    """The vector that power iteration goes on with is not learnt."""
    if a.get("trainable") is False or a["wraps"].get("trainable") is False:
        raise ValueError("a kernel that stands still has no norm to keep: take the layer without SpectralNormalization")
    row = row_of(shape)
    vector = _kernel_end(row.kind, shape, row.arguments)
    return row.output_shape, (row.trainable, row.fixed + vector), row.inner + row.parameters // 2


def _both_ways(shape: Shape, a: Arguments, row_of: RowOf) -> tuple[Shape, Parameters, int]:
    row = row_of(shape)
    wide = 2 if a.get("merge_mode", "concat") == "concat" else 1
    output = (*row.output_shape[:-1], wide * row.output_shape[-1])
    return output, (2 * row.trainable, 2 * row.fixed), 2 * (row.inner + math.prod(row.output_shape))


def _each_step(shape: Shape, a: Arguments, row_of: RowOf) -> tuple[Shape, Parameters, int]:
    if len(shape) < 2:
        raise ValueError(f"TimeDistributed needs an input of at least 2 axes (steps, …), not {list(shape)}")
    refuse_many_steps(shape[0], "TimeDistributed")
    row = row_of(shape[1:])
    return (shape[0], *row.output_shape), (row.trainable, row.fixed), shape[0] * row.inner


def _needs_call(kind: str, a: Arguments) -> str:
    """What only a layer does that is called itself."""
    if "activity_regularizer" in a or kind == "ActivityRegularization":
        return "activity_regularizer does nothing in TimeDistributed; take it out"
    if "Conv" in kind and {*a["kernel_size"]} == {1} and max(a.get("strides", (1,))) > 1:
        return "a kernel_size of 1 takes no strides in TimeDistributed; pool before it"
    return ""


def _one_way(kind: str, a: Arguments) -> str:
    return "Bidirectional goes backwards by itself; take go_backwards out" if a.get("go_backwards") else ""


KINDS = {
    "SpectralNormalization": Wrapping(
        {"power_iterations": whole(1, 100)}, holds=_WITH_KERNEL, around=_normalized
    ),
    "Bidirectional": Wrapping(
        {"merge_mode": choice("concat", "sum", "mul", "ave")},
        holds=tuple(RECURRENT), refuses=_one_way, around=_both_ways,
    ),
    "TimeDistributed": Wrapping({}, refuses=_needs_call, around=_each_step),
}  # fmt: skip
