"""An autoencoder trains as `fit` trains it on images that are their own targets, resumes to the bit, shows both."""

from pathlib import Path

import keras
import numpy as np
import pytest

from gan_tui import presets
from gan_tui.presets import Preset
from gan_tui.run import pictures
from gan_tui.run.events import Picture, Weights
from product import events_of, state_of
from training_tasks import assert_same_arrays, attempt, in_chunks, last_checkpoint, preset_with, stop_at, task_of


def small(folder: Path, **settings: object) -> Preset:
    return preset_with("autoencoder", **{"data_folder": str(folder), "batch_size": 16, **settings})


def test_steps_and_validation_are_those_of_keras(few_images: Path) -> None:
    task = task_of(small(few_images, optimizer="sgd", learning_rate=0.1, batch_size=108))
    (model,), train, held = task.networks, task.dataset.train, task.dataset.validation
    assert held is not None and task.validation is not None and (len(train), len(held)) == (108, 12)
    x, others = (part.numbers(np.arange(len(part))) for part in (train, held))
    other = keras.models.clone_model(model)
    other.set_weights(model.get_weights())
    other.compile(keras.optimizers.SGD(0.1), "mse", jit_compile=False)
    expected = [other.train_on_batch(x, x) for _ in range(3)]
    np.testing.assert_allclose(in_chunks(task, 3, 3)[:, 0], expected, rtol=1e-5)
    task.validation.run(0, 12)
    np.testing.assert_allclose(
        task.validation.result()["val_loss"], np.square(other.predict(others) - others).mean(), 1e-5
    )


@pytest.mark.prove
def test_a_run_that_was_stopped_is_the_run_that_was_not_and_shows_pictures_above_what_becomes_of_them(
    few_images: Path, tmp_path: Path
) -> None:
    preset = small(few_images, epochs=3, augment=["flip"], restore_best=True)
    whole, parted = presets.new_run(preset, tmp_path, "whole"), presets.new_run(preset, tmp_path, "parted")
    task, _ = attempt(whole, preset)
    attempt(parted, presets.of_run(parted), stop_at(5))
    attempt(parted, presets.of_run(parted))
    assert_same_arrays(last_checkpoint(whole), last_checkpoint(parted))
    state = state_of(whole)
    assert state.state == "finished" and list(state.series) == ["loss", "val_loss"]
    drawn = [event for event in events_of(whole, Picture) if event.tag == "reconstructions"]
    assert [event.tile for event in drawn] == [[56, 28]] * len(drawn)
    first, last = (pictures.read(whole, event).levels for event in (drawn[0], drawn[-1]))
    assert task.dataset.validation is not None
    np.testing.assert_array_equal(first[:, :28], last[:, :28], "the same pictures each time")
    np.testing.assert_array_equal(last[:, :28], task.dataset.validation.inputs(np.arange(12)))
    assert (first[:, 28:] != last[:, 28:]).any()
    tags = {event.tag for event in events_of(whole, Picture)}
    assert {"kernels-conv2d", "augmented"} <= tags and list(events_of(whole, Weights))
