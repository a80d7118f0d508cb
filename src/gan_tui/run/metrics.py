"""What a run measures, declared: how a metric is called, on which chart it is, and what its values can be.

A run declares its metrics when it starts (`Started.metrics`), so that charts, tables and text guess nothing from names.
Runs of earlier versions, and others' logs, declare nothing: `guessed` works it out from the names that they have.
"""

import dataclasses
import math
import re
from collections.abc import Iterable, Mapping, Sequence
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

    def each_epoch(self) -> "Metric":
        """The same, measured each epoch."""
        return dataclasses.replace(self, each="epoch")

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

_OF_EXAMPLES = {
    "train": ("training", 0), "val": ("validation", 1), "valid": ("validation", 1), "validation": ("validation", 1),
    "eval": ("evaluation", 1), "test": ("test", 2),
}  # fmt: skip
"""What stands before an underscore: which examples it was measured on; how that is called, and its colour."""
_OF_A_PAIR = {
    "d": ("discriminator", 0), "g": ("generator", 1), "real": ("real", 0), "generated": ("generated", 1),
}  # fmt: skip
"""Likewise: which of a pair's networks, before what is measured of these."""
_UNITS = {metric.group: metric.unit for metric in (LOSS, ACCURACY, MAE)}
_OUTPUT = "D's mean output"
_SHARES = (ACCURACY.unit, MAE.unit, _OUTPUT)
"""Units of what is from 0 to 1."""
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


_WORDS = re.compile(r"[^a-z0-9]+")
_WRONG = frozenset({
    "loss", "error", "err", "mse", "rmse", "mae", "mape", "perplexity", "ppl", "wer", "cer", "fid", "nll",
})  # fmt: skip
"""Words with which names of what is wrong end, but for the examples that it was measured on."""


_HELD_BACK = frozenset({"val", "valid", "validation", "eval", "evaluation", "test"})
_ON_THE_WAY = frozenset({"learning", "lr", "rate", "epoch", "step", "steps", "runtime", "second", "time", "norm"})
"""Words of names that tell how it is trained, and not what comes of it."""


def words_of(name: str) -> list[str]:
    return _WORDS.split(name.lower())


def is_held_back(name: str) -> bool:
    """Whether it was measured on examples that were not trained on, as far as its name says."""
    return bool(_HELD_BACK.intersection(words_of(name)[:-1]))


def is_on_the_way(name: str) -> bool:
    """Whether it tells how a network is trained: the learning rate, times."""
    return bool(_ON_THE_WAY.intersection(words_of(name)))


def less_is_better(name: str) -> bool:
    """Whether a name says so: my loss, loss_train, eval/rmse, error_rate."""
    words = [word for word in _WORDS.split(name.lower()) if word and word not in _OF_EXAMPLES]
    return "error" in words or (bool(words) and words[-1] in _WRONG)


@lru_cache(maxsize=1024)
def guessed(name: str) -> Metric:
    """What a name tells: train/loss is of the group train, val_loss of the group loss, measured each epoch."""
    group, _, label = name.partition("/")
    if group and label:
        return Metric(name, group, group, label, falls=less_is_better(name))
    part, _, rest = name.partition("_")
    if rest and part in _OF_EXAMPLES:
        return _measured(name, rest, _UNITS.get(rest, rest), *_OF_EXAMPLES[part])
    units = {**_UNITS, "output": _OUTPUT}
    if rest in units and part in _OF_A_PAIR:
        return _measured(name, rest, units[rest], *_OF_A_PAIR[part])
    return _measured(name, name, _UNITS.get(name, name), LOSS.label if name in _UNITS else name, 0)


def _measured(name: str, group: str, unit: str, label: str, color: int) -> Metric:
    """One of a group, with what an earlier version knew of the group."""
    is_share = unit in _SHARES
    return Metric(
        name, group, unit, label, color, 0.0 if is_share or group == LOSS.group else None, 1.0 if is_share else None,
        less_is_better(name), "epoch" if name.startswith("val_") else "step",
        {"d_loss": GUESSED_BY_D, "real_output": CANNOT_TELL}.get(name, ()),
    )  # fmt: skip


def groups(metrics: Iterable[Metric]) -> list[str]:
    """The charts that some metrics make: loss first, then accuracy, then others with losses, then the rest by name."""
    rank: dict[str, int] = {}
    for metric in metrics:
        usual = {LOSS.group: 0, ACCURACY.group: 1}.get(metric.group, 2 if metric.name.endswith(LOSS.name) else 3)
        rank[metric.group] = min(usual, rank.get(metric.group, usual))
    return sorted(rank, key=lambda group: (rank[group], _counted(group)))


MOST_TOGETHER = 4
"""Curves of a chart: so many colours are told apart by all eyes."""


def told_apart(names: Sequence[str]) -> list[list[str]]:
    """Names, so few together that their curves are told apart; a metric and its validation stay together."""
    parts = list[list[str]]()
    known = set(names)
    for name in names:
        base = name.removeprefix("val_")
        if base != name and base in known:
            continue
        pair = [one for one in (name, f"val_{name}") if one in known]
        if not parts or len(parts[-1]) + len(pair) > MOST_TOGETHER:
            parts.append([])
        parts[-1] += pair
    return parts if len(parts) > 1 else [list(names)]


def distinct_colors(metrics: Iterable[Metric]) -> dict[str, int]:
    """Which colour each metric of a chart has: its own, or the next one where these would be the same."""
    own = {metric.name: metric.color for metric in metrics}
    return own if len({*own.values()}) == len(own) else {name: place for place, name in enumerate(own)}


def _counted(name: str) -> list[tuple[str, int]]:
    """layer2 before layer10."""
    return [(words, int(number or 0)) for words, number in _NUMBERED.findall(name)]


_NUMBERED = re.compile(r"(\D*)(\d{0,18})")
