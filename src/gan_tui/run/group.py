"""The workers that take the steps of one run together: what a run tells of each, in which order, and in words.

A run that one process trains has none. What is not known of a worker, because it has not come yet or is of a version
that does not tell it, is None or empty.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any

from gan_tui.run.event_schema import MOST_WORDS, Shape, all_harmless, finite, has, listed, one_of, optional, text, whole
from gan_tui.system.cluster import MOST_WORKERS
from gan_tui.text import counted

TRAINING, WAITING, LOADING, MISSING, LOST, ENDED = "training", "waiting", "loading", "missing", "lost", "ended"
"""LOADING: it was started by gan-tui itself, so nobody needs to; ENDED: the run has, and it with it."""
_ABSENT = (LOST, MISSING)
_ORDER = (LOST, MISSING, LOADING, WAITING, TRAINING, ENDED)
_OVER = ("finished", "stopped", "failed")


def _share(value: Any) -> bool:
    return finite(value) and 0 <= value <= 1


_row = has(
    worker=lambda value: whole(value) and value < MOST_WORKERS, state=one_of(_ORDER),
    host=optional(text), address=optional(text), reason=optional(text), pid=optional(whole), memory=optional(whole),
    devices=optional(listed(text, MOST_WORDS)), cpu=optional(finite), gpu=optional(finite),
    gpu_memory=optional(finite), reducing=optional(_share),
)  # fmt: skip


def _each_once(rows: Sequence[Mapping[str, Any]]) -> bool:
    return len({row["worker"] for row in rows}) == len(rows)


_rows = listed(_row, MOST_WORKERS)
workers = Shape(lambda value: _rows(value) and _each_once(value), all_harmless)
"""Of the field of the event: a row a worker, each once."""


@dataclass(frozen=True)
class Worker:
    """One of them, as it was told of last."""

    worker: int
    """Its number, from 0."""
    state: str = TRAINING
    host: str = ""
    address: str = ""
    pid: int = 0
    devices: tuple[str, ...] = ()
    """In words."""
    cpu: float | None = None
    """Percent of one core."""
    memory: int | None = None
    """Bytes."""
    gpu: float | None = None
    """Percent of the time."""
    gpu_memory: float | None = None
    """Bytes."""
    reducing: float | None = None
    """At most this share of a step's time, 0…1, goes into summing up gradients over all workers."""
    reason: str = ""

    @property
    def is_absent(self) -> bool:
        """Whether it does not take part, though it should."""
        return self.state in _ABSENT

    @property
    def called(self) -> str:
        """'worker 3 on box2'"""
        return f"worker {self.worker}" + (f" on {self.host or self.address}" if self.host or self.address else "")


_NAMES = {field.name for field in fields(Worker)}


def worker_of(row: Mapping[str, Any]) -> Worker:
    """A row of the event."""
    known = {name: value for name, value in row.items() if name in _NAMES and value is not None}
    return Worker(**{**known, "devices": tuple(known.get("devices", ()))})


def joined(before: Sequence[Worker], rows: Iterable[Mapping[str, Any]]) -> tuple[Worker, ...]:
    """The newest of each worker, by number."""
    newest = {worker.worker: worker for worker in before} | {row["worker"]: worker_of(row) for row in rows}
    return tuple(newest[number] for number in sorted(newest))


def in_state(group: Sequence[Worker], state: str, continues: bool) -> tuple[Worker, ...]:
    """The workers of a run that comes to a state: a start begins with nobody, unless another `starting` only
    `continues` it, and with a run's end those who took part have ended and use nothing.
    """
    if state == "starting" and not continues:
        return ()
    return tuple(map(_ended, group)) if state in _OVER else tuple(group)


def _ended(worker: Worker) -> Worker:
    if worker.is_absent:
        return worker
    return Worker(worker.worker, ENDED, worker.host, worker.address, devices=worker.devices)


def most_urgent_first(group: Sequence[Worker]) -> list[Worker]:
    """Those that are lost or missing before all others, else by number."""
    return sorted(group, key=lambda worker: _ORDER.index(worker.state))


# In words ------------------------------------------------------------------------------------


def reducing(group: Sequence[Worker]) -> float | None:
    """The mean share of a step's time that goes into reducing, of those that tell it."""
    known = [worker.reducing for worker in group if worker.reducing is not None and not worker.is_absent]
    return sum(known) / len(known) if known else None


def how_many(group: Sequence[Worker]) -> str:
    """'4 workers', or how many of them are not there: '1 lost, 1 missing of 4 workers', '1 loading of 4 workers'."""
    counts = [(state, sum(worker.state == state for worker in group)) for state in (*_ABSENT, LOADING)]
    gone = ", ".join(f"{count} {state}" for state, count in counts if count)
    if len(group) == 1 and not gone:
        return counted(len(group[0].devices), "device")
    return (f"{gone} of " if gone else "") + counted(len(group), "worker")


def headline(group: Sequence[Worker], speed: float | None, batch: int) -> list[str]:
    """'2 workers', '3,400 examples/s', '≤ 12 % reducing', as far as they are known.

    `speed` is in steps a second, `batch` the examples that all of them take in a step.
    """
    examples = speed * batch if speed and batch else None
    share = reducing(group)
    told = [how_many(group), examples_words(examples)] if examples else [how_many(group)]
    return [*told, f"{at_most(share)} reducing"] if share is not None else told


def at_most(share: float) -> str:
    """'≤ 12 %'"""
    return f"≤ {max(100 * share, 1):.0f} %"


def examples_words(examples: float) -> str:
    """'3,400 examples/s'"""
    return f"{examples:,.{0 if examples >= 10 else 1}f} examples/s"


def advice(group: Sequence[Worker]) -> str:
    """What to do where one of them is not there, a sentence for each way of that; empty where all are."""
    return " ".join(
        f"{_named(gone)}: {way.format('them' if len(gone) > 1 else 'it')}."
        for state, way in _WAYS.items()
        if (gone := [worker for worker in group if worker.state == state])
    )


_WAYS = {
    LOST: "the run ends where it saved last; resume it to start all workers again",
    MISSING: "start {} by the same command as here, or stop the run",
}


def _named(gone: Sequence[Worker]) -> str:
    """'Worker 3 on box3 is lost (no word for 12 s)', of several the first with a number of others."""
    first, others = gone[0], len(gone) - 1
    named = first.called[0].upper() + first.called[1:] + (f" and {others} more" if others else "")
    why = f" ({first.reason.rstrip('.')})" if first.reason else ""
    return f"{named} {'are' if others else 'is'} {first.state}{why}"
