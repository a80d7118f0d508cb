"""Metric series as charts draw them: in bins of equally many steps, each with its extremes and its mean."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from gan_tui.run.series import Floats, Numbers, Series, Steps


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
            self._take(series.first(before + BLOCK + self.width))
            if self._taken == before:  # a log of steps that do not rise, which only a person can have written
                break
        steps, values, starts = self._take(series)
        rest = _binned(steps, values, starts, self.width)
        for column in (*self._points, *self._means):
            column[:] = [np.concatenate(column)]
        return Binned(_joined(self._points, rest.points), _joined(self._means, rest.means))

    def _take(self, series: Series) -> tuple[Steps, Floats, NDArray[np.intp]]:
        """Take in the bins that get no more; returns the points of the one that may, and where it begins among them."""
        steps, values = series.points_after(self._taken)
        starts = _starts(steps, self.width)
        last = int(starts[-1]) if len(starts) else 0
        whole = _binned(steps[:last], values[:last], starts[:-1], self.width)
        for kept, new in ((self._points, whole.points), (self._means, whole.means)):
            for column, numbers in zip(kept, new, strict=True):
                column.append(numbers)
        self._taken += last
        return steps[last:], values[last:], starts[-1:] - last


@dataclass(frozen=True)
class Binned:
    """What a chart draws of a series."""

    points: tuple[Numbers, Numbers]
    """(steps, values): each bin's extremes, where they stand. A spike of a single step survives, which averages would
    lose; a bin without a finite value is one NaN, a gap."""
    means: tuple[Numbers, Numbers]
    """(steps, values): the mean of each bin's finite values, at the bin's last step."""


def _at(steps: Steps, places: NDArray[np.intp]) -> Numbers:
    """The steps at some places."""
    return (steps.start + places if isinstance(steps, range) else steps[places]).astype(np.float64)


def _starts(steps: Steps, width: int) -> NDArray[np.intp]:
    """Where the bins of rising steps begin."""
    if not len(steps):
        return np.zeros(0, np.intp)
    if steps[-1] - steps[0] == len(steps) - 1:  # one by one, as those of nearly all metrics
        return np.concatenate([np.zeros(1, np.intp), np.arange(width - steps[0] % width, len(steps), width)])
    return np.flatnonzero(np.diff(np.asarray(steps) // width, prepend=-1))


def _joined(kept: tuple[list[Numbers], list[Numbers]], rest: tuple[Numbers, Numbers]) -> tuple[Numbers, Numbers]:
    steps, values = (np.concatenate([*column, new]) for column, new in zip(kept, rest, strict=True))
    return steps, values


def _binned(steps: Steps, values: Floats, starts: NDArray[np.intp], width: int) -> Binned:
    """Points whose bins begin at `starts`."""
    if not len(starts):
        nothing = np.zeros(0), np.zeros(0)
        return Binned(nothing, nothing)
    even = len(starts) > 1 and len(values) - starts[-1] == width
    if even and starts[-1] - starts[1] == width * (len(starts) - 2):
        binned = _evenly_binned(steps, values, starts, width)
        if binned:
            return binned
    finite = np.isfinite(values)
    low = _positions(np.where(finite, values, np.inf), starts, np.minimum)
    high = _positions(np.where(finite, values, -np.inf), starts, np.maximum)
    chosen = np.unique(np.concatenate([low, high]))
    ends = np.append(starts[1:], len(steps)) - 1
    counts = np.add.reduceat(finite, starts, dtype=np.float64)
    sums = np.add.reduceat(np.where(finite, values, 0), starts, dtype=np.float64)
    means = np.divide(sums, counts, out=np.full(len(starts), np.nan), where=counts > 0)
    return Binned(
        (_at(steps, chosen), values[chosen].astype(np.float64)),
        (_at(steps, ends), means),
    )


def _evenly_binned(steps: Steps, values: Floats, starts: NDArray[np.intp], width: int) -> Binned | None:
    """The same for bins that are all as full as can be, but for the first: several times as fast. None where a value of
    theirs is not finite, as an extreme then is.
    """
    before = 0 if starts[1] == width else 1  # bins that are less than full
    full, begin = starts[before:], starts[before]
    table = values[begin:].reshape(-1, width)
    extremes = np.stack([table.argmin(1), table.argmax(1)], axis=1)
    extremes.sort(axis=1)
    places = (extremes + full[:, None]).ravel()  # rising; twice there where all of a bin's values are the same
    chosen = np.concatenate([places[:1], places[1:][places[1:] > places[:-1]]])
    extreme_values = values[chosen].astype(np.float64)
    if not np.isfinite(extreme_values).all():
        return None
    points = (_at(steps, chosen), extreme_values)
    means = (_at(steps, full + width - 1), table.mean(1, dtype=np.float64))
    if not before:
        return Binned(points, means)
    first = _binned(steps[:begin], values[:begin], starts[:1], width)
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
