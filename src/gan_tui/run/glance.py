"""A run at a glance, from the two ends of its log alone: without numpy, and however long the log has grown."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from gan_tui.run.event_log import begins_with, read_head, read_tail
from gan_tui.run.events import Epoch, Group, Metrics, Record, Resumed, Started, State
from gan_tui.run.folder import RunFolder
from gan_tui.run.group import Worker, in_state, joined
from gan_tui.run.metrics import Metric, declared, guessed
from gan_tui.run.pace import Pace, at, paced, speed_of
from gan_tui.run.summaries import RunSummary, summary_of

_LENGTH = 1 << 18
"""Bytes at the log's end that tell the speed: a fast run fills them in some seconds."""


@dataclass(frozen=True)
class Glance:
    """What a person asks first of a run."""

    summary: RunSummary
    steps_per_epoch: int
    values: Mapping[str, float | None]
    """Metric name → what it was measured as last."""
    pace: Pace = ()
    workers: tuple[Worker, ...] = ()
    """Those that take its steps together; none where one process does."""
    batch_size: int = 0
    """Examples of a step, of all workers together."""

    @property
    def epoch(self) -> int:
        """That the last step belongs to, counted from 1; 0 before the first step."""
        return -(-self.summary.step // self.steps_per_epoch)

    @property
    def epochs(self) -> int:
        return -(-self.summary.steps_total // self.steps_per_epoch)

    @property
    def speed(self) -> float | None:
        """Steps a second of late; None where it does not train."""
        trains = self.summary.alive and self.summary.shown == "training"
        return speed_of(self.pace) if trains else None

    @property
    def examples_per_second(self) -> float | None:
        """Of all workers together, likewise."""
        return self.speed * self.batch_size if self.speed and self.batch_size else None

    @property
    def seconds_left(self) -> float | None:
        """Time to the last step at the present speed; None while it is not known."""
        speed, total = self.speed, self.summary.steps_total
        return max(0, total - self.summary.step) / speed if speed and total else None


def glance(folder: RunFolder) -> Glance:
    """A run as it is now; another tool's log, too. Raises FileNotFoundError where it was deleted meanwhile."""
    return _of_ends(folder) if type(folder) is RunFolder else _of_all(folder)


def _of_all(folder: RunFolder) -> Glance:
    """From the whole log, whose end tells nothing by itself."""
    from gan_tui.run.follower import state_of  # brings numpy

    state, standing = state_of(folder), folder.standing()
    began = state.started
    summary = RunSummary(
        folder, began.preset if began else "", standing.known(state.state), state.reason, standing, state.step,
        state.steps_total, state.first_time, "", 0, state.last_time,
    )  # fmt: skip
    values = {name: float(str(series.values[-1])) for name, series in state.series.items() if series.length}
    return Glance(summary, began.steps_per_epoch if began else 1, values, state.pace, state.workers)


def _of_ends(folder: RunFolder) -> Glance:
    summary, file = summary_of(folder), folder.events_file
    tail = read_tail(file, (Metrics,), also=(Started, State, Epoch, Resumed, Group), length=_LENGTH)
    began = [record.event for record in (*read_head(file, Started), *tail) if isinstance(record.event, Started)]
    started = began[-1] if began else None
    per_epoch = started.steps_per_epoch if started else 1
    if 1 < per_epoch <= summary.step and not any(isinstance(record.event, Epoch) for record in tail):
        tail = [*read_tail(file, (Epoch,))[-1:], *tail]  # an epoch may take hours
    if begins_with(file, Group) and not any(isinstance(record.event, Group) for record in tail):
        tail = [*read_tail(file, (Group,), also=(State,)), *tail]
    late = _Late(declared(started.metrics) if started else {})
    late.take(tail)
    values = {name: value for name, (_, value) in late.values.items()}
    return Glance(summary, per_epoch, values, late.pace, late.workers, started.batch_size if started else 0)


class _Late:
    """What the end of a log comes to, as `RunState` has it from all of it."""

    def __init__(self, known: Mapping[str, Metric]) -> None:
        self._known = known
        self._step: int | None = None
        self.pace: Pace = ()
        self.workers: tuple[Worker, ...] = ()
        self._state = ""
        self.values: dict[str, tuple[int, float | None]] = {}
        """Metric name → (step, value), the last of each."""

    def take(self, records: Iterable[Record]) -> None:
        for record in records:
            self._take(record.event, record)

    def _take(self, event: Any, record: Record) -> None:
        if isinstance(event, Metrics) and event.steps:
            self._step, self.pace = int(event.steps[-1]), paced(self.pace, [record])
            self.values |= {name: (self._step, series[-1]) for name, series in event.values.items()}
        elif isinstance(event, Epoch):
            each_epoch = {name: value for name, value in event.values.items() if self._each(name) == "epoch"}
            self.values |= {name: (event.step, value) for name, value in each_epoch.items()}
        elif isinstance(event, State):
            trains = event.state == "training" and self._step is not None
            self.pace = ((at(record), self._step or 0),) if trains else ()
            self.workers = in_state(self.workers, event.state, event.state == self._state)
            self._state = event.state
        elif isinstance(event, Group):
            self.workers = joined(self.workers, event.workers)
        elif isinstance(event, Resumed) and not event.names:
            self._step, self.pace = event.from_step, ()
            self.values = {name: seen for name, seen in self.values.items() if seen[0] <= event.from_step}

    def _each(self, name: str) -> str:
        return (self._known.get(name) or guessed(name)).each
