"""What a trainer says (events) and what a viewer may ask (commands): typed, to and from one JSON line.

Strings are made harmless while a line is read, so everything behind this module may show them. A line that is
torn, of an unknown type or of the wrong shape raises ValueError; readers skip it and count it.
"""

import dataclasses
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, ClassVar

import orjson

from gan_tui.run import event_schema
from gan_tui.text import harmless

STATES = event_schema.STATES
LIVE_STATES = ("starting", "training", "paused", "saving")
COMMANDS = ("pause", "resume", "step", "save", "stop", "set")
RESTART = "restart"
"""The kind of alert that says why a trainer was started again: a resumed run keeps it, whatever its step."""
LONGEST_COMMAND = 1 << 20
"""Bytes of one command line; a longer one is refused."""


class Event:
    """Something that happened in a run."""

    type: ClassVar[str]


@dataclass(frozen=True)
class Started(Event):
    """A trainer has its networks and data ready."""

    type = "started"
    preset: str
    title: str
    task: str
    seed: int
    networks: Mapping[str, Any]
    """Name → list of {name, kind, layer (in words), output_shape, parameters, trainable}, the input first."""
    dataset: Mapping[str, Any]
    """name, origin, train and validation (numbers of examples); `points` ([x, y, class] each) on a plane."""
    devices: list[str]
    versions: Mapping[str, str]
    steps_total: int
    steps_per_epoch: int
    batch_size: int


@dataclass(frozen=True)
class State(Event):
    """The run went into another state; `reason` says why, or how far a start has come."""

    type = "state"
    state: str
    reason: str = ""


@dataclass(frozen=True)
class Metrics(Event):
    """The metrics of some consecutive steps; None stands for a number that was not finite."""

    type = "metrics"
    steps: Sequence[int]
    """Lists in a line; arrays where a log is read ahead."""
    values: Mapping[str, Sequence[float | None]]


@dataclass(frozen=True)
class Epoch(Event):
    """An epoch ended: means over its steps, and what validation gave."""

    type = "epoch"
    epoch: int
    step: int
    values: Mapping[str, float | None]


@dataclass(frozen=True)
class Picture(Event):
    """A picture was written.

    `tile` is the (height, width) of the equal tiles it is made of, in reading order; `low` and `high` are the
    numbers that black and white stand for. `kind`: samples, features, kernels, input, mistakes, or surface (a
    tile a class, probabilities, y growing downwards). `labels` names the tiles where they have names.
    """

    type = "picture"
    tag: str
    step: int
    file: str
    kind: str = "samples"
    tile: list[int] = field(default_factory=list)
    count: int = 1
    low: float = 0.0
    high: float = 1.0
    labels: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Weights(Event):
    """What the weights of all layers are like.

    Name (network/layer/weight) → {shape, mean, std, low, high, counts}: `counts` is a histogram of equal bins
    from `low` to `high`, the least and the greatest weight.
    """

    type = "weights"
    step: int
    layers: Mapping[str, Any]


@dataclass(frozen=True)
class Prediction(Event):
    """What a classifier makes of one example: its place in the data, its class, a probability for each class."""

    type = "prediction"
    step: int
    image: int
    truth: int
    probabilities: list[float]


@dataclass(frozen=True)
class Answers(Event):
    """What a network on few points makes of each: a row of probabilities a point, in the order of the data."""

    type = "answers"
    step: int
    probabilities: list[list[float]]


@dataclass(frozen=True)
class Confusion(Event):
    """How validation examples were taken at a step: counts[true class][predicted class]."""

    type = "confusion"
    step: int
    counts: list[list[int]]


@dataclass(frozen=True)
class Checkpoint(Event):
    """A checkpoint is complete on the disk."""

    type = "checkpoint"
    step: int
    folder: str
    why: str


@dataclass(frozen=True)
class Setting(Event):
    """A setting was changed while training."""

    type = "setting"
    name: str
    value: Any
    step: int


@dataclass(frozen=True)
class Alert(Event):
    """Something a person should know, in a sentence."""

    type = "alert"
    kind: str
    text: str
    step: int


@dataclass(frozen=True)
class Resumed(Event):
    """Training goes on from `from_step`; what an earlier attempt did after it no longer counts."""

    type = "resumed"
    from_step: int


@dataclass(frozen=True)
class Usage(Event):
    """What the trainer uses: `cpu` in percent of one core, `memory` in bytes."""

    type = "usage"
    cpu: float
    memory: int


