"""What a run has come to, for lists and comparisons: its best and newest value, its course in a few numbers.

Results that are kept between two lists are read without numpy, which takes longer to load than a list to be shown.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import asdict, dataclass, field, replace
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import orjson

from gan_tui.run.folder import RunFolder
from gan_tui.run.metrics import Metric, declared, is_held_back, is_on_the_way, words_of
from gan_tui.text import harmless

if TYPE_CHECKING:  # they bring numpy
    from gan_tui.run.series import Floats, Numbers
    from gan_tui.run.state import RunState

CURVE_LENGTH = 32
"""Values that a course is told in."""
MOST_VALUES = 64
"""Metrics, and settings, of which the newest value is told."""
_LONGEST_WORD = 200
"""Characters of a name or a word."""


@dataclass(frozen=True)
class Results:
    """What a run has come to, of its whole log."""

    judged_by: Metric | None
    """The metric that says how good it is; None where nothing was measured."""
    newest: float | None
    """Of its newest epoch, where it has any (`telling`); None where that was no finite number."""
    best: float | None
    """None also where no value is better than another, as of a pair (`judging` says why)."""
    best_step: int
    """Step of the best value; 0 where there is none."""
    curve: tuple[float | None, ...]
    """Means of equal parts of its steps, of the metric it is judged by; CURVE_LENGTH at most, None where nothing was
    measured."""
    seconds: float
    """How long it has trained in all, pauses left out."""
    values: Mapping[str, float | None] = field(default_factory=dict)
    """Metric → the newest value of each, likewise."""
    set_later: Mapping[str, Any] = field(default_factory=dict)
    """Settings that were changed while it trained, → what they are now: numbers, words, and yes or no."""

    def as_document(self) -> dict[str, Any]:
        """As JSON keeps it."""
        metric = None if self.judged_by is None else self.judged_by.as_row()
        return {**asdict(self), "judged_by": metric}


def from_document(document: Mapping[str, Any]) -> Results:
    """What `as_document` gave. Raises ValueError, TypeError or KeyError where it is something else."""
    row = document["judged_by"]
    metric = None if row is None else _metric(orjson.dumps(row))
    newest, best = _number(document["newest"]), _number(document["best"])
    seconds, curve = _number(document["seconds"]), tuple(map(_number, document["curve"]))[:CURVE_LENGTH]
    values = {_word(name): _number(value) for name, value in document["values"].items()}
    set_later = {_word(name): _plain(value) for name, value in document["set_later"].items()}
    return Results(metric, newest, best, int(document["best_step"]), curve, seconds or 0.0, values, set_later)


@lru_cache(maxsize=256)
def _metric(content: bytes) -> Metric:
    """Of its row as JSON: most runs of a list are judged by one of a few."""
    row = orjson.loads(content)
    words = {name: row[name] for name in ("name", "group", "unit", "label", "each")}
    bounds = {name: _number(row[name]) for name in ("low", "high")}
    if any(not isinstance(word, str) for word in words.values()):
        raise TypeError("no words")
    references = [[_number(value), _word(word)] for value, word in row["references"]]
    told = {name: _word(word) for name, word in words.items()} | bounds
    rows = [{**told, "color": int(row["color"]), "falls": bool(row["falls"]), "references": references}]
    return next(iter(declared(rows).values()))


def _number(value: object) -> float | None:
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise TypeError("no number")
    return float(value)


@lru_cache(maxsize=4096)
def _word(name: object) -> str:
    return harmless(str(name), _LONGEST_WORD)


def _plain(value: object) -> bool | int | float | str:
    return value if isinstance(value, bool | int | float) else _word(value)


# From a log -------------------------------------------------------------------------------------


def of(folder: RunFolder) -> Results:
    """Read a run's whole log."""
    from gan_tui.run.follower import state_of

    return of_state(state_of(folder, history=True))


