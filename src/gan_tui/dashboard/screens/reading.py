"""How far the reading of a person's images has come, before a run of theirs starts; escape leaves it."""

import threading
import time
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen, Screen
from textual.widgets import Static

from gan_tui.dashboard.widgets.key_line import KeyLine
from gan_tui.presets import preparing

QUICK = 0.3
"""Seconds after which it is worth a screen."""
PAINTED = 0.2
"""Seconds between two pictures of the bar."""
BAR_CELLS = 40


class LeftError(Exception):
    """Nobody waits any more for what is read."""


class ReadingScreen(ModalScreen[None]):
    """A bar, and what is done meanwhile."""

    DEFAULT_CSS = """
    ReadingScreen { align: center middle; }
    ReadingScreen Vertical {
        width: 64; max-width: 94%; height: auto; padding: 1 2; background: $surface; border: round $primary;
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q,ctrl+c", "leave", "Cancel", key_display="esc", tooltip="Do not start the run")
    ]

    def __init__(self, reading: "Reading") -> None:
        super().__init__()
        self._reading, self._words = reading, Static("", markup=False)

    def compose(self) -> ComposeResult:
        with Vertical():
            yield self._words
        yield KeyLine()

    def on_mount(self) -> None:
        self._show()
        self.set_interval(PAINTED, self._show)

    def _show(self) -> None:
        if self._reading.ended and self.is_current:
            self.dismiss()
            return
        done, count = self._reading.done, max(self._reading.count, 1)
        bar = "█" * (BAR_CELLS * done // count)
        words = f"{preparing.words(done, self._reading.count)}\n\n{bar:░<{BAR_CELLS}}"
        self._words.update(f"{words}\n\nThis is done once; the next start finds them ready.")

    def action_leave(self) -> None:
        self._reading.leave()
        self.dismiss()


class Reading:
    """What is read in a thread for a screen, which shows it once that takes a while."""

    def __init__(self, screen: Screen[None]) -> None:
        self.done = self.count = 0
        self.ended = False
        self._asking, self._begun = screen, time.monotonic()
        self._left = threading.Event()
        self._shown: ReadingScreen | None = None

    def on_read(self, done: int, count: int) -> None:
        """For the thread that reads. Raises LeftError."""
        self.done, self.count = done, count
        if self._left.is_set():
            raise LeftError
        if self._shown is None and time.monotonic() - self._begun >= QUICK:
            self._shown = ReadingScreen(self)
            self._asking.app.call_from_thread(self._asking.app.push_screen, self._shown)

    def leave(self) -> None:
        """Nobody waits any more."""
        self._left.set()

    def end(self) -> None:
        """For the thread that has read: takes the screen away."""
        self.ended = True
        if self._shown and not self._left.is_set():
            self._asking.app.call_from_thread(self._take_away)

    def _take_away(self) -> None:
        if self._shown and self._shown.is_current:  # else it goes once what lies over it has gone
            self._shown.dismiss()
