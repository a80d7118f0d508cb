"""A histogram as it stands on a screen, against numpy's counts."""

import numpy as np

from chart_reader import number
from gan_tui.drawing.cells import Cells

AXIS_ROWS = 2
"""Below the bars: a line with ticks, and their values."""
_EIGHTHS = " ▁▂▃▄▅▆▇█"


def assert_outlines(cells: Cells, *arrays: np.ndarray, bins: int = 40) -> None:
    """The bars on the cells, which have the names above them and an axis below, are those of the arrays' counts: each
    column is filled as high as the higher of them, an eighth of a cell more or less, and none is empty that should not
    be.
    """
    names = sum(line.startswith("■") for line in cells.text().split("\n"))
    bars = cells.part(names, 0, cells.rows - names - AXIS_ROWS, cells.columns)
    expected = _outline([array.astype(float).ravel() for array in arrays], bins, edges_of(cells))
    drawn, tallest = _filled(bars), 8 * bars.rows
    assert drawn.max() == tallest
    assert np.abs(drawn - expected * tallest).max() <= 1, (drawn.tolist(), (expected * tallest).round().tolist())
    assert (drawn > 0)[expected > 0].all()


def edges_of(cells: Cells) -> np.ndarray:
    """(columns + 1,) the values between the columns, as the ticks tell it."""
    line, labels = ("".join(row) for row in cells.characters[-2:])
    at = [column for column, character in enumerate(line) if character in "┬+"]
    values = [number(label) for label in labels.split()]
    assert len(at) == len(values) >= 2
    assert np.ptp(np.diff(at)) == 0 or len(at) == 2, "equal steps are equally far apart"
    wide = (values[-1] - values[0]) / (at[-1] - at[0])
    return values[0] + (np.arange(cells.columns + 1) - at[0] - 0.5) * wide


def counted(counts: np.ndarray, low: float, high: float, edges: np.ndarray) -> np.ndarray:
    """(columns,) how many of a histogram's counts lie between edges, those of a bin spread evenly over it."""
    below = np.concatenate([[0], np.cumsum(counts)])
    return np.diff(np.interp(edges, np.linspace(low, high, len(counts) + 1), below))


def _outline(arrays: list[np.ndarray], bins: int, edges: np.ndarray) -> np.ndarray:
    """(columns,) 0…1: the higher of the arrays' shares, on one scale."""
    heights = []
    for array in arrays:
        counts, own_edges = np.histogram(array, bins)
        heights.append(counted(counts, own_edges[0], own_edges[-1], edges))
    return np.max(heights, axis=0) / np.max(heights)


def _filled(area: Cells) -> np.ndarray:
    """(columns,) eighths of a cell that have another colour than the ground, from below."""
    ground = area.background[0, 0]
    parts = np.array([[_EIGHTHS.index(character) for character in row] for row in area.characters.tolist()])
    return np.where(area.background != ground, 8, parts).sum(axis=0)
