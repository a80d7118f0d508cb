"""What a run shows is what its networks made: each PNG against arrays computed anew from the checkpoint of its step."""

import json
from pathlib import Path

import keras
import numpy as np
import pytest
from PIL import Image

from gan_tui import presets
from gan_tui.presets import Preset
from gan_tui.run.commands import Command
from gan_tui.run.events import Checkpoint, Picture
from gan_tui.run.folder import RunFolder
from gan_tui.training.models.gan import AdversarialPair
from product import events_of, state_of
from training_tasks import attempt, preset_with, small_cnn, small_gan, task_of


def tiles_of(folder: RunFolder, picture: Picture) -> np.ndarray:
    """(count, height, width) numbers as a viewer reads them from the file."""
    with Image.open(folder.path / picture.file) as image:
        sheet = np.asarray(image).astype(np.float64)
        full = 65535 if image.mode.startswith("I") else 255
    height, width = picture.tile
    rows, columns = sheet.shape[0] // height, sheet.shape[1] // width
    assert sheet.shape == (rows * height, columns * width)
    tiles = sheet.reshape(rows, height, columns, width).swapaxes(1, 2).reshape(-1, height, width)
    return tiles[: picture.count] / full * (picture.high - picture.low) + picture.low


def assert_shows(folder: RunFolder, picture: Picture, numbers: np.ndarray) -> None:
    shown = tiles_of(folder, picture)
    assert shown.shape == numbers.shape
    clipped = np.clip(numbers, picture.low, picture.high)
    np.testing.assert_allclose(shown, clipped, atol=(picture.high - picture.low) / 255)


def last(folder: RunFolder, tag: str) -> Picture:
    found = [event for event in events_of(folder, Picture) if event.tag == tag]
    return found[-1]


def network(folder: RunFolder, name: str) -> keras.Model:
    """The network of the last checkpoint, with plain Keras."""
    checkpoint = events_of(folder, Checkpoint)[-1]
    assert checkpoint.step == state_of(folder).step
    return keras.saving.load_model(folder.path / checkpoint.folder / f"{name}.keras")


def finished(preset: Preset, tmp_path: Path) -> RunFolder:
    folder = presets.new_run(preset, tmp_path)
    attempt(folder, preset)
    assert state_of(folder).state == "finished"
    return folder


# Each kind -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["gan", pytest.param("dcgan", marks=pytest.mark.prove)])
def test_the_wall_is_what_the_generator_makes_of_the_same_latent_vectors(
    name: str, few_images: Path, tmp_path: Path
) -> None:
    gan = preset_with("gan", data_folder=str(few_images), batch_size=16, steps=6)
    preset = gan if name == "gan" else small_gan(few_images, steps=6)
    folder = finished(preset, tmp_path)
    picture = last(folder, "samples")
    assert (picture.step, picture.count, picture.tile) == (6, 100, [28, 28])
    assert [picture.low, picture.high] == list(preset.settings["image_range"])
    latents = AdversarialPair(preset).latents(100, seed=preset.settings["seed"])
    made = network(folder, "generator")(latents, training=False).numpy().reshape(100, 28, 28)
    assert_shows(folder, picture, made)
    first = next(event for event in events_of(folder, Picture) if event.tag == "samples")
    assert first.step == 0
    assert np.abs(tiles_of(folder, first) - tiles_of(folder, picture)).max() > 0.02, "it has changed"


