"""A terminal that is given back in the midst of writing stays as it was given back."""

import os
import signal
import sys

from pty_terminal import Terminal

WRITES_ALL_THE_TIME = """
import sys, threading, time
from gan_tui.dashboard.terminal.rescue import Rescue
from gan_tui.dashboard.terminal.wire import Wire
Rescue().watch()
Rescue.taken = True
wire = Wire(sys.stdout.fileno(), "utf-8")
def write():
    while True:
        wire.write("\x1b[?1049h")
        wire.flush()
threading.Thread(target=write, daemon=True).start()
while True:
    time.sleep(0.001)
"""


def test_nothing_is_written_after_the_terminal_was_given_back() -> None:
    for _ in range(10):
        with Terminal((sys.executable, "-c", WRITES_ALL_THE_TIME)) as terminal:
            terminal.wait_for(lambda terminal=terminal: b"\x1b[?1049h" in terminal.output)
            os.kill(terminal.process.pid, signal.SIGTERM)
            assert terminal.wait_for_exit(5) == 128 + signal.SIGTERM
            assert terminal.output.rfind(b"\x1b[?1049l") > terminal.output.rfind(b"\x1b[?1049h")
