"""Examples on their way into a step: from memory, or from their file, read ahead by tf.data.

Both give the same numbers in the same order, so a run may begin with one and go on with the other.
"""

import math
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np
import tensorflow as tf
from numpy.typing import NDArray

from gan_tui.data.rows import StoredRows
from gan_tui.errors import UserError
from gan_tui.training.fast.compiled import as_written
from gan_tui.training.models.examples import Examples

AHEAD, AHEAD_BYTES = 8, 1 << 26
"""Batches read before they are asked for, and what they may take up, if there is more than one."""


class Feed:
    """Examples held by the device, made into numbers a batch at a time."""

    def __init__(self, examples: Examples, growing: bool = False) -> None:
        """`growing` examples may be replaced by more or fewer."""
        assert not isinstance(examples.x, StoredRows)
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
        """Inputs and targets, in a compiled function."""
        return as_numbers(tf.gather(self._x, positions), self._scale, self._offset), tf.gather(self._y, positions)


class StoredFeed:
    """Examples that stay in their file."""

    def __init__(self, examples: Examples) -> None:
        self._examples = examples
        self.problem: UserError | None = None
        """What reading has met: a compiled function can raise nothing but an error of TensorFlow's."""

    def batch(self, positions: Any) -> tuple[Any, Any]:
        """Inputs and targets, in a compiled function."""
        x, y = self._stored(positions)
        return self.numbers(x), y

    def numbers(self, x: Any) -> Any:
        """Inputs for a network, of inputs as they are stored."""
        return as_numbers(x, self._examples.scale, self._examples.offset)

    def ahead(self, orders: tf.data.Dataset, batch: int) -> tf.data.Dataset:
        """Inputs as they are stored, and targets, for the positions of each batch of about that size."""
        size = batch * math.prod(self._examples.x.shape[1:])
        ahead = max(1, min(AHEAD, AHEAD_BYTES // size))
        read = orders.map(as_written(self._stored), min(2, ahead), deterministic=True).prefetch(ahead)
        return read.with_options(_untuned())

    def _stored(self, positions: Any) -> tuple[Any, Any]:
        kept, targets = self._examples.x, self._examples.y
        x, y = tf.numpy_function(self._read, [positions], [tf.uint8, tf.as_dtype(targets.dtype)])
        return tf.ensure_shape(x, (None, *kept.shape[1:])), tf.ensure_shape(y, (None, *targets.shape[1:]))

    def _read(self, positions: NDArray[np.intp]) -> tuple[NDArray[Any], NDArray[Any]]:
        try:
            return self._examples.inputs(positions), self._examples.y[positions]
        except UserError as problem:
            self.problem = problem
            raise


def _untuned() -> tf.data.Options:
    """Nothing is left to tf.data to choose. The thread in which it would choose sleeps for up to a minute, and whoever
    lets go of an iterator waits for it: on busy cores, a run that was stopped did not end, and a sweep stood still.
    """
    options = tf.data.Options()
    options.autotune.enabled = False
    return options


@contextmanager
def in_words(feed: Feed | StoredFeed) -> Iterator[None]:
    """Raises UserError with what reading has met, for the error of a compiled function that came of it."""
    try:
        yield
    except tf.errors.OpError:
        if isinstance(feed, StoredFeed) and feed.problem:
            raise feed.problem from None
        raise


def feed_of(examples: Examples, growing: bool = False) -> Feed | StoredFeed:
    """What feeds these examples to a step."""
    return StoredFeed(examples) if isinstance(examples.x, StoredRows) else Feed(examples, growing)


def orders(per_epoch: int, batch: int, shuffled: Callable[[Any], Any], step: int) -> tf.data.Dataset:
    """The positions of each batch from a step on, without end; `shuffled` gives the positions in an epoch's order."""

    def of_epoch(epoch: Any) -> tf.data.Dataset:
        order = shuffled(epoch)
        return tf.data.Dataset.range(per_epoch).map(lambda place: order[place * batch : (place + 1) * batch])

    return tf.data.Dataset.counter(step // per_epoch).flat_map(as_written(of_epoch)).skip(step % per_epoch)


def as_numbers(stored: Any, scale: float, offset: float) -> Any:
    """float32: as they are stored × scale + offset."""
    x = tf.cast(stored, tf.float32)
    return x if scale == 1.0 and offset == 0.0 else x * scale + offset


def _growing(values: NDArray[Any]) -> Any:
    return tf.Variable(values, shape=(None, *values.shape[1:]), trainable=False)
