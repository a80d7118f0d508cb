"""How far the reading of a person's images has come: a bar on a terminal, else a line now and then for a log."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TextIO

from gan_tui.presets.preparing import OnRead, words
from gan_tui.system.painted_line import PaintedLine

BAR_CELLS = 24
QUICK = 0.5
"""Seconds after which it is worth a word."""
PAINTED, TOLD = 0.1, 10.0
"""Seconds between two pictures of the bar, and between two lines."""


@contextmanager
def reading_bar(stream: TextIO | None = None) -> Iterator[OnRead]:
    """What is told of what is read meanwhile is shown on standard error; a bar is taken away in the end."""
    stream = stream or sys.stderr
    if not stream.isatty():
        yield _now_and_then(lambda done, count: print(f"{words(done, count)}.", file=stream, flush=True), TOLD)
        return
    line = PaintedLine(stream)
    try:
        yield _now_and_then(lambda done, count: line.paint(_bar(done, count)), PAINTED)
    finally:
        line.clear()


def _bar(done: int, count: int) -> str:
    full = BAR_CELLS * done // max(count, 1)
    return f"[{'#' * full:.<{BAR_CELLS}}]  {words(done, count)}"


def _now_and_then(show: OnRead, seconds: float) -> OnRead:
    due = time.monotonic() + QUICK

    def tell(done: int, count: int) -> None:
        nonlocal due
        if time.monotonic() >= due:
            due = time.monotonic() + seconds
            show(done, count)

    return tell
