"""From a preset to arrays ready for training: read, put in a range, part into training and validation."""

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gan_tui import data
from gan_tui.errors import UserError
from gan_tui.presets import DATASETS, Preset

POINTS = {"xor": ([[0, 0], [0, 1], [1, 0], [1, 1]], [0, 1, 1, 0])}
"""Data set on the plane → its points and their classes."""


@dataclass(frozen=True)
class Examples:
    """Inputs as they are stored, and how they become numbers for a network: x × scale + offset."""

    x: NDArray[Any]
    """(count, …), uint8 for images: a quarter of the memory of float32."""
    y: NDArray[Any]
    """(count,) classes, or (count, classes) where the loss wants one-hot rows."""
    scale: float = 1.0
    offset: float = 0.0

    def __len__(self) -> int:
        return len(self.x)

    def part(self, positions: NDArray[np.intp]) -> "Examples":
        return replace(self, x=self.x[positions], y=self.y[positions])


@dataclass(frozen=True)
class Dataset:
    """What a run trains on."""

    name: str
    origin: str
    """In words: embedded, a folder, a cache."""
    train: Examples
    validation: Examples | None
    points: list[list[float]] | None = None
    """[x, y, class] of each point, where the data lie on a plane."""


def load(preset: Preset, folder: Path | None = None) -> Dataset:
    """The data of a preset. Raises UserError when a file is damaged or the batch is larger than the data."""
    name = preset.dataset
    if name in POINTS:
        x, classes = np.asarray(POINTS[name][0], np.float32), np.asarray(POINTS[name][1])
        points = [[*map(float, point), float(kind)] for point, kind in zip(x, classes, strict=True)]
        dataset = Dataset(name, "made by gan-tui", Examples(x, _targets(preset, classes)), None, points)
    else:
        source = data.find(name, folder)
        images = data.load(source)
        low, high = preset.settings["image_range"]
        shape = preset.networks[-1].input
        whole = Examples(
            images.images.reshape(-1, *shape),
            _targets(preset, images.labels),
            scale=(high - low) / 255,
            offset=low,
        )
        dataset = Dataset(name, source.origin, *_split(whole, preset))
    batch, count = preset.settings["batch_size"], len(dataset.train)
    if batch > count:
        raise UserError(
            f"batch_size {batch:,} is more than the {count:,} training examples of {name}; choose a smaller one."
        )
    return dataset


def _targets(preset: Preset, classes: NDArray[Any]) -> NDArray[Any]:
    if preset.settings.get("loss") == "categorical_crossentropy":
        return np.asarray(np.eye(DATASETS[preset.dataset].classes, dtype=np.float32)[classes])
    return classes.astype(np.int32)


def _split(whole: Examples, preset: Preset) -> tuple[Examples, Examples | None]:
    """Training and validation parts, a shuffle of the seed's apart."""
    share = preset.settings.get("validation_split", 0.0)
    count = round(len(whole) * share)
    if not count:
        return whole, None
    order = np.random.default_rng(preset.settings["seed"]).permutation(len(whole))
    return whole.part(order[count:]), whole.part(order[:count])
