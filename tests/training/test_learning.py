"""Optimizers, schedules, losses and metrics: what Keras computes, the same after a resume, shown as probabilities."""

import importlib
import io
import sys
from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest
import tensorflow as tf

from fitted import (
    BATCH,
    LAYERS,
    LOSSES,
    OPTIMIZERS,
    RATE,
    SCHEDULES,
    STEPS,
    Choice,
    apart,
    assert_goes_on_bit_for_bit,
    classifier,
    images,
    in_order,
    of_choices,
    of_xor,
)
from gan_tui.cli import came_to
from gan_tui.run import catalog
from gan_tui.run.events import Epoch, State
from gan_tui.run.pictures import Tiles
from gan_tui.run.state import RunState
from gan_tui.text import four_digits
from gan_tui.training.models import measures
from gan_tui.training.models.build import build_optimizer
from gan_tui.training.models.rates import rates
from gan_tui.training.tasks import task_of
from product import events_of
from training_tasks import assert_same_arrays, attempt, in_chunks, preset_with


@pytest.fixture
def metrics() -> Any:
    """Those of scikit-learn, for which nothing stands that training needs not: `training/environment.py`.

    They stay: SciPy cannot be loaded twice.
    """
    for name in ("matplotlib", "pandas", "scipy", "sklearn"):
        if sys.modules.get(name, 0) is None:
            del sys.modules[name]
    return importlib.import_module("sklearn.metrics")


COMBINATIONS = [
    (0, 5, 3, 1), (14, 3, 2, 3), (17, 0, 0, 2), (18, 0, 1, 1), (19, 0, 6, 0),
    pytest.param((8, 7, 4, 0), marks=pytest.mark.prove),
]  # fmt: skip
"""Of optimizer, schedule, loss and layers; `make numbers` draws twenty."""


@pytest.mark.parametrize("places", COMBINATIONS, ids=str)
def test_training_is_that_of_fit(places: tuple[int, ...], tmp_path: Path) -> None:
    optimizer, schedule, loss, layers = (
        of[place] for of, place in zip((OPTIMIZERS, SCHEDULES, LOSSES, LAYERS), places, strict=True)
    )
    weights, mean = apart(of_choices(tmp_path, optimizer, schedule, loss, layers), optimizer, schedule, loss[2])
    assert weights <= 1e-5 and mean <= 1e-5


@pytest.mark.parametrize("chosen", OPTIMIZERS, ids=lambda chosen: ",".join(map(str, chosen.settings.values())))
def test_what_an_optimizer_is_told_reaches_it(chosen: Choice) -> None:
    made = build_optimizer(preset_with("xor", **chosen.settings, learning_rate=RATE).settings)
    own, keras_has = made.get_config(), chosen.keras(RATE).get_config()
    del own["name"], keras_has["name"]
    assert own == keras_has


@pytest.mark.parametrize("chosen", SCHEDULES, ids=lambda chosen: ",".join(map(str, chosen.settings.values())))
def test_the_rate_of_each_step_is_exactly_that_of_keras_and_is_told(chosen: Choice) -> None:
    task = task_of(preset_with("xor", steps=STEPS, learning_rate=RATE, **chosen.settings))
    optimizer, of_keras = task.optimizers["optimizer"], keras.optimizers.SGD(chosen.keras())
    drawn = rates(task.preset.settings, np.arange(STEPS + 5), STEPS)
    for step in (0, 9, 10, 15, 19, 20, 40, 54):
        for one in (optimizer, of_keras):
            one.iterations.assign(step)
        assert float(optimizer.learning_rate) == float(of_keras.learning_rate), step
        assert drawn[step] == pytest.approx(float(of_keras.learning_rate), rel=1e-5, abs=1e-9), step


def test_rates_follow_updates_of_which_each_takes_several_batches() -> None:
    settings: dict[str, Any] = {"schedule": "cosine", "warmup_steps": 2, "accumulate": 3}
    task = task_of(preset_with("xor", steps=18, learning_rate=0.1, optimizer="sgd", **settings))
    told = in_chunks(task, 18, 5)[:, 2]
    down = [0.05 * (1 + np.cos(np.pi * done / 4)) for done in range(4)]
    np.testing.assert_allclose(told, np.repeat([0, 0.05, *down], 3), rtol=1e-6, atol=1e-9)
    weights = task.weights()
    in_chunks(task, 2, 2)
    assert_same_arrays(dict(enumerate(task.weights())), dict(enumerate(weights)))


