"""What a person may change while a run trains, or ask of one that does not; and the engine with a step of its own."""

import os
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest
import tensorflow as tf
from PIL import Image

from gan_tui import presets
from gan_tui.data.points import read_csv
from gan_tui.errors import UserError
from gan_tui.presets import Preset
from gan_tui.run import catalog
from gan_tui.run.commands import Command, Reply
from gan_tui.run.events import Event, Metrics, Picture, Prediction, Resumed, Setting, State
from gan_tui.run.recorder import Recorder
from gan_tui.run.summaries import summary_of
from gan_tui.supervision import control_client, launching, starting
from gan_tui.training.command_pipe import CommandPipe
from gan_tui.training.question_loop import answer_questions
from gan_tui.training.steering import Steering
from gan_tui.training.tasks.plane import POINTS_NOW
from product import START_SECONDS, events_of, state_of, wait_for
from pty_terminal import end_runs, processes_of
from training_tasks import (
    assert_same_arrays,
    attempt,
    in_chunks,
    in_turn,
    last_checkpoint,
    positions_seen,
    preset_with,
    small_cnn,
    stop_at,
    task_of,
)


class Steered:
    """A task that is steered, without a loop."""

    def __init__(self, preset: Preset, runs: Path) -> None:
        self.folder = presets.new_run(preset, runs)
        self.task = task_of(preset)
        self.steering = Steering(self.task, Recorder(self.folder))

    def set(self, name: str, value: object, step: int = 3) -> str:
        return self.steering.set(name, value, step)

    def refuses(self, name: str, value: object) -> str:
        before = self.folder.events_file.read_bytes() if self.folder.events_file.exists() else b""
        with pytest.raises(ValueError) as caught:
            self.set(name, value)
        after = self.folder.events_file.read_bytes() if self.folder.events_file.exists() else b""
        assert before == after, "nothing is said to have changed"
        return str(caught.value)

    def last(self, kind: type[Event]) -> Any:
        return events_of(self.folder, kind)[-1]


# The learning rate ----------------------------------------------------------


@pytest.mark.parametrize("name", ["xor", "gan", "conv10-tape"])
def test_the_learning_rate_changes_the_very_next_step(name: str, few_images: Path, tmp_path: Path) -> None:
    own = {} if name == "xor" else {"batch_size": 16, "data_folder": str(few_images)}
    steered = Steered(preset_with(name, **own), tmp_path)
    task = steered.task
    task.steps.run(2)
    before = task.weights()
    assert steered.set("learning_rate", 1e-12) == "learning_rate is 1e-12"
    task.steps.run(2)
    for one, other in zip(before, task.weights(), strict=True):
        np.testing.assert_allclose(one, other, atol=1e-9)
    steered.set("learning_rate", 0.01)
    task.steps.run(2)
    changed = [np.abs(one - other).max() for one, other in zip(before, task.weights(), strict=True)]
    assert min(changed) > 1e-6, "every weight of every network moves again"
    for optimizer in task.optimizers.values():
        assert float(optimizer.learning_rate) == pytest.approx(0.01)
    setting = steered.last(Setting)
    assert (setting.name, setting.value, setting.step) == ("learning_rate", 0.01, 3)


def test_a_learning_rate_that_follows_a_schedule_or_is_none_is_refused(few_images: Path, tmp_path: Path) -> None:
    own = {"batch_size": 16, "data_folder": str(few_images)}
    scheduled = Steered(preset_with("gan", learning_rate_decay=0.01, **own), tmp_path)
    assert "follows a schedule" in scheduled.refuses("learning_rate", 0.1)
    steered = Steered(preset_with("xor"), tmp_path)
    for value in (0, -1, "fast", True, None, [0.1], float("nan"), 1e9):
        assert "learning_rate must be a number" in steered.refuses("learning_rate", value)
    assert float(steered.task.optimizers["optimizer"].learning_rate) == pytest.approx(0.001)


