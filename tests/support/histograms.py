"""A histogram as it stands on a screen, against numpy's counts."""

import numpy as np

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
    expected = _outline([array.astype(float).ravel() for array in arrays], bins, cells.columns)
    drawn, tallest = _filled(bars), 8 * bars.rows
    assert drawn.max() == tallest
    assert np.abs(drawn - expected * tallest).max() <= 1, (drawn.tolist(), (expected * tallest).round().tolist())
    assert (drawn > 0)[expected > 0].all()


def _outline(arrays: list[np.ndarray], bins: int, columns: int) -> np.ndarray:
    """(columns,) 0…1: the higher of the arrays' shares, on one scale, over the range that they span together."""
    edges = np.linspace(min(array.min() for array in arrays), max(array.max() for array in arrays), columns + 1)
    heights = []
    for array in arrays:
        counts, own_edges = np.histogram(array, bins)
        heights.append(np.diff(np.interp(edges, own_edges, np.concatenate([[0], np.cumsum(counts)]))))
    return np.max(heights, axis=0) / np.max(heights)


def _filled(area: Cells) -> np.ndarray:
    """(columns,) eighths of a cell that have another colour than the ground, from below."""
    ground = area.background[0, 0]
    parts = np.array([[_EIGHTHS.index(character) for character in row] for row in area.characters.tolist()])
    return np.where(area.background != ground, 8, parts).sum(axis=0)
