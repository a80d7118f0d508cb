"""Line charts: plotext lays out the frame with its axes, ticks and labels; the lines are dots on its canvas.

What plotext 6.1 costs for 100 x 25 cells and two lines of 200 points: 4.0 ms, of which the frame is 0.6 ms.
The rest is paid per point in Python (a marker copied, appended and hashed for each), half of it in
`figure.draw`, which collects the colours in use. So the lines are drawn here, from whole arrays, in 0.2 ms.

plotext's own lines cost 83 ms for 2,000 points and 750 ms for 20,000, since it works point by point; here series come
reduced to two values a column (least and greatest), so a spike of one step stays visible. A frame is laid out anew only
where an axis has changed.
"""

import sys
import types
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gan_tui.drawing.cells import Cells, blank
from gan_tui.drawing.colors import available
from gan_tui.drawing.plots.lines import DOTS_ACROSS, DOTS_DOWN, Dots, braille, polyline
from gan_tui.drawing.plots.ticks import Axis, log_axis, step_axis, value_axis, value_text
from gan_tui.drawing.terminal import ColorDepth, Terminal
from gan_tui.drawing.tones import DARK, Tones
from gan_tui.drawing.words import as_shown, write
from gan_tui.text import cut, width

Numbers = NDArray[np.float64]

LEAST_COLUMNS, LEAST_ROWS = 20, 5
"""Below this a chart is one line of text."""
ROWS_FOR_X_LABEL = 12
_COLUMNS_A_TICK = 10
_VALUE = 6
"""Columns kept for a value: most are no longer, and no label comes and goes with a digit of them."""
_SHORT = 5
"""Characters of a name that is cut to make room for a value."""
_LARGEST, _SMALLEST = 1e300, 1e-300  # beyond them spans and steps would overflow

_LINES = ["│", "─", "┤", "┬", "└"]
_LINES_IN_ASCII = ["|", "-", "+", "+", "+"]
_ASCII_MARKS = "*ox#@%"  # not what axes are drawn with
_BEHIND_IN_ASCII = "."
# Without colours, lines differ by their dashes: (period, dots of it drawn), and how the legend shows that.
_DASHES = ((1, 1), (4, 2), (6, 1), (8, 5))
_KEYS = ("━━", "╍╍", "┈┈", "╺━")


@dataclass(frozen=True)
class Line:
    """One named series; NaN and infinite values are gaps."""

    name: str
    x: NDArray[np.floating]
    y: NDArray[np.floating]
    color: int
    behind: bool = False
    """It lies behind the others, outside the legend."""


@dataclass(frozen=True)
class _Plot:
    """A line's drawable points, in drawn units, and which of them is joined to the one before."""

    x: Numbers
    y: Numbers
    follows: Dots
    color: int
    behind: bool


@dataclass(frozen=True)
class _Frame:
    """plotext's characters, and where its canvas is in them: the first `high` rows, from column `left` on."""

    characters: NDArray[np.str_]
    left: int
    high: int
    x_axis: Axis
    y_axis: Axis


@dataclass(frozen=True)
class _Entry:
    """What the legend says of a line."""

    key: str
    name: str
    value: str
    color: int


def draw_chart(
    lines: Sequence[Line],
    columns: int,
    rows: int,
    *,
    log_y: bool = False,
    x_label: str = "step",
    y_labels: Sequence[str] = (),
    tones: Tones = DARK,
    terminal: Terminal | None = None,
    steps_a_dot: float = 0,
) -> Cells:
    """A line chart of columns x rows cells, the names and newest values on its top line.

    Later lines are drawn over earlier ones. With `log_y`, values that aren't positive are gaps. Give lines
    already reduced to about two points a column. `steps_a_dot` fixes the scale of x, from 0 on, so that what is drawn
    stays where it is while a run grows; 0 fits the axis to the points. Of `y_labels`, the longest first, the first is
    written that leaves room for the newest values, or for the names at least. Call it from one thread: plotext has a
    single figure.
    """
    terminal = terminal or Terminal()
    color = available(tones.dim, terminal)
    if terminal.colors in (ColorDepth.MONO, ColorDepth.COLORS_16):
        lines = [line for line in lines if not line.behind]  # with few colours it could not be told apart
    lines = sorted(lines, key=lambda line: not line.behind)
    entries = [_entry(line, index, terminal) for index, line in enumerate(line for line in lines if not line.behind)]
    plots = [_points(line, log_y) for line in lines]
    cells = blank(rows, columns)
    if columns < LEAST_COLUMNS or rows < LEAST_ROWS:
        _write_values(cells, entries, color)
    elif not any(len(plot.x) for plot in plots):
        _write_centred(cells, [_why_empty(lines, log_y)], color)
    else:
        below = as_shown(x_label, terminal) if rows >= ROWS_FOR_X_LABEL else ""
        frame = _frame(plots, columns, rows - 1, log_y, below, steps_a_dot)
        _draw_frame(cells, frame, color, terminal)
        _draw_lines(cells, frame, plots, terminal)
        labels = [as_shown(label, terminal) for label in y_labels]
        with_keys = terminal.colors is ColorDepth.MONO or not terminal.unicode
        _write_legend(cells, entries, frame.left, labels, color, with_keys)
    return cells


