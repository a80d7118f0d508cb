"""The best of a run is of what it learnt: of whole epochs, and never of the luckiest batch."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from gan_tui import presets
from gan_tui.run import comparison
from gan_tui.run.events import Epoch, Metrics, Record, State
from gan_tui.run.folder import RunFolder
from gan_tui.run.results import of_state
from gan_tui.run.state import RunState
from recorded import held, started
from script_runs import script_run
from shell import said

LUCKY = [1.0, 0.0, 0.5, 0.5] * 10
"""Accuracies of single batches of a network that guesses; an epoch is four of them."""


def _run(runs: Path, values: list[float], per_epoch: int = 4, state: str = "finished", **more: int) -> RunFolder:
    preset = presets.find("xor")
    folder = presets.new_run(preset, runs)
    log = folder.writer()
    began = replace(started(preset), steps_per_epoch=per_epoch, steps_total=len(values), **more)
    log.write(began, State("training"), Metrics(list(range(1, len(values) + 1)), {"accuracy": values}))
    if state != "training":
        log.write(State(state, ""))
    log.close()
    return folder


@pytest.fixture
def runs(tmp_path: Path) -> Path:
    """One run that guesses, and one that learns a little."""
    _run(tmp_path / "runs", LUCKY)
    _run(tmp_path / "runs", [0.5, 0.5, 0.5, 0.5, 0.75, 0.75, 0.9, 0.6])
    return tmp_path / "runs"


def test_a_run_that_guesses_is_not_the_best_of_a_list(runs: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rows = json.loads(said(capsys, "runs", "--sort", "best", "--json")[1])
    told = [(row["name"], row["newest"], row["best"], row["best_step"]) for row in rows]
    assert told == [("xor-2", 0.75, 0.75, 8), ("xor-1", 0.5, 0.5, 4)]
    assert json.loads(said(capsys, "runs", "best>=0.76", "--json")[1]) == []
    assert json.loads(said(capsys, "runs", "accuracy>0.9", "--json")[1]) == []
    assert [row["name"] for row in json.loads(said(capsys, "runs", "accuracy>=0.75", "--json")[1])] == ["xor-2"]


def test_show_and_compare_tell_the_same(runs: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert "0.5000 accuracy at step 4 (mean of an epoch)" in said(capsys, "show", "xor-1")[1]
    one, other = json.loads(said(capsys, "compare", "xor-1", "xor-2", "--json")[1])["runs"]
    assert (one["metrics"]["accuracy"]["best"], other["metrics"]["accuracy"]["best"]) == (0.5, 0.75)
    members = [comparison.read(RunFolder(runs / name)) for name in ("xor-1", "xor-2")]
    (best,) = [row for row in comparison.result_rows(members) if row.name == "best accuracy"]
    assert best.best == 1


def test_who_waits_for_a_value_is_not_told_of_a_batch(runs: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert said(capsys, "wait", "xor-1", "--until", "accuracy>=0.9")[0] == 1
    assert said(capsys, "wait", "xor-2", "--until", "accuracy>=0.75")[:2] == (
        0, "xor-2: accuracy 0.75 at step 8, the mean of its epoch\n"
    )  # fmt: skip


def test_of_a_run_that_ends_within_its_first_epoch_all_its_steps_count(
    runs: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    short = _run(runs, [0.5, 1.0, 0.6], per_epoch=400)
    assert said(capsys, "wait", short.name, "--until", "accuracy>=0.9")[0] == 1
    assert said(capsys, "wait", short.name, "--until", "accuracy>=0.7")[0] == 0
    with held(_run(runs, [0.9, 1.0], per_epoch=400, state="training")):
        assert said(capsys, "wait", "xor-4", "--until", "accuracy>=0.9", "--timeout", "0")[0] == 124


def test_an_epoch_counts_by_its_examples() -> None:
    """As Keras's fit tells it: the last batch has 20 of 64."""
    began = replace(
        started(presets.find("xor")), steps_per_epoch=2, batch_size=64,
        dataset={"name": "", "origin": "", "train": 84, "validation": 0},
    )  # fmt: skip
    events = (began, Metrics([1, 2], {"accuracy": [1.0, 0.0]}))
    found = of_state(RunState().apply_all([Record(n, 10.0 + n, event) for n, event in enumerate(events, 1)]))
    assert found.best == pytest.approx(64 / 84)


def test_of_a_script_that_tells_no_epochs_the_best_is_of_a_part_of_its_course(runs: Path) -> None:
    values = [1.0, 0.0] * 160
    folder = script_run(runs, Metrics(list(range(1, 321)), {"accuracy": values}))
    found = comparison.read(folder).measured["accuracy"]
    assert (found.best, found.newest) == (0.5, 0.0)
    few = script_run(runs, Metrics([1, 2, 3], {"accuracy": [0.1, 0.9, 0.5]}))
    assert comparison.read(few).measured["accuracy"].best == 0.9, "so few may each be of a whole epoch"
    held_back = script_run(runs, Metrics(list(range(1, 321)), {"val/accuracy": values}))
    assert comparison.read(held_back).measured["val/accuracy"].best == 1.0


def test_an_epoch_of_which_training_began_in_the_middle_is_none() -> None:
    began = replace(started(presets.find("xor")), steps_per_epoch=4)
    events = (began, Metrics(list(range(4, 9)), {"accuracy": [1.0, 0.5, 0.5, 0.5, 0.5]}), Epoch(2, 8, {}))
    found = of_state(RunState().apply_all([Record(n, 10.0 + n, event) for n, event in enumerate(events, 1)]))
    assert (found.best, found.best_step) == (0.5, 8)
