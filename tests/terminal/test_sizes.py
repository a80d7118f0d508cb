"""The window has the size that the kernel says, and shows all of it whenever there is news of its size."""

import os
import signal
import time
from pathlib import Path

import pytest

from files import old_run
from pty_terminal import GAN_TUI, Terminal


def test_what_the_environment_says_of_the_size_changes_nothing(menu: Terminal) -> None:
    assert "q Quit" in menu.screen.display[29]
    assert len(menu.screen.display[15].rstrip()) > 90
    menu.resize(120, 40)
    menu.wait_for(lambda: "q Quit" in menu.screen.display[39])
    assert len(menu.screen.display[20].rstrip()) > 100


def is_whole(terminal: Terminal) -> bool:
    """Whether no part of the menu is missing; a list may have scrolled."""
    rows = terminal.text().splitlines()
    return len(rows) == 24 and all(row[:1] in ("╭", "│", "╰") for row in rows[:-1]) and "q Quit" in rows[-1]


def test_at_any_news_of_the_size_all_is_painted_again(menu: Terminal) -> None:
    """Also where it is the same: a session is attached elsewhere, or a window was made smaller and at once larger."""
    menu.resize(80, 24)
    menu.screen.reset()
    menu.wait_for(lambda: is_whole(menu))
    menu.pump(0.2)
    before = menu.text()
    menu.screen.reset()
    os.kill(menu.process.pid, signal.SIGWINCH)
    menu.wait_for(lambda: menu.text() == before)
    for pause in (0.0, 0.003, 0.02):
        menu.resize(70, 20)
        time.sleep(pause)
        menu.resize(80, 24)
        menu.screen.reset()
        menu.wait_for(lambda: is_whole(menu))


@pytest.mark.slow
def test_no_table_is_wider_than_the_terminal_it_is_printed_on(runs: Path) -> None:
    old_run("finished", "xor", runs).path.rename(runs / f"a-{'long-' * 11}name")
    for command in (
        ["show", "gan"],
        ["presets"],
        ["runs", "--runs-dir", str(runs)],
        ["show", str(next(runs.iterdir()))],
    ):
        with Terminal([*GAN_TUI, *command], 60, 40) as terminal:
            assert terminal.wait_for_exit() == 0
            lines = terminal.output.decode().splitlines()
        assert len(lines) > 2
        assert [line for line in lines if len(line) > 60] == [], command