EVENTS: dict[str, type[Event]] = {
    kind.type: kind
    for kind in (
        Started, State, Metrics, Epoch, Picture, Weights, Prediction, Answers, Confusion, Checkpoint, Setting, Alert,
        Resumed, Usage,
    )
}  # fmt: skip


@dataclass(frozen=True)
class Record:
    """An event with its place in the log."""

    seq: int
    time: float
    """Seconds since 1970."""
    event: Event


def to_line(record: Record) -> bytes:
    """One JSON object and a line end. Numbers that are not finite become null."""
    fields = {name.name: getattr(record.event, name.name) for name in dataclasses.fields(record.event)}  # type: ignore[arg-type]
    head = {"seq": record.seq, "time": round(record.time, 3), "type": record.event.type}
    return orjson.dumps({**head, **fields}, option=orjson.OPT_SERIALIZE_NUMPY | orjson.OPT_APPEND_NEWLINE)


def from_line(line: bytes) -> Record:
    """The record in a line. Raises ValueError for anything that is not a whole, known record."""
    document = orjson.loads(line)
    if not isinstance(document, dict):
        raise ValueError("not an object")
    kind = EVENTS.get(str(document.get("type")))
    if kind is None:
        raise ValueError("an event of an unknown type")
    try:
        event = _metrics(document) if kind is Metrics else _event(kind, document)
        seq, time = document["seq"], document["time"]
        if not event_schema.whole(seq) or not event_schema.time(time):
            raise ValueError("an event without its place or its time")
        return Record(seq, float(time), event)
    except (TypeError, KeyError, RecursionError) as error:
        raise ValueError(f"an incomplete event: {error}") from None


def _event(kind: type[Event], document: dict[str, Any]) -> Event:
    """An event whose fields have the right shape and harmless strings."""
    values = {}
    for item in dataclasses.fields(kind):  # type: ignore[arg-type]
        if item.name in document:
            event_schema.check(kind.type, item.name, document[item.name])
            values[item.name] = _harmless_all(document[item.name])
    event = kind(**values)
    if isinstance(event, Setting) and event.name == "points" and not event_schema.points(event.value):
        raise ValueError("setting: points has the wrong shape, or is too large")
    return event


def _metrics(document: dict[str, Any]) -> Metrics:
    """The hot path: millions of numbers, checked by functions that loop in C; only the names are strings."""
    steps, values = document["steps"], document["values"]
    event_schema.check_metrics(steps, values)
    return Metrics(steps, {_metric_name(name): series for name, series in values.items()})


@lru_cache(maxsize=1024)
def _metric_name(name: str) -> str:
    return harmless(name, 40)


def _harmless_all(value: Any) -> Any:
    if isinstance(value, str):
        return harmless(value, 2000)
    if isinstance(value, dict):
        return {harmless(str(key), 80): _harmless_all(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_harmless_all(item) for item in value]
    return value


# Commands --------------------------------------------------------------


@dataclass(frozen=True)
class Command:
    """A viewer's wish. `steps` is how many steps `step` asks for; `set` gives a `setting` a `value`."""

    name: str
    id: int = 0
    steps: int = 1
    setting: str = ""
    value: Any = None

    def to_line(self) -> bytes:
        return orjson.dumps(self, option=orjson.OPT_APPEND_NEWLINE)

    @staticmethod
    def from_line(line: bytes) -> "Command":
        """Raises ValueError for a line that is no command."""
        document = orjson.loads(line)
        if not isinstance(document, dict) or document.get("name") not in COMMANDS:
            raise ValueError("unknown command, choose from " + ", ".join(COMMANDS))
        number, steps = document.get("id", 0), document.get("steps", 1)
        if not event_schema.whole(number) or not event_schema.whole(steps) or not 1 <= steps <= 1_000_000:
            raise ValueError("a command's id must be a whole number, its steps from 1 to 1,000,000")
        setting = harmless(str(document.get("setting", "")), 40)
        return Command(document["name"], number, steps, setting, document.get("value"))


@dataclass(frozen=True)
class Reply:
    """What became of a command, given once it has taken effect."""

    id: int
    ok: bool
    text: str
    step: int = 0

    def to_line(self) -> bytes:
        return orjson.dumps(self, option=orjson.OPT_APPEND_NEWLINE)

    @staticmethod
    def from_line(line: bytes) -> "Reply":
        """Raises ValueError for a line that is no answer."""
        document = orjson.loads(line)
        try:
            return Reply(
                int(document["id"]),
                bool(document["ok"]),
                harmless(str(document["text"])),
                int(document["step"]),
            )
        except (KeyError, TypeError) as error:
            raise ValueError(f"not an answer: {error}") from None
