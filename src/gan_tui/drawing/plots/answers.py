"""What a network answers to a few points: a line each, with the probability of every class."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from gan_tui.drawing.cells import Cells, blank
from gan_tui.drawing.colors import available_tones
from gan_tui.drawing.plots.eighths import Characters, parts_of, rightwards
from gan_tui.drawing.terminal import Terminal
from gan_tui.drawing.tones import DARK, Tones
from gan_tui.drawing.words import LEAST_LETTERS, as_shown, clipped, told_apart, write
from gan_tui.text import padded, width

Numbers = NDArray[np.float64]

_NUMBER = 4  # cells of 0.12
_LONGEST_BAR, _LEAST_BAR = 20, 3
_MARK = 2  # cells of a mark and the gap before it
_APART = 3  # cells of the gaps around a bar: before its number, and before the next class


@dataclass(frozen=True)
class _Columns:
    """Where things are on each line."""

    true: int
    """The true class."""
    first: int
    """The first class's bar and number."""
    step: int
    """From class to class."""
    bar: int
    """The longest bar; 0 if there is only room for numbers."""
    shown: int
    """How many classes have room."""


def draw_answers(
    points: NDArray[np.floating] | Sequence[Sequence[str]],
    classes: NDArray[np.integer],
    probabilities: NDArray[np.floating],
    columns: int,
    rows: int,
    *,
    terminal: Terminal,
    tones: Tones = DARK,
    names: Sequence[str] | None = None,
) -> Cells:
    """A line for each point: inputs, true class, each class's probability as bar and number, right or wrong.

    `points` is (n, inputs), or what they hold as texts, `classes` (n,) their true ones, `probabilities` (n, classes) of
    0…1, or (n, 1) of the second of two classes. The likeliest class is drawn in the good colour if it is the true one,
    else in the bad one. A last line sums up the points that have no room.
    """
    cells = blank(rows, columns)
    if not (columns and rows and len(points)):
        return cells
    values = np.nan_to_num(np.asarray(probabilities, dtype=np.float64))
    values = np.hstack([1 - values, values]) if values.shape[1] == 1 else values
    colors = available_tones(tones, terminal)
    heads = [as_shown(name, terminal) for name in names or map(str, range(values.shape[1]))]
    inputs = _inputs(points) if isinstance(points, np.ndarray) else _aligned(points, columns // 3, terminal)
    right = values.argmax(axis=1) == classes
    places = _columns(max(map(width, inputs)), heads, columns)
    head = int(rows > len(points) or 4 <= rows < len(points))
    if head:
        _write_head(cells, places, heads, colors, terminal)
    drawn = len(points) if len(points) <= rows - head else max(1, rows - head - 1)
    short = told_apart(heads, places.first - places.true - 2, terminal)
    bars = rightwards(parts_of(values[:drawn], places.bar), places.bar, terminal)
    for index in range(drawn):
        row = head + index
        write(cells, row, 0, inputs[index], colors.text)
        write(cells, row, places.true, short[int(classes[index])], colors.text)
        won = colors.good if right[index] else colors.bad
        end = _draw_line(cells, row, values[index], bars[index], places, (won, colors.dim))
        sign = "✓✗" if terminal.unicode else "+x"
        write(cells, row, min(end + 1, columns - 1), sign[0] if right[index] else sign[1], won)
    if drawn < len(points):
        rest = f"{len(points) - drawn} more, {int(right[drawn:].sum())} of them right"
        write(cells, head + drawn, 0, rest, colors.dim)
    return cells


def _inputs(points: NDArray[np.floating]) -> list[str]:
    """Each point's inputs with the decimals that all of them need, at most three: '0 1', '0.25 0.50'."""
    values = np.nan_to_num(np.asarray(points, dtype=np.float64))
    decimals = next((n for n in range(3) if np.allclose(np.round(values, n), values, atol=1e-6)), 3)
    return _in_columns([[f"{value:.{decimals}f}" for value in point] for point in values.tolist()])


def _aligned(points: Sequence[Sequence[str]], room: int, terminal: Terminal) -> list[str]:
    """What points hold, column below column, as far as there is room."""
    return [clipped(line, room, terminal) for line in _in_columns([[as_shown(t, terminal) for t in p] for p in points])]


def _in_columns(texts: Sequence[Sequence[str]]) -> list[str]:
    widths = [max(map(width, column)) for column in zip(*texts, strict=True)]
    return [" ".join(padded(t, wide, True) for t, wide in zip(line, widths, strict=True)) for line in texts]


def _columns(inputs: int, heads: list[str], columns: int) -> _Columns:
    true = max(inputs, 5 if columns >= 30 else 0) + 2
    beside_least_bars = columns - true - 2 - _MARK - len(heads) * (_LEAST_BAR + _NUMBER + _APART)
    name = min(max(map(width, heads)), max(LEAST_LETTERS, columns // 8, beside_least_bars))
    first = true + max(name, 4 if columns >= 30 else LEAST_LETTERS) + 2
    room = columns - first - _MARK
    bar = min(_LONGEST_BAR, room // len(heads) - _NUMBER - _APART)
    bar = bar if bar >= _LEAST_BAR else 0
    step = bar + _NUMBER + (_APART if bar else 1)
    return _Columns(true, first, step, bar, min(len(heads), max(0, (room + 1) // step)))


def _write_head(cells: Cells, places: _Columns, heads: list[str], tones: Tones, terminal: Terminal) -> None:
    write(cells, 0, 0, clipped("input", places.true - 1, terminal), tones.dim)
    write(cells, 0, places.true, clipped("true", places.first - places.true - 1, terminal), tones.dim)
    for k, name in enumerate(told_apart(heads, places.step - 1, terminal)[: places.shown]):
        write(cells, 0, places.first + k * places.step, name, tones.dim)


def _draw_line(
    cells: Cells, row: int, values: Numbers, bars: Characters, places: _Columns, colors: tuple[int, int]
) -> int:
    """One point's bars and numbers, in the first colour for the likeliest class; returns the column after them."""
    column, winner = places.first, int(values.argmax())
    for k, value in enumerate(values[: places.shown].tolist()):
        column = places.first + k * places.step
        cells.characters[row, column : column + places.bar] = bars[k]
        cells.foreground[row, column : column + places.bar] = colors[k != winner]
        column = write(cells, row, column + places.bar + bool(places.bar), f"{value:.2f}", colors[k != winner])
    return column
