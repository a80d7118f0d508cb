"""Layers that turn numbers into classes of numbers, and classes into rows of zeros and ones."""

from gan_tui.presets.checks import choice, number, shown, whole
from gan_tui.presets.layers.kind import Arguments, Kind, Shape

_NUMBER = number(-1e9, 1e9)
_MODE = choice("one_hot", "multi_hot", "count")


def _boundaries(value: object) -> tuple[float, ...]:
    """Rising numbers between which the classes lie."""
    if isinstance(value, list | tuple) and 0 < len(value) <= 10_000:
        given = tuple(map(_NUMBER, value))
        if list(given) == sorted({*given}):
            return given
    raise ValueError(f"must be a list of rising numbers, such as [-1, 0, 1], not {shown(value)}")


def _encoded(shape: Shape, mode: str, depth: int) -> Shape:
    if mode == "one_hot":
        return (*(shape[:-1] if shape[-1] == 1 else shape), depth)
    if len(shape) != 1:
        raise ValueError(f'output_mode "{mode}" needs an input of one axis, not {list(shape)}; take "one_hot"')
    return (depth,)


def _binned(shape: Shape, a: Arguments) -> Shape:
    mode = a.get("output_mode", "int")
    return shape if mode == "int" else _encoded(shape, mode, len(a["bin_boundaries"]) + 1)


KINDS = {
    "Discretization": Kind(
        {"bin_boundaries": _boundaries, "output_mode": choice("int", "one_hot", "multi_hot", "count")}, _binned,
        required=("bin_boundaries",),
    ),
    "CategoryEncoding": Kind(
        {"num_tokens": whole(1, 1_000_000), "output_mode": _MODE},
        lambda shape, a: _encoded(shape, a.get("output_mode", "multi_hot"), a["num_tokens"]), required=("num_tokens",),
    ),
}  # fmt: skip