def test_a_run_ends_with_the_moving_average_of_its_weights(tmp_path: Path) -> None:
    preset = preset_with("xor", steps=30, optimizer="sgd", learning_rate=0.5, ema=0.8)
    folder = catalog.create(preset.as_document(), "xor", tmp_path)
    task, _ = attempt(folder, preset)
    bare = task_of(preset_with("xor", steps=30, optimizer="sgd", learning_rate=0.5))
    average: list[np.ndarray] = []
    for _ in range(30):
        in_chunks(bare, 1, 1)
        now = bare.weights()
        average = [0.8 * a + 0.2 * w for a, w in zip(average, now, strict=True)] if average else now
    for ended, expected in zip(task.weights(), average, strict=True):
        np.testing.assert_allclose(ended, expected, atol=1e-5)
    last = events_of(folder, State)[-1]
    assert (last.state, last.reason) == ("finished", "all steps are done; the weights are their moving average")


def test_the_average_that_a_run_ends_with_is_validated_and_said(tmp_path: Path) -> None:
    preset = preset_with("shapes", epochs=1, ema=0.98, learning_rate=0.02, validation_split=0.2)
    folder = catalog.create(preset.as_document(), "shapes", tmp_path)
    task, _ = attempt(folder, preset)
    assert task.validation is not None
    for start, stop in task.validation.stretches():
        task.validation.run(start, stop)
    now, measured = task.validation.result(), events_of(folder, Epoch)[-1].values
    assert four_digits(now["val_loss"]) != four_digits(measured["val_loss"])
    of = f"validation loss {four_digits(now['val_loss'])}, validation accuracy {four_digits(now['val_accuracy'])}"
    assert events_of(folder, State)[-1].reason == f"all steps are done; the weights are their moving average ({of})"
    (said, *_) = came_to.sentences(folder, RunState().apply_all(folder.reader().read()), io.StringIO())
    assert f"Before they were averaged val_accuracy was {four_digits(measured['val_accuracy'])}" in said


def test_a_warm_up_goes_before_any_schedule_and_what_is_measured_has_it() -> None:
    settings: dict[str, Any] = {"schedule": "piecewise", "schedule_at": [3], "schedule_factors": [0.5]}
    task = task_of(preset_with("xor", steps=9, learning_rate=0.1, optimizer="sgd", warmup_steps=4, **settings))
    assert task.steps.metrics == ("loss", "accuracy", "learning_rate")
    told = in_chunks(task, 9, 4)[:, 2]
    np.testing.assert_allclose(told, [0, 0.025, 0.05, 0.075, 0.1, 0.1, 0.1, 0.05, 0.05], rtol=1e-6)
    optimizer = task.optimizers["optimizer"]
    for step, rate in enumerate(told):
        optimizer.iterations.assign(step)
        assert float(optimizer.learning_rate) == pytest.approx(rate, rel=1e-6)
    with pytest.raises(ValueError, match="follows a schedule; start a run with schedule=constant, warmup_steps=0 and"):
        task.learner.set_learning_rate(0.1)


@pytest.mark.parametrize("place", [5, 18])
def test_optimizers_schedules_and_losses_go_on_from_a_checkpoint_bit_for_bit(place: int) -> None:
    """Two of nineteen; `make numbers` goes through all of them."""
    assert_goes_on_bit_for_bit(of_xor(place))


SCORES = np.random.default_rng(3).dirichlet(np.ones(4), 200).round(2).astype(np.float32)
TRUTH = np.random.default_rng(4).integers(0, 3, 200)
"""Of the last class there is no example, and many are held for as likely as others."""


def test_measures_of_all_examples_are_exact(metrics: Any) -> None:
    there, answers = [0, 1, 2], SCORES.argmax(axis=1)
    by_class = {"labels": there, "average": "macro", "zero_division": 0}
    assert measures.precision(SCORES, TRUTH) == pytest.approx(metrics.precision_score(TRUTH, answers, **by_class))
    assert measures.recall(SCORES, TRUTH) == pytest.approx(metrics.recall_score(TRUTH, answers, **by_class))
    assert measures.f1(SCORES, TRUTH) == pytest.approx(metrics.f1_score(TRUTH, answers, **by_class))
    areas = [metrics.roc_auc_score(kind == TRUTH, SCORES[:, kind]) for kind in there]
    assert measures.auc(SCORES, TRUTH) == pytest.approx(np.mean(areas))
    of_keras = keras.metrics.sparse_top_k_categorical_accuracy(TRUTH, SCORES, 2)
    assert measures.top_k(SCORES, TRUTH, 2) == pytest.approx(float(np.mean(of_keras)))


