"""What a run says (events): typed, to and from one JSON line. What a viewer may ask is in `commands`.

Each field says in its annotation which shape it has (`event_schema`). Strings are harmless once a line is read, and may
be shown. A line that is torn, of an unknown type or of the wrong shape raises ValueError; readers skip and count it.

orjson turns NaN into null, and writes float32 values with the fewest digits that read back exactly: events stay small.
"""

import dataclasses
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Annotated, Any, ClassVar

import orjson

from gan_tui.run import event_schema as schema
from gan_tui.run import group
from gan_tui.run.commands import COMMANDS
from gan_tui.run.event_schema import LONGEST_METRIC_NAME, MOST_METRICS, MOST_TILES, MOST_WORDS, listed, named, one_of
from gan_tui.text import harmless

STATES = ("starting", "training", "paused", "saving", "finished", "stopped", "failed")
LIVE_STATES = ("starting", "training", "paused", "saving")
EARLY_STOPPING = "early stopping"  # how the reason begins of a run that finished because of it
SCRIPT, LOG = "script", "log"
"""The tasks of runs that gan-tui's own trainer does not train: a script's, and those that another program logs."""
RESTART, START, NETWORK = "restart", "start", "network"
"""Alerts: why a trainer was started again, which a resumed run keeps; what `Started.start` says, where not all fits;
whom a group's servers let in, which is so for as long as it trains."""


class Event:
    """Something that happened in a run."""

    type: ClassVar[str]

    def fits_together(self) -> bool:
        """Whether its fields, each of which has its shape, go with each other."""
        return True


@dataclass(frozen=True)
class Started(Event):
    """A trainer has its networks and data ready."""

    type = "started"
    preset: str
    title: str
    task: str
    seed: int
    networks: Annotated[Mapping[str, Any], schema.networks]
    """Name → rows {name, kind, layer (in words), output_shape, parameters, trainable, from (not the row before)}."""
    dataset: Annotated[Mapping[str, Any], schema.dataset]
    """name, origin, train, validation (numbers of examples); `points` ([x, y, class] each); `table`, if one is."""
    devices: Annotated[list[str], listed(schema.text, MOST_WORDS)]
    versions: Annotated[Mapping[str, str], named(schema.text, MOST_WORDS)]
    steps_total: int
    steps_per_epoch: Annotated[int, schema.positive]
    batch_size: int
    metrics: Annotated[list[Mapping[str, Any]], listed(schema.metric, MOST_METRICS)] = field(default_factory=list)
    """What is measured, as `run.metrics.Metric` has it; none where an earlier version wrote it."""
    settable: Annotated[list[str], listed(schema.text, MOST_WORDS)] = field(default_factory=list)
    """The settings that may be given another value while it trains, and the questions that it answers."""
    start: str = ""  # what its weights began as, in sentences, where they did not begin anew
    commands: Annotated[list[str], listed(schema.text, MOST_WORDS)] = field(default_factory=lambda: list(COMMANDS))
    """What it obeys; a script may have nothing that saves, say. Keys for the others are not offered."""


@dataclass(frozen=True)
class State(Event):
    """The run went into another state; `reason` says why, or how far a start has come."""

    type = "state"
    state: Annotated[str, one_of(STATES)]
    reason: str = ""


@dataclass(frozen=True)
class Metrics(Event):
    """The metrics of some consecutive steps; None stands for a number that was not finite."""

    type = "metrics"
    steps: Annotated[Sequence[int], schema.rising]
    """Lists in a line; arrays where a log is read ahead."""
    values: Annotated[Mapping[str, Sequence[float | None]], named(schema.series, MOST_METRICS)]

    def fits_together(self) -> bool:
        """Whether there is a value for every step."""
        count = len(self.steps)
        for series in self.values.values():  # noqa: SIM110 (`all` with a generator takes three times as long)
            if len(series) != count:
                return False
        return True


@dataclass(frozen=True)
class Epoch(Event):
    """An epoch ended: means over its examples, and what validation gave."""

    type = "epoch"
    epoch: int
    step: int
    values: Annotated[Mapping[str, float | None], schema.means]


@dataclass(frozen=True)
class Picture(Event):
    """A picture was written.

    `tile` is the (height, width) of the equal tiles it is made of, in reading order; `low` and `high` are the
    numbers that black and white stand for. `kind`: samples, one, real, augmented, features, kernels, input, mistakes,
    or surface (a tile a class, probabilities, y growing downwards). `labels` names the tiles where they have names.
    """

    type = "picture"
    tag: str
    step: int
    file: str
    kind: str = "samples"
    tile: Annotated[list[int], listed(schema.whole, 2)] = field(default_factory=list)
    count: int = 1
    low: float = 0.0
    high: float = 1.0
    labels: Annotated[list[str], listed(schema.text, MOST_TILES)] = field(default_factory=list)


@dataclass(frozen=True)
class Weights(Event):
    """What the weights of all layers are like: network/layer/weight → {shape, mean, std, low, high, counts}.

    `counts` is a histogram of equal bins from `low` to `high`, the least and the greatest weight.
    """

    type = "weights"
    step: int
    layers: Annotated[Mapping[str, Any], schema.weights]