def test_what_is_no_setting_is_refused_by_name(tmp_path: Path) -> None:
    steered = Steered(preset_with("xor"), tmp_path)
    for name in ("batch_size", "image", "latent", "", "__class__"):
        assert steered.refuses(name, 1) == f"{name} cannot be set while this preset trains"


# What is looked at ----------------------------------------------------------


@pytest.fixture(scope="module")
def classifier(few_images: Path, tmp_path_factory: pytest.TempPathFactory) -> Steered:
    return Steered(small_cnn(few_images), tmp_path_factory.mktemp("runs"))


def test_images_are_turned_over_one_by_one_at_random_and_by_number(classifier: Steered) -> None:
    held, model = classifier.task.dataset.validation, classifier.task.networks[0]
    images = held.x.astype(np.float32) / 255
    probabilities = model.predict(images, verbose=0)
    maps = keras.Model(model.inputs, model.get_layer("conv2d").output).predict(images, verbose=0)
    count, seen = len(images), []
    for value in ("next", "next", "previous", "previous", "previous", 5, 0, count - 1, "next", *["random"] * 8):
        before = seen[-1] if seen else 0
        classifier.set("image", value, step=9)
        prediction = classifier.last(Prediction)
        image = prediction.image
        seen.append(image)
        expected = {"next": (before + 1) % count, "previous": (before - 1) % count}.get(value, value)
        assert value == "random" or image == expected
        assert (prediction.step, prediction.truth) == (9, held.y[image])
        np.testing.assert_allclose(prediction.probabilities, probabilities[image], atol=2e-6)
        assert classifier.last(Setting).value == image
        drawn = {picture.tag: picture for picture in events_of(classifier.folder, Picture)}
        features = drawn["features-conv2d"]
        assert (features.low, features.high) == (pytest.approx(maps[image].min()), pytest.approx(maps[image].max()))
        assert drawn["input"].step == features.step == 9
    assert len(set(seen[-8:])) > 3, "any image"


@pytest.mark.parametrize("value", ["sideways", "5", 1.5, None, True, [1]])
def test_an_image_that_is_none_is_refused(value: object, classifier: Steered) -> None:
    assert classifier.refuses("image", value) == "image must be next, previous, random, or a number from 0 to 23"


def test_another_latent_vector_makes_another_picture(few_images: Path, tmp_path: Path) -> None:
    steered = Steered(preset_with("gan", batch_size=16, data_folder=str(few_images)), tmp_path)
    pictures = {}
    for value, number in (("new", 1), ("new", 2), (0, 0), (2, 2), (2**31 - 1, 2**31 - 1), (70, 70)):
        assert steered.set("latent", value) == f"latent is {number}"
        picture = steered.last(Picture)
        assert (picture.tag, picture.step, picture.labels) == ("one", 3, [f"latent vector {number}"])
        drawn = (steered.folder.path / picture.file).read_bytes()
        assert pictures.setdefault(number, drawn) == drawn, "the same number is the same picture"
    assert len({pictures[number] for number in (0, 1, 2, 70)}) == 4
    for value in ("old", -1, 2**31, 1.0, True, None):
        assert steered.refuses("latent", value) == 'latent must be "new" or a whole number'


# Points ----------------------------------------------------------

ANGLES = np.arange(30.0)
RING = [[0.5 + 0.3 * float(np.cos(a)), 0.5 + 0.3 * float(np.sin(a)), n % 2] for n, a in enumerate(ANGLES)]


