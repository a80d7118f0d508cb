"""Axes, ticks and labels around an empty canvas: plotext lays them out.

What plotext 6.1 costs for 100 x 25 cells and two lines of 200 points: 4.0 ms, of which the frame is 0.6 ms.
The rest is paid per point in Python (a marker copied, appended and hashed for each), half of it in
`figure.draw`, which collects the colours in use. So curves are drawn in `canvas`, from whole arrays, in 0.2 ms.

plotext's own lines cost 83 ms for 2,000 points and 750 ms for 20,000, since it works point by point; here series come
reduced to a few values a column. A frame is laid out anew only where an axis has changed.
"""

import sys
import types
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gan_tui.drawing.cells import Cells
from gan_tui.drawing.plots.ticks import Axis
from gan_tui.drawing.terminal import Terminal

Characters = NDArray[np.str_]

X_ROWS = 2
"""Of the x axis: its line, and the labels."""
_ROUNDING = 1e-7
"""Of a cell: what arithmetic may be off by. What is on a tick is on a dot's edge: a constant would tremble."""
_NO_AXIS = Axis(0, 1, (0,), ("",))
_LINES = ["│", "─", "┤", "┬", "└"]
_LINES_IN_ASCII = ["|", "-", "+", "+", "+"]


def places(values: NDArray[np.float64], first: float, last: float, cells: int) -> NDArray[np.float64]:
    """Where values lie in so many cells: `first` amid the first one, `last` amid the last one.

    The only rule by which ticks, curves, references and marks find their place; a dot is the whole part of it.
    """
    found: NDArray[np.float64] = (values - first) / (last - first) * (cells - 1) + 0.5 + _ROUNDING
    return found


def in_rows(values: NDArray[np.float64], axis: Axis, rows: int) -> NDArray[np.float64]:
    """Where values lie on a y axis, from above."""
    return places(values, axis.high, axis.low, rows)


def in_columns(values: NDArray[np.float64], axis: Axis, columns: int) -> NDArray[np.float64]:
    """Where values lie on an x axis."""
    return places(values, axis.low, axis.high, columns)


def draw_frame(cells: Cells, y_axis: Axis, x_axis: Axis | None, left: int, color: int, terminal: Terminal) -> None:
    """The axes into all of the cells: the canvas begins at column `left`, above the rows of the x axis, if any."""
    canvas = cells.rows - (X_ROWS if x_axis else 0), cells.columns - left
    characters = _laid_out(canvas, left, y_axis, x_axis or _NO_AXIS)[: cells.rows]
    cells.characters[:] = characters
    cells.foreground[:] = color
    if not terminal.unicode:
        for line, plain in zip(_LINES, _LINES_IN_ASCII, strict=True):
            cells.characters[characters == line] = plain


def _plotext() -> Any:
    """plotext, loaded when the first chart is drawn, without the pages of its manual: they take half of its loading."""
    manual = types.ModuleType("plotext._doc.doc")
    manual.docs = None  # type: ignore[attr-defined]  # what `plotext.doc` would open
    sys.modules.setdefault(manual.__name__, manual)
    import plotext

    return plotext


@lru_cache(maxsize=32)  # axes are rounded so that they seldom change
def _laid_out(canvas: tuple[int, int], left: int, y_axis: Axis, x_axis: Axis) -> Characters:
    """plotext's characters around an empty canvas of (rows, columns), not to be changed."""
    rows, columns = canvas
    high, wide = rows + X_ROWS, left + columns
    plotext = _plotext()
    plotext.terminal.limit(False, False)  # else it would cut the chart to the size of the whole terminal
    figure = plotext.figure
    figure.clear.all()
    figure.theme("colorless")
    figure.plot_size(wide, high)
    figure.axes(False, axis=[0, 1], side=1)
    # In cells, counted as the curves' are, so that rounding never puts a tick beside its value.
    across = in_columns(np.array(x_axis.positions), x_axis, columns).astype(np.intp)
    down = in_rows(np.array(y_axis.positions), y_axis, rows).astype(np.intp)
    figure.ruler(0, 0).lim(0, max(1, columns - 1))
    figure.ruler(0, 0).ticks(across.tolist(), list(x_axis.labels))
    figure.ruler(1, 0).lim(0, max(1, rows - 1))
    figure.ruler(1, 0).ticks((rows - 1 - down).tolist(), [label[: left - 1].rjust(left - 1) for label in y_axis.labels])
    text = str(figure.build().string(True)).replace("\n", "")
    characters = np.array([text]).view("<U1").reshape(high, wide)
    characters.flags.writeable = False
    return characters
