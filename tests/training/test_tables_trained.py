"""Tables of one's own, trained: iris is told apart, a number is learnt, and a run goes on as if it never stopped."""

import json
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import keras
import numpy as np
import pytest

from gan_tui import presets
from gan_tui.errors import UserError
from gan_tui.presets import Preset
from gan_tui.run.events import Answers, Confusion, Epoch
from gan_tui.run.folder import RunFolder
from gan_tui.training.models.tables import TableDataset
from gan_tui.training.tasks import Task, load, task_of
from gan_tui.training.trainer import started
from product import events_of
from training_tasks import assert_same_arrays, attempt, newest_readable, preset_with, stop_at

pytestmark = pytest.mark.slow
IRIS = Path(__file__).parents[1] / "fixtures" / "tables" / "iris.csv"


def on_iris(runs: Path, **settings: object) -> Preset:
    table = runs / "iris.csv"
    shutil.copy(IRIS, table)
    small = {"hidden": (8,), "batch_size": 16, "validation_split": 0.2, "epochs": 60, "learning_rate": 0.02}
    return preset_with("plane", data=str(table), **{**small, **settings})


def fresh(tmp_path: Path, name: str) -> RunFolder:
    folder = tmp_path / "runs" / name
    folder.mkdir(parents=True)
    (folder / "preset.toml").write_text("")
    return RunFolder(folder)


def test_iris_is_told_apart(tmp_path: Path) -> None:
    preset = on_iris(tmp_path, patience=20, restore_best=True)
    folder = fresh(tmp_path, "iris")
    task, _ = attempt(folder, preset)
    assert isinstance(task.dataset, TableDataset) and task.dataset.validation is not None
    assert len(task.dataset.train) == 120 and len(task.dataset.validation) == 30
    assert np.bincount(task.dataset.validation.y.argmax(axis=1)).tolist() == [10, 10, 10], "a share of each class"
    assert task.validation is not None and task.validation.result()["val_accuracy"] >= 0.9  # of 30
    events = events_of(folder)
    assert [e for e in events if isinstance(e, Confusion)] and [e for e in events if isinstance(e, Epoch)]
    (told,) = {len(e.probabilities) for e in events if isinstance(e, Answers)}
    table = started(preset, task, []).dataset["table"]
    assert told == len(table["truth"]) == len(table["rows"]) == 30 and table["held_back"]
    _used_elsewhere(max(folder.checkpoints.iterdir()))


def _used_elsewhere(checkpoint: Path) -> None:
    """What was done to each column is enough to use the network without gan-tui."""
    says = json.loads((checkpoint / "columns.json").read_text())
    network = keras.saving.load_model(checkpoint / "classifier.keras")
    right = 0
    lines = IRIS.read_text().splitlines()[1:]
    for line in lines:
        *cells, species = line.split(",")
        x = [(float(cell) - c["mean"]) / c["deviation"] for cell, c in zip(cells, says["inputs"], strict=True)]
        answer = np.asarray(network(np.array([x], np.float32)))[0].argmax()
        right += says["label"]["classes"][answer] == species
    assert right / len(lines) >= 0.95


@pytest.mark.prove
def test_iris_is_told_apart_whatever_is_held_back(tmp_path: Path) -> None:
    """Accuracy on the 60 of each of six splits, on average: 0.95 at least."""
    found = []
    for seed in range(1, 7):
        task = task_of(on_iris(tmp_path, validation_split=0.4, seed=seed))
        task.steps.run(40 * task.steps.per_epoch)
        found.append(validated(task)["val_accuracy"])
    assert np.mean(found) >= 0.95


def validated(task: Task) -> dict[str, float]:
    assert task.validation is not None
    for start, stop in task.validation.stretches():
        task.validation.run(start, stop)
    return task.validation.result()


