"""What a run that is waited for has reached: a step, an epoch, a value of a metric.

A value of training is that of a whole epoch, where epochs have several steps: any network is right on some batch.
"""

from collections.abc import Iterable

import numpy as np

from gan_tui.run import telling
from gan_tui.run.events import Epoch, Event, Metrics
from gan_tui.run.follower import News
from gan_tui.run.state import RunState
from gan_tui.sweep.until import Until

COUNTED = ("step", "epoch")
"""What can be waited for besides metrics."""


class Waited:
    """A goal, and how far it was looked for."""

    def __init__(self, goal: Until) -> None:
        self._goal = goal
        self._looked_until = 0

    def reached_by(self, news: News) -> str:
        """What reached the goal, in words; empty where nothing did."""
        state, goal = news.state, self._goal
        if not news.records:
            return ""
        if goal.metric in COUNTED:
            per_epoch = state.started.steps_per_epoch if state.started else 1
            value = {"step": state.step, "epoch": state.step // per_epoch}[goal.metric]
            return f"{goal.metric} {value:,}" if goal.is_met_by(value) else ""
        if telling.is_by_epoch(state, goal.metric):
            return self._reached_by_epochs(state)
        points = (point for record in news.records for point in _points(record.event, goal.metric))
        met = next(((step, value) for step, value in points if value is not None and goal.is_met_by(value)), None)
        return f"{goal.metric} {met[1]:.6g} at step {met[0]:,}" if met else ""

    def reached_at_end(self, state: RunState) -> str:
        """The same for the mean of a run that ended within its first epoch."""
        if self._looked_until or not telling.is_by_epoch(state, self._goal.metric):
            return ""
        return self._met(telling.telling(state, self._goal.metric), "the mean until then")

    def _reached_by_epochs(self, state: RunState) -> str:
        self._looked_until = min(self._looked_until, state.step)  # it may have gone back to a checkpoint
        found = telling.epochs_since(state, self._goal.metric, self._looked_until)
        if len(found.steps):
            self._looked_until = int(found.steps[-1])
        return self._met(found, "the mean of its epoch")

    def _met(self, found: telling.Telling, words: str) -> str:
        """Compared as the 32-bit numbers that metrics are: a mean of 0.9 reaches 0.9."""
        goal, wanted = self._goal, np.float32(self._goal.value)
        hits = np.flatnonzero(found.values <= wanted if goal.falling else found.values >= wanted)
        if not len(hits):
            return ""
        return f"{goal.metric} {found.values[hits[0]]:.6g} at step {found.steps[hits[0]]:,}, {words}"


def _points(event: Event, name: str) -> Iterable[tuple[int, float | None]]:
    """(step, value) of what an event has of a metric."""
    if isinstance(event, Metrics):
        return zip(event.steps, event.values.get(name, ()), strict=False)
    return [(event.step, event.values[name])] if isinstance(event, Epoch) and name in event.values else []
