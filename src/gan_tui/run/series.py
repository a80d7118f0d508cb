"""Metric series that grow without copying, and their smoother values. In bins, for charts: `bins`."""

import math
import mmap
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
StepNumbers = NDArray[np.int64]
Steps = StepNumbers | range
"""Rising steps; a range where they follow one by one, as those of nearly all metrics do: a million of them are written
out for nobody."""

Numbers = NDArray[np.float64]


def _room(capacity: int, kind: type[np.generic]) -> NDArray[Any]:
    """Numbers yet to be written. Much of it takes no memory before: numpy would ask for it 2 MB at a time."""
    size = capacity * np.dtype(kind).itemsize
    return np.empty(capacity, kind) if size < _LARGE else np.frombuffer(mmap.mmap(-1, size), kind, capacity)


_LARGE = 1 << 14
"""Bytes, from which on it has pages of its own: what a series grows out of would leave holes among others' memory."""


class _Buffer:
    """Room that several snapshots of a series share; only the longest of them may grow into it."""

    def __init__(self, capacity: int, first: int | None = None, explicit: bool = False) -> None:
        self.first = first
        """The first step, where the others follow one by one, as those of nearly all metrics do."""
        self.steps: StepNumbers | None = _room(capacity, np.int64) if explicit else None
        """All steps, where they do not."""
        self.values = _room(capacity, np.float32)
        self.used = 0
        self.past = object()
        """Shared by buffers that hold the same points as far as both go."""

    def goes_on_with(self, steps: StepNumbers, after: int) -> bool:
        """Whether steps that come after so many points need not be kept."""
        if self.steps is not None:
            return False
        begins = self.first is None or int(steps[0]) == self.first + after
        spans = int(steps[-1] - steps[0]) == len(steps) - 1
        # Compared as numbers, not as an array of booleans: numpy keeps seven arrays of each size below 1,024 bytes.
        return begins and spans and (len(steps) == 1 or int(np.diff(steps).min()) == 1)

    def place_after(self, step: int, length: int) -> int:
        """How many of the first `length` points are at a step or before it."""
        if self.steps is not None:
            return int(np.searchsorted(self.steps[:length], step, side="right"))
        return max(0, min(int(step) + 1 - (self.first or 0), length))


