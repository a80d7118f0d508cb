"""Events and commands survive their one JSON line, and a wrong line is refused whole."""

import dataclasses
import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Annotated, Any

import numpy as np
import orjson
import pytest

from gan_tui.run import event_schema
from gan_tui.run.commands import COMMANDS, Command, Reply
from gan_tui.run.events import (
    EVENTS,
    STATES,
    Alert,
    Answers,
    Checkpoint,
    Confusion,
    Epoch,
    Event,
    Group,
    Metrics,
    Picture,
    Prediction,
    Record,
    Resumed,
    Setting,
    Started,
    State,
    Text,
    Usage,
    Weights,
    from_line,
    to_line,
)
from gan_tui.run.metrics import LOSS
from recorded_groups import worker_row

STARTED = Started(
    preset="xor",
    title="XOR",
    task="plane",
    seed=42,
    networks={"classifier": [{"name": "dense", "kind": "Dense", "output_shape": [2], "parameters": 6, "trainable": 6}]},
    dataset={
        "name": "xor", "origin": "made by gan-tui", "train": 4, "validation": 0, "points": [[0.0, 1.0, 1.0]],
        "names": ["off", "on"],
    },
    devices=["CPU: 2 cores"],
    versions={"keras": "3.15.1"},
    steps_total=1000,
    steps_per_epoch=1,
    batch_size=4,
    metrics=[LOSS.with_references((0.69, "ln 2")).as_row()],
    settable=["learning_rate"],
)  # fmt: skip

LEARNING_RATE = Setting("learning_rate", 0.001, 50)

ALL: list[Event] = [
    STARTED,
    State("training"),
    State("failed", "The trainer was killed (SIGKILL)."),
    Metrics([1, 2, 3], {"d_loss": [0.5, 0.25, None], "g_loss": [1.0, 2.5, 3.0]}),
    Epoch(1, 100, {"loss": 0.25, "val_loss": None}),
    Picture("samples", 100, "samples/samples/000000100.png", "samples", [28, 28], 100, -1.0, 1.0, ["0", "1"]),
    Weights(
        100, {"g/dense/bias": {"shape": [3], "mean": 0.5, "std": 0.1, "low": 0.4, "high": 0.6, "counts": [1, 0, 2]}}
    ),
    Prediction(100, 7, 3, [0.25, 0.75]),
    Answers(100, [[0.25, 0.75], [0.5, 0.5]]),
    Confusion(100, [[5, 1], [0, 4]]),
    Checkpoint(100, "checkpoints/000000100", "asked"),
    LEARNING_RATE,
    Setting("points", [[0.5, 0.25, 1.0]], 50),
    Alert("non-finite", "loss became nan at step 3", 3),
    Resumed(100, ["loss"]),
    Text("notes/first", 100, "two lines\nof words"),
    Usage(98.5, 615_915_520, {"busy": 87.0, "used": 3_200_000_000, "memory": 79_600_000_000}),
    Group([worker_row(0), worker_row(1, state="lost", gpu=None, reducing=None, reason="killed")]),
]


def test_the_types_that_others_rely_on_are_there() -> None:
    assert {type(event) for event in ALL} == set(EVENTS.values())
    assert {kind for kind in Event.__subclasses__() if kind.__module__ == Event.__module__} == set(EVENTS.values())
    assert set(EVENTS) >= {
        "started", "state", "metrics", "epoch", "picture", "checkpoint", "setting", "alert", "resumed"
    }  # fmt: skip


@pytest.mark.parametrize("event", [*ALL, Metrics([4], {"loss": [2]}), Metrics([], {})], ids=lambda event: event.type)
def test_an_event_comes_back_from_its_line_as_it_was(event: Event) -> None:
    line = to_line(Record(7, 1_700_000_000.125, event))
    assert line.endswith(b"\n") and line.count(b"\n") == 1
    assert from_line(line) == Record(7, 1_700_000_000.125, event)
    document = orjson.loads(line)
    assert (document["seq"], document["type"]) == (7, event.type)


def test_only_what_has_a_name_goes_back_to_before_step_0() -> None:
    before = Record(0, 0.0, Resumed(-1, ["loss"]))
    assert from_line(to_line(before)) == before
    for wrong in (Resumed(-1), Resumed(-2, ["loss"])):
        with pytest.raises(ValueError, match=r"from_step has the wrong shape|do not go together"):
            from_line(to_line(Record(0, 0.0, wrong)))


