"""The terminal's own signs as they should be and as it was told them; what is sent is the difference.

They go with what is painted, never by themselves into a way that takes nothing. All of them are given back with the
terminal's modes, in the same write (`rescue.py`).
"""

import time
from collections.abc import Callable

from textual.events import AppBlur, AppFocus, Key

from gan_tui.dashboard.terminal import sign_words
from gan_tui.dashboard.terminal.kitty import through_tmux
from gan_tui.dashboard.terminal.rescue import Rescue
from gan_tui.dashboard.terminal.sign_words import LONGEST_NOTICE, LONGEST_TITLE, Doing, spoken
from gan_tui.system.signs import Signs

NAME = "gan-tui"
BETWEEN_NOTICES = 5.0
"""Seconds; of what comes meanwhile the newest is told then."""
THERE_SECONDS = 30.0
"""For which a key says that somebody looks, where the terminal has never said whether it is looked at."""
AGAIN_SECONDS = 10.0
"""After which progress is told again where the terminal forgets it."""
BELL = "\x07"

Later = Callable[[float, Callable[[], object]], object]
"""Calls something after some seconds."""


class TerminalSigns:
    """Told what should be shown; says what is `due`."""

    known: Callable[[str], Signs] = staticmethod(lambda name: Signs())
    """What the terminal takes, by what it has answered; set by the app before the driver is made."""
    rings = False
    """Whether the bell rings with what is told."""
    may_be_asked = False
    """Whether it can be asked what it is, where that is not asked for images anyway."""
    is_utf8 = True
    """Whether it has all characters; else words are sent in ASCII."""

    def __init__(self, send: Callable[[], object], later: Later, clock: Callable[[], float] = time.monotonic) -> None:
        """`send` is called when there is something `due`."""
        self._send, self._later, self._clock = send, later, clock
        self.takes = self.known("")
        self._title, self._sent_title = NAME, ""
        self._progress = self._sent_progress = Doing.NOTHING, 0
        self._progress_at = self._told_at = -AGAIN_SECONDS
        self._notice = ""
        self.is_looked_at: bool | None = None
        """Whether the terminal is, as it says; None where it has said nothing."""
        self.pressed_at = -THERE_SECONDS
        """When a key was pressed."""

    # What should be shown ----------------------------------------------------------

    def show(self, title: str, doing: Doing, percent: int) -> None:
        """What the title says before the program's name, if anything, and how far what has come."""
        words = spoken(f"{title} · {NAME}" if title else NAME, LONGEST_TITLE, self.is_utf8)
        self._title, self._progress = words, (doing, percent if doing else 0)
        forgotten = self.takes.forgets_progress and self._clock() - self._progress_at >= AGAIN_SECONDS
        if forgotten and doing is Doing.TRAINING:
            self._sent_progress = Doing.NOTHING, 0
        self._send()

    def tell(self, words: str) -> None:
        """A notification, unless somebody looks; of several in a few seconds the newest."""
        if not (self.takes.notice or self.rings) or self._somebody_looks:
            return
        is_first, self._notice = not self._notice, spoken(words, LONGEST_NOTICE, self.is_utf8)
        wait = self._told_at + BETWEEN_NOTICES - self._clock()
        if wait <= 0:
            self._send()
        elif is_first:
            self._later(wait, self._send)

    @property
    def _somebody_looks(self) -> bool:
        if self.is_looked_at is None:
            return self._clock() - self.pressed_at < THERE_SECONDS
        return self.is_looked_at

    def called(self, name: str) -> None:
        """The terminal has said what it is."""
        self.takes = self.known(name)
        self._give_back_later()
        self._send()

    # What is sent ----------------------------------------------------------

    def begin(self) -> str:
        """What is sent when the terminal is taken, which may be another one."""
        self._sent_title, self._sent_progress = "", (Doing.NOTHING, 0)
        self._give_back_later()
        return sign_words.KEEP_TITLE if self.takes.title else ""

    def heard(self, message: object) -> None:
        """What was typed or has happened to the window tells whether somebody looks."""
        if isinstance(message, AppFocus | AppBlur):
            self.is_looked_at = isinstance(message, AppFocus)
        elif isinstance(message, Key):
            self.pressed_at = self._clock()

    def due(self) -> str:
        """What to send now; empty where the terminal shows all."""
        return self._due_title() + self._due_progress() + self._due_notice()

    def _due_title(self) -> str:
        if not self.takes.title or self._title == self._sent_title:
            return ""
        self._sent_title = self._title
        return sign_words.title(self._title)

    def _due_progress(self) -> str:
        if not self.takes.progress or self._progress == self._sent_progress:
            return ""
        self._sent_progress, self._progress_at = self._progress, self._clock()
        return self._passed(sign_words.progress(*self._progress))

    def _due_notice(self) -> str:
        if not self._notice or self._clock() < self._told_at + BETWEEN_NOTICES:
            return ""
        words, self._notice = self._notice, ""
        if self._somebody_looks:  # by now
            return ""
        kind, self._told_at = self.takes.notice, self._clock()
        return (self._passed(sign_words.notice(kind, NAME, words)) if kind else "") + BELL * self.rings

    def _passed(self, sequence: str) -> str:
        return through_tmux(sequence) if self.takes.through_tmux else sequence

    def _give_back_later(self) -> None:
        """What the terminal has to be told when it is given back, however that comes."""
        parts = [sign_words.END_LINK] if self.takes.links else []
        parts += [self._passed(sign_words.progress(Doing.NOTHING, 0))] if self.takes.progress else []
        parts += [sign_words.GIVE_BACK_TITLE] if self.takes.title else []
        Rescue.farewells["signs"] = "".join(parts).encode()
