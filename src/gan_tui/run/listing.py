"""The list of runs as rows: what each is, what it has come to, what was changed, what is noted of it."""

import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

from gan_tui.run import notes
from gan_tui.run.known_results import KnownResults
from gan_tui.run.results import Results
from gan_tui.run.summaries import RunSummary

LARGE_LOG = 1 << 26
"""Bytes of another tool's log, which may have gigabytes: a list tells nothing of what is in a larger one."""


@dataclass(frozen=True)
class Setup:
    """How a run was set up."""

    settings: Mapping[str, Any] = field(default_factory=dict)
    """Setting → its value: a number, yes or no, or words."""
    changed: Mapping[str, str] = field(default_factory=dict)
    """Those that differ from the preset that it came from, → their values as a person types them; nothing where that
    cannot be told."""


@dataclass(frozen=True)
class Listed:
    """A run on the list."""

    summary: RunSummary
    results: Results | None = None
    """None while its log was not read."""
    setup: Setup = field(default_factory=Setup)
    note: str = ""

    @property
    def name(self) -> str:
        return self.summary.folder.name

    @property
    def path(self) -> Path:
        return self.summary.folder.path

    @property
    def began(self) -> float:
        """When it was started, seconds since 1970; of a log, which tells none, when it grew last."""
        return self.summary.began or self.summary.changed

    def age(self, now: float | None = None) -> float:
        """Seconds since it was started."""
        return max(0.0, (time.time() if now is None else now) - self.began)

    @property
    def settings(self) -> Mapping[str, Any]:
        """As they are now: some may be changed while it trains."""
        return {**self.setup.settings, **self.results.set_later} if self.results else self.setup.settings

    @property
    def changed_words(self) -> str:
        """'learning_rate=0.001 batch_size=64': as a person types it."""
        return " ".join(f"{name}={value}" for name, value in self.setup.changed.items())


class KnownSetups(Protocol):
    """Who knows what presets are: how runs were set up, without reading presets that are as they were."""

    def begin(self) -> None:
        """The runs are looked at once more."""

    def of(self, run: RunSummary) -> Setup | None:
        """None where it was not read as it is now."""

    def read(self, run: RunSummary) -> Setup: ...

    def keep(self) -> None:
        """For the next program."""


class Listing:
    """The runs of a folder, looked at again and again, in one thread.

    `rows` is soon there, with what is known; of those that are `missing`, the first of the list first, `read` reads the
    rest, a run at a time. Who has read, or has given up, calls `keep`.
    """

    def __init__(self, find: Callable[[], list[RunSummary]], setups: KnownSetups) -> None:
        """`find` lists the runs as they are now."""
        self._find, self._setups, self._results = find, setups, KnownResults()
        self._notes: dict[Path, tuple[int, str]] = {}
        self._recalled = False

    def rows(self) -> list[Listed]:
        """All runs, as `find` orders them. Raises UserError where they cannot be listed."""
        if not self._recalled:
            self._results.recall()
            self._recalled = True
        self._setups.begin()
        return [self._row(run) for run in self._find()]

    def _row(self, run: RunSummary) -> Listed:
        setup = self._setups.of(run)
        return Listed(run, self._results.of(run), Setup() if setup is None else setup, self._note(run))

    def _note(self, run: RunSummary) -> str:
        if run.is_log:
            return ""
        path, changed = run.folder.path, 0
        with suppress(OSError):
            changed = (run.folder.root / notes.NAME).stat().st_mtime_ns
        if path not in self._notes or self._notes[path][0] != changed:
            self._notes[path] = changed, notes.of(run.folder) if changed else ""
        return self._notes[path][1]

    def missing(self, rows: Sequence[Listed]) -> list[Listed]:
        """Those of which more is to be read: what was never read before what has grown since."""
        due = [row for row in rows if not _is_large(row.summary) and self._is_due(row.summary)]
        return sorted(due, key=lambda row: row.results is not None)

    def _is_due(self, run: RunSummary) -> bool:
        return self._setups.of(run) is None or self._results.is_due(run)

    def read(self, row: Listed) -> Listed:
        """Read what is missing of a run; the row with it."""
        run = row.summary
        if self._results.is_due(run):
            self._results.read(run)
        if self._setups.of(run) is None:
            self._setups.read(run)
        return self._row(run)

    def keep(self, rows: Sequence[Listed]) -> None:
        """Keep what was read for the next program."""
        self._results.keep([row.summary for row in rows])
        self._setups.keep()


def _is_large(run: RunSummary) -> bool:
    """Whether it is another tool's log that no list is held up by."""
    return run.is_log and run.log[0] > LARGE_LOG
