"""The names of the panes on the right, each with its key."""

from collections.abc import Sequence

from textual.events import Click
from textual.geometry import Size
from textual.message import Message
from textual.reactive import reactive

from gan_tui.dashboard.themes import inks
from gan_tui.dashboard.widgets.cells_view import CellsView
from gan_tui.drawing.cells import Cells, blank
from gan_tui.drawing.words import write_pieces


class TabBar(CellsView):
    """One line: 1 picture  2 layers  3 log, and perhaps 4 workers."""

    DEFAULT_CSS = """
    TabBar { height: 1; }
    """

    current = reactive("", init=False)

    class Chosen(Message):
        """A tab was clicked."""

        def __init__(self, name: str) -> None:
            super().__init__()
            self.name = name

    def __init__(self, names: Sequence[str], current: str) -> None:
        super().__init__()
        self._names = tuple(names)
        self.set_reactive(TabBar.current, current)
        self._ends: list[tuple[int, str]] = []

    def offer(self, names: Sequence[str]) -> None:
        """From now on, these are the tabs."""
        if tuple(names) != self._names:
            self._names = tuple(names)
            self.redraw()

    def watch_current(self) -> None:
        self.redraw()

    def draw(self, size: Size) -> Cells:
        cells, ink, column = blank(1, size.width), inks(self.app.current_theme), 0
        self._ends = []
        has_room = sum(len(name) + 5 for name in self._names) - 1 <= size.width  # else the name of the chosen alone
        for position, name in enumerate(self._names, start=1):
            begin, chosen = column, name == self.current
            words = f" {name} " if has_room or chosen else " "
            pieces = [(f" {position}", ink.warning), (words, ink.text if chosen else ink.dim)]
            column = write_pieces(cells, 0, column, pieces)
            if chosen:
                cells.background[0, begin:column] = ink.chosen
            self._ends.append((column, name))
            column += 1
        return cells

    def on_click(self, event: Click) -> None:
        for end, name in self._ends:
            if event.x < end:
                self.post_message(self.Chosen(name))
                return
