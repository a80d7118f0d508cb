"""What the workers of a group tell each other outside of steps, all by sums of whole numbers: to the bit."""

import struct
import time
from collections.abc import Sequence
from typing import Any

import numpy as np
import tensorflow as tf
from numpy.typing import NDArray

from gan_tui.training.fast.compiled import compiled
from gan_tui.training.group import shares
from gan_tui.training.group.members import Members

AT_ONCE = 1 << 22
"""Whole numbers, of four bytes each, in one sum."""
MEASURED = 3
"""Sums whose time is measured: another program's turn makes some of them longer."""


def as_two(count: int) -> NDArray[np.int32]:
    """A count that may be more than a number of four bytes holds, for a sum: variables may be many gigabytes."""
    return np.array([count], np.int64).view(np.int32)


def of_two(numbers: NDArray[np.int32]) -> int:
    """The count again, where one worker alone has told one."""
    return int(numbers.view(np.int64)[0])


class Rounds:
    """Sums over all workers; each of them must ask for the same ones in the same order."""

    def __init__(self, group: Members) -> None:
        self._group = group
        self.seconds = 0.0
        """What `measure` has found."""
        self._sum = compiled(self.sum, input_signature=[tf.TensorSpec((None,), tf.int32)])

    # In the graph ----------------------------------------------------------------------------

    def sum(self, own: Any) -> Any:
        """The sum of what each worker has."""
        return self._reduced(own) if self._group.workers > 1 else own

    def mean(self, rows: Any) -> Any:
        """The mean of the rows that each worker has. A row more is summed up: there may be none."""
        if self._group.workers == 1:
            return rows
        more = tf.concat([rows, tf.zeros((1, rows.shape[1]), rows.dtype)], 0)
        return self._reduced(more / self._group.workers)[:-1]

    def _reduced(self, own: Any) -> Any:
        """By the first replica of each worker; its others add nothing."""
        strategy = self._group.strategy
        local = strategy.num_replicas_in_sync // self._group.workers

        def on_replica(own: Any) -> Any:
            first = shares.replica() % local == 0
            return shares.summed(tf.identity(own) if first else tf.zeros_like(own))

        return strategy.experimental_local_results(strategy.run(on_replica, args=(own,)))[0]

    # Rounds ----------------------------------------------------------------------------------

    def told(self, content: bytes = b"") -> bytes:
        """What worker 0 tells; the others' contents are nothing to anyone."""
        content = content if self._group.is_first else b""
        length = of_two(self._summed(as_two(len(content))))
        pieces = []
        for start in range(0, length, 4 * AT_ONCE):
            size = min(4 * AT_ONCE, length - start)
            padded = content[start : start + size].ljust(-(-size // 4) * 4, b"\0")
            pieces.append(self._summed(np.frombuffer(padded, np.int32)).tobytes()[:size])
        return b"".join(pieces)

    def each(self, own: bytes) -> list[bytes]:
        """What each worker tells, all as many bytes as this one, a multiple of four."""
        table = np.zeros((self._group.workers, len(own) // 4), np.int32)
        table[self._group.index] = np.frombuffer(own, np.int32)
        return [row.tobytes() for row in self._summed(table.ravel()).reshape(table.shape)]

    def numbers(self, own: Sequence[float]) -> NDArray[np.float64]:
        """(workers, numbers): what each worker tells, as many as this one does."""
        if not own:
            return np.zeros((self._group.workers, 0))
        return np.array([struct.unpack(f"{len(own)}d", row) for row in self.each(struct.pack(f"{len(own)}d", *own))])

    def measure(self, numbers: int) -> None:
        """How long it takes to put so many numbers together, while nobody does anything else, at best."""
        if self._group.workers == 1:
            return
        nothing = np.zeros(numbers, np.int32)
        self._summed(nothing)
        took = []
        for _ in range(MEASURED):
            begun = time.monotonic()
            self._summed(nothing)
            took.append(time.monotonic() - begun)
        self.seconds = min(took)

    def _summed(self, own: NDArray[np.int32]) -> NDArray[np.int32]:
        summed: NDArray[np.int32] = self._sum(tf.constant(own, tf.int32)).numpy()
        return summed
