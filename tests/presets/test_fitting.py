"""Networks follow the data, and data the networks: what fits is built, and what does not is told the nearest that would."""

# ruff: noqa: E501 (a table reads best with a row a line)

from itertools import chain
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from gan_tui import presets
from gan_tui.data.own import Form, Found
from gan_tui.presets import Preset, fitting
from gan_tui.presets.fitting import Fitted

CLASSIFIERS = ("fashion-cnn", "fashion-cnn-avgpool", "conv10", "conv10-tape", "shapes", "resnet-small")
PAIRS = {"gan": 1, "cgan": 1, "wgan-gp": 1, "dcgan": 4, "dcgan-small": 4, "dcgan-64": 8, "autoencoder": 4}
"""What makes images → what their sides must be whole multiples of."""
SIDES = (*range(8, 34), 45, 50, 64, 96, 100, 127, 128)


def images(height: int = 32, width: int = 32, channels: int = 3, classes: int = 3) -> Found:
    names = tuple(f"kind {n}" for n in range(classes))
    return Found(Path("/photos"), "photos", Form.IMAGES, 500, names, 0, (height, width), channels)


def on(preset: Preset, found: Found, **settings: Any) -> Fitted:
    return fitting.fitted(preset.rules, preset.dataset, {**preset.settings, **settings}, preset.tables, found)


def written(name: str) -> Preset:
    """A bundled preset as a person would have written it before sizes could follow data: 28 × 28, grey, ten classes."""
    return presets.from_document(presets.find(name).as_document(), name)


@pytest.mark.parametrize("channels", [1, 3])
@pytest.mark.parametrize("name", CLASSIFIERS)
def test_a_classifier_takes_images_of_any_sides(name: str, channels: int) -> None:
    preset, smallest = presets.find(name), 9 if name == "fashion-cnn-avgpool" else 8
    for height, width in chain(zip(SIDES, SIDES, strict=True), zip(SIDES, reversed(SIDES), strict=True)):
        fits = on(preset, images(height, width, channels))
        wanted = (max(height, smallest), max(width, smallest), channels)
        assert fits.facts.shape == fits.networks[0].input == wanted
        assert fits.networks[0].output == (3,)


@pytest.mark.parametrize("channels", [1, 3])
@pytest.mark.parametrize("name", PAIRS)
def test_what_makes_images_makes_those_of_the_sides_that_it_reaches(name: str, channels: int) -> None:
    preset, unit = presets.find(name), PAIRS[name]
    for side in SIDES:
        fits = on(preset, images(side, side, channels))
        generator, discriminator = fits.networks[0], fits.networks[-1]
        height, width, colors = fits.facts.shape
        nearest = min(range(unit, 200, unit), key=lambda reached, side=side: (abs(reached - side), -reached))
        assert (height, width, colors) == (nearest, nearest, channels)
        assert np.prod(generator.output) == np.prod(discriminator.input) == height * width * channels


def test_of_two_sides_as_near_the_larger_is_taken_and_each_side_for_itself() -> None:
    shapes = {
        sides: on(presets.find("dcgan"), images(*sides)).facts.shape[:2] for sides in [(30, 30), (30, 45), (1, 100)]
    }
    assert shapes == {(30, 30): (32, 32), (30, 45): (32, 44), (1, 100): (4, 100)}


REFUSED = [
    ("dcgan", 30, "image_size 30 does not fit: networks.generator, layer 1: units \"height/4 * width/4 * 256\" is no "
     "whole number for these data; take 28 or 32"),
    ("dcgan-small", (30, 45), "image_size [30, 45] does not fit: networks.generator, layer 1: units \"height/4 * "
     "width/4 * 64\" is no whole number for these data; take [28, 44] or [32, 44]"),
    ("fashion-cnn", 3, "image_size 3 does not fit: networks.classifier, layer 4: MaxPooling2D makes [1, 1, 64] smaller "
     "than one pixel; use padding \"same\" or a smaller window; take 4 or 5"),
    ("fashion-cnn", (2, 100), "image_size [2, 100] does not fit: networks.classifier, layer 4: MaxPooling2D makes "
     "[1, 50, 64] smaller than one pixel; use padding \"same\" or a smaller window; take [4, 100] or [4, 101]"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "size", "sentence"), REFUSED)
def test_a_size_that_networks_cannot_take_is_answered_with_the_nearest(name: str, size: Any, sentence: str) -> None:
    size = size if isinstance(size, tuple) else (size, size)
    with pytest.raises(ValueError) as refused:
        on(presets.find(name), images(), image_size=size)
    assert str(refused.value) == sentence


def test_a_size_that_is_far_too_large_is_answered_with_one_that_is_not() -> None:
    with pytest.raises(ValueError, match=r"^image_size 2048 does not fit: .*Dense is too large.*; take 512 or 513$"):
        on(presets.find("fashion-cnn"), images(), image_size=(2048, 2048))


# Networks of a person's own, written in numbers -------------------------------------------------------------------


@pytest.mark.parametrize("name", ["fashion-cnn", "gan", "dcgan"])
def test_networks_in_numbers_take_images_in_their_own_form(name: str) -> None:
    preset = written(name)
    assert on(preset, images(classes=10)).facts.shape == (28, 28, 1)
    assert list(fitting.notes(images(classes=10), on(preset, images(classes=10)).facts)) == [
        "images of 32 × 32 are taken as 28 × 28",
        "colour images are taken in grey",
    ]
    assert list(fitting.notes(images(28, 28, 1), on(preset, images(28, 28, 1, 10)).facts)) == []


