"""A line that is painted over itself, on a real terminal whose window changes."""

import fcntl
import io
import os
import pty
import struct
import termios
from collections.abc import Iterator

import pyte
import pytest

from gan_tui.system.painted_line import PaintedLine

PAINTED = " and ".join(f"{n} of 9 trained" for n in range(6))
"""Of 99 columns."""


class Window:
    """A terminal that cuts its lines where it is made narrower, as xterm does."""

    def __init__(self, columns: int) -> None:
        self._master, slave = pty.openpty()
        self.stream = os.fdopen(slave, "w")
        self.screen = pyte.Screen(columns, 10)
        self._bytes = pyte.ByteStream(self.screen)
        self.resize(columns)

    def resize(self, columns: int) -> None:
        self.screen.resize(10, columns)
        fcntl.ioctl(self._master, termios.TIOCSWINSZ, struct.pack("HHHH", 10, columns, 0, 0))

    def lines(self) -> list[str]:
        os.set_blocking(self._master, False)
        try:
            while data := os.read(self._master, 4096):
                self._bytes.feed(data)
        except BlockingIOError:
            pass
        return "\n".join(line.rstrip() for line in self.screen.display).rstrip().split("\n")

    def close(self) -> None:
        self.stream.close()
        os.close(self._master)


@pytest.fixture
def terminal() -> Iterator[Window]:
    opened = Window(120)
    yield opened
    opened.close()


def test_it_is_one_line_whatever_becomes_of_the_window(terminal: Window) -> None:
    print("heading", file=terminal.stream)
    line = PaintedLine(terminal.stream)
    for columns in (120, 50, 30, 120, 40):
        terminal.resize(columns)
        for end in ("", "!", ""):
            line.paint(PAINTED + end)
            assert terminal.lines() == ["heading", PAINTED[: columns - 1] + end[: max(0, columns - 100)]]
    line.paint("short")
    assert terminal.lines() == ["heading", "short"]
    line.clear()
    assert terminal.lines() == ["heading"]
    print("result", file=terminal.stream, flush=True)
    assert terminal.lines() == ["heading", "result"]


def test_it_stays_when_it_is_ended_and_what_was_never_painted_is_not() -> None:
    stream = io.StringIO()
    line = PaintedLine(stream)
    line.end()
    line.clear()
    assert stream.getvalue() == ""
    line.paint("all")
    line.end()
    line.end()
    assert stream.getvalue() == "\rall\n"
