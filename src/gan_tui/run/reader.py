"""What whoever follows a run needs of what reads its log: gan-tui's own log, or another tool's."""

from pathlib import Path
from typing import Protocol

from gan_tui.run.events import Record


class Reader(Protocol):
    """Reads events from where it last stopped."""

    path: Path
    """Where the log is now; it may have been moved."""
    histories: int
    """How many logs it has begun: another one where this was put in the place of what was read before."""
    damaged: int
    """What was no event, or not as it was written, and was passed over."""

    def read(self) -> list[Record]:
        """The next records, about a block of the log at most; [] when there is nothing new."""

    def close(self) -> None:
        """Let go of whatever helps to read."""