@dataclass(frozen=True)
class Prediction(Event):
    """What a classifier makes of one example: its place in the data, its class, a probability for each class."""

    type = "prediction"
    step: int
    image: int
    truth: int
    probabilities: Annotated[list[float], schema.probabilities]


@dataclass(frozen=True)
class Answers(Event):
    """What a network makes of each of few points, or rows of a table: probabilities, or a number in deviations."""

    type = "answers"
    step: int
    probabilities: Annotated[list[list[float]], schema.answers]


@dataclass(frozen=True)
class Confusion(Event):
    """How validation examples were taken at a step: counts[true class][predicted class]."""

    type = "confusion"
    step: int
    counts: Annotated[list[list[int]], schema.confusion]


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
    value: Annotated[Any, schema.anything]
    step: int

    def fits_together(self) -> bool:
        """Points are drawn: they have a shape."""
        return self.name != "points" or schema.points(self.value)


@dataclass(frozen=True)
class Text(Event):
    """Words of a run's own about a step, under a tag."""

    type = "text"
    tag: str
    step: int
    text: Annotated[str, schema.paragraph]


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
    from_step: Annotated[int, schema.step_or_before]
    names: Annotated[list[str], listed(schema.text, MOST_METRICS)] = field(default_factory=list)
    """What alone goes back: metrics, tags of pictures, as others' logs have them; none where all does.

    These may go back to -1, before step 0, with which others begin.
    """

    def fits_together(self) -> bool:
        """Whether only what others count from 0 goes back to before that."""
        return self.from_step >= 0 or bool(self.names)


@dataclass(frozen=True)
class Usage(Event):
    """What the trainer uses: `cpu` in percent of one core, `memory` in bytes.

    `gpu`, where it trains on one and the driver says so, is what all programs use of that: `busy`, percent of the time
    or None, and bytes `used` of `memory`.
    """

    type = "usage"
    cpu: float
    memory: int
    gpu: Annotated[Mapping[str, Any], schema.gpu] = field(default_factory=dict)


@dataclass(frozen=True)
class Group(Event):
    """The workers that take the run's steps together, a row each; `run.group.Worker` says what is in a row."""

    type = "group"
    workers: Annotated[list[Mapping[str, Any]], group.workers]


EVENTS: dict[str, type[Event]] = {
    kind.type: kind
    for kind in (
        Started, State, Metrics, Epoch, Picture, Weights, Prediction, Answers, Confusion, Checkpoint, Setting, Alert,
        Resumed, Text, Usage, Group,
    )
}  # fmt: skip


@dataclass(frozen=True)
class Record:
    """An event with its place in the log."""

    seq: int
    time: float
    """Seconds since 1970."""
    event: Event
    clock: float | None = None
    """Seconds on a clock that nobody sets, which begins when the machine starts; None in logs of earlier versions."""


def to_line(record: Record) -> bytes:
    """One JSON object and a line end. Numbers that are not finite become null."""
    fields = {name.name: getattr(record.event, name.name) for name in dataclasses.fields(record.event)}  # type: ignore[arg-type]
    clock = {} if record.clock is None else {"clock": round(record.clock, 3)}
    head = {"seq": record.seq, "time": round(record.time, 3), **clock, "type": record.event.type}
    return orjson.dumps({**head, **fields}, option=orjson.OPT_SERIALIZE_NUMPY | orjson.OPT_APPEND_NEWLINE)


def from_line(line: bytes) -> Record:
    """The record in a line. Raises ValueError for anything that is not a whole, known record."""
    document = orjson.loads(line)
    if not isinstance(document, dict):
        raise ValueError("not an object")
    try:
        kind = EVENTS[document["type"]]
        event = _metrics(document) if kind is Metrics else kind(**schema.fields_of(_SHAPES[kind], document))
        seq, time, clock = document["seq"], document["time"], document.get("clock")
    except (TypeError, KeyError, RecursionError) as error:
        raise ValueError(f"an incomplete event, or one of an unknown type: {error}") from None
    if not event.fits_together():
        raise ValueError(f"{kind.type}: its fields do not go together")
    if not schema.whole(seq) or not schema.time(time) or not (clock is None or schema.time(clock)):
        raise ValueError("an event without its place or its time")
    return Record(seq, float(time), event, None if clock is None else float(clock))


def is_readable(event: Event) -> bool:
    """Whether a reader would take it: for who writes what others say."""
    try:
        from_line(to_line(Record(0, 0.0, event)))
    except (ValueError, TypeError):
        return False
    return True


def _metrics(document: dict[str, Any]) -> Metrics:
    """The hot path: millions of numbers, checked by functions that loop in C; only the names are strings."""
    steps, values = document["steps"], document["values"]
    if not (_rise(steps) and _are_measured(values)):
        raise ValueError("metrics: steps or values have the wrong shape, or are too large")
    return Metrics(steps, {_metric_name(name): series for name, series in values.items()})


@lru_cache(maxsize=1024)
def _metric_name(name: str) -> str:
    return harmless(name, LONGEST_METRIC_NAME)


_SHAPES = {kind: schema.shapes_of(kind) for kind in EVENTS.values()}
_rise, _are_measured = (shape.fits for shape in _SHAPES[Metrics].values())
