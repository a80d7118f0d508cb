"""Data before anything is trained on them, drawn as one tall page: facts, classes, examples, columns."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import zip_longest

import numpy as np
from numpy.typing import NDArray

from gan_tui.dashboard.themes import Inks
from gan_tui.data import own
from gan_tui.data.own.described import changed_at_random, facts, left_out
from gan_tui.drawing.cells import Cells, blank, paste
from gan_tui.drawing.pictures.examples import draw_examples
from gan_tui.drawing.plots.eighths import parts_of, rightwards, upwards
from gan_tui.drawing.terminal import Terminal
from gan_tui.drawing.words import Piece, as_shown, clipped, write_pieces
from gan_tui.text import padded, width, wrapped

PICTURE_ROWS = 8
DRAWING = "TensorFlow is loading, to draw them …"
MOST_DRAWN = 60
"""Classes of which examples are drawn; the others have their line."""
_NAME, _BAR, _HISTOGRAM = 28, 30, 16
"""The most cells of each."""
_FACT = 12
"""Cells before what is said of all of it."""


def draw_report(report: own.Report, columns: int, terminal: Terminal, ink: Inks) -> Cells:
    """As many rows as it takes, in so many columns."""
    page = _Page(columns, terminal, ink)
    parts = [page.facts(report), page.notes(report), page.classes(report)]
    parts += [page.columns_of(report), page.examples(report)]
    return _stacked([block for part in parts for block in part], columns)


def _stacked(blocks: Sequence[Cells], columns: int) -> Cells:
    canvas = blank(max(1, sum(block.rows for block in blocks)), columns)
    row = 0
    for block in blocks:
        paste(canvas, block, row)
        row += block.rows
    return canvas


@dataclass(frozen=True, eq=False)
class Augmented:
    """Examples changed at random, as far as they have come."""

    changes: tuple[str, ...]
    """As a preset has them."""
    rows: NDArray[np.uint8] | None = None
    """(count, 1 + times, height, width, channels); None until they are drawn."""
    problem: str = ""
    """Why they never are, a sentence."""


def draw_augmented(augmented: Augmented, columns: int, terminal: Terminal, ink: Inks) -> Cells:
    """As many rows as it takes, in so many columns."""
    page = _Page(columns, terminal, ink)
    return _stacked(list(page.augmented(augmented)), columns)


class _Page:
    """The parts of a page, in blocks of cells that stand one below the other."""

    def __init__(self, columns: int, terminal: Terminal, ink: Inks) -> None:
        self._columns, self._terminal, self._ink = columns, terminal, ink

    def facts(self, report: own.Report) -> Iterator[Cells]:
        yield from self._words(report.found.says, self._ink.text)
        for name, words in facts(report):
            lines = wrapped(as_shown(words, self._terminal), max(1, self._columns - _FACT))
            for heading, line in zip_longest((name,), lines, fillvalue=""):
                yield self._line((f"{heading:<{_FACT}}", self._ink.dim), (line, self._ink.text))
        yield blank(1, self._columns)

    def notes(self, report: own.Report) -> Iterator[Cells]:
        for note in left_out(report.found):
            yield from self._words(note, self._ink.warning)
        if report.found.notes:
            yield blank(1, self._columns)

    def classes(self, report: own.Report) -> Iterator[Cells]:
        """A line for each class, so that one that is small is seen at once."""
        most = max((one.count for one in report.classes), default=1)
        name = min(_NAME, max((width(one.name) for one in report.classes), default=0))
        for one in report.classes:
            share = f"{one.count:>9,}  {100 * one.share:>5.1f} %  "
            bar = self._bar(one.count / max(1, most), self._columns - name - len(share))
            yield self._line(
                (self._name(one.name, name), self._ink.text), (share, self._ink.dim), (bar, self._ink.good)
            )
        if report.classes:
            yield blank(1, self._columns)

    def examples(self, report: own.Report) -> Iterator[Cells]:
        """A few of each class under its name; of data without classes a few of all."""
        names = [one.name for one in report.classes] or ["examples"]
        for name, examples in list(zip(names, report.examples, strict=False))[:MOST_DRAWN]:
            if len(examples):
                yield self._line((name, self._ink.accent))
                yield draw_examples(examples, self._columns, PICTURE_ROWS, self._terminal)
                yield blank(1, self._columns)

    def augmented(self, augmented: Augmented) -> Iterator[Cells]:
        """A row for each example: as it is, and changed."""
        yield self._line(("augmented", self._ink.accent))
        yield from self._words(changed_at_random(augmented.changes), self._ink.text)
        if augmented.problem:
            yield from self._words(augmented.problem, self._ink.warning)
        elif augmented.rows is None:
            yield from self._words(DRAWING, self._ink.dim)
        else:
            for row in augmented.rows:
                yield draw_examples(row, self._columns, PICTURE_ROWS, self._terminal)
                yield blank(1, self._columns)

    def columns_of(self, report: own.Report) -> Iterator[Cells]:
        """Two lines for each column of a table: what it is, and its values."""
        name = min(_NAME, max((width(one.name) for one in report.columns), default=0))
        kind = max((width(one.kind) for one in report.columns), default=0)
        for one in report.columns:
            missing = f"{100 * one.missing:5.1f} % missing  "
            pieces = [
                (f"{self._name(one.name, name)}  ", self._ink.accent),
                (padded(one.kind, kind + 2), self._ink.text),
                (missing, self._ink.dim),
            ]
            yield self._line(*pieces, (self._histogram(one.histogram), self._ink.good))
            yield self._line((" " * (name + 2) + one.values, self._ink.dim))

    def _name(self, name: str, columns: int) -> str:
        return padded(clipped(as_shown(name, self._terminal), columns, self._terminal), columns)

    def _bar(self, share: float, room: int) -> str:
        cells = max(1, min(_BAR, room))
        return "".join(rightwards(parts_of(np.array([share]), cells), cells, self._terminal)[0].tolist())

    def _histogram(self, counts: tuple[int, ...]) -> str:
        few = np.array(counts[:_HISTOGRAM], float)
        if not len(few):
            return ""
        return "".join(upwards(parts_of(few / max(1.0, few.max()), 1), 1, self._terminal)[0].tolist())

    def _words(self, text: str, color: int) -> Iterator[Cells]:
        for line in wrapped(as_shown(text, self._terminal), self._columns):
            yield self._line((line, color))

    def _line(self, *pieces: Piece) -> Cells:
        cells = blank(1, self._columns)
        write_pieces(cells, 0, 0, [(as_shown(text, self._terminal), color) for text, color in pieces])
        return cells
