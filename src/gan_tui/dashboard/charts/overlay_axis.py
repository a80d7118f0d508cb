"""The x axis of several runs: each has steps, epochs and a time of training of its own, and all lie on one axis.

A look's range and cursor are steps of the run that reaches furthest; what they are for another one follows from where
they are on the axis.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from gan_tui.dashboard.charts.board import last_step
from gan_tui.dashboard.charts.curves import Window
from gan_tui.dashboard.charts.look import Look
from gan_tui.dashboard.charts.overlay import Laid
from gan_tui.dashboard.charts.x_axis import XAxis
from gan_tui.dashboard.themes import Inks
from gan_tui.drawing.plots.curves import Along, Curve
from gan_tui.run.state import RunState
from gan_tui.text import four_digits

_LEAST_DOTS = 8
_NEARLY = 1e-9


@dataclass(frozen=True)
class Own:
    """What a look means for one run."""

    window: Window
    look: Look
    last: int
    is_over: bool
    """Whether the run had ended before where values are told of."""


class OverlayAxis:
    """Where steps of each run are."""

    def __init__(self, runs: Sequence[Laid], look: Look) -> None:
        self._look = look
        longest = max((run.state.course.seconds for run in runs), default=0.0)
        lasts = {run.number: last_step(run.state) for run in runs}
        self._axes = {run.number: XAxis(run.state, look, lasts[run.number], longest) for run in runs}
        self._lasts = lasts
        ends = {number: axis.of_step(lasts[number]) for number, axis in self._axes.items()}
        furthest = max(ends, key=ends.__getitem__, default=0)
        self._wide = self._axes.get(furthest) or XAxis(RunState(), look, 1)
        self.last = lasts.get(furthest, 1)
        self._end = max(ends.get(furthest, 1.0), _NEARLY)

    def step_at(self, place: float) -> float:
        """The step at a place, of the run that reaches furthest."""
        return self._wide.step_at(place)

    def own(self, run: Laid, window: Window) -> Own:
        """What the look means for a run."""
        axis, last, look = self._axes[run.number], self._lasts[run.number], self._look
        end = axis.of_step(last)
        at = None if look.values_at is None else self._wide.of_step(look.values_at)
        cursor = None if look.cursor is None or at is None else round(axis.step_at(at))
        if look.ends is None:
            ends, share = None, end / self._end
        else:
            low, high = (self._wide.of_step(step) for step in look.ends)
            ends = round(axis.step_at(low)), round(axis.step_at(high))
            share = (axis.of_step(ends[1]) - axis.of_step(ends[0])) / max(high - low, _NEARLY)
        is_over = cursor is not None and at is not None and at > end * (1 + _NEARLY)
        is_over = is_over or (look.ends is not None and self._wide.of_step(look.ends[0]) > end)
        dots = max(_LEAST_DOTS, round(window.dots * min(share, 1.0)))
        return Own(Window(ends, dots), replace(look, cursor=cursor, ends=ends), last, is_over)

    def curve(self, run: Laid, curve: Curve) -> Curve:
        """A curve over a run's steps as one over what the axis counts."""
        return self._axes[run.number].curve(curve)

    def along(self, window: Window, ink: Inks, growing: bool) -> Along:
        """The axis as it is drawn. What happened to one of the runs is not told of all."""
        along, look = self._wide.along(window, ink, growing), self._look
        if look.unit == "step":
            words = along.words if look.cursor is None else ", ".join([f"step {look.cursor:,}", *self._wide.how])
        else:
            words = ", ".join([self._wide.counted, *self._range(look), *self._wide.how])
        at = along.at and (along.at if look.unit == "step" else f"at {self._place(look.values_at or 0)}")
        return replace(along, marks=(), words=words, at=at)

    def _range(self, look: Look) -> list[str]:
        if look.cursor is not None:
            return [f"at {self._place(look.cursor)}"]
        return [f"from {self._place(look.ends[0])} to {self._place(look.ends[1])}"] if look.ends else []

    def _place(self, step: int) -> str:
        """A place of the axis in words."""
        return four_digits(self._wide.of_step(step))
