"""Metrics that follow each other, as arrays: what a run's state takes in, and what one process hands to another."""

from itertools import chain
from typing import cast

import numpy as np

from gan_tui.run.events import Metrics, Record
from gan_tui.run.series import Floats, StepNumbers


def metric_names(record: Record) -> tuple[str, ...] | None:
    """What is measured in an event that has metrics, None in any other."""
    event = record.event
    return tuple(event.values) if isinstance(event, Metrics) and len(event.steps) else None


def measured(record: Record) -> Metrics:
    """The event of a record that has metrics."""
    return cast(Metrics, record.event)


def steps_of(records: list[Record]) -> StepNumbers:
    """(count,) the steps of metrics that follow each other."""
    parts = [measured(record).steps for record in records]
    if isinstance(parts[0], np.ndarray):
        return np.concatenate(parts)
    return np.fromiter(chain.from_iterable(parts), np.int64)


def numbers_of(records: list[Record], name: str, count: int) -> Floats:
    """(count,) the values of one of them in single precision, whose range they may leave; NaN where there is none."""
    parts = [measured(record).values[name] for record in records]
    if isinstance(parts[0], np.ndarray):
        return np.concatenate(parts)
    found = list(chain.from_iterable(parts))
    with np.errstate(over="ignore"):
        try:
            return np.fromiter(found, np.float32, count)
        except TypeError:
            return np.asarray(found, np.float32)
