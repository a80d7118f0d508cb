"""What is between two axes around the curves: their spreads, values to compare with, a cursor, what is beyond."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from gan_tui.drawing.colors import available
from gan_tui.drawing.plots.canvas import Canvas
from gan_tui.drawing.plots.curves import Panel, points
from gan_tui.drawing.plots.frame import in_columns
from gan_tui.drawing.plots.lines import DOTS_ACROSS, DOTS_DOWN, Dots, braille
from gan_tui.drawing.plots.spreads import Shading, shade
from gan_tui.drawing.plots.ticks import Axis
from gan_tui.drawing.words import as_shown, write
from gan_tui.text import width

Ints = NDArray[np.intp]


@dataclass(frozen=True)
class Level:
    """A reference that is in sight."""

    row: int
    mark: str
    """What a cell of its line shows."""
    columns: Ints
    """Those in which its line is."""
    sign: str
    """How its line looks, amid a row of words."""
    words: str
    short: str


_PATTERNS = (("xx", 1), ("xx xx", 3), ("x  x", 3))
"""Of lines of references, one after another: dots that are no curve's dashes. The sign of each, and its period."""
_LEAST_SEEN = 2
"""Cells of a line of which a reader knows it."""
_UNSETTLED = 2
"""Columns up to the newest, in which a curve may still come before a line or leave it: it is not told by these."""


def draw_around(canvas: Canvas, panel: Panel, owners: Ints, levels: Sequence[Level], cursor: float | None) -> None:
    """All that is between the axes beside the curves, which own some of the cells."""
    shading = shade(canvas, panel.curves, panel.log_y, owners)
    for level in levels:
        _draw_level(canvas, level, shading)
    _draw_cursor(canvas, cursor, owners < 0, shading)
    _count_beyond(canvas, panel)


def _draw_cursor(canvas: Canvas, cursor: float | None, free: Dots, shading: Shading) -> None:
    """A line down the column of the cursor, wherever no curve is."""
    column = cursor_column(canvas.x_axis, canvas.cells.columns, cursor)
    if column is not None:
        rows = np.flatnonzero(free[:, column])
        _put(canvas, (rows, column), "│" if canvas.terminal.unicode else "|", canvas.tones.text, shading)


def _put(canvas: Canvas, where: tuple[Ints, Ints | int], sign: str, color: int, shading: Shading) -> None:
    """A sign in some cells, on the ground that each of them has as a whole."""
    canvas.cells.characters[where] = sign
    canvas.cells.foreground[where] = available(color, canvas.terminal)
    canvas.cells.background[where] = shading.grounds[where]


def cursor_column(x_axis: Axis, columns: int, cursor: float | None) -> int | None:
    """The column that a cursor is in; None where it is not in sight."""
    if cursor is None:
        return None
    column = int(np.floor(in_columns(np.array([cursor]), x_axis, columns)[0]))
    return column if 0 <= column < columns else None


def levels_in_sight(canvas: Canvas, panel: Panel, owners: Ints) -> list[Level]:
    """The references between the axes, on the very dots of their values, of whose lines the curves leave some cells."""
    found, last = list[Level](), _newest_column(canvas, panel)
    for number, reference in enumerate(panel.references):
        line = points(np.zeros(1), np.array([reference.value]), panel.log_y)
        for row in canvas.rows_of(line.y).tolist():
            if not 0 <= row < canvas.cells.rows:
                continue
            pattern, period = _PATTERNS[number % len(_PATTERNS)]
            columns = np.array([column for column in range(last + 1) if pattern[column % period] == "x"], np.intp)
            columns = columns[owners[int(row), columns] < 0]
            if np.sum(columns <= last - _UNSETTLED) >= _LEAST_SEEN:
                sign = pattern.replace("x", _reference_mark(canvas, _AMID))
                words, short = (as_shown(text, canvas.terminal) for text in (reference.words, reference.short))
                found.append(Level(int(row), _reference_mark(canvas, row), columns, sign, words, short or words))
    return found


def _newest_column(canvas: Canvas, panel: Panel) -> int:
    """The column of the newest point of any curve, or the last one in sight."""
    newest = [points(curve.x, curve.y, panel.log_y).x[-1:] for curve in panel.curves]
    columns = canvas.columns_of(np.concatenate([np.zeros(0), *newest]))
    return min(int(np.floor(columns.max(initial=-1))), canvas.cells.columns - 1)


def _draw_level(canvas: Canvas, level: Level, shading: Shading) -> None:
    """A dim line to the newest point where no curve is; the edge of a spread is seen in every other cell."""
    columns = level.columns[(level.columns % 2 == 0) | ~shading.edges[level.row, level.columns]]
    _put(canvas, (np.full(len(columns), level.row), columns), level.mark, canvas.tones.dim, shading)


_AMID = 0.5
"""Where words have their middle."""


def _reference_mark(canvas: Canvas, row: float) -> str:
    """A cell of the line: a dot of its four, on the row that the value is on."""
    if not canvas.terminal.unicode:
        return "."
    dots = np.zeros((DOTS_DOWN, DOTS_ACROSS), dtype=np.bool_)
    dots[int(row * DOTS_DOWN) % DOTS_DOWN, 0] = True
    return str(braille(dots)[0, 0])


def _count_beyond(canvas: Canvas, panel: Panel) -> None:
    """How many values are above and below what is shown, at the edges."""
    if panel.values is None:
        return
    color = available(canvas.tones.text, canvas.terminal)
    rows = canvas.rows_of(points(np.zeros(len(panel.values)), panel.values, panel.log_y).y)
    for count, row, word in ((np.sum(rows < 0), 0, "above"), (np.sum(rows >= canvas.cells.rows), -1, "below")):
        if count:
            words = f" {int(count):,} {word} "
            write(canvas.cells, row % canvas.cells.rows, max(0, canvas.cells.columns - width(words)), words, color)
