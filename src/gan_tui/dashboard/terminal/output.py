"""Bytes to the terminal, written in a thread of their own: the interface waits for no slow or dead link."""

import os
import threading
from collections.abc import Callable
from contextlib import suppress

from gan_tui.dashboard.terminal.rescue import WRITING, Rescue
from gan_tui.system.standard_streams import takes_more

_AT_ONCE = 4096
"""Bytes handed to the system at once: more would wait in it for a slow reader, and could not be taken back."""

_LOOK_SECONDS = 0.1
"""After which it is seen that the terminal is being given back, while one that does not wait takes nothing."""


class TerminalOutput:
    """The file that the writing thread writes to. It knows when all was taken, and when nobody is there any more."""

    def __init__(self, descriptor: int, encoding: str) -> None:
        self._descriptor, self.encoding = descriptor, encoding
        self._waiting: list[str] = []
        self.ended = False
        """Whether the terminal is given back: what waits is not written any more."""
        self.gone = False
        """Whether the terminal has vanished: what is written since then goes nowhere."""
        self.taken = threading.Event()
        """Set when what was to be written has been, or nobody is there to take it."""
        self.on_empty: Callable[[], object] = lambda: None
        """Called, in the writing thread, when the terminal has taken all there was."""
        self.on_gone: Callable[[], object] = lambda: None

    def write(self, text: str) -> None:
        self._waiting.append(text)

    def flush(self) -> None:
        data = "".join(self._waiting).encode(self.encoding, errors="replace")
        self._waiting.clear()
        try:
            while data and not self.gone:
                with WRITING:
                    if Rescue.begun or self.ended:
                        return
                    with suppress(BlockingIOError):
                        data = data[os.write(self._descriptor, data[:_AT_ONCE]) :]
                        continue
                takes_more(self._descriptor, _LOOK_SECONDS)
        except OSError:
            self.gone = True
            self.on_gone()
        self.taken.set()
        self.on_empty()

    def fileno(self) -> int:
        return self._descriptor

    def isatty(self) -> bool:
        return True
