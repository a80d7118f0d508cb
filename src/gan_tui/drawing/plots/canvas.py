"""Curves in cells: dots in the foreground, the spread around them in the background, values to compare with between."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from gan_tui.drawing.cells import DEFAULT, Cells
from gan_tui.drawing.colors import available, blend, pack, unpack
from gan_tui.drawing.plots.curves import Curve, Panel, Points, points
from gan_tui.drawing.plots.eighths import PARTS, glyphs
from gan_tui.drawing.plots.frame import in_columns, in_rows
from gan_tui.drawing.plots.lines import DOTS_ACROSS, DOTS_DOWN, Dots, braille, polyline
from gan_tui.drawing.plots.ticks import Axis
from gan_tui.drawing.terminal import ColorDepth, Terminal
from gan_tui.drawing.tones import Tones
from gan_tui.drawing.words import as_shown, write
from gan_tui.text import width

Numbers = NDArray[np.float64]

ASCII_MARKS = "*ox#@%"
"""Of the curves, one after another, without block characters: none that axes are drawn with."""
_DASHES = ((1, 1), (4, 2), (6, 1), (8, 5))
"""Of the curves where there are no colours: a period, and the dots of it that are drawn."""
_MUTED = 0.66
"""How far the colour of a curve fades for its spread."""
_MOST_SPREADS = 4
"""That are mixed where they overlap: those of further curves are left out."""


@dataclass(frozen=True)
class Canvas:
    """Cells between two axes."""

    cells: Cells
    x_axis: Axis
    y_axis: Axis
    terminal: Terminal
    tones: Tones

    def rows_of(self, values: Numbers) -> Numbers:
        return in_rows(values, self.y_axis, self.cells.rows)

    def columns_of(self, values: Numbers) -> Numbers:
        return in_columns(values, self.x_axis, self.cells.columns)


def is_shaded(terminal: Terminal) -> bool:
    """Whether there are colours enough to tell a spread from its curve."""
    return terminal.colors not in (ColorDepth.MONO, ColorDepth.COLORS_16)


def draw_panel(canvas: Canvas, panel: Panel, cursor: float | None) -> list[str]:
    """All that is between the axes; returns the words of references that found no room there."""
    spread = [curve for curve in panel.curves if curve.spread is not None][:_MOST_SPREADS]
    if spread and is_shaded(canvas.terminal):
        _shade(canvas, spread, panel.log_y)
    _draw_cursor(canvas, cursor)
    taken = _draw_curves(canvas, panel)
    _count_beyond(canvas, panel)
    return _draw_references(canvas, panel, taken)


# Curves ----------------------------------------------------------


def _draw_curves(canvas: Canvas, panel: Panel) -> Dots:
    """Where curves meet in a cell, its dots are all theirs and its colour the later's: none seems torn.

    Returns which cells they take.
    """
    terminal, cells = canvas.terminal, canvas.cells
    shape = cells.rows, cells.columns
    down, across = (DOTS_DOWN, DOTS_ACROSS) if terminal.unicode else (1, 1)
    all_dots = np.zeros((shape[0] * down, shape[1] * across), dtype=np.bool_)
    taken = np.zeros(shape, dtype=np.bool_)
    for index, curve in enumerate(panel.curves):
        line = points(curve.x, curve.y, panel.log_y)
        column, row = canvas.columns_of(line.x), canvas.rows_of(line.y)
        dots = _dots(line, column * across, row * down, all_dots.shape)
        if terminal.unicode and terminal.colors is ColorDepth.MONO:
            dots &= _dashes(index, dots.shape)
        all_dots |= dots
        used: Dots = np.any(dots.reshape(shape[0], down, shape[1], across), axis=(1, 3))
        mark = "•" if terminal.unicode else ASCII_MARKS[index % len(ASCII_MARKS)]
        cells.characters[used] = braille(all_dots)[used] if terminal.unicode else mark
        used |= _draw_lone_points(cells, line, column, row, mark)
        cells.foreground[used] = available(curve.color, terminal)
        taken |= used
    return taken


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


def _draw_lone_points(cells: Cells, line: Points, column: Numbers, row: Numbers, mark: str) -> Dots:
    """Points that no line joins to others, as a mark of their own; returns their cells."""
    alone = ~line.follows & ~np.append(line.follows[1:], False)
    alone &= (column >= 0) & (column < cells.columns) & (row >= 0) & (row < cells.rows)
    used = np.zeros((cells.rows, cells.columns), dtype=np.bool_)
    where = row[alone].astype(np.intp), column[alone].astype(np.intp)
    cells.characters[where] = mark
    used[where] = True
    return used


def _dashes(index: int, shape: tuple[int, int]) -> Dots:
    period, drawn = _DASHES[index % len(_DASHES)]
    return np.add.outer(np.arange(shape[0]), np.arange(shape[1])) % period < drawn


# The spread ----------------------------------------------------------


def _spread(canvas: Canvas, curve: Curve, log_y: bool) -> tuple[Numbers, Numbers]:
    """(columns,) where the extremes of each column are, in rows from above: NaN without two."""
    top = np.full(canvas.cells.columns, np.inf)
    bottom = np.full(canvas.cells.columns, -np.inf)
    assert curve.spread is not None
    extremes = points(*curve.spread, log_y)
    column = np.floor(canvas.columns_of(extremes.x)).astype(np.intp)
    inside = (column >= 0) & (column < len(top))
    row = canvas.rows_of(extremes.y)[inside]
    np.minimum.at(top, column[inside], row)
    np.maximum.at(bottom, column[inside], row)
    none = top >= bottom
    top[none] = bottom[none] = np.nan
    return top, bottom


def _shade(canvas: Canvas, curves: Sequence[Curve], log_y: bool) -> None:
    """The cells between extremes, in a mixture where they are of several curves."""
    cells, rows = canvas.cells, np.arange(canvas.cells.rows)[:, None]
    ends = np.array([_spread(canvas, curve, log_y) for curve in curves])
    shares = np.nan_to_num(np.clip(np.minimum(ends[:, 1, None], rows + 1) - np.maximum(ends[:, 0, None], rows), 0, 1))
    colors = _mixtures([blend(curve.color, canvas.tones.background, _MUTED) for curve in curves], canvas.terminal)
    covering = np.tensordot(1 << np.arange(len(curves)), shares >= 0.5, 1)
    cells.background[:] = colors[covering]
    if canvas.terminal.unicode:
        alone = (shares > 0).sum(axis=0) == 1
        for index, share in enumerate(shares):
            _draw_edges(canvas, alone & (share > 0) & (share < 1), share, ends[index], int(colors[1 << index]))


def _mixtures(colors: Sequence[int], terminal: Terminal) -> NDArray[np.int32]:
    """(2 ** number of colours,): for each set of them, a bit each, their mixture as the terminal has it."""
    mixed = [DEFAULT]
    for bits in range(1, 1 << len(colors)):
        chosen = [unpack(color) for index, color in enumerate(colors) if bits >> index & 1]
        mean = np.mean(chosen, axis=0).astype(np.float32)
        mixed.append(available(int(pack(mean[:, None])[0]), terminal))
    return np.array(mixed, dtype=np.int32)


def _draw_edges(canvas: Canvas, partly: Dots, share: Numbers, ends: Numbers, muted: int) -> None:
    """Where a spread begins or ends in cells that it has for itself, in eighths of them."""
    cells, rows = canvas.cells, np.arange(canvas.cells.rows)[:, None]
    parts, (top, bottom) = np.rint(share * PARTS).astype(np.intp), ends
    upper, lower = partly & (bottom >= rows + 1), partly & (top <= rows)
    cells.characters[upper] = glyphs(canvas.terminal)[parts[upper]]
    cells.foreground[upper] = muted
    cells.background[upper] = DEFAULT
    cells.characters[lower] = glyphs(canvas.terminal)[PARTS - parts[lower]]
    cells.foreground[lower] = available(canvas.tones.background, canvas.terminal)
    cells.background[lower] = muted


# What helps to read them ----------------------------------------------------------


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
