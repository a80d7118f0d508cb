"""Gives the terminal back: its modes in one write, also when a signal ends the program at an instant at which the
interface cannot do it itself.
"""

import os
import signal
import termios
import threading
import time
from contextlib import suppress
from types import FrameType
from typing import ClassVar

from gan_tui.system.standard_streams import takes_more

FATAL = (signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT)
"""Signals that end the program; Ctrl-C is a key where the interface runs."""
SILENCE = b"".join(b"\x1b[?%dl" % mode for mode in (1000, 1002, 1003, 1004, 1006, 1015, 1016, 2004, 2026)) + b"\x1b[<u"
"""Mouse, focus, marked pastes and named keys off: from then on the terminal sends nothing of this kind by itself. The
Kitty protocol is a screen's own, so it ends before the second screen does."""
LEAVE = b"\x1b[0m\x1b[H\x1b[J\x1b[?1049l\x1b[?7h\x1b[?25h"
"""All that was drawn gone, for terminals without a second screen; that off; lines wrap and the cursor shows."""

WRITING = threading.Lock()
"""Held while something is written to the terminal, by who has seen that it is not being given back."""
_MOMENT = 0.2
"""Seconds for which what is being written is waited for, and that the terminal takes our words: some take nothing."""


class Rescue:
    """Remembers the terminal as it was found. The interface's own handlers take over once it runs."""

    taken = False
    """Whether the terminal shows the interface, or is about to."""
    farewells: ClassVar[dict[str, bytes]] = {}
    """What the terminal has to be told besides, by what that is of: to forget images, to have its own title again."""
    begun = False
    """Whether the terminal is being given back: nothing else is written from now on."""

    def __init__(self, descriptor: int = 0) -> None:
        self._descriptor, self._before = descriptor, termios.tcgetattr(descriptor)

    @classmethod
    def farewell(cls) -> bytes:
        """All of that."""
        return b"".join(cls.farewells.values())

    def watch(self) -> None:
        """From now on a signal that ends the program gives the terminal back first, also under nohup."""
        for number in FATAL:
            signal.signal(number, self._leave)

    def _leave(self, number: int, _frame: FrameType | None) -> None:
        Rescue.begun = True
        if Rescue.taken:
            WRITING.acquire(timeout=_MOMENT)
            say(1, SILENCE + Rescue.farewell() + LEAVE, _MOMENT)
        with suppress(termios.error):
            termios.tcflush(self._descriptor, termios.TCIFLUSH)
            termios.tcsetattr(self._descriptor, termios.TCSANOW, self._before)
        os._exit(128 + number)


def say(descriptor: int, words: bytes, seconds: float) -> bool:
    """Write to the terminal what it takes within so long, and say whether that was all; it may have vanished."""
    deadline = time.monotonic() + seconds
    with suppress(OSError):
        os.set_blocking(descriptor, False)
        try:
            while words and takes_more(descriptor, deadline - time.monotonic()):
                words = words[os.write(descriptor, words) :]
        finally:
            os.set_blocking(descriptor, True)
    return not words
