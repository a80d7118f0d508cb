"""Where the commands of a script's run come from: its own socket, or the supervisor that has started the script."""

import queue
import time
from collections.abc import Sequence
from typing import Protocol

from gan_tui.run.commands import Command


class CommandSource(Protocol):
    """Commands, in the order they came, and the way back to who gave them."""

    @property
    def waiting(self) -> int:
        """How many commands were not taken yet; asked for at every step, so it costs next to nothing."""

    @property
    def deaf(self) -> str:
        """Why no commands can come, in words; empty where they can."""

    @property
    def obeyed_for_it(self) -> Sequence[str]:
        """Commands that the supervisor itself obeys, where none can come."""

    @property
    def lost(self) -> str:
        """Why the run is not this process's any more, in a sentence; empty while it is."""

    def within(self, seconds: float) -> Command | None:
        """The next command, or None when so many seconds bring none."""

    def answer(self, command: Command, ok: bool, text: str, step: int) -> None:
        """Tell who gave a command what became of it."""

    def close(self, last_words: str) -> None:
        """The run has ended: whoever still waits is told so, and it is let go."""

    def let_go(self) -> None:
        """In a process that was forked from the one that has the run: keep nothing of it open."""


def taken(commands: "queue.SimpleQueue[Command]", seconds: float) -> Command | None:
    """The next of the commands that a thread puts there, or None when so many seconds bring none."""
    deadline = time.monotonic() + seconds
    while True:
        left = max(0.0, deadline - time.monotonic())
        try:  # in short waits, because a signal's handler runs only between them
            return commands.get(timeout=min(left, 0.2))
        except queue.Empty:
            if not left:
                return None