def test_measures_of_a_single_class_are_numbers() -> None:
    same = np.zeros(5, np.intp)
    assert measures.auc(SCORES[:5], same) == 0.5
    assert all(np.isfinite(measure(SCORES[:5], same)) for measure in measures.OF_ALL.values())


@pytest.mark.parametrize(("classes", "end", "chosen"), [LOSSES[1], LOSSES[6]], ids=lambda value: str(value)[:60])
def test_whatever_a_network_gives_is_shown_as_probabilities(
    classes: int, end: str, chosen: Choice, tmp_path: Path, metrics: Any
) -> None:
    measured = ["accuracy", "f1", "auc"] + (["top_k"] if classes > 2 else [])
    units = 1 if chosen.settings["loss"].startswith("binary") else classes
    more = {**chosen.settings, "metrics": measured, "top_k": 2, "validation_split": 0.25, "class_weight": "balanced"}
    task = task_of(classifier(images(tmp_path, classes), LAYERS[0], units, end, learning_rate=0.01, **more))
    rows = in_chunks(task, 20, 20)
    held = task.dataset.validation
    task.validation.run(0, len(held))
    values, truth = task.validation.result(), task.validation.classes
    outputs = task.networks[0].predict(held.numbers(np.arange(len(held))), verbose=0)
    if end == "linear":
        outputs = (tf.sigmoid if units == 1 else tf.nn.softmax)(outputs).numpy()
    answers = (outputs[:, 0] > 0.5).astype(int) if units == 1 else outputs.argmax(axis=1)
    of_class = np.hstack([1 - outputs, outputs]) if units == 1 else outputs
    np.testing.assert_allclose(task.validation.probabilities, of_class, atol=1e-6)
    assert values["val_accuracy"] == pytest.approx((answers == truth).mean())
    assert values["val_f1"] == pytest.approx(metrics.f1_score(truth, answers, average="macro", zero_division=0))
    assert sorted(values) == sorted(["val_loss", *(f"val_{name}" for name in measured)])
    assert rows.shape == (20, 3 if classes > 2 else 2) and (rows[:, 1:] >= 0).all() and (rows[:, 1:] <= 1).all()
    assert rows[-5:, 1].mean() > rows[:5, 1].mean(), "what is counted as right is what is learnt"
    assert task.validation.confusion().sum() == len(held)


def test_a_surface_shows_both_classes_of_a_network_with_one_output() -> None:
    task = task_of(preset_with("plane", points="circle", loss="binary_crossentropy", hidden=(4,)))
    in_chunks(task, 2, 2)
    (tiles,) = task.snapshots[0].draw()
    assert isinstance(tiles, Tiles) and len(tiles.levels) == 2
    assert np.abs(tiles.levels.astype(int).sum(axis=0) - 65535).max() <= 1, "they add up to 1 everywhere"


@pytest.mark.prove
def test_half_precision_is_that_of_keras_and_goes_on_bit_for_bit(tmp_path: Path) -> None:
    more = {"precision": "mixed_float16", "optimizer": "adam", "steps": 12, "loss": "sparse_categorical_crossentropy"}
    task = task_of(classifier(images(tmp_path, 3), LAYERS[2], 3, "softmax", **more))
    network = task.networks[0]
    model = keras.models.clone_model(network)
    model.set_weights(network.get_weights())
    model.compile("adam", more["loss"], jit_compile=False)
    model.optimizer.learning_rate = RATE
    x, y = in_order(task, 12)
    told = model.fit(x, y, BATCH, 1, verbose=0, shuffle=False).history["loss"][0]
    rows = assert_goes_on_bit_for_bit(task)
    assert rows[:, 0].mean() == pytest.approx(told, rel=1e-3)
    assert [layer.compute_dtype for layer in network.layers] == ["float16"] * (len(network.layers) - 1) + ["float32"]
    assert {weight.dtype for weight in network.weights} == {"float32"}
    drawn = [item.kind for snapshot in task.snapshots for item in snapshot.draw() if isinstance(item, Tiles)]
    assert {"features", "kernels"} <= set(drawn), "everything can be looked at"
    assert keras.config.dtype_policy().name == "float32", "of whatever else is made"
