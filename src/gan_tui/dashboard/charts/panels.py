"""Which curves share a panel, and what they are compared with."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from gan_tui.dashboard.charts.curves import Window
from gan_tui.dashboard.charts.look import Look
from gan_tui.drawing.plots.curves import Curve, Numbers, Panel, Reference
from gan_tui.drawing.plots.ticks import value_text
from gan_tui.run.metrics import LOSS, Metric, distinct_colors, groups, told_apart
from gan_tui.run.series import Series
from gan_tui.run.state import RunState

APART = 5.0
"""A curve whose largest value is so many times as small as another's would be a flat line at the bottom."""
TOGETHER = 3.0
"""Panels that were parted come together again below this."""
ROWS_OF_PARTS = 7
"""Of each panel at least, where one is parted."""
PERCENTILES = (1, 99)
"""What lies beyond them is an outlier."""
_MOST_COMPARED = 200_000
"""Values that percentiles are taken of: of more, equally many lie beyond those of a sample."""


@dataclass(frozen=True)
class Group:
    """Metrics that share a panel."""

    title: str
    group: str
    """What it is chosen by; those that were parted by their ranges share it."""
    names: tuple[str, ...]


def grouped(state: RunState, look: Look) -> list[Group]:
    """The panels of all metrics that are asked for: one a group, and more where it has too many to tell apart."""
    metrics = {name: one for name, one in state.metrics.items() if look.wants(name, one.label, one.unit)}
    by_group: dict[str, list[str]] = {}
    for name, metric in metrics.items():
        by_group.setdefault(metric.group, []).append(name)
    every = list[Group]()
    for group in groups(metrics.values()):
        names, title, first = by_group[group], metrics[by_group[group][0]].unit, 1
        for part in told_apart(names):
            which = f" {first}–{first + len(part) - 1} of {len(names)}" if len(part) < len(names) else ""
            every.append(Group(title + which, group + which, tuple(part)))
            first += len(part)
    return [one for one in every if one.group == look.chosen] or every if look.enlarged else every


def colors_of(group: Group, state: RunState) -> dict[str, int]:
    """Which colour each metric of a panel has: its own, or the next one where these would be the same."""
    return distinct_colors(map(state.metric, group.names))


def parted(
    every: Sequence[Group], state: RunState, look: Look, curves: Mapping[str, Curve], were: Sequence[Group], rows: int
) -> list[Group]:
    """The panels, and more where ranges differ much and there is room for them.

    `were` are those of before: what is parted stays so until the ranges are much alike again.
    """
    metrics = {name: state.metric(name) for name in curves}
    if look.log_y:
        return list(every)
    found = list[Group]()
    for group in every:
        before = sum(one.group == group.group for one in were) > 1
        parts = _parts(group.names, metrics, curves, TOGETHER if before else APART)
        room = (len(every) - 1 + len(parts)) * ROWS_OF_PARTS <= rows
        found += [_part(group, names, metrics) for names in parts] if len(parts) > 1 and room else [group]
    return found


def _part(group: Group, names: tuple[str, ...], metrics: Mapping[str, Metric]) -> Group:
    return Group(f"{group.title}: {metrics[names[0]].label}", group.group, names)


def _parts(
    names: Sequence[str], metrics: Mapping[str, Metric], curves: Mapping[str, Curve], apart: float
) -> list[tuple[str, ...]]:
    """Metrics of a group whose largest values are alike; a metric and its validation stay together."""
    sizes = dict[str, float]()
    for name in names:
        base = name.removeprefix("val_") if metrics[name].each == "epoch" else name
        base = base if base in names else name
        sizes[base] = max(sizes.get(base, 0.0), _largest(curves[name]))
    parts, limit = list[list[str]](), 0.0
    for base in sorted(sizes, key=lambda name: -sizes[name]):
        if not parts or sizes[base] * apart < limit:
            parts.append([])
            limit = sizes[base]
        parts[-1].append(base)
    has_scale = all(metrics[name].low is not None and metrics[name].high is not None for name in names)
    if has_scale or any(not math.isfinite(size) or size <= 0 for size in sizes.values()):
        return [tuple(names)]
    kept = [tuple(name for name in names if name in part or name.removeprefix("val_") in part) for part in parts]
    return sorted(kept, key=lambda part: names.index(part[0]))


def _largest(curve: Curve) -> float:
    values = np.abs(curve.y[np.isfinite(curve.y)])
    return float(values.max()) if len(values) else 0.0


# What is on a panel ----------------------------------------------------------


def panel_of(group: Group, state: RunState, look: Look, curves: Mapping[str, Curve], window: Window) -> Panel:
    """The curves of a group, and the values that they are compared with."""
    named = {name: state.metric(name) for name in group.names}
    references = {reference for metric in named.values() for reference in metric.references}
    shown = [Reference(value, words, words.partition(":")[0]) for value, words in sorted(references)] + _best(
        state, group.names
    )
    log_y = look.log_y and any(metric.gains_by_log_axis for metric in named.values())
    scale = ", log scale" if log_y else ""
    chosen = group.group == look.chosen and not look.enlarged
    panel = Panel(
        group.title + scale,
        [curves[name] for name in group.names],
        shown,
        log_y,
        short=group.group + scale[:5],
        chosen=chosen,
    )
    if look.all_values:
        return panel
    return without_outliers(panel, [values_in(state.series[name], window) for name in group.names])


def _best(state: RunState, names: Sequence[str]) -> list[Reference]:
    """The least validation loss, once there are two to compare."""
    name = LOSS.validated().name
    losses = state.series.get(name)
    if name not in names or losses is None or losses.length < 2 or np.isnan(losses.values).all():
        return []
    best = int(np.nanargmin(losses.values))
    value = float(losses.values[best])
    return [Reference(value, f"best {value_text(value)} at {int(losses.steps[best]):,}", "best")]


def without_outliers(panel: Panel, measured: Sequence[Numbers]) -> Panel:
    """The panel with a scale of the values between two percentiles; the curves themselves stay in sight."""
    values = np.concatenate([np.zeros(0), *measured])
    least = 0.0 if panel.log_y else -math.inf  # zeros have no place on a log axis, and must not scale it
    values = values[np.isfinite(values) & (values > least)]
    if not len(values):
        return panel
    every = max(1, len(values) // _MOST_COMPARED)
    low, high = np.percentile(values[::every], PERCENTILES)
    curves = np.concatenate([curve.y[np.isfinite(curve.y) & (curve.y > least)] for curve in panel.curves])
    if len(curves):
        low, high = min(low, curves.min()), max(high, curves.max())
    return replace(panel, ends=(float(low), float(high)), values=values)


def values_in(series: Series, window: Window) -> Numbers:
    """What was measured at the steps on show."""
    part = series if window.ends is None else series.between(*window.ends)
    return np.asarray(part.values, np.float64)