def test_numbers_that_are_not_finite_become_null() -> None:
    rows = np.array([1.0, math.nan, math.inf, -math.inf], np.float32)
    line = to_line(Record(0, 0.0, Metrics([1, 2, 3, 4], {"loss": rows})))
    assert b'"loss":[1.0,null,null,null]' in line
    assert from_line(line).event.values["loss"] == [1.0, None, None, None]
    line = to_line(Record(0, 0.0, Epoch(1, 4, {"val_loss": math.nan})))
    assert from_line(line).event.values == {"val_loss": None}


def test_single_precision_stays_short_on_the_disk_and_exact() -> None:
    generator = np.random.default_rng(0)
    rows = np.concatenate(
        [
            np.array([0.1, 1 / 3, 1e-8, 3.4e38, 1e-45], np.float32),
            generator.standard_normal(1000).astype(np.float32),
        ]
    )
    line = to_line(Record(0, 0.0, Metrics(list(range(len(rows))), {"loss": rows})))
    assert b"[0.1,0.33333334,1e-8," in line
    back = np.array(from_line(line).event.values["loss"], np.float32)
    assert back.tobytes() == rows.tobytes()


def test_strings_are_harmless_once_they_are_read() -> None:
    attack = "a\x1b]52;c;aGk=\x07b\u202e"
    dirty = dataclasses.replace(
        STARTED,
        title=attack,
        versions={attack: attack},
        dataset={**STARTED.dataset, "origin": attack},
        devices=[attack],
    )
    for event in (dirty, Alert("k", attack, 1), Setting("x", {attack: [attack]}, 1), Metrics([1], {attack: [1.0]})):
        shown = repr(from_line(to_line(Record(0, 0.0, event))))
        assert "\\x" not in shown and "\\u202e" not in shown
        assert "a ]52;c;aGk= b" in shown


def line_with(event: Event, **changes: Any) -> bytes:
    document = orjson.loads(to_line(Record(1, 2.0, event)))
    for key, value in changes.items():
        if value is ...:
            del document[key]
        else:
            document[key] = value
    return orjson.dumps(document)


