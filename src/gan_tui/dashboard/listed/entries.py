"""Runs and sweeps as they are found for a list, in a thread of whoever shows them."""

import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from gan_tui.errors import UserError
from gan_tui.integrations.logs import listed
from gan_tui.presets.changed import KnownChanges
from gan_tui.run.listing import Listed, Listing

if TYPE_CHECKING:
    from gan_tui.sweep.listed import ListedSweep

TOLD_SECONDS = 0.25
"""Between two lists while what is not known yet is read."""
READING_SECONDS = 1.5
"""For so long a look reads; the next one goes on."""


@dataclass(frozen=True)
class Found:
    """What a look has found."""

    rows: Sequence[Listed] = ()
    sweeps: "Sequence[ListedSweep]" = ()
    problem: str = ""
    """Why there are none, in a sentence."""
    unread: int = 0
    """How many of them have more to be read."""


class Entries:
    """The runs of a folder, or the logs below another. Several threads may look, one after another."""

    def __init__(self, runs: Path, logs: Path | None = None) -> None:
        find = partial(listed.below, logs) if logs else partial(listed.every, runs)
        self._listing = Listing(find, KnownChanges())
        self._runs, self._logs, self._lock = runs, logs, threading.Lock()

    def look(self) -> Found:
        """The runs as they are now, with what is known of them."""
        with self._lock:
            return self._look()

    def _look(self, with_sweeps: bool = False) -> Found:
        try:
            rows = self._listing.rows()
        except UserError as error:
            return Found(problem=str(error))
        if not with_sweeps or self._logs:
            return Found(rows)
        from gan_tui.sweep.listed import sweeps  # not with the menu, which lists runs alone

        return Found(rows, sweeps(self._runs))

    def filled(self) -> Iterator[Found]:
        """The same, and then again and again with more of what is read, for a while."""
        with self._lock:
            found = self._look(with_sweeps=True)
            rows = {row.path: row for row in found.rows}
            missing = self._listing.missing(found.rows)
            yield replace(found, unread=len(missing))
            told, until = time.monotonic(), time.monotonic() + READING_SECONDS
            for place, row in enumerate(missing, 1):
                rows[row.path] = self._listing.read(row)
                now = time.monotonic()
                if now - told > TOLD_SECONDS or place == len(missing) or now > until:
                    told = now
                    yield replace(found, rows=list(rows.values()), unread=len(missing) - place)
                if now > until:
                    break
            if missing:
                self._listing.keep(list(rows.values()))
