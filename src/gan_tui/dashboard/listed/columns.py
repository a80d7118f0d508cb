"""The columns of the list of runs: what stands in each, and which of them there is room for."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from gan_tui.drawing.terminal import Terminal
from gan_tui.drawing.words import as_shown, clipped
from gan_tui.text import padded, short_name, width

BETWEEN = 2
"""Columns between two of them."""
SIGNS = 4
"""Columns before the first: whether a run is marked, and the sign of its state."""
CURVE = 10
"""Columns of a course."""


@dataclass(frozen=True)
class Column:
    """One of them."""

    name: str
    """What rows are sorted by."""
    head: str
    least: int
    most: int
    right: bool = False
    """Whether its texts end together."""
    sorts: bool = True
    """Whether rows can be sorted by it."""


COLUMNS = (
    Column("name", "name", 8, 24),
    Column("state", "state", 8, 12),
    Column("preset", "preset", 6, 13),
    Column("age", "age", 6, 8, right=True),
    Column("duration", "trained", 7, 11, right=True),
    Column("step", "step", 5, 6, right=True),
    Column("newest", "newest", 6, 9, right=True),
    Column("best", "best", 6, 9, right=True),
    Column("metric", "of", 8, 14, sorts=False),
    Column("curve", "curve", CURVE, CURVE, sorts=False),
    Column("changed", "changed", 14, 200),
)
_DROPPED = ("duration", "state", "changed", "preset", "metric", "curve", "age", "step", "newest", "best")
"""In this order, where there is no room for all."""
_LONGEST_NAME = 80
_SHORT = {"name": 14, "changed": 14}
"""Columns that are cut before others are dropped."""

Cells = Mapping[str, tuple[str, str]]
"""Column → what stands there, and the tone of it."""


@dataclass(frozen=True)
class Place:
    """Where a column is."""

    column: Column
    start: int
    columns: int

    def text(self, words: str, terminal: Terminal) -> str:
        """Words as they stand there."""
        words = as_shown(words, terminal)
        if self.column.name == "name":
            words = short_name(words, self.columns)
        return padded(clipped(words, self.columns, terminal), self.columns, self.column.right)


def widths_of(rows: Sequence[Cells], before: Mapping[str, int]) -> dict[str, int]:
    """How wide each column's texts are, within its bounds; never less than `before`, so that nothing moves.

    A column in which nothing stands is none.
    """
    found, has_changed = dict[str, int](), not rows or any("changed" in row for row in rows)
    for one in COLUMNS:
        most = max([0, *(width(row[one.name][0]) for row in rows if one.name in row)])
        bound = one.most if one.name != "name" or has_changed else _LONGEST_NAME  # it says what changed
        wide = min(bound, max(one.least, most, len(one.head) + 2 * one.sorts))
        found[one.name] = max(before.get(one.name, 0), wide if most else 0)
    return found


def places(widths: Mapping[str, int], columns: int, kept: str = "") -> list[Place]:
    """Where the columns are that there is room for; the one in `kept` stays, what rows are sorted by."""
    there = [one for one in COLUMNS if widths[one.name] or one.name in ("name", kept)]
    short = _SHORT if widths["changed"] else {"name": columns // 2}
    needed = {one.name: min(max(widths[one.name], one.least), short.get(one.name, one.most)) for one in there}
    shown = dict(needed)
    for name in _DROPPED:
        if name != kept and _spare(shown, columns) < 0:
            shown.pop(name, None)
    for name in reversed(_DROPPED):  # what was dropped for one that had no room either
        if name in needed and name not in shown and _spare(shown, columns) >= needed[name] + BETWEEN:
            shown[name] = needed[name]
    for name in _SHORT:
        if name in shown:
            shown[name] += min(_spare(shown, columns), max(0, widths[name] - shown[name]))
    return _placed(shown)


def _spare(shown: Mapping[str, int], columns: int) -> int:
    """Columns that are left beside those that are shown."""
    return columns - SIGNS - sum(shown.values()) - BETWEEN * (len(shown) - 1)


def _placed(shown: Mapping[str, int]) -> list[Place]:
    found, start = list[Place](), SIGNS
    for column in COLUMNS:
        if column.name in shown:
            found.append(Place(column, start, max(1, shown[column.name])))
            start += max(1, shown[column.name]) + BETWEEN
    return found
