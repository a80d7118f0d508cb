"""What differs between runs, a row a run: first the settings, then what each has come to; seeds of the same below."""

from collections.abc import Sequence
from dataclasses import dataclass

from textual import getters
from textual.events import Click
from textual.geometry import Size
from textual.message import Message

from gan_tui.dashboard.compared_run import ComparedRun
from gan_tui.dashboard.terminal.app import TerminalApp
from gan_tui.dashboard.themes import Inks, inks
from gan_tui.dashboard.widgets.cells_view import CellsView
from gan_tui.dashboard.widgets.state_mark import state_mark
from gan_tui.drawing.cells import Cells, blank
from gan_tui.drawing.colors import available
from gan_tui.drawing.plots.margin import key_of
from gan_tui.drawing.terminal import ColorDepth, Terminal
from gan_tui.drawing.words import Piece, as_shown, write, write_pieces
from gan_tui.presets.compared_words import cell, range_words, seen, spread_words
from gan_tui.run import comparison
from gan_tui.run.compared_settings import ABSENT
from gan_tui.run.comparison import Row
from gan_tui.text import clipped, padded, width

_BETWEEN = 2
_LONGEST_NAME = 20
_LONGEST_CELL = 24
_SIGNS = 8
"""Columns before a run's name: that it is chosen, its number, its curve's sign, the mark of its state."""


@dataclass(frozen=True)
class Column:
    """One thing about all runs."""

    row: Row
    cells: tuple[str, ...]
    """Of each run, then of each group of seeds."""
    is_words: bool

    @property
    def width(self) -> int:
        return max(width(self.row.name), *map(width, self.cells))