def _why_empty(lines: Sequence[Line], log_y: bool) -> str:
    """What is to be said where no point can be drawn."""
    values = np.concatenate([np.zeros(0), *(line.y for line in lines)])
    if not values.size:
        return "waiting for the first step"
    return "no value above 0, as a log axis needs" if log_y and np.isfinite(values).any() else "no finite value (NaN)"


def _points(line: Line, log_y: bool) -> _Plot:
    x, y = np.asarray(line.x, dtype=np.float64), np.asarray(line.y, dtype=np.float64)
    shown = np.isfinite(x) & np.isfinite(y)
    if log_y:
        shown &= y > _SMALLEST
    follows = np.zeros(len(shown), dtype=np.bool_)
    follows[1:] = shown[1:] & shown[:-1]
    x, y = (np.clip(np.where(np.abs(v) < _SMALLEST, 0, v), -_LARGEST, _LARGEST) for v in (x[shown], y[shown]))
    return _Plot(x, np.log10(y) if log_y else y, follows[shown], line.color, line.behind)


def _frame(plots: Sequence[_Plot], columns: int, rows: int, log_y: bool, x_label: str, steps_a_dot: float) -> _Frame:
    """The axes that hold all points, and what plotext draws for them in rows x columns."""
    high = rows - 2 - bool(x_label)
    y = np.concatenate([plot.y for plot in plots])
    y_ticks = max(2, min(high // 2, 3 + high // 5))
    y_axis = (log_axis if log_y else value_axis)(float(y.min()), float(y.max()), high, y_ticks)
    left = min(max(map(len, y_axis.labels)), columns // 2) + 1
    x = np.concatenate([plot.x for plot in plots])
    ends = (0.0, _last_step(x, steps_a_dot, columns - left)) if steps_a_dot else (float(x.min()), float(x.max()))
    x_axis = step_axis(*ends, max(2, (columns - left) // _COLUMNS_A_TICK))
    characters = _laid_out(columns, rows, x_axis, y_axis, (columns - left, high), x_label)
    return _Frame(characters, left, high, x_axis, y_axis)


def _last_step(x: Numbers, steps_a_dot: float, columns: int) -> float:
    """The end of an axis from 0 on with so many steps to a dot; twice as many where not all would fit."""
    last = steps_a_dot * DOTS_ACROSS * max(columns - 1, 1)
    while last < x.max():
        last *= 2
    return float(last)


def _plotext() -> Any:
    """plotext, loaded when the first chart is drawn, without the pages of its manual: they take half of its loading."""
    manual = types.ModuleType("plotext._doc.doc")
    manual.docs = None  # type: ignore[attr-defined]  # what `plotext.doc` would open
    sys.modules.setdefault(manual.__name__, manual)
    import plotext

    return plotext


@lru_cache(maxsize=16)  # axes are rounded so that they seldom change
def _laid_out(
    columns: int, rows: int, x_axis: Axis, y_axis: Axis, canvas: tuple[int, int], x_label: str
) -> NDArray[np.str_]:
    """plotext's axes, ticks and labels around an empty canvas of (columns, rows): its characters, not to be changed."""
    plotext = _plotext()
    plotext.terminal.limit(False, False)  # else it would cut the chart to the size of the whole terminal
    figure = plotext.figure
    figure.clear.all()
    figure.theme("colorless")
    figure.plot_size(columns, rows)
    figure.axes(False, axis=[0, 1], side=1)
    for number, (axis, cells) in enumerate(zip((x_axis, y_axis), canvas, strict=True)):
        # In cells, counted as the lines' are, so that rounding never puts a tick beside its value.
        places = _in_cells(np.array(axis.positions), *_ends(axis, number), cells).astype(np.intp)
        figure.ruler(number, 0).lim(0, max(1, cells - 1))
        figure.ruler(number, 0).ticks(
            (cells - 1 - places if number else places).tolist(),
            [label[: columns // 2] for label in axis.labels],
        )
    if x_label:
        figure.label(x_label, 0, 0)
    text = str(figure.build().string(True)).replace("\n", "")
    characters = np.array([text]).view("<U1").reshape(rows, columns)
    characters.flags.writeable = False
    return characters


def _draw_frame(cells: Cells, frame: _Frame, color: int, terminal: Terminal) -> None:
    cells.foreground[1:] = color
    cells.characters[1:] = frame.characters
    if not terminal.unicode:
        for line, plain in zip(_LINES, _LINES_IN_ASCII, strict=True):
            cells.characters[1:][frame.characters == line] = plain


def _draw_lines(cells: Cells, frame: _Frame, plots: Sequence[_Plot], terminal: Terminal) -> None:
    """Where lines meet in a cell, its dots are both lines' and its colour the later's: no line seems torn."""
    canvas = cells.characters[1 : 1 + frame.high, frame.left :]
    colors = cells.foreground[1 : 1 + frame.high, frame.left :]
    down, across = (DOTS_DOWN, DOTS_ACROSS) if terminal.unicode else (1, 1)
    all_dots = np.zeros((canvas.shape[0] * down, canvas.shape[1] * across), dtype=np.bool_)
    first = sum(plot.behind for plot in plots)  # those behind come before those of the legend
    for index, plot in enumerate(plots):
        if index and plots[index - 1].behind and not plot.behind:
            all_dots[:] = False  # what lies in front keeps its cells to itself, a thin line through an area
        in_ascii = _BEHIND_IN_ASCII if plot.behind else _ASCII_MARKS[(index - first) % len(_ASCII_MARKS)]
        mark = "•" if terminal.unicode else in_ascii
        column = _in_cells(plot.x, *_ends(frame.x_axis, 0), canvas.shape[1])
        row = _in_cells(plot.y, *_ends(frame.y_axis, 1), canvas.shape[0])
        dots = polyline((column * across).astype(np.intp), (row * down).astype(np.intp), plot.follows, all_dots.shape)
        if terminal.unicode and terminal.colors is ColorDepth.MONO:
            dots &= _dashes(index, dots.shape)
        all_dots |= dots
        used: Dots = np.any(dots.reshape(canvas.shape[0], down, canvas.shape[1], across), axis=(1, 3))
        canvas[used] = braille(all_dots)[used] if terminal.unicode else mark
        alone = ~plot.follows & ~np.append(plot.follows[1:], False)
        where = row[alone].astype(np.intp), column[alone].astype(np.intp)
        canvas[where] = mark
        used[where] = True
        colors[used] = available(plot.color, terminal)


def _ends(axis: Axis, number: int) -> tuple[float, float]:
    """What is at the first and the last cell: x (0) grows with the columns, y (1) against the rows."""
    return (axis.high, axis.low) if number else (axis.low, axis.high)


def _in_cells(values: Numbers, first: float, last: float, cells: int) -> Numbers:
    """Where values lie in so many cells: `first` amid the first one, `last` amid the last one."""
    return (values - first) / (last - first) * (cells - 1) + 0.5


def _dashes(index: int, shape: tuple[int, int]) -> Dots:
    period, drawn = _DASHES[index % len(_DASHES)]
    return np.add.outer(np.arange(shape[0]), np.arange(shape[1])) % period < drawn


def _entry(line: Line, index: int, terminal: Terminal) -> _Entry:
    y = np.asarray(line.y, dtype=np.float64)
    key = _KEYS[index % len(_KEYS) if terminal.colors is ColorDepth.MONO else 0]
    if not terminal.unicode:
        key = _ASCII_MARKS[index % len(_ASCII_MARKS)] * 2
    value = "" if not y.size else value_text(float(y[-1])) if np.isfinite(y[-1]) else "NaN"
    return _Entry(key, as_shown(line.name, terminal), value, available(line.color, terminal))


def _write_legend(
    cells: Cells, entries: list[_Entry], left: int, labels: Sequence[str], color: int, with_keys: bool
) -> None:
    """The top line: a y label, each line's name in its colour and its newest value, as there is room.

    Values are left out last of all, since nothing else tells them; keys are needed where colours do not tell the lines.
    """
    for texts, gap, label in _legends(entries, labels or ("",), with_keys):
        column = 0 if label is None else max(left, width(label) + gap if label else 0)
        needed = sum(width(name) + (max(len(value), _VALUE) if value else 0) + gap for name, value in texts) - gap
        if column + needed <= cells.columns:
            break
    else:
        label, column = None, 0
    write(cells, 0, 0, label or "", color)
    for entry, (name, value) in zip(entries, texts, strict=True):
        column = write(cells, 0, column, name, entry.color)
        column = write(cells, 0, column, value, color) + gap


def _legends(
    entries: list[_Entry], labels: Sequence[str], with_keys: bool
) -> Iterator[tuple[list[tuple[str, str]], int, str | None]]:
    """([(name, value) of each line], columns between them, the y label or None for no room at all for one)."""
    full = [(f"{entry.key} {entry.name} ", entry.value) for entry in entries]
    yield from ((full, 2, label) for label in labels)
    for longest, some in ((99, labels), (_SHORT, (*labels, None))):
        keys = [f"{entry.key} " * with_keys for entry in entries]
        short = [(f"{key}{cut(entry.name, longest)} ", entry.value) for key, entry in zip(keys, entries, strict=True)]
        yield from ((short, 1, label) for label in some)
    names = [(f"{entry.key} {entry.name}", "") for entry in entries]
    yield from ((names, 2, label) for label in labels)


def _write_values(cells: Cells, entries: list[_Entry], color: int) -> None:
    """Names and newest values on one line, or on one each if that is too narrow."""
    texts = [f"{entry.name} {entry.value}".strip() for entry in entries]
    line = "  ".join(texts)
    _write_centred(cells, [line] if width(line) <= cells.columns else texts, color)


def _write_centred(cells: Cells, lines: list[str], color: int) -> None:
    lines = lines[: cells.rows]
    for row, line in enumerate(lines, (cells.rows - len(lines)) // 2):
        write(cells, row, max(0, (cells.columns - width(line)) // 2), line, color)
