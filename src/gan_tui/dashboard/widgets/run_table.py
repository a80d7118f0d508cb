"""The runs as a table over the whole screen: a line a run, of which those alone are drawn that are in sight."""

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import ClassVar

import numpy as np
from textual import getters
from textual.binding import Binding, BindingType
from textual.events import Click, MouseScrollDown, MouseScrollUp
from textual.geometry import Size
from textual.message import Message

from gan_tui.dashboard.listed.columns import Cells as RowCells
from gan_tui.dashboard.listed.columns import Column, Place, places
from gan_tui.dashboard.terminal.app import TerminalApp
from gan_tui.dashboard.themes import inks
from gan_tui.dashboard.widgets.cells_view import CellsView
from gan_tui.drawing.cells import Cells, blank
from gan_tui.drawing.words import as_shown, write
from gan_tui.text import wrapped

HEAD = 1
"""Rows above the runs."""
WHEEL = 3
"""Lines of a turn of the mouse's wheel."""


class RunTable(CellsView, can_focus=True):
    """Rows by their keys, which tell them apart whatever stands in them."""

    DEFAULT_CSS = """
    RunTable { border: round $border; border-title-color: $foreground; min-height: 4; }
    RunTable:focus { border: round $primary; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "open", "Open", tooltip="Open the chosen run, sweep, or training of one"),
        Binding("up,k", "move(-1)", "Choose", show=False, tooltip="Choose another"),
        Binding("down,j", "move(1)", "Choose", show=False, tooltip="Choose another"),
        Binding("pageup", "page(-1)", "Page", show=False, tooltip="A page up"),
        Binding("pagedown", "page(1)", "Page", show=False, tooltip="A page down"),
        Binding("home", "end(-1)", "First", show=False, tooltip="The first run"),
        Binding("end", "end(1)", "Last", show=False, tooltip="The last run"),
    ]

    app = getters.app(TerminalApp)

    class Moved(Message):
        """Another row is chosen, or what stands in it has changed."""

    class Opened(Message):
        """The chosen row is to be opened."""

    class Sorted(Message):
        """The head of a column was clicked."""

        def __init__(self, column: Column) -> None:
            super().__init__()
            self.column = column

    def __init__(self, cells_of: Callable[[str], RowCells]) -> None:
        """`cells_of` tells what stands in the row of a key."""
        super().__init__()
        self._cells_of = cells_of
        self._keys: list[str] = []
        self._marked: Collection[str] = ()
        self._sorted, self._turned = "", False
        self._cursor, self._first = 0, 0
        self._places: list[Place] = []

    # What is shown ----------------------------------------------------------

    empty = ""
    """What is said where there are no rows."""
    widths: Mapping[str, int] = {}
    """Of the columns."""

    def show(self, keys: Sequence[str], marked: Collection[str], order: tuple[str, bool], wanted: str = "") -> None:
        """These rows, of which some are marked, by an order: a column, and whether it is turned round.

        The cursor stays on its row, or goes to the `wanted` one; where its row has gone, to what followed it.
        """
        before, chosen = self._keys, self.chosen
        self._keys, self._marked, (self._sorted, self._turned) = list(keys), marked, order
        place = _place(before, wanted or chosen, self._keys)
        moved_by = place - self._cursor
        self._cursor = place
        if not wanted and chosen in self._keys:
            self._first += moved_by if self._first else 0  # what is looked at stays where it was
        self._scroll_to_cursor()
        self.redraw()

    @property
    def chosen(self) -> str:
        """The key of the row under the cursor; "" where there is none."""
        return self._keys[self._cursor] if self._cursor < len(self._keys) else ""

    @property
    def in_sight(self) -> tuple[int, int]:
        """The places of the first row in sight, and of what comes after the last one."""
        return self._first, min(len(self._keys), self._first + self._rows)

    @property
    def _rows(self) -> int:
        return max(1, self.size.height - HEAD)

    def _scroll_to_cursor(self) -> None:
        if self.size.height > HEAD:
            self._first = min(max(self._first, self._cursor - self._rows + 1), self._cursor)
            self._scroll(0)

    def _scroll(self, lines: int) -> None:
        self._first = max(0, min(self._first + lines, len(self._keys) - self._rows))

    # Drawing ----------------------------------------------------------

    def size_changed(self) -> None:
        self._scroll_to_cursor()
        super().size_changed()

    def draw(self, size: Size) -> Cells:
        cells = blank(size.height, size.width)
        self._places = places(self.widths, size.width, self._sorted) if self.widths else []
        first, stop = self.in_sight
        if not self._keys:
            self._say(cells)
            return cells
        self._draw_head(cells)
        for row, place in enumerate(range(first, stop), HEAD):
            self._draw_row(cells.part(row, 0, 1, size.width), self._keys[place], place == self._cursor)
        return cells

    def _say(self, cells: Cells) -> None:
        ink = inks(self.app.current_theme.dark)
        for row, line in enumerate(wrapped(self.empty, max(10, cells.columns - 4)), 1):
            write(cells, row, 2, as_shown(line, self.app.terminal), ink.dim)

    def _draw_head(self, cells: Cells) -> None:
        ink, terminal = inks(self.app.current_theme.dark), self.app.terminal
        for place in self._places:
            is_sorted = place.column.name == self._sorted
            sign = (" ▲" if self._turned else " ▼") if is_sorted else ""
            text = place.text(place.column.head + sign, terminal)
            write(cells, 0, place.start, text, ink.accent if is_sorted else ink.dim)

    def _draw_row(self, line: Cells, key: str, chosen: bool) -> None:
        ink, terminal = inks(self.app.current_theme.dark), self.app.terminal
        row = self._cells_of(key)
        sign, tone = row["sign"]
        if key in self._marked:
            write(line, 0, 0, as_shown("●", terminal), ink.warning)
        write(line, 0, SIGN, as_shown(sign, terminal), getattr(ink, tone))
        for place in self._places:
            if place.column.name in row:
                words, tone = row[place.column.name]
                write(line, 0, place.start, place.text(words, terminal), getattr(ink, tone))
        if chosen:
            line.background[:] = np.int32(ink.chosen)

    # Keys and the mouse ----------------------------------------------------------

    def choose(self, place: int) -> None:
        """Choose the row at a place, or the nearest one that there is."""
        cursor = max(0, min(place, len(self._keys) - 1))
        if cursor != self._cursor:
            self._cursor = cursor
            self._scroll_to_cursor()
            self.redraw()
            self.post_message(self.Moved())

    def action_move(self, by: int) -> None:
        self.choose(self._cursor + by)

    def action_page(self, by: int) -> None:
        self.choose(self._cursor + by * max(1, self._rows - 1))

    def action_end(self, by: int) -> None:
        self.choose(by * len(self._keys))

    def action_open(self) -> None:
        if self.chosen:
            self.post_message(self.Opened())

    def on_mouse_scroll_up(self, event: MouseScrollUp) -> None:
        self._turn_wheel(event, -WHEEL)

    def on_mouse_scroll_down(self, event: MouseScrollDown) -> None:
        self._turn_wheel(event, WHEEL)

    def _turn_wheel(self, event: MouseScrollUp | MouseScrollDown, lines: int) -> None:
        event.stop()
        before = self._first
        self._scroll(lines)
        if self._first != before:
            self.redraw()
            self.post_message(self.Moved())

    def on_click(self, event: Click) -> None:
        at = event.get_content_offset(self)
        if at is None or event.button != 1:
            return
        if at.y < HEAD:
            column = next((one.column for one in self._places if one.start <= at.x < one.start + one.columns + 2), None)
            if column and column.sorts:
                self.post_message(self.Sorted(column))
        elif (place := self._first + at.y - HEAD) < len(self._keys):
            is_same = place == self._cursor  # runs may have come above it since the first click
            self.choose(place)
            if event.chain == 2 and is_same:
                self.action_open()


SIGN = 2
"""The column of the sign of a state."""


def _place(before: Sequence[str], chosen: str, now: Sequence[str]) -> int:
    """Where the cursor belongs: on what was chosen, or, if it is gone, on what followed it, or else was before it."""
    at = before.index(chosen) if chosen in before else 0
    there = {key: place for place, key in enumerate(now)}
    near = [chosen, *before[at:], *reversed(before[:at])]
    return next((there[key] for key in near if key in there), 0)
