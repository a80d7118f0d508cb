"""Metric series that grow without copying, and what a chart needs of them: fewer points, smoother points."""

import math
import mmap
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
StepNumbers = NDArray[np.int64]


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
        buffer, values = self._buffer, self._buffer.values[count : self.length]
        if buffer.steps is not None:
            return buffer.steps[count : self.length], values
        first = buffer.first or 0
        return np.arange(first + count, first + self.length, dtype=np.int64), values

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
        if old.steps is None:
            start, stop = (int(step - (old.first or 0)) for step in (math.ceil(low), math.floor(high) + 1))
        else:
            start = int(np.searchsorted(self.steps, low, side="left"))
            stop = int(np.searchsorted(self.steps, high, side="right"))
        start, stop = (max(0, min(place, self.length)) for place in (start, stop))
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
        return self.first(int(np.searchsorted(self.steps, step, side="right")))


def bin_width(last_step: int, bins: int) -> int:
    """How many steps a bin holds so that at most `bins` of them reach the last step: 1, 2, 3, 4, 6, 8, 12, 16, …

    It changes seldom while a run grows, and most bins hold what they held before.
    """
    width = 1
    while last_step // width >= bins:
        width = width * 3 // 2 if width & (width - 1) == 0 and width > 1 else max(width * 4 // 3, width + 1)
    return width


def span_of(last_step: int) -> int:
    """How many steps an axis holds while a run grows: 5, 6, 7, 8, 10, 12, 14, 16, 20, …

    It seldom changes, since all that is drawn changes with it, and less than a fifth of it is ever empty.
    """
    size = 1
    while True:
        for span in (5 * size, 6 * size, 7 * size, 8 * size):
            if last_step <= span:
                return span
        size *= 2


BLOCK = 1 << 17
"""Points that are put into bins at once: a long series takes no more room on the way than a short one."""


class Bins:
    """A series in bins of equally many steps, kept up to date in the time that the new points take."""

    def __init__(self, width: int) -> None:
        """Bin n holds the steps from n × `width` on."""
        self.width = width
        self._start_again(object())

    def _start_again(self, past: object) -> None:
        self._past, self._taken = past, 0
        """Points that are in whole bins, taken once and for all."""
        self._points: tuple[list[Numbers], list[Numbers]] = ([], [])
        self._means: tuple[list[Numbers], list[Numbers]] = ([], [])

    def of(self, series: Series) -> "Binned":
        """The series in bins; what was taken before is not looked at again, unless the series has another past."""
        if series.past is not self._past or series.length < self._taken:
            self._start_again(series.past)
        while series.length - self._taken > 2 * BLOCK + self.width:
            before = self._taken
            self._rest_of(series.first(before + BLOCK + self.width))
            if self._taken == before:  # a log of steps that do not rise, which only a person can have written
                break
        return self._rest_of(series)

    def _rest_of(self, series: Series) -> "Binned":
        steps, values = series.after(self._taken)
        starts = _starts(steps, self.width)
        last = int(starts[-1]) if len(starts) else 0  # the bin that may still get more
        whole = _binned(steps[:last], values[:last], starts[:-1], self.width)
        for kept, new in ((self._points, whole.points), (self._means, whole.means)):
            for column, numbers in zip(kept, new, strict=True):
                column[:] = [np.concatenate([*column, numbers])]
        self._taken += last
        rest = _binned(steps[last:], values[last:], starts[-1:] - last, self.width)
        return Binned(_joined(self._points, rest.points), _joined(self._means, rest.means))


Numbers = NDArray[np.float64]


@dataclass(frozen=True)
class Binned:
    """What a chart draws of a series."""

    points: tuple[Numbers, Numbers]
    """(steps, values): each bin's extremes, where they stand. A spike of a single step survives, which averages would
    lose; a bin without a finite value is one NaN, a gap."""
    means: tuple[Numbers, Numbers]
    """(steps, values): the mean of each bin's finite values, at the bin's last step."""


