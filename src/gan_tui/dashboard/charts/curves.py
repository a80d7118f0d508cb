"""A run's series as curves of the width of a chart: binned and smoothed."""

import math
from dataclasses import dataclass, replace

import numpy as np

from gan_tui.dashboard.charts.look import Look
from gan_tui.drawing.plots.curves import Curve
from gan_tui.run.bins import Binned, Bins, bin_width
from gan_tui.run.series import Series, average_at, smoothed
from gan_tui.run.state import RunState

_FORGOTTEN = 1e-3
"""What of a smoothed value may be missing at the left end of a range."""
_AS_THEY_ARE = 8
"""Values for each dot of a chart: so many of a metric of epochs are drawn one by one. In others' logs an epoch may be a
step."""
_BEYOND = 0.15
"""Of a range, on either side: how far an axis that is rounded goes beyond it at most."""


@dataclass(frozen=True)
class Window:
    """The steps on show, and how finely."""

    ends: tuple[int, int] | None
    """The first and the last step; None for all of them, also those to come."""
    dots: int
    """Across the canvas, about."""

    @property
    def within(self) -> tuple[float, float]:
        """The steps that may be in sight: an axis goes a little beyond the ends."""
        if self.ends is None:
            return 0.0, math.inf
        more = _BEYOND * (self.ends[1] - self.ends[0])
        return self.ends[0] - more, self.ends[1] + more

    def width(self, last: int) -> int:
        """Steps of a bin, about one a dot."""
        if self.ends is None:
            return bin_width(last, self.dots)
        return bin_width(self.ends[1] - self.ends[0], self.dots)


class Curves:
    """What was computed of a run's series, kept for the next time that they are drawn."""

    def __init__(self) -> None:
        self._growing: dict[str, Bins] = {}
        self._still: dict[str, tuple[object, Binned]] = {}

    def of(self, name: str, state: RunState, color: int, window: Window, look: Look, last: int) -> Curve:
        """A metric's curve over steps, with what it spreads over where bins have more than one."""
        series, metric, width = state.series[name], state.metric(name), window.width(last)
        smoothing = look.smoothing if metric.each == "step" and series.length >= look.least_smoothed else 0.0
        value = average_at(series, 0.0 if look.cursor is not None else smoothing, look.values_at)
        early = value is None and look.values_at is not None
        if metric.each != "step" and series.length <= _AS_THEY_ARE * window.dots:
            steps = series.steps.astype(np.float64)
            return _within(Curve(metric.label, steps, series.values, color, None, value, early), window)
        binned = self._binned(name, series, window, width, smoothing)
        steps, means = binned.means
        if smoothing:
            first = max(series.first(1).steps[0] - 1.0, steps[0] - width) if len(steps) else 0.0
            means = smoothed(means, smoothing, np.diff(steps, prepend=first))
        has_spread = width > 1 or smoothing > 0
        spread = binned.points if has_spread else None
        return _within(Curve(metric.label, steps, means, color, spread, value, early), window)

    def _binned(self, name: str, series: Series, window: Window, width: int, smoothing: float) -> Binned:
        if window.ends is None:
            bins = self._growing.get(name)
            if bins is None or bins.width != width:
                bins = self._growing[name] = Bins(width)
            return bins.of(series)
        before = math.ceil(math.log(_FORGOTTEN) / math.log(smoothing)) if 0 < smoothing < 1 else 0
        low, high = window.within
        part = series.between(low - before - width, high + width)
        key = (series.past, window.ends, part.length, width, smoothing)
        if name not in self._still or self._still[name][0] != key:
            self._still[name] = key, Bins(width).of(part)
        return self._still[name][1]


def _within(curve: Curve, window: Window) -> Curve:
    """The curve as far as it may be in sight, and a point on either side, so that it goes on to the edges."""
    if window.ends is None:
        return curve
    low, high = window.within
    start = max(0, int(np.searchsorted(curve.x, low, side="left")) - 1)
    stop = int(np.searchsorted(curve.x, high, side="right")) + 1
    return replace(curve, x=curve.x[start:stop], y=curve.y[start:stop])
