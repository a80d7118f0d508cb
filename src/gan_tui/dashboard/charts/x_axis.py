"""The x axis of a run's charts: steps, epochs or time of training, and what happened along it."""

import math
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gan_tui.dashboard.charts.curves import Window
from gan_tui.dashboard.charts.look import Look
from gan_tui.dashboard.themes import Inks
from gan_tui.drawing.plots.curves import Along, Curve, Numbers
from gan_tui.drawing.plots.curves import Mark as Sign
from gan_tui.run.bins import span_of
from gan_tui.run.course import Mark
from gan_tui.run.state import RunState

_TIMES = ((3600.0, "hours"), (60.0, "minutes"), (1.0, "seconds"))
_PARTS_OF_TIME = 64
"""Of an hour, a minute, a second: how finely a growing axis of time is rounded."""
_SIGNS = {
    "epoch": ("┴", "+", "epoch"),
    "checkpoint": ("◆", "c", "saved"),
    "setting": ("●", "s", "changed"),
    "pause": ("‖", "p", "paused"),
    "alert": ("▲", "!", "alert"),
}
"""Of what happened, the least important first: where several are in a column, the last one is seen."""
_ORDER = tuple(_SIGNS)
_MOST_EPOCHS = 12
"""Whose ends are marked: more would be a line of their own."""
_HINTS = "tab cursor  l log scale  m smooth  + zoom"
_HINTS_AT_CURSOR = "⏎ enlarge  + - zoom  i steps  e unit"
_MOST_WORDS = 3
"""Of what happened at a cursor: the last ones."""
_PLACES = 4096
"""Among which the step at a place is sought."""


class XAxis:
    """Where steps are on the axis that a person has chosen."""

    def __init__(self, state: RunState, look: Look, last: int, longest: float = 0.0) -> None:
        """Seconds of training are counted as suits those of the run, or `longest` where another has more."""
        self._state, self._look, self._last = state, look, last
        self._epoch = state.started.steps_per_epoch if state.started else 1
        self._size, self.counted = 1.0, look.unit
        if look.unit == "time":
            seconds = state.course.seconds
            most = max(seconds, longest)
            self._size, word = next((time for time in _TIMES if most >= 2 * time[0]), _TIMES[-1])
            self.counted = f"{word} of training"
            course = state.course
            self._known = np.concatenate([[0.0], course.times.steps, [last]])
            self._seconds = np.concatenate([[0.0], course.times.values, [seconds]])

    def of(self, steps: NDArray[Any]) -> Numbers:
        """Steps as the axis counts them."""
        steps = np.array(steps, np.float64)
        if self._look.unit == "epoch":
            return steps / self._epoch
        if self._look.unit == "time":
            return np.asarray(np.interp(steps, self._known, self._seconds) / self._size)
        return steps

    def of_step(self, step: float) -> float:
        """One step as the axis counts it."""
        return float(self.of(np.array([step]))[0])

    def step_at(self, place: float) -> float:
        """The step at a place of the axis."""
        steps = np.linspace(0, self._last, _PLACES)
        return float(np.interp(place, self.of(steps), steps))

    def curve(self, curve: Curve) -> Curve:
        """A curve over steps as one over what the axis counts."""
        spread = curve.spread and (self.of(curve.spread[0]), curve.spread[1])
        return replace(curve, x=self.of(curve.x), spread=spread)

    def along(self, window: Window, ink: Inks, growing: bool) -> Along:
        """The axis as it is drawn: its ends, its words, and the marks of what happened."""
        look = self._look
        grows = growing and window.ends is None
        low, high = window.ends or (0, span_of(self._last) if grows else self._last)
        first, end = self.of_step(low), self.of_step(high)
        if grows and self._look.unit == "time":
            end = span_of(math.ceil(_PARTS_OF_TIME * end)) / _PARTS_OF_TIME
        colors = {
            "epoch": ink.dim, "checkpoint": ink.good, "pause": ink.warning, "setting": ink.accent, "alert": ink.bad,
        }  # fmt: skip
        signs = [
            Sign(self.of_step(mark.step), sign, plain, colors[mark.kind], name)
            for mark in sorted(marks_of(self._state, low, high), key=lambda mark: _ORDER.index(mark.kind))
            for sign, plain, name in [_SIGNS[mark.kind]]
        ]
        cursor = None if look.cursor is None else self.of_step(look.cursor)
        words = self._words((high - low) / window.dots)
        return Along(
            first,
            end,
            words,
            _HINTS if look.cursor is None else _HINTS_AT_CURSOR,
            1.0 if self._look.unit == "step" else 0.0,
            signs,
            cursor,
            "" if look.values_at in (None, self._last) and look.cursor is None else f"at {look.values_at:,}",
        )

    @property
    def how(self) -> list[str]:
        """How curves are made, in words."""
        look = self._look
        later = f" from step {look.least_smoothed} on" if self._last < look.least_smoothed else ""
        values = "values as measured, " if look.cursor is not None else ""
        smoothing = [f"{values}smoothing {look.smoothing:g}{later}"] if look.smoothing else []
        return smoothing + ([] if look.all_values else ["without outliers"])

    def _words(self, steps_a_dot: float) -> str:
        """What is counted, and how the curves were made; with a cursor, where it is and what happened there."""
        look, how = self._look, self.how
        if look.cursor is not None:
            near = max(0.5, steps_a_dot)
            marks = marks_of(self._state, look.cursor - near, look.cursor + near)
            said = [
                mark.words + ("" if mark.step <= look.cursor else f" at {mark.step:,}") for mark in marks[-_MOST_WORDS:]
            ]
            return " · ".join([f"step {look.cursor:,}", *said, *how])
        if look.ends:
            return ", ".join([f"{self.counted}, from step {look.ends[0]:,} to {look.ends[1]:,}", *how])
        return ", ".join([self.counted, *how])


def marks_of(state: RunState, low: float, high: float) -> list[Mark]:
    """What happened at the steps from `low` to `high`, in their order; of the ends of epochs few or none."""
    epoch = state.started.steps_per_epoch if state.started else 1
    ends = range(max(1, math.ceil(low / epoch)), math.floor(min(high, state.step) / epoch) + 1) if epoch > 1 else ()
    if len(ends) > _MOST_EPOCHS:
        ends = ()
    found = [Mark(number * epoch, "epoch", f"end of epoch {number:,}") for number in ends]
    found += [Mark(one.step, "alert", one.text) for one in state.alerts]
    found += [Mark(one.step, "checkpoint", f"checkpoint ({one.why})") for one in state.checkpoints]
    found += state.course.marks
    return sorted((mark for mark in found if low <= mark.step <= high), key=lambda mark: mark.step)
