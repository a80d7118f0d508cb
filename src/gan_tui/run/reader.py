"""What whoever follows a run needs of what reads its log: gan-tui's own log, or another tool's."""

from collections.abc import Iterator
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
    unfinished: bool
    """Whether the last look found nothing to tell in what can be read in a moment, and there may be more."""

    def read(self) -> list[Record]:
        """The next records, about a block of the log at most; [] when there is nothing new."""

    def close(self) -> None:
        """Let go of whatever helps to read."""


def blocks(reader: Reader) -> Iterator[list[Record]]:
    """All that a log holds now, about a block of it at a time."""
    while (records := reader.read()) or reader.unfinished:
        yield records