@dataclass(frozen=True)
class Series:
    """The values of one metric by step, immutable: `extended` gives a longer one and leaves this one."""

    _buffer: _Buffer
    length: int = 0

    @staticmethod
    def empty() -> "Series":
        return Series(_Buffer(256))

    @property
    def steps(self) -> StepNumbers:
        """(length,) rising steps, counted from 1."""
        return self.after(0)[0]

    @property
    def values(self) -> Floats:
        """(length,) values; NaN stands for a number that was not finite."""
        return self._buffer.values[: self.length]

    def after(self, count: int) -> tuple[StepNumbers, Floats]:
        """(steps, values) of the points after the first `count`."""
        steps = self._steps_after(count)
        if isinstance(steps, range):
            steps = np.arange(steps.start, steps.stop, dtype=np.int64)
        return steps, self._buffer.values[count : self.length]

    def points_after(self, count: int) -> tuple[Steps, Floats]:
        """As `after`, but steps that follow one by one are not written out."""
        return self._steps_after(count), self._buffer.values[count : self.length]

    def _steps_after(self, count: int) -> Steps:
        """The steps of the points after the first `count`."""
        if self._buffer.steps is not None:
            return self._buffer.steps[count : self.length]
        first = self._buffer.first or 0
        return range(first + count, first + self.length)

    @property
    def past(self) -> object:
        """The same object for series that agree as far as both go."""
        return self._buffer.past

    @property
    def last(self) -> float | None:
        return float(self._buffer.values[self.length - 1]) if self.length else None

    @property
    def last_step(self) -> int:
        """The step of the last point, 0 without one."""
        return int(self.after(self.length - 1)[0][0]) if self.length else 0

    def extended(self, steps: object, values: object) -> "Series":
        """This series and some later points, in amortized constant time a point."""
        with np.errstate(over="ignore"):  # what single precision cannot hold is drawn as not finite
            new_steps, new_values = np.asarray(steps, np.int64), np.asarray(values, np.float32)
        if not len(new_steps):
            return self
        end = self.length + len(new_steps)
        buffer = self._buffer if self.length else _Buffer(max(2 * end, 256))
        simple = buffer.goes_on_with(new_steps, self.length)
        if buffer.used != self.length or end > len(buffer.values) or simple == (buffer.steps is not None):
            buffer = self._moved(2 * end, not simple)
        if simple:
            buffer.first = int(new_steps[0]) - self.length
        elif buffer.steps is not None:
            buffer.steps[self.length : end] = new_steps
        buffer.values[self.length : end] = new_values
        buffer.used = end
        return Series(buffer, end)

    def _moved(self, capacity: int, explicit: bool) -> _Buffer:
        """A larger buffer with the same points: another snapshot has grown in this one, or it is full."""
        old = self._buffer
        buffer = _Buffer(max(capacity, 256), old.first, explicit)
        if old.used == self.length:
            buffer.past = old.past
        if buffer.steps is not None:
            buffer.steps[: self.length] = self.steps
        buffer.values[: self.length] = self.values
        return buffer

    def between(self, low: float, high: float) -> "Series":
        """The points at the steps from `low` to `high`; they share their numbers with this one."""
        old = self._buffer
        start, stop = (old.place_after(step, self.length) for step in (math.ceil(low) - 1, math.floor(high)))
        part = _Buffer(1, (old.first or 0) + start, False)
        part.steps = None if old.steps is None else old.steps[start:stop]
        part.values, part.used = old.values[start:stop], max(0, stop - start)
        return Series(part, part.used)

    def latest(self) -> "Series":
        """The last point alone."""
        return Series.empty().extended(*self.after(max(0, self.length - 1)))

    def first(self, count: int) -> "Series":
        """The first so many points."""
        return Series(self._buffer, min(count, self.length))

    def up_to(self, step: int) -> "Series":
        """The points at `step` and before it."""
        return self.first(self._buffer.place_after(step, self.length))


def smoothed(values: Numbers, weight: float, counts: Numbers | None = None) -> Numbers:
    """An exponential moving average without the pull towards its start (as TensorBoard draws it).

    NaN values stay gaps, and the average goes on behind them. `weight` in 0..1 is how much of the past stays at each
    step, of which a value stands for so many (`counts`, by default one); 0 returns the values as they are.
    """
    if weight <= 0 or len(values) == 0:
        return values
    result = np.full_like(values, np.nan)
    average = total = 0.0
    shares = (weight ** (np.ones(len(values)) if counts is None else counts)).tolist()
    for position, (value, stays) in enumerate(zip(values.tolist(), shares, strict=True)):
        if math.isfinite(value):
            average = stays * average + (1 - stays) * value
            total = stays * total + (1 - stays)
            result[position] = average / total
    return result


def average_at(series: Series, weight: float, step: int | None = None) -> float | None:
    """The moving average over all steps until one, by default the last, as `smoothed` means it; None before the first.

    It is NaN where the step's own value is. What is older than counts to a millionth is left out.
    """
    until = series if step is None else series.up_to(step)
    longest = math.ceil(math.log(1e-6) / math.log(weight)) if 0 < weight < 1 else 1
    steps, last = until.after(max(0, until.length - longest))
    values = np.asarray(last, np.float64)
    if not len(values) or not math.isfinite(values[-1]) or weight <= 0:
        return float(values[-1]) if len(values) else None
    counts = np.diff(steps, prepend=steps[0] - 1)
    shares = np.isfinite(values) * (1 - weight**counts) * weight ** (steps[-1] - steps).astype(np.float64)
    return float(np.sum(shares * np.nan_to_num(values)) / np.sum(shares))
