"""How far the start of a run has come: TensorFlow takes seconds to load, and a person should see them pass."""

import time

from textual.geometry import Size

from gan_tui.dashboard.themes import inks
from gan_tui.dashboard.widgets.cells_view import CellsView
from gan_tui.drawing.cells import Cells, blank
from gan_tui.drawing.words import write_pieces
from gan_tui.run.state import RunState
from gan_tui.text import clipped, padded

_STAGE = 36
"""Columns of a stage's words, where there is room."""


_LONGEST = 3600.0
"""Seconds of a stage: a time that is longer ago was told by another machine's clock."""


class StartProgress(CellsView):
    """The stages of a start, each with its seconds."""

    def __init__(self) -> None:
        super().__init__()
        self._state = RunState()
        self._seen = time.monotonic()
        """When the present stage was first shown."""

    def show(self, state: RunState) -> None:
        if state.reasons[-1:] != self._state.reasons[-1:]:
            self._seen = time.monotonic()
        self._state = state
        self.redraw()

    def on_mount(self) -> None:
        self.set_interval(1.0, self.redraw)

    def draw(self, size: Size) -> Cells:
        cells, ink = blank(size.height, size.width), inks(self.app.current_theme)
        if not self._state.live:
            words = clipped("It ended before its first step.", max(1, size.width - 3))
            write_pieces(cells, max(0, size.height // 2 - 1), 3, [(words, ink.dim)])
            return cells
        stages = self._state.reasons or ((self._seen, "Starting"),)
        ends = [*(begin for begin, _ in stages[1:]), None]
        top = max(0, (size.height - len(stages)) // 2 - 1)
        for row, ((begin, stage), end) in enumerate(zip(stages, ends, strict=True), start=top):
            seconds = max(0.0, end - begin) if end else self._since(begin)
            mark, color = ("✓", ink.good) if end else ("▸", ink.warning)
            shown = f"{seconds:6.1f} s" if end else f"{seconds:4.0f}   s"
            room = max(1, min(_STAGE, size.width - 5 - len(shown)))
            write_pieces(
                cells, row, 3, [(f"{mark} ", color), (padded(clipped(stage, room), room), ink.text), (shown, ink.dim)]
            )
        return cells

    def _since(self, begin: float) -> float:
        """Seconds of the present stage: since it began, where its clock is ours, else since it was first shown."""
        now = time.monotonic()
        return now - begin if 0 <= now - begin < _LONGEST else now - self._seen
