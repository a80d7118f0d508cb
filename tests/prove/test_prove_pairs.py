"""Generated digits are digits, and not always the same one, to a classifier that has only seen real ones."""

from pathlib import Path

import keras
import numpy as np
import pytest
import tomli_w
from proving import SEED, Line, embedded, end_of, judge, trained

from gan_tui import data, presets
from gan_tui.presets import Preset

pytestmark = [pytest.mark.prove, pytest.mark.timeout(3600)]

SAMPLES = 500


@pytest.fixture(scope="module")
def judging() -> tuple[keras.Model, float]:
    """A classifier of digits in 0…1, (n, 28, 28, 1), with its accuracy on real digits it was not trained on."""
    stored = data.load(data.find("mnist", embedded("mnist")))
    x, y = stored.images[..., None].astype(np.float32) / 255, stored.labels.astype(np.int64)
    order = np.random.default_rng(0).permutation(len(x))
    held, rest = order[:1000], order[1000:]
    keras.utils.set_random_seed(0)
    layers = keras.layers
    model = keras.Sequential(
        [
            keras.Input((28, 28, 1)),
            layers.Conv2D(32, 3, activation="relu"),
            layers.MaxPooling2D(),
            layers.Conv2D(64, 3, activation="relu"),
            layers.MaxPooling2D(),
            layers.Flatten(),
            layers.Dropout(0.5),
            layers.Dense(10, activation="softmax"),
        ]
    )
    model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
    model.fit(x[rest], y[rest], batch_size=64, epochs=10, verbose=0)
    return model, float(model.evaluate(x[held], y[held], verbose=0)[1])


@pytest.mark.parametrize("preset", ["gan", "dcgan-small", "wgan-gp", "gan-hinge"])
def test_digits_are_digits(
    preset: str, judging: tuple[keras.Model, float], runs: Path, lines: list[Line], tmp_path: Path
) -> None:
    judge_of_digits, accuracy = judging
    made = str(hinge_with_spectral_normalization(tmp_path)) if preset == "gan-hinge" else preset
    folder = trained(runs, made, "--steps", "3000", "--data-dir", str(embedded("mnist")), seconds=2400)
    samples = generated(end_of(folder, "generator"), presets.of_run(folder))
    answers = judge_of_digits.predict(samples, batch_size=500, verbose=0)
    shares = np.bincount(answers.argmax(axis=1), minlength=10) / SAMPLES
    kinds, confident = int((shares >= 0.01).sum()), float((answers.max(axis=1) > 0.8).mean())
    print("\nshare of each digit", shares, f"the judge's accuracy on real digits {accuracy:.3f}")
    lines += [
        Line(f"{preset}, 3,000 steps, {SAMPLES} samples: digits that are ≥ 1 % of them", "–", "≥ 8 of 10",
             f"{kinds} of 10", kinds >= 8),
        Line(f"{preset}, 3,000 steps: samples a classifier is sure of (> 0.8)", "–", "≥ 45 %",
             f"{confident:.1%}", confident >= 0.45),
    ]  # fmt: skip
    assert accuracy >= 0.96, "else it is no judge"
    assert samples.std(axis=0).mean() > 0.05, "no two samples alike"
    judge(lines)


def test_a_digit_that_is_asked_for_is_made(judging: tuple[keras.Model, float], runs: Path, lines: list[Line]) -> None:
    judge_of_digits, accuracy = judging
    folder = trained(runs, "cgan", "--steps", "3000", "--data-dir", str(embedded("mnist")), seconds=2400)
    asked = np.arange(SAMPLES) % 10
    samples = generated(end_of(folder, "generator"), presets.of_run(folder), np.eye(10, dtype=np.float32)[asked])
    answers = judge_of_digits.predict(samples, batch_size=500, verbose=0).argmax(axis=1)
    of_each = [round(float((answers[asked == digit] == digit).mean()), 2) for digit in range(10)]
    print("\nof each digit, the share that the judge takes for it", of_each)
    share = float((answers == asked).mean())
    what = f"`cgan`, 3,000 steps, {SAMPLES} samples: those that a classifier takes for the digit that was asked for"
    lines.append(Line(what, "–", "≥ 80 %", f"{share:.1%}", share >= 0.8))
    assert accuracy >= 0.96, "else it is no judge"
    judge(lines)


def hinge_with_spectral_normalization(folder: Path) -> Path:
    """The `gan` preset with the hinge loss, each layer of its discriminator normalized, and no dropout there."""
    document = presets.find("gan").as_document()
    document["settings"] |= {"loss": "hinge", "real_label": 1.0}
    layers = document["networks"]["discriminator"]["layers"]
    document["networks"]["discriminator"]["layers"] = [
        {"layer": "SpectralNormalization", "wraps": {"layer": "Dense", "units": layer["units"]}}
        if layer["layer"] == "Dense" else layer
        for layer in layers if layer["layer"] != "Dropout"
    ]  # fmt: skip
    file = folder / "gan-hinge.toml"
    file.write_text(tomli_w.dumps(document))
    return file


def generated(file: Path, preset: Preset, labels: np.ndarray | None = None) -> np.ndarray:
    """(SAMPLES, 28, 28, 1) in 0…1, from latents that nothing was trained with."""
    settings, random = preset.settings, np.random.default_rng(SEED)
    size = (SAMPLES, *preset.network("generator").input)
    latents = random.normal(size=size) if settings["latent"] == "normal" else random.uniform(-1, 1, size)
    low, high = settings["image_range"]
    given = latents.astype(np.float32) if labels is None else [latents.astype(np.float32), labels]
    images = keras.models.load_model(file).predict(given, batch_size=500, verbose=0)
    return (images.reshape(-1, 28, 28, 1) - low) / (high - low)
