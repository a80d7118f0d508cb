"""A run's curves and its newest picture, beside a list of runs: to be looked at, and without keys of its own."""

from dataclasses import replace

from textual import getters
from textual.geometry import Size

from gan_tui.dashboard.charts.board import Board
from gan_tui.dashboard.charts.look import Look
from gan_tui.dashboard.charts.panels import grouped
from gan_tui.dashboard.listed.reading import Reading
from gan_tui.dashboard.terminal.app import TerminalApp
from gan_tui.dashboard.themes import Inks, inks
from gan_tui.dashboard.views.base import Scene
from gan_tui.dashboard.widgets.cells_view import CellsView
from gan_tui.drawing.cells import Cells, blank, paste
from gan_tui.drawing.plots.charts import most_panels
from gan_tui.drawing.words import clipped, write, write_pieces

_LEAST_BESIDE = 50
"""Columns from which a picture is beside the curves; else it is below them."""
_LEAST_BELOW = 18
"""Rows from which one is below them."""
_LEAST_ROWS = 8
"""Of a picture beside the curves, its caption among them."""
_CAPTION = 1
"""Row above a picture."""


class RunPane(CellsView):
    """Charts, and beside or below them a picture, where there is room."""

    DEFAULT_CSS = """
    RunPane { min-height: 3; }
    """

    app = getters.app(TerminalApp)

    def __init__(self) -> None:
        super().__init__()
        self._reading: Reading | None = None
        self._said = ""
        self._board = Board(with_keys=False)

    def show(self, reading: Reading | None, said: str = "") -> None:
        """Show a run that was read; or else what is `said` of it."""
        if (reading, said) != (self._reading, self._said):
            if reading is None or self._reading is None or reading.run.folder.path != self._reading.run.folder.path:
                self._board = Board(with_keys=False)
            self._reading, self._said = reading, said
            self.redraw()

    def draw(self, size: Size) -> Cells:
        cells, reading = blank(size.height, size.width), self._reading
        if reading is None or not reading.state.series:
            said = self._said if reading is None else "Nothing was measured yet."
            write(cells, size.height // 2, 2, clipped(said, size.width - 4, self.app.terminal), self._ink.dim)
        if reading is None:
            return cells
        charts, picture, place = _arranged(size, bool(reading.view), bool(reading.state.series))
        if reading.state.series:
            drawn = self._board.draw(
                reading.state, _look(reading, charts.height), charts.width, charts.height,
                growing=reading.run.alive, ink=self._ink, terminal=self.app.terminal,
            )  # fmt: skip
            paste(cells, drawn.cells)
        if picture.width and picture.height > _CAPTION:
            paste(cells, self._picture(reading, picture), *place)
        return cells

    @property
    def _ink(self) -> Inks:
        return inks(self.app.current_theme.dark)

    def _picture(self, reading: Reading, size: Size) -> Cells:
        """The newest picture under its name and step."""
        cells, view, ink = blank(size.height, size.width), reading.view, self._ink
        assert view is not None
        scene = Scene(reading.state, reading.tiles, ink, self.app.terminal)
        drawn, _ = view.draw(scene, size.width, size.height - _CAPTION)
        write_pieces(cells, 0, 0, [(view.name, ink.text), (f"  step {view.step(reading.state):,}", ink.accent)])
        paste(cells, drawn, _CAPTION + max(0, (size.height - _CAPTION - drawn.rows) // 2))
        return cells


def _look(reading: Reading, rows: int) -> Look:
    """All charts; where there is no room for them, that of the metric that the run is judged by."""
    look, metric = Look(), reading.results.judged_by if reading.results else None
    if metric is None or len(grouped(reading.state, look)) <= most_panels(rows):
        return look
    return replace(look, chosen=metric.group, enlarged=True)


def _arranged(size: Size, has_picture: bool, has_curves: bool) -> tuple[Size, Size, tuple[int, int]]:
    """The sizes of charts and picture, and (row, column) of the picture."""
    nothing = Size(0, 0)
    if not has_picture:
        return size, nothing, (0, 0)
    if not has_curves:
        return nothing, size, (0, 0)
    wide = min(size.width * 45 // 100, 2 * size.height + 2)
    if size.width >= _LEAST_BESIDE and _LEAST_ROWS <= size.height <= 2 * wide:
        return Size(size.width - wide - 2, size.height), Size(wide, size.height), (0, size.width - wide)
    if size.height < _LEAST_BELOW:
        return size, nothing, (0, 0)
    high = size.height * 45 // 100
    return Size(size.width, size.height - high - 1), Size(size.width, high), (size.height - high, 0)
