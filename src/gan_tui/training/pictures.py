"""The pictures of a task: what its network makes of fixed inputs, as arrays, and as PNG files."""

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import keras
import numpy as np
import tensorflow as tf
from numpy.typing import NDArray
from PIL import Image

from gan_tui.events import Picture
from gan_tui.presets import DATASETS
from gan_tui.training.gan import AdversarialPair
from gan_tui.training.task import Task

WALL = 100
"""Generated images in a wall: 10 × 10."""
GRID = 50
"""Points along each side of a decision surface, as in numpy.mgrid[0:1:0.02, 0:1:0.02]."""

Array = NDArray[Any]


@dataclass(frozen=True)
class Tiles:
    """(count, height, width) numbers; `low` is drawn black and `high` white."""

    tag: str
    kind: str
    numbers: Array
    low: float
    high: float


Artist = Callable[[], Iterator[Tiles]]


def artist(task: Task) -> Artist:
    """The function that draws a task's pictures as the networks stand."""
    if isinstance(task.model, AdversarialPair):
        return _samples(task)
    return _surface(task) if task.dataset.points is not None else _feature_maps(task)


def _samples(task: Task) -> Artist:
    """A wall of images from fixed latent vectors."""
    model, (low, high) = task.model, task.preset.settings["image_range"]
    latents = model.latents(WALL, seed=task.preset.settings["seed"])
    generate = tf.function(lambda: model.generator(latents, training=False))
    height, width, _ = DATASETS[task.preset.dataset].shape

    def draw() -> Iterator[Tiles]:
        yield Tiles("samples", "samples", generate().numpy().reshape(-1, height, width), low, high)

    return draw


def _surface(task: Task) -> Artist:
    """The probability of each class over the unit square: a tile a class, row 0 at y = 0."""
    model = task.model
    axis = np.arange(GRID, dtype=np.float32) / GRID
    y, x = np.meshgrid(axis, axis, indexing="ij")
    grid = tf.constant(np.stack([x.ravel(), y.ravel()], axis=1))
    predict = tf.function(lambda: model(grid, training=False))

    def draw() -> Iterator[Tiles]:
        yield Tiles("surface", "surface", predict().numpy().T.reshape(-1, GRID, GRID), 0.0, 1.0)

    return draw


def _feature_maps(task: Task) -> Artist:
    """What each convolution makes of the first validation image."""
    examples = task.dataset.validation or task.dataset.train
    image = examples.x[:1].astype(np.float32) * examples.scale + examples.offset
    convolutions = [layer for layer in task.model.layers if isinstance(layer, keras.layers.Conv2D)]
    watched = keras.Model(task.model.inputs, [layer.output for layer in convolutions])
    predict = tf.function(lambda: watched(tf.constant(image), training=False))

    def draw() -> Iterator[Tiles]:
        for layer, maps in zip(convolutions, tf.nest.flatten(predict()), strict=True):
            numbers = np.moveaxis(maps.numpy()[0], -1, 0)
            yield Tiles(f"features-{layer.name}", "features", numbers, float(numbers.min()), float(numbers.max()))
        yield Tiles("input", "input", image[..., 0], *task.preset.settings["image_range"])

    return draw


def write(tiles: Tiles, step: int, file: Path, root: Path) -> Picture:
    """Write tiles side by side in reading order as one grey PNG, and return the event that says so.

    Raises OSError when the disk is full or gone.
    """
    count, height, width = tiles.numbers.shape
    columns = grid_columns(count)
    rows = -(-count // columns)
    span = max(tiles.high - tiles.low, 1e-12)
    grey = np.nan_to_num((tiles.numbers - tiles.low) * (255 / span)).clip(0, 255).round().astype(np.uint8)
    sheet = np.zeros((rows * columns, height, width), np.uint8)
    sheet[:count] = grey
    sheet = sheet.reshape(rows, columns, height, width).swapaxes(1, 2).reshape(rows * height, columns * width)
    file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    making = file.with_name(f".{file.name}")
    Image.fromarray(sheet).save(making, "PNG", compress_level=3)
    making.chmod(0o600)
    making.rename(file)
    return Picture(
        tiles.tag,
        step,
        str(file.relative_to(root)),
        tiles.kind,
        [height, width],
        count,
        tiles.low,
        tiles.high,
    )


def grid_columns(count: int) -> int:
    """Tiles in a row: 10 for a wall of 100, 8 for 32 or 64 feature maps, else about as many as rows."""
    return next(
        (columns for columns in (10, 8) if count % columns == 0 and count // columns <= columns),
        math.isqrt(count - 1) + 1,
    )