class ComparedTable(CellsView):
    """The chosen run is opened by a key; columns that have no room are turned to."""

    DEFAULT_CSS = """
    ComparedTable { height: 3; padding: 0 1; }
    """

    app = getters.app(TerminalApp)

    class Fitted(Message):
        """All columns have room now, or not any more."""

    def __init__(self) -> None:
        super().__init__()
        self._runs: Sequence[ComparedRun] = ()
        self._groups: list[tuple[int, ...]] = []
        self._columns: list[Column] = []
        self._by_kind: list[Column] = []
        """The same, settings before results."""
        self._drawn: tuple[object, ...] = ()
        self.chosen, self._first, self._fitting = 0, 0, 0
        self.is_full = False
        """Whether all columns are told, below each other."""
        self.more_by = "→"
        """The key that leads to columns that have no room."""

    @property
    def rows(self) -> int:
        """So many it would have."""
        return 1 + len(self._runs) + len(self._groups)

    @property
    def is_all(self) -> bool:
        """Whether all columns have room."""
        return self._fitting >= len(self._columns)

    @property
    def _names(self) -> int:
        """Columns of the runs' names."""
        return max([_LONGEST_NAME // 2, *(min(_LONGEST_NAME, width(run.laid.name)) for run in self._runs)])

    def _in_order(self, columns: int) -> list[Column]:
        """Settings, then results; where not all have room, the result that says most comes first."""
        needed = _SIGNS + self._names + sum(_BETWEEN + column.width for column in self._by_kind)
        first = next((column for column in self._by_kind if column.row.kind == "value"), None)
        if self.is_full or needed <= columns or first is None:
            return self._by_kind
        return [first, *(column for column in self._by_kind if column is not first)]

    def show(self, runs: Sequence[ComparedRun]) -> None:
        """Show the runs as they are now."""
        drawn = tuple((run.member, run.is_shown, run.laid.label, run.laid.color, run.standing) for run in runs)
        if drawn == self._drawn:
            return
        self._drawn, self._runs = drawn, runs
        members = [run.member for run in runs]
        self._groups = comparison.seeds(members)
        settings = seen(comparison.setting_rows(members))
        lacked = [row for row in settings if ABSENT in row.values]
        rows = [row for row in settings if row not in lacked] + seen(comparison.result_rows(members)) + lacked
        self._by_kind = [self._column(row) for row in rows]
        self._columns = self._in_order(self.size.width)
        self._first = min(self._first, max(0, len(self._columns) - 1))
        self.redraw()

    def _column(self, row: Row) -> Column:
        own = [cell(row, value, _LONGEST_CELL) for value in row.values]
        return Column(row, (*own, *(self._of_group(row, group) for group in self._groups)), _is_words(row))

    def _of_group(self, row: Row, group: tuple[int, ...]) -> str:
        of = comparison.spread(row.values[place] for place in group) if row.kind == "value" else None
        if of is None:
            return ""
        return spread_words(of) + (f" ({range_words(of)})" if self.is_full else "")

    # Keys ----------------------------------------------------------

    def choose(self, places: int) -> None:
        """Another run."""
        if self._runs:
            self.chosen = (self.chosen + places) % len(self._runs)
            self.redraw()

    def turn(self, direction: int) -> bool:
        """To the columns that have no room yet, or back; False where there are none."""
        step = max(1, self._fitting)
        first = self._first + step if direction > 0 else max(0, self._first - step)
        if first == self._first or first >= len(self._columns):
            return False
        self._first = first
        self.redraw()
        return True

    def make_full(self, full: bool) -> None:
        """All of it on the whole screen, or what has room below the charts."""
        self.is_full, self._first, self._drawn = full, 0, ()
        self.show(self._runs)

    def on_click(self, event: Click) -> None:
        row = event.get_content_offset_capture(self).y - 1
        if 0 <= row < len(self._runs):
            self.chosen = row
            self.redraw()

    # Drawing ----------------------------------------------------------

    def draw(self, size: Size) -> Cells:
        cells, ink, terminal = blank(size.height, size.width), inks(self.app.current_theme), self.app.terminal
        self._columns, each = self._in_order(size.width), self.rows + 1
        blocks = max(1, (size.height + 1) // each) if self.is_full else 1
        first = self._first
        for block in range(blocks):
            part, last = (
                cells.part(block * each, 0, max(0, size.height - block * each), size.width),
                block == blocks - 1,
            )
            first = self._draw_block(part, first, ink, terminal, last)
            if first >= len(self._columns):
                break
        was_all, self._fitting = self.is_all, first - self._first
        if was_all != self.is_all:
            self.post_message(self.Fitted())
        return cells

    def _draw_block(self, cells: Cells, first: int, ink: Inks, terminal: Terminal, is_last: bool) -> int:
        """As many columns as have room, from the first on; returns the place of the one after them."""
        names = self._names
        for place, run in enumerate(self._runs):
            self._draw_name(cells, place, run, names, ink, terminal)
        for number, group in enumerate(self._groups):
            numbers = " ".join(str(self._runs[place].laid.number) for place in group)
            words = clipped(f"{len(group)} seeds: {numbers}", _SIGNS + names)
            write(cells, 1 + len(self._runs) + number, 0, words, available(ink.dim, terminal))
        left, place = _SIGNS + names + _BETWEEN, first
        while place < len(self._columns):
            column = self._columns[place]
            last = place == len(self._columns) - 1
            room = cells.columns - left - (0 if last or not is_last else _more_columns(len(self._columns)))
            if column.width > room and place > first:
                break
            self._draw_column(cells, left, column, ink, terminal)
            left += column.width + _BETWEEN
            place += 1
        if is_last or place == len(self._columns):
            self._draw_more(cells, self._first, place, ink, terminal)
        return place

    def _draw_name(self, cells: Cells, place: int, run: ComparedRun, names: int, ink: Inks, terminal: Terminal) -> None:
        laid, row = run.laid, 1 + place
        if row >= cells.rows:
            return
        color = ink.run(laid.color) if run.is_shown else ink.dim
        sign = key_of(laid.number - 1, terminal) if run.is_shown else "  "
        chosen = "▸" if terminal.unicode else ">"
        name = padded(clipped(as_shown(laid.name, terminal), names), names)
        mark = as_shown(state_mark(run.member.state) if run.was_read else "…", terminal)
        pieces: list[Piece] = [
            (chosen if place == self.chosen else " ", ink.accent), (f"{laid.number} ", color), (f"{sign} ", color),
            (f"{mark} ", ink.dim), (name, color if run.is_shown else ink.dim),
        ]  # fmt: skip
        write_pieces(cells, row, 0, [(words, available(each, terminal)) for words, each in pieces])
        if place == self.chosen and terminal.colors in (ColorDepth.TRUECOLOR, ColorDepth.COLORS_256):
            cells.background[row] = available(ink.chosen, terminal)

    def _draw_column(self, cells: Cells, left: int, column: Column, ink: Inks, terminal: Terminal) -> None:
        right = not column.is_words
        wide = column.width
        write(cells, 0, left, padded(as_shown(column.row.name, terminal), wide, right), available(ink.dim, terminal))
        for place, words in enumerate(column.cells):
            if place >= len(self._runs) or not self._runs[place].is_shown:
                color = ink.dim
            else:
                color = ink.good if place == column.row.best else ink.text
            write(cells, 1 + place, left, padded(as_shown(words, terminal), wide, right), available(color, terminal))

    def _draw_more(self, cells: Cells, first: int, after: int, ink: Inks, terminal: Terminal) -> None:
        """How many columns are on either side, and which key turns to them."""
        more = len(self._columns) - after
        words = "  ".join([*([f"← {first}"] if first else []), *([f"{self.more_by} {more} more"] if more else [])])
        if words:
            words = as_shown(words, terminal)
            write(cells, 0, cells.columns - width(words), words, available(ink.warning, terminal))
        if not self._columns and cells.rows:
            said = "Nothing differs yet." if any(run.was_read for run in self._runs) else ""
            write(cells, 0, _SIGNS, said, available(ink.dim, terminal))


def _more_columns(count: int) -> int:
    """Columns that are kept free at the right, for what says that there are more."""
    return len(f"← {count}  → {count} more") + _BETWEEN


def _is_words(row: Row) -> bool:
    """Whether its values are words, which begin together, and no numbers."""
    if row.kind == "state":
        return True
    known = [value for value in row.values if value is not ABSENT]
    return row.kind == "setting" and any(isinstance(each, bool) or not isinstance(each, int | float) for each in known)
