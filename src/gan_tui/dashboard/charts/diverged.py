"""Runs whose numbers ran away stay out of the scale of those beside them, which would all lie on its zero."""

import math
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from gan_tui.drawing.plots.curves import Curve, Numbers, Panel

_FAR = 10.0
"""Times the range of the others that a run must be outside of it."""


def apart(has_failed: Sequence[bool], measured: Sequence[Numbers]) -> list[bool]:
    """Which of several are of runs that failed, and far from all that the others measured."""
    calm = [values for failed, values in zip(has_failed, measured, strict=True) if not failed]
    others = np.concatenate([np.zeros(0), *calm])
    others = others[np.isfinite(others)]
    if not len(others):
        return [False] * len(measured)
    low, high = float(others.min()), float(others.max())
    room = _FAR * max(high - low, abs(high), abs(low))
    return [
        failed and bool(np.any((values < low - room) | (values > high + room)))
        for failed, values in zip(has_failed, measured, strict=True)
    ]


def whole(panel: Panel, measured: Sequence[Numbers]) -> Panel:
    """The panel with a scale of all these values and its curves."""
    values = np.concatenate([np.zeros(0), *measured, *(curve.y for curve in panel.curves)])
    values = values[np.isfinite(values) & (values > (0.0 if panel.log_y else -math.inf))]
    return replace(panel, ends=(float(values.min()), float(values.max()))) if len(values) else panel


def within(panel: Panel, curves: Sequence[Curve], measured: Sequence[Numbers]) -> Panel:
    """The panel with all curves, as far as they are in its scale, which says how many values are beyond."""
    if panel.ends is None:
        return replace(panel, curves=curves)
    low, high = panel.ends
    values = np.concatenate([np.zeros(0), *measured])
    return replace(panel, curves=[_cut(curve, low, high) for curve in curves], values=values[np.isfinite(values)])


def _cut(curve: Curve, low: float, high: float) -> Curve:
    """Its newest value is written as ever."""
    beyond = np.isfinite(curve.y) & ((curve.y < low) | (curve.y > high))
    if not beyond.any():
        return curve
    return replace(curve, y=np.where(beyond, np.nan, curve.y), spread=None, value=curve.newest)
