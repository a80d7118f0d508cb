"""The compiled steps: nothing depends on how many go into one call, and each is what Keras itself would do."""

from itertools import chain
from pathlib import Path

import keras
import numpy as np
import pytest
import tensorflow as tf

from gan_tui import presets
from gan_tui.presets import Preset
from gan_tui.run.events import Epoch
from gan_tui.training.models.compiled_classifier import CompiledClassifier
from gan_tui.training.models.validation import ClassifierValidation
from gan_tui.training.tasks import Task, load
from product import events_of
from training_tasks import (
    assert_same_arrays,
    attempt,
    in_chunks,
    positions_seen,
    preset_with,
    small_cnn,
    small_gan,
    task_of,
    without_dropout,
)

STEPS = 50


def presets_to_chunk(folder: Path) -> dict[str, Preset]:
    return {
        "xor": preset_with("xor"),
        "xor in two batches": preset_with("xor", batch_size=3, optimizer="adam"),
        "cnn": small_cnn(folder),
        "gan": preset_with("gan", batch_size=16, data_folder=str(folder)),
        "dcgan": small_gan(folder),
    }


@pytest.mark.parametrize(
    ("name", "steps"),
    [
        pytest.param("xor", 50, marks=pytest.mark.prove),
        ("xor in two batches", 50),
        ("cnn", 50),
        pytest.param("gan", 22, marks=pytest.mark.prove),
        pytest.param("dcgan", 22, marks=pytest.mark.prove),
    ],
)
def test_chunks_of_1_7_and_all_steps_give_the_same_bits(name: str, steps: int, few_images: Path) -> None:
    preset = presets_to_chunk(few_images)[name]
    task, results = task_of(preset), []
    for k in (1, 7, steps):
        task.restart(preset)  # it is compiled once: that takes most of the time
        rows = in_chunks(task, steps, k)
        assert rows.shape == (steps, len(task.steps.metrics))
        results.append((rows, task.arrays()))
    (rows, arrays), *others = results
    assert np.isfinite(rows).all()
    assert len(np.unique(rows[:, 0])) > steps // 2, "it trains"
    for other_rows, other_arrays in others:
        assert rows.tobytes() == other_rows.tobytes()
        assert_same_arrays(arrays, other_arrays)


def test_another_seed_gives_another_run(few_images: Path) -> None:
    task = task_of(small_cnn(few_images, seed=1))
    runs = [in_chunks(task, 5, 5)]
    for seed in (2, 1):
        task.restart(small_cnn(few_images, seed=seed))
        runs.append(in_chunks(task, 5, 5))
    assert runs[0].tobytes() == runs[2].tobytes() != runs[1].tobytes()


# Data order ----------------------------------------------------------------------------------------------


def test_an_epoch_sees_every_example_once_and_the_next_in_another_order(few_images: Path) -> None:
    task = task_of(small_cnn(few_images))  # 96 for training, 16 a batch
    batches = positions_seen(task, 12)
    assert [len(batch) for batch in batches] == [16] * 12
    first, second = [*chain(*batches[:6])], [*chain(*batches[6:])]
    assert sorted(first) == sorted(second) == list(range(96))
    assert first != second


def test_the_last_batch_is_short_for_a_classifier_and_left_out_for_a_pair(few_images: Path) -> None:
    assert [len(batch) for batch in positions_seen(task_of(small_cnn(few_images, batch_size=36)), 4)] == [
        36,
        36,
        24,
        36,
    ]
    pair = task_of(preset_with("gan", batch_size=50, data_folder=str(few_images)))
    assert [len(batch) for batch in positions_seen(pair, 3)] == [50, 50, 50]
    assert pair.steps.per_epoch == 2


def test_going_to_a_step_gives_the_order_that_a_run_has_there(few_images: Path) -> None:
    task = task_of(small_cnn(few_images, batch_size=40))
    whole = positions_seen(task, 9)
    for step in (0, 1, 3, 4, 8):
        task.steps.go_to(step)
        assert positions_seen(task, 9 - step) == whole[step:]


def test_classes_that_no_point_has_are_told(tmp_path: Path) -> None:
    file, told = tmp_path / "points.csv", []
    for content in ("0,0,1\n1,1,2\n0,1,4\n", "0,0,1\n1,1,0\n"):
        file.write_text(content)
        told.append(load(preset_with("plane", points=str(file))).notes)
    assert told == [("classes are counted from 0, and no point has 0 or 3",), ()]


def test_classes_that_no_image_is_of_are_told_where_they_are_learnt(tmp_path: Path) -> None:
    images, labels = np.zeros((40, 28, 28), np.uint8), np.arange(40) % 8 + 1
    for name in ("mnist", "fashion_mnist"):
        np.savez(tmp_path / f"{name}.npz", x_train=images, y_train=labels)
    told = [load(preset_with(name, data_folder=str(tmp_path), batch_size=8)).notes for name in ("fashion-cnn", "gan")]
    assert told == [("classes are counted from 0, and no image is of 0 or 9",), ()]


