"""One layer of a run: its settings, and its weights as they were and as they stand."""

from collections.abc import Mapping
from typing import Any

from textual import getters
from textual.geometry import Size

from gan_tui.dashboard.terminal.app import TerminalApp
from gan_tui.dashboard.themes import inks
from gan_tui.dashboard.views.base import Scene
from gan_tui.dashboard.views.kernels import weight_histograms
from gan_tui.dashboard.widgets.cells_view import CellsView
from gan_tui.drawing.cells import Cells, blank, paste
from gan_tui.drawing.plots.histogram import draw_histogram
from gan_tui.drawing.words import Piece, write_pieces
from gan_tui.presets import layer_table
from gan_tui.run.layer_words import argument_words
from gan_tui.run.state import RunState
from gan_tui.text import width


class LayerDetails(CellsView):
    """One layer: its settings, its weights' shapes and statistics as they stand, a histogram before and now."""

    app = getters.app(TerminalApp)

    def __init__(self) -> None:
        super().__init__()
        self.offer("diagram")
        self._state, self._network, self._row = RunState(), "", None

    _row: Mapping[str, Any] | None

    def offer(self, other: str) -> None:
        """Say what `g` turns to."""
        self.border_title = f"arrows choose  g {other}"

    def show(self, state: RunState, network: str, row: Mapping[str, Any] | None) -> None:
        if (state.weights, network, row) != (self._state.weights, self._network, self._row) or not self._cells:
            self._state, self._network, self._row = state, network, row
            self.redraw()

    def draw(self, size: Size) -> Cells:
        cells, ink, row = blank(size.height, size.width), inks(self.app.current_theme), self._row
        if row is None:
            return cells
        given = row.get("arguments", {})
        settings = "  ".join(f"{name} {argument_words(value)}" for name, value in given.items())
        taken = f"← {', '.join(row['from'])}  " if row.get("from") else ""
        head = [(f"{row['name']} ", ink.text), (f"({row['kind']})  {taken}", ink.dim), (settings, ink.text)]
        write_pieces(cells, 0, 0, head)
        found = [(name, facts) for name, facts in self._weights().items()]
        for line, (name, facts) in enumerate(found, start=1):
            title = f"{name.rpartition('/')[2]} {layer_table.shape(facts['shape'])}  "
            pieces: list[Piece] = [(title, ink.text), (_statistics(facts, size.width - width(title)), ink.dim)]
            write_pieces(cells, line, 0, pieces)
        top = len(found) + 1
        if found and size.height - top >= 4:
            terminal = self.app.terminal
            scene = Scene(self._state, {}, ink, terminal)
            bars = weight_histograms(scene, found[0][0])
            paste(cells, draw_histogram(bars, size.width, size.height - top, terminal=terminal, tones=ink), top)
        return cells

    def _weights(self) -> Mapping[str, Any]:
        """Name → facts of the layer's weights, as they stand."""
        if self._state.weights is None or self._row is None:
            return {}
        prefix = f"{self._network}/{self._row['name']}/"
        return {name: facts for name, facts in self._state.weights[1].layers.items() if name.startswith(prefix)}


def _statistics(facts: Mapping[str, Any], columns: int) -> str:
    """What is known of weights, as far as there is room: half a number would be another one."""
    words = [f"mean {facts['mean']:.3g}", f"std {facts['std']:.3g}", f"{facts['low']:.3g}…{facts['high']:.3g}"]
    while words and len("  ".join(words)) > columns:
        words.pop()
    return "  ".join(words)
