"""Which classes a classifier takes for which: the confusion matrix, shaded and in numbers."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import chain
from math import ceil

import numpy as np
from numpy.typing import NDArray

from gan_tui.drawing.cells import DEFAULT, Cells, blank
from gan_tui.drawing.colors import available, available_tones, black_or_white, nearest, pack, unpack, vivid
from gan_tui.drawing.pictures.blocks import ASCII_SHADES, BLOCK_SHADES
from gan_tui.drawing.terminal import ColorDepth, Terminal
from gan_tui.drawing.tones import DARK, Tones
from gan_tui.drawing.words import as_shown, clipped, write, write_pieces
from gan_tui.text import cut, width

Counts = NDArray[np.int64]
Shares = NDArray[np.float64]
Colors = NDArray[np.int32]

MOST_LINES = 5
"""Confusions that are listed where the matrix has no room."""
_HEAD = 2  # rows above the matrix: accuracy, and the columns' names
_WIDEST_CELL, _HIGHEST_CELL = 12, 3
_LEAST_LABEL, _LABEL, _RECALL = 4, 10, 7
_PRECISIONS = ("precision %", "prec. %", "%")
_FOR_NUMBERS = 3  # columns of a place in which per cent are written at all
_FOR_PERCENT = 4  # columns of a place in which 100 runs into nothing
_RIGHT = 0.45  # of the accent, where all of a class is right: errors outdo it
_SMALL, _NOTABLE = 0.01, 0.05  # shares of a row: smaller ones are dim; larger ones coloured where nothing is shaded


@dataclass(frozen=True)
class _Grid:
    """Where the matrix is: from row `top` and column `left` on, in places of wide x high cells."""

    left: int
    wide: int
    high: int
    recall: bool
    """Whether there is room for the recall beside it; where not, places hold per cent, and the diagonal says it."""
    precision: bool
    """Whether there is room for the precision below it."""
    top: int = _HEAD
    digits: int = 1
    """Of the widest number in a place or below one."""

    def start(self, place: int, columns: int) -> int:
        """The column in which so wide a text begins: one no wider than the numbers ends where they do."""
        room = max(self.digits, columns)
        return self.left + place * self.wide + (self.wide - room) // 2 + room - columns

    def middle(self, place: int) -> int:
        """The row in which what belongs to a row of places is written."""
        return self.top + place * self.high + (self.high - 1) // 2


def draw_confusion(
    counts: NDArray[np.integer],
    labels: Sequence[str],
    columns: int,
    rows: int,
    *,
    terminal: Terminal,
    tones: Tones = DARK,
) -> Cells:
    """The confusion matrix with accuracy, each class's recall and precision; without room for it, the worst confusions.

    `counts` is (classes, classes): [true, predicted]. What is confused stands together. Errors are shaded by the root
    of their share of the row, for they are small; what is right has a fainter ground of its own, to be seen at once.
    Each place holds its count, or the per cent of its row if counts, or the recall beside them, are too wide.
    """
    cells = blank(rows, columns)
    found: Counts = np.maximum(np.asarray(counts, dtype=np.int64), 0)
    if not (columns and rows and found.size):
        return cells
    colors = available_tones(tones, terminal)
    names = [as_shown(label, terminal) for label in labels]
    _write_accuracy(cells, found, colors, terminal)
    grid = _layout(len(found), max(map(width, names)), columns, rows)
    if grid is None:
        _write_worst(cells, found, names, colors)
        return cells
    order = ordered(found)
    found = found[np.ix_(order, order)]
    texts, unit = _texts(found, grid, terminal)
    precisions = _percent_right(found.T) if grid.precision else []
    grid = replace(grid, digits=max(map(len, chain(precisions, *texts))))
    if len(unit) < grid.left:
        write(cells, grid.top - 1, 0, unit, colors.dim)
    _draw_places(cells, grid, found, texts, tones, terminal)
    _write_names(cells, grid, names, order, colors, terminal)
    if grid.recall:
        _write_recall(cells, grid, found, colors)
    if grid.precision:
        _write_precision(cells, grid, precisions, colors)
    return cells


def ordered(counts: Counts) -> list[int]:
    """The classes in an order in which those that are taken for each other are neighbours.

    Chains that begin with the pair confused most, and grow at either end by the class that is confused most with the
    end; what is never confused stays in its own order.
    """
    shares = shares_of_rows(counts)
    both = np.round(shares + shares.T, 6)
    np.fill_diagonal(both, 0)
    rest, chains = list(range(len(counts))), list[list[int]]()
    while rest:
        chain = [max(rest, key=lambda k: (both[k][rest].max(), -k))]
        rest.remove(chain[0])
        while rest:
            share, _, end, k = max((both[chain[end], k], -k, end, k) for end in (0, -1) for k in rest)
            if share == 0:
                break
            chain = [k, *chain] if end == 0 else [*chain, k]
            rest.remove(k)
        chains.append(chain)
    return [k for chain in sorted(chains, key=min) for k in chain]


def _layout(classes: int, longest: int, columns: int, rows: int) -> _Grid | None:
    """The widest places that leave room for labels, and the recall where they still hold 100 per cent beside it."""
    wide = min(_WIDEST_CELL, (columns - min(longest, _LEAST_LABEL) - 1) // classes)
    high = min(_HIGHEST_CELL, (rows - _HEAD) // classes)
    if wide < 2 or high < 1:
        return None
    beside = columns - max(min(longest, _LABEL), len(_PRECISIONS[1])) - 1
    recall = (beside - _RECALL) // classes >= _FOR_PERCENT
    wide = min(wide, max(3, (beside - _RECALL * recall) // classes))
    precision = wide >= _FOR_PERCENT and rows - _HEAD > classes
    high = min(high, (rows - _HEAD - 1) // classes) if precision else high
    wide = min(wide, 3 + 3 * high)
    number = len(f"{classes - 1} ") if longest >= wide else 0  # of a name that does not fit above its column
    words = max(number + longest, len(_PRECISIONS[0]) * precision)
    left = min(words + 1, columns - wide * classes - _RECALL * recall)
    return _Grid(left, wide, high, recall, precision)


def shares_of_rows(counts: Counts) -> Shares:
    """(classes, classes): the counts as shares of their row, 0 in empty rows."""
    shares: Shares = counts / np.maximum(counts.sum(axis=1, keepdims=True), 1)
    return shares


def _draw_places(
    cells: Cells, grid: _Grid, counts: Counts, texts: list[list[str]], tones: Tones, terminal: Terminal
) -> None:
    shares = shares_of_rows(counts)
    colored = terminal.colors in (ColorDepth.TRUECOLOR, ColorDepth.COLORS_256)
    grounds, inks = _shades(shares, tones, terminal) if colored else _inks(shares, available_tones(tones, terminal))
    for true, predicted in np.ndindex(counts.shape):
        row, column = grid.top + true * grid.high, grid.left + predicted * grid.wide
        cells.background[row : row + grid.high, column : column + grid.wide] = grounds[true, predicted]
        text = texts[true][predicted]
        if grid.wide < _FOR_NUMBERS and not colored:
            text = _shade(float(shares[true, predicted]), terminal)
        write(cells, grid.middle(true), grid.start(predicted, len(text)), text, int(inks[true, predicted]))


def _shades(shares: Shares, tones: Tones, terminal: Terminal) -> tuple[Colors, Colors]:
    """The grounds of the places, and the colours of the numbers on them."""
    own, nothing = np.eye(len(shares), dtype=np.bool_), _channels(tones.background)
    few = terminal.colors is ColorDepth.COLORS_256
    right, wrong = (_channels(vivid(color) if few else color) for color in (tones.accent, tones.bad))
    mixed = nothing + np.where(own, (right - nothing) * _RIGHT * shares, (wrong - nothing) * np.sqrt(shares))
    grounds = nearest(mixed.astype(np.float32), terminal.colors)
    inks = np.where(shares < _SMALL, available(tones.dim, terminal), black_or_white(grounds))
    return np.where(shares > 0, pack(grounds), DEFAULT).astype(np.int32), inks.astype(np.int32)


def _channels(color: int) -> Shares:
    return np.array(unpack(color), dtype=np.float64)[:, None, None]


def _inks(shares: Shares, tones: Tones) -> tuple[Colors, Colors]:
    """Without enough colours for shades: no ground, and the numbers in colours."""
    color = np.where(np.eye(len(shares), dtype=np.bool_), tones.accent, tones.bad)
    inks = np.where(shares >= _NOTABLE, color, tones.dim)
    return np.full(shares.shape, DEFAULT, np.int32), inks.astype(np.int32)


def _texts(counts: Counts, grid: _Grid, terminal: Terminal) -> tuple[list[list[str]], str]:
    """What is written into each place, and what it is; nothing where there is nothing."""
    if grid.wide < _FOR_NUMBERS:
        return [[""] * len(counts)] * len(counts), ""
    counted = grid.recall and len(str(counts.max())) < grid.wide
    numbers = counts if counted else np.rint(100 * shares_of_rows(counts)).astype(np.int64)
    trace = "·" if terminal.unicode else "."
    texts = np.where(numbers > 0, numbers.astype(str), np.where(counts > 0, trace, ""))
    return texts.tolist(), "count" if counted else "% of row"


def _shade(share: float, terminal: Terminal) -> str:
    shades = BLOCK_SHADES if terminal.unicode else ASCII_SHADES
    return str(shades[ceil(share * (len(shades) - 1))])


def _write_accuracy(cells: Cells, counts: Counts, tones: Tones, terminal: Terminal) -> None:
    """The first line: accuracy 0.912 of 10,000, and which way to read the matrix."""
    total = int(counts.sum())
    accuracy = f"{np.trace(counts) / total:.3f}" if total else "–" if terminal.unicode else "-"
    end = write_pieces(cells, 0, 0, [("accuracy ", tones.dim), (accuracy, tones.text), (f" of {total:,}", tones.dim)])
    how = "true ↓  predicted →" if terminal.unicode else "true: down, predicted: right"
    if end + 2 + len(how) <= cells.columns and cells.rows > _HEAD:
        write(cells, 0, cells.columns - len(how), how, tones.dim)


def _write_names(
    cells: Cells, grid: _Grid, names: list[str], order: list[int], tones: Tones, terminal: Terminal
) -> None:
    """The names beside the rows and above the columns; where there is no room for them there, their numbers."""
    numbered = any(width(name) >= grid.wide for name in names)
    for place, k in enumerate(order):
        own = f"{k} {names[k]}" if numbered else names[k]
        write(cells, grid.middle(place), 0, clipped(own, grid.left - 1, terminal), tones.text)
        head = str(k)[: grid.wide] if numbered else names[k]
        write(cells, grid.top - 1, grid.start(place, width(head)), head, tones.text)


def _percent_right(counts: Counts) -> list[str]:
    """The diagonal's share of each row, in per cent; nothing of empty rows."""
    right = np.rint(100 * np.diag(shares_of_rows(counts))).astype(np.int64)
    return np.where(counts.any(axis=1), right.astype(str), "").tolist()  # type: ignore[no-any-return]


