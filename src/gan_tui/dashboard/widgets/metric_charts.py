"""All charts in one widget: they share an x axis, a cursor, and what a person chose to see."""

from collections.abc import Callable
from dataclasses import replace
from typing import Generic

from textual import getters
from textual.events import MouseDown, MouseEvent, MouseScrollDown, MouseScrollUp, MouseUp
from textual.geometry import Size

from gan_tui.dashboard.charts import kept_look
from gan_tui.dashboard.charts.any_board import AnyBoard, Shown
from gan_tui.dashboard.charts.board import Board
from gan_tui.dashboard.charts.look import Look
from gan_tui.dashboard.terminal.app import TerminalApp
from gan_tui.dashboard.themes import inks
from gan_tui.dashboard.widgets.cells_view import CellsView
from gan_tui.drawing.cells import Cells
from gan_tui.drawing.plots.charts import Drawing, Plot
from gan_tui.run.state import RunState

ZOOM = 2.0
_LEAST_DRAG = 25
"""What part of the width the mouse must be drawn over for a range; less is a click."""


class ChartsView(CellsView, Generic[Shown]):
    """Metrics over steps, of whatever its board draws."""

    DEFAULT_CSS = """
    ChartsView { min-height: 5; padding: 0 1 0 0; }
    """

    app = getters.app(TerminalApp)

    def __init__(self, board: AnyBoard[Shown], nothing: Shown) -> None:
        """`nothing` is what is shown at first."""
        super().__init__()
        self.look = kept_look.first_look()
        self._shown, self._growing = nothing, False
        self._board = board
        self._drawing: Drawing | None = None
        self._pressed: float | None = None
        """Where a button went down, in steps."""

    def show(self, shown: Shown, growing: bool = False) -> None:
        """Show its metrics. While they are `growing` the axis leaves room, so that little moves."""
        before = self._board.drawn_of(self._shown), self._growing
        self._shown, self._growing = shown, growing
        if (self._board.drawn_of(shown), growing) != before:
            self.redraw()

    def change(self, changed: Callable[[Look], Look]) -> None:
        """Look at them in another way."""
        look = changed(self.look)
        if look != self.look:
            kept_look.keep(self.look, look)
            self.look = look
            self.redraw()

    @property
    def last(self) -> int:
        """The last step that was measured."""
        return self._board.last(self._shown, self.look)

    @property
    def has_epochs(self) -> bool:
        """Whether it is known how long an epoch is."""
        return self._board.has_epochs(self._shown)

    # Drawing ----------------------------------------------------------

    def draw(self, size: Size) -> Cells:
        self._drawing = self._board.draw(
            self._shown, self.look.counting(self.has_epochs), size.width, size.height, growing=self._growing,
            ink=inks(self.app.current_theme), terminal=self.app.terminal,
        )  # fmt: skip
        return self._drawing.cells

    # Keys ----------------------------------------------------------

    def move_cursor(self, columns: int) -> None:
        """So many columns on; where there is none yet, to the end of what is on show."""
        low, high = self.look.range_of(self.last)
        step = max(1, round((high - low) / max(1, self._plot.columns - 1))) if self._plot else 1
        cursor = self.look.cursor
        at = min(high, self.last) if cursor is None else max(low, min(cursor, high)) + columns * step
        self.change(lambda look: look.at(at, self.last))

    def choose(self, places: int) -> None:
        """Another chart, the one that is enlarged by a key."""
        names = [group.group for group in self._board.grouped(self._shown, replace(self.look, enlarged=False))]
        at = names.index(self.look.chosen) + places if self.look.chosen in names else 0 if places > 0 else -1
        self.change(lambda look: replace(look, chosen=names[at % len(names)]) if names else look)

    def are_called(self, words: str) -> bool:
        """Whether there are charts that have these words in their names."""
        return bool(self._board.grouped(self._shown, self.look.wanting(words)))

    def turn(self, pages: int) -> bool:
        """So many pages of charts on, and round again; False where all are on show."""
        page = self._board.page
        if page.is_all:
            return False
        first = page.turned(pages)
        chosen = self.look.chosen and self._board.grouped(self._shown, self.look)[first].group
        self.change(lambda look: replace(look, first=first, chosen=chosen))
        return True

    def enlarge(self) -> None:
        """The chosen chart alone, or all of them again."""
        if not self.look.chosen:
            self.choose(1)
        self.change(lambda look: replace(look, enlarged=not look.enlarged))

    def zoom(self, factor: float, around: float | None = None) -> None:
        """So many times as few steps, around the cursor or a step."""
        self.change(lambda look: look.zoomed(factor, self.last, around))

    def pan(self, share: float) -> None:
        """The range by a share of itself."""
        self.change(lambda look: look.panned(share, self.last))

    # The mouse ----------------------------------------------------------

    @property
    def _plot(self) -> Plot | None:
        """The lowest canvas: all have the same columns."""
        return self._drawing.plots[-1] if self._drawing and self._drawing.plots else None

    def _step_at(self, column: int) -> float | None:
        """The step at a column of the widget, None beside the canvas."""
        plot = self._plot
        if plot is None or not plot.left <= column < plot.left + plot.columns:
            return None
        return self._board.step_at(self._shown, self.look, plot.x_at(column))

    def on_mouse_scroll_up(self, event: MouseScrollUp) -> None:
        self._zoom_at(event, ZOOM)

    def on_mouse_scroll_down(self, event: MouseScrollDown) -> None:
        self._zoom_at(event, 1 / ZOOM)

    def _zoom_at(self, event: MouseEvent, factor: float) -> None:
        event.stop()
        step = self._step_at(event.get_content_offset_capture(self).x)
        if step is not None:
            self.zoom(factor, step)

    def on_mouse_down(self, event: MouseDown) -> None:
        self._pressed = self._step_at(event.get_content_offset_capture(self).x) if event.button == 1 else None

    def on_mouse_up(self, event: MouseUp) -> None:
        """A click puts the cursor there; what was drawn over is looked at more closely."""
        at, pressed = event.get_content_offset_capture(self), self._pressed
        step, self._pressed = self._step_at(at.x), None
        if step is None or pressed is None:
            return
        low, high = self.look.range_of(self.last)
        self._choose_at(at.y)
        if abs(step - pressed) * _LEAST_DRAG > high - low:
            first, end = sorted((round(pressed), round(step)))
            self.change(lambda look: look.showing(first, end, self.last))
        else:
            self.change(lambda look: look.at(step, self.last))

    def _choose_at(self, row: int) -> None:
        plots = self._drawing.plots if self._drawing else ()
        rows = [
            group.group for group, plot in zip(self._board.groups, plots, strict=False) for _ in range(plot.rows + 1)
        ]
        if 0 <= row < len(rows):
            self.change(lambda look: replace(look, chosen=rows[row]))


class MetricCharts(ChartsView[RunState]):
    """The metrics of a run."""

    def __init__(self) -> None:
        super().__init__(Board(), RunState())
