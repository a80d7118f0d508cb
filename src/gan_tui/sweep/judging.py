"""What says how good the trainings of a sweep are, and their order by it: one judge for all that lists them."""

import math
from collections.abc import Iterable

from gan_tui.run.metrics import Metric
from gan_tui.run.results import has_best, judging
from gan_tui.sweep.result import Result

LOSSES = ("val_loss", "loss")
"""By these, those are ordered that are as good as each other otherwise."""
Place = tuple[float, ...]
"""What comes first has the least."""


def judge(metrics: Iterable[Metric], waited_for: str | None) -> Metric | None:
    """The metric by which a sweep's trainings are told apart: what `--until` waits for, or what a run is judged by.

    None where there is none, or no value of it is better than another.
    """
    known = {metric.name: metric for metric in metrics}
    metric = known.get(waited_for or "") or judging(known.values())
    return metric if metric and (metric.name == waited_for or has_best(metric)) else None


def place(result: Result, metric: Metric | None) -> Place:
    """Where a training stands: who reached what was waited for before who did not, the sooner before the later, then
    by its value at the end, then by its loss."""
    losses = (badness(result, name, falls=True) for name in LOSSES)
    value = badness(result, metric.name, metric.falls) if metric else 0.0
    return float(result.reached is None), float(result.reached or 0), value, *losses


def badness(result: Result, name: str, falls: bool) -> float:
    """A value at the end, more being worse; a training that diverged is worse than any other."""
    end = None if result.ended == "diverged" else result.last.get(name)
    return math.inf if end is None else end if falls else -end
