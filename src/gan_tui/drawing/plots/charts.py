"""Charts, one below the other on one x axis: a title, a canvas, and what stands at the ends of its curves.

All of it is drawn at once, so that margins are common, a cursor goes through all of them, and what is drawn where is
known (`Drawing.plots`) to whom a mouse points at it.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from gan_tui.drawing.cells import DEFAULT, Cells, blank
from gan_tui.drawing.colors import available
from gan_tui.drawing.plots.canvas import Canvas
from gan_tui.drawing.plots.curves import Along, Curve, Panel, points
from gan_tui.drawing.plots.frame import X_ROWS, draw_frame, in_columns, in_rows
from gan_tui.drawing.plots.margin import Form, Margin, label, margin_of, named, write_labels, write_title
from gan_tui.drawing.plots.panel import draw_around, levels_in_sight
from gan_tui.drawing.plots.strokes import draw_curves
from gan_tui.drawing.plots.ticks import Axis, along_axis, log_axis, room_for_values, value_axis
from gan_tui.drawing.terminal import Terminal
from gan_tui.drawing.tones import DARK, Tones
from gan_tui.drawing.words import as_shown, clipped, whole_hints, write
from gan_tui.text import width

LEAST_COLUMNS, LEAST_ROWS = 20, 5
"""Below this charts are lines of text."""
LEAST_PANEL_ROWS = 3
"""Of the title and the canvas of each."""
ROWS_FOR_WORDS = 14
"""From here on a last row says what the x axis counts."""
_ROWS_BESIDE_KEYS = 6
"""Of each panel, where keys have a row of their own; else they share that row."""
_COLUMNS_A_TICK = 8
_BETWEEN = 3
"""Columns between two texts on a line, at least."""


def most_panels(rows: int) -> int:
    """How many panels so many rows have room for."""
    return max(0, rows - X_ROWS - (rows >= ROWS_FOR_WORDS)) // LEAST_PANEL_ROWS


@dataclass(frozen=True)
class Plot:
    """Where a canvas is in the drawing, and its axes."""

    top: int
    left: int
    rows: int
    columns: int
    x_axis: Axis
    y_axis: Axis
    ends: tuple[int | None, ...] = ()
    """The row of the canvas beside which each curve's name or value stands."""

    def x_at(self, column: int) -> float:
        """What is at the middle of a column of the drawing."""
        share = (column - self.left) / max(1, self.columns - 1)
        return self.x_axis.low + share * (self.x_axis.high - self.x_axis.low)


@dataclass(frozen=True)
class Drawing:
    """Charts, and where each panel's canvas is; none where there is room for words alone."""

    cells: Cells
    plots: tuple[Plot, ...] = ()


@dataclass(frozen=True)
class _Layout:
    """What the panels have in common."""

    heights: tuple[int, ...]
    """Rows of each panel, its title among them."""
    left: int
    margin: Margin
    x_axis: Axis
    tones: Tones
    terminal: Terminal


def draw_charts(
    panels: Sequence[Panel], along: Along, columns: int, rows: int, *, tones: Tones = DARK,
    terminal: Terminal | None = None, before: Sequence[Plot] = (),
) -> Drawing:  # fmt: skip
    """Panels one below the other in columns x rows cells.

    What stands at the ends of curves stays where it was in the plots of `before` while that is near enough.
    On a log axis, values that aren't positive are gaps. Give curves already reduced
    to about two points a column. Call it from one thread: plotext has a single figure.
    """
    terminal = terminal or Terminal()
    words = _rows_of_words(rows, len(panels), along)
    below = X_ROWS + words
    if panels and (columns < LEAST_COLUMNS or rows < max(LEAST_ROWS, below + LEAST_PANEL_ROWS * len(panels))):
        return Drawing(_in_words(panels, columns, rows, tones, terminal))
    cells = blank(rows, columns)
    if not panels:
        _write_centred(cells, [as_shown(along.nothing, terminal)], available(tones.dim, terminal))
        return Drawing(cells)
    heights = _shared(rows - below, len(panels))
    y_axes = [_y_axis(panel, height - 1) for panel, height in zip(panels, heights, strict=True)]
    layout = _layout(panels, heights, y_axes, along, columns, (tones, terminal))
    plots, top = list[Plot](), 0
    for panel, height, y_axis in zip(panels, heights, y_axes, strict=True):
        own = cells.part(top, 0, height + (X_ROWS if panel is panels[-1] else 0), columns)
        wide = columns - layout.left - layout.margin.columns
        plot = Plot(top + 1, layout.left, height - 1, wide, layout.x_axis, y_axis)
        were = _ends_before(before, len(plots), plot)
        plots.append(replace(plot, ends=_draw_panel(own, panel, plot, were, along, layout)))
        top += height
    _draw_marks(cells.part(top, layout.left, 1, plots[-1].columns), along, layout)
    if words:
        _write_below(cells.part(rows - words, 0, words, columns), along, layout, _signs(cells, along, layout))
    return Drawing(cells, tuple(plots))


