"""The window has the size that the kernel says, and shows all of it whenever there is news of its size."""

import os
import signal
import time
from pathlib import Path

from files import old_run
from pty_terminal import GAN_TUI, Terminal

EXPORTED = {"COLUMNS": "70", "LINES": "20"}
"""What a container may have exported, once and for all."""


def test_what_the_environment_says_of_the_size_changes_nothing() -> None:
    with Terminal(GAN_TUI, 120, 40, env=EXPORTED) as terminal:
        terminal.wait_for(lambda: "q Quit" in terminal.screen.display[39])
        assert len(terminal.screen.display[20].rstrip()) > 100
        terminal.resize(90, 30)
        terminal.wait_for(lambda: "q Quit" in terminal.screen.display[29])


def test_a_window_that_the_environment_calls_too_small_is_large_enough() -> None:
    with Terminal(GAN_TUI, 80, 24, env={"COLUMNS": "20", "LINES": "5"}) as terminal:
        terminal.wait_for(lambda: "q Quit" in terminal.screen.display[23])


def is_whole(terminal: Terminal) -> bool:
    """Whether no part of the menu is missing; a list may have scrolled."""
    rows = terminal.text().splitlines()
    return len(rows) == 24 and all(row[0] in "╭│╰" for row in rows[:-1]) and "q Quit" in rows[-1]


def test_at_any_news_of_the_size_all_is_painted_again() -> None:
    """Also where it is the same: a session is attached elsewhere, or a window was made smaller and at once larger."""
    with Terminal(GAN_TUI, 80, 24) as terminal:
        terminal.wait_for("q Quit")
        terminal.pump(0.2)
        before = terminal.text()
        terminal.screen.reset()
        os.kill(terminal.process.pid, signal.SIGWINCH)
        terminal.wait_for(lambda: terminal.text() == before, 10)
        for pause in (0.0, 0.003, 0.02):
            terminal.resize(70, 20)
            time.sleep(pause)
            terminal.resize(80, 24)
            terminal.screen.reset()
            terminal.wait_for(lambda: is_whole(terminal), 10)


def test_no_table_is_wider_than_the_terminal_it_is_printed_on(runs: Path) -> None:
    old_run("finished", "xor", runs).path.rename(runs / f"a-{'long-' * 11}name")
    for command in (
        ["show", "gan"],
        ["presets"],
        ["runs", "--runs-dir", str(runs)],
        ["show", str(next(runs.iterdir()))],
    ):
        with Terminal([*GAN_TUI, *command], 60, 40) as terminal:
            assert terminal.wait_for_exit(20) == 0
            lines = terminal.output.decode().splitlines()
        assert len(lines) > 2
        assert [line for line in lines if len(line) > 60] == [], command
