"""Looks at files without making the interface wait: a network file system may take half a minute, or for ever."""

import threading
import time
from collections.abc import Callable
from typing import TypeVar

from textual.message import Message
from textual.widget import Widget

from gan_tui.errors import UserError, told

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


TROUBLES = UserError, ValueError, OSError
"""What a look may come to with whatever a person types, which must never end the interface."""


def words_of(trouble: Exception) -> str:
    """What is said of one of them."""
    return f"That cannot be looked at: {told(trouble)}." if isinstance(trouble, OSError) else str(trouble)


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
            try:
                found = self._look()
            except BaseException:
                with self._lock:
                    self._since = None  # the next that is asked for is looked at all the same
                raise
            if found is not None:
                self._widget.post_message(Looked(found))

    def _is_wanted(self) -> bool:
        with self._lock:
            wanted, self._wanted = self._wanted, False
            self._since = time.monotonic() if wanted else None
        return wanted


MOST_SILENT = 8
"""Looks that may wait for silent disks at a time."""


class NewestLook:
    """Looks at what a person types: the newest alone is told, and none waits for one before whose disk is silent.

    Where too many are silent, the newest waits until one of them answers. In daemons of our own, as `Looks`.
    """

    def __init__(self, widget: Widget) -> None:
        self._widget, self._lock = widget, threading.Lock()
        self._number, self._under_way = 0, 0
        self._waiting: Callable[[], object] | None = None

    def ask(self, look: Callable[[], object]) -> None:
        """Look in a thread; the widget is told what `look` returns, unless another was asked for since, or none."""
        self._want(look)
        self._begin()

    def forget(self) -> None:
        """Nobody wants to know any more."""
        self._want(None)

    def _want(self, look: Callable[[], object] | None) -> None:
        with self._lock:
            self._number, self._waiting = self._number + 1, look

    def _begin(self) -> None:
        """Begin the look that waits, if there is a place for it."""
        with self._lock:
            look, number = self._waiting, self._number
            if look is None or self._under_way == MOST_SILENT:
                return
            self._waiting, self._under_way = None, self._under_way + 1
        threading.Thread(target=self._run, args=(look, number), name="look", daemon=True).start()

    def _run(self, look: Callable[[], object], number: int) -> None:
        try:
            found = look()
        finally:
            with self._lock:
                self._under_way -= 1
            self._begin()
        if number == self._number:
            self._widget.post_message(Looked(found))
