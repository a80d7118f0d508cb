"""A plane between two axes that end exactly where it does, each in the units of its own: for surfaces and points."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from gan_tui.drawing.cells import Cells
from gan_tui.drawing.colors import available
from gan_tui.drawing.pictures.sampling import fit
from gan_tui.drawing.plots.canvas import Canvas
from gan_tui.drawing.plots.curves import Curve
from gan_tui.drawing.plots.frame import X_ROWS, draw_frame
from gan_tui.drawing.plots.strokes import draw_curves
from gan_tui.drawing.plots.ticks import Axis, exact_axis
from gan_tui.drawing.terminal import Terminal
from gan_tui.drawing.tones import Tones
from gan_tui.drawing.words import as_shown, clipped, write
from gan_tui.text import width

LEAST_COLUMNS, LEAST_ROWS = 24, 9
"""Below this a plane has no axes."""
_COLUMNS_A_TICK, _ROWS_A_TICK = 9, 4
_NAME_ROWS = 1


@dataclass(frozen=True)
class Range:
    """What an axis is of, in its own units."""

    name: str
    low: float
    high: float


@dataclass(frozen=True)
class Plane:
    """Where in a drawing a plane is, and the axes around it; none where there is no room for them."""

    top: int
    left: int
    rows: int
    columns: int
    axes: tuple[Axis, Axis] | None = None
    """Along x and along y."""


def placed(x: Range, y: Range, columns: int, rows: int, square: bool) -> Plane:
    """The largest plane in columns x rows with axes around it; `square` has both sides look as long."""
    if columns < LEAST_COLUMNS or rows < LEAST_ROWS:
        wide, high = _sides(columns, rows, square)
        return Plane((rows - high) // 2, (columns - wide) // 2, high, wide)
    down = rows - 2 * _NAME_ROWS - X_ROWS
    labels = exact_axis(y.low, y.high, down, max(2, down // _ROWS_A_TICK)).labels
    left = min(max(map(len, labels), default=1), columns // 3) + 1
    wide, high = _sides(columns - left, down, square)
    across = exact_axis(x.low, x.high, wide, max(2, wide // _COLUMNS_A_TICK))
    upward = exact_axis(y.low, y.high, high, max(2, high // _ROWS_A_TICK))
    before = (columns - left - wide) // 2 + left
    return Plane((down - high) // 2 + _NAME_ROWS, before, high, wide, (across, upward))


def _sides(columns: int, rows: int, square: bool) -> tuple[int, int]:
    """(columns, rows) of the plane itself: of a square, those that fill one of its own size."""
    return fit(1, 1, *fit(1, 1, columns, rows)) if square else (columns, rows)


def draw_axes(cells: Cells, plane: Plane, x: Range, y: Range, tones: Tones, terminal: Terminal) -> None:
    """The axes around a plane, y's name above its axis and x's at the end below its own."""
    if plane.axes is None:
        return
    across, upward = plane.axes
    dim, text = available(tones.dim, terminal), available(tones.text, terminal)
    left = max(map(len, upward.labels), default=1) + 1
    left = min(left, plane.left)
    part = cells.part(plane.top, plane.left - left, plane.rows + X_ROWS, left + plane.columns)
    draw_frame(part, upward, across, left, dim, terminal)
    room = plane.columns + left
    write(cells, plane.top - 1, plane.left - left, clipped(as_shown(y.name, terminal), room, terminal), text)
    name = clipped(as_shown(x.name, terminal), room, terminal)
    write(cells, plane.top + plane.rows + X_ROWS, plane.left + plane.columns - width(name), name, text)


def draw_points(
    cells: Cells, plane: Plane, marks: Sequence[tuple[NDArray[np.floating], NDArray[np.floating], int]],
    line: tuple[NDArray[np.floating], NDArray[np.floating], int], terminal: Terminal, tones: Tones,
) -> None:  # fmt: skip
    """Points of several kinds over a line, each as (x, y, colour), on a plane that has axes.

    A point is a bullet: of so many, blocks of dots as charts have them would run together.
    """
    if plane.axes is None:
        return
    inside = cells.part(plane.top, plane.left, plane.rows, plane.columns)
    canvas = Canvas(inside, *plane.axes, terminal, tones)
    draw_curves(canvas, [Curve("", *line)], False)
    for x, y, color in marks:
        row, column = canvas.rows_of(np.asarray(y, np.float64)), canvas.columns_of(np.asarray(x, np.float64))
        inside_it = (row >= 0) & (row < plane.rows) & (column >= 0) & (column < plane.columns)
        where = row[inside_it].astype(np.intp), column[inside_it].astype(np.intp)
        inside.characters[where] = "•" if terminal.unicode else "*"
        inside.foreground[where] = available(color, terminal)