def test_points_are_trained_on_from_the_next_step_on(tmp_path: Path) -> None:
    steered = Steered(preset_with("plane", points="circle"), tmp_path)
    task = steered.task
    in_chunks(task, 3, 3)
    assert steered.set("points", RING) == "points: 30"
    x, y = np.array(RING)[:, :2].astype(np.float32), np.eye(2, dtype=np.float32)[[kind for *_, kind in RING]]
    expected = float(keras.losses.categorical_crossentropy(y, task.networks[0](x)).numpy().mean())
    assert task.steps.run(1)[0, 0] == pytest.approx(expected, rel=1e-5)
    assert np.asarray(steered.last(Setting).value) == pytest.approx(np.array(RING), abs=1e-6)
    kept = read_csv(steered.folder.path / POINTS_NOW)
    assert (kept.x == x).all() and kept.classes.tolist() == y.argmax(axis=1).tolist()
    tags = [picture.tag for picture in events_of(steered.folder, Picture)]
    assert tags == ["surface"], "drawn at once"


BAD_POINTS = {
    "no list": "points must be a list",
    "nothing": "points must be a list of 1 to 10,000 [x, y, class]",
    "too many": "points must be a list of 1 to 10,000 [x, y, class]",
    "short": "a point must be [x, y, class]",
    "long": "a point must be [x, y, class]",
    "words": "a point must be [x, y, class]",
    "outside": "must be from 0 to 1",
    "not a number": "must be from 0 to 1",
    "half a class": "must be from 0 to 1, its class from 0 to 9",
    "class 10": "must be from 0 to 1, its class from 0 to 9",
    "more classes than outputs": "has 2 classes; use no others",
    "one class": "two classes",
}


@pytest.fixture(scope="module")
def circle(tmp_path_factory: pytest.TempPathFactory) -> Steered:
    return Steered(preset_with("plane", points="circle"), tmp_path_factory.mktemp("runs"))


@pytest.mark.parametrize("what", BAD_POINTS)
def test_points_that_cannot_be_learnt_are_refused_and_change_nothing(what: str, circle: Steered) -> None:
    good = [[0.1, 0.2, 0], [0.3, 0.4, 1]]
    value = {
        "no list": "circle", "nothing": [], "too many": good * 5001, "short": [[0.5, 1]], "long": [[0.5, 0.5, 0, 0]],
        "words": [["a", "b", "c"]], "outside": [*good, [1.1, 0.5, 0]], "not a number": [*good, [float("nan"), 0.5, 0]],
        "half a class": [*good, [0.5, 0.5, 0.5]], "class 10": [*good, [0.5, 0.5, 10]],
        "more classes than outputs": [*good, [0.5, 0.5, 2]], "one class": [[0.1, 0.2, 0], [0.3, 0.4, 0]],
    }[what]  # fmt: skip
    before = circle.task.dataset
    assert BAD_POINTS[what] in circle.refuses("points", value)
    assert circle.task.dataset is before and not (circle.folder.path / POINTS_NOW).exists()


@pytest.mark.parametrize(
    ("name", "settings", "words"),
    [
        ("plane", {"points": "circle", "batch_size": 50}, "only with batch_size 0"),
        ("xor", {}, "points cannot be set while this preset trains"),
    ],
)
def test_points_are_refused_where_they_have_no_place(name, settings, words: str, tmp_path: Path) -> None:
    assert words in Steered(preset_with(name, **settings), tmp_path).refuses("points", RING)


def test_points_survive_a_checkpoint_and_a_resume_to_the_bit(tmp_path: Path) -> None:
    preset = preset_with("plane", points="circle", steps=60)
    change = Command("set", 2, setting="points", value=RING)
    whole = presets.new_run(preset, tmp_path)
    attempt(whole, preset, in_turn(Command("step", 1, steps=20), change, Command("resume", 3)))
    parts = presets.new_run(preset, tmp_path)
    _, answers = attempt(
        parts, preset, in_turn(Command("step", 1, steps=20), change, Command("step", 3, steps=15), Command("stop", 4))
    )
    assert [answer.ok for answer in answers] == [True] * 4 and state_of(parts).state == "stopped"
    task, _ = attempt(parts, preset)
    assert [event.from_step for event in events_of(parts, Resumed)] == [35]
    assert state_of(parts).state == state_of(whole).state == "finished"
    assert (np.array(task.dataset.points) == np.array(RING, np.float32)).all()
    assert_same_arrays(last_checkpoint(whole), last_checkpoint(parts))
    losses = [state_of(folder).series["loss"].values.tobytes() for folder in (whole, parts)]
    assert losses[0] == losses[1]