def test_training_and_validation_share_no_example_and_leave_none_out(few_images: Path) -> None:
    task = task_of(small_cnn(few_images))
    train, validation = task.dataset.train, task.dataset.validation
    assert validation is not None and (len(train), len(validation)) == (96, 24)
    every = {image.tobytes() for image in np.load(few_images / "fashion-mnist.npz")["x_train"]}
    parts = [{image.tobytes() for image in examples.x} for examples in (train, validation)]
    assert parts[0] | parts[1] == every and not parts[0] & parts[1]


# Agreement with Keras ------------------------------------------------------------------------------------


def keras_losses(task: Task, model: keras.Model, steps: int) -> np.ndarray:
    """The losses of the model's own `train_on_batch` over the order that a task sees."""
    examples = task.dataset.train
    x = examples.x.astype(np.float32) * examples.scale + examples.offset
    task.steps.go_to(0)
    losses = []
    for batch in positions_seen(task, steps):
        model.reset_metrics()
        losses.append(float(model.train_on_batch(x[batch], examples.y[batch], return_dict=True)["loss"]))
    return np.array(losses)


@pytest.mark.parametrize("name", ["xor", "fashion-cnn"])
def test_the_first_50_losses_are_those_of_train_on_batch(name: str, few_images: Path) -> None:
    preset = preset_with(name) if name == "xor" else preset_with(name, batch_size=32, data_folder=str(few_images))
    preset = without_dropout(preset)
    task, model = task_of(preset), CompiledClassifier(preset).model
    model.set_weights(task.networks[0].get_weights())
    ours = in_chunks(task, STEPS, 7)[:, 0]
    np.testing.assert_allclose(ours, keras_losses(task, model, STEPS), rtol=1e-4)
    assert ours[-1] < ours[0]


def test_the_means_of_an_epoch_with_a_smaller_last_batch_are_those_of_fit(few_images: Path, tmp_path: Path) -> None:
    preset = without_dropout(small_cnn(few_images, batch_size=36, epochs=1, validation_split=0.2))
    folder = presets.new_run(preset, tmp_path)
    attempt(folder, preset)
    (told,) = events_of(folder, Epoch)

    task, model = task_of(preset), CompiledClassifier(preset).model
    model.set_weights(task.networks[0].get_weights())
    order = [*chain(*positions_seen(task, 3))]
    examples = task.dataset.train
    x = examples.numbers(np.array(order))
    fitted = model.fit(x, examples.y[order], batch_size=36, shuffle=False, verbose=0).history
    for name in ("loss", "accuracy"):
        assert told.values[name] == pytest.approx(fitted[name][0], rel=1e-4), name


def test_a_rows_metrics_are_its_own_steps_and_no_running_mean(few_images: Path) -> None:
    preset = small_cnn(few_images, metrics=["accuracy", "mae"], loss="categorical_crossentropy")
    task = task_of(without_dropout(preset))
    assert task.steps.metrics == ("loss", "accuracy", "mae")
    examples = task.dataset.train
    x, y = examples.x.astype(np.float32) / 255, examples.y
    for _ in range(3):
        batch = positions_seen(task, 1)[0]
        task.steps.done.assign_sub(1)
        answers = task.networks[0](x[batch], training=False).numpy().astype(np.float64)
        loss, accuracy, mae = task.steps.run(1)[0]
        assert loss == pytest.approx(-np.log(answers[y[batch] == 1]).mean(), rel=1e-4)
        assert accuracy == pytest.approx((answers.argmax(1) == y[batch].argmax(1)).mean(), abs=1e-6)
        assert mae == pytest.approx(np.abs(answers - y[batch]).mean(), rel=1e-4)


def test_images_are_in_the_range_that_the_preset_asks_for(few_images: Path) -> None:
    for low, high in ((0.0, 1.0), (-1.0, 1.0)):
        task = task_of(preset_with("gan", image_range=[low, high], data_folder=str(few_images), batch_size=16))
        batch, _ = task.steps._feed.batch(tf.range(len(task.dataset.train)))
        assert float(tf.reduce_min(batch)) == pytest.approx(low, abs=1e-6)
        assert float(tf.reduce_max(batch)) == pytest.approx(high, abs=1e-6)


@pytest.mark.prove
def test_validation_in_stretches_is_evaluate(few_images: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    task = task_of(small_cnn(few_images))
    in_chunks(task, 6, 6)
    held = task.dataset.validation
    assert held is not None
    validation = ClassifierValidation(task.learner, held, ("loss", "accuracy"))
    monkeypatch.setattr("gan_tui.training.models.validation.STRETCH", 10)  # several stretches, the last one short
    for start, stop in validation.stretches():
        validation.run(start, stop)
    ours = validation.result()
    x = held.x.astype(np.float32) / 255
    theirs = task.networks[0].evaluate(x, held.y, batch_size=7, verbose=0, return_dict=True)
    assert ours == {f"val_{name}": pytest.approx(value, rel=1e-5) for name, value in theirs.items()}
