"""What is known of the terminal without asking it."""

import fcntl
import os
import pty
import struct
import termios
from collections.abc import Iterator

import pytest

from gan_tui.system import terminal


@pytest.fixture
def window() -> Iterator[int]:
    """A terminal of 100 × 40 cells: its program's side."""
    master, slave = pty.openpty()
    resize(slave, 100, 40)
    yield slave
    os.close(master)
    os.close(slave)


def resize(descriptor: int, columns: int, rows: int) -> None:
    fcntl.ioctl(descriptor, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))


def test_the_kernel_knows_a_windows_size_whatever_a_container_has_exported(
    window: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.setenv("LINES", "24")
    assert terminal.window(window) == (100, 40)
    resize(window, 61, 19)
    assert terminal.window(window) == (61, 19)


def test_where_the_kernel_knows_none_the_environment_may(window: int, monkeypatch: pytest.MonkeyPatch) -> None:
    resize(window, 0, 0)  # a serial line, or `docker exec -t` at first
    monkeypatch.setenv("COLUMNS", "132")
    monkeypatch.setenv("LINES", "43")
    assert terminal.window(window) == (132, 43)
    monkeypatch.delenv("COLUMNS")
    monkeypatch.delenv("LINES")
    assert terminal.window(window) == (80, 24)


def test_of_what_is_no_terminal_the_environment_says_the_width(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "50")
    read_end, write_end = os.pipe()
    assert terminal.window(write_end)[0] == 50
    os.close(read_end)
    os.close(write_end)