# The tape engine ----------------------------------------------------------


def plain_tensorflow(weights: list[np.ndarray], batches: Callable[[], Iterator[tuple[Any, Any]]]) -> list[float]:
    """The losses of the same network on raw variables, trained by gradient descent with a rate of 0.1."""
    variables = [tf.Variable(array) for array in weights]
    kernel, kernel_bias, hidden, hidden_bias, last, last_bias = variables
    losses = []
    for images, classes in batches():
        with tf.GradientTape() as tape:
            maps = tf.nn.relu(tf.nn.bias_add(tf.nn.conv2d(images, kernel, strides=1, padding="SAME"), kernel_bias))
            flat = tf.reshape(tf.nn.max_pool2d(maps, ksize=2, strides=2, padding="VALID"), (len(images), 14 * 14 * 10))
            logits = tf.nn.relu(flat @ hidden + hidden_bias) @ last + last_bias
            right = tf.gather(logits - tf.reduce_logsumexp(logits, axis=1, keepdims=True), classes, batch_dims=1)
            loss = -tf.reduce_mean(right)
        for variable, gradient in zip(variables, tape.gradient(loss, variables), strict=True):
            variable.assign(variable - 0.1 * gradient)
        losses.append(float(loss))
    return losses


def test_the_first_50_losses_of_the_tape_are_those_of_plain_tensorflow(few_images: Path) -> None:
    task = task_of(preset_with("conv10-tape", batch_size=16, data_folder=str(few_images)))
    weights, examples = task.weights(), task.dataset.train
    assert sum(array.size for array in weights) == 19_820
    x = examples.x.astype(np.float32) / 255

    def batches() -> Iterator[tuple[Any, Any]]:
        task.steps.go_to(0)
        for positions in positions_seen(task, 50):
            assert len(positions) == 16, "whole batches only"
            yield x[positions], examples.y[positions]

    expected = plain_tensorflow(weights, batches)
    task.steps.go_to(0)
    losses = in_chunks(task, 50, 9)[:, 0]
    np.testing.assert_allclose(losses, expected, rtol=1e-5)
    assert np.mean(losses[-10:]) < 0.9 * np.mean(losses[:10]), "it learns"


# A run that is only looked at ----------------------------------------------------------


class Asked(CommandPipe):
    """A pipe of commands that stays open, and the answers to them."""

    def __init__(self, *sent: Command) -> None:
        (reading, self._writing), (self._reading, answers) = os.pipe(), os.pipe()
        super().__init__(os.fdopen(reading, "rb"), answers)
        for command in sent:
            os.write(self._writing, command.to_line())

    def answers_given(self) -> list[Reply]:
        return [Reply.from_line(line) for line in os.read(self._reading, 1 << 16).splitlines()]


def test_a_run_that_is_looked_at_answers_questions_and_nothing_else(classifier: Steered) -> None:
    asked = Asked(
        Command("set", 1, setting="image", value=7), Command("pause", 2), Command("step", 3), Command("save", 4),
        Command("set", 5, setting="learning_rate", value=0.1), Command("set", 6, setting="points", value=RING),
        Command("stop", 7),
    )  # fmt: skip
    answer_questions(asked, classifier.steering, step=12)
    answers = asked.answers_given()
    assert [(answer.id, answer.ok) for answer in answers] == [(1, True), *((n, False) for n in range(2, 7)), (7, True)]
    assert {answer.text for answer in answers[1:6]} == {"The run is not training; it is only open for viewing."}
    prediction = classifier.last(Prediction)
    assert (prediction.image, prediction.step) == (7, 12)
    assert classifier.last(Setting).name == "image", "nothing was changed"