def _rows_of_words(rows: int, panels: int, along: Along) -> int:
    """How many rows below the axis: by the size alone, so that none comes or goes with what happens."""
    if rows < ROWS_FOR_WORDS:
        return 0
    return 1 + (bool(along.hints) and rows >= X_ROWS + 2 + _ROWS_BESIDE_KEYS * panels)


def _shared(rows: int, panels: int) -> tuple[int, ...]:
    """So many rows for each panel, those left over for the first ones."""
    each, more = divmod(rows, panels)
    return tuple(each + (index < more) for index in range(panels))


def _layout(
    panels: Sequence[Panel],
    heights: tuple[int, ...],
    y_axes: Sequence[Axis],
    along: Along,
    columns: int,
    look: tuple[Tones, Terminal],
) -> _Layout:
    labels = [[label(panel, index, look[1]) for index in named(panel)] for panel in panels]
    room = room_for_values(y_axes, columns)
    margin = margin_of(labels, columns, min(heights) - 1, room)
    left = min(max((len(text) for axis in y_axes for text in axis.labels), default=1), columns // 3) + 1
    wide = columns - left - margin.columns
    x_axis = along_axis(along.low, along.high, wide, max(2, wide // _COLUMNS_A_TICK), along.least)
    return _Layout(heights, left, margin, x_axis, *look)


def _y_axis(panel: Panel, rows: int) -> Axis:
    """The axis that holds all that is to be shown; one without ticks where that is nothing."""
    found = [points(curve.x, curve.y, panel.log_y).y for curve in panel.curves]
    found += [points(*curve.spread, panel.log_y).y for curve in panel.curves if curve.spread]
    values = np.concatenate([np.zeros(0), *found])
    if not len(values):
        return _NOTHING
    low, high = float(values.min()), float(values.max())
    if panel.ends:
        ends = points(np.zeros(2), np.array(panel.ends), panel.log_y).y
        low, high = (float(ends.min()), float(ends.max())) if len(ends) else (low, high)
    return (log_axis if panel.log_y else value_axis)(low, high, rows, max(2, min(rows // 2, 3 + rows // 5)))


_NOTHING = Axis(0.0, 1.0, (), ())


def _ends_before(before: Sequence[Plot], number: int, plot: Plot) -> tuple[int | None, ...]:
    """Where names and values stood, if the panel is still what it was."""
    if number < len(before) and replace(before[number], ends=()) == plot:
        return before[number].ends
    return ()


def _draw_panel(
    cells: Cells, panel: Panel, plot: Plot, were: tuple[int | None, ...], along: Along, layout: _Layout
) -> tuple[int | None, ...]:
    """The title, the axes, and between them the curves; the x axis too where there are rows for it.

    Returns the rows of names and values, which were on the rows `were`.
    """
    dim, terminal = available(layout.tones.dim, layout.terminal), layout.terminal
    rows, wide, y_axis = plot.rows, plot.columns, plot.y_axis
    x_axis = layout.x_axis if cells.rows > 1 + rows else None
    draw_frame(cells.part(1, 0, cells.rows - 1, layout.left + wide), y_axis, x_axis, layout.left, dim, terminal)
    inside = cells.part(1, layout.left, rows, wide)
    canvas = Canvas(inside, layout.x_axis, y_axis, terminal, layout.tones)
    ends = [_end(curve, panel.log_y, y_axis, rows) for curve in panel.curves]
    labels = [label(panel, index, terminal, ends[index], y_axis.step, layout.margin.room) for index in named(panel)]
    titles = [as_shown(title, terminal) for title in (panel.title, panel.short or panel.title)]
    owners = draw_curves(canvas, [] if y_axis is _NOTHING else panel.curves, panel.log_y)
    levels = [] if y_axis is _NOTHING else levels_in_sight(canvas, panel, owners)
    told = write_title(
        _beside_place(cells, plot, along, layout),
        titles,
        panel.chosen,
        labels,
        levels,
        layout.margin.form,
        layout.tones,
        terminal,
    )
    if y_axis is _NOTHING:
        _write_centred(inside, [_why_empty(panel)], dim)
    else:
        draw_around(canvas, panel, owners, told, along.cursor)
    beside = cells.part(1, layout.left + wide, rows, layout.margin.columns)
    return write_labels(beside, labels, were, layout.margin, layout.tones, terminal)


def _end(curve: Curve, log_y: bool, y_axis: Axis, rows: int) -> float | None:
    """The row on which what is written of a curve belongs: that of its newest value, or the nearest one in sight."""
    newest = curve.newest
    if newest is None:
        return None
    place = points(np.zeros(1), np.array([newest]), log_y).y
    return float(np.clip(in_rows(place, y_axis, rows)[0], 0, rows - 1)) if len(place) else rows - 1.0


def _why_empty(panel: Panel) -> str:
    """What is to be said where no point can be drawn."""
    values = np.concatenate([np.zeros(0), *(curve.y for curve in panel.curves)])
    if not values.size:
        return "waiting for the first step"
    return (
        "no value above 0, as a log axis needs"
        if panel.log_y and np.isfinite(values).any()
        else "no finite value (NaN)"
    )


def _draw_marks(line: Cells, along: Along, layout: _Layout) -> None:
    """What happened, on the line of the x axis."""
    for mark in along.marks:
        column = int(np.floor(in_columns(np.array([mark.x]), layout.x_axis, line.columns)[0]))
        if 0 <= column < line.columns:
            sign = mark.sign if layout.terminal.unicode else mark.plain
            write(line, 0, column, sign, available(mark.color, layout.terminal))


def _beside_place(cells: Cells, plot: Plot, along: Along, layout: _Layout) -> Cells:
    """What is left for a title by what says where the values beside a chart are of; that stands above them."""
    if not along.at or layout.margin.form is Form.VALUES:
        return cells
    start = plot.left + plot.columns + 1
    write(cells, 0, start, along.at, available(layout.tones.text, layout.terminal))
    return cells.part(0, 0, cells.rows, start - 1)


def _write_below(lines: Cells, along: Along, layout: _Layout, signs: Sequence[tuple[str, str, int]]) -> None:
    """What the x axis counts, what signs stand for, and keys: below them, or beside them as far as there is room.

    Beside them the first key goes before the signs.
    """
    terminal, columns = layout.terminal, lines.columns
    dim, text = (available(tone, terminal) for tone in (layout.tones.dim, layout.tones.text))
    words, hints = as_shown(along.words, terminal), as_shown(along.hints, terminal)
    start = max(0, min(layout.left, columns - width(words)))
    words = clipped(words, columns - start, terminal)
    end = write(lines, 0, start, words, text if along.at else dim)
    first = _BETWEEN + width(hints.partition("  ")[0]) if lines.rows == 1 and hints else 0
    room = columns - first if end + first <= columns else columns
    for sign, name, color in signs:
        if end + 3 + width(f"{sign} {name}") <= room:
            end = write(lines, 0, end + 2, sign, color)
            end = write(lines, 0, end + 1, name, dim)
    if lines.rows > 1:
        write(lines, 1, layout.left, whole_hints(hints, columns - layout.left), dim)
    else:
        beside = whole_hints(hints, columns - end - _BETWEEN)
        write(lines, 0, columns - width(beside), beside, dim)


def _signs(cells: Cells, along: Along, layout: _Layout) -> list[tuple[str, str, int]]:
    """What is on show beside curves: a sign, what it stands for, its colour."""
    low, high, terminal = layout.x_axis.low, layout.x_axis.high, layout.terminal
    seen = {mark.name: mark for mark in along.marks if mark.name and low <= mark.x <= high}
    signs = [
        (mark.sign if terminal.unicode else mark.plain, name, available(mark.color, terminal))
        for name, mark in seen.items()
    ]
    if terminal.unicode and (cells.background != DEFAULT).any():
        signs.append(("▒", "least to most", available(layout.tones.dim, terminal)))
    return signs


# Where there is no room ----------------------------------------------------------


def _in_words(panels: Sequence[Panel], columns: int, rows: int, tones: Tones, terminal: Terminal) -> Cells:
    """Names and newest values: a line for each panel, or for each curve if that is too narrow."""
    cells, color = blank(rows, columns), available(tones.dim, terminal)
    labels = [[label(panel, index, terminal) for index in named(panel)] for panel in panels]
    texts = [[f"{one.name} {one.value}".strip() for one in some] for some in labels]
    lines = ["  ".join(some) for some in texts]
    if len(panels) > 1:
        lines = [f"{as_shown(panel.title, terminal)}  {line}" for panel, line in zip(panels, lines, strict=True)]
    elif any(width(line) > columns for line in lines):
        lines = [text for some in texts for text in some]
    _write_centred(cells, lines, color)
    return cells


def _write_centred(cells: Cells, lines: Sequence[str], color: int) -> None:
    lines = lines[: cells.rows]
    for row, line in enumerate(lines, (cells.rows - len(lines)) // 2):
        write(cells, row, max(0, (cells.columns - width(line)) // 2), line, color)
