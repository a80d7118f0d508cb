"""Which layer of a network takes what: its inputs by name, and `from`, by which a layer names others above it.

What is named lies above, so that no circle can be written.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from gan_tui.presets.checks import numbers, shown
from gan_tui.presets.layers import Shape
from gan_tui.run import names
from gan_tui.text import harmless, nearest

INPUT = "input"
"""What a network's only input is called."""
MOST_INPUTS = 8
MOST_SOURCES = 16
"""Inputs of one layer."""
SHAPE = numbers(1, 5, 1, 100_000_000, (28, 28, 1))
"""What comes in, without the batch."""


def inputs_of(table: Mapping[str, Any], where: str) -> dict[str, Shape]:
    """Name → shape of each input of a network. Raises ValueError with a sentence that says where."""
    if "inputs" not in table:
        return {INPUT: _shape(table.get("input"), f"{where}: input")}
    if "input" in table:
        raise ValueError(f"{where}: there are input and inputs; write one of them")
    given = table["inputs"]
    if not isinstance(given, dict) or not 1 <= len(given) <= MOST_INPUTS:
        such_as = "{image = [28, 28, 1], label = [10]}"
        raise ValueError(f"{where}: inputs must be a table of 1 to {MOST_INPUTS} shapes by name, such as {such_as}")
    for name in given:
        if refusal := names.INPUT.refusal(name):
            raise ValueError(f"{where}: inputs: {refusal}")
    return {name: _shape(shape, f"{where}: inputs.{name}") for name, shape in given.items()}


def _shape(value: object, what: str) -> Shape:
    try:
        shape: Shape = SHAPE(value)
    except ValueError as error:
        raise ValueError(f"{what} {error}") from None
    return shape


def sources(layers: Sequence[str], given: Sequence[object], inputs: Iterable[str], where: str) -> list[tuple[str, ...]]:
    """What each layer, by name, takes: what its `from` names, which is `given`; empty for the layer before it.

    Raises ValueError with a sentence that says where.
    """
    above, found = list(inputs), []
    before = above[0]
    for position, (name, value) in enumerate(zip(layers, given, strict=True), start=1):
        try:
            taken = () if value is None else tuple(_above(each, name, above, layers) for each in _listed(value))
        except ValueError as error:
            raise ValueError(f"{where}, layer {position}: {error}") from None
        found.append(() if taken == (before,) else taken)
        above.append(name)
        before = name
    return found


def _listed(value: object) -> list[object]:
    listed = [value] if isinstance(value, str) else value
    if not isinstance(listed, list) or not 1 <= len(listed) <= MOST_SOURCES:
        such_as = 'as in from = "stem" or from = ["stem", "body"]'
        raise ValueError(f"from must name a layer, or 1 to {MOST_SOURCES} in a list, {such_as}, not {shown(value)}")
    return listed


def _above(source: object, name: str, above: Collection[str], layers: Sequence[str]) -> str:
    if not isinstance(source, str):
        raise ValueError(f"from must name layers in quotes, not {shown(source)}")
    if source in above:
        return source
    if source == name:
        raise ValueError(f'from: "{source}" is this layer itself; name one above it')
    if source in layers:
        place = layers.index(source) + 1
        raise ValueError(f'from: "{source}" is layer {place}, below this one; name one above it, or move "{source}" up')
    raise ValueError(f'from: "{harmless(source, 60)}" is no layer or input above this one, {nearest(source, above)}')


STOPS = frozenset((
    "ContrastLimitedAdaptiveHistogramEqualization", "Discretization", "RandAugment", "RandomColorJitter", "RandomHue",
    "RandomPosterization", "RandomSaturation",
))  # fmt: skip
"""Kinds through which no gradient goes back: what lies above them never learns."""


def stopped(taken: Mapping[str, tuple[str, ...]], kinds: Mapping[str, str], learn: Collection[str]) -> str:
    """The first layer that lets no gradient back to one above it that is among those that are to `learn`, or ""."""
    above: dict[str, bool] = {}
    for name, sources in taken.items():
        above[name] = any(source in learn or above.get(source, False) for source in sources)
        if above[name] and kinds[name] in STOPS:
            return name
    return ""


def refuse_unused(taken: Mapping[str, tuple[str, ...]], inputs: Iterable[str], where: str) -> None:
    """Raises ValueError where what comes in, or what a layer makes, goes nowhere.

    `taken` has for each layer, in order, what it takes.
    """
    used = {source for sources in taken.values() for source in sources}
    for name in inputs:
        if name not in used:
            raise ValueError(f'{where}: nothing takes the input "{name}"; name it in a layer\'s from, or leave it out')
    for position, name in enumerate(list(taken)[:-1], start=1):
        if name not in used:
            raise ValueError(
                f'{where}, layer {position}: nothing takes what "{name}" gives, and a network ends in its last layer '
                f'alone; name "{name}" in the from of a layer below, or leave it out'
            )
