"""Which charts are on show, where there are more than there is room for, or a person has asked for some by name."""

from collections.abc import Sequence
from dataclasses import dataclass

from gan_tui.dashboard.charts.look import Look
from gan_tui.dashboard.charts.panels import Group
from gan_tui.drawing.plots.charts import most_panels
from gan_tui.drawing.plots.frame import X_ROWS

ROWS_OF_EACH = 5
"""Of the charts of a page: where not all have room, those that are on show have some."""


@dataclass(frozen=True)
class Page:
    """Charts that follow each other."""

    groups: Sequence[Group]
    first: int
    """The place of the first of them among all."""
    size: int
    """How many have room."""
    total: int

    @property
    def is_all(self) -> bool:
        return len(self.groups) == self.total

    def turned(self, pages: int) -> int:
        """The place of the first chart so many pages on, and round again."""
        count = -(-self.total // max(1, self.size))
        return (self.first // max(1, self.size) + pages) % max(1, count) * self.size

    def hints(self, wanted: str) -> list[str]:
        """The keys that lead to what is not on show, and what is."""
        there = f"{self.first + 1}–{self.first + len(self.groups)} of {self.total}"
        more = [] if self.is_all else ["d more", there, "/ find"]
        return ["esc all charts", *more] if wanted else more


def page_of(groups: Sequence[Group], look: Look, rows: int, each: int = 0) -> Page:
    """The page that a person has turned to, or that the chosen chart is on; all charts where they have room.

    `each` are the rows that a chart is to have, where there is more than one on a page.
    """
    size = min(len(groups), max(1, (rows - X_ROWS - 1) // each)) if each else page_size(len(groups), rows)
    names = [group.group for group in groups]
    at = names.index(look.chosen) if look.chosen in names else min(look.first, max(0, len(groups) - 1))
    first = at // size * size if size else 0
    return Page(groups[first : first + size], first, size, len(groups))


def page_size(count: int, rows: int) -> int:
    """How many of so many charts are on show at once, in so many rows."""
    if count <= most_panels(rows):
        return count
    size = (rows - X_ROWS - 1) // ROWS_OF_EACH
    return size if size > 1 else min(count, max(1, rows))  # which are lines of words
