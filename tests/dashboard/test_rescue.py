"""A terminal that is given back in the midst of writing stays as it was given back."""

import os
import signal
import sys
import termios
import time

import pytest

from pty_terminal import Terminal

WRITES_ALL_THE_TIME = """
import sys, threading, time, tty
from gan_tui.dashboard.terminal.rescue import Rescue
from gan_tui.dashboard.terminal.output import TerminalOutput
Rescue().watch()
tty.setraw(0)
Rescue.taken = True
output = TerminalOutput(sys.stdout.fileno(), "utf-8")
def write():
    while True:
        output.write("\x1b[?1049h")
        output.flush()
threading.Thread(target=write, daemon=True).start()
while True:
    time.sleep(0.001)
"""


@pytest.mark.slow
def test_nothing_is_written_after_the_terminal_was_given_back() -> None:
    for _ in range(10):
        with Terminal((sys.executable, "-c", WRITES_ALL_THE_TIME)) as terminal:
            terminal.wait_for(lambda terminal=terminal: b"\x1b[?1049h" in terminal.output)
            os.kill(terminal.process.pid, signal.SIGTERM)
            assert terminal.wait_for_exit(5) == 128 + signal.SIGTERM
            assert terminal.output.rfind(b"\x1b[?1049l") > terminal.output.rfind(b"\x1b[?1049h")


@pytest.mark.slow
def test_a_terminal_that_takes_nothing_is_given_back_as_far_as_it_can_be() -> None:
    with Terminal((sys.executable, "-c", WRITES_ALL_THE_TIME)) as terminal:
        found = termios.tcgetattr(terminal.descriptor)
        while termios.tcgetattr(terminal.descriptor) == found:  # nothing is read
            time.sleep(0.01)
        time.sleep(0.3)
        os.kill(terminal.process.pid, signal.SIGTERM)
        assert terminal.process.wait(5) == 128 + signal.SIGTERM
        assert termios.tcgetattr(terminal.descriptor) == found
