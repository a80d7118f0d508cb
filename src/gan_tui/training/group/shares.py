"""Which rows of the global batch the replica has whose step is being traced.

MirroredStrategy traces each replica in a thread of its own, and they take turns whenever something is reduced: so what
is being traced is known by thread.
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import tensorflow as tf

_traced = threading.local()


class Share:
    """A replica's rows. A batch may be of several parts, one after the other, and of each it has as many.

    So the rows of what is made of a share of a batch lie as in what would be made of the whole: part after part.
    """

    def __init__(self, examples: Any, parts: int, replica: int, replicas: int) -> None:
        """Of a batch of so many examples, a tensor, in so many parts."""
        self.whole = examples // parts
        """Examples of a part in all replicas together."""
        self.own = self.whole // replicas
        self.replica, self.replicas = replica, replicas

    def rows(self, whole: Any) -> Any:
        """This replica's rows of what was made for all of the batch, or of a part, or of several after each other."""
        rest, start = tf.shape(whole)[1:], self.own * self.replica
        parts = tf.reshape(whole, tf.concat([[-1, self.whole], rest], 0))
        rows = tf.reshape(parts[:, start : start + self.own], tf.concat([[-1], rest], 0))
        return tf.ensure_shape(rows, (None, *whole.shape[1:]))

    def of_all(self, rows: Any) -> Any:
        """How many rows all replicas have together, where this one has so many."""
        return rows // self.own * self.whole


def current() -> Share | None:
    """The share of the replica that is being traced; None where one process has all."""
    return getattr(_traced, "share", None)


@contextmanager
def taken(share: Share) -> Iterator[None]:
    """What is traced here is of a replica with this share."""
    _traced.share = share
    try:
        yield
    finally:
        _traced.share = None


def replica() -> int:
    """The number among all replicas of the one that is being traced."""
    return int(tf.get_static_value(tf.distribute.get_replica_context().replica_id_in_sync_group))


# What is put together ------------------------------------------------------------------------------------


def summed(tensors: Any) -> Any:
    """The sum over all replicas of a tensor, or of each of several."""
    return tf.distribute.get_replica_context().all_reduce(tf.distribute.ReduceOp.SUM, tensors)


def weight() -> Any:
    """How much the mean over this replica's examples counts in the mean over all; None where it has all."""
    share = current()
    return None if share is None else tf.constant(1.0 / share.replicas)


def here(variable: Any) -> Any:
    """The part of a strategy's variable that is the traced replica's own."""
    if current() is None:
        return variable
    own = tf.distribute.get_strategy().experimental_local_results(variable)
    return own[replica() % len(own)]