def no_events() -> list[bytes]:
    return [
        b"",
        b"\n",
        b"{",
        b"[]",
        b"null",
        b"7",
        b'"metrics"',
        b"\xff\xfe",
        b'{"type":"metrics"}',
        b'{"seq":1,"time":2.0,"type":"surprise"}',
        b'{"seq":1,"time":2.0,"type":["metrics"]}',
        b'{"seq":1,"time":2.0,"type":null}',
        b'{"seq":1,"time":1e999,"type":"resumed","from_step":1}',
        b'{"seq":1,"time":2.0,"type":"setting","name":"x","step":1,"value":' + b"[" * 1000 + b"]" * 1000 + b"}",
        line_with(ALL[1], seq=...),
        line_with(ALL[1], time=...),
        line_with(ALL[1], seq="one"),
        line_with(ALL[1], time=None),
        line_with(ALL[1], state="sleeping"),
        line_with(ALL[1], state=["training"]),
        line_with(ALL[1], reason=5),
        line_with(ALL[3], steps=1),
        line_with(ALL[3], steps=[1, 2]),
        line_with(ALL[3], steps=[1, 2, 2]),
        line_with(ALL[3], steps=[3, 2, 1]),
        line_with(ALL[3], steps=[1, 2, "3"]),
        line_with(ALL[3], steps=[-1, 2, 3]),
        line_with(ALL[3], steps=[1, 2, 1e300]),
        line_with(ALL[3], values=[1]),
        line_with(ALL[3], values={"loss": 1.0}),
        line_with(ALL[3], values={"loss": [1.0, 2.0]}),
        line_with(ALL[3], values={"loss": [1.0, 2.0, "3"]}),
        line_with(ALL[3], values={"loss": [1.0, 2.0, [3.0]]}),
        line_with(ALL[4], values={"val_loss": "low"}),
        line_with(ALL[4], values={"val_loss": [0.5]}),
        line_with(ALL[4], step=True),
        line_with(ALL[5], tile=[28, "28"]),
        line_with(ALL[5], step=1.5),
        line_with(ALL[5], low=None),
        line_with(STARTED, networks={"classifier": [{"name": "dense"}]}),
        line_with(STARTED, networks={"classifier": 3}),
        line_with(STARTED, networks={"a b": []}),
        line_with(STARTED, networks={"a": STARTED.networks["classifier"] * 2}),
        line_with(STARTED, networks={"a": [{**STARTED.networks["classifier"][0], "from": "input"}]}),
        line_with(STARTED, networks={"a": [{**STARTED.networks["classifier"][0], "from": ["dense"]}]}),
        line_with(STARTED, networks={"a": [{**STARTED.networks["classifier"][0], "from": [1]}]}),
        line_with(STARTED, dataset={"name": "xor"}),
        line_with(STARTED, dataset={**STARTED.dataset, "points": [[1, 2]]}),
        line_with(STARTED, devices=[1]),
        line_with(STARTED, steps_total=None),
        line_with(ALL[1], time="nan"),
        line_with(ALL[1], time=1e300),
        line_with(ALL[1], time=-1),
        line_with(ALL[1], seq=-1),
        line_with(ALL[3], values={str(number): [1.0] * 3 for number in range(1000)}),
        line_with(ALL[5], tile=[28] * 3),
        line_with(ALL[5], labels=["x"] * 200_000),
        line_with(STARTED, dataset={**STARTED.dataset, "points": [[0.5, 0.5, 0]] * 20_000}),
        line_with(STARTED, dataset={**STARTED.dataset, "points": [[1e300, 0.5, 0]]}),
        line_with(STARTED, dataset={**STARTED.dataset, "points": [[0.5, 0.5, -1]]}),
        line_with(STARTED, dataset={**STARTED.dataset, "names": ["x"] * 20_000}),
        line_with(STARTED, devices=["CPU"] * 10_000),
        line_with(STARTED, networks={str(number): [] for number in range(1000)}),
        line_with(STARTED, networks={"a": [{**STARTED.networks["classifier"][0], "output_shape": [1] * 1000}]}),
        line_with(Setting("points", [["a", "b", "c"]], 1)),
        line_with(Setting("points", [[0.5, 0.5, 0.5]], 1)),
        line_with(Confusion(1, [[1, 2]])),
        line_with(Confusion(1, [[1] * 2000] * 2000)),
        line_with(Prediction(1, 0, 0, [0.1] * 20_000)),
        line_with(Answers(1, [])),
        line_with(Answers(1, [[0.5], [0.5, 0.5]])),
    ]


def test_a_line_that_is_no_event_is_refused() -> None:
    for line in no_events():
        with pytest.raises(ValueError):
            pytest.fail(f"taken for an event: {from_line(line)!r:.300}")


# The shape of every field --------------------------------------------------------------------------------

OTHERS: dict[type, list[Any]] = {
    bool: [1, "x", 0.5, ["x"], {"x": 1}],
    str: [True, 1, 0.5, ["x"], {"x": "x"}],
    int: [True, "1", 0.5, -1, 2**53, 1e300, [1], {"x": 1}],
    float: ["1", [1.0], {"x": 1.0}],
    type(None): ["1", [1.0], {"x": 1.0}],
    list: [True, "x", 1, 0.5, {"x": 1}],
    dict: [True, "x", 1, 0.5, ["x"]],
}
"""What is of another JSON type, or too large, for a value of each Python type."""


def spoiled(value: Any) -> Iterator[Any]:
    """A value with one thing in it of another type, or with more in a list or a table than any may hold."""
    yield from OTHERS[type(value)]
    if isinstance(value, list):
        yield (value * 100_001)[:100_001]
        for place, item in enumerate(value):
            yield from ([*value[:place], wrong, *value[place + 1 :]] for wrong in spoiled(item))
    if isinstance(value, dict):
        yield {f"{name}{n}": item for name, item in value.items() for n in range(9000)}
        for name, item in value.items():
            yield from ({**value, name: wrong} for wrong in spoiled(item))


FIELDS = [(event, field) for event in ALL for field in dataclasses.fields(event)]  # type: ignore[arg-type]