def test_a_run_that_nobody_asks_any_more_is_closed(classifier: Steered) -> None:
    asked = Asked(Command("set", 1, setting="image", value="next"))
    begin = time.monotonic()
    answer_questions(asked, classifier.steering, step=12, idle_seconds=0.3)
    assert time.monotonic() - begin >= 0.3
    assert [answer.ok for answer in asked.answers_given()] == [True]


@pytest.fixture
def no_process_is_left(tmp_path: Path) -> Iterator[None]:
    yield
    end_runs(tmp_path)


@pytest.mark.prove
@pytest.mark.usefixtures("no_process_is_left")
def test_a_finished_run_answers_for_its_latent_vectors_stays_finished_and_can_be_deleted(
    few_images: Path, tmp_path: Path
) -> None:
    preset = preset_with("gan", batch_size=16, steps=2, data_folder=str(few_images), seed=9)
    folder = presets.new_run(preset, tmp_path)
    task, _ = attempt(folder, preset)
    looked_at = launching.launch(folder, "inspect")
    assert folder.is_held() and not folder.is_alive(), "it is not running"
    answer = control_client.ask(folder, Command("set", setting="latent", value=3), START_SECONDS)
    assert (answer.ok, answer.text, answer.step) == (True, "latent is 3", 2)
    picture = [p for p in events_of(folder, Picture) if p.tag == "one"][-1]
    assert (picture.step, picture.labels) == (2, ["latent vector 3"])
    made = task.learner.generator.predict(keras.random.normal((1, 100), seed=9 + 1 + 3), verbose=0).reshape(28, 28)
    with Image.open(folder.path / picture.file) as image:
        np.testing.assert_allclose(np.asarray(image) / 127.5 - 1, made, atol=0.51 / 127.5 + 1e-5)
    refused = control_client.ask(folder, Command("step"), START_SECONDS)
    assert not refused.ok and refused.text == "The run is not training; it is only open for viewing."
    state, summary = state_of(folder), summary_of(folder)
    assert (state.state, summary.state, summary.alive) == ("finished", "finished", False)
    assert events_of(folder, State)[-1].state == "finished"
    with pytest.raises(UserError, match="finished"):
        starting.restart(folder)
    with pytest.raises(UserError):
        catalog.delete(folder)
    assert looked_at and not looked_at.closed
    launching.release(folder)
    assert not folder.is_held() and not processes_of(tmp_path)
    catalog.delete(folder)
    assert not folder.path.exists()


@pytest.mark.prove
@pytest.mark.usefixtures("no_process_is_left")
def test_a_stopped_run_answers_for_its_images_and_can_still_be_resumed(few_images: Path, tmp_path: Path) -> None:
    preset = small_cnn(few_images, steps=9)
    folder = presets.new_run(preset, tmp_path)
    task, _ = attempt(folder, preset, stop_at(4))
    looked_at = launching.launch(folder, "inspect")
    answer = control_client.ask(folder, Command("set", setting="image", value=11), START_SECONDS)
    assert (answer.ok, answer.text, answer.step) == (True, "image is 11", 4)
    prediction = events_of(folder, Prediction)[-1]
    image = task.dataset.validation.x[11:12].astype(np.float32) / 255
    assert (prediction.step, prediction.image) == (4, 11)
    np.testing.assert_allclose(prediction.probabilities, task.networks[0].predict(image, verbose=0)[0], atol=2e-6)
    assert state_of(folder).state == "stopped" and events_of(folder, State)[-1].state == "stopped"
    assert looked_at and not looked_at.closed
    starting.restart(folder)  # while it is held open
    assert folder.is_alive()
    wait_for(lambda: state_of(folder).state in ("finished", "failed"), START_SECONDS)
    assert state_of(folder).state == "finished", folder.trainer_log.read_text()[-2000:]
    assert [step for event in events_of(folder, Metrics) for step in event.steps] == list(range(1, 10))
    wait_for(lambda: not folder.is_held(), START_SECONDS)
