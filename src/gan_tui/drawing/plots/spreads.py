"""What curves spread over, in the background of cells: those of several in a mixture where they overlap."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from gan_tui.drawing.cells import DEFAULT
from gan_tui.drawing.colors import available, blend, pack, unpack
from gan_tui.drawing.plots.canvas import Canvas, Numbers
from gan_tui.drawing.plots.curves import Curve, points
from gan_tui.drawing.plots.eighths import PARTS, glyphs
from gan_tui.drawing.plots.lines import Dots
from gan_tui.drawing.terminal import ColorDepth, Terminal

_LEAST = 0.5
"""Of a row, that a spread has to have in a column: of less it would be chance whether it is drawn."""
_NEARLY = 1e-5
"""Of a row."""
_HALF_A_DOT = 0.125 + _NEARLY
"""Of a row."""
_NEAREST = 3
"""Columns from one that has enough to the next, at most: a bin is no wider than one or two."""
_MUTED = 0.66
"""How far the colour of a curve fades for its spread."""
_MOST_SPREADS = 4
"""That are mixed where they overlap: those of further curves are left out."""


def _is_shaded(terminal: Terminal) -> bool:
    """Whether there are colours enough to tell a spread from its curve."""
    return terminal.colors not in (ColorDepth.MONO, ColorDepth.COLORS_16)


@dataclass(frozen=True)
class Shading:
    """What is shaded of cells that something else is drawn in: their whole ground, or nothing of it."""

    grounds: NDArray[np.int32]
    """(rows, columns) of colours."""
    edges: Dots
    """(rows, columns): in which a spread begins or ends, drawn where nothing else is."""


def shade(canvas: Canvas, curves: Sequence[Curve], log_y: bool, owners: NDArray[np.intp]) -> Shading:
    """What curves spread over, which own some of the cells; nothing where colours are few.

    A spread ends where its last value is, or before: to an eighth of a cell where nothing else is in it. A cell that
    has something else is shaded as a whole, and so only where all of it is of the spread, but for half a dot.
    """
    cells = canvas.cells
    grounds, edges = np.full(owners.shape, DEFAULT, np.int32), np.zeros(owners.shape, np.bool_)
    numbers = [index for index, curve in enumerate(curves) if curve.spread is not None][:_MOST_SPREADS]
    if not numbers or not _is_shaded(canvas.terminal):
        return Shading(grounds, edges)
    ends = np.array([_ends(canvas, curves[index], log_y) for index in numbers])
    colors = _mixtures(
        [blend(curves[index].color, canvas.tones.background, _MUTED) for index in numbers], canvas.terminal
    )
    grounds[:] = colors[_bits(_covered(ends, cells.rows))]
    cells.background[:] = grounds
    if canvas.terminal.unicode:
        edges[:] = _draw_edges(canvas, _eighths(ends, cells.rows), colors, owners < 0)
    return Shading(grounds, edges)


def _ends(canvas: Canvas, curve: Curve, log_y: bool) -> tuple[Numbers, Numbers]:
    """(columns,) where the extremes of each column are, in rows from above: NaN where they are too near."""
    top = np.full(canvas.cells.columns, np.inf)
    bottom = np.full(canvas.cells.columns, -np.inf)
    assert curve.spread is not None
    extremes = points(*curve.spread, log_y)
    column = np.floor(canvas.columns_of(extremes.x)).astype(np.intp)
    inside = (column >= 0) & (column < len(top))
    row = canvas.rows_of(extremes.y)[inside]
    np.minimum.at(top, column[inside], row)
    np.maximum.at(bottom, column[inside], row)
    gaps = np.floor(canvas.columns_of(np.asarray(curve.spread[0])[~np.isfinite(curve.spread[1])])).astype(np.intp)
    _fill(top, bottom, gaps)
    none = bottom - top < _LEAST
    top[none] = bottom[none] = np.nan
    return top, bottom


def _fill(top: Numbers, bottom: Numbers, gaps: NDArray[np.intp]) -> None:
    """Give columns of too little what those beside them have in common, unless something is missing there.

    The extremes of a bin of steps stand anywhere in it: often all of a column's own are in the columns beside it.
    """
    little = bottom - top < _LEAST
    known, columns = np.flatnonzero(~little), np.setdiff1d(np.flatnonzero(little), gaps)
    after = np.searchsorted(known, columns)
    between = (after > 0) & (after < len(known))
    columns, before, after = columns[between], known[after[between] - 1], known[after[between]]
    near = after - before <= _NEAREST
    columns, before, after = columns[near], before[near], after[near]
    top[columns] = np.minimum(top[columns], np.maximum(top[before], top[after]))
    bottom[columns] = np.maximum(bottom[columns], np.minimum(bottom[before], bottom[after]))


def _covered(ends: Numbers, rows: int) -> Dots:
    """(curves, rows, columns): the cells that are shaded whole."""
    row = np.arange(rows)[:, None]
    covered: Dots = (ends[:, 0, None] - row <= _HALF_A_DOT) & (row + 1 - ends[:, 1, None] <= _HALF_A_DOT)
    return covered


def _eighths(ends: Numbers, rows: int) -> NDArray[np.intp]:
    """(rows, eighths, columns): which curves' spreads cover an eighth of a cell, a bit each."""
    upper = np.arange(rows * PARTS)[:, None] / PARTS
    covered: Dots = (ends[:, 0, None] <= upper + _NEARLY) & (ends[:, 1, None] >= upper + 1 / PARTS - _NEARLY)
    return _bits(covered).reshape(rows, PARTS, -1)


def _bits(covered: Dots) -> NDArray[np.intp]:
    """A bit for each curve, the first axis."""
    bits: NDArray[np.intp] = np.tensordot(1 << np.arange(len(covered)), covered, 1)
    return bits


def _draw_edges(canvas: Canvas, eighths: NDArray[np.intp], colors: NDArray[np.int32], free: Dots) -> Dots:
    """Free cells, each in an upper and a lower part of as much as both have in common; returns which have two parts."""
    above = np.bitwise_and.accumulate(eighths, axis=1)
    below = np.bitwise_and.accumulate(eighths[:, ::-1], axis=1)[:, ::-1]
    count = np.array([bits.bit_count() for bits in range(len(colors))])
    size = np.arange(1, PARTS)[:, None]
    shown = size * count[above[:, :-1]] + (PARTS - size) * count[below[:, 1:]]
    split = shown.argmax(axis=1)
    rows, columns = np.indices(split.shape)
    parted: Dots = free & (shown.max(axis=1) > PARTS * count[above[:, -1]])
    cells = canvas.cells
    cells.background[free] = colors[above[:, -1]][free]
    upper, lower = colors[above[rows, split, columns]], colors[below[rows, split + 1, columns]]
    ground = available(canvas.tones.background, canvas.terminal)
    cells.characters[parted] = glyphs(canvas.terminal)[PARTS - 1 - split[parted]]
    cells.foreground[parted] = np.where(lower == DEFAULT, ground, lower)[parted]
    cells.background[parted] = upper[parted]
    return parted


def _mixtures(colors: Sequence[int], terminal: Terminal) -> NDArray[np.int32]:
    """(2 ** number of colours,): for each set of them, a bit each, their mixture as the terminal has it."""
    mixed = [DEFAULT]
    for bits in range(1, 1 << len(colors)):
        chosen = [unpack(color) for index, color in enumerate(colors) if bits >> index & 1]
        mean = np.mean(chosen, axis=0).astype(np.float32)
        mixed.append(available(int(pack(mean[:, None])[0]), terminal))
    return np.array(mixed, dtype=np.int32)
