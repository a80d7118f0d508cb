"""Sweeps on the list: how far each is, what was best, and its trainings."""

import shutil
from pathlib import Path

import orjson
import pytest

from gan_tui import presets
from gan_tui.sweep import rows as listed_rows
from gan_tui.sweep import sweep as sweeping
from gan_tui.sweep.folder import SweepFolder, find_or_make
from gan_tui.sweep.listed import sweeps
from gan_tui.sweep.result import Result, result_from

OLD = Path(__file__).parents[1] / "fixtures" / "old_runs" / "swept"


def _result(seed: int, accuracy: float, ended: str = "done", **more: object) -> Result:
    return Result(seed, None, 10, 40, ended, {"loss": 1 - accuracy, "accuracy": accuracy}, 0.5, **more)  # type: ignore[arg-type]


@pytest.fixture
def folder(tmp_path: Path) -> SweepFolder:
    swept = sweeping.made(presets.find("xor"), ["batch_size=2,4"], None, 2)
    return find_or_make(swept, tmp_path, None)


def test_a_sweep_says_how_far_it_is_and_which_training_was_best(folder: SweepFolder, tmp_path: Path) -> None:
    (listed,) = sweeps(tmp_path)
    assert (listed.name, listed.preset, listed.done, listed.total) == ("xor-1", "xor", 0, 4)
    assert listed.state == "interrupted"
    assert listed.best is None and listed.judged_by is None
    folder.append({"batch_size": 2}, _result(1, 0.75, judged_by="accuracy", course=(0.5, None, 0.75)))
    folder.append({"batch_size": 2}, _result(2, 1.0, "diverged"))
    folder.append({"batch_size": 4}, _result(1, 0.9))
    with folder.held():
        (listed,) = sweeps(tmp_path)
        assert listed.under_way and listed.state == "training"
    (listed,) = sweeps(tmp_path)
    assert listed.done == 3 and listed.best is not None and listed.best.words == "batch_size=4 seed=1"
    assert [training.words for training in listed.trainings][:2] == ["batch_size=2 seed=1", "batch_size=2 seed=2"]
    assert listed.trainings[0].result.course == (0.5, None, 0.75)
    folder.append({"batch_size": 4}, _result(2, 0.8))
    assert sweeps(tmp_path)[0].state == "finished"


def test_a_random_search_counts_what_it_drew(tmp_path: Path) -> None:
    swept = sweeping.made(presets.find("xor"), ["learning_rate=log:0.001..0.1"], None, 2, 5)
    find_or_make(swept, tmp_path, "drawn")
    assert [(each.name, each.total) for each in sweeps(tmp_path)] == [("drawn", 10)]


def test_sweeps_of_before_are_listed_without_courses(tmp_path: Path) -> None:
    shutil.copytree(OLD / "sweeps", tmp_path / "sweeps")
    (listed,) = sweeps(tmp_path)
    assert (listed.name, listed.done, listed.total, listed.state) == ("old", 4, 4, "finished")
    assert all(training.result.course == () for training in listed.trainings)
    assert listed.best is not None and listed.judged_by is not None and listed.judged_by.name == "accuracy"


def test_a_training_of_a_pair_is_no_better_than_another(folder: SweepFolder, tmp_path: Path) -> None:
    last = {"d_loss": 0.1, "d_accuracy": 0.9, "g_loss": 2.0, "g_accuracy": 0.1}
    folder.append({"batch_size": 2}, Result(1, None, 1, 1, "done", last, 0.5))
    (listed,) = sweeps(tmp_path)
    assert listed.judged_by is not None and listed.judged_by.name == "d_accuracy" and listed.best is None


def test_trainings_are_called_by_what_differs_among_them(folder: SweepFolder, tmp_path: Path) -> None:
    for seed, rate, data in ((1, 0.1, "my data.csv"), (1, 0.2, "my data.csv"), (2, 0.1, "my data.csv")):
        folder.append({"data": data, "learning_rate": rate}, _result(seed, 0.5))
    (listed,) = sweeps(tmp_path)
    assert list(listed_rows.names(listed).values()) == [
        "learning_rate=0.1 seed=1", "learning_rate=0.2 seed=1", "learning_rate=0.1 seed=2"
    ]  # fmt: skip
    assert listed.trainings[0].changed["data"] == "my data.csv", "a blank parts no value"


def test_what_is_no_sweep_or_damaged_costs_itself_alone(folder: SweepFolder, tmp_path: Path) -> None:
    (tmp_path / "sweeps" / "file").write_text("x")
    (tmp_path / "sweeps" / "empty").mkdir()
    broken = tmp_path / "sweeps" / "broken"
    broken.mkdir()
    (broken / "sweep.toml").write_text("repeats = [")
    (broken / "results.jsonl").write_bytes(b'\xff\n{"settings":3,"seed":1}\n')
    found = {each.name: (each.preset, each.total) for each in sweeps(tmp_path)}
    assert found == {"xor-1": ("xor", 4), "broken": ("", 0)}


@pytest.mark.parametrize("course", [[1.0] * 65, ["x"], [float("inf")], 3])
def test_a_course_that_is_none_makes_no_result(course: object) -> None:
    row = orjson.loads(orjson.dumps(_result(1, 0.5).__dict__))
    with pytest.raises((ValueError, TypeError)):
        result_from({**row, "course": course})
