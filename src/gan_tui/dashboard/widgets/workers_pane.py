"""The workers that take a run's steps together: who is not there and what to do about it, then a row for each."""

from collections.abc import Sequence
from typing import ClassVar

from textual import getters
from textual.binding import Binding, BindingType
from textual.events import MouseScrollDown, MouseScrollUp
from textual.geometry import Size

from gan_tui.dashboard.terminal.app import TerminalApp
from gan_tui.dashboard.themes import Inks, inks
from gan_tui.dashboard.widgets.cells_view import CellsView
from gan_tui.dashboard.workers_table import Table, laid_out
from gan_tui.drawing.cells import Cells, blank
from gan_tui.drawing.words import as_shown, clipped, write
from gan_tui.run import group
from gan_tui.run.group import LOADING, WAITING, Worker
from gan_tui.run.state import RunState
from gan_tui.text import wrapped

_MOST_ADVICE = 6
"""Lines of what to do."""


class WorkersPane(CellsView, can_focus=True):
    """Arrows go through rows that have no room."""

    DEFAULT_CSS = """
    WorkersPane { padding: 0 0 0 1; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up", "scroll_rows(-1)", show=False), Binding("down", "scroll_rows(1)", show=False),
        Binding("pageup", "scroll_rows(-10)", show=False), Binding("pagedown", "scroll_rows(10)", show=False),
    ]  # fmt: skip
    app = getters.app(TerminalApp)

    def __init__(self) -> None:
        super().__init__()
        self._state, self._first, self._last_first = RunState(), 0, 0

    def show(self, state: RunState) -> None:
        """Show the workers as they are now."""
        self._state = state
        self.redraw()

    def action_scroll_rows(self, by: int) -> None:
        first = min(max(0, self._first + by), self._last_first)
        if first != self._first:
            self._first = first
            self.redraw()

    def on_mouse_scroll_down(self, event: MouseScrollDown) -> None:
        self.action_scroll_rows(3)

    def on_mouse_scroll_up(self, event: MouseScrollUp) -> None:
        self.action_scroll_rows(-3)

    # Drawing ----------------------------------------------------------

    def draw(self, size: Size) -> Cells:
        cells, ink = blank(size.height, size.width), inks(self.app.current_theme)
        workers = group.most_urgent_first(self._state.workers)
        row = self._draw_head(cells, ink)
        rows = size.height - row - 1  # below the names of columns
        if not workers or rows < 1:
            return cells
        table = laid_out(workers, size.width, rows)
        if len(workers) > rows * table.beside:
            rows -= 1  # a line says how many there are
        self._draw_rows(cells.part(row, 0, rows + 1, size.width), workers, table, ink)
        self._draw_where(cells, len(workers), rows * table.beside, ink)
        return cells

    def _draw_head(self, cells: Cells, ink: Inks) -> int:
        """What to do where somebody is not there; returns the row after that."""
        state, terminal = self._state, self.app.terminal
        if not state.workers:
            write(cells, 0, 0, clipped("Nobody has told of the workers yet.", cells.columns, terminal), ink.dim)
            return 1
        advice = group.advice(state.workers)
        lines = wrapped(advice, cells.columns)[:_MOST_ADVICE] if advice and cells.columns else []
        for row, line in enumerate(lines):
            write(cells, row, 0, as_shown(line, terminal), ink.bad)
        return len(lines) + bool(lines)

    def _draw_rows(self, cells: Cells, workers: Sequence[Worker], table: Table, ink: Inks) -> None:
        """Below the names of columns; from above to below, then those beside them."""
        rows = cells.rows - 1
        self._last_first = max(0, -(-len(workers) // table.beside) - rows)
        self._first = min(self._first, self._last_first)
        deep = max(rows, -(-len(workers) // table.beside)) if self._last_first else rows
        for place in range(min(table.beside, -(-len(workers) // max(1, deep)))):
            write(cells, 0, place * table.wide, table.head, ink.dim)
        for number, (worker, words) in enumerate(zip(workers, table.rows, strict=True)):
            row = number % deep - self._first
            if 0 <= row < rows:
                color = ink.bad if worker.is_absent else ink.warning if worker.state in (WAITING, LOADING) else ink.text
                write(cells, 1 + row, number // deep * table.wide, as_shown(words, self.app.terminal), color)

    def _draw_where(self, cells: Cells, count: int, shown: int, ink: Inks) -> None:
        if count > shown:
            below = "↑↓ show the others"
            words = as_shown(f"{shown} of {count} workers, {below}", self.app.terminal)
            write(cells, cells.rows - 1, 0, words, ink.dim)
