"""A layer's kernels, untrained beside trained on one scale, and the histogram of its weights before and after."""

import numpy as np
from numpy.typing import NDArray

from gan_tui.dashboard.views.base import Scene
from gan_tui.dashboard.views.wall import WallView
from gan_tui.drawing.cells import Cells, blank, paste
from gan_tui.drawing.pictures import shades
from gan_tui.drawing.pictures.blocks import Pixels, Shades
from gan_tui.drawing.pictures.numbers import have_room, write_numbers
from gan_tui.drawing.pictures.pairs import draw_pairs, room_for_each
from gan_tui.drawing.pictures.tiles import draw_tiles
from gan_tui.drawing.plots.histogram import Histogram, can_be_drawn, draw_histogram
from gan_tui.drawing.terminal import Terminal
from gan_tui.run.events import Picture
from gan_tui.run.pictures import Tiles
from gan_tui.run.state import RunState

HISTOGRAM_ROWS = 9
_ROWS_WITHOUT_BAR = 6
_LARGEST_WITH_NUMBERS = 8
"""Weights a side."""


class KernelsView(WallView):
    """The first and the newest picture of a layer's kernels; where there is room, each weight's number is in it."""

    def __init__(self, layer: str) -> None:
        super().__init__(f"kernels-{layer}", f"kernels of {layer}")
        self.layer = layer

    def needs(self, state: RunState) -> list[Picture]:
        pictures = state.pictures.get(self.tag)
        return [pictures[0], pictures[-1]] if pictures else []

    def draw(self, scene: Scene, columns: int, rows: int) -> tuple[Cells, str]:
        first, now = self.needs(scene.state)
        both = scene.tiles(first), scene.tiles(now)
        numbers = np.concatenate([tiles.numbers.ravel() for tiles in both])
        most = shades.round_extent(numbers)
        cells, colors = blank(rows, columns), self._colors(scene, most)
        histograms = weight_histograms(scene, _kernel_of(scene, self.layer)) if rows >= 2 * HISTOGRAM_ROWS else []
        below = HISTOGRAM_ROWS if histograms else 0
        told = colors is not None and any(map(can_be_drawn, histograms))  # by the colours on the histograms' axis
        bar = int(not told and rows - below > _ROWS_WITHOUT_BAR)
        drawn, note = self._kernels(scene, both, most, columns, rows - below - bar)
        paste(cells, drawn, max(0, rows - below - bar - drawn.rows) // 2, max(0, columns - drawn.columns) // 2)
        if bar:
            words = _ends(numbers, most, scene.terminal)
            paste(cells, shades.draw_bar(*words, "0", columns, scene.terminal, scene.ink, colors), rows - below - 1)
        if histograms:
            drawn = draw_histogram(
                histograms, columns, below, terminal=scene.terminal, tones=scene.ink, shades=colors, extent=most
            )
            paste(cells, drawn, rows - below)
        return cells, note

    @staticmethod
    def _colors(scene: Scene, most: float) -> Shades | None:
        zero = shades.of_zero(scene.ink.background, scene.ink.dim)
        ends = scene.ink.series[0], zero, scene.ink.series[1]
        return shades.of_signed(scene.terminal.colors, -most, most, ends, most)

    def _kernels(
        self, scene: Scene, both: tuple[Tiles, Tiles], most: float, columns: int, rows: int
    ) -> tuple[Cells, str]:
        before, after = (_levels(tiles, most) for tiles in both)
        colors, count = self._colors(scene, most), len(after)
        self._order = range(count)
        labels = [f"no. {number + 1} of {count}" for number in range(count)]
        if self.chosen is not None:
            self.chosen = min(self.chosen, count - 1)
        if before.shape != after.shape:  # somebody else's log
            plan, margin = self._planned(after, count, (columns, rows), scene)
            self._turn_to_chosen(plan.shown)
            cells, self._wall = draw_tiles(
                after, columns, rows, scene.terminal, margin=margin, first=self._first, shades=colors
            )
            return cells, self._marked(cells, scene, labels)
        first_step, last_step = (scene.state.pictures[self.tag][place].step for place in (0, -1))
        alone = slice(self.chosen, (self.chosen or 0) + 1) if self.enlarged else slice(None)
        plan, margin = self._planned(after, count, room_for_each(columns, rows), scene)
        self._turn_to_chosen(plan.shown)
        first = 0 if self.enlarged else self._first
        cells, walls = draw_pairs(
            before[alone], after[alone], columns, rows, scene.terminal,
            headings=(first_name(scene.state, first_step), f"step {last_step:,}"),
            tones=scene.ink, margin=0 if self.enlarged else margin, first=first, shades=colors,
        )  # fmt: skip
        for tiles, wall in zip(both, walls, strict=True):
            if max(after.shape[1:3]) <= _LARGEST_WITH_NUMBERS and have_room(wall):
                write_numbers(cells, wall, tiles.numbers[alone, ..., 0][first:], scene.terminal)
        if self.enlarged:
            return cells, labels[self.chosen or 0]
        self._wall = walls[1]
        return cells, self._marked(cells, scene, labels)


def _levels(tiles: Tiles, most: float) -> Pixels:
    """(count, height, width, channels) of 0…255, which stand for -most … most."""
    shares: NDArray[np.floating] = (tiles.numbers / most).clip(-1, 1)
    levels: Pixels = ((shares + 1) * 127.5).round().astype(np.uint8)
    return levels


def _ends(numbers: NDArray[np.floating], most: float, terminal: Terminal) -> tuple[str, str]:
    """The least and the greatest of a scale in words, which say where there are numbers beyond."""
    below, above = ("≤ ", "≥ ") if terminal.unicode else ("<= ", ">= ")
    low = f"{below if (numbers < -most).any() else ''}{-most:g}"
    return low, f"{above if (numbers > most).any() else ''}{most:g}"


def first_name(state: RunState, step: int) -> str:
    """What weights are called as they were told first: those of a script may have been trained before."""
    return f"step {step:,}" if state.is_of_others else "untrained"


def weight_histograms(scene: Scene, name: str) -> list[Histogram]:
    """Before and after, of a weight by its name; [] while there is none.

    Both are greys: hues are for the signs of weights. They differ in lightness, which every kind of vision tells apart.
    """
    if scene.state.weights is None:
        return []
    found = []
    first, now = scene.state.weights
    called = first_name(scene.state, first.step), f"step {now.step:,}"
    for event, words, color in zip((first, now), called, (scene.ink.dim, scene.ink.text), strict=True):
        if facts := event.layers.get(name):
            low, high = facts["low"], facts["high"]
            if not low < high:
                low, high = low - 0.5, low + 0.5
            counts = np.asarray(facts["counts"])
            found.append(Histogram(words, counts, low, high, facts["mean"], facts["std"], color))
    return found


def _kernel_of(scene: Scene, layer: str) -> str:
    """The name (network/layer/weight) of a layer's kernel, in whichever network it is; empty while there is none."""
    layers = scene.state.weights[1].layers if scene.state.weights else ()
    return next((name for name in layers if f"/{name}".endswith(f"/{layer}/kernel")), "")
