"""Histograms: every column as high as its share of the counts, whatever the bins were."""

import numpy as np
import pytest
from numpy.typing import NDArray

from gan_tui.drawing.cells import DEFAULT, Cells
from gan_tui.drawing.colors import blend
from gan_tui.drawing.plots.histogram import Histogram, draw_histogram
from gan_tui.drawing.terminal import ColorDepth, Terminal
from histograms import counted, edges_of

TRUECOLOR, PLAIN = Terminal(), Terminal(ColorDepth.MONO, unicode=False)
BEFORE, AFTER = 0x808080, 0x4080F0
EIGHTHS = " ▁▂▃▄▅▆▇█"


def histogram_of(values: NDArray[np.float64], bins: int, name: str = "w", color: int = AFTER) -> Histogram:
    counts, edges = np.histogram(values, bins)
    return Histogram(name, counts, edges[0], edges[-1], values.mean(), values.std(), color)


def heights(cells: Cells, rows: slice) -> list[int]:
    """Eighths of a cell that are filled in each column."""
    return [sum(EIGHTHS.index(c) for c in column) for column in cells.characters[rows].T.tolist()]


def test_bars_are_as_high_as_numpys_counts() -> None:
    values = np.random.default_rng(0).normal(0.1, 2, 5000)
    cells = draw_histogram([histogram_of(values, 60)], 60, 13, terminal=TRUECOLOR)
    counts, edges = np.histogram(values, 60)
    expected = counted(counts, edges[0], edges[-1], edges_of(cells))
    assert np.abs(np.array(heights(cells, slice(1, 11))) - expected / expected.max() * 80).max() <= 1
    assert "".join(cells.characters[0]).rstrip() == f"■ w  mean {values.mean():.3f}  std {values.std():.3f}"


@pytest.mark.parametrize("bins", [7, 24, 90])
def test_bins_are_spread_over_the_columns_they_lie_in(bins: int) -> None:
    values = np.random.default_rng(bins).normal(0, 1, 4000)
    cells = draw_histogram([histogram_of(values, bins)], 45, 13, terminal=TRUECOLOR)
    counts, edges = np.histogram(values, bins)
    expected = counted(counts, edges[0], edges[-1], edges_of(cells))
    drawn = np.array(heights(cells, slice(1, 11)))
    assert np.abs(drawn - expected / expected.max() * 80).max() <= 1
    assert drawn.max() == 80


def test_ticks_stand_under_their_values() -> None:
    cells = draw_histogram([histogram_of(np.linspace(-1, 1, 1000), 50)], 50, 12, terminal=TRUECOLOR)
    line, labels = ("".join(row) for row in cells.characters[-2:])
    assert labels.split() == ["-1.0", "-0.5", "0.0", "0.5", "1.0"]
    ticks = [i for i, c in enumerate(line) if c == "┬"]
    assert len(ticks) == 5 and len(set(np.diff(ticks))) == 1, "equal steps are equally far apart"
    used = [column for column, eighths in enumerate(heights(cells, slice(1, 10))) if eighths]
    assert abs(used[0] - ticks[0]) <= 1 and abs(used[-1] - ticks[-1]) <= 1, "the values go from -1 to 1"


def test_the_axis_has_the_colours_of_its_values() -> None:
    table = (np.arange(256) * 0x010101).astype(np.int32)  # -0.5 is black, 0.5 white
    bar = histogram_of(np.linspace(-1, 1, 1000), 50)
    cells = draw_histogram([bar], 50, 12, terminal=TRUECOLOR, shades=table, extent=0.5)
    first, middle, last = ticks_in(cells)[1:4]
    assert (cells.foreground[-2, :first][cells.characters[-2, :first] == "▄"] == table[0]).all(), "what is beyond"
    assert cells.foreground[-2, -4] == table[255]
    levels = (cells.foreground[-2, first + 1 : last] & 255).tolist()
    del levels[middle - first - 1]
    assert levels == sorted(levels) and levels[0] < 20 and levels[-1] > 235
    assert all(level < 128 for level in levels[: middle - first - 1])
    assert all(level > 127 for level in levels[middle - first - 1 :])
    plain = draw_histogram([bar], 50, 12, terminal=Terminal(unicode=False), shades=table, extent=0.5)
    assert plain.background[-2, -4] == table[255] and plain.text().isascii()


