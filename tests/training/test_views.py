"""What a person is shown of the networks is what plain Keras and numpy make of the same networks."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest
from PIL import Image

from gan_tui import presets
from gan_tui.presets import Preset
from gan_tui.run import pictures
from gan_tui.run.events import Answers, Confusion, Event, Picture, Prediction, Record, Weights, from_line, to_line
from gan_tui.run.folder import RunFolder
from gan_tui.run.pictures import Tiles
from gan_tui.run.recorder import Contents, Recorder, Snapshot
from gan_tui.run.weight_statistics import statistics
from gan_tui.run.weights import KERNEL_RANGE
from gan_tui.training.snapshots.autoencoder import Reconstructions
from gan_tui.training.snapshots.classifier import MISTAKES, ConvolutionKernels, FeatureMaps
from gan_tui.training.snapshots.images import ImageForm
from gan_tui.training.snapshots.pair import WALL, GeneratedWall, OneSample, RealWall
from gan_tui.training.snapshots.plane import GRID, DecisionSurface, PointAnswers
from gan_tui.training.snapshots.weights import WeightStatistics
from gan_tui.training.tasks import Task
from product import events_of, state_of
from training_tasks import attempt, in_chunks, last_checkpoint, preset_with, small_cnn, task_of

STEPS = 12
HALF_A_LEVEL = 0.51 / 255
"""Of the range: what is drawn is rounded."""


def shown(view: Snapshot, step: int = 0) -> list[Tiles | Event]:
    return [item if isinstance(item, Tiles) else item(step) for item in view.draw()]


def tiles_of(folder: RunFolder, picture: Picture) -> np.ndarray:
    """(count, height, width) numbers, read from the PNG."""
    with Image.open(folder.path / picture.file) as image:
        sheet = np.asarray(image).astype(float) / (65535 if image.mode.startswith("I") else 255)
    height, width = picture.tile
    across = sheet.shape[1] // width
    tiles = [
        sheet[n // across * height :, n % across * width :][:height, :width] for n in range(picture.count)
    ]  # in reading order
    return np.stack(tiles) * (picture.high - picture.low) + picture.low


# A run's pictures and events ----------------------------------------------------------


@dataclass
class Finished:
    folder: RunFolder
    preset: Preset
    before: keras.Model
    """The classifier as it was before the first step."""
    after: keras.Model
    """As the last checkpoint holds it."""
    x: np.ndarray
    """The validation images, 0…1."""
    classes: np.ndarray

    def pictures(self, tag: str) -> list[Picture]:
        return [picture for picture in events_of(self.folder, Picture) if picture.tag == tag]

    @property
    def names(self) -> tuple[str, ...]:
        return self.preset.facts.names


@pytest.fixture(scope="module")
def finished(few_images: Path, tmp_path_factory: pytest.TempPathFactory) -> Finished:
    """A small classifier after two epochs, every one of its views drawn along the way."""
    preset = small_cnn(few_images, steps=STEPS, learning_rate=0.005, restore_best=False, patience=0)
    untrained = task_of(preset)
    folder = presets.new_run(preset, tmp_path_factory.mktemp("runs"))
    attempt(folder, preset)
    state = state_of(folder)
    assert state.state == "finished" and state.step == STEPS
    after = keras.saving.load_model(folder.path / state.checkpoints[-1].folder / "classifier.keras")
    held = untrained.dataset.validation
    assert held is not None
    return Finished(folder, preset, untrained.networks[0], after, held.x.astype(np.float32) / 255, held.y)


@pytest.mark.parametrize("layer", ["conv2d", "conv2d_1"])
def test_kernels_are_those_before_the_first_step_and_those_of_now_on_one_scale(layer: str, finished: Finished) -> None:
    first, *_, last = finished.pictures(f"kernels-{layer}")
    assert (first.step, last.step) == (0, STEPS)
    kernels = []
    for picture, model in ((first, finished.before), (last, finished.after)):
        kernel = model.get_layer(layer).get_weights()[0]
        assert (picture.low, picture.high) == (-KERNEL_RANGE, KERNEL_RANGE) and picture.tile == [3, 3]
        tiles = tiles_of(finished.folder, picture)
        assert len(tiles) == kernel.shape[-1]
        for n, tile in enumerate(tiles):
            np.testing.assert_allclose(tile, kernel[:, :, 0, n].clip(-KERNEL_RANGE, KERNEL_RANGE), atol=0.51 / 255)
        kernels.append(tiles)
    assert np.abs(kernels[1] - kernels[0]).max() > 0.02, "they have changed"


def test_the_statistics_of_weights_are_numpys_before_and_now(finished: Finished) -> None:
    events = events_of(finished.folder, Weights)
    assert (events[0].step, events[-1].step) == (0, STEPS)
    for event, model in ((events[0], finished.before), (events[-1], finished.after)):
        expected = {f"classifier/{layer.name}/{w.name}": w.numpy() for layer in model.layers for w in layer.weights}
        assert list(event.layers) == list(expected)
        for name, values in expected.items():
            assert_describes(event.layers[name], values)


def assert_describes(facts: dict[str, Any], values: np.ndarray) -> None:
    assert facts["shape"] == list(values.shape)
    assert facts["mean"] == pytest.approx(values.mean(dtype=float), abs=1e-6)
    assert facts["std"] == pytest.approx(values.std(dtype=float), abs=1e-6)
    assert (facts["low"], facts["high"]) == (pytest.approx(values.min()), pytest.approx(values.max()))
    counts = np.histogram(values, 40)[0]
    assert sum(facts["counts"]) == counts.sum()
    assert np.abs(np.array(facts["counts"]) - counts).max() <= 2, "but for weights on the very edge of a bin"


def test_the_confusion_matrix_counts_every_validation_image(finished: Finished) -> None:
    taken = finished.after.predict(finished.x, verbose=0).argmax(axis=1)
    counts = [[0] * 10 for _ in range(10)]
    for true, predicted in zip(finished.classes.tolist(), taken.tolist(), strict=True):
        counts[true][predicted] += 1
    events = events_of(finished.folder, Confusion)
    assert [event.step for event in events] == [STEPS // 2, STEPS], "after each epoch"
    assert events[-1].counts == counts and sum(map(sum, counts)) == len(finished.x) == 24


def test_the_worst_mistakes_are_those_the_network_was_surest_of_with_their_names(finished: Finished) -> None:
    probabilities = finished.after.predict(finished.x, verbose=0)
    mistakes = [
        (-row.max(), n, int(row.argmax())) for n, row in enumerate(probabilities) if row.argmax() != finished.classes[n]
    ]
    expected = sorted(mistakes)[:MISTAKES]
    assert expected, "it makes mistakes"
    picture = finished.pictures("mistakes")[-1]
    assert (picture.step, picture.count) == (STEPS, len(expected))
    for tile, label, (sure, n, taken) in zip(tiles_of(finished.folder, picture), picture.labels, expected, strict=True):
        np.testing.assert_allclose(tile, finished.x[n, :, :, 0], atol=0.51 / 255)
        assert label.startswith(f"{finished.names[finished.classes[n]]} → {finished.names[taken]} ")
        assert float(label.split()[-1]) == pytest.approx(-sure, abs=0.0051)


def test_the_image_shown_its_feature_maps_and_its_prediction_are_the_models(finished: Finished) -> None:
    image = finished.x[:1]
    prediction = events_of(finished.folder, Prediction)[-1]
    assert (prediction.step, prediction.image, prediction.truth) == (STEPS, 0, finished.classes[0])
    np.testing.assert_allclose(prediction.probabilities, finished.after.predict(image, verbose=0)[0], atol=2e-6)
    np.testing.assert_allclose(
        tiles_of(finished.folder, finished.pictures("input")[-1])[0], image[0, :, :, 0], atol=0.51 / 255
    )
    for name in ("conv2d", "conv2d_1"):
        maps = keras.Model(finished.after.inputs, finished.after.get_layer(name).output).predict(image, verbose=0)[0]
        picture = finished.pictures(f"features-{name}")[-1]
        tiles = tiles_of(finished.folder, picture)
        assert tiles.shape == (maps.shape[-1], *maps.shape[:2]) and picture.step == STEPS
        for n, tile in enumerate(tiles):
            np.testing.assert_allclose(tile, maps[:, :, n], atol=np.ptp(maps) / 255)


def test_the_last_checkpoint_is_what_was_shown(finished: Finished) -> None:
    arrays = last_checkpoint(finished.folder)
    kernel = next(value for name, value in arrays.items() if name.startswith("classifier/conv2d/0."))
    assert (kernel == finished.after.get_layer("conv2d").get_weights()[0]).all()


# Views on their own ----------------------------------------------------------


def test_the_surface_is_the_prediction_at_a_hundred_places_a_side_to_16_bits(tmp_path: Path) -> None:
    task = task_of(preset_with("plane", points="circle"))
    in_chunks(task, 150, 150)
    (tiles,) = shown(DecisionSurface(task.networks[0]))
    picture = pictures.write(tiles, 150, tmp_path / "samples" / "surface" / "150.png", tmp_path)
    y, x = np.mgrid[0:1:0.01, 0:1:0.01]
    expected = task.networks[0].predict(np.column_stack([x.ravel(), y.ravel()]), batch_size=2048, verbose=0)
    found = tiles_of(RunFolder(tmp_path), picture)
    assert found.shape == (2, GRID, GRID)
    np.testing.assert_allclose(found, expected.T.reshape(2, GRID, GRID), atol=1.1 / 65535)
    assert np.ptp(found[1]) > 0.3, "it is not flat"


@pytest.mark.parametrize("name", ["xor", "three-class", "plane"])
def test_answers_are_the_predictions_at_the_points(name: str) -> None:
    task = task_of(preset_with(name))
    (answers,) = shown(PointAnswers(task.networks[0], lambda: task.dataset.train), 7)
    assert isinstance(answers, Answers) and answers.step == 7
    x = np.array(task.dataset.points)[:64, :-1]
    np.testing.assert_allclose(answers.probabilities, task.networks[0].predict(x, verbose=0), atol=1.1e-5)


@pytest.fixture(scope="module")
def pair(few_images: Path) -> Task:
    return task_of(preset_with("gan", batch_size=16, data_folder=str(few_images), seed=5))


def test_the_wall_and_the_one_picture_are_what_the_generator_makes_of_vectors_that_stay(pair: Task) -> None:
    view = OneSample(pair.learner, ImageForm.of(pair.preset), 5)
    drawn = {}
    for number in (0, 1, 7, 1, 1000):
        view.choose(number)
        (tiles,) = shown(view)
        latent = keras.random.normal((1, 100), seed=5 + 1 + number)
        made = pair.learner.generator.predict(latent, verbose=0).reshape(1, 28, 28, 1)
        np.testing.assert_allclose(tiles.numbers, made, atol=2 * HALF_A_LEVEL)
        assert (tiles.tag, tiles.low, tiles.high, tiles.labels) == ("one", -1, 1, (f"latent vector {number}",))
        assert (drawn.setdefault(number, tiles.numbers) == tiles.numbers).all()
    assert len({picture.tobytes() for picture in drawn.values()}) == 4
    (wall,) = shown(GeneratedWall(pair.learner, ImageForm.of(pair.preset), 5))
    made = pair.learner.generator.predict(keras.random.normal((WALL, 100), seed=5), verbose=0)
    np.testing.assert_allclose(wall.numbers, made.reshape(WALL, 28, 28, 1), atol=2 * HALF_A_LEVEL)


def test_the_real_wall_is_the_first_training_images(pair: Task, few_images: Path) -> None:
    (wall,) = shown(RealWall(pair.dataset.train, ImageForm.of(pair.preset)))
    images = np.load(few_images / "mnist.npz")["x_train"]
    np.testing.assert_allclose(wall.numbers[..., 0], images[:WALL] / 127.5 - 1, atol=1e-6)
    assert (wall.kind, wall.low, wall.high) == ("real", -1, 1)


def test_both_networks_of_a_pair_are_described(pair: Task) -> None:
    (weights,) = shown(WeightStatistics(pair.networks))
    assert isinstance(weights, Weights)
    assert {name.split("/")[0] for name in weights.layers} == {"generator", "discriminator"}
    for network in pair.networks:
        for layer in network.layers:
            for variable in layer.weights:
                assert_describes(weights.layers[f"{network.name}/{layer.name}/{variable.name}"], variable.numpy())


def test_the_tape_engine_is_shown_as_a_keras_network_is(few_images: Path) -> None:
    task = task_of(preset_with("conv10-tape", data_folder=str(few_images)))
    in_chunks(task, 5, 5)
    features, image, prediction = shown(task.snapshots[0], 5)
    held = task.dataset.validation
    x = held.x[:1].astype(np.float32) / 255
    network = task.networks[0]
    maps = keras.Model(network.inputs, network.get_layer("conv2d").output).predict(x, verbose=0)[0]
    np.testing.assert_allclose(features.numbers[..., 0], np.moveaxis(maps, -1, 0), atol=np.ptp(maps) * HALF_A_LEVEL)
    np.testing.assert_allclose(image.numbers, x, atol=1e-6)
    logits = network.predict(x, verbose=0)[0].astype(float)
    expected = np.exp(logits - logits.max())
    np.testing.assert_allclose(prediction.probabilities, expected / expected.sum(), atol=2e-6)
    assert prediction.truth == held.y[0]


# When they are drawn ----------------------------------------------------------


class Slow(Snapshot):
    """Takes its time on a clock of its own, most of it at first, as what must be compiled does."""

    share, least_seconds = 0.01, 0.25

    def __init__(self, clock: list[float]) -> None:
        self._clock, self.drawn = clock, list[float]()

    def draw(self) -> Contents:
        self.drawn.append(self._clock[0])
        self._clock[0] += 0.01 if self.drawn[1:] else 5.0
        return iter(())


def test_a_view_that_is_compiled_at_first_is_drawn_again_soon_then_as_its_share_allows(
    tmp_path: Path,
) -> None:
    clock = [100.0]
    recorder, view = Recorder(RunFolder(tmp_path), lambda: clock[0]), Slow(clock)
    recorder.show([view])
    while clock[0] < 110:
        recorder.draw_due(1)
        clock[0] += 0.05
    first, second, *others = view.drawn
    assert first == 100.0 and second - first - 5.0 == pytest.approx(0.25, abs=0.06)
    assert np.diff([second, *others]) == pytest.approx(1.0, abs=0.07)


# Statistics ----------------------------------------------------------


def test_statistics_leave_out_what_is_not_finite() -> None:
    values = np.random.default_rng(0).normal(0.1, 0.3, (3, 3, 4)).astype(np.float32)
    assert_describes(statistics(values), values)
    broken = values.copy()
    broken[0, 0] = np.nan, np.inf, -np.inf, 1.0
    kept = broken[np.isfinite(broken)]
    found = statistics(broken)
    assert found["shape"] == [3, 3, 4] and sum(found["counts"]) == kept.size
    assert_describes({**found, "shape": list(kept.shape)}, kept)


@pytest.mark.parametrize(
    ("values", "mean", "total"), [(np.full(7, 0.25), 0.25, 7), (np.full((2, 2), np.nan), 0.0, 0), (np.zeros(0), 0.0, 0)]
)
def test_statistics_of_equal_weights_and_of_none(values: np.ndarray, mean: float, total: int) -> None:
    found = statistics(values.astype(np.float32))
    assert (found["mean"], found["std"], sum(found["counts"])) == (mean, 0.0, total)


@pytest.mark.parametrize("ulps", [1, 5, 39, 41])
def test_weights_that_differ_by_their_last_bits_have_a_histogram(ulps: int) -> None:
    low = np.float32(-0.3)
    high = np.float32(low + ulps * np.spacing(low, dtype=np.float32) * -1)
    found = statistics(np.array([low, low, high], np.float32))
    assert (found["low"], found["high"]) == (float(low), float(high))
    assert (found["counts"][0], found["counts"][-1], sum(found["counts"])) == (2, 1, 3)


@pytest.mark.parametrize(
    ("values", "mean", "std"),
    [
        ([2e8, 2e8], 2e8, 0.0),  # the bias of a single unit, say
        ([3e38] * 7, 3e38, 0.0),
        ([-3e38, 3e38], 0.0, 3e38),
        ([0.0, 0.0, 0.0, 1e30], 2.5e29, 4.330127e29),
        ([1e-45, 0.0], 7e-46, 7e-46),
    ],
)
def test_weights_that_explode_can_still_be_told_and_read(values: list[float], mean: float, std: float) -> None:
    found = statistics(np.array(values, np.float32))
    (read,) = from_line(to_line(Record(1, 0.0, Weights(1, {"network/layer/kernel": found})))).event.layers.values()
    assert (read["mean"], read["std"]) == pytest.approx((mean, std), rel=1e-3)
    assert sum(read["counts"]) == len(values)


@pytest.mark.parametrize("preset", presets.every()[0], ids=lambda preset: preset.name)
def test_every_preset_has_the_views_of_its_task(preset: Preset) -> None:
    kinds = {type(view) for view in task_of(preset).snapshots}
    expected = {
        "gan": {GeneratedWall, OneSample, RealWall},
        "classifier": {FeatureMaps, ConvolutionKernels},
        "plane": {PointAnswers},
        "regression": {PointAnswers},
        "autoencoder": {Reconstructions, ConvolutionKernels},
    }[preset.task]
    assert kinds >= {*expected, WeightStatistics}
    assert (DecisionSurface in kinds) is (preset.task == "plane" and preset.networks[0].input == (2,))
