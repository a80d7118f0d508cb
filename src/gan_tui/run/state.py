"""What a run looks like after some events: a pure fold, so that live and replayed runs show the same."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from types import MappingProxyType
from typing import Any, TypeVar

from gan_tui.run import events
from gan_tui.run.course import Course, Mark
from gan_tui.run.events import Event, Record
from gan_tui.run.group import Worker, in_state, joined
from gan_tui.run.metric_arrays import measured, metric_names, numbers_of, steps_of
from gan_tui.run.metrics import Metric, declared, guessed
from gan_tui.run.pace import Pace, at, paced, speed_of
from gan_tui.run.series import Series
from gan_tui.run.told import classes_of, epochs_at, pictures_with, points_of, weights_with

MOST_PICTURES = 64
"""Of one tag: the first of all and the latest are kept, so many that a run that goes back to a checkpoint has one."""
MOST_CHECKPOINTS = 1000
MOST_NAMES = 256
"""Metrics, tags of pictures, settings: those that come later are passed over."""

_QUESTIONS = {"classifier": "image", "gan": "latent"}
"""What could be asked of runs of the version that did not say so, by task."""


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
    last_epoch: events.Epoch | None = None
    """The last of them, with the means of all its steps."""
    declared: Mapping[str, Metric] = field(default_factory=_nothing)
    """Metric name → what the run said of it when it started."""
    series: Mapping[str, Series] = field(default_factory=_nothing)
    """Metric name → its values: one a step, or one an epoch."""
    by_epoch: frozenset[str] = frozenset()
    """What was told each epoch alone, by a run that declares nothing of it."""
    pictures: Mapping[str, tuple[events.Picture, ...]] = field(default_factory=_nothing)
    """Tag → pictures, oldest first."""
    drawn: Mapping[str, int] = field(default_factory=_nothing)
    """Tag → how often it was drawn: a picture drawn again at the same step is another one."""
    weights: tuple[events.Weights, events.Weights] | None = None
    """What the weights were like at first, and what they are like now."""
    prediction: events.Prediction | None = None
    answers: events.Answers | None = None
    confusion: events.Confusion | None = None
    texts: Mapping[str, events.Text] = field(default_factory=_nothing)
    """Tag → what it last said under it."""
    checkpoints: tuple[events.Checkpoint, ...] = ()
    alerts: tuple[events.Alert, ...] = ()
    settings: Mapping[str, Any] = field(default_factory=_nothing)
    """Settings that were changed while training."""
    usage: events.Usage | None = None
    workers: tuple[Worker, ...] = ()
    """The workers of the present start, by number; none where one process takes the steps alone."""
    first_time: float = 0.0
    last_time: float = 0.0
    """Seconds since 1970 of the first and of the last event."""
    course: Course = field(default_factory=Course, repr=False)
    """How long it has trained until which step, and what happened there."""
    pace: Pace = field(default=(), repr=False)

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
        metric = self.declared.get(name) or guessed(name)
        return metric.each_epoch() if name in self.by_epoch else metric

    @property
    def metrics(self) -> Mapping[str, Metric]:
        """What there is a series of, by name."""
        return {name: self.metric(name) for name in self.series}

    @property
    def settable(self) -> Sequence[str]:
        """What may be set while it trains, or asked of it."""
        started = self.started
        if started is None or started.settable or not self.obeys("set"):
            return started.settable if started else ()
        known = _QUESTIONS.get(started.task) or ("points" if started.dataset.get("name") == "points" else "")
        return ("learning_rate", known) if known else ("learning_rate",)

    @property
    def is_of_others(self) -> bool:
        """Whether a script or another program trains it, of which only that is known that the run itself tells."""
        return self.started is not None and self.started.task in (events.SCRIPT, events.LOG)

    def obeys(self, command: str) -> bool:
        """Whether it can do what a command asks, as far as it has said what it can."""
        return self.started is None or command in self.started.commands

    @property
    def points(self) -> list[list[float]]:
        """[x, y, …, class] of each point of the data, as they were last changed; [] where it has no points."""
        return points_of(self.started, self.settings)

    @property
    def classes(self) -> int | None:
        """How many classes the last network tells apart; None while that is not known."""
        return classes_of(self.started)

    @property
    def steps_total(self) -> int:
        return self.started.steps_total if self.started else 0

    @property
    def ended_early(self) -> bool:
        """Whether early stopping has ended it, and would again."""
        return self.state == "finished" and self.reason.startswith(events.EARLY_STOPPING)

    @property
    def live(self) -> bool:
        """Whether a trainer should be at work."""
        return self.state in events.LIVE_STATES

    @property
    def speed(self) -> float | None:
        """Steps a second of late; None until two reports have come."""
        return speed_of(self.pace)

    @property
    def seconds_left(self) -> float | None:
        """Time to the last step at the present speed; None while it is not known."""
        speed = self.speed
        return (self.steps_total - self.step) / speed if speed and self.steps_total else None

    @property
    def has_epochs(self) -> bool:
        """Whether its steps are counted in epochs, of a known number: a script's loop may have none."""
        per_epoch = self.started.steps_per_epoch if self.started else 1
        return bool(self.steps_total) and (per_epoch > 1 or not self.is_of_others)

    def current_epoch(self) -> tuple[int, int]:
        """(the epoch the last step belongs to, counted from 1; the number of epochs)."""
        per_epoch = self.started.steps_per_epoch if self.started else 1
        return max(1, -(-self.step // per_epoch)), max(1, -(-self.steps_total // per_epoch))


def _apply_started(run: RunState, event: events.Started, time: float) -> RunState:
    # the event has the points as they are, so an earlier change of them is no longer news
    settings = {name: value for name, value in run.settings.items() if name != "points"}
    known = MappingProxyType(declared(event.metrics))
    return run._with(started=event, declared=known, settings=MappingProxyType(settings))


def _apply_state(run: RunState, event: events.State, time: float) -> RunState:
    starting = event.state == "starting"
    continues = starting and run.state == "starting"
    reasons = (*(run.reasons if continues else ()), (time, event.reason))[-MOST_NAMES:] if starting else ()
    since = ((time, run.step),) if event.state == "training" else ()
    course = run.course
    if event.state == "paused":
        course = course.marked(Mark(run.step, "pause", f"paused: {event.reason}" if event.reason else "paused"))
    workers = in_state(run.workers, event.state, continues)
    now = {"state": event.state, "reason": event.reason, "reasons": reasons, "workers": workers}
    return run._with(**now, pace=since, course=course)


def _apply_metrics(run: RunState, names: tuple[str, ...], records: list[Record]) -> RunState:
    """Take in metrics of one kind that follow each other."""
    steps = steps_of(records)
    series = dict(run.series)
    for name in names:
        if _has_room(series, name):
            series[name] = (series.get(name) or Series.empty()).extended(steps, numbers_of(records, name, len(steps)))
    since = run.pace[-1][0] if run.pace else None
    course = run.course.trained(since, ((_reached(run, record), at(record)) for record in records))
    pace, step = paced(run.pace, records, run.step), _reached(run, records[-1])
    after = run._with(series=MappingProxyType(series), step=step, pace=pace, course=course)
    return after._after(records[-1].time)


def _reached(run: RunState, record: Record) -> int:
    """The step that a run has come to with some metrics: in others' logs each metric has steps of its own."""
    return max(run.step, int(measured(record).steps[-1]))


def _apply_epoch(run: RunState, event: events.Epoch, time: float) -> RunState:
    series, by_epoch = dict(run.series), set(run.by_epoch)
    for name, value in event.values.items():
        if run.is_of_others and name not in run.series and name not in run.declared:
            by_epoch.add(name)
        if (name in by_epoch or run.metric(name).each == "epoch") and _has_room(series, name):
            series[name] = (series.get(name) or Series.empty()).extended([event.step], [value])
    return run._with(
        series=MappingProxyType(series), by_epoch=frozenset(by_epoch & series.keys()), epoch=event.epoch,
        last_epoch=event, step=max(run.step, event.step),
    )  # fmt: skip


def _has_room(table: Mapping[str, Any], name: str) -> bool:
    return name in table or len(table) < MOST_NAMES


def _apply_picture(run: RunState, event: events.Picture, time: float) -> RunState:
    if not _has_room(run.drawn, event.tag):
        return run
    shown = pictures_with(run.pictures.get(event.tag, ()), event, MOST_PICTURES)
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


def _apply_text(run: RunState, event: events.Text, time: float) -> RunState:
    known = {**run.texts, event.tag: event} if _has_room(run.texts, event.tag) else run.texts
    return run._with(texts=MappingProxyType(dict(known)))


Seen = TypeVar("Seen", events.Prediction, events.Answers, events.Confusion, events.Epoch)


def _until(event: Seen | None, step: int) -> Seen | None:
    return event if event and event.step <= step else None


def _apply_resumed(run: RunState, event: events.Resumed, time: float) -> RunState:
    step = event.from_step
    if event.names:
        return _some_resumed(run, frozenset(event.names), step)
    pictures = {tag: tuple(p for p in shown if p.step <= step) for tag, shown in run.pictures.items()}
    return run._with(
        step=step, pace=(), course=run.course.up_to(step),
        epoch=epochs_at(run.started, step, _until(run.last_epoch, step)),
        series=MappingProxyType({name: series.up_to(step) for name, series in run.series.items()}),
        pictures=MappingProxyType({tag: shown for tag, shown in pictures.items() if shown}),
        checkpoints=tuple(c for c in run.checkpoints if c.step <= step),
        alerts=tuple(alert for alert in run.alerts if alert.step <= step or alert.kind == events.RESTART),
        prediction=_until(run.prediction, step), answers=_until(run.answers, step),
        confusion=_until(run.confusion, step), last_epoch=_until(run.last_epoch, step),
    )  # fmt: skip


def _some_resumed(run: RunState, names: frozenset[str], step: int) -> RunState:
    """Only some metrics and pictures go back."""
    series = {name: one.up_to(step) if name in names else one for name, one in run.series.items()}
    pictures = {
        tag: tuple(p for p in shown if p.step <= step) if tag in names else shown for tag, shown in run.pictures.items()
    }
    last = max((one.last_step for one in series.values()), default=0)
    return run._with(
        step=last, pace=(), course=run.course.up_to(last), series=MappingProxyType(series),
        pictures=MappingProxyType({tag: shown for tag, shown in pictures.items() if shown}),
    )  # fmt: skip


_FOLDS: dict[type[Event], Callable[[RunState, Any, float], RunState]] = {
    events.Started: _apply_started,
    events.State: _apply_state,
    events.Metrics: lambda run, event, time: run,  # without a step
    events.Epoch: _apply_epoch,
    events.Picture: _apply_picture,
    events.Weights: lambda run, event, time: run._with(weights=weights_with(run.weights, event)),
    events.Prediction: lambda run, event, time: run._with(prediction=event),
    events.Answers: lambda run, event, time: run._with(answers=event),
    events.Confusion: lambda run, event, time: run._with(confusion=event),
    events.Checkpoint: _apply_checkpoint,
    events.Setting: _apply_setting,
    events.Alert: lambda run, event, time: run._with(alerts=(*run.alerts, event)[-100:]),
    events.Resumed: _apply_resumed,
    events.Text: _apply_text,
    events.Usage: lambda run, event, time: run._with(usage=event),
    events.Group: lambda run, event, time: run._with(workers=joined(run.workers, event.workers)),
}