def ticks_in(cells: Cells) -> list[int]:
    return [column for column, character in enumerate(cells.characters[-2]) if character == "┬"]


def test_two_histograms_share_rows_and_scale() -> None:
    rng = np.random.default_rng(1)
    first, second = rng.uniform(-1, 1, 8000), rng.normal(0, 0.7, 4000)
    bars = [histogram_of(first, 40, "before", BEFORE), histogram_of(second, 40, "after", AFTER)]
    cells = draw_histogram(bars, 80, 23, terminal=TRUECOLOR)
    columns = [counted(bar.counts, bar.low, bar.high, edges_of(cells)) for bar in bars]
    scale = 160 / max(column.max() for column in columns)
    colors = {BEFORE: (1, 0), AFTER: (0, 1), blend(BEFORE, AFTER, 0.5): (1, 1), DEFAULT: (0, 0)}
    drawn = np.zeros((2, 80))
    for row, column in np.ndindex(20, 80):
        part = EIGHTHS.index(str(cells.characters[row + 1, column]))
        front = colors[int(cells.foreground[row + 1, column])]
        back = colors[int(cells.background[row + 1, column])]
        drawn[:, column] += part * np.array(front) + (8 - part) * np.array(back)
    assert np.abs(drawn - np.array(columns) * scale).max() <= 6  # where both end in a cell, one gives way
    assert np.abs(drawn - np.array(columns) * scale).mean() < 0.7


def test_without_colors_histograms_stand_one_above_the_other() -> None:
    values = np.random.default_rng(2).normal(0, 1, 4000)
    bars = [histogram_of(values, 50, "before"), histogram_of(values, 50, "after")]
    cells = draw_histogram(bars, 50, 24, terminal=Terminal(ColorDepth.MONO))
    assert heights(cells, slice(2, 12)) == heights(cells, slice(12, 22))
    assert max(heights(cells, slice(2, 12))) == 80


def test_a_spike_is_cut_and_leaves_the_others_legible() -> None:
    spike = Histogram("before", np.array([64]), 0, 0, 0, 0, BEFORE)
    bars = [spike, histogram_of(np.random.default_rng(3).normal(0, 0.05, 64), 40, "after", AFTER)]
    cells = draw_histogram(bars, 60, 20, terminal=Terminal(ColorDepth.MONO))
    assert (cells.characters == "▲").sum() == 1
    assert max(heights(cells, slice(10, 18))) == 16


def test_equal_values_do_not_stretch_the_axis_to_numpys_empty_range() -> None:
    bars = [histogram_of(np.zeros(64), 40, "before", BEFORE), histogram_of(np.linspace(-0.2, 0.2, 64), 40, "after")]
    cells = draw_histogram(bars, 60, 20, terminal=TRUECOLOR)
    assert cells.text().split("\n")[-1].split()[::4] == ["-0.2", "0.2"]


def test_weights_that_diverged_are_named_not_drawn() -> None:
    bad = Histogram("w", np.array([1, 2]), float("nan"), float("nan"), float("nan"), float("inf"), AFTER)
    lines = draw_histogram([bad], 40, 10, terminal=PLAIN).text().split("\n")
    assert lines[0].rstrip() == "# w  mean nan  std inf" and lines[1].rstrip() == "no finite values"
    assert draw_histogram([], 40, 10, terminal=PLAIN).text().split() == ["no", "values", "yet"]


def test_weights_that_explode_have_numbers_of_few_digits() -> None:
    exploded = Histogram("w", np.array([1, 1]), -3e38, 3e38, 0.25, 3e38, AFTER)
    cells = draw_histogram([exploded], 60, 8, terminal=PLAIN)
    assert "".join(cells.characters[0]).rstrip() == "# w  mean 0.25  std 3e+38"
