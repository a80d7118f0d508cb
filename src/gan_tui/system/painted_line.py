"""A line on a terminal that is painted over and over, as for what goes on for a while."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TextIO

from gan_tui.system.terminal import window
from gan_tui.text import cut, padded, width

_LEAST_COLUMNS = 20


class PaintedLine:
    """Painted with a carriage return and blanks, which every terminal knows, and never wider than the window is now.

    Of a line that was wider than a window has become since, some terminals leave the beginning above, once: nothing
    tells from here which ones do.
    """

    def __init__(self, stream: TextIO) -> None:
        """`stream` leads to the terminal."""
        self._stream, self._shown = stream, ""

    def paint(self, text: str) -> None:
        """Show this instead of what is there."""
        room = max(self._columns() - 1, _LEAST_COLUMNS)
        text = cut(text, room)
        if text != self._shown:
            blank = min(width(self._shown), room + 1)  # no more: where it has become narrower, that would be two lines
            self._stream.write("\r" + padded(text, blank))
            self._stream.flush()
            self._shown = text

    def clear(self) -> None:
        """Take the line away, and be at its beginning."""
        if self._shown:
            self.paint("")
            self._stream.write("\r")
            self._stream.flush()

    def end(self) -> None:
        """Leave the line, and be on the next."""
        if self._shown:
            self._stream.write("\n")
            self._shown = ""

    def _columns(self) -> int:
        try:
            return window(self._stream.fileno())[0]
        except OSError:  # no file: what a program keeps in memory
            return window(-1)[0]


@contextmanager
def meanwhile(words: str) -> Iterator[None]:
    """Say what is done while a person waits for it."""
    painted = PaintedLine(sys.stderr) if sys.stderr.isatty() else None
    if painted:
        painted.paint(words)
    try:
        yield
    finally:
        if painted:
            painted.clear()