def test_what_networks_in_numbers_cannot_take_is_said_once_of_the_form_that_was_wanted() -> None:
    cnn, ten = written("fashion-cnn"), images(classes=10)
    for found, settings, sentence in (
        (images(classes=3), {}, "networks.classifier must end in 3 outputs, one per class, not in [10]; end it in a Dense layer of 3 units"),
        (ten, {"image_size": (32, 32)}, "image_size 32 does not fit: networks.classifier's input [28, 28, 1] does not fit "
         "an example of photos [32, 32, 1]; write input = [32, 32, 1]; take 28"),
        (ten, {"color": "rgb"}, "networks.classifier's input [28, 28, 1] does not fit an example of photos [28, 28, 3]; "
         "write input = [28, 28, 3]"),
    ):  # fmt: skip
        with pytest.raises(ValueError) as refused:
            on(cnn, found, **settings)
        assert str(refused.value) == sentence


def test_a_flat_input_is_one_of_square_images_in_colour_where_the_data_are() -> None:
    gan = written("gan")
    tables = {
        **gan.tables, "generator": {"input": [8], "layers": [{"layer": "Dense", "units": 48, "activation": "tanh"}]},
        "discriminator": {"input": [48], "layers": [{"layer": "Dense", "units": 1, "activation": "sigmoid"}]},
    }  # fmt: skip
    assert fitting.fitted(gan.rules, "mnist", gan.settings, tables, images()).facts.shape == (4, 4, 3)


def test_color_may_be_chosen() -> None:
    cnn = presets.find("fashion-cnn")
    assert on(cnn, images(), color="grey").networks[0].input == (32, 32, 1)
    assert on(cnn, images(channels=1), color="rgb").networks[0].input == (32, 32, 3)


def test_images_of_several_sizes_take_a_usual_one() -> None:
    found = Found(Path("/photos"), "photos", Form.IMAGES, 500, ("a", "b"), channels=3)
    assert on(presets.find("dcgan"), found).facts.shape == (64, 64, 3)
    assert on(presets.find("conv10"), images(1000, 700)).facts.shape == (64, 64, 3)


# Sizes in words ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("units", "sentence"),
    [
        ("hight * 2", 'networks.classifier, layer 2: units must be a number, or a product of height, width, channels, '
         'inputs, classes of the data, not "hight"'),
        ("height + 2", 'networks.classifier, layer 2: units "height + 2" is no product of sizes, as "height/4 * '
         'width/4 * 128" is one'),
        ("", 'networks.classifier, layer 2: units "" is no product of sizes, as "height/4 * width/4 * 128" is one'),
        ("height/0", 'networks.classifier, layer 2: units "height/0" is no whole number for these data'),
        ("9*" * 60 + "9", 'networks.classifier, layer 2: units "' + "9*" * 30 + '" is no product of sizes, as "height/4 '
         '* width/4 * 128" is one'),
        ("inputs * inputs * 999999", "networks.classifier, layer 2: Dense's units must be a whole number from 1 to "
         "1,000,000, not 4095995904"),
    ],
)  # fmt: skip
def test_a_size_that_is_none_is_refused(units: str, sentence: str) -> None:
    layers = [{"layer": "Flatten"}, {"layer": "Dense", "units": units}]
    with pytest.raises(ValueError) as refused:
        fitting.fitted(
            presets.TASKS["classifier"], "shapes", {}, {"classifier": {"input": "data", "layers": layers}}, None
        )
    assert str(refused.value) == sentence


# Settings that change nothing -------------------------------------------------------------------------------------


def test_a_form_of_images_does_nothing_on_a_presets_own_data() -> None:
    for name in ("fashion-cnn", "gan"):
        preset = presets.find(name).with_settings({"image_size": 32, "color": "rgb", "resize": "pad"})
        assert preset.networks == presets.find(name).networks
        assert preset.without_effect() == [
            f"{setting} does nothing without data of your own." for setting in ("image_size", "color", "resize")
        ]


def test_what_a_run_kept_of_its_data_is_checked(tmp_path: Path) -> None:
    document = presets.find("gan").as_document()
    document["settings"]["data"] = str(tmp_path)
    document["found"] = {**images().as_document(), "channels": 0}
    with pytest.raises(ValueError, match=r"^found: channels must be 1 or 3, not 0$"):
        presets.from_document(document, "gan", begun=True)


def test_a_preset_on_other_data_is_called_by_them(tmp_path: Path) -> None:
    rows = "".join(f"{n % 7},{n % 5},{n % 7 + n % 5}\n" for n in range(100))
    for name in ("houses.csv", "flats.csv"):
        (tmp_path / name).write_text(f"rooms,floors,price\n{rows}")
    changed = presets.find("regression").with_settings({"data": str(tmp_path / "houses.csv")})
    assert changed.title == "Regression: houses.csv"
    assert changed.with_settings({"epochs": 3}).title == "Regression: houses.csv"
    assert changed.with_settings({"data": str(tmp_path / "flats.csv")}).title == "Regression: flats.csv"
