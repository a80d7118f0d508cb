"""The compiled function of training: k steps in one call.

One call of k steps pays for Python once, and gives the metrics of every one of the k steps. Nothing that is
computed depends on k: which examples a step sees is a function of (seed, epoch, place in the epoch), and
random states advance inside the graph.
"""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import tensorflow as tf
from numpy.typing import NDArray

from gan_tui.training.fast.compiled import compiled
from gan_tui.training.models.examples import Examples
from gan_tui.training.models.feed import Feed, feed_of, in_words, orders
from gan_tui.training.models.learner import Learner


class Steps:
    """Runs a learner's `train_step` over shuffled batches."""

    def __init__(
        self,
        learner: Learner,
        examples: Examples,
        batch_size: int,
        seed: int,
        metrics: Sequence[str],
        whole_batches: bool,
        growing: bool = False,
        augmented: Callable[[Any], Any] | None = None,
        rates: Callable[[NDArray[np.int64]], NDArray[np.float32]] | None = None,
    ) -> None:
        """`whole_batches` leaves out the last examples of an epoch where they do not fill a batch.

        `growing` examples may be replaced while training, where every step sees all of them. `augmented` changes the
        inputs of each batch. `rates` are the last of the metrics, known of each step without computing it.
        """
        self.metrics, self._augmented, self._rates = tuple(metrics), augmented, rates
        self._of_learner = self.metrics[:-1] if rates else self.metrics
        self._taken = 0
        count = len(examples)
        self.per_epoch = count // batch_size if whole_batches else -(-count // batch_size)
        self._learner, self._feed, self._count, self._batch = learner, feed_of(examples, growing), count, batch_size
        # Where tf.data and every choice in the graph read them: no step waits for a GPU's answer.
        with tf.device("CPU:0"):
            self.done = tf.Variable(0, dtype=tf.int64, trainable=False, name="step")
            self._seed = tf.Variable(seed, dtype=tf.int64, trainable=False, name="seed")
            self._order = tf.Variable(tf.range(count), trainable=False, name="order")
        self._run = compiled(self._steps)
        self._batches = self._batches_from(0)

    @property
    def sizes(self) -> tuple[int, int]:
        """Examples in a step, and in the last step of an epoch."""
        left = self._count - (self.per_epoch - 1) * self._batch
        return self._batch, min(left, self._batch)

    def replace(self, examples: Examples) -> None:
        """Train on other examples from the next step on."""
        assert isinstance(self._feed, Feed)
        self._feed.replace(examples)

    def run(self, k: int) -> NDArray[np.float32]:
        """Train k steps; returns (k, metrics) values, a row a step. Raises UserError when data can be read no more."""
        with in_words(self._feed):
            rows: NDArray[np.float32] = self._run(tf.constant(k, tf.int32), self._batches).numpy()
        return self._with_rates(rows)

    def _with_rates(self, rows: NDArray[np.float32]) -> NDArray[np.float32]:
        """Values of the learner's metrics in the next steps, with the rates of these steps, where they are told."""
        first, self._taken = self._taken, self._taken + len(rows)
        return np.column_stack([rows, self._rates(np.arange(first, self._taken))]) if self._rates else rows

    def go_to(self, step: int) -> None:
        """Take the place in the data that a run has after `step` steps."""
        self.done.assign(step)
        self._taken = step
        self._batches = self._batches_from(step)
        if self.per_epoch > 1:
            self._order.assign(self._shuffled(tf.constant(step // self.per_epoch, tf.int64)))

    def restart(self, seed: int) -> None:
        """Go to where a run from that seed begins. What is compiled stays so: the seed is a variable."""
        self._seed.assign(seed)
        self.go_to(0)

    def _batches_from(self, step: int) -> Any:
        """An iterator of batches read ahead, where examples stay in their file."""
        if isinstance(self._feed, Feed):
            return None
        in_order = (lambda _: tf.range(self._count)) if self._sees_all else self._shuffled
        return iter(self._feed.ahead(orders(self.per_epoch, self._batch, in_order, step), self._batch))

    @property
    def _sees_all(self) -> bool:
        """Whether every step sees all examples."""
        return self.per_epoch == 1 and self._batch >= self._count

    def _next_batch(self, batches: Any) -> tuple[Any, Any]:
        if isinstance(self._feed, Feed):
            return self._feed.batch(self._next_positions(self._feed))
        x, y = next(batches)
        return self._feed.numbers(x), y

    def _steps(self, k: Any, batches: Any) -> Any:
        def step(row: Any, rows: Any) -> tuple[Any, Any]:
            rows = rows.write(row, self._learned(*self._next_batch(batches)))
            self.done.assign_add(1)
            return row + 1, rows

        rows = tf.TensorArray(tf.float32, size=k, element_shape=(len(self._of_learner),))
        _, rows = tf.while_loop(lambda row, _: row < k, step, (0, rows))
        return rows.stack()

    def _learned(self, x: Any, y: Any) -> Any:
        """One step on a batch; returns its metrics."""
        self._learner.reset_metrics()  # each row is its own step's, no running mean
        logs = self._learner.train_step((self._augmented(x) if self._augmented else x, y))
        return tf.stack([tf.cast(logs[name], tf.float32) for name in self._of_learner])

    def _next_positions(self, feed: Feed) -> Any:
        """The positions of the next batch's examples, among those that are held."""
        if self._sees_all:
            return feed.all_positions()  # every step sees everything: no order to shuffle
        place = self.done % self.per_epoch
        tf.cond(place == 0, self._renew_order, lambda: False)
        start = tf.cast(place, tf.int32) * self._batch
        return self._order[start : tf.minimum(start + self._batch, self._count)]

    def _renew_order(self) -> bool:
        """What it returns is for `tf.cond` alone, whose two branches must give values of one kind."""
        self._order.assign(self._shuffled(self.done // self.per_epoch))
        return True

    def _shuffled(self, epoch: Any) -> Any:
        return tf.random.experimental.stateless_shuffle(tf.range(self._count), seed=tf.stack([self._seed, epoch]))
