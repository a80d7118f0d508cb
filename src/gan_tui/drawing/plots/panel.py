"""All that is between two axes: curves before their spreads, values to compare with, a cursor, what is beyond."""

import numpy as np

from gan_tui.drawing.colors import available
from gan_tui.drawing.plots.canvas import Canvas
from gan_tui.drawing.plots.curves import Panel, points
from gan_tui.drawing.plots.frame import in_columns
from gan_tui.drawing.plots.lines import DOTS_ACROSS, DOTS_DOWN, Dots, braille
from gan_tui.drawing.plots.spreads import shade
from gan_tui.drawing.plots.strokes import draw_curves
from gan_tui.drawing.plots.ticks import Axis
from gan_tui.drawing.words import as_shown, write
from gan_tui.text import width


def draw_panel(canvas: Canvas, panel: Panel, cursor: float | None) -> list[str]:
    """All that is between the axes; returns the words of references that found no room there."""
    owners = draw_curves(canvas, panel.curves, panel.log_y)
    shade(canvas, panel.curves, panel.log_y, owners)
    _draw_cursor(canvas, cursor)
    _count_beyond(canvas, panel)
    return _draw_references(canvas, panel, owners >= 0)


def _draw_cursor(canvas: Canvas, cursor: float | None) -> None:
    """A line down the column of the cursor."""
    column = cursor_column(canvas.x_axis, canvas.cells.columns, cursor)
    if column is not None:
        free = canvas.cells.characters[:, column] == " "
        canvas.cells.characters[free, column] = "│" if canvas.terminal.unicode else "|"
        canvas.cells.foreground[free, column] = available(canvas.tones.accent, canvas.terminal)


def cursor_column(x_axis: Axis, columns: int, cursor: float | None) -> int | None:
    """The column that a cursor is in; None where it is not in sight."""
    if cursor is None:
        return None
    column = int(np.floor(in_columns(np.array([cursor]), x_axis, columns)[0]))
    return column if 0 <= column < columns else None


def _draw_references(canvas: Canvas, panel: Panel, taken: Dots) -> list[str]:
    """A dim line on the very dots of a value, where no curve is, and its words at an end that has room for them."""
    cells, color = canvas.cells, available(canvas.tones.dim, canvas.terminal)
    left_over = list[str]()
    for reference in panel.references:
        line = points(np.zeros(1), np.array([reference.value]), panel.log_y)
        row = canvas.rows_of(line.y)
        if not len(row) or not 0 <= row[0] < cells.rows:
            continue
        at = int(row[0])
        free = ~taken[at] & (cells.characters[at] == " ")
        cells.characters[at, free] = _reference_mark(canvas, float(row[0]))
        cells.foreground[at, free] = color
        words = f" {as_shown(reference.words, canvas.terminal)} "
        long = width(words)
        for start in (cells.columns - long - 1, 1):
            if start > 0 and not taken[at, start : start + long].any():
                write(cells, at, start, words, color)
                taken[at, start : start + long] = True
                break
        else:
            left_over.append(words.strip())
    return left_over


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
