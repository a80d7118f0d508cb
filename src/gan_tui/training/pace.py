"""How many steps go into the next call of the compiled function."""

import time
from collections.abc import Callable
from typing import TypeVar

CHUNK_SECONDS = 0.075
"""How long one call should last: short enough for a pause to feel immediate, long enough that Python costs nothing."""
LARGEST_CHUNK = 5000
"""Steps."""

Rows = TypeVar("Rows")


class Pace:
    """Chunks of steps that take about CHUNK_SECONDS each.

    The first is a single step: it compiles, so its time says nothing of what a step takes, and the second is one as
    well. From then on a chunk has as many steps as the one before should have had, four times as many at most.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock, self._steps = clock, 1

    def chunk(self, run: Callable[[int], Rows], most: int) -> Rows:
        """What `run` makes of the next chunk's steps, which are `most` at most."""
        k = min(self._steps, most)
        begin = self._clock()
        rows = run(k)
        seconds = max(self._clock() - begin, 1e-6)
        self._steps = min(max(round(k * CHUNK_SECONDS / seconds), 1), 4 * k, LARGEST_CHUNK)
        return rows
