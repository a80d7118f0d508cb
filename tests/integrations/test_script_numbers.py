"""Numbers that scripts log: what becomes of values, names and steps, as a reader finds them."""

import math
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import gan_tui
from gan_tui.run.event_schema import MOST_METRICS
from gan_tui.run.events import Alert
from gan_tui.run.folder import RunFolder
from gan_tui.run.state import RunState
from scripts import events, until, whole


@pytest.fixture
def run() -> Iterator[gan_tui.Run]:
    run = gan_tui.Run("night")
    yield run
    run.close()


def told(run: gan_tui.Run) -> RunState:
    """What the run's log tells, once it has ended."""
    assert run.path is not None
    folder = RunFolder(run.path)
    run.close()
    return whole(folder)


def points(state: RunState, name: str) -> list[tuple[int, float]]:
    steps, values = state.series[name].after(0)
    return list(zip(steps.tolist(), values.tolist(), strict=True))


def said(state: RunState) -> list[str]:
    return [alert.text for alert in state.alerts]


def test_steps_count_themselves_or_are_given(run: gan_tui.Run) -> None:
    run.log(loss=4.0)
    run.log({"val/loss": 3.0}, loss=2.0)
    run.log(loss=1.0, step=10)
    run.log({"loss": 0.5})
    for step in run.steps(13, start=11):
        run.log(loss=0.25)
        run.log(accuracy=step / 100)
    state = told(run)
    assert points(state, "loss") == [(1, 4), (2, 2), (10, 1), (11, 0.5), (12, 0.25), (13, 0.25)]
    assert points(state, "val/loss") == [(2, 3)]
    assert [step for step, _ in points(state, "accuracy")] == [12, 13]
    assert (state.step, state.steps_total, said(state)) == (13, 13, [])


class Tensor:
    """As torch's on a device: what holds it may be written into by the next step."""

    def __init__(self, value: float, device: str = "cuda") -> None:
        self.value, self.device = [value], type("Device", (), {"type": device})()

    def numel(self) -> int:
        return 1

    def detach(self) -> "Tensor":
        return self

    def clone(self) -> "Tensor":
        return Tensor(self.value[0])

    def item(self) -> float:
        return self.value[0]


@pytest.mark.parametrize(
    "value",
    [0.5, np.float32(0.5), np.float64(0.5), np.array(0.5), np.array([[0.5]]), Tensor(0.5), Tensor(0.5, "cpu")],
    ids=lambda value: type(value).__name__,
)
def test_a_number_is_one_whoever_has_it_and_whatever_becomes_of_it(run: gan_tui.Run, value: Any) -> None:
    run.log(loss=value)
    if isinstance(value, np.ndarray):
        value[...] = 9
    if isinstance(value, Tensor):
        value.value[0] = 9.0
    assert points(told(run), "loss") == [(1, 0.5)]


@pytest.mark.parametrize(("value", "as_number"), [(True, 1.0), (False, 0.0), (3, 3.0), (np.int64(7), 7.0)])
def test_whole_numbers_and_truths_are_numbers(run: gan_tui.Run, value: Any, as_number: float) -> None:
    run.log(hits=value)
    assert points(told(run), "hits") == [(1, as_number)]


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf, 1e300, np.float32("nan"), 10**400])
def test_what_is_not_finite_is_a_gap(run: gan_tui.Run, value: Any) -> None:
    run.log(loss=0.5)
    run.log(loss=value)
    run.log(loss=0.25)
    state = told(run)
    first, gap, last = (number for _, number in points(state, "loss"))
    assert (first, last, math.isnan(gap)) == (0.5, 0.25, True)


@pytest.mark.parametrize(
    ("value", "what"),
    [
        (None, "is None, and no number"),
        ("0.5", "is text, and no number"),
        (1j, "is complex, and no number"),
        ([0.5], "is of the type list, and no number"),
        (object(), "is of the type object, and no number"),
        (np.zeros((2, 3)), "has 6 values at a step, and one is needed"),
        (np.zeros(0), "has 0 values at a step, and one is needed"),
    ],
)
def test_what_is_no_number_is_left_out_and_said_once(run: gan_tui.Run, value: Any, what: str) -> None:
    for step in range(1, 4):
        run.log(loss=0.5, mine=value)
        if step == 2:
            run.text("note", "what was logged is written now")
    state = told(run)
    assert points(state, "loss") == [(1, 0.5), (2, 0.5), (3, 0.5)]
    assert "mine" not in state.series
    assert [text.startswith(f"The metric mine {what}; it is left out") for text in said(state)] == [True]


