"""Curves as dots in the foreground of cells, of which each has one colour: so a cell shows the dots of one curve alone.

Where curves meet in a cell, the dots of all in the colour of one would tell of one curve what is so of another. What
was measured comes before a line between two points that are far apart, as a validation's are; else curves take turns.
Beside a curve with more points, those far apart are marks: nothing else tells them from the line between them. A mark
is a block of dots around the value's own, since a bullet amid its cell may be half a cell away from it.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from gan_tui.drawing.colors import available, blend
from gan_tui.drawing.plots.canvas import Canvas, Numbers
from gan_tui.drawing.plots.curves import Curve, Points, points
from gan_tui.drawing.plots.lines import DOTS_ACROSS, DOTS_DOWN, Dots, braille, polyline
from gan_tui.drawing.terminal import ColorDepth

ASCII_MARKS = "*ox#@%&s"
"""Of the curves, one after another, without block characters: none that axes are drawn with."""
_DASHES = ((1, 1), (4, 2), (6, 1), (8, 5), (12, 9), (3, 1), (10, 3), (16, 12))
"""Of the curves where there are no colours: a period, and the dots of it that are drawn."""
_FAINT_DASHES = (4, 2)
"""Likewise, in columns, of a curve that is faint and cannot fade."""
_FAINT = 0.45
"""How far the colour of one that is faint fades, where there are colours enough."""
_FAR_APART = 4
"""Columns a point: marks of nearer ones would be a pattern of their own."""


@dataclass(frozen=True)
class _Stroke:
    """One curve on a canvas."""

    dots: Dots
    """All of them, those that another curve's hide among them."""
    points: Dots
    """The dots of what was measured; the others are of lines between two."""
    marks: Dots
    """The dots of marks, around those of points."""
    cell: tuple[int, int]
    """Dots of a cell, down and across."""
    faint: bool = False
    """Whether it gives way to any that is not."""

    @property
    def cells(self) -> Dots:
        """(rows, columns): which have any dot."""
        return _in_cells(self.dots, self.cell)

    @property
    def measured(self) -> Dots:
        """(rows, columns): which have any of a point; in the others is a line between two."""
        return _in_cells(self.points | self.marks, self.cell)

    @property
    def count(self) -> int:
        """In how many columns of cells it has a point."""
        return int(_in_cells(self.points, self.cell).any(axis=0).sum())

    def has_points_apart(self, columns: int) -> bool:
        """Whether there are so many columns a point."""
        return columns * self.count <= int(self.cells.any(axis=0).sum())

    def marked(self, chosen: Dots) -> "_Stroke":
        """With marks around some points: three rows of a cell's dots, of which the middle one is the point's."""
        down, across = self.cell
        row, column = np.nonzero(chosen)
        marks = np.zeros_like(self.dots)
        for near in (-1, 0, 1) if down > 1 else (0,):
            for beside in range(across):
                marks[np.clip(row + near, 0, len(marks) - 1), column // across * across + beside] = True
        return replace(self, dots=self.dots | marks, marks=self.marks | marks)


def draw_curves(canvas: Canvas, curves: Sequence[Curve], log_y: bool) -> NDArray[np.intp]:
    """All of them; returns the number of the curve that each cell shows, -1 without one."""
    terminal, cells = canvas.terminal, canvas.cells
    if not curves:
        return np.full((cells.rows, cells.columns), -1)
    strokes = _strokes(canvas, curves, log_y)
    owners = _owners(strokes)
    together = np.any([stroke.dots for stroke in strokes], axis=0) if terminal.colors is ColorDepth.MONO else None
    for index, (curve, stroke) in enumerate(zip(curves, strokes, strict=True)):
        own = owners == index
        mark = ASCII_MARKS[number_of(curve, index) % len(ASCII_MARKS)]
        # Dashes tell curves apart without colours, also in one cell.
        dots = stroke.dots if together is None else together
        cells.characters[own] = braille(dots)[own] if terminal.unicode else mark
        if not terminal.unicode:
            cells.characters[own & stroke.marks] = mark.upper()
        cells.foreground[own] = available(_color(curve, canvas), terminal)
    return owners


def number_of(curve: Curve, place: int) -> int:
    """Which of the signs a curve has where there are no colours."""
    return place if curve.number is None else curve.number


def _color(curve: Curve, canvas: Canvas) -> int:
    return blend(curve.color, canvas.tones.background, _FAINT) if curve.faint and _fades(canvas) else curve.color


def _fades(canvas: Canvas) -> bool:
    """Whether there are colours enough for paler ones."""
    return canvas.terminal.unicode and canvas.terminal.colors in (ColorDepth.TRUECOLOR, ColorDepth.COLORS_256)


def _strokes(canvas: Canvas, curves: Sequence[Curve], log_y: bool) -> list[_Stroke]:
    """Each line, with marks at points that are far apart beside those of another, and at each that is alone."""
    strokes = [_stroke(canvas, curve, index, log_y) for index, curve in enumerate(curves)]
    most = max(stroke.count for stroke in strokes)
    return [
        stroke.marked(stroke.points) if 2 * stroke.count <= most and stroke.has_points_apart(_FAR_APART) else stroke
        for stroke in strokes
    ]


def _owners(strokes: Sequence[_Stroke]) -> NDArray[np.intp]:
    """(rows, columns): the number of the curve that a cell shows, -1 without one."""
    ranks = np.array([
        np.where(stroke.cells, 3 * (not stroke.faint) + (2 * stroke.measured if stroke.has_points_apart(2) else 1), -1)
        for stroke in strokes
    ])  # fmt: skip
    best = ranks.max(axis=0)
    first = (ranks == best) & (ranks >= 0)
    rivals = first.sum(axis=0)
    shared = rivals > 1
    turn = np.cumsum(shared.T).reshape(shared.T.shape).T  # down one column after another: also where lines are steep
    place = np.where(shared, turn % np.maximum(rivals, 1), 0)
    owner: NDArray[np.intp] = np.where(best >= 0, (first & (np.cumsum(first, axis=0) == place + 1)).argmax(axis=0), -1)
    return owner


def _stroke(canvas: Canvas, curve: Curve, index: int, log_y: bool) -> _Stroke:
    cells, terminal, line = canvas.cells, canvas.terminal, points(curve.x, curve.y, log_y)
    down, across = (DOTS_DOWN, DOTS_ACROSS) if terminal.unicode else (1, 1)
    shape = cells.rows * down, cells.columns * across
    column, row = canvas.columns_of(line.x) * across, canvas.rows_of(line.y) * down
    dots = _dots(line, column, row, shape)
    if terminal.unicode and terminal.colors is ColorDepth.MONO:
        dots &= _dashes(number_of(curve, index), dots.shape)
    if curve.faint and not _fades(canvas):
        period, drawn = _FAINT_DASHES
        dots &= np.arange(shape[1]) % period < drawn
    alone = ~line.follows & ~np.append(line.follows[1:], False)
    stroke = _Stroke(dots, _points(row, column, shape), np.zeros(shape, np.bool_), (down, across), curve.faint)
    return stroke.marked(_points(row[alone], column[alone], shape))


def _points(row: Numbers, column: Numbers, shape: tuple[int, int]) -> Dots:
    """The dots of the points that are on the canvas, without lines."""
    inside = (column >= 0) & (column < shape[1]) & (row >= 0) & (row < shape[0])
    found = np.zeros(shape, dtype=np.bool_)
    found[row[inside].astype(np.intp), column[inside].astype(np.intp)] = True
    return found


def _in_cells(dots: Dots, cell: tuple[int, int]) -> Dots:
    """(rows, columns): which cells have any of the dots."""
    down, across = cell
    return np.asarray(dots.reshape(len(dots) // down, down, -1, across).any(axis=(1, 3)))


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
