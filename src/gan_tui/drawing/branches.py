"""What boxes of a diagram take from others than the one above them, as lines in lanes beside the boxes.

A line leaves a box at its last row of text and comes to others at their first, so that one lane serves many.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from gan_tui.drawing.cells import Cells
from gan_tui.drawing.terminal import Terminal
from gan_tui.drawing.words import write

FIRST = 3  # columns from the boxes' edge to the first lane: room for an arrow
_APART = 2  # columns from lane to lane
_UP, _DOWN, _LEFT, _RIGHT = 1, 2, 4, 8
_LINES = {
    _UP | _DOWN: "│", _LEFT | _RIGHT: "─", _DOWN | _LEFT: "╮", _UP | _LEFT: "╯", _UP | _DOWN | _LEFT: "┤",
    _UP | _LEFT | _RIGHT: "┴", _DOWN | _LEFT | _RIGHT: "┬", _UP | _DOWN | _LEFT | _RIGHT: "┼",
}  # fmt: skip
_ASCII = {_UP | _DOWN: "|", _LEFT | _RIGHT: "-"}  # "+" for all that turn


@dataclass(frozen=True)
class Branch:
    """What one box gives to boxes farther below."""

    source: int
    users: tuple[int, ...]
    """In order."""
    lane: int


@dataclass(frozen=True)
class Place:
    """Where boxes are, for lines beside them."""

    edge: int
    """The column of their right side."""
    step: int
    """Rows from one to the next."""
    lines: int
    """Rows of text in each."""

    def into(self, box: int) -> int:
        """The row at which lines come to a box."""
        return box * self.step + 1

    def out(self, box: int) -> int:
        return box * self.step + self.lines

    def column(self, lane: int) -> int:
        return self.edge + FIRST + _APART * lane


def width(lanes: int) -> int:
    """Columns that so many lanes take beside the boxes."""
    return FIRST + _APART * (lanes - 1) if lanes else 0


def taken(layers: Sequence[Mapping[str, Any]]) -> list[tuple[int, ...]]:
    """The places of the layers that each layer takes: those that its `from` names, else the one before it."""
    places: dict[str, int] = {}
    found: list[tuple[int, ...]] = []
    for place, layer in enumerate(layers):
        names = layer.get("from")
        before = (place - 1,) if place else ()
        found.append(before if names is None else tuple(places[name] for name in names if name in places))
        places[str(layer["name"])] = place
    return found


def branches(takes: Sequence[Sequence[int]], most: int) -> list[Branch]:
    """A line for each layer that is taken by others than the next, in at most so many lanes, the short ones inside.

    Those that find no lane are left out.
    """
    users: dict[int, list[int]] = {}
    for place, sources in enumerate(takes):
        for source in dict.fromkeys(sources):
            if source != place - 1:
                users.setdefault(source, []).append(place)
    lanes: list[list[tuple[int, int]]] = []
    found = []
    for source, far in sorted(users.items(), key=lambda item: (item[1][-1] - item[0], item[0])):
        free = (n for n, spans in enumerate(lanes) if all(far[-1] <= start or end <= source for start, end in spans))
        lane = next(free, len(lanes))
        if lane < most:
            lanes[lane:] = lanes[lane:] or [[]]
            lanes[lane].append((source, far[-1]))
            found.append(Branch(source, tuple(far), lane))
    return found


def draw(
    cells: Cells,
    drawn: Sequence[Branch],
    place: Place,
    selected: int | None,
    colors: tuple[int, int],
    terminal: Terminal,
) -> None:
    """Lines from box to box; what the selected one takes or gives is in the first colour, all else in the second."""
    accent, dim = colors
    arms: dict[tuple[int, int], int] = {}
    for branch in drawn:
        for row, column, way in _path(branch, place):
            arms[row, column] = arms.get((row, column), 0) | way
    turns = {cell for branch in drawn for cell in _turns(branch, place)}
    stressed = {cell for branch in drawn for cell in _stressed(branch, place, selected)}
    for (row, column), ways in arms.items():
        passed = ways == _UP | _DOWN | _LEFT | _RIGHT and (row, column) not in turns
        glyph = _glyph(_UP | _DOWN if passed else ways, terminal)
        write(cells, row, column, glyph, accent if (row, column) in stressed else dim)
    for branch in drawn:
        for user in branch.users:
            row, column = place.into(user), place.edge + 1
            write(cells, row, column, "◄" if terminal.unicode else "<", accent if (row, column) in stressed else dim)


def _glyph(ways: int, terminal: Terminal) -> str:
    return _LINES[ways] if terminal.unicode else _ASCII.get(ways, "+")


def _path(branch: Branch, place: Place, last: int | None = None) -> list[tuple[int, int, int]]:
    """(row, column, ways) of all cells of a line, as far as one of its users."""
    last = branch.users[-1] if last is None else last
    lane, start, end = place.column(branch.lane), place.out(branch.source), place.into(last)
    stops = [(start, _DOWN), *((place.into(user), _UP) for user in branch.users if user <= last)]
    cells = [(row, column, _LEFT | _RIGHT) for row, _ in stops for column in range(place.edge + 1, lane)]
    cells += [(row, lane, _UP | _DOWN) for row in range(start + 1, end)]
    return cells + [(row, lane, way | _LEFT) for row, way in stops]


def _stressed(branch: Branch, place: Place, selected: int | None) -> list[tuple[int, int]]:
    """The cells of a line that the selected box gives; or of its way to that box alone."""
    if selected != branch.source and selected not in branch.users:
        return []
    last = branch.users[-1] if selected == branch.source else selected
    cells = [(row, column) for row, column, _ in _path(branch, place, last)]
    if selected == branch.source:
        return cells
    passed = {place.into(user) for user in branch.users if user != selected}
    return [(row, column) for row, column in cells if row not in passed or column == place.column(branch.lane)]


def _turns(branch: Branch, place: Place) -> list[tuple[int, int]]:
    """Where a line turns: elsewhere it only passes others."""
    rows = [place.out(branch.source), *map(place.into, branch.users)]
    return [(row, place.column(branch.lane)) for row in rows]
