"""How one training of a sweep ended, in few words and numbers."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Result:
    """How one training ended."""

    seed: int
    reached: int | None
    """The first epoch that reached what was asked for; None where there was none."""
    epochs: int
    """Whole epochs trained."""
    steps: int
    ended: str
    """done, reached, early stopping, or diverged: a metric was no finite number any more."""
    last: Mapping[str, float | None]
    """The last whole epoch's metrics: means over its examples, and what validation gave."""
    seconds: float
    """What it took, compiling included."""
    judged_by: str = ""
    """The metric that says how good it is; empty where there is none, or an earlier version trained it."""
    course: tuple[float | None, ...] = ()
    """That metric's epochs: means of equal parts of them, MOST_OF_COURSE at most; None where none was finite."""


MOST_OF_COURSE = 64
"""Numbers: enough for a curve in a list, and no more than the line is long anyway."""


def result_from(row: Mapping[str, Any]) -> Result:
    """A result as JSON holds it. Raises ValueError or TypeError when it is something else."""
    result = Result(**{**row, "course": tuple(row.get("course", ()))})
    whole = (result.seed, result.epochs, result.steps, *([] if result.reached is None else [result.reached]))
    numbers = (result.seconds, *(value for value in result.last.values() if value is not None))
    if not all(type(number) is int for number in whole) or not all(math.isfinite(number) for number in numbers):
        raise ValueError("not a result")
    if len(result.course) > MOST_OF_COURSE or not all(value is None or math.isfinite(value) for value in result.course):
        raise ValueError("not a course")
    return result
