"""The values of a metric that say how good a run was.

What a single batch gives says little of a network, and the luckiest of many says nothing: an untrained one is right
on the four examples of some batch. So a metric of training counts by the means of whole epochs, over their examples, as
Keras's `fit` tells them; and of a run of which nobody knows how long an epoch is, by the means of equal parts of it.
"""

import math
from dataclasses import dataclass

import numpy as np

from gan_tui.run.events import Started
from gan_tui.run.metrics import Metric, is_held_back, is_on_the_way
from gan_tui.run.series import Floats, Series, StepNumbers
from gan_tui.run.state import RunState

PARTS = 32
"""Of a run without epochs: as many as its course is told in."""
SINGLE, EPOCH, PART = "", "epoch", "part"
"""What a value is the mean of."""


@dataclass(frozen=True)
class Telling:
    """Values, each at the step that ended what it is of."""

    steps: StepNumbers
    values: Floats
    each: str = SINGLE

    @property
    def newest(self) -> float | None:
        return as_number(self.values[-1]) if len(self.values) else None


def as_number(value: np.float32) -> float | None:
    """The shortest number that it is in single precision: 0.9, and not 0.8999999761581421; None of what is none."""
    return float(str(value)) if math.isfinite(value) else None


def telling(state: RunState, name: str) -> Telling:
    """Of a state with its history."""
    series, metric, per = state.series[name], state.metric(name), _per_epoch(state)
    if not series.length or _is_of_all(metric) or (per == 1 and not _has_no_epochs(state)):
        return Telling(series.steps, series.values)
    return _or_all(_of_epochs(series, state), series) if per > 1 else _of_parts(series)


def newest(state: RunState, name: str) -> float | None:
    """The newest of them; of a run without epochs, what was measured last."""
    series, per = state.series[name], _per_epoch(state)
    if not series.length:
        return None
    if per == 1 or _is_of_all(state.metric(name)):
        return as_number(series.values[-1])
    done = state.step // per
    latest = series.between((done - 1) * per + 1, done * per) if done else series
    found = _of_epochs(latest, state) if latest.length else telling(state, name)
    return _or_all(found, series).newest


def is_by_epoch(state: RunState, name: str) -> bool:
    """Whether it counts by whole epochs of several steps."""
    return name in state.series and _per_epoch(state) > 1 and not _is_of_all(state.metric(name))


def epochs_since(state: RunState, name: str, step: int) -> Telling:
    """Those of a metric that counts by epochs which are over, behind a step at which one ended."""
    series, per = state.series[name], _per_epoch(state)
    latest = series.between(step + 1, state.step // per * per)
    return _of_epochs(latest, state) if latest.length else Telling(latest.steps, latest.values)


def _is_of_all(metric: Metric) -> bool:
    """Whether a single value says it already."""
    return metric.each == "epoch" or is_held_back(metric.name) or is_on_the_way(metric.name)


def _has_no_epochs(state: RunState) -> bool:
    """Whether nobody knows how many steps one has."""
    return state.started is None or state.is_of_others


def _per_epoch(state: RunState) -> int:
    return state.started.steps_per_epoch if state.started else 1


def _of_epochs(series: Series, state: RunState) -> Telling:
    """Those that are over and were measured from their beginning."""
    assert state.started is not None
    steps, per = series.steps, state.started.steps_per_epoch
    weights = np.where(steps % per == 0, _last_share(state.started), 1.0)
    epochs = (steps - 1) // per
    starts = np.flatnonzero(np.diff(epochs, prepend=epochs[0] - 1))
    is_whole = (epochs[starts] + 1) * per <= state.step
    if int(steps[-1] - steps[0]) == len(steps) - 1:  # a branch begins in the middle of one
        is_whole &= steps[starts] == epochs[starts] * per + 1
    sums = np.add.reduceat(series.values * weights, starts)
    means = (sums / np.add.reduceat(weights, starts)).astype(np.float32)
    ends = np.append(starts[1:], len(steps)) - 1
    return Telling(steps[ends[is_whole]], means[is_whole], EPOCH)


def _or_all(found: Telling, series: Series) -> Telling:
    """Where no epoch is over, all the numbers that were measured, as one."""
    if len(found.steps):
        return found
    finite = series.values[np.isfinite(series.values)]
    mean = finite.mean(dtype=np.float64) if len(finite) else np.nan
    return Telling(series.steps[-1:], np.array([mean], np.float32), EPOCH)


def _last_share(started: Started) -> float:
    """How many of a batch's examples the last one of an epoch has."""
    size, examples = started.batch_size, started.dataset.get("train")
    last = examples - (started.steps_per_epoch - 1) * size if isinstance(examples, int) else 0
    return last / size if 0 < last < size else 1.0


def _of_parts(series: Series) -> Telling:
    if series.length <= PARTS:
        return Telling(series.steps, series.values)
    edges = np.arange(PARTS + 1) * series.length // PARTS
    starts, ends, finite = edges[:-1], edges[1:] - 1, np.isfinite(series.values)
    counts = np.add.reduceat(finite, starts, dtype=np.float64)
    sums = np.add.reduceat(np.where(finite, series.values, 0), starts, dtype=np.float64)
    means = np.divide(sums, counts, out=np.full(PARTS, np.nan), where=counts > 0)
    return Telling(series.steps[ends], means.astype(np.float32), PART)
