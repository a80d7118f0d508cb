"""Histograms that a run tells under names of its own: each as it was first, and as it is now."""

from collections.abc import Mapping, Sequence
from typing import Any

from gan_tui.dashboard.views.base import Scene, View
from gan_tui.dashboard.views.kernels import HISTOGRAM_ROWS, weight_histograms
from gan_tui.drawing.cells import Cells, blank, paste
from gan_tui.drawing.colors import available
from gan_tui.drawing.plots.histogram import draw_histogram
from gan_tui.drawing.words import clipped, write, write_pieces
from gan_tui.run.events import Started, Weights
from gan_tui.run.state import RunState
from gan_tui.text import width

_LEAST_COLUMNS = 12


def without_layer(weights: Weights | None, started: Started | None) -> list[str]:
    """Names of histograms that belong to no layer of the networks, whose pane would show them."""
    if weights is None:
        return []
    networks: Mapping[str, Sequence[Mapping[str, Any]]] = started.networks if started else {}
    layers = {f"{network}/{row['name']}" for network, rows in networks.items() for row in rows}
    return [name for name in weights.layers if not _is_within(name, layers)]


def _is_within(name: str, layers: set[str]) -> bool:
    network, _, rest = name.partition("/")
    return f"{network}/{rest.partition('/')[0]}" in layers


class HistogramsView(View):
    """As many below each other as there is room for; the arrows go through them, and PgUp and PgDn by pages."""

    name = "histograms"

    def __init__(self) -> None:
        self.names: Sequence[str] = ()
        self._first = 0
        self._page = 1
        """How many there is room for."""

    def keys(self, state: RunState) -> str:
        return "PgDn more  arrows choose" if len(self.names) > self._page else ""

    def step(self, state: RunState) -> int:
        return state.weights[1].step if state.weights else state.step

    def draw(self, scene: Scene, columns: int, rows: int) -> tuple[Cells, str]:
        cells = blank(rows, columns)
        self._page = max(1, rows // HISTOGRAM_ROWS)
        self._first = max(0, min(self._first, len(self.names) - self._page))
        shown = self.names[self._first : self._first + self._page]
        high = rows // max(1, len(shown))
        for place, name in enumerate(shown):
            self._draw_one(cells.part(place * high, 0, high, columns), scene, name)
        last = self._first + len(shown)
        return cells, f"{self._first + 1}–{last} of {len(self.names)}" if len(self.names) > 1 else ""

    @staticmethod
    def _draw_one(cells: Cells, scene: Scene, name: str) -> None:
        """Its name, as much of it as there is room for, its shape, and its bars."""
        text, dim = (available(tone, scene.terminal) for tone in (scene.ink.text, scene.ink.dim))
        bars = weight_histograms(scene, name)
        shape = " × ".join(map(str, scene.state.weights[1].layers[name]["shape"])) if scene.state.weights else ""
        room = cells.columns - width(shape) - 2
        write_pieces(
            cells, 0, 0, [(clipped(name, max(room, _LEAST_COLUMNS), scene.terminal), text), (f"  {shape}", dim)]
        )
        if cells.rows > 1 and bars:
            drawn = draw_histogram(bars, cells.columns, cells.rows - 1, terminal=scene.terminal, tones=scene.ink)
            paste(cells, drawn, 1)
        elif bars:
            write(
                cells,
                0,
                0,
                clipped(f"{name} {bars[-1].mean:.3g} ± {bars[-1].std:.3g}", cells.columns, scene.terminal),
                text,
            )

    def move(self, across: int, down: int) -> bool:
        return self._go_to(self._first + across + down)

    def page(self, pages: int) -> bool:
        return self._go_to(self._first + pages * self._page)

    def _go_to(self, wanted: int) -> bool:
        first = max(0, min(wanted, len(self.names) - self._page))
        moved, self._first = first != self._first, first
        return moved