def test_the_surface_is_the_prediction_over_the_square_with_x_to_the_right_and_y_downwards(tmp_path: Path) -> None:
    folder = finished(preset_with("xor", steps=300, learning_rate=0.05), tmp_path)
    picture = last(folder, "surface")
    assert (picture.step, picture.count, picture.low, picture.high) == (300, 2, 0, 1)
    shown, classifier = tiles_of(folder, picture), network(folder, "classifier")
    (rows, columns), generator = picture.tile, np.random.default_rng(0)
    assert shown.sum(axis=0) == pytest.approx(np.ones((rows, columns)), abs=0.01), "probabilities of the classes"
    spots = generator.integers(0, rows, (200, 2))
    steps = [1 / columns, 1 / (columns - 1)]  # an end at 1, or one short of it
    errors = []
    for step in steps:
        points = np.stack([spots[:, 1] * step, spots[:, 0] * step], axis=1).astype(np.float32)
        errors.append(np.abs(classifier(points).numpy()[:, 1] - shown[1][spots[:, 0], spots[:, 1]]).max())
    assert min(errors) < 1 / 255
    assert np.ptp(shown[1]) > 0.1, "it is not flat"
    mirrored = classifier(points[:, ::-1]).numpy()[:, 1] - shown[1][spots[:, 0], spots[:, 1]]
    assert np.abs(mirrored).max() > 2 / 255, "the test would see x and y mixed up"


def test_feature_maps_are_the_convolutions_of_the_input_shown(few_images: Path, tmp_path: Path) -> None:
    preset = small_cnn(few_images, steps=8, restore_best=False)
    folder = finished(preset, tmp_path)
    shown = last(folder, "input")
    held = task_of(preset).dataset.validation
    assert held is not None
    image = held.x[:1].astype(np.float32) / 255
    assert_shows(folder, shown, image[..., 0])
    model = network(folder, "classifier")
    for name, count, side in (("conv2d", 4, 28), ("conv2d_1", 6, 14)):
        picture = last(folder, f"features-{name}")
        assert (picture.step, picture.count, picture.tile) == (8, count, [side, side])
        watched = keras.Model(model.inputs, model.get_layer(name).output)
        maps = np.moveaxis(watched(image, training=False).numpy()[0], -1, 0)
        assert (picture.low, picture.high) == (pytest.approx(maps.min(), abs=1e-6), pytest.approx(maps.max()))
        assert_shows(folder, picture, maps)


# Networks that are built otherwise -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("input_shape", "layers"),
    [
        ([28, 28, 1], [{"layer": "Flatten"}, {"layer": "Dense", "units": 10, "activation": "softmax"}]),
        ([784], [{"layer": "Dense", "units": 10, "activation": "softmax"}]),
        (
            [784],
            [
                {"layer": "Reshape", "target_shape": [28, 28, 1]},
                {"layer": "Conv2D", "filters": 3, "kernel_size": 3},
                {"layer": "GlobalAveragePooling2D"},
                {"layer": "Dense", "units": 10, "activation": "softmax"},
            ],
        ),
    ],
    ids=["no convolution", "flat input", "flat input, then a convolution"],
)
def test_a_classifier_of_another_build_trains_and_shows_its_input(
    input_shape: list[int], layers: list[dict[str, object]], few_images: Path, tmp_path: Path
) -> None:
    document = small_cnn(few_images, steps=8).as_document()
    document["networks"]["classifier"] = {"input": input_shape, "layers": layers}
    folder = finished(presets.from_document(document, "mine"), tmp_path)
    assert last(folder, "input").tile == [28, 28]


def test_networks_whose_weights_are_not_finite_are_still_shown(few_images: Path, tmp_path: Path) -> None:
    document = small_cnn(few_images, steps=3).as_document()
    for layer in document["networks"]["classifier"]["layers"][:-1]:
        layer.pop("activation", None)  # relu hides what is not a number
    preset = presets.from_document(document, "mine")
    folder = presets.new_run(preset, tmp_path)

    def break_it(loop: object) -> None:
        weights = loop.task.networks[0].layers[0].kernel  # type: ignore[attr-defined]
        weights.assign(np.full(weights.shape, np.nan))

    attempt(folder, preset, lambda loop: break_it(loop) if not loop.commands.paused else Command("resume"))
    picture = last(folder, "features-conv2d")
    assert picture.step == 3 and not np.isnan(tiles_of(folder, picture)).any()
    reader = folder.reader()
    while reader.read():
        pass
    assert reader.damaged == 0
    for line in folder.events_file.read_text().splitlines():
        json.loads(line)
