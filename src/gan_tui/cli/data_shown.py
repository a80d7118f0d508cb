"""What `gan-tui data show` prints: what data hold, as text, and on a terminal a few examples of each class."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from typing import TextIO

import numpy as np
from numpy.typing import NDArray

from gan_tui.cli import painted_cells
from gan_tui.dashboard.terminal.detected import detect
from gan_tui.data import own
from gan_tui.data.own.described import facts, left_out
from gan_tui.drawing.pictures.examples import draw_examples
from gan_tui.drawing.plots.eighths import parts_of, rightwards, upwards
from gan_tui.drawing.terminal import Terminal
from gan_tui.errors import UserError
from gan_tui.system import kept_symbols, terminal
from gan_tui.system.painted_line import PaintedLine
from gan_tui.system.paths import whole_path
from gan_tui.text import aligned, clipped, flowed

BAR_CELLS = 24
HISTOGRAM_CELLS = 16
PICTURE_ROWS = 8
MOST_CLASSES = 12
"""Of which examples are drawn: more would scroll away what is above them."""


def read(place: str, label: str, stream: TextIO) -> own.Report:
    """A report of what lies there, with the count of the files that have been read where a person waits for it.

    Raises UserError as `own.look` and `own.report`.
    """
    if not place.strip():
        raise UserError("data show needs the path of your data.")
    painted = PaintedLine(stream) if stream.isatty() else None

    def on_read(done: int, total: int) -> None:
        if painted:
            painted.paint(f"reading  {done:,} of {total:,}")

    try:
        found = own.look(place if own.is_name(place) else str(whole_path(place)), label)
        return own.report(found, on_read)
    finally:
        if painted:
            painted.clear()


def text(report: own.Report, columns: int | None) -> str:
    """All but the pictures, each part after a blank line."""
    found, shown = report.found, _terminal()
    parts = [flowed(f"{found.name}: {found.says or f'{found.count:,} examples'}", columns)]
    parts.append(aligned(facts(report), (), columns))
    if report.classes:
        parts.append(aligned(_class_rows(report, shown), (1, 2), columns))
    if report.columns:
        parts.append(aligned(_column_rows(report, shown), (3,), columns))
    parts += [flowed("\n".join(left_out(found)), columns)] if found.notes else []
    return "\n\n".join(parts)


def _class_rows(report: own.Report, shown: Terminal) -> list[tuple[str, str, str, str]]:
    """A row for each class; bars are shares of the largest."""
    most = max(1, *(one.count for one in report.classes))
    bars = _bars([one.count / most for one in report.classes], shown)
    rows = [("class", "examples", "share", "")]
    return rows + [
        (one.name, f"{one.count:,}", f"{100 * one.share:.1f} %", bar)
        for one, bar in zip(report.classes, bars, strict=True)
    ]


def _bars(shares: list[float], shown: Terminal) -> list[str]:
    drawn = rightwards(parts_of(np.array(shares), BAR_CELLS), BAR_CELLS, shown)
    return ["".join(row).rstrip() for row in drawn.tolist()]


def _column_rows(report: own.Report, shown: Terminal) -> list[tuple[str, str, str, str, str]]:
    rows = [("column", "kind", "values", "missing", "")]
    return rows + [
        (one.name, one.kind, one.values, f"{100 * one.missing:.1f} %", histogram(one.histogram, shown))
        for one in report.columns
    ]


def histogram(counts: tuple[int, ...], shown: Terminal) -> str:
    """One line of bars that stand, as high as the counts."""
    few = np.array(counts[:HISTOGRAM_CELLS], float)
    return "".join(upwards(parts_of(few / max(1, few.max()), 1), 1, shown)[0].tolist()) if len(few) else ""


def pictures(report: own.Report, columns: int) -> Iterator[str]:
    """Lines of a terminal with a few examples of each class, in as many as there is room for."""
    names = [one.name for one in report.classes] or ["examples"]
    for name, examples in list(zip(names, report.examples, strict=False))[:MOST_CLASSES]:
        if len(examples):
            yield ""
            yield clipped(name, columns)
            yield from drawn(examples, columns)


def drawn(images: NDArray[np.uint8], columns: int) -> Iterator[str]:
    """Lines of a terminal with some images side by side, the first at the left."""
    shown = _terminal()
    yield from painted_cells.lines(draw_examples(images, columns, PICTURE_ROWS, shown), shown.colors)


def _terminal() -> Terminal:
    environ = terminal.environment()
    client = terminal.tmux_client(environ)
    return detect(environ, sys.stdout.encoding or "ascii", client, kept_symbols.kept(environ, client))