@pytest.mark.prove
def test_a_number_is_learnt_and_told_in_its_own_units(tmp_path: Path) -> None:
    """y = 1000 + 50 x1 - 30 x2 (+ 200 for red), to a line: a network without hidden layers gets all of it."""
    random = np.random.default_rng(1)
    x = random.normal(size=(200, 2)) * [3, 40] + [10, -5]
    red = random.integers(2, size=200)
    y = 1000 + 50 * x[:, 0] - 30 * x[:, 1] + 200 * red
    lines = [f"{a},{b},{['blue', 'red'][r]},{c}" for (a, b), r, c in zip(x.tolist(), red, y.tolist(), strict=True)]
    (tmp_path / "lines.csv").write_text("\n".join(["a,b,color,price", *lines]))
    preset = preset_with(
        "regression", data=str(tmp_path / "lines.csv"), hidden=(), learning_rate=0.02, epochs=150, patience=0
    )
    task, _ = attempt(fresh(tmp_path, "lines"), preset)
    assert task.validation is not None
    result = task.validation.result()
    assert result["val_r2"] > 0.9999 and result["val_mae"] < 0.01 * y.std()
    begins = task_of(preset)
    table = started(preset, begins, []).dataset["table"]
    inputs = begins.dataset.validation.numbers(np.arange(50))
    answered = np.asarray(begins.networks[0](inputs), np.float64)[:, 0] * table["deviation"] + table["mean"]
    off = np.abs(answered - table["truth"]).mean()
    assert off > 0.1 * y.std() and validated(begins)["val_mae"] == pytest.approx(off, rel=1e-4)
    row = dict(zip(task.steps.metrics, task.steps.run(1)[0].tolist(), strict=True))
    assert row["mae"] < 0.01 * y.std() and row["r2"] == pytest.approx(1 - row["loss"])


def test_numbers_held_back_that_are_all_the_same_have_no_r2(tmp_path: Path) -> None:
    (tmp_path / "flat.csv").write_text("\n".join(["x,y", *(f"{n},7" for n in range(59)), "59,8"]))
    task = task_of(preset_with("regression", data=str(tmp_path / "flat.csv"), hidden=(), validation_split=0.1))
    result = validated(task)
    assert "val_r2" not in result and result["val_mae"] > 0
    assert "the 6 rows held back all have the same y, so R² says nothing of them" in " ".join(task.dataset.notes)


def test_the_bundled_regression_learns_all_but_the_noise() -> None:
    task = task_of(preset_with("regression", epochs=100))
    task.steps.run(task.steps.per_epoch * 100)
    result = validated(task)
    assert 0.7 < result["val_mae"] < 1.0 and result["val_r2"] > 0.93


# Going on ------------------------------------------------------------------------------


@pytest.mark.parametrize("name", [pytest.param("plane", marks=pytest.mark.prove), "regression"])
def test_a_run_on_a_table_goes_on_to_the_bit(tmp_path: Path, name: str) -> None:
    preset = on_iris(tmp_path, epochs=7, patience=5, restore_best=True)
    if name == "regression":
        same = {key: preset.settings[key] for key in ("data", "hidden", "batch_size", "epochs", "validation_split")}
        preset = preset_with("regression", label="petal width (cm)", patience=5, restore_best=True, **same)
    whole, parts = fresh(tmp_path, "whole"), fresh(tmp_path, "parts")
    attempt(whole, preset)
    attempt(parts, preset, stop_at(29))
    attempt(parts, preset)
    step, arrays, _ = newest_readable(whole.checkpoints)
    other, others, _ = newest_readable(parts.checkpoints)
    assert step == other
    assert_same_arrays(arrays, others)


def _scaled(text: str) -> str:
    """A column in millimetres: the same to a network, not to who reads its columns."""
    head, *lines = text.splitlines()
    cells = [line.split(",") for line in lines]
    return "\n".join([head, *(",".join([f"{float(row[0]) * 10:g}", *row[1:]]) for row in cells)])


def _backwards(text: str) -> str:
    head, *lines = text.splitlines()
    return "\n".join([head, *lines[::-1]])


