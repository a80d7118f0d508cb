"""Lines of text of runs that scripts made: any names, any number of metrics, some of them measured seldom."""

import io
import re
from pathlib import Path

import pytest

from gan_tui.cli.follow import PlainFollower
from gan_tui.run.events import Epoch, Event, Metrics, State
from gan_tui.text import width
from script_runs import curves, script_run


def lines_of(runs: Path, *events: Event, **started: object) -> list[str]:
    stream = io.StringIO()
    ticks = iter(range(0, 100_000, 10))
    PlainFollower(script_run(runs, *events, **started), stream, clock=lambda: next(ticks)).follow()
    return stream.getvalue().splitlines()


def test_as_many_metrics_as_have_room_are_columns_and_the_others_are_counted(runs: Path) -> None:
    names = [*(f"layer{n}/norm" for n in range(60)), "train/loss", "accuracy"]
    lines = lines_of(runs, curves(names, range(1, 50)))
    head = next(line for line in lines if line.split()[:1] == ["step"])
    assert head.split()[:4] == ["step", "epoch", "accuracy", "train/loss"], "what is most looked at comes first"
    assert len(head) <= 160
    shown = len(head.split()) - 3
    assert any(f"{62 - shown} metrics more" in line for line in lines)
    values = next(line for line in lines if line.split()[:1] == ["49"])
    assert len(values.split()) >= shown + 1 and len(values) <= 160


def test_what_is_measured_seldom_stands_only_where_it_was_measured(runs: Path) -> None:
    events = [Metrics([n], {"loss": [1 / n], **({"val_loss": [2.0]} if n % 3 == 0 else {})}) for n in range(1, 9)]
    lines = [line.split() for line in lines_of(runs, *events)]
    by_step = {line[0]: line[1:] for line in lines if line and re.fullmatch(r"\d", line[0])}
    assert [step for step, values in by_step.items() if "2.0000" in values] == ["3", "6"]


def test_a_run_of_unknown_length_tells_neither_a_whole_nor_a_time_left(runs: Path) -> None:
    text = "\n".join(lines_of(runs, curves(["loss"], range(1, 30)), Epoch(1, 29, {"val/loss": 0.5})))
    assert " of 0" not in text and "time left" not in text and "/1" not in text
    assert re.search(r"^ *29  .*0\.\d{4}", text, re.MULTILINE)


def test_an_epoch_of_many_metrics_is_one_line_that_has_room(runs: Path) -> None:
    lines = lines_of(runs, Epoch(1, 10, {f"layer{n}/loss": n / 7 for n in range(100)}))
    (line,) = (line for line in lines if line.startswith("epoch 1 done: layer0/loss 0.0000  layer1/loss 0.1429"))
    assert len(line) <= 160 and re.search(r"  and \d\d more$", line)


@pytest.mark.parametrize("name", ["gpu/mem MB", "损失", "e\u0301poque", "x" * 80])
def test_values_end_below_names_of_any_width(name: str, runs: Path) -> None:
    lines = lines_of(runs, Metrics([1], {name: [0.5]}), State("paused"))
    head, values = (next(line for line in lines if word in line) for word in ("steps/s", "0.5000"))
    at = values.index("0.5000") + 6
    assert width(head.partition("steps/s")[0].rstrip()) == at
