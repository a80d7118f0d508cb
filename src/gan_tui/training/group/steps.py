"""The compiled function of a group's training: k steps in one call, each taken by every replica.

k is agreed on inside the call: worker 0's is its own, the others add nothing to it. So pausing, stepping, saving and
stopping need nothing else, and no worker can be a step ahead. Metrics stay where they were measured until the call's
end: reducing them step by step took up to two thirds of small steps' time again.
"""

import threading
import time
from collections.abc import Sequence
from typing import Any

import numpy as np
import tensorflow as tf
from numpy.typing import NDArray

from gan_tui.training.group import shares, words
from gan_tui.training.group.members import Members
from gan_tui.training.group.rounds import Rounds
from gan_tui.training.models.feed import Feed, in_words
from gan_tui.training.models.steps import Steps


class GroupSteps(Steps):
    """Steps of the global batch. Worker 0 runs them; what the others do is in `following.py`."""

    def __init__(self, group: Members, parts: int, *given: Any, **how: Any) -> None:
        """`parts`: batches in a step, one after the other."""
        self.group, self._parts = group, parts
        self.rounds = Rounds(group)
        self._speaking = threading.Lock()
        self._seconds = 0.0
        """Of a step in the last call."""
        self.spoken_at = time.monotonic()
        """When the group last took part in a call."""
        self.total_of_group = 0
        """After how many steps worker 0 ends, as it has told another; 0 where it has not."""
        super().__init__(*given, **how)

    # What worker 0 says ----------------------------------------------------------------------

    def run(self, k: int) -> NDArray[np.float32]:
        begun = time.monotonic()
        rows = self.say(k)[1]
        self._seconds = (time.monotonic() - begun) / max(1, len(rows))
        return self._with_rates(rows)

    def reducing(self) -> float | None:
        """At most this share of the last call's time went into putting gradients together: as long as that takes by
        itself, though it may go on beside a step's own work. None where that bounds nothing, or is not known.
        """
        share = self.rounds.seconds / self._seconds if self._seconds and self.rounds.seconds else 1.0
        return share if share < 1 else None

    def end(self) -> None:
        """Nothing more is to come: the others end."""
        self.say(words.END)

    def idle(self) -> bool:
        """Say that there is nothing to do for the moment, unless something is being said; whether it was."""
        if not self._speaking.acquire(blocking=False):
            return False
        try:
            self._said(words.IDLE)
        finally:
            self._speaking.release()
        return True

    def usage(self, own: Sequence[float]) -> NDArray[np.float64]:
        """(workers, numbers): what each tells of itself, as many as this one does."""
        with self._speaking:
            self._said(words.USAGE)
            return self.rounds.numbers(own)

    def share(self, word: int, content: bytes) -> None:
        """Give the others a content in a round of that name."""
        with self._speaking:
            self._said(word)
            self.rounds.told(content)

    # Both sides ------------------------------------------------------------------------------

    def say(self, word: int) -> tuple[int, NDArray[np.float32]]:
        """Take part in a call; returns what was agreed on and, of steps, (k, metrics) values, a row a step."""
        with self._speaking:
            return self._said(word)

    def _said(self, word: int) -> tuple[int, NDArray[np.float32]]:
        with in_words(self._feed):
            agreed, rows = self._run(tf.constant(word, tf.int32), self._batches)
        self.spoken_at = time.monotonic()
        return int(agreed), rows.numpy()

    # In the graph ------------------------------------------------------------------------------

    def _steps(self, k: Any, batches: Any) -> Any:
        strategy, agreed = self.group.strategy, self.rounds.sum(k)

        def step(row: Any, rows: Any) -> tuple[Any, Any]:
            values = strategy.experimental_local_results(strategy.run(self._on_replica, args=self._taken_in(batches)))
            self.done.assign_add(1)
            return row + 1, rows.write(row, tf.add_n(values) / len(values))

        measured = len(self._of_learner)
        rows = tf.TensorArray(tf.float32, size=tf.maximum(agreed, 0), element_shape=(measured,))
        _, rows = tf.while_loop(lambda row, _: row < agreed, step, (0, rows))
        return agreed, self.rounds.mean(rows.stack())

    def _taken_in(self, batches: Any) -> tuple[Any, ...]:
        """The next batch, whole: the positions of its examples, or what was read ahead."""
        return (self._next_positions(self._feed),) if isinstance(self._feed, Feed) else next(batches)

    def _on_replica(self, *whole: Any) -> Any:
        """One step on this replica's rows; returns its metrics."""
        share = shares.Share(tf.shape(whole[0])[0], self._parts, shares.replica(), self.group.size)
        with shares.taken(share):
            rows = [share.rows(each) for each in whole]
            x, y = self._feed.batch(*rows) if isinstance(self._feed, Feed) else (self._feed.numbers(rows[0]), rows[1])
            return self._learned(x, y)