def test_a_metric_that_is_a_number_now_and_then_has_those(run: gan_tui.Run) -> None:
    for value in (None, 0.5, "nothing", 0.25):
        run.log(loss=value)
    assert points(told(run), "loss") == [(2, 0.5), (4, 0.25)]


@pytest.mark.parametrize("written_meanwhile", [False, True])
def test_a_step_before_the_last_or_again_is_left_out_and_said_once(run: gan_tui.Run, written_meanwhile: bool) -> None:
    for step in (1, 2, 3):
        run.log(loss=float(step), step=step)
    if written_meanwhile:
        run.text("note", "so that it is written")
    for step in (3, 2, 3, 4):
        run.log(loss=-float(step), step=step)
    state = told(run)
    assert points(state, "loss") == [(1, 1), (2, 2), (3, 3), (4, -4)]
    assert [text.startswith("The metric loss was logged again for a step") for text in said(state)] == [True]


def test_metrics_may_have_steps_of_their_own(run: gan_tui.Run) -> None:
    """A loss at each step, and an epoch's accuracy at the number of the epoch."""
    for step in range(1, 101):
        run.log(loss=1 / step, step=step)
        if step % 50 == 0:
            run.text("note", "so that it is written")
            run.log(epoch_accuracy=step / 100, step=step // 50)
            run.text("note", "so that it is written")
    state = told(run)
    assert points(state, "epoch_accuracy") == [(1, 0.5), (2, 1.0)]
    assert (run.step, len(state.series["loss"].steps)) == (100, 100)
    assert said(state) == []


@pytest.mark.parametrize("step", [-1, 2.5, "three", None, 2**60, math.nan])
def test_a_step_that_is_none_is_said_and_the_number_kept(run: gan_tui.Run, step: Any) -> None:
    run.log(loss=0.5)
    run.log(loss=0.25, step=step)
    state = told(run)
    assert points(state, "loss") == [(1, 0.5), (2, 0.25)]
    assert len(said(state)) == (step is not None)


def test_steps_may_be_numpys(run: gan_tui.Run) -> None:
    run.log(loss=0.5, step=np.int64(3))  # type: ignore[arg-type]
    run.log(loss=0.25, step=4.0)  # type: ignore[arg-type]
    state = told(run)
    assert (points(state, "loss"), said(state)) == ([(3, 0.5), (4, 0.25)], [])


def test_too_many_names_cost_those_beyond_alone(run: gan_tui.Run) -> None:
    for step in (1, 2):
        run.log({f"m{number}": float(number) for number in range(MOST_METRICS + 44)}, step=step)
    state = told(run)
    assert list(state.series) == [f"m{number}" for number in range(MOST_METRICS)]
    assert points(state, "m255") == [(1, 255), (2, 255)]
    assert said(state) == ["There are more than 256 metrics: those after them are left out."]


def test_names_that_are_cut_stay_apart(run: gan_tui.Run) -> None:
    long, longer = "x" * 81, "x" * 300
    run.log({long: 1.0, longer: 2.0, "a b/c": 3.0, "loss\n\x1b[2J": 4.0, "": 5.0, 7: 6.0, "loss": 7.0})  # type: ignore[dict-item]
    state = told(run)
    values = {name: series.last for name, series in state.series.items()}
    assert values == {
        "x" * 79 + "…": 1.0, "x" * 77 + "…~2": 2.0, "a b/c": 3.0, "loss [2J": 4.0, "-": 5.0, "7": 6.0, "loss": 7.0,
    }  # fmt: skip
    assert all(text.startswith("The metric ") and " is called " in text for text in said(state))


def test_a_script_that_names_everything_anew_needs_no_more_memory_for_it(run: gan_tui.Run) -> None:
    for step in range(1, 3000):
        run.log({f"loss_{step}": 0.5})
    state = told(run)
    assert len(state.series) == MOST_METRICS
    assert len(said(state)) == 1


def test_what_is_logged_is_written_also_while_the_script_is_busy(run: gan_tui.Run) -> None:
    assert run.path is not None
    run.log(loss=0.5)
    run.log(loss=0.25)
    folder = RunFolder(run.path)
    until(lambda: "loss" in whole(folder).series and whole(folder).step == 2, 3)


def test_threads_may_log_at_once(run: gan_tui.Run) -> None:
    def log(name: str) -> None:
        for step in range(1, 2001):
            run.log({name: float(step)}, step=step)

    threads = [threading.Thread(target=log, args=(name,)) for name in ("a", "b", "c")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    state = told(run)
    for name in ("a", "b", "c"):
        assert points(state, name) == [(step, step) for step in range(1, 2001)]
    assert said(state) == []


def test_many_steps_at_once_are_those_steps(run: gan_tui.Run) -> None:
    run.log_many(range(1, 5), {"loss": np.array([4, 3, 2, 1], np.float32)})
    run.log_many([5, 7], {"loss": np.array([0.5, np.nan]), "rate": np.array([1e-3, 1e-4])})
    state = told(run)
    assert [step for step, _ in points(state, "loss")] == [1, 2, 3, 4, 5, 7]
    assert (run.step, state.step) == (7, 7)


def test_a_run_that_has_ended_takes_nothing_and_fails_nobody(run: gan_tui.Run, capsys: Any) -> None:
    assert run.path is not None
    folder = RunFolder(run.path)
    run.log(loss=0.5)
    run.close()
    for step in run.steps(3):
        run.log(loss=step)
        run.image("wall", np.zeros((2, 2)))
        run.histogram("kernel", np.zeros(3))
        run.text("note", "nothing")
        run.alert("nothing")
        run.obey()
    run.close("failed", "again")
    assert (whole(folder).state, whole(folder).step, run.path) == ("finished", 1, None)
    assert capsys.readouterr() == ("", "")


def test_alerts_are_said_as_often_as_the_script_says_them(run: gan_tui.Run) -> None:
    run.alert("Learning has stalled.")
    run.alert("Learning has stalled.")
    assert run.path is not None
    told_twice = [event for event in events(RunFolder(run.path), Alert) if isinstance(event, Alert)]
    assert [alert.text for alert in told_twice] == ["Learning has stalled."] * 2
    assert Path(run.path).is_dir()


def test_an_epochs_metrics_have_the_same_bounds_and_names(run: gan_tui.Run) -> None:
    long, longer = "x" * 81, "x" * 300
    run.log({long: 1.0, longer: 2.0}, step=1)
    run.text("note", "so that it is written")
    run.epoch(1, {longer: 4.0, long: 3.0, "mine": "text", "rate": None, **{f"m{number}": 0.0 for number in range(300)}})
    state = told(run)
    assert state.last_epoch is not None
    kept = state.last_epoch.values
    assert (kept["x" * 79 + "…"], kept["x" * 77 + "…~2"]) == (3, 4)
    assert len(kept) == MOST_METRICS - 2
    assert "There are more than 256 metrics: those after them are left out." in said(state)


def test_runs_in_a_folder_said_from_here_are_there_though_the_script_goes_elsewhere(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "elsewhere").mkdir()
    monkeypatch.setenv("GAN_TUI_RUNS", "own")
    monkeypatch.setattr("gan_tui.system.begun.folder", str(tmp_path))
    monkeypatch.chdir(tmp_path / "elsewhere")
    run = gan_tui.Run("night")
    assert run.path == tmp_path / "own" / "night"
    run.close()


def config_of(script: str, tmp_path: Path, seed: str) -> str:
    """How the configuration is kept of a script that is started with a seed for hashes."""
    (tmp_path / "config.py").write_text(script)
    env = os.environ | {"PYTHONHASHSEED": seed, "GAN_TUI_RUNS": str(tmp_path / seed)}
    subprocess.run([sys.executable, tmp_path / "config.py"], check=True, env=env, timeout=60)
    return (tmp_path / seed / "night" / "preset.toml").read_text().partition("[config]")[2]


@pytest.mark.slow
def test_the_same_configuration_is_kept_the_same_in_each_process(tmp_path: Path) -> None:
    script = """import dataclasses, gan_tui
@dataclasses.dataclass
class Net:
    units: int = 3
class Other:
    pass
config = {"loss": lambda x: x, "of": Net, "some": Other(), "net": Net(4)}
gan_tui.Run("night", config=config | {"words": {"one", "two", "three", "four"}}).close()
"""
    kept = config_of(script, tmp_path, "1")
    assert kept == config_of(script, tmp_path, "2")
    assert "<function <lambda>>" in kept and "units = 4" in kept and "__init__" not in kept
