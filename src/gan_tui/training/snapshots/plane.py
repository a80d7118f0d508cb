"""What is shown of a network on few points: its surface over the unit square, and its answer to each point."""

from collections.abc import Callable
from typing import Any

import keras
import numpy as np
import tensorflow as tf

from gan_tui.run.events import Answers
from gan_tui.run.pictures import Tiles
from gan_tui.run.recorder import Contents, Snapshot
from gan_tui.training.fast.compiled import compiled
from gan_tui.training.models.examples import Examples

GRID = 100
"""Points along each side of a decision surface, as in numpy.mgrid[0:1:0.01, 0:1:0.01]."""


class DecisionSurface(Snapshot):
    """The probability of each class over the unit square: a tile a class, row 0 at y = 0."""

    def __init__(self, network: keras.Model) -> None:
        axis = np.arange(GRID, dtype=np.float32) / GRID
        y, x = np.meshgrid(axis, axis, indexing="ij")
        grid = tf.constant(np.stack([x.ravel(), y.ravel()], axis=1))
        self._predict = compiled(lambda: network(grid, training=False))

    def draw(self) -> Contents:
        probabilities = self._predict().numpy().T.reshape(-1, GRID, GRID, 1)
        yield Tiles.of_numbers("surface", "surface", probabilities, 0.0, 1.0, fine=True)


class PointAnswers(Snapshot):
    """What the network answers at each point of the data."""

    share = 0.002
    most = 64
    """Points; more are for the surface to show."""

    def __init__(self, network: keras.Model, examples: Callable[[], Examples]) -> None:
        """`examples` gives the points as they are now: they may be others than before."""
        self._examples = examples
        x = self._points()
        self._x = tf.Variable(x, shape=(None, *x.shape[1:]), trainable=False)
        self._predict = compiled(lambda: network(self._x, training=False))

    def draw(self) -> Contents:
        self._x.assign(self._points())
        rows = np.nan_to_num(self._predict().numpy()).round(5).tolist()
        yield lambda step: Answers(step, rows)

    def _points(self) -> Any:
        examples = self._examples()
        return examples.inputs(np.arange(min(self.most, len(examples))))