@pytest.mark.slow
@pytest.mark.parametrize(("event", "field"), FIELDS, ids=[f"{event.type}-{field.name}" for event, field in FIELDS])
def test_a_field_of_another_type_or_too_large_is_refused(event: Event, field: "dataclasses.Field[Any]") -> None:
    if event == LEARNING_RATE and field.name == "value":
        return  # a setting's value may be anything, but for points: whoever reads it looks what it is
    for wrong in (None, *spoiled(orjson.loads(line_with(event))[field.name])):
        if isinstance(event, Resumed) and wrong == -1:
            continue  # before step 0
        line = line_with(event, **{field.name: wrong})
        with pytest.raises(ValueError):
            pytest.fail(f"taken for an event: {from_line(line)!r:.300}")


def test_a_field_that_is_missing_is_its_default_or_the_line_is_refused() -> None:
    for event, field in FIELDS:
        line = line_with(event, **{field.name: ...})
        if field.default is field.default_factory is dataclasses.MISSING:
            with pytest.raises(ValueError):
                pytest.fail(f"taken for an event: {from_line(line)!r:.300}")
        else:
            default = field.default_factory() if field.default is dataclasses.MISSING else field.default  # type: ignore[misc]
            assert from_line(line).event == dataclasses.replace(event, **{field.name: default}), field  # type: ignore[type-var]


def test_a_field_without_a_shape_cannot_be() -> None:
    @dataclass(frozen=True)
    class Mood(Event):
        type = "mood"
        step: int
        words: list[str]

    with pytest.raises(TypeError, match=r"Mood\.words has no shape"):
        event_schema.shapes_of(Mood)
    Mood.__dataclass_fields__["words"].type = Annotated[list[str], "in a person's words"]  # type: ignore[assignment]
    with pytest.raises(TypeError, match=r"Mood\.words has no shape"):
        event_schema.shapes_of(Mood)


def test_what_a_later_version_adds_to_an_event_is_passed_over() -> None:
    assert from_line(line_with(ALL[1], mood="good")).event == ALL[1]


def test_the_states_and_commands_are_the_contracts() -> None:
    assert STATES == ("starting", "training", "paused", "saving", "finished", "stopped", "failed")
    assert set(COMMANDS) >= {"pause", "resume", "step", "save", "stop"}


# Commands and answers ------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", COMMANDS)
def test_a_command_comes_back_from_its_line(name: str) -> None:
    command = Command(name, 12, 3)
    assert Command.from_line(command.to_line()) == command


@pytest.mark.parametrize(
    "line",
    [
        b"",
        b"pause",
        b"[]",
        b"{}",
        b'{"name":"dance"}',
        b'{"name":["pause"]}',
        b'{"name":"step","steps":0}',
        b'{"name":"step","steps":-1}',
        b'{"name":"step","steps":1.5}',
        b'{"name":"step","steps":true}',
        b'{"name":"step","steps":1000001}',
        b'{"name":"pause","id":"one"}',
        b'{"name":"pause","id":null}',
    ],
    ids=repr,
)
def test_a_line_that_is_no_command_is_refused(line: bytes) -> None:
    with pytest.raises(ValueError):
        Command.from_line(line)


def test_an_answer_comes_back_harmless_from_its_line() -> None:
    assert Reply.from_line(Reply(3, True, "paused at step 5", 5).to_line()) == Reply(3, True, "paused at step 5", 5)
    assert Reply.from_line(Reply(3, False, "a\x1b[2Jb", 5).to_line()).text == "a [2Jb"
    for line in (b"", b"[]", b"{}", b'{"id":1,"ok":true,"text":"x"}', b'{"id":null,"ok":true,"text":"x","step":1}'):
        with pytest.raises(ValueError):
            Reply.from_line(line)


# A clock that nobody sets ---------------------------------------------------------------------------------


def test_a_record_keeps_its_clock_beside_the_time_and_may_do_without() -> None:
    with_clock = Record(7, 1_700_000_000.125, State("training"), 5000.25)
    line = to_line(with_clock)
    assert orjson.loads(line)["time"] == 1_700_000_000.125
    assert from_line(line) == with_clock
    without = from_line(b'{"seq":7,"time":1700000000.125,"type":"state","state":"training"}')
    assert (without.time, without.clock) == (1_700_000_000.125, None)
    for wrong in (b'"5"', b"true", b"[]", b"-1e999"):
        with pytest.raises(ValueError):
            from_line(b'{"seq":7,"time":1.0,"clock":' + wrong + b',"type":"state","state":"training"}')
