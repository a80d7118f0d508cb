"""Networks and data made to fit each other: which form the data take, and what networks follow from it."""

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import islice, product
from typing import Any

from gan_tui.data.own import Form, Found
from gan_tui.data.own.found import COLOR, GREY
from gan_tui.presets import sizes
from gan_tui.presets.datasets import DatasetFacts, facts_of
from gan_tui.presets.networks import Network, read_networks
from gan_tui.presets.tasks.base import TaskRules

FAR = 32
"""How far a side is looked for that networks can reach."""

Tables = Mapping[str, Any]
"""Networks as a preset writes them; sizes in them may follow the data."""
Sides = tuple[int, int]
"""(height, width)"""


@dataclass(frozen=True)
class Fitted:
    """Data and networks of one form."""

    facts: DatasetFacts
    networks: tuple[Network, ...]


def fitted(rules: TaskRules, dataset: str, values: Mapping[str, Any], tables: Tables, found: Found | None) -> Fitted:
    """The form in which data are taken, and the networks on it: those written, or made from settings without tables.

    `found` are data of a person's own, None for the preset's. Raises ValueError with a sentence where they cannot fit.
    """
    if found is None:
        return _on(rules, values, tables, facts_of(dataset, values), dataset)
    if found.form is Form.TABLE:
        return _on(rules, values, tables, _of_table(found), found.name)
    images = _Images(rules, values, tables, found)
    return images.in_size(values["image_size"]) if values["image_size"] else images.as_they_are()


def notes(found: Found, facts: DatasetFacts) -> Iterator[str]:
    """A clause for each way in which the form that images take is not the one they have."""
    height, width, channels = facts.shape
    if found.sides and found.sides != (height, width):
        yield f"images of {found.sides[1]} × {found.sides[0]} are taken as {width} × {height}"
    if found.channels == COLOR and channels == GREY:
        yield "colour images are taken in grey"


def _on(rules: TaskRules, values: Mapping[str, Any], tables: Tables, facts: DatasetFacts, name: str) -> Fitted:
    if not tables:
        return Fitted(facts, rules.made_networks(values, facts))
    networks = tuple(read_networks(sizes.put_in(tables, facts), rules.networks))
    rules.check_shapes(networks, facts, name)
    return Fitted(facts, networks)


def _of_table(found: Found) -> DatasetFacts:
    return DatasetFacts((len(found.inputs),), found.names, found.count, label=found.label)


@dataclass(frozen=True)
class _Images:
    """Images of a person's own, and networks that are to take them."""

    rules: TaskRules
    values: Mapping[str, Any]
    tables: Tables
    found: Found

    def as_they_are(self) -> Fitted:
        """In the form that they have, or the nearest that the networks can take."""
        written = self._written
        wanted = (written[0], written[1]) if written else self.found.usual_sides
        try:
            return self._at(wanted)
        except ValueError:
            near = next(self._near(wanted), None)
            if near is None:
                raise
            return self._at(near)

    def in_size(self, size: Sides) -> Fitted:
        """In the size that is asked for. Raises ValueError that names the nearest that would do."""
        try:
            return self._at(size)
        except ValueError as problem:
            smaller = ((size[0] // part, size[1] // part) for part in (1, 2, 4, 8))
            near = next(filter(None, (list(islice(self._near(sides), 2)) for sides in smaller)), None)
            if near is None:
                raise
            words = " or ".join(map(_words, sorted(near)))
            raise ValueError(f"image_size {_words(size)} does not fit: {problem}; take {words}") from None

    def _at(self, sides: Sides) -> Fitted:
        facts = DatasetFacts((*sides, self._channels), self.found.names, self.found.count)
        return _on(self.rules, self.values, self.tables, facts, self.found.name)

    def _fits(self, sides: Sides) -> bool:
        try:
            return bool(self._at(sides))
        except ValueError:
            return False

    def _near(self, wanted: Sides) -> Iterator[Sides]:
        """Sides around others that the networks can take, nearest first; of a square, squares."""
        height, width = wanted
        if height == width:
            yield from ((side, side) for side in self._reached(height))
            return
        around = product(islice(self._reached(height), 2), islice(self._reached(width), 2))
        yield from filter(self._fits, sorted(around, key=lambda sides: math.dist(sides, wanted)))

    def _reached(self, wanted: int) -> Iterator[int]:
        """Sides of squares that the networks can take: what they ask of heights and of widths is as good as always
        the same."""
        around = (wanted + sign * far for far in range(FAR + 1) for sign in ((1, -1) if far else (1,)))
        return (side for side in around if side > 0 and self._fits((side, side)))

    @property
    def _channels(self) -> int:
        if self.values["color"] != "auto":
            return {"grey": GREY, "rgb": COLOR}[self.values["color"]]
        return self._written[2] if self._written else self.found.channels

    @property
    def _written(self) -> tuple[int, int, int] | None:
        """The form of images that the last network takes, which real images go into, where it follows no data."""
        *_, last = self.tables.values() or ({},)
        given = _first_input(last)
        if not isinstance(given, list) or not all(type(length) is int and length > 0 for length in given):
            return None
        if len(given) == 3:
            return (given[0], given[1], given[2]) if given[2] in (GREY, COLOR) else None
        return self._square(given[0]) if len(given) == 1 else None

    def _square(self, numbers: int) -> tuple[int, int, int] | None:
        """The square images that have so many numbers, in as many colours as the data if that may be."""
        for channels in (self.found.channels, GREY, COLOR):
            side = math.isqrt(numbers // channels)
            if side and side * side * channels == numbers:
                return side, side, channels
        return None


def _first_input(table: object) -> object:
    """As a network's table has it, which may be no good."""
    if not isinstance(table, dict):
        return None
    inputs = table.get("inputs")
    return next(iter(inputs.values()), None) if isinstance(inputs, dict) else table.get("input")


def _words(sides: Sides) -> str:
    """As the setting is written."""
    height, width = sides
    return f"{height}" if height == width else f"[{height}, {width}]"
