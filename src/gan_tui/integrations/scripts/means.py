"""Each step's own values, from the means over the epoch so far that Keras hands out.

Of means m with the weights W that have gone into them, the own value of a step is (mₜWₜ - mₛWₛ) / (Wₜ - Wₛ). Means are
of 24 bits, so it is known the less exactly the longer an epoch has lasted: to 3e-5 after 400 steps, 8e-4 after 10,000
(measured, of values near 1). No more digits are told than are known.
"""

import math
from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

Columns = dict[str, NDArray[np.float64]]

_LEAST = float(np.finfo(np.float32).eps) / 2
"""How exactly a mean is known, as a share of it."""


def matches(value: float, total: float, count: float) -> bool:
    """Whether a value that was handed out is the mean that a metric has now."""
    return bool(count) and math.isclose(value, total / count, rel_tol=1e-5, abs_tol=1e-12)


def tells_nothing(value: float) -> bool:
    """Whether many metrics have this value: no match of it says that two are the same."""
    return not math.isfinite(value) or value in (0.0, 1.0)


class RunningMeans:
    """What was handed out in an epoch, and how much of it each step was."""

    def __init__(self) -> None:
        self.names: set[str] = set()
        """What is known to be means; all else is told as it is."""
        self._unit: dict[str, float] = {}
        """The weight of a whole batch in each of them: most often its examples."""
        self._varying: set[str] = set()
        """Means whose batches weigh differently: with masks, or weights of examples."""
        self.begin()

    def begin(self) -> None:
        """Another epoch: Keras begins its means anew."""
        self._before = dict[str, tuple[float, float]]()
        """Mean → what it was, and what had gone into it, when values were told last."""
        self._untold = dict[str, tuple[float, int]]()
        """The same of what was told as it is, with the step: it may turn out to be a mean."""

    def weigh(self, name: str, step: int, weight: float) -> None:
        """Say that a log is a mean, in which the first steps of an epoch, all of them whole batches, weigh so much."""
        self.names.add(name)
        unit = self._unit[name] = weight / step
        if name in self._untold:
            mean, until = self._untold.pop(name)
            self._before[name] = mean, until * unit

    def own(self, steps: NDArray[np.int64], columns: Columns, weights: Mapping[str, float]) -> tuple[Columns, Columns]:
        """The own values of some steps, and those of the last of them alone: means over all of them.

        `steps` are counted from 1 in the epoch, `columns` have the mean after each of them, `weights` what has gone
        into some means by the last of them.
        """
        each: Columns = {}
        at_last: Columns = {}
        for name, means in columns.items():
            if name not in self.names:
                each[name] = means
                self._untold[name] = float(means[-1]), int(steps[-1])
                continue
            own = self._undone(name, steps, means, weights.get(name))
            (each if len(own) == len(steps) else at_last)[name] = own
        return each, at_last

    def _undone(
        self, name: str, steps: NDArray[np.int64], means: NDArray[np.float64], weight: float | None
    ) -> NDArray[np.float64]:
        until = self._weights(name, steps, weight)
        if len(until) < len(means):
            means, steps = means[-1:], steps[-1:]
        mean_before, weight_before = self._before.get(name, (0.0, 0.0))
        gained = np.diff(until, prepend=weight_before)
        with np.errstate(invalid="ignore", divide="ignore"):
            own = np.diff(means * until, prepend=mean_before * weight_before if weight_before else 0.0) / gained
        if np.isfinite(means[-1]):
            self._before[name] = float(means[-1]), float(until[-1])
        return as_exactly_as_known(own, np.abs(means) * until / np.maximum(gained, 1e-12))

    def _weights(self, name: str, steps: NDArray[np.int64], weight: float | None) -> NDArray[np.float64]:
        """What had gone into a mean after each of the steps; after the last alone, where batches weigh differently."""
        unit = self._unit.get(name, 1.0)
        until = steps.astype(np.float64) * unit
        if weight is None:
            return until
        lacks = float(steps[-1]) - weight / unit
        if name in self._varying or not -0.01 - _LEAST * 4 * steps[-1] < lacks < 1:
            self._varying.add(name)
            return np.array([weight])
        if lacks > 0.01 + _LEAST * 4 * steps[-1]:
            until[-1] = weight  # an epoch's last batch, which has fewer examples
        return until


def as_exactly_as_known(values: NDArray[np.float64], size: NDArray[Any]) -> NDArray[np.float64]:
    """Values with no more decimals than are known of differences of numbers of a size of 24 bits."""
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        scale = np.power(10.0, np.ceil(-np.log10(np.maximum(size * _LEAST, 1e-30))))
        rounded = np.round(values * scale) / scale
    return np.where(np.isfinite(rounded), rounded, values)


def columns_of(rows: Iterable[Mapping[str, Any]]) -> Columns:
    """Logs as columns: a number where there is one, else not a number."""
    listed = list(rows)
    names = dict.fromkeys(name for row in listed for name in row)
    return {name: np.array([_number(row.get(name)) for row in listed], np.float64) for name in names}


def _number(value: Any) -> float:
    try:
        return float(value)
    except (TypeError, ValueError):
        return math.nan
