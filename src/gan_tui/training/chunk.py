"""The compiled function of training: k steps in one call.

One call of k steps pays for Python once, and gives the metrics of every one of the k steps. Nothing that is
computed depends on k: which examples a step sees is a function of (seed, epoch, place in the epoch), and
random states advance inside the graph.
"""

from collections.abc import Sequence
from typing import Any

import keras
import numpy as np
import tensorflow as tf
from numpy.typing import NDArray

from gan_tui.training.datasets import Examples


class Steps:
    """Runs a model's own `train_step` over shuffled batches."""

    def __init__(
        self,
        model: keras.Model,
        examples: Examples,
        batch_size: int,
        seed: int,
        metrics: Sequence[str],
        whole_batches: bool,
        growing: bool = False,
    ) -> None:
        """`whole_batches` leaves out the last examples of an epoch where they do not fill a batch.

        `growing` examples may be replaced while training, where every step sees all of them.
        """
        self.metrics = tuple(metrics)
        count = len(examples)
        self.per_epoch = count // batch_size if whole_batches else -(-count // batch_size)
        self.done = tf.Variable(0, dtype=tf.int64, trainable=False, name="step")
        self._model, self._feed, self._count, self._batch, self._seed = (
            model,
            Feed(examples, growing),
            count,
            batch_size,
            seed,
        )
        self._order = tf.Variable(tf.range(count), trainable=False, name="order")
        self._run = tf.function(self._steps, input_signature=[tf.TensorSpec((), tf.int32)])

    def replace(self, examples: Examples) -> None:
        """Train on other examples from the next step on."""
        self._feed.replace(examples)

    def run(self, k: int) -> NDArray[np.float32]:
        """Train k steps; returns (k, metrics) values, a row a step."""
        rows: NDArray[np.float32] = self._run(tf.constant(k, tf.int32)).numpy()
        return rows

    def go_to(self, step: int) -> None:
        """Take the place in the data that a run has after `step` steps."""
        self.done.assign(step)
        if self.per_epoch > 1:
            self._order.assign(self._shuffled(tf.constant(step // self.per_epoch, tf.int64)))

    def _steps(self, k: Any) -> Any:
        rows = tf.TensorArray(tf.float32, size=k, element_shape=(len(self.metrics),))
        for row in tf.range(k):
            self._model.reset_metrics()  # each row is its own step's, no running mean
            logs = self._model.train_step(self._feed.batch(self._next_positions()))
            rows = rows.write(row, tf.stack([tf.cast(logs[name], tf.float32) for name in self.metrics]))
            self.done.assign_add(1)
        return rows.stack()

    def _next_positions(self) -> Any:
        """The positions of the next batch's examples."""
        if self.per_epoch == 1 and self._batch >= self._count:
            return self._feed.all_positions()  # every step sees everything: no order to shuffle
        place = self.done % self.per_epoch
        if place == 0:
            self._order.assign(self._shuffled(self.done // self.per_epoch))
        start = tf.cast(place, tf.int32) * self._batch
        return self._order[start : tf.minimum(start + self._batch, self._count)]

    def _shuffled(self, epoch: Any) -> Any:
        seed = tf.stack([tf.constant(self._seed, tf.int64), epoch])
        return tf.random.experimental.stateless_shuffle(tf.range(self._count), seed=seed)


class Feed:
    """Examples held by the device, made into numbers a batch at a time."""

    def __init__(self, examples: Examples, growing: bool = False) -> None:
        """`growing` examples may be replaced by more or fewer."""
        hold = _growing if growing else tf.constant
        self._x, self._y = hold(examples.x), hold(examples.y)
        self._scale, self._offset = examples.scale, examples.offset

    def replace(self, examples: Examples) -> None:
        """From the next batch on, these are the examples."""
        self._x.assign(examples.x)
        self._y.assign(examples.y)

    def all_positions(self) -> Any:
        """The positions of all examples."""
        return tf.range(tf.shape(self._x)[0])

    def batch(self, positions: Any) -> tuple[Any, Any]:
        x = tf.cast(tf.gather(self._x, positions), tf.float32)
        if self._scale != 1.0 or self._offset != 0.0:
            x = x * self._scale + self._offset
        return x, tf.gather(self._y, positions)


def _growing(values: NDArray[Any]) -> Any:
    return tf.Variable(values, shape=(None, *values.shape[1:]), trainable=False)
