"""A convolution's kernels, untrained beside trained on one scale, and the histogram of its weights before and after."""

import numpy as np

from gan_tui.dashboard.views.base import Scene, View, sheet
from gan_tui.drawing.cells import Cells
from gan_tui.drawing.pictures.pairs import draw_pairs
from gan_tui.drawing.plots.histogram import Histogram, draw_histogram
from gan_tui.drawing.words import blank
from gan_tui.run.events import Picture
from gan_tui.run.state import RunState

HISTOGRAM_ROWS = 9


class KernelsView(View):
    """The first and the newest picture of a layer's kernels."""

    def __init__(self, layer: str) -> None:
        self.layer, self.tag, self.name = layer, f"kernels-{layer}", f"kernels of {layer}"

    def needs(self, state: RunState) -> list[Picture]:
        pictures = state.pictures.get(self.tag)
        return [pictures[0], pictures[-1]] if pictures else []

    def draw(self, scene: Scene, columns: int, rows: int) -> tuple[Cells, str]:
        first, now = self.needs(scene.state)
        before, after = scene.tiles(first), scene.tiles(now)
        _, height, width = after.shape
        below = HISTOGRAM_ROWS if rows >= 2 * HISTOGRAM_ROWS else 0
        cells = blank(rows, columns)
        pairs, (_, shown) = draw_pairs(
            sheet(before), sheet(after), height, width, columns, rows - below, scene.terminal,
            headings=("untrained", f"step {now.step:,}"), tones=scene.tones,
        )  # fmt: skip
        put(cells, pairs, 0)
        histograms = weight_histograms(scene, f"/{self.layer}/kernel")
        if below and histograms:
            drawn = draw_histogram(histograms, columns, below, terminal=scene.terminal, tones=scene.tones)
            put(cells, drawn, rows - below)
        return cells, f"{shown.tiles} of {len(after)}, {now.low:g} black … {now.high:g} white"


def weight_histograms(scene: Scene, ending: str) -> list[Histogram]:
    """Before and after, of the weight whose name (network/layer/weight) ends so; [] while there is none."""
    if scene.state.weights is None:
        return []
    found = []
    for event, name, color in zip(
        scene.state.weights, ("untrained", "now"), (scene.ink.dim, scene.ink.lines[0]), strict=True
    ):
        for weight, facts in event.layers.items():
            if f"/{weight}".endswith(ending):
                low, high = facts["low"], facts["high"]
                if not low < high:
                    low, high = low - 0.5, low + 0.5
                counts = np.asarray(facts["counts"])
                found.append(Histogram(name, counts, low, high, facts["mean"], facts["std"], color))
                break
    return found


def put(cells: Cells, drawn: Cells, row: int) -> None:
    """Lay a drawing into cells, from a row on."""
    rows = min(drawn.rows, cells.rows - row)
    columns = min(drawn.columns, cells.columns)
    if rows > 0:
        cells.characters[row : row + rows, :columns] = drawn.characters[:rows, :columns]
        cells.foreground[row : row + rows, :columns] = drawn.foreground[:rows, :columns]
        cells.background[row : row + rows, :columns] = drawn.background[:rows, :columns]
