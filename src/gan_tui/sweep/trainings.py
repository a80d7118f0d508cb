"""The trainings of a sweep as runs: a small folder each, in the sweep's, without checkpoints or pictures.

Who trains a sweep writes them all, also those of other machines, which have no folder here. Nothing of them is synced,
nor needed by anybody: results are in results.jsonl. A disk that takes nothing costs the folders alone.
"""

import os
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import orjson
import tomli_w

from gan_tui.errors import UserError
from gan_tui.run import catalog, lock
from gan_tui.run.event_lines import sealed_line
from gan_tui.run.events import EARLY_STOPPING, Event, Record, Started, State, from_line
from gan_tui.run.folder import RunFolder
from gan_tui.sweep.folder import SweepFolder
from gan_tui.sweep.result import Result
from gan_tui.sweep.sweep import Job, Sweep
from gan_tui.text import counted

MOST_POINTS, FEWEST_POINTS, MOST_OF_ALL = 1000, 32, 4_000_000
"""Numbers of each metric of a training: so many, fewer where all trainings together would have more than a few
hundred megabytes."""

_LONGEST = 1e9
"""Seconds of a training; what began longer ago, did not."""


def points_of_each(trainings: int) -> int:
    return max(FEWEST_POINTS, min(MOST_POINTS, MOST_OF_ALL // max(1, trainings)))


def folder_of(folder: SweepFolder, job: Job) -> RunFolder:
    """Where a training's run lies, if it has one."""
    return RunFolder(folder.path / catalog.TRAININGS / job.name)


@dataclass
class _Kept:
    """A training under way."""

    folder: RunFolder
    held: int | None
    """The lock that says that it is alive."""
    begun: tuple[float, float]
    """The time of its beginning, on the wall and on the clock that nobody sets."""
    count: int = 0
    """What was told of it and is written."""
    seq: int = 0
    waiting: bytearray = field(default_factory=bytearray)


class Trainings:
    """Writes those that are under way."""

    def __init__(self, sweep: Sweep, folder: SweepFolder) -> None:
        self._sweep, self._folder = sweep, folder
        self._kept: dict[Job, _Kept] = {}

    def told(self, job: Job, first: object, items: object) -> None:
        """What a training says of itself, of which the first is that number of all; what is known is passed over."""
        if not (isinstance(first, int) and isinstance(items, list)):
            return
        kept = self._kept.get(job) or self._begin(job, items)
        if kept is None or first > kept.count:
            return  # some are missing, and will come with its result
        for item in items[kept.count - first :]:
            kept.count += 1
            with suppress(ValueError, TypeError):
                self._note(kept, _event(item), _at(item))
        self._flush(kept)

    def trained(self, job: Job, result: Result) -> None:
        """A training that has come to its end."""
        state = "failed" if result.ended == "diverged" else "finished"
        self._end(job, State(state, _how(self._sweep, result)))

    def failed(self, job: Job, reason: str) -> None:
        self._end(job, State("failed", reason))

    def again(self, job: Job) -> None:
        """It was lost, and begins anew somewhere: what it has told counts no more."""
        if kept := self._kept.pop(job, None):
            self._let_go(kept)

    def close(self) -> None:
        """Those that are under way are no more."""
        for job in list(self._kept):
            self._end(job, State("stopped", "the sweep was interrupted"))

    # Files ----------------------------------------------------------------------------------------

    def _begin(self, job: Job, items: Sequence[object] = ()) -> _Kept | None:
        folder = folder_of(self._folder, job)
        try:
            preset = self._sweep.with_values(self._sweep.combinations[job.combination], job.seed)
            folder.path.parent.mkdir(exist_ok=True, mode=0o700)
            folder.path.mkdir(exist_ok=True, mode=0o700)
            _write(folder.preset_file, tomli_w.dumps(preset.as_document()).encode())
            held = lock.taken(folder.lock_file, patience=0)
            _write(folder.events_file, b"")
        except (OSError, UserError):
            return None
        ago = max(map(_at, items), default=0.0)
        kept = self._kept[job] = _Kept(folder, held, (time.time() - ago, time.monotonic() - ago))
        return kept

    def _note(self, kept: _Kept, event: Event, at: float) -> None:
        wall, clock = kept.begun
        for each in (event, State("training")) if isinstance(event, Started) else (event,):
            kept.waiting += sealed_line(Record(kept.seq, wall + at, each, clock + at))
            kept.seq += 1

    def _flush(self, kept: _Kept) -> None:
        with suppress(OSError):
            _write(kept.folder.events_file, kept.waiting, os.O_APPEND)
        kept.waiting.clear()

    def _end(self, job: Job, state: State) -> None:
        kept = self._kept.pop(job, None) or self._begin(job)
        if kept is None:
            return
        self._kept.pop(job, None)
        self._note(kept, state, time.monotonic() - kept.begun[1])
        self._flush(kept)
        self._let_go(kept)

    def _let_go(self, kept: _Kept) -> None:
        with suppress(OSError):
            kept.folder.lock_file.unlink()
        if kept.held is not None:
            os.close(kept.held)


def _write(file: Path, content: bytes | bytearray, how: int = os.O_TRUNC) -> None:
    descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW | how, 0o600)
    try:
        while content:
            content = content[os.write(descriptor, content) :]
    finally:
        os.close(descriptor)


def _at(item: object) -> float:
    """When that was, in seconds from the training's beginning; 0 where what another machine says is no such time."""
    at = item.get("at") if isinstance(item, Mapping) else None
    return float(at) if isinstance(at, int | float) and 0 <= at < _LONGEST else 0.0


def _event(item: object) -> Event:
    """What an item says, checked as a line of a log is. Raises ValueError or TypeError for anything else."""
    if not isinstance(item, Mapping):
        raise ValueError("not an event")
    whole: dict[str, Any] = {**item, "seq": 0, "time": 0.0}
    whole.pop("clock", None)
    return from_line(orjson.dumps(whole)).event


def _how(sweep: Sweep, result: Result) -> str:
    """How a training ended, in words."""
    from gan_tui.run.outcome import ALL_DONE  # brings numpy, which lists are shown without

    if result.ended == "reached":
        return f"reached {sweep.until} at epoch {result.reached:,}"
    if result.ended == "diverged":
        return f"its numbers were finite no more after {counted(result.steps, 'step')}"
    return EARLY_STOPPING if result.ended == EARLY_STOPPING else ALL_DONE
