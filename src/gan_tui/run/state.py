"""What a run looks like after some events: a pure fold, so that live and replayed runs show the same."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from types import MappingProxyType
from typing import Any, TypeVar

from gan_tui.run import events
from gan_tui.run.course import Course, Mark
from gan_tui.run.events import Event, Record
from gan_tui.run.metric_arrays import measured, metric_names, numbers_of, steps_of
from gan_tui.run.metrics import Metric, declared, guessed
from gan_tui.run.series import Series

SPEED_WINDOW = 10.0
"""Seconds of training over which the steps a second are averaged."""
MOST_PICTURES = 64
"""Of one tag: the first of all and the latest are kept, so many that a run that goes back to a checkpoint has one."""
MOST_CHECKPOINTS = 1000
MOST_NAMES = 256
"""Metrics, tags of pictures, settings: those that come later are passed over."""

_QUESTIONS = {"classifier": "image", "gan": "latent"}
"""What could be asked of runs of the version that did not say so, by task."""

Pace = tuple[tuple[float, int], ...]


def _nothing() -> Mapping[str, Any]:
    return MappingProxyType({})


@dataclass(frozen=True)
class RunState:
    """A snapshot; `apply` gives the next one. Nothing in it ever changes, so it may cross threads."""

    started: events.Started | None = None
    state: str = "starting"
    reason: str = ""
    reasons: tuple[tuple[float, str], ...] = ()
    """(`at`, stage) of the present start, for showing how far it has come."""
    step: int = 0
    epoch: int = 0
    """Epochs completed."""
    declared: Mapping[str, Metric] = field(default_factory=_nothing)
    """Metric name → what the run said of it when it started."""
    series: Mapping[str, Series] = field(default_factory=_nothing)
    """Metric name → its values: one a step, or one an epoch."""
    pictures: Mapping[str, tuple[events.Picture, ...]] = field(default_factory=_nothing)
    """Tag → pictures, oldest first."""
    drawn: Mapping[str, int] = field(default_factory=_nothing)
    """Tag → how often it was drawn: a picture drawn again at the same step is another one."""
    weights: tuple[events.Weights, events.Weights] | None = None
    """What the weights were like at first, and what they are like now."""
    prediction: events.Prediction | None = None
    answers: events.Answers | None = None
    confusion: events.Confusion | None = None
    checkpoints: tuple[events.Checkpoint, ...] = ()
    alerts: tuple[events.Alert, ...] = ()
    settings: Mapping[str, Any] = field(default_factory=_nothing)
    """Settings that were changed while training."""
    usage: events.Usage | None = None
    first_time: float = 0.0
    last_time: float = 0.0
    """Seconds since 1970 of the first and of the last event."""
    course: Course = field(default_factory=Course, repr=False)
    """How long it has trained until which step, and what happened there."""
    pace: Pace = field(default=(), repr=False)
    """(`at`, step) of late metrics of one uninterrupted stretch of training."""

    def apply(self, record: Record) -> "RunState":
        """The state after one more event."""
        names = metric_names(record)
        if names is not None:
            return _apply_metrics(self, names, [record])
        return _FOLDS[type(record.event)](self, record.event, at(record))._after(record.time)

    def _with(self, **changes: Any) -> "RunState":
        """The same with some fields changed: dataclasses.replace takes five times as long, most of a long history."""
        after = object.__new__(RunState)
        after.__dict__.update(self.__dict__, **changes)
        return after

    def _after(self, time: float) -> "RunState":
        """This state, once an event of that time has made it."""
        return self._with(last_time=time, first_time=self.first_time or time)

    def apply_all(self, records: Iterable[Record]) -> "RunState":
        """The state after several events: metrics that follow each other are taken in at once."""
        state = self
        for names, group in groupby(records, metric_names):
            if names is None:
                for record in group:
                    state = state.apply(record)
            else:
                state = _apply_metrics(state, names, list(group))
        return state

    def latest(self) -> "RunState":
        """The same, with only what is newest of all that grows: for who shows no history, however long a run is."""
        series = {name: series.latest() for name, series in self.series.items()}
        pictures = {tag: shown[-1:] for tag, shown in self.pictures.items()}
        return self._with(
            series=MappingProxyType(series), pictures=MappingProxyType(pictures), course=Course(),
            checkpoints=self.checkpoints[-1:],
        )  # fmt: skip

    def metric(self, name: str) -> Metric:
        """What is measured under a name: as the run declared it, or worked out from the name where it did not."""
        return self.declared.get(name) or guessed(name)

    @property
    def metrics(self) -> Mapping[str, Metric]:
        """What there is a series of, by name."""
        return {name: self.metric(name) for name in self.series}

    @property
    def settable(self) -> Sequence[str]:
        """What may be set while it trains, or asked of it."""
        started = self.started
        if started is None or started.settable:
            return started.settable if started else ()
        known = _QUESTIONS.get(started.task) or ("points" if started.dataset.get("name") == "points" else "")
        return ("learning_rate", known) if known else ("learning_rate",)

    @property
    def points(self) -> list[list[float]]:
        """[x, y, …, class] of each point of the data, as they were last changed; [] where it has no points."""
        changed = self.settings.get("points")
        if isinstance(changed, list) and all(isinstance(point, list) and len(point) == 3 for point in changed):
            return [[float(number) for number in point] for point in changed]
        return list(self.started.dataset.get("points") or []) if self.started else []

    @property
    def classes(self) -> int | None:
        """How many classes the last network tells apart; None while that is not known."""
        rows = list(self.started.networks.values())[-1] if self.started and self.started.networks else []
        return int(rows[-1]["output_shape"][-1]) if rows and rows[-1]["output_shape"] else None

    @property
    def steps_total(self) -> int:
        return self.started.steps_total if self.started else 0

    @property
    def ended_early(self) -> bool:
        """Whether early stopping has ended it, and would again."""
        return self.state == "finished" and self.step < self.steps_total

    @property
    def live(self) -> bool:
        """Whether a trainer should be at work."""
        return self.state in events.LIVE_STATES

    @property
    def speed(self) -> float | None:
        """Steps a second of late; None until two reports have come."""
        if len(self.pace) < 2:
            return None
        (first_time, first_step), (last_time, last_step) = self.pace[0], self.pace[-1]
        return (last_step - first_step) / (last_time - first_time) if last_time > first_time else None

    @property
    def seconds_left(self) -> float | None:
        """Time to the last step at the present speed; None while it is not known."""
        speed = self.speed
        return (self.steps_total - self.step) / speed if speed and self.steps_total else None

    def current_epoch(self) -> tuple[int, int]:
        """(the epoch the last step belongs to, counted from 1; the number of epochs)."""
        per_epoch = self.started.steps_per_epoch if self.started else 1
        return max(1, -(-self.step // per_epoch)), max(1, -(-self.steps_total // per_epoch))


def at(record: Record) -> float:
    """Seconds that differ by the time that has passed, whatever became of the clock on the wall."""
    return record.time if record.clock is None else record.clock


def _apply_started(run: RunState, event: events.Started, time: float) -> RunState:
    # the event has the points as they are, so an earlier change of them is no longer news
    settings = {name: value for name, value in run.settings.items() if name != "points"}
    known = MappingProxyType(declared(event.metrics))
    return run._with(started=event, declared=known, settings=MappingProxyType(settings))


def _apply_state(run: RunState, event: events.State, time: float) -> RunState:
    starting = event.state == "starting"
    continues = starting and run.state == "starting"
    reasons = (*(run.reasons if continues else ()), (time, event.reason))[-MOST_NAMES:] if starting else ()
    pace = ((time, run.step),) if event.state == "training" else ()
    course = run.course
    if event.state == "paused":
        course = course.marked(Mark(run.step, "pause", f"paused: {event.reason}" if event.reason else "paused"))
    return run._with(state=event.state, reason=event.reason, reasons=reasons, pace=pace, course=course)


def _apply_metrics(run: RunState, names: tuple[str, ...], records: list[Record]) -> RunState:
    """Take in metrics of one kind that follow each other."""
    steps = steps_of(records)
    series = dict(run.series)
    for name in names:
        if _has_room(series, name):
            series[name] = (series.get(name) or Series.empty()).extended(steps, numbers_of(records, name, len(steps)))
    pace, since = run.pace, run.pace[-1][0] if run.pace else None
    course = run.course.trained(since, ((int(measured(record).steps[-1]), at(record)) for record in records))
    for record in _last_of_each_quarter(records, at(records[-1]) - SPEED_WINDOW):
        pace = _paced(pace, at(record), int(measured(record).steps[-1]))
    after = run._with(series=MappingProxyType(series), step=int(steps[-1]), pace=pace, course=course)
    return after._after(records[-1].time)


def _last_of_each_quarter(records: list[Record], since: float) -> Iterable[Record]:
    """What was measured last in each quarter of a second, and before them all."""
    return {int(4 * max(at(record), since - 1)): record for record in records}.values()


def _paced(pace: Pace, time: float, step: int) -> Pace:
    """The points that tell the speed, with another: those of late, one each quarter of a second.

    Where no clock but that on the wall was written down, and it was set back, they begin anew.
    """
    before = tuple(point for point in pace if point[0] <= time)
    recent = tuple(point for point in before if point[0] >= time - SPEED_WINDOW)
    recent = recent or before[-1:]  # a step may take longer
    if len(recent) > 1 and int(recent[-1][0] * 4) == int(time * 4):
        recent = recent[:-1]
    return (*recent, (time, step))


def _apply_epoch(run: RunState, event: events.Epoch, time: float) -> RunState:
    series = dict(run.series)
    for name, value in event.values.items():
        if run.metric(name).each == "epoch" and _has_room(series, name):
            series[name] = (series.get(name) or Series.empty()).extended([event.step], [value])
    return run._with(series=MappingProxyType(series), epoch=event.epoch)


def _has_room(table: Mapping[str, Any], name: str) -> bool:
    return name in table or len(table) < MOST_NAMES


def _apply_picture(run: RunState, event: events.Picture, time: float) -> RunState:
    if not _has_room(run.drawn, event.tag):
        return run
    shown = run.pictures.get(event.tag, ())
    if shown and shown[-1].step == event.step:
        shown = shown[:-1]  # drawn again: the same file, with what it shows now
    if len(shown) >= MOST_PICTURES:
        shown = shown[:1] + shown[-(MOST_PICTURES - 2) :]
    shown = (*shown, event)
    drawn = {**run.drawn, event.tag: run.drawn.get(event.tag, 0) + 1}
    pictures = MappingProxyType({**run.pictures, event.tag: shown})
    return run._with(pictures=pictures, drawn=MappingProxyType(drawn))


def _apply_checkpoint(run: RunState, event: events.Checkpoint, time: float) -> RunState:
    before = tuple(checkpoint for checkpoint in run.checkpoints if checkpoint.folder != event.folder)
    return run._with(checkpoints=(*before, event)[-MOST_CHECKPOINTS:])


def _apply_setting(run: RunState, event: events.Setting, time: float) -> RunState:
    if not _has_room(run.settings, event.name):
        return run
    course = run.course
    if event.name not in _QUESTIONS.values():
        words = event.name if isinstance(event.value, list | dict) else f"{event.name} {event.value}"
        course = course.marked(Mark(event.step, "setting", words))
    settings = MappingProxyType({**run.settings, event.name: event.value})
    return run._with(settings=settings, course=course)


Seen = TypeVar("Seen", events.Prediction, events.Answers, events.Confusion)


def _until(event: Seen | None, step: int) -> Seen | None:
    return event if event and event.step <= step else None


def _apply_resumed(run: RunState, event: events.Resumed, time: float) -> RunState:
    step = event.from_step
    pictures = {tag: tuple(p for p in shown if p.step <= step) for tag, shown in run.pictures.items()}
    return run._with(
        step=step, pace=(), course=run.course.up_to(step),
        epoch=step // run.started.steps_per_epoch if run.started else 0,
        series=MappingProxyType({name: series.up_to(step) for name, series in run.series.items()}),
        pictures=MappingProxyType({tag: shown for tag, shown in pictures.items() if shown}),
        checkpoints=tuple(c for c in run.checkpoints if c.step <= step),
        alerts=tuple(alert for alert in run.alerts if alert.step <= step or alert.kind == events.RESTART),
        prediction=_until(run.prediction, step), answers=_until(run.answers, step),
        confusion=_until(run.confusion, step),
    )  # fmt: skip


_FOLDS: dict[type[Event], Callable[[RunState, Any, float], RunState]] = {
    events.Started: _apply_started,
    events.State: _apply_state,
    events.Metrics: lambda run, event, time: run,  # without a step
    events.Epoch: _apply_epoch,
    events.Picture: _apply_picture,
    events.Weights: lambda run, event, time: run._with(weights=(run.weights[0] if run.weights else event, event)),
    events.Prediction: lambda run, event, time: run._with(prediction=event),
    events.Answers: lambda run, event, time: run._with(answers=event),
    events.Confusion: lambda run, event, time: run._with(confusion=event),
    events.Checkpoint: _apply_checkpoint,
    events.Setting: _apply_setting,
    events.Alert: lambda run, event, time: run._with(alerts=(*run.alerts, event)[-100:]),
    events.Resumed: _apply_resumed,
    events.Usage: lambda run, event, time: run._with(usage=event),
}
