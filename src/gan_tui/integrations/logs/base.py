"""What every format of other tools' logs brings: how it is recognized, and what reads it."""

import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from gan_tui.run.events import Record
from gan_tui.run.pictures import Tiles

BLOCK = 1 << 21
"""Bytes of a log that are read at once: a chart of the first is there soon."""
READ_SECONDS = 0.5
"""For so long it is read on where there is nothing to show in a log."""


class LogReader:
    """Reads one log from where it last stopped, as a run's own is read (`run.reader.Reader`).

    `read` gives the next events, about a block's at most, and [] when there is nothing new, or nothing to show in what
    can be read in a moment (`unfinished`): the next call goes on from there. It raises nothing and waits for nothing,
    whatever is in the log; what is broken costs itself and is counted in `damaged`.
    """

    unfinished = False
    """Whether the last look ended early, with nothing to tell."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.histories = 1
        """How many logs it has begun: another one where this was put in the place of what was read before."""
        self.damaged = 0
        self.not_shown: Counter[str] = Counter()
        """What the log has that is not shown, by kind, in words: "audio clips" → 3."""

    def read(self) -> list[Record]:
        raise NotImplementedError

    def _has_to_stop(self, until: float) -> bool:
        """Whether a look has taken its time; then there may be more."""
        self.unfinished = time.monotonic() >= until
        return self.unfinished

    def close(self) -> None:
        """Let go of whatever helps to read."""

    def tiles(self, name: str) -> Tiles:
        """A picture that an event names (`Picture.file`). Raises ValueError or OSError where there is none."""
        raise ValueError(f"no picture {name}")


@dataclass(frozen=True)
class Log:
    """A log that was found."""

    path: Path
    """The file or the folder that it is opened by."""
    parts: tuple[Path, ...] = ()
    """Folders that belong to it, and are no logs of their own."""


def size_and_change(path: Path) -> tuple[int, float]:
    """(bytes, when it last grew, seconds since 1970) of a log in one file. Raises OSError."""
    found = path.stat()
    return found.st_size, found.st_mtime


@dataclass(frozen=True)
class Format:
    """One tool's way to write logs."""

    name: str
    """Whose, in words."""
    logs_at: Callable[[Path], list[Log]]
    """The log that a file is, if it is one; the logs that lie in a folder, but not deeper. It looks at what is in them,
    in bounded time. Raises OSError."""
    reader: Callable[[Path, int], LogReader]
    """Of a log, about so many bytes at once."""
    size_and_change: Callable[[Path], tuple[int, float]] = size_and_change
    last_step: Callable[[Path], int] = lambda path: 0
    """The step that a log ends at, for lists: read from its end, in a millisecond or so. 0 where that cannot be told.
    Raises OSError or ValueError."""
