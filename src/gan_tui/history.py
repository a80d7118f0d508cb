"""Metric series that grow without copying, and what a chart needs of them: fewer points, smoother points."""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
Steps = NDArray[np.int64]


class _Buffer:
    """Room that several snapshots of a series share; only the longest of them may grow into it."""

    def __init__(self, capacity: int) -> None:
        self.steps = np.empty(capacity, np.int64)
        self.values = np.empty(capacity, np.float32)
        self.used = 0


@dataclass(frozen=True)
class Series:
    """The values of one metric by step, immutable: `extended` gives a longer one and leaves this one."""

    _buffer: _Buffer
    length: int = 0

    @staticmethod
    def empty() -> "Series":
        return Series(_Buffer(256))

    @property
    def steps(self) -> Steps:
        """(length,) rising steps, counted from 1."""
        return self._buffer.steps[: self.length]

    @property
    def values(self) -> Floats:
        """(length,) values; NaN stands for a number that was not finite."""
        return self._buffer.values[: self.length]

    @property
    def last(self) -> float | None:
        return float(self._buffer.values[self.length - 1]) if self.length else None

    def extended(self, steps: object, values: object) -> "Series":
        """This series and some later points, in amortized constant time a point."""
        with np.errstate(over="ignore"):  # what single precision cannot hold is drawn as not finite
            new_steps, new_values = np.asarray(steps, np.int64), np.asarray(values, np.float32)
        end = self.length + len(new_steps)
        buffer = self._buffer
        if buffer.used != self.length or end > len(buffer.steps):  # another snapshot has grown there, or it is full
            buffer = _Buffer(max(2 * end, 256))
            buffer.steps[: self.length], buffer.values[: self.length] = self.steps, self.values
        buffer.steps[self.length : end], buffer.values[self.length : end] = new_steps, new_values
        buffer.used = end
        return Series(buffer, end)

    def up_to(self, step: int) -> "Series":
        """The points at `step` and before it."""
        return Series(self._buffer, int(np.searchsorted(self.steps, step, side="right")))


def reduced(steps: Steps, values: Floats, columns: int) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """At most about 2 × `columns` points that draw the same curve: each column's extremes, where they stand.

    A spike of a single step survives, which averages would lose. Columns without a finite value give one NaN,
    a gap.
    """
    if len(steps) <= 2 * columns or columns < 1:
        return steps.astype(np.float64), values.astype(np.float64)
    span = int(steps[-1] - steps[0]) + 1
    edges = steps[0] + np.arange(columns) * span / columns
    starts = np.unique(np.searchsorted(steps, edges))
    starts = starts[starts < len(steps)]
    finite = np.isfinite(values)
    low = _positions(np.where(finite, values, np.inf), starts, np.minimum)
    high = _positions(np.where(finite, values, -np.inf), starts, np.maximum)
    chosen = np.unique(np.concatenate([low, high, [len(steps) - 1]]))
    return steps[chosen].astype(np.float64), values[chosen].astype(np.float64)


def _positions(values: Floats, starts: NDArray[np.intp], extreme: np.ufunc) -> NDArray[np.intp]:
    """Where each stretch that begins at `starts` has its extreme value; the first place of several."""
    extremes = extreme.reduceat(values, starts)
    lengths = np.diff(np.append(starts, len(values)))
    hits = np.flatnonzero(values == np.repeat(extremes, lengths))
    stretch = np.searchsorted(starts, hits, side="right") - 1
    return hits[np.unique(stretch, return_index=True)[1]]


def smoothed(values: Floats, weight: float) -> Floats:
    """An exponential moving average without the pull towards its start (as TensorBoard draws it).

    NaN values are passed over. `weight` in 0..1 is how much of the past stays at each point; 0 returns the
    values as they are.
    """
    if weight <= 0 or len(values) == 0:
        return values
    result = np.empty_like(values)
    average = total = 0.0
    for position, value in enumerate(values.tolist()):
        if math.isfinite(value):
            average = weight * average + (1 - weight) * value
            total = weight * total + (1 - weight)
        result[position] = average / total if total else np.nan
    return result
