"""A convolution's kernels, untrained beside trained on one scale, and the histogram of its weights before and after."""

import numpy as np

from gan_tui.dashboard.views.base import Scene, View
from gan_tui.drawing.cells import Cells, blank, paste
from gan_tui.drawing.pictures import shades
from gan_tui.drawing.pictures.pairs import draw_pairs
from gan_tui.drawing.pictures.tiles import draw_tiles
from gan_tui.drawing.plots.histogram import Histogram, draw_histogram
from gan_tui.run.events import Picture
from gan_tui.run.state import RunState

HISTOGRAM_ROWS = 9
_ROWS_WITHOUT_BAR = 6


class KernelsView(View):
    """The first and the newest picture of a layer's kernels."""

    def __init__(self, layer: str) -> None:
        self.layer, self.tag, self.name = layer, f"kernels-{layer}", f"kernels of {layer}"

    def needs(self, state: RunState) -> list[Picture]:
        pictures = state.pictures.get(self.tag)
        return [pictures[0], pictures[-1]] if pictures else []

    def draw(self, scene: Scene, columns: int, rows: int) -> tuple[Cells, str]:
        first, now = self.needs(scene.state)
        before, after = scene.tiles(first).pixels, scene.tiles(now).pixels
        below = HISTOGRAM_ROWS if rows >= 2 * HISTOGRAM_ROWS else 0
        bar = int(rows - below > _ROWS_WITHOUT_BAR)
        cells, room = blank(rows, columns), (columns, rows - below - bar)
        ends = scene.ink.series[0], scene.ink.background, scene.ink.series[1]
        most = shades.round_extent(np.concatenate([scene.tiles(one).numbers.ravel() for one in (first, now)]))
        colors = shades.of_signed(scene.terminal.colors, now.low, now.high, ends, most)
        if before.shape == after.shape:
            headings = ("untrained", f"step {now.step:,}")
            kernels, (_, wall) = draw_pairs(
                before, after, *room, scene.terminal, headings=headings, tones=scene.ink, shades=colors
            )
        else:  # somebody else's log
            kernels, wall = draw_tiles(after, *room, scene.terminal, shades=colors)
        paste(cells, kernels)
        if bar:
            scale = colors if colors is None else shades.of_signed(scene.terminal.colors, -most, most, ends, most)
            low, high = (-most, most) if colors is not None else (now.low, now.high)
            words = f"{low:g}", f"{high:g}", "0" if low == -high else ""
            paste(cells, shades.draw_bar(*words, columns, scene.terminal, scene.ink, scale), rows - below - 1)
        histograms = weight_histograms(scene, f"/{self.layer}/kernel")
        if below and histograms:
            drawn = draw_histogram(histograms, columns, below, terminal=scene.terminal, tones=scene.ink)
            paste(cells, drawn, rows - below)
        return cells, f"{wall.shown} of {len(after)}"


def weight_histograms(scene: Scene, ending: str) -> list[Histogram]:
    """Before and after, of the weight whose name (network/layer/weight) ends so; [] while there is none."""
    if scene.state.weights is None:
        return []
    found = []
    names = "untrained", f"step {scene.state.weights[1].step:,}"
    for event, name, color in zip(scene.state.weights, names, (scene.ink.dim, scene.ink.series[0]), strict=True):
        for weight, facts in event.layers.items():
            if f"/{weight}".endswith(ending):
                low, high = facts["low"], facts["high"]
                if not low < high:
                    low, high = low - 0.5, low + 0.5
                counts = np.asarray(facts["counts"])
                found.append(Histogram(name, counts, low, high, facts["mean"], facts["std"], color))
                break
    return found
