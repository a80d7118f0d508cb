"""Which logs lay in folders when they were last looked at: a list looks again and again."""

import os
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Generic, TypeVar

Found = TypeVar("Found")
Version = tuple[int, int]
"""When a folder changed last, and when those in it did."""
KNOWN_SECONDS = 30.0
"""So long a folder counts as it was found, unless a file came or went in it, or in a folder in it: to open all files
takes long, and what is in them tells what they are."""
MOST_ANEW = 50
"""Folders that are due, and looked at at a time."""
_MOST_KNOWN = 20_000
_COARSEST_NS = 2_000_000_000
"""Nanoseconds of the coarsest clock of a file system: what changed so lately may change again at the same time of day,
and is looked at again."""


class KnownFolders(Generic[Found]):
    """Remembers what a look finds in each folder."""

    def __init__(self, look: Callable[[Path], Found], clock: Callable[[], float] = time.monotonic) -> None:
        self._look, self._clock = look, clock
        self._known: dict[Path, tuple[Version | None, float, Found]] = {}
        """Folder → (as what, when it was looked at, what was found); as none, where that may not tell a change."""
        self._left = MOST_ANEW

    def begin(self) -> None:
        """All are asked for once more."""
        self._left = MOST_ANEW

    def at(self, path: Path) -> Found:
        """What lies in a folder, as far as it is known."""
        changed, now = _changed(path), self._clock()
        if known := self._known.get(path):
            before, looked_at, found = known
            is_due = now - looked_at >= KNOWN_SECONDS
            if before == changed and not (is_due and self._left):
                return found
            self._left -= before == changed
        found = self._look(path)
        if len(self._known) >= _MOST_KNOWN:
            self._known.clear()
        self._known[path] = None if _is_fresh(changed) else changed, now, found
        return found


def _is_fresh(version: Version) -> bool:
    return any(abs(time.time_ns() - changed) < _COARSEST_NS for changed in version)


def _changed(path: Path) -> Version:
    try:
        with os.scandir(path) as entries:
            below = [entry.stat().st_mtime_ns for entry in entries if entry.is_dir(follow_symlinks=False)]
    except OSError:
        below = []  # a file, or what is not there
    with suppress(OSError):
        return path.stat().st_mtime_ns, max(below, default=0)
    return 0, 0
