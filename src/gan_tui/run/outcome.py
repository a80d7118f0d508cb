"""What a training came to, where its numbers tell it."""

import math
from collections import Counter

from gan_tui.run.documents import SCRIPT
from gan_tui.run.events import Epoch
from gan_tui.run.folder import RunFolder
from gan_tui.run.metrics import ACCURACY, Metric
from gan_tui.run.reader import blocks
from gan_tui.run.state import RunState
from gan_tui.run.summaries import RunSummary

ALL_DONE = "all steps are done"
"""Why most runs finish."""
AVERAGED = "the weights are their moving average"
"""Said of a run that ends with others than its last step left, which all that it measured is of."""
NOT_FINITE = "was not a finite number"
"""Why a run was given up that nobody was there to look at, behind the name of what it measured."""
LEAST_STEPS = 100
"""Before, nothing can be said."""
FEW_POINTS = 10
"""So few can all be learnt."""


def ended_well(state: RunState | RunSummary) -> bool:
    """Whether a run came to an end that was meant, with numbers that are some."""
    return state.state in ("finished", "stopped") and NOT_FINITE not in state.reason


def best_before_last(folder: RunFolder, metric: Metric) -> Epoch | None:
    """The epoch of a run with the best of a validated metric; None where that is the last, or none was a number."""
    reader, epochs = folder.reader(), dict[int, Epoch]()
    for records in blocks(reader):
        epochs |= {record.event.epoch: record.event for record in records if isinstance(record.event, Epoch)}
    validated = ((number, epochs[number].values.get(metric.name)) for number in sorted(epochs))
    values = {number: value for number, value in validated if value is not None and math.isfinite(value)}
    best = (min if metric.falls else max)(values, key=values.__getitem__, default=0)
    return epochs[best] if 0 < best < max(epochs) else None


def stuck(state: RunState) -> str:
    """A sentence where a finished classifier is no better than chance, or has not learnt a few points; else nothing."""
    if state.started is not None and state.started.task == SCRIPT:
        return ""  # what its numbers are of, is known to it alone
    accuracy, enough = _accuracy(state), _least_learnt(state)
    if (
        state.is_of_others
        or state.state != "finished"
        or state.step < LEAST_STEPS
        or accuracy is None
        or not math.isfinite(accuracy)
    ):
        return ""
    if enough is None or accuracy > enough:
        return ""
    return f"Stuck at an accuracy of {accuracy:.4g}; trained longer or from another seed it may learn."


def _accuracy(state: RunState) -> float | None:
    """On all examples: of the last validation, or of a step that was an epoch."""
    validated, measured = state.series.get(ACCURACY.validated().name), state.series.get(ACCURACY.name)
    if validated is not None:
        return validated.last
    whole = state.started is not None and state.started.steps_per_epoch == 1
    return measured.last if measured is not None and whole else None


def _least_learnt(state: RunState) -> float | None:
    """An accuracy that has nothing learnt in it, or too little; None for what is no classifier."""
    points = state.points
    if points:
        right = len(points) - 1 if len(points) <= FEW_POINTS else max(Counter(point[-1] for point in points).values())
        return right / len(points) + 1e-6
    classes = state.classes
    return 1 / classes + 1e-6 if classes and classes > 1 else None
