"""What a run measures, declared: how a metric is called, on which chart it is, and what its values can be.

A run declares its metrics when it starts (`Started.metrics`), so that charts, tables and text guess nothing from names.
Runs of earlier versions, and others' logs, declare nothing: `guessed` works it out from the names that they have.
"""

import dataclasses
import math
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, fields
from functools import lru_cache
from typing import Any


@dataclass(frozen=True)
class Metric:
    """One number that is measured again and again."""

    name: str
    """As events have it."""
    group: str
    """The chart that it is on: loss, accuracy, …"""
    unit: str
    """What that chart's axis says."""
    label: str
    """What it is called beside the others of its group: training, validation, …"""
    color: int = 0
    """Which of the theme's colours for curves, from 0."""
    low: float | None = None
    high: float | None = None
    """What it can be at least and at most; None without a bound."""
    falls: bool = False
    """Whether less of it is better."""
    each: str = "step"
    """How often it is measured: each "step", or each "epoch"."""
    references: tuple[tuple[float, str], ...] = ()
    """(value, words) that say what others mean: the loss of guessing, say."""

    def validated(self) -> "Metric":
        """The same, measured on examples that were held back, after each epoch."""
        return dataclasses.replace(self, name=f"val_{self.name}", label="validation", color=1, each="epoch")

    def with_references(self, *references: tuple[float, str]) -> "Metric":
        """The same, with values to compare it with."""
        return dataclasses.replace(self, references=references)

    def can_reach(self, value: float, falling: bool) -> bool:
        """Whether it may ever be at or below a value (falling), or at or above it."""
        if falling:
            return self.low is None or value >= self.low
        return self.high is None or value <= self.high

    @property
    def gains_by_log_axis(self) -> bool:
        """Whether powers of ten show more of it: an accuracy rises towards its bound; D's outputs may fall far."""
        return self.group != ACCURACY.group

    def as_row(self) -> dict[str, Any]:
        """As an event holds it."""
        return {**asdict(self), "references": [list(reference) for reference in self.references]}


LOSS = Metric("loss", "loss", "loss", "training", low=0.0, falls=True)
ACCURACY = Metric("accuracy", "accuracy", "accuracy", "training", low=0.0, high=1.0)
MAE = Metric("mae", "mae", "mean absolute error", "training", low=0.0, high=1.0, falls=True)

GUESSED_BY_D = ((math.log(2), "ln 2: guessing"),)
"""The loss of a discriminator that takes either for as likely."""
CANNOT_TELL = ((0.5, "0.5: cannot tell"),)
"""Its output then."""

_OF_PARTS = {"val": ("validation", 1), "d": ("discriminator", 0), "g": ("generator", 1), "real": ("real", 0)}
_UNITS = {"loss": LOSS.unit, "accuracy": ACCURACY.unit, "mae": MAE.unit, "output": "D's mean output"}
_RANGE = ", 0–1"
"""What earlier versions put behind a unit."""


def declared(rows: Iterable[Mapping[str, Any]]) -> dict[str, Metric]:
    """Name → metric, of the rows that a run declared."""
    known = (Metric(**_read(row)) for row in rows)
    return {metric.name: metric for metric in known}


def _read(row: Mapping[str, Any]) -> dict[str, Any]:
    """A metric's fields, of a row of an event."""
    values = {field.name: row[field.name] for field in fields(Metric) if field.name in row}
    told = values.get("references")
    known = guessed(values["name"]).references if told is None else told  # a version of before did not tell them
    values["unit"] = str(values.get("unit", "")).removesuffix(_RANGE)
    return {**values, "references": tuple((float(value), words) for value, words in known)}


@lru_cache(maxsize=1024)
def guessed(name: str) -> Metric:
    """What an earlier version meant by a name: val_loss is of the group loss, measured each epoch."""
    part, _, group = name.rpartition("_")
    label, color = _OF_PARTS.get(part, (part or "training", 1 if part else 0))
    share = group in ("accuracy", "output", "mae")
    return Metric(
        name, group, _UNITS.get(group, group), label, color, 0.0 if share or group == "loss" else None,
        1.0 if share else None, group in ("loss", "mae"), "epoch" if part == "val" else "step",
        {"d_loss": GUESSED_BY_D, "real_output": CANNOT_TELL}.get(name, ()),
    )  # fmt: skip


def groups(metrics: Iterable[Metric]) -> list[str]:
    """The charts that some metrics make: loss first, then accuracy, then the rest in the order of their names."""
    first = {LOSS.group: 0, ACCURACY.group: 1}
    return sorted({metric.group for metric in metrics}, key=lambda group: (first.get(group, math.inf), group))
