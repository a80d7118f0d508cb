"""Curves as dots in the foreground of cells, of which each has one colour: so a cell shows the dots of one curve alone.

Where curves meet in a cell, the dots of all in the colour of one would tell of one curve what is so of another. What
was measured comes before a line between two points that are far apart, as a validation's are; else curves take turns.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from gan_tui.drawing.colors import available
from gan_tui.drawing.plots.canvas import Canvas, Numbers
from gan_tui.drawing.plots.curves import Curve, Points, points
from gan_tui.drawing.plots.lines import DOTS_ACROSS, DOTS_DOWN, Dots, braille, polyline
from gan_tui.drawing.terminal import ColorDepth

ASCII_MARKS = "*ox#@%"
"""Of the curves, one after another, without block characters: none that axes are drawn with."""
_DASHES = ((1, 1), (4, 2), (6, 1), (8, 5))
"""Of the curves where there are no colours: a period, and the dots of it that are drawn."""


@dataclass(frozen=True)
class _Stroke:
    """One curve on a canvas."""

    dots: Dots
    """All of them, those that another curve's hide among them."""
    cells: Dots
    """(rows, columns): which have any."""
    measured: Dots
    """(rows, columns): which have a point of it; in the others is a line between two."""
    alone: Dots
    """(rows, columns): which have a point that no line joins to others."""

    @property
    def is_sparse(self) -> bool:
        """Whether most of it is between points."""
        return 2 * int(self.measured.any(axis=0).sum()) <= int(self.cells.any(axis=0).sum())


def draw_curves(canvas: Canvas, curves: Sequence[Curve], log_y: bool) -> NDArray[np.intp]:
    """All of them; returns the number of the curve that each cell shows, -1 without one."""
    terminal, cells = canvas.terminal, canvas.cells
    if not curves:
        return np.full((cells.rows, cells.columns), -1)
    strokes = [_stroke(canvas, points(curve.x, curve.y, log_y), index) for index, curve in enumerate(curves)]
    owners = _owners(strokes)
    together = np.any([stroke.dots for stroke in strokes], axis=0) if terminal.colors is ColorDepth.MONO else None
    for index, (curve, stroke) in enumerate(zip(curves, strokes, strict=True)):
        own = owners == index
        lone = own & stroke.alone
        mark = "•" if terminal.unicode else ASCII_MARKS[index % len(ASCII_MARKS)]
        # Dashes tell curves apart without colours, also in one cell.
        dots = stroke.dots if together is None else together
        cells.characters[own] = braille(dots)[own] if terminal.unicode else mark
        cells.characters[lone] = mark
        cells.foreground[own] = available(curve.color, terminal)
    return owners


def _owners(strokes: Sequence[_Stroke]) -> NDArray[np.intp]:
    """(rows, columns): the number of the curve that a cell shows, -1 without one."""
    ranks = np.array([
        np.where(stroke.cells, 2 * stroke.measured if stroke.is_sparse else 1, -1) for stroke in strokes
    ])  # fmt: skip
    best = ranks.max(axis=0)
    first = (ranks == best) & (ranks >= 0)
    rivals = first.sum(axis=0)
    shared = rivals > 1
    turn = np.cumsum(shared.T).reshape(shared.T.shape).T  # down one column after another: also where lines are steep
    place = np.where(shared, turn % np.maximum(rivals, 1), 0)
    owner: NDArray[np.intp] = np.where(best >= 0, (first & (np.cumsum(first, axis=0) == place + 1)).argmax(axis=0), -1)
    return owner


def _stroke(canvas: Canvas, line: Points, index: int) -> _Stroke:
    cells, terminal = canvas.cells, canvas.terminal
    down, across = (DOTS_DOWN, DOTS_ACROSS) if terminal.unicode else (1, 1)
    column, row = canvas.columns_of(line.x), canvas.rows_of(line.y)
    dots = _dots(line, column * across, row * down, (cells.rows * down, cells.columns * across))
    if terminal.unicode and terminal.colors is ColorDepth.MONO:
        dots &= _dashes(index, dots.shape)
    alone = _cells_of(cells.rows, cells.columns, row, column, ~line.follows & ~np.append(line.follows[1:], False))
    used = np.any(dots.reshape(cells.rows, down, cells.columns, across), axis=(1, 3)) | alone
    return _Stroke(dots, used, _cells_of(cells.rows, cells.columns, row, column), alone)


def _cells_of(rows: int, columns: int, row: Numbers, column: Numbers, chosen: Dots | bool = True) -> Dots:
    """(rows, columns): which cells have any of the chosen points."""
    inside = (column >= 0) & (column < columns) & (row >= 0) & (row < rows) & chosen
    found = np.zeros((rows, columns), dtype=np.bool_)
    found[row[inside].astype(np.intp), column[inside].astype(np.intp)] = True
    return found


def _dots(line: Points, column: Numbers, row: Numbers, shape: tuple[int, int]) -> Dots:
    """The dots of a line that may leave the canvas: it is drawn up to the edge."""
    high, wide = shape
    inside = np.clip(column, -wide, 2 * wide), np.clip(row, -high, 2 * high)
    columns, rows = (np.floor(values).astype(np.intp) for values in inside)
    if not len(columns) or (columns.min() >= 0 and columns.max() < wide and rows.min() >= 0 and rows.max() < high):
        return polyline(columns, rows, line.follows, shape)
    larger = polyline(columns + wide, rows + high, line.follows, (3 * high + 1, 3 * wide + 1))
    dots: Dots = larger[high : 2 * high, wide : 2 * wide].copy()
    return dots


def _dashes(index: int, shape: tuple[int, int]) -> Dots:
    period, drawn = _DASHES[index % len(_DASHES)]
    return np.add.outer(np.arange(shape[0]), np.arange(shape[1])) % period < drawn
