"""What a run has come to, for lists and comparisons: its best and newest value, its course in a few numbers."""

from dataclasses import dataclass

import numpy as np

from gan_tui.run.folder import RunFolder
from gan_tui.run.follower import state_of
from gan_tui.run.metrics import ACCURACY, LOSS, Metric, guessed
from gan_tui.run.state import RunState

CURVE_LENGTH = 32
"""Values that a course is told in."""


@dataclass(frozen=True)
class Results:
    """What a run has come to, of its whole log."""

    judged_by: Metric | None
    """The metric that says how good it is; None where nothing was measured."""
    newest: float | None
    best: float | None
    best_step: int
    """Step of the best value; 0 where there is none."""
    curve: tuple[float | None, ...]
    """Means of equal parts of its steps, of the metric it is judged by; CURVE_LENGTH at most, None where nothing was
    measured."""
    seconds: float
    """How long it has trained in all, pauses left out."""


def of(folder: RunFolder) -> Results:
    """Read a run's whole log."""
    return of_state(state_of(folder, history=True))


def of_state(state: RunState) -> Results:
    """Of a state with its history."""
    metric = judged_by(state)
    if metric is None:
        return Results(None, None, None, 0, (), state.course.seconds)
    series = state.series[metric.name]
    values, steps = series.values, series.steps
    best, at = None, 0
    if np.isfinite(values).any():
        place = int((np.nanargmin if metric.falls else np.nanargmax)(values))
        best, at = float(values[place]), int(steps[place])
    parts = np.array_split(values, min(CURVE_LENGTH, len(values)))
    curve = tuple(float(np.nanmean(part)) if np.isfinite(part).any() else None for part in parts)
    return Results(metric, float(values[-1]), best, at, curve, state.course.seconds)


def judged_by(state: RunState) -> Metric | None:
    """A validated metric before one of training, accuracy before loss."""
    for metric in (ACCURACY.validated(), LOSS.validated(), ACCURACY, LOSS):
        if metric.name in state.series:
            return metric
    return guessed(next(iter(state.series))) if state.series else None