def _write_recall(cells: Cells, grid: _Grid, counts: Counts, tones: Tones) -> None:
    """How much of each true class is found, beside it."""
    column = grid.left + len(counts) * grid.wide
    write(cells, grid.top - 1, column + 1, "recall", tones.dim)
    for k, recall in enumerate(_percent_right(counts)):
        if recall:
            write(cells, grid.middle(k), column + 2, f"{recall:>3} %", tones.text)


def _write_precision(cells: Cells, grid: _Grid, precisions: list[str], tones: Tones) -> None:
    """How much of what is taken for each class is of it, below it."""
    row = grid.top + len(precisions) * grid.high
    write(cells, row, 0, next((words for words in _PRECISIONS if len(words) < grid.left), ""), tones.dim)
    for k, precision in enumerate(precisions):
        write(cells, row, grid.start(k, len(precision)), precision, tones.text)


def worst_confusions(counts: Counts, most: int = MOST_LINES) -> list[tuple[int, int, int]]:
    """(true, predicted, count) of the largest counts off the diagonal, the largest first."""
    errors = np.array(counts)
    np.fill_diagonal(errors, 0)
    order = np.argsort(-errors, axis=None, kind="stable")[:most]
    found = [
        (int(true), int(predicted)) for true, predicted in zip(*np.unravel_index(order, errors.shape), strict=True)
    ]
    return [(*place, int(errors[place])) for place in found if errors[place]]


def _write_worst(cells: Cells, counts: Counts, names: list[str], tones: Tones) -> None:
    for row, (true, predicted, count) in enumerate(worst_confusions(counts, min(MOST_LINES, cells.rows - 1)), 1):
        number = f" {count}"
        text = cut(f"{names[true]} taken for {names[predicted]}", max(0, cells.columns - len(number)))
        write_pieces(cells, row, 0, [(text, tones.text), (number, tones.bad)])
