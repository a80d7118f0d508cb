"""Who takes the steps of a run together."""

from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Members:
    """Several replicas; this process has one of them, or several."""

    strategy: Any
    """TensorFlow's, which knows all of them."""
    index: int
    """The number of this worker, from 0."""
    workers: int
    """Processes; each has as many replicas."""

    @property
    def size(self) -> int:
        """Replicas."""
        return int(self.strategy.num_replicas_in_sync)

    @property
    def is_first(self) -> bool:
        """Whether this worker is the run itself: it alone writes, and says what is done."""
        return self.index == 0

    def scope(self) -> AbstractContextManager[Any]:
        """In which variables are made."""
        scope: AbstractContextManager[Any] = self.strategy.scope()
        return scope
