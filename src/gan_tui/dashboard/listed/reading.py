"""What is shown of a run beside a list of runs: read in a thread, and kept while the cursor goes up and down.

A run's whole log is read, once; of one that grows, what is new alone. Few are kept, and few numbers of them: four bytes
a step and metric.
"""

import threading
from collections import OrderedDict
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from gan_tui.dashboard.views.available import Views
from gan_tui.dashboard.views.base import View
from gan_tui.run import documents, pictures
from gan_tui.run.pictures import Tiles
from gan_tui.run.reader import Reader
from gan_tui.run.results import Results, of_state
from gan_tui.run.state import RunState
from gan_tui.run.summaries import RunSummary

MOST_KEPT, MOST_NUMBERS = 16, 8_000_000
"""Runs that are kept, and numbers of all of them together: one alone may have more."""


@dataclass(frozen=True)
class Reading:
    """A run as it was when it was read."""

    run: RunSummary
    state: RunState
    document: Mapping[str, Any]
    """What its preset.toml says."""
    view: View | None
    """What shows its newest picture; None where it has none."""
    tiles: Mapping[tuple[str, int], Tiles]
    """The pictures that the view needs."""
    results: Results | None = None
    """What it has come to; None where its log was not read."""
    is_whole: bool = True
    """Whether its log was read; else its preset.toml alone was."""

    @property
    def numbers(self) -> int:
        return sum(series.length for series in self.state.series.values())


@dataclass
class _Known:
    """A run that was read before."""

    lock: threading.Lock = field(default_factory=threading.Lock)
    reader: Reader | None = None
    histories: int = 0
    state: RunState = field(default_factory=RunState)
    views: Views = field(default_factory=Views)
    reading: Reading | None = None


class Readings:
    """Those that were read last. Any thread may ask."""

    def __init__(self) -> None:
        self._known: OrderedDict[Path, _Known] = OrderedDict()
        self._lock = threading.Lock()

    def known(self, run: RunSummary) -> Reading | None:
        """A run as it was read before; it may have changed since."""
        known = self._known.get(run.folder.path)
        return known.reading if known else None

    @staticmethod
    def document_of(run: RunSummary) -> Reading:
        """What is known of a run before its log is read, which may take a while."""
        return Reading(run, RunState(), _document(run), None, {}, is_whole=False)

    def read(self, run: RunSummary, wanted: Callable[[], bool]) -> Reading | None:
        """Read what is new of a run; None once nobody wants to know it any more."""
        with self._lock:
            known = self._known.setdefault(run.folder.path, _Known())
            self._known.move_to_end(run.folder.path)
        with known.lock:
            if known.reading and _version(known.reading.run) == _version(run):
                return known.reading
            if not _has_read(known, run, wanted):
                return None
            known.reading = _reading(known, run)
        self._forget()
        return known.reading

    def _forget(self) -> None:
        """Keep those alone that were asked for last."""
        with self._lock:
            numbers = 0
            for place, (path, known) in enumerate(reversed(self._known.copy().items())):
                numbers += known.reading.numbers if known.reading else 0
                if place and (place >= MOST_KEPT or numbers > MOST_NUMBERS):
                    _close(self._known.pop(path))

    def close(self) -> None:
        """Let go of all of them."""
        with self._lock:
            for known in self._known.values():
                _close(known)
            self._known.clear()


def _version(run: RunSummary) -> tuple[object, ...]:
    return run.step, run.changed, run.shown, run.steps_total


def _close(known: _Known) -> None:
    if known.lock.acquire(blocking=False):  # else it is being read, and its reader goes with the thread
        reader, known.reader = known.reader, None
        known.lock.release()
        if reader:
            reader.close()


def _has_read(known: _Known, run: RunSummary, wanted: Callable[[], bool]) -> bool:
    """Read on to the end of the log; False where nobody wants it any more."""
    reader = known.reader = known.reader or run.folder.reader()
    while wanted():
        records = reader.read()
        if reader.histories != known.histories:
            known.histories, known.state = reader.histories, RunState()
        if not records and not reader.unfinished:
            return True
        known.state = known.state.apply_all(records)
    return False


def _document(run: RunSummary) -> Mapping[str, Any]:
    return {} if run.is_log else documents.written(run.folder.preset_file)


def _reading(known: _Known, run: RunSummary) -> Reading:
    document, results = _document(run), of_state(known.state)
    view = next((view for view in known.views.of(known.state) if view.needs(known.state)), None)
    tiles = dict[tuple[str, int], Tiles]()
    with suppress(OSError, ValueError):  # a picture that cannot be read: the run's own screen says so
        for picture in view.needs(known.state) if view else ():
            tiles[picture.tag, picture.step] = pictures.read(run.folder, picture)
        return Reading(run, known.state, document, view, tiles, results)
    return Reading(run, known.state, document, None, {}, results)
