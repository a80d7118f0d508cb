"""What is shown of a network on few points: its surface over the unit square, and its answer to each point."""

from collections.abc import Callable
from typing import Any

import numpy as np
import tensorflow as tf
from numpy.typing import NDArray

from gan_tui.run.events import Answers
from gan_tui.run.pictures import Tiles
from gan_tui.run.recorder import Contents, Snapshot
from gan_tui.training.fast.compiled import compiled
from gan_tui.training.models.examples import Examples

GRID = 100
"""Points along each side of a decision surface, as in numpy.mgrid[0:1:0.01, 0:1:0.01]."""

MOST_ANSWERS = 64
"""Points whose answers are told; more are for the surface to show."""
FARTHEST = 1e6
"""Beyond this, no answer is told apart from others."""

Inputs = NDArray[np.float32]
Answering = Callable[[Any], Any]
"""Gives (batch, numbers) of a batch."""


class DecisionSurface(Snapshot):
    """The probability of each class over the unit square: a tile a class, row 0 at y = 0."""

    def __init__(self, answers: Answering, taken_for: Callable[[Inputs], Inputs] = lambda grid: grid) -> None:
        """`answers` are a network's; `taken_for` gives the inputs (n, 2) that points of the unit square stand for."""
        axis = np.arange(GRID, dtype=np.float32) / GRID
        y, x = np.meshgrid(axis, axis, indexing="ij")
        grid = tf.constant(taken_for(np.stack([x.ravel(), y.ravel()], axis=1)))
        self._predict = compiled(lambda: answers(grid))

    def draw(self) -> Contents:
        probabilities = self._predict().numpy().T.reshape(-1, GRID, GRID, 1)
        yield Tiles.of_numbers("surface", "surface", probabilities, 0.0, 1.0, fine=True)


class PointAnswers(Snapshot):
    """What the network answers at each point of the data."""

    share = 0.002

    def __init__(self, answers: Answering, examples: Callable[[], Examples], most: int = MOST_ANSWERS) -> None:
        """`examples` gives the points as they are now: they may be others than before."""
        self._examples, self._most = examples, most
        x = self._points()
        self._x = tf.Variable(x, shape=(None, *x.shape[1:]), trainable=False)
        self._predict = compiled(lambda: answers(self._x))

    def draw(self) -> Contents:
        self._x.assign(self._points())
        rows = np.nan_to_num(self._predict().numpy()).clip(-FARTHEST, FARTHEST).round(5).tolist()
        yield lambda step: Answers(step, rows)

    def _points(self) -> Any:
        examples = self._examples()
        return examples.inputs(np.arange(min(self._most, len(examples))))