def _starts(steps: StepNumbers, width: int) -> NDArray[np.intp]:
    """Where the bins of rising steps begin."""
    if not len(steps):
        return np.zeros(0, np.intp)
    if steps[-1] - steps[0] == len(steps) - 1:  # one by one, as those of nearly all metrics
        return np.concatenate([np.zeros(1, np.intp), np.arange(width - steps[0] % width, len(steps), width)])
    return np.flatnonzero(np.diff(steps // width, prepend=-1))


def _joined(kept: tuple[list[Numbers], list[Numbers]], rest: tuple[Numbers, Numbers]) -> tuple[Numbers, Numbers]:
    steps, values = (np.concatenate([*column, new]) for column, new in zip(kept, rest, strict=True))
    return steps, values


def _binned(steps: StepNumbers, values: Floats, starts: NDArray[np.intp], width: int) -> Binned:
    """Points whose bins begin at `starts`."""
    if not len(starts):
        nothing = np.zeros(0), np.zeros(0)
        return Binned(nothing, nothing)
    finite = np.isfinite(values)
    all_finite = bool(finite.all())
    if (
        all_finite
        and len(starts) > 1
        and len(values) - starts[-1] == width
        and starts[-1] - starts[1] == width * (len(starts) - 2)
    ):
        return _evenly_binned(steps, values, starts, width)
    low = _positions(np.where(finite, values, np.inf), starts, np.minimum)
    high = _positions(np.where(finite, values, -np.inf), starts, np.maximum)
    chosen = np.unique(np.concatenate([low, high]))
    ends = np.append(starts[1:], len(steps)) - 1
    counts = np.add.reduceat(finite, starts, dtype=np.float64)
    sums = np.add.reduceat(np.where(finite, values, 0), starts, dtype=np.float64)
    means = np.divide(sums, counts, out=np.full(len(starts), np.nan), where=counts > 0)
    return Binned(
        (steps[chosen].astype(np.float64), values[chosen].astype(np.float64)),
        (steps[ends].astype(np.float64), means),
    )


def _evenly_binned(steps: StepNumbers, values: Floats, starts: NDArray[np.intp], width: int) -> Binned:
    """The same for finite values whose bins, but for the first, are all as full as can be: several times as fast."""
    first = _binned(steps[: starts[1]], values[: starts[1]], starts[:1], width)
    table = values[starts[1] :].reshape(-1, width)
    extremes = np.stack([table.argmin(1), table.argmax(1)], axis=1)
    chosen = np.unique((extremes + starts[1:, None]).ravel())
    points = (steps[chosen].astype(np.float64), values[chosen].astype(np.float64))
    means = (steps[starts[1:] + width - 1].astype(np.float64), table.mean(1, dtype=np.float64))
    return Binned(_joined(_listed(first.points), points), _joined(_listed(first.means), means))


def _listed(columns: tuple[Numbers, Numbers]) -> tuple[list[Numbers], list[Numbers]]:
    return [columns[0]], [columns[1]]


def _positions(values: Floats, starts: NDArray[np.intp], extreme: np.ufunc) -> NDArray[np.intp]:
    """Where each stretch that begins at `starts` has its extreme value; the first place of several."""
    extremes = extreme.reduceat(values, starts)
    lengths = np.diff(np.append(starts, len(values)))
    hits = np.flatnonzero(values == np.repeat(extremes, lengths))
    stretch = np.searchsorted(starts, hits, side="right") - 1
    return hits[np.unique(stretch, return_index=True)[1]]


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
    values = np.asarray(until.values[max(0, until.length - longest) :], np.float64)
    if not len(values) or not math.isfinite(values[-1]) or weight <= 0:
        return float(values[-1]) if len(values) else None
    shares = np.isfinite(values) * weight ** np.arange(len(values) - 1, -1, -1.0)
    return float(np.sum(shares * np.nan_to_num(values)) / np.sum(shares))
