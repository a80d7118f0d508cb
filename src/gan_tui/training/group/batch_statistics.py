"""Batch normalization by the statistics of the whole batch.

Keras's own `synchronized` has the variance from a difference of two sums of squares, which loses digits, and reduces
three times; here each replica's mean and variance are told to all at once, and joined as Chan, Golub and LeVeque do
(1979, STAN-CS-79-773).

TensorFlow takes the mean for a constant where it computes the variance, which is right for a gradient, and not for the
gradient of a gradient, as a penalty for slopes has it. A group is to be as one process is, so it does the same.
"""

from functools import cache
from typing import Any

import keras
import tensorflow as tf

from gan_tui.training.group import shares

_of_rows = keras.layers.BatchNormalization._moments


@cache
def install() -> None:
    """Have batch normalization in a replica's step take the whole batch's statistics, in this process from now on."""
    keras.layers.BatchNormalization._moments = _moments


def _moments(layer: Any, inputs: Any, mask: Any) -> tuple[Any, Any]:
    """(mean, variance), each (channels,)"""
    mean, variance = _of_rows(layer, inputs, mask)
    share = shares.current()
    if share is None:
        return mean, variance
    count = tf.ones((1,), mean.dtype) if mask is None else tf.reshape(tf.reduce_sum(tf.cast(mask, mean.dtype)), (1,))
    own = tf.concat([mean, variance, count], 0)
    of_all = shares.summed(tf.one_hot(share.replica, share.replicas, dtype=own.dtype)[:, None] * own[None])
    means, variances, counts = tf.split(of_all, (mean.shape[0], mean.shape[0], 1), 1)
    parts = counts / tf.reduce_sum(counts)
    together = tf.reduce_sum(parts * means, 0)
    off = tf.stop_gradient(means - together)
    nothing = means - tf.stop_gradient(means)  # but for its gradient
    return together, tf.reduce_sum(parts * (variances + 2.0 * off * nothing + tf.square(off)), 0)
