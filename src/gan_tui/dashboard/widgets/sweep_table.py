"""A table of a sweep: a line can be chosen, and those that have no room are scrolled to."""

from textual import getters
from textual.events import Click, MouseScrollDown, MouseScrollUp
from textual.geometry import Size
from textual.message import Message

from gan_tui.dashboard.sweep_lines import Line, Table
from gan_tui.dashboard.terminal.app import TerminalApp
from gan_tui.dashboard.themes import Inks, inks
from gan_tui.dashboard.widgets.cells_view import CellsView
from gan_tui.drawing.cells import Cells, blank
from gan_tui.drawing.colors import available
from gan_tui.drawing.plots.margin import key_of
from gan_tui.drawing.terminal import ColorDepth
from gan_tui.drawing.words import Piece, as_shown, write, write_pieces
from gan_tui.text import clipped, padded, width

_BETWEEN = 2
_SIGNS = 7
"""Columns before the cells: that it is chosen, its number, its curve's sign."""


class SweepTable(CellsView):
    """The lines of one of the tables."""

    DEFAULT_CSS = """
    SweepTable { padding: 0 1; }
    """
    app = getters.app(TerminalApp)

    class Moved(Message):
        """Another line is chosen."""

    def __init__(self) -> None:
        super().__init__()
        self._table = Table((), (), "Looking …")
        self._place = self._first = 0

    @property
    def chosen(self) -> str:
        """The key of the chosen line; empty where there is none."""
        return self._table.lines[self._place].key if self._place < len(self._table.lines) else ""

    def show(self, table: Table, another: bool = False) -> None:
        """Show a table as it is now, with what was chosen; `another` begins at its first line."""
        chosen = self.chosen
        if another:
            self._place = self._first = 0
        self._table = table
        keys = [line.key for line in table.lines]
        if chosen and chosen in keys and not another and self._place:  # else the first stays chosen, whatever that is
            self._place = keys.index(chosen)
        self._place = min(self._place, max(0, len(keys) - 1))
        self.redraw()

    def choose(self, places: int) -> None:
        """Another line; of text, so many lines on."""
        most = max(0, len(self._table.lines) - 1)
        place = min(max(0, self._place + places), most)
        if not self._table.names:
            place = min(max(0, self._place + places), max(0, len(self._table.lines) - self.size.height))
            self._first = place
        if place != self._place:
            self._place = place
            self.redraw()
            self.post_message(self.Moved())

    def on_click(self, event: Click) -> None:
        row = event.get_content_offset_capture(self).y - 1 + self._first
        if self._table.names and 0 <= row < len(self._table.lines):
            self.choose(row - self._place)

    def on_mouse_scroll_down(self, event: MouseScrollDown) -> None:
        self.choose(3)

    def on_mouse_scroll_up(self, event: MouseScrollUp) -> None:
        self.choose(-3)

    # Drawing ----------------------------------------------------------

    def draw(self, size: Size) -> Cells:
        cells, ink, table = blank(size.height, size.width), inks(self.app.current_theme), self._table
        if not table.lines:
            write(cells, 0, 0, as_shown(table.nothing, self.app.terminal), self._color(ink.dim))
        elif not table.names:
            for row, line in enumerate(table.lines[self._first : self._first + size.height]):
                write(cells, row, 0, as_shown(line.cells[0], self.app.terminal), self._color(ink.text))
        elif size.height > 1:
            self._draw_lines(cells, ink)
        return cells

    def _draw_lines(self, cells: Cells, ink: Inks) -> None:
        rows, table = cells.rows - 1, self._table
        self._first = min(max(self._first, self._place - rows + 1), self._place, max(0, len(table.lines) - rows))
        wide = self._widths(cells.columns - _SIGNS)
        self._draw_cells(cells, 0, table.names, wide, ink.dim)
        for row, line in enumerate(table.lines[self._first : self._first + rows], 1):
            self._draw_line(cells, row, line, wide, ink)
        named = zip(wide, table.names, strict=True)
        self._draw_where(cells, sum(room + _BETWEEN for room, name in named if room and name), ink)

    def _draw_where(self, cells: Cells, used: int, ink: Inks) -> None:
        """Which lines these are of all; where there is no room for that, whether there are more."""
        rows, every = cells.rows - 1, len(self._table.lines)
        if every <= rows:
            return
        words = as_shown(f"{self._first + 1}–{self._first + rows} of {every:,}", self.app.terminal)
        if _SIGNS + 3 + used + width(words) <= cells.columns:
            write(cells, 0, cells.columns - width(words), words, self._color(ink.warning))
            return
        arrows = ("↑" if self._first else "") + ("↓" if self._first + rows < every else "")
        write(cells, 0, 0, as_shown(arrows, self.app.terminal), self._color(ink.warning))

    def _draw_line(self, cells: Cells, row: int, line: Line, wide: list[int], ink: Inks) -> None:
        terminal, is_chosen = self.app.terminal, self._first + row - 1 == self._place
        color = ink.run(line.laid.color) if line.laid else ink.dim
        sign = f"{line.laid.number} {key_of(line.laid.number - 1, terminal)} " if line.laid else ""
        mark = (">", "▸")[terminal.unicode] if is_chosen else " "
        pieces: list[Piece] = [(mark, self._color(ink.accent)), (f" {sign}", self._color(color))]
        write_pieces(cells, row, 0, pieces)
        self._draw_cells(cells, row, line.cells, wide, getattr(ink, line.tone))
        if is_chosen and terminal.colors in (ColorDepth.TRUECOLOR, ColorDepth.COLORS_256):
            cells.background[row] = available(ink.chosen, terminal)

    def _draw_cells(self, cells: Cells, row: int, texts: tuple[str, ...], wide: list[int], color: int) -> None:
        left = _SIGNS
        for place, room in enumerate(wide):
            words = clipped(as_shown(texts[place], self.app.terminal), room)
            write(cells, row, left, padded(words, room, right=place in self._table.numbers), self._color(color))
            left += room + _BETWEEN if room else 0

    def _widths(self, room: int) -> list[int]:
        """Of the columns that fit; of those that say nothing, none. The last is cut where it has no room."""
        found = []
        for place, name in enumerate(self._table.names):
            longest = max(width(line.cells[place]) for line in self._table.lines)
            wide = max(width(name), longest) if longest else 0
            found.append(max(0, min(wide, room)))
            room -= found[-1] + _BETWEEN if found[-1] else 0
        return found

    def _color(self, color: int) -> int:
        return available(color, self.app.terminal)
