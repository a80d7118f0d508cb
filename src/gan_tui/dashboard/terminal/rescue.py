"""Gives the terminal back when a signal ends the program at an instant at which the interface cannot do it itself."""

import os
import select
import signal
import termios
import threading
import time
from contextlib import suppress
from types import FrameType

FATAL = (signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT)
"""Signals that end the program; Ctrl-C is a key where the interface runs."""
_LEAVE = b"".join(b"\x1b[?%dl" % mode for mode in (1000, 1002, 1003, 1004, 1006, 1015, 1016, 2004, 2026, 1049))
_LEAVE += b"\x1b[?7h\x1b[?25h\x1b[<u\x1b[0m"
"""Mouse, focus, marked pastes and the second screen off; lines wrap and the cursor shows."""

WRITING = threading.Lock()
"""Held while something is written to the terminal, by who has seen that `Rescue.begun` is false."""
_WRITING_SECONDS = 0.2
"""How long what is being written is waited for, and that the terminal takes our words: one may take nothing."""


class Rescue:
    """Remembers the terminal as it was found. The interface's own handlers take over once it runs."""

    taken = False
    """Whether the terminal shows the interface, or is about to."""
    begun = False
    """Whether the terminal is being given back: nothing else is written from now on."""

    def __init__(self, descriptor: int = 0) -> None:
        self._descriptor, self._before = descriptor, termios.tcgetattr(descriptor)

    def watch(self) -> None:
        """From now on a signal that ends the program gives the terminal back first, also under nohup."""
        for number in FATAL:
            signal.signal(number, self._leave)

    def _leave(self, number: int, _frame: FrameType | None) -> None:
        Rescue.begun = True
        if Rescue.taken:
            WRITING.acquire(timeout=_WRITING_SECONDS)
            with suppress(OSError):  # it may have vanished
                _say(_LEAVE)
        with suppress(termios.error):
            termios.tcsetattr(self._descriptor, termios.TCSANOW, self._before)
        os._exit(128 + number)


def _say(words: bytes) -> None:
    """Write to the terminal what it takes within a moment."""
    deadline = time.monotonic() + _WRITING_SECONDS
    os.set_blocking(1, False)
    try:
        while words and select.select([], [1], [], max(0.0, deadline - time.monotonic()))[1]:
            words = words[os.write(1, words) :]
    finally:
        os.set_blocking(1, True)