CHANGED: dict[str, tuple[Callable[[str], str], str]] = {
    "a number": (lambda text: text.replace("5.1,3.5", "5.2,3.5", 1), "iris.csv, some of them changed); restore them"),
    "a unit": (_scaled, "was trained on other data (120 examples, "),
    "the order": (_backwards, "iris.csv, the same ones in another order or split); restore them"),
    "a row less": (lambda text: text.rstrip().rpartition("\n")[0], "was trained on other data"),
    "a column's name": (
        lambda text: text.replace("petal width (cm)", "width", 1),
        'what it learns from is "width", and was "petal width (cm)"; restore it, or start another run.',
    ),
    "a column less": (
        lambda text: "\n".join(line.partition(",")[2] for line in text.splitlines()),
        'what it learns from is "sepal width (cm)", and was "sepal length (cm)"; restore it',
    ),
    "a class's name": (
        lambda text: text.replace("virginica", "virgin"), 'what it has the classes is "virgin", and was "virginica"'
    ),
}  # fmt: skip


@pytest.fixture(scope="module")
def stopped(tmp_path_factory: pytest.TempPathFactory) -> tuple[RunFolder, Preset]:
    """A run on iris that was stopped, and its preset as it would be read."""
    folder = tmp_path_factory.mktemp("stopped")
    preset = on_iris(folder, epochs=4)
    run = fresh(folder, "iris")
    attempt(run, preset, stop_at(9))
    return run, presets.from_document(preset.as_document(), preset.name, begun=True)


@pytest.mark.parametrize(("change", "said"), CHANGED.values(), ids=CHANGED)
def test_a_changed_table_is_refused_by_name(
    stopped: tuple[RunFolder, Preset], change: Callable[[str], str], said: str
) -> None:
    run, preset = stopped
    table = Path(preset.settings["data"])
    table.write_text(change(IRIS.read_text()))
    with pytest.raises(UserError) as error:
        attempt(run, preset)
    assert said in str(error.value) and str(table) in str(error.value)


def test_a_table_that_is_gone_or_back_again(stopped: tuple[RunFolder, Preset]) -> None:
    run, preset = stopped
    table = Path(preset.settings["data"])
    table.unlink()
    assert preset.networks[0].input == (4,), "a run is shown without its table"
    with pytest.raises(UserError, match=r"The data of this run are not at .*iris.csv any more"):
        load(preset)
    shutil.copy(IRIS, table)
    task, _ = attempt(run, preset)
    assert task.steps_total == newest_readable(run.checkpoints)[0]


# As good as others ------------------------------------------------------------------------------


_DIABETES = """
from sklearn.datasets import load_diabetes
known = load_diabetes(scaled=False)
print(",".join([*known.feature_names, "progression"]))
for row, y in zip(known.data, known.target):
    print(",".join(f"{value:g}" for value in (*row, y)))
"""
"""In a process of its own: training keeps Keras from loading scikit-learn."""


@pytest.mark.prove
def test_regression_is_as_good_as_ridge_on_diabetes(tmp_path: Path) -> None:
    """Ridge by its closed form, on the same split, its penalty the best of several: R² within 0.02 of it, or better."""
    table = subprocess.run([sys.executable, "-c", _DIABETES], capture_output=True, text=True, check=False)
    if table.returncode:
        pytest.skip("pip install scikit-learn, for its diabetes data")
    (tmp_path / "diabetes.csv").write_text(table.stdout)
    preset = preset_with("regression", data=str(tmp_path / "diabetes.csv"))
    task, _ = attempt(fresh(tmp_path, "diabetes"), preset)
    assert task.validation is not None and task.dataset.validation is not None
    train, held = task.dataset.train, task.dataset.validation
    best = max(_ridge_r2((train.x, train.y), (held.x, held.y), penalty) for penalty in (0.1, 1, 3, 10, 30, 100))
    assert task.validation.result()["val_r2"] >= best - 0.02


def _ridge_r2(train: tuple[np.ndarray, np.ndarray], held: tuple[np.ndarray, np.ndarray], penalty: float) -> float:
    (x, y), (x2, y2) = ((a.astype(float), b.astype(float)[:, 0]) for a, b in (train, held))
    slopes = np.linalg.solve(x.T @ x + penalty * np.eye(x.shape[1]), x.T @ (y - y.mean()))
    return 1 - ((x2 @ slopes + y.mean() - y2) ** 2).sum() / ((y2 - y2.mean()) ** 2).sum()
