"""A dashboard that was frozen, and continued while the shell has the terminal, is brought back whole."""

import os
import signal

import psutil
import pytest

from product import wait_for
from pty_terminal import GAN_TUI, Terminal

pytestmark = [pytest.mark.slow, pytest.mark.prove]


def test_after_bg_and_fg_keys_are_keys_again() -> None:
    """To give the terminal back would stop it there in its midst: it stands still before, until it is brought back."""
    env = {"PS1": "ready> ", "GAN_TUI_PREPARE": "off"}
    with Terminal(("bash", "--norc", "--noprofile", "-i"), 80, 24, env=env) as terminal:
        terminal.wait_for("ready>")
        terminal.type(f"{' '.join(GAN_TUI)}\r")
        terminal.wait_for("q Quit")
        terminal.pump(1)
        (program,) = psutil.Process(terminal.process.pid).children()
        os.kill(program.pid, signal.SIGSTOP)
        wait_for(lambda: program.status() == psutil.STATUS_STOPPED)
        stopped = len(terminal.output)
        terminal.type("\rbg\r")
        terminal.wait_for(lambda: b" &\r\n" in terminal.output[stopped:])  # it goes on, for a moment
        terminal.pump(1)
        wait_for(lambda: program.status() == psutil.STATUS_STOPPED)  # for all that one does with a terminal
        painted = len(terminal.output)
        assert b"\x1b[?1049h" not in terminal.output[stopped:], "nothing is painted in the background"
        terminal.type("fg\r")
        terminal.wait_for(lambda: b"Quit" in terminal.output[painted:])
        terminal.type("q")
        terminal.wait_for(lambda: terminal.output.endswith(b"ready> "))
        assert not program.is_running()
