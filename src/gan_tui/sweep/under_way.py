"""Who trains what of a sweep now, and what has failed since it was last begun: a file that whoever trains it keeps.

It is written anew, whole, twice a second at most, and holds nothing that a sweep goes on with.
"""

import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, fields
from typing import Any

import orjson

from gan_tui.run import event_schema as schema
from gan_tui.sweep.engines.local import Failed, Worker
from gan_tui.sweep.folder import SweepFolder
from gan_tui.sweep.sweep import Job
from gan_tui.system import untrusted_files, whole_files
from gan_tui.text import harmless

FILE = "under_way.json"
SECONDS = 0.5
MOST_WORKERS, MOST_FAILURES, MOST_DONE = 1024, 1000, 2000
_LARGEST = 1 << 20
"""Bytes of the file."""


@dataclass(frozen=True)
class Doing:
    """A worker, and what it trains."""

    worker: int
    """Its number, from 1."""
    place: str
    """Where it is; empty for this machine."""
    training: str
    """The name of the training's folder; empty while it trains none."""
    epoch: int
    loads: bool
    """Whether it has not loaded TensorFlow yet."""


@dataclass(frozen=True)
class Failure:
    """A training without a result."""

    training: str
    reason: str
    place: str = ""


@dataclass(frozen=True)
class Done:
    """Who has trained one that is over."""

    training: str
    worker: int
    place: str

    @property
    def words(self) -> str:
        """'3 ssh box1'"""
        return " ".join(filter(None, (str(self.worker), self.place)))


@dataclass(frozen=True)
class UnderWay:
    """What the file says."""

    workers: tuple[Doing, ...] = ()
    failures: tuple[Failure, ...] = ()
    began: float = 0.0
    """When the sweep was last begun, seconds since 1970."""
    done_before: int = 0
    """Trainings that were done then."""
    done: tuple[Done, ...] = ()
    """Those that ended last, in order; an earlier version told of none."""


_SHAPES = {
    "workers": schema.listed(
        schema.has(
            worker=schema.whole, place=schema.text, training=schema.text, epoch=schema.whole, loads=schema.truth,
        ), MOST_WORKERS,
    ),
    "failures": schema.listed(
        schema.has(training=schema.text, reason=schema.text, place=schema.text), MOST_FAILURES
    ),
    "done": schema.optional(schema.listed(
        schema.has(training=schema.text, worker=schema.whole, place=schema.text), MOST_DONE,
    )),
    "began": schema.time, "done_before": schema.whole,
}  # fmt: skip


def read(folder: SweepFolder) -> UnderWay:
    """What was last written; nothing where that cannot be read."""
    try:
        found = orjson.loads(untrusted_files.read(folder.path / FILE, _LARGEST, follow=False))
        if not isinstance(found, dict) or not all(fits(found.get(name)) for name, fits in _SHAPES.items()):
            return UnderWay()
    except (OSError, ValueError):
        return UnderWay()
    return UnderWay(
        tuple(Doing(**_of(row, Doing)) for row in found["workers"]),
        tuple(Failure(**_of(row, Failure)) for row in found["failures"]),
        float(found["began"]), found["done_before"],
        tuple(Done(**_of(row, Done)) for row in found.get("done") or ()),
    )  # fmt: skip


def _of(row: dict[str, Any], kind: type[Doing] | type[Failure] | type[Done]) -> dict[str, Any]:
    named = {each.name: row[each.name] for each in fields(kind)}
    return {name: harmless(value, 300) if isinstance(value, str) else value for name, value in named.items()}


@dataclass
class Keeper:
    """Writes it."""

    folder: SweepFolder
    done_before: int
    clock: Callable[[], float] = time.monotonic
    _began: float = field(default_factory=time.time)
    _numbers: dict[Worker, int] = field(default_factory=dict)
    """Of workers: one that takes the place of another has its number."""
    _places: dict[Job, Done] = field(default_factory=dict)
    """Who has, or had, each."""
    _done: list[Done] = field(default_factory=list)
    _failures: list[Failure] = field(default_factory=list)
    _written: bytes = b""
    _due: float = 0.0

    def __post_init__(self) -> None:
        self._done = list(read(self.folder).done)  # of before it was gone on with

    def trained(self, job: Job) -> None:
        if where := self._places.pop(job, None):
            self._done = [*self._done, where][-MOST_DONE:]

    def failed(self, failed: Failed) -> None:
        where = self._places.pop(failed.job, None)
        failure = Failure(failed.job.name, failed.reason, where.place if where else "")
        self._failures = [*self._failures, failure][-MOST_FAILURES:]

    def look(self, workers: Sequence[Worker], last: bool = False) -> None:
        """Write what they do, unless that was a moment ago or is as it was."""
        self._number(workers)
        self._places |= {
            worker.job: Done(worker.job.name, self._numbers[worker], worker.where) for worker in workers if worker.job
        }
        if self.clock() < self._due and not last:
            return
        self._due = self.clock() + SECONDS
        doing = [self._doing(worker) for worker in workers[:MOST_WORKERS]]
        content = orjson.dumps({
            "workers": sorted(doing, key=lambda each: each.worker), "failures": self._failures,
            "began": self._began, "done_before": self.done_before, "done": self._done,
        })  # fmt: skip
        if content != self._written:
            self._written = content
            with suppress(OSError):  # it can be done without
                whole_files.put(self.folder.path / FILE, content)

    def _doing(self, worker: Worker) -> Doing:
        job = worker.job
        return Doing(self._numbers[worker], worker.where, job.name if job else "", worker.epoch, not worker.ready)

    def _number(self, workers: Sequence[Worker]) -> None:
        here = {worker: number for worker, number in self._numbers.items() if worker in workers}
        free = (number for number in range(1, 2 + len(workers) + len(here)) if number not in here.values())
        self._numbers = here | {worker: next(free) for worker in workers if worker not in here}
