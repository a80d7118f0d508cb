"""What a run has told of what it learns from and of what it has learnt: points, classes, weights."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from gan_tui.run.event_schema import MOST_WEIGHTS
from gan_tui.run.events import LOG, SCRIPT, Epoch, Picture, Started, Weights


def points_of(started: Started | None, settings: Mapping[str, Any]) -> list[list[float]]:
    """[x, y, …, class] of each point of the data, as they were last changed; [] where it has no points."""
    changed = settings.get("points")
    if isinstance(changed, list) and all(isinstance(point, list) and len(point) == 3 for point in changed):
        return [[float(number) for number in point] for point in changed]
    return list(started.dataset.get("points") or []) if started else []


def classes_of(started: Started | None) -> int | None:
    """How many classes the last network tells apart; None while that is not known."""
    rows = list(started.networks.values())[-1] if started and started.networks else []
    if not started or not rows or not rows[-1]["output_shape"]:
        return None
    outputs = int(rows[-1]["output_shape"][-1])
    of_two = outputs == 1 and len(started.dataset.get("names") or ()) == 2  # the probability of the second
    return 2 if of_two else outputs


def epochs_at(started: Started | None, step: int, last: Epoch | None) -> int:
    """Epochs completed at a step; where nobody knows how long one is, as many as were told of (`last`)."""
    if started is None or (started.task in (SCRIPT, LOG) and started.steps_per_epoch == 1):
        return last.epoch if last else 0
    return step // started.steps_per_epoch


def weights_with(before: tuple[Weights, Weights] | None, event: Weights) -> tuple[Weights, Weights]:
    """What each weight was like first, and what it is like now: a script may tell of a few at a time."""
    first, now = before or (event, event)
    if event.layers.keys() == now.layers.keys() or len({**now.layers, **event.layers}) > MOST_WEIGHTS:
        return first, event
    every = replace(event, layers={**now.layers, **event.layers})
    return replace(first, layers={**event.layers, **first.layers}), every


def pictures_with(before: tuple[Picture, ...], event: Picture, most: int) -> tuple[Picture, ...]:
    """The pictures of a tag with another: the first of all, and the latest."""
    if before and before[-1].step == event.step:
        before = before[:-1]  # drawn again: the same file, with what it shows now
    if len(before) >= most:
        before = before[:1] + before[-(most - 2) :]
    return (*before, event)
