"""Looks at files without making the interface wait: a network file system may take half a minute, or for ever."""

import threading
import time
from collections.abc import Callable
from typing import TypeVar

from textual.message import Message
from textual.widget import Widget

PATIENCE_SECONDS = 5.0
"""A disk that has not answered for so long is said to be silent."""


LEAVING_SECONDS = 0.5
"""So long is waited for a disk while leaving."""
Found = TypeVar("Found")


def looked_at(look: Callable[[], Found], otherwise: Found) -> Found:
    """What a look finds; something else where the disk does not answer at once."""
    found = list[Found]()
    thread = threading.Thread(target=lambda: found.append(look()), daemon=True)
    thread.start()
    thread.join(LEAVING_SECONDS)
    return found[0] if found else otherwise


class Looked(Message, bubble=False):
    """What a widget has found."""

    def __init__(self, found: object) -> None:
        super().__init__()
        self.found = found


class Looks:
    """The looks of a widget, one at a time: what is asked for meanwhile is looked at once more afterwards.

    The thread is a daemon of our own, not a worker of the interface: leaving must never wait for a disk.
    """

    def __init__(self, widget: Widget, look: Callable[[], object]) -> None:
        """`look` is called in the thread; the widget is told what it returns, unless that is None."""
        self._widget, self._look = widget, look
        self._lock, self._wanted = threading.Lock(), False
        self._since: float | None = None

    def ask(self) -> None:
        """Look now, or once more after the look that is under way."""
        with self._lock:
            self._wanted, under_way = True, self._since is not None
            self._since = self._since or time.monotonic()
        if not under_way:
            threading.Thread(target=self._run, name="look", daemon=True).start()

    @property
    def seconds(self) -> float:
        """How long the look that is under way has taken until now."""
        return time.monotonic() - (self._since or time.monotonic())

    def _run(self) -> None:
        while self._is_wanted():
            found = self._look()
            if found is not None:
                self._widget.post_message(Looked(found))

    def _is_wanted(self) -> bool:
        with self._lock:
            wanted, self._wanted = self._wanted, False
            self._since = time.monotonic() if wanted else None
        return wanted
