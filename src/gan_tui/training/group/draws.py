"""Random numbers as one process would draw them: for the whole batch, of which each replica takes its own rows.

All of Keras's layers draw by the functions of one module, which are replaced in the processes of a group. What is drawn
for each example is told by its shape: how many examples there are is known only once a batch is there.
"""

from collections.abc import Callable
from functools import cache, wraps
from typing import Any

import tensorflow as tf
from keras.src.backend.tensorflow import random

from gan_tui.training.group import shares

_OF_SHAPE = ("normal", "uniform", "randint", "truncated_normal", "gamma", "binomial", "beta")


@cache
def install() -> None:
    """Have what a replica's step draws be its rows of what the whole batch's would, in this process from now on."""
    for name in _OF_SHAPE:
        setattr(random, name, _of_the_whole(getattr(random, name)))
    random.dropout = _dropped(random.dropout)


def _of_the_whole(plain: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(plain)
    def drawn(shape: Any, *given: Any, **how: Any) -> Any:
        share = shares.current()
        if share is None or not _is_of_examples(shape):
            return plain(shape, *given, **how)
        return share.rows(plain(_whole(share, shape), *given, **how))

    return drawn


def _dropped(plain: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(plain)
    def dropout(inputs: Any, rate: float, noise_shape: Any = None, seed: Any = None) -> Any:
        share = shares.current()
        if share is None or rate in (0.0, 1.0) or inputs.shape[0] is not None:
            return plain(inputs, rate, noise_shape, seed)
        noise = random._get_concrete_noise_shape(inputs, noise_shape)
        ones = tf.ones(_whole(share, noise), inputs.dtype)
        return inputs * share.rows(plain(ones, rate, seed=seed))

    return dropout


def _is_of_examples(shape: Any) -> bool:
    """Whether the first axis is of examples: of nothing else it is left open how long it is."""
    return isinstance(shape, tf.Tensor) or (len(shape) > 0 and isinstance(shape[0], tf.Tensor))


def _whole(share: shares.Share, shape: Any) -> Any:
    """The shape of what is drawn for all replicas."""
    first, *rest = tf.unstack(shape) if isinstance(shape, tf.Tensor) else shape
    return tf.stack([share.of_all(first), *rest])
