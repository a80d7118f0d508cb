"""Histograms over one axis of values: how a layer's weights lay before, and how they lie now."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import floor, isfinite, log10

import numpy as np
from numpy.typing import NDArray

from gan_tui.drawing.cells import DEFAULT, Cells, blank
from gan_tui.drawing.colors import available, available_tones, blend
from gan_tui.drawing.plots.eighths import PARTS, Ints, filled, glyphs, parts_of, upwards
from gan_tui.drawing.plots.frame import in_columns
from gan_tui.drawing.plots.ticks import Axis, value_axis
from gan_tui.drawing.terminal import ColorDepth, Terminal
from gan_tui.drawing.tones import DARK, Tones
from gan_tui.drawing.words import Piece, as_shown, width, write, write_pieces

Numbers = NDArray[np.float64]
Colors = NDArray[np.int32]

_TALLEST = 4  # times the lowest peak: what is higher is cut and says so, else the others would vanish
_COLUMNS_A_TICK = 8
_WASTE = 1.08  # how much wider than its values an axis may be for the sake of round ticks on whole columns
_ROWS_FOR_AXIS = 5
_LARGEST = 1e300  # values beyond would overflow


@dataclass(frozen=True)
class Histogram:
    """How often values of one kind lie where."""

    name: str
    counts: NDArray[np.number]
    """(bins,) equally wide, from `low` to `high`, as numpy.histogram gives them."""
    low: float
    high: float
    mean: float
    std: float
    color: int
    """0xRRGGBB."""


def draw_histogram(
    bars: Sequence[Histogram],
    columns: int,
    rows: int,
    *,
    terminal: Terminal,
    tones: Tones = DARK,
    shades: Colors | None = None,
    extent: float = 1.0,
) -> Cells:
    """Histograms over the values that they span together, with names, means and deviations on the top line.

    Each column of cells shows how many of the counts belong to its range of values; all are on one scale, the
    highest peak at full height, and no bar that isn't empty is lower than an eighth of a cell. A peak more
    than 4 times as high as another histogram's is cut there, with an arrow on it. Two share the same rows where
    there is a colour for their mixture; otherwise each has its own. The axis has the colours of its values, where
    `shades` are the (256,) of -`extent` … `extent`; beyond are those of the ends.
    """
    cells = blank(rows, columns)
    if not (columns and rows):
        return cells
    colors = available_tones(tones, terminal)
    drawn = [bar for bar in bars if can_be_drawn(bar)]
    overlaid = len(drawn) == 2 and terminal.colors is ColorDepth.TRUECOLOR
    top = _write_legend(cells, bars, colors, terminal) if rows > 1 or not drawn else 0
    if not drawn:
        write(cells, top, 0, "no finite values" if bars else "no values yet", colors.dim)
        return cells
    below = 2 if rows - top >= _ROWS_FOR_AXIS else min(1, max(0, rows - top - 1))
    axis = _axis(drawn, columns)
    area = cells.part(top, 0, max(0, rows - below - top), columns)
    shares, cut = _shares(np.array([_in_columns(bar, axis, columns) for bar in drawn]))
    draw = _draw_overlaid if overlaid else _draw_stacked
    draw(area, shares, cut, drawn, terminal)
    _write_axis(cells, axis, below, colors, terminal)
    if below == 2 and shades is not None:
        _color_axis(cells, axis, shades, extent, terminal)
    return cells


def can_be_drawn(bar: Histogram) -> bool:
    total = float(np.sum(bar.counts, dtype=np.float64))
    return bool(isfinite(total) and total > 0 and abs(bar.low) < _LARGEST and abs(bar.high) < _LARGEST)


def _axis(bars: Sequence[Histogram], columns: int) -> Axis:
    low, high = min(_ends(bar)[0] for bar in bars), max(_ends(bar)[1] for bar in bars)
    if high - low <= max(abs(low), abs(high)) * 1e-9:
        spread = abs(low) * 0.1 or 1.0
        low, high = low - spread, high + spread
    return value_axis(low, high, max(2, columns), max(2, columns // _COLUMNS_A_TICK), _WASTE)


def _ends(bar: Histogram) -> tuple[float, float]:
    """Where the counts start and end: numpy spreads equal values over a range of 1 that is empty but for one bin."""
    used = np.flatnonzero(bar.counts)
    step = (bar.high - bar.low) / len(bar.counts)
    return float(bar.low + used[0] * step), float(bar.high - (len(bar.counts) - 1 - used[-1]) * step)


def _in_columns(bar: Histogram, axis: Axis, columns: int) -> Numbers:
    """(columns,): how many of the counts lie in each column, those of a bin spread evenly over it."""
    counts = np.asarray(bar.counts, dtype=np.float64)
    half = (axis.high - axis.low) / max(1, columns - 1) / 2  # the axis ends amid its first and last column
    edges = np.linspace(axis.low - half, axis.high + half, columns + 1)
    if bar.high - bar.low < (axis.high - axis.low) * 1e-9:
        spike = np.zeros(columns)
        spike[_column(bar.low, axis, columns)] = counts.sum()
        return spike
    below = np.concatenate([[0.0], np.cumsum(counts)])
    return np.diff(np.interp(edges, np.linspace(bar.low, bar.high, len(counts) + 1), below))


def _column(value: float, axis: Axis, columns: int) -> int:
    return min(columns - 1, int(in_columns(np.array([value]), axis, columns)[0]))


def _shares(counts: Numbers) -> tuple[Numbers, NDArray[np.bool_]]:
    """(histograms, columns) of bar heights, 0…1, and which of them are cut."""
    peaks = counts.max(axis=1)
    full = min(peaks.max(), _TALLEST * peaks.min())
    return np.minimum(counts / full, 1), counts > full


def _draw_stacked(
    area: Cells, shares: Numbers, cut: NDArray[np.bool_], bars: Sequence[Histogram], terminal: Terminal
) -> None:
    """Each histogram on rows of its own, the first one above."""
    high = area.rows // len(bars)
    for index, bar in enumerate(bars):
        start = area.rows - (len(bars) - index) * high
        own = area.part(start, 0, high, area.columns)
        own.characters[:] = upwards(parts_of(shares[index], high), high, terminal)
        own.foreground[:] = available(bar.color, terminal)
        _mark_cut(own, cut[index], terminal)


def _draw_overlaid(
    area: Cells, shares: Numbers, cut: NDArray[np.bool_], bars: Sequence[Histogram], terminal: Terminal
) -> None:
    """Two histograms in the same rows: from below first both, then the higher one, then nothing."""
    parts = np.array([parts_of(share, area.rows) for share in shares])
    first, second = (available(bar.color, terminal) for bar in bars)
    mixed = available(blend(bars[0].color, bars[1].color, 0.5), terminal)
    higher = np.where(parts[0] > parts[1], first, second).astype(np.int32)
    lower_fill, higher_fill = (_from_above(edge(axis=0), area.rows) for edge in (parts.min, parts.max))
    # A cell has two colours. Where both bars end in it, the lower one's end gives way if it is the smaller part.
    both_end = (lower_fill > 0) & (higher_fill < PARTS)
    lower_fill = np.where(both_end & (higher_fill > 2 * lower_fill), 0, lower_fill)
    shows_lower = lower_fill > 0
    fill = np.where(shows_lower, np.where(both_end, higher_fill, lower_fill), higher_fill)
    area.characters[:] = glyphs(terminal)[fill]
    area.foreground[:] = np.where(shows_lower, mixed, higher)
    area.background[:] = np.where(shows_lower & (lower_fill < PARTS) & ~both_end, higher, DEFAULT)
    _mark_cut(area, np.logical_or(*cut), terminal)


def _from_above(parts: Ints, rows: int) -> Ints:
    return filled(parts, rows).T[::-1]


def _mark_cut(area: Cells, cut: NDArray[np.bool_], terminal: Terminal) -> None:
    if area.rows:
        area.characters[0, cut] = "▲" if terminal.unicode else "^"


def _write_legend(cells: Cells, bars: Sequence[Histogram], tones: Tones, terminal: Terminal) -> int:
    """Names, means and deviations on one line, or one line each; returns how many lines that takes."""
    words, signs = (
        [_entry(bar, tones, terminal, *how) for bar in bars] for how in (("  mean ", "  std "), (" ", " ± "))
    )
    line = [piece for entry in words for piece in (*entry, ("   ", DEFAULT))][:-1]
    if width(line) <= cells.columns:
        write_pieces(cells, 0, 0, line)
        return min(1, len(words))
    shown = words if max(map(width, words)) <= cells.columns else signs
    shown = shown[: max(1, cells.rows // 3)]
    for row, entry in enumerate(shown):
        write_pieces(cells, row, 0, entry)
    return len(shown)


def _entry(bar: Histogram, tones: Tones, terminal: Terminal, mean: str, std: str) -> list[Piece]:
    """■ trained  mean 0.003  std 0.218"""
    name = f"{'■' if terminal.unicode else '#'} {as_shown(bar.name, terminal)}"
    mean, std = (word if terminal.unicode else word.replace("±", "+-") for word in (mean, std))
    numbers = zip((mean, std), _numbers(bar.mean, bar.std), strict=True)
    pieces = [piece for word, number in numbers for piece in ((word, tones.dim), (number, tones.text))]
    return [(name, available(bar.color, terminal)), *pieces]


def _numbers(mean: float, std: float) -> tuple[str, str]:
    """Both with the decimals that give the deviation three digits, at least three of them."""
    decimals = max(3, 2 - floor(log10(std))) if isfinite(std) and std > 0 else 3
    form = f".{decimals}f" if decimals <= 5 and max(abs(mean), std) < 1e5 else ".3g"
    return format(mean, form), format(std, form)


def _color_axis(cells: Cells, axis: Axis, shades: Colors, extent: float, terminal: Terminal) -> None:
    """The colour of each column's value between the ticks of the axis, apart from the bars above if it can be."""
    values = np.linspace(axis.low, axis.high, cells.columns).clip(-extent, extent)
    found = shades[np.rint((values / extent + 1) * 127.5).astype(np.intp)]
    line = np.isin(cells.characters[-2], ["─", "-"])
    cells.characters[-2, line] = "▄" if terminal.unicode else " "
    painted = cells.foreground if terminal.unicode else cells.background
    painted[-2, line] = found[line]


def _write_axis(cells: Cells, axis: Axis, lines: int, tones: Tones, terminal: Terminal) -> None:
    """The last rows: a line with ticks if there is room for both, and the values at them."""
    ticks = [
        (_column(value, axis, cells.columns), label) for value, label in zip(axis.positions, axis.labels, strict=True)
    ]
    if lines == 2:
        line, tick = ("─", "┬") if terminal.unicode else ("-", "+")
        cells.characters[-2] = line
        cells.characters[-2, [column for column, _ in ticks]] = tick
        cells.foreground[-2] = tones.dim
    free = 0
    for column, label in ticks if lines else []:
        start = min(max(0, column - len(label) // 2), cells.columns - len(label))
        if start >= free:
            free = write(cells, cells.rows - 1, start, label, tones.dim) + 1
