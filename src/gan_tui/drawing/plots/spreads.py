"""What curves spread over, in the background of cells: those of several in a mixture where they overlap."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from gan_tui.drawing.cells import DEFAULT
from gan_tui.drawing.colors import available, blend, pack, unpack
from gan_tui.drawing.plots.canvas import Canvas, Numbers
from gan_tui.drawing.plots.curves import Curve, points
from gan_tui.drawing.plots.eighths import PARTS, glyphs
from gan_tui.drawing.plots.lines import Dots
from gan_tui.drawing.terminal import ColorDepth, Terminal

_MUTED = 0.66
"""How far the colour of a curve fades for its spread."""
_MOST_SPREADS = 4
"""That are mixed where they overlap: those of further curves are left out."""


def _is_shaded(terminal: Terminal) -> bool:
    """Whether there are colours enough to tell a spread from its curve."""
    return terminal.colors not in (ColorDepth.MONO, ColorDepth.COLORS_16)


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


def shade(canvas: Canvas, curves: Sequence[Curve], log_y: bool) -> None:
    """The cells between extremes, in a mixture where they are of several curves; nothing where colours are few."""
    curves = [curve for curve in curves if curve.spread is not None][:_MOST_SPREADS]
    if not curves or not _is_shaded(canvas.terminal):
        return
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
