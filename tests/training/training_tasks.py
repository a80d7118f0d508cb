"""Presets made small, and tasks made of them: what the tests of training share."""

from pathlib import Path
from typing import Any

import numpy as np

from gan_tui import presets
from gan_tui.presets import Layer, Network, Preset
from gan_tui.training import datasets
from gan_tui.training.task import Task

Arrays = dict[str, np.ndarray]


def preset_with(name: str, **settings: object) -> Preset:
    return presets.find(name).with_settings(settings)


def small_cnn(folder: Path, **settings: object) -> Preset:
    """The CNN with a few filters, dropout and validation, on the images of a folder."""
    document = presets.find("fashion-cnn").as_document()
    layers = document["networks"]["classifier"]["layers"]
    layers[0]["filters"], layers[2]["filters"], layers[5]["units"] = 4, 6, 16
    document["settings"] |= {"batch_size": 16, "data_folder": str(folder), **settings}
    return presets.from_document(document, "small-cnn")


def small_gan(folder: Path, **settings: object) -> Preset:
    """A pair with every kind of layer that has a state of its own: dropout and batch normalization."""
    document = presets.find("dcgan-small").as_document()
    generator, discriminator = (document["networks"][name]["layers"] for name in ("generator", "discriminator"))
    generator[0]["units"], generator[3]["target_shape"] = 7 * 7 * 4, [7, 7, 4]
    for layer in [*generator, *discriminator]:
        if layer.get("filters", 1) > 1:
            layer["filters"] = 4
    document["settings"] |= {"batch_size": 16, "data_folder": str(folder), **settings}
    return presets.from_document(document, "small-gan")


def task_of(preset: Preset) -> Task:
    return Task(preset, datasets.load(preset, Path(named) if (named := preset.settings.get("data_folder")) else None))


def without_dropout(preset: Preset) -> Preset:
    """The same preset, every dropout at 0."""

    def dry(layer: Layer) -> Layer:
        return Layer(layer.kind, layer.name, {**layer.arguments, "rate": 0.0}) if layer.kind == "Dropout" else layer

    networks = [Network(n.name, n.input, tuple(map(dry, n.layers))) for n in preset.networks]
    return Preset(**{**{field: getattr(preset, field) for field in FIELDS}, "networks": tuple(networks)})


FIELDS = ("name", "title", "about", "task", "dataset", "settings", "networks")


def in_chunks(task: Task, steps: int, k: int) -> np.ndarray:
    """(steps, metrics): trained k steps a call."""
    rows = [task.steps.run(min(k, steps - start)) for start in range(0, steps, k)]
    return np.concatenate(rows)


def assert_same_arrays(one: dict[str, Any], other: dict[str, Any]) -> None:
    """Bit for bit."""
    assert list(one) == list(other)
    for name, array in one.items():
        assert np.asarray(array).tobytes() == np.asarray(other[name]).tobytes(), name
