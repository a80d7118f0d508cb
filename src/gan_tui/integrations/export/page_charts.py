"""The charts of a page: which curves are on which, and each in words, for who reads instead of looking."""

from collections.abc import Iterator, Sequence

import numpy as np

from gan_tui.integrations.export.markup import Markup, joined, tag
from gan_tui.integrations.export.svg_charts import Level, Line, chart
from gan_tui.run.metrics import ACCURACY, Metric, distinct_colors, groups, told_apart
from gan_tui.run.results import best_place
from gan_tui.run.series import Series
from gan_tui.run.state import RunState
from gan_tui.text import four_digits

MOST_CHARTS = 60
"""Others' logs may have hundreds of metrics."""


def charts(state: RunState) -> tuple[list[Markup], int]:
    """The charts, and how many more there would be."""
    parts = [*_parts(state)]
    return [_chart(state, title, part) for title, part in parts[:MOST_CHARTS]], max(0, len(parts) - MOST_CHARTS)


def _parts(state: RunState) -> Iterator[tuple[str, list[str]]]:
    """(title, metrics) of each chart."""
    metrics, by_group = state.metrics, dict[str, list[str]]()
    for name, metric in metrics.items():
        if state.series[name].length:
            by_group.setdefault(metric.group, []).append(name)
    for group in groups(metrics[name] for names in by_group.values() for name in names):
        for part in told_apart(by_group[group]):
            yield metrics[part[0]].unit, part


def _chart(state: RunState, title: str, names: Sequence[str]) -> Markup:
    metrics, colors = {name: state.metric(name) for name in names}, distinct_colors(map(state.metric, names))
    labels = _labels([*metrics.values()])
    lines = [Line(labels[name], state.series[name], colors[name], metrics[name].each == "step") for name in names]
    levels = {Level(*reference) for metric in metrics.values() for reference in metric.references}
    words = f"{title} by step, from {lines[0].series.steps[0]:,} to {state.step:,}; told in words below"
    drawn = chart(lines, sorted(levels, key=lambda level: level.value), max(1, state.step), words)
    told = [
        tag("li", tag("b", labels[name], class_=f"c{colors[name]}"), f": {in_words(state.series[name], metrics[name])}")
        for name in names
    ]
    return joined(tag("h3", title), tag("figure", drawn, tag("figcaption", tag("ul", *told, class_="curves"))))


def _labels(metrics: Sequence[Metric]) -> dict[str, str]:
    """Name → what a curve is called beside the others; its name, where others would be called the same."""
    called = [metric.label for metric in metrics]
    return {one.name: one.label if called.count(one.label) == 1 else one.name for one in metrics}


def in_words(series: Series, metric: Metric) -> str:
    """first 0.6931 at step 1, last 0.0120 at step 400, best 0.0110 at step 390"""
    steps, values = series.steps, series.values
    told = [f"first {_at(steps[0], values[0])}", f"last {_at(steps[-1], values[-1])}"]
    if (best := best_place(values, metric)) is not None:
        told.append(f"{_extreme(metric)} {_at(steps[best], values[best])}")
    missing = int((~np.isfinite(values)).sum())
    return ", ".join([*told, f"{missing:,} not finite"] if missing else told)


def _extreme(metric: Metric) -> str:
    """Of single batches neither is the best of a run: there is a lucky one for every network."""
    if metric.each == "epoch" and (metric.falls or metric.group == ACCURACY.group):
        return "best"
    return "least" if metric.falls else "most"


def _at(step: int, value: float) -> str:
    return f"{four_digits(float(value))} at step {int(step):,}"
