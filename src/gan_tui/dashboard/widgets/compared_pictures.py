"""Pictures of several runs side by side, each as large as there is room, at one step."""

from collections.abc import Sequence

from textual import getters, work
from textual.geometry import Size
from textual.message import Message

from gan_tui.dashboard.compared_pictures import Pane, SideBySide
from gan_tui.dashboard.compared_run import ComparedRun
from gan_tui.dashboard.terminal.app import TerminalApp
from gan_tui.dashboard.themes import Inks, inks
from gan_tui.dashboard.views.base import Scene
from gan_tui.dashboard.widgets.cells_view import CellsView
from gan_tui.drawing.cells import Cells, blank, paste
from gan_tui.drawing.plots.margin import key_of
from gan_tui.drawing.terminal import Terminal
from gan_tui.drawing.words import Piece, as_shown, write, write_pieces
from gan_tui.run import pictures
from gan_tui.run.events import Picture
from gan_tui.run.folder import RunFolder
from gan_tui.run.pictures import Tiles
from gan_tui.text import clipped, wrapped

_BETWEEN = 2
"""Columns between two runs."""
_MOST_KEPT = 64
"""Pictures that were read and may be looked at again."""
_ASPECT = 2
"""Rows of a cell's width."""

_Key = tuple[int, str, int | None]
"""The number of a run, a picture's file, and how often it was drawn."""


class ComparedPictures(CellsView):
    """One view of all runs that are on show; keys turn to other views and steps."""

    DEFAULT_CSS = """
    ComparedPictures { min-height: 5; padding: 0 1; }
    """

    app = getters.app(TerminalApp)

    class Read(Message):
        """Pictures have come from the disk; None for one that cannot be read."""

        def __init__(self, tiles: dict[_Key, Tiles | None]) -> None:
            super().__init__()
            self.tiles = tiles

    def __init__(self) -> None:
        super().__init__()
        self._runs: list[ComparedRun] = []
        self.side_by_side = SideBySide()
        self._tiles: dict[_Key, Tiles | None] = {}
        self._drawn: tuple[object, ...] = ()

    def show(self, runs: Sequence[ComparedRun]) -> None:
        """Read what is needed of the runs that are on show, then draw it."""
        self._runs = [run for run in runs if run.is_shown]
        if not self.region or not self.display:
            return
        panes = self.side_by_side.panes(self._runs)
        needed = {_key(pane.run, picture): (pane.run.folder, picture) for pane in panes for picture in pane.needs}
        missing = {key: what for key, what in needed.items() if key not in self._tiles}
        if missing:
            self._read(missing)
        drawn = (self.side_by_side.shown_name(self._runs), *needed, *(pane.run.laid.label for pane in panes))
        if not missing and drawn != self._drawn:
            self._drawn = drawn
            self.redraw()

    def change(self, changed: bool) -> bool:
        """Show what was chosen, where anything was."""
        if changed:
            self._drawn = ()
            self.show(self._runs)
        return changed

    @work(thread=True, exclusive=True, exit_on_error=False)
    def _read(self, missing: dict[_Key, tuple[RunFolder, Picture]]) -> None:
        found: dict[_Key, Tiles | None] = {}
        for key, (folder, picture) in missing.items():
            try:
                found[key] = pictures.read(folder, picture)
            except (OSError, ValueError):
                found[key] = None
        self.post_message(self.Read(found))

    def on_compared_pictures_read(self, message: Read) -> None:
        kept = {**self._tiles, **message.tiles}
        self._tiles = dict([*kept.items()][-_MOST_KEPT:])
        self._drawn = ()
        self.show(self._runs)

    def on_show(self) -> None:
        self.change(True)
        super().on_show()

    # Drawing ----------------------------------------------------------

    def draw(self, size: Size) -> Cells:
        cells, ink, terminal = blank(size.height, size.width), inks(self.app.current_theme), self.app.terminal
        panes = self.side_by_side.panes(self._runs)
        if not any(pane.view for pane in panes):
            write(cells, size.height // 2, 2, "None of these runs has pictures.", ink.dim)
            return cells
        across = columns_of(len(panes), size.width, size.height)
        down = -(-len(panes) // across)
        wide, high = (size.width + _BETWEEN) // across - _BETWEEN, size.height // down
        for place, pane in enumerate(panes):
            left, top = place % across * (wide + _BETWEEN), place // across * high
            self._draw_pane(cells.part(top, left, high, wide), pane, ink, terminal)
        return cells

    def _draw_pane(self, cells: Cells, pane: Pane, ink: Inks, terminal: Terminal) -> None:
        """A line that says whose it is and at which step, and the picture below it."""
        laid, asked = pane.run.laid, self.side_by_side.shown_step(self._runs)
        color = ink.run(laid.color)
        step = pane.view.step(pane.state) if pane.view else None
        words = "" if step is None else f"step {step:,}"
        name = clipped(as_shown(laid.label, terminal), max(3, cells.columns - len(words) - 5))
        title: list[Piece] = [(f"{key_of(laid.number - 1, terminal)} {name}", color)]
        write_pieces(cells, 0, 0, [*title, (f"  {words}", ink.dim if step == asked else ink.warning)])
        tiles = {(picture.tag, picture.step): self._tiles.get(_key(pane.run, picture)) for picture in pane.needs}
        read = {key: one for key, one in tiles.items() if one is not None}
        if pane.view is None or len(read) < len(tiles):
            unread = any(_key(pane.run, picture) not in self._tiles for picture in pane.needs)
            said = "" if unread else "no such picture" if pane.view is None else "The picture cannot be read."
            for row, line in enumerate(wrapped(said, max(10, cells.columns - 2)), cells.rows // 2):
                write(cells, row, 1, line, ink.dim)
            return
        room = cells.rows - 1
        drawn, _ = pane.view.draw(Scene(pane.state, read, ink, terminal), cells.columns, room)
        paste(cells, drawn, 1 + max(0, (room - drawn.rows) // 2), max(0, (cells.columns - drawn.columns) // 2))


def columns_of(count: int, columns: int, rows: int) -> int:
    """How many of so many runs stand beside each other, so that square pictures are as large as they can be."""

    def side(across: int) -> float:
        down = -(-count // across)
        return min((columns + _BETWEEN) / across - _BETWEEN, _ASPECT * (rows // down - 1))

    return max(range(1, count + 1), key=side)


def _key(run: ComparedRun, picture: Picture) -> _Key:
    return run.laid.number, picture.file, run.laid.state.drawn.get(picture.tag)
