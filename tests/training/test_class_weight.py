"""Classes of which there are few examples count more, as Keras's `class_weight` has it, and it is said how much."""

from pathlib import Path

import keras
import numpy as np
import pytest

from gan_tui import presets
from gan_tui.presets import Preset
from gan_tui.training.models import class_weights
from gan_tui.training.models.examples import Examples
from gan_tui.training.tasks import task_of
from training_tasks import assert_same_arrays, in_chunks, preset_with

COUNTS = (60, 30, 6)


@pytest.fixture
def uneven(tmp_path: Path) -> Path:
    labels = np.repeat(np.arange(3), COUNTS)
    images = np.random.default_rng(0).integers(0, 256, (96, 8, 8, 3), np.uint8)
    np.savez(tmp_path / "uneven.npz", images=images, labels=labels)
    return tmp_path / "uneven.npz"


def shapes(data: Path, **settings: object) -> Preset:
    return preset_with("shapes", data=str(data), validation_split=0.0, **settings)


@pytest.mark.parametrize(
    "loss", ["sparse_categorical_crossentropy", pytest.param("categorical_crossentropy", marks=pytest.mark.prove)]
)
def test_steps_are_those_of_fit_with_these_weights(loss: str, uneven: Path) -> None:
    weighted = task_of(shapes(uneven, loss=loss, class_weight="balanced", batch_size=96, optimizer="sgd"))
    train = weighted.dataset.train
    model = keras.models.clone_model(weighted.networks[0])
    model.set_weights(weighted.networks[0].get_weights())
    model.compile(keras.optimizers.SGD(0.005), loss, metrics=["accuracy"], jit_compile=False)
    by_hand = {n: 96 / (3 * count) for n, count in enumerate(COUNTS)}
    history = model.fit(
        train.numbers(np.arange(96)), train.y, 96, 3, verbose=0, shuffle=False, class_weight=by_hand
    ).history
    rows = in_chunks(weighted, 3, 3)
    np.testing.assert_allclose(rows[:, 0], history["loss"], rtol=1e-5)
    np.testing.assert_allclose(rows[:, 1], history["accuracy"], rtol=1e-5)


def test_validation_weighs_nothing(uneven: Path) -> None:
    """Before a first step both have the same weights."""
    even, weighted = (
        task_of(shapes(uneven).with_settings({"validation_split": 0.25, "class_weight": word}))
        for word in ("none", "balanced")
    )
    assert_same_arrays(even.arrays(), weighted.arrays())
    for task in (even, weighted):
        task.validation.run(0, 24)
    assert even.validation.result() == weighted.validation.result()


def test_how_much_each_class_counts_is_said(uneven: Path) -> None:
    notes = task_of(shapes(uneven, class_weight="balanced")).dataset.notes
    assert notes[-1] == (
        "class_weight makes an example count 0.533 × for 0, 1.07 × for 1, 5.33 × for 2 in the loss of training"
    )
    many = class_weights.balanced(Examples(np.zeros(14), np.repeat(np.arange(12), [3] + [1] * 11)), 13)
    assert many[12] == 0, "of which there is no example"
    assert class_weights.in_words(many[:12], [f"kind {n}" for n in range(12)]) == (
        "class_weight makes an example count 0.389 × for kind 0 to 1.17 × for kind 11 in the loss of training"
    )


def test_the_tape_engine_is_refused_them() -> None:
    with pytest.raises(ValueError, match=r'^class_weight: the tape engine needs class_weight = "none"$'):
        presets.find("conv10-tape").with_settings({"class_weight": "balanced"})