def of_state(state: "RunState") -> Results:
    """Of a state with its history."""
    metric = judged_by(state)
    from gan_tui.run import telling  # brings numpy

    there = [name for name, series in state.series.items() if series.length][:MOST_VALUES]
    values = {_word(name): telling.newest(state, name) for name in there}
    later = {_word(name): _plain(value) for name, value in state.settings.items() if not isinstance(value, list | dict)}
    seconds = round(state.course.seconds, 3)
    if metric is None or not state.series[metric.name].length:
        return Results(None, None, None, 0, (), seconds, values, later)
    told, best, at = telling.telling(state, metric.name), None, 0
    if has_best(metric) and (place := best_place(told.values, metric)) is not None:
        best, at = telling.as_number(told.values[place]), int(told.steps[place])
    newest, curve = telling.newest(state, metric.name), curve_of(state.series[metric.name].values)
    return Results(metric, newest, best, at, curve, seconds, values, later)


def curve_of(values: "Floats | Numbers", length: int = CURVE_LENGTH) -> tuple[float | None, ...]:
    """Means of so many equal parts of some values, rounded to what can be drawn; None where none is a number."""
    import numpy as np

    parts = np.array_split(values, min(length, len(values))) if len(values) else []
    finite = (part[np.isfinite(part)] for part in parts)
    return tuple(float(f"{part.mean(dtype=np.float64):.6g}") if len(part) else None for part in finite)


# What says how good it is -----------------------------------------------------------------------

_ACCURACIES, _LOSSES = frozenset({"accuracy", "acc"}), frozenset({"loss"})
_JUDGING_A_PAIR = ("wasserstein", "d_accuracy", "d_loss")
"""What says most of a pair, the first of these that it measures."""


def judged_by(state: "RunState") -> Metric | None:
    """The metric that says how good a run is; of a script's, one of those that it declared, where it did."""
    known = state.metrics
    told = {name: metric for name, metric in known.items() if name in state.declared} if state.is_of_others else {}
    return judging((told or known).values())


def judging(metrics: Iterable[Metric]) -> Metric | None:
    """Which of some metrics says how good a training is: a validated one before one of training, accuracy before loss,
    either before what else there is.

    Of a pair neither loss says it: each is measured against the other network, and falls where that becomes worse.
    The Wasserstein estimate follows how far generated images are from real ones (Arjovsky et al. 2017); without it, the
    accuracy of the discriminator tells whether it can still tell them apart (0.5: it cannot). No value of these is the
    best: a discriminator that has learnt nothing cannot tell either, so it would be that of the first steps.
    """
    known = {metric.name: metric for metric in metrics}
    if is_of_a_pair(known):
        return next(known[name] for name in _JUDGING_A_PAIR if name in known)
    ranked = sorted(known.values(), key=_rank)  # stable: as they were told
    return as_it_falls(ranked[0]) if ranked else None


def is_of_a_pair(names: Collection[str]) -> bool:
    """Whether these are the metrics of two networks that are trained against each other."""
    return "d_loss" in names and "g_loss" in names


def best_place(values: "Floats", metric: Metric) -> int | None:
    """Where the best of some values is; None where none is finite."""
    import numpy as np

    finite = np.isfinite(values)
    if not finite.any():
        return None
    return int((np.nanargmin if metric.falls else np.nanargmax)(np.where(finite, values, np.nan)))


def has_best(metric: Metric) -> bool:
    """Whether a value of what a training is judged by is better than another."""
    return metric.name not in _JUDGING_A_PAIR


def _rank(metric: Metric) -> tuple[int, bool]:
    last, held_back = words_of(metric.name)[-1], is_held_back(metric.name)
    if last in _ACCURACIES:
        return (0, False) if held_back else (2, False)
    if last in _LOSSES:
        return (1, False) if held_back else (3, False)
    return (4, not held_back) if not is_on_the_way(metric.name) else (5, False)


def as_it_falls(metric: Metric) -> Metric:
    """A loss is better where it is less, whatever its name begins with."""
    is_loss = words_of(metric.name)[-1] in _LOSSES
    return replace(metric, falls=True) if is_loss and not metric.falls else metric
