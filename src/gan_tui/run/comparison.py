"""Several runs side by side: the settings that differ, what each has come to, and how far seeds of the same are apart.

Sums alone, of any run: a preset's, a script's, another tool's log. What one lacks is absent, and never made up.
"""

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from statistics import fmean, stdev
from typing import Any

from gan_tui.run import documents
from gan_tui.run.compared_settings import ABSENT, but_seed, differing, seed_of, settings_of, without_lacked_networks
from gan_tui.run.folder import RunFolder
from gan_tui.run.follower import state_of
from gan_tui.run.holder import Standing
from gan_tui.run.metrics import guessed
from gan_tui.run.results import as_it_falls, best_place, is_of_a_pair, judging
from gan_tui.run.state import RunState
from gan_tui.run.telling import as_number, newest, telling

MOST_COLORS = 8
"""Runs that are told apart by colour."""
_QUESTIONS = ("points", "image", "latent")
"""What may be set in a run and is no setting: what it is asked."""


@dataclass(frozen=True)
class Measured:
    """What a run has come to by one metric; None where that is not a finite number."""

    newest: float | None
    best: float | None
    best_step: int
    """0 where there is none."""
    falls: bool
    """Whether less is better."""
    has_best: bool
    """Whether its best says more than chance: of a metric of single steps it does not."""


@dataclass(frozen=True)
class Member:
    """One of the runs that are compared."""

    name: str
    settings: Mapping[str, Any]
    changed: Mapping[str, Any] = field(default_factory=dict)
    """Settings that were changed while it trained, with what they are now."""
    state: str = ""
    """As a person should see it."""
    alive: bool = False
    step: int = 0
    steps_total: int = 0
    """0 where that is not known."""
    seconds: float = 0.0
    """Of training, pauses left out."""
    measured: Mapping[str, Measured] = field(default_factory=dict)

    @property
    def speed(self) -> float | None:
        """Steps a second of all its training; None where that is not known."""
        return self.step / self.seconds if self.seconds > 0 and self.step else None

    @property
    def seed(self) -> Any:
        return seed_of(self.settings)

    @property
    def all_settings(self) -> dict[str, Any]:
        """Of what was changed while it trained, (before, now)."""
        now = {name: value for name, value in self.changed.items() if value != self.settings.get(name, ABSENT)}
        return {**self.settings, **{name: (self.settings.get(name), value) for name, value in now.items()}}


def read(folder: RunFolder) -> Member:
    """A run as it is now, by its whole log."""
    state = state_of(folder, history=True)
    return member(folder.name, documents.written(folder.preset_file), state, folder.standing())


def member(name: str, document: Mapping[str, Any], state: RunState, standing: Standing) -> Member:
    """A run by what its preset.toml says, and by a state with its history."""
    changed = {key: value for key, value in state.settings.items() if key not in _QUESTIONS}
    return Member(
        name, settings_of(document), settings_of({"settings": changed}), standing.shown(state.state), standing.alive,
        state.step, state.steps_total, state.course.seconds,
        {key: measured(state, key) for key, series in state.series.items() if series.length},
    )  # fmt: skip


def measured(state: RunState, name: str) -> Measured:
    """What a metric of a state with its history comes to, as a list of runs has it."""
    metric, told, best, at = as_it_falls(state.metric(name)), telling(state, name), None, 0
    if (place := best_place(told.values, metric)) is not None:
        best, at = as_number(told.values[place]), int(told.steps[place])
    return Measured(newest(state, name), best, at, metric.falls, metric.each == "epoch")


# What differs ----------------------------------------------------------


@dataclass(frozen=True)
class Row:
    """One thing about all runs."""

    name: str
    kind: str
    """setting, state, step, seconds, speed, or value."""
    values: tuple[Any, ...]
    """Of each run, in their order; ABSENT where it has none."""
    best: int | None = None
    """The place of the best value, where one is better than the others."""
    metric: str = ""
    """What it is of."""

    @property
    def differs(self) -> bool:
        """Whether not all of them are alike."""
        return any(value != self.values[0] for value in self.values)


def setting_rows(members: Sequence[Member]) -> list[Row]:
    """The settings that are not the same in all runs; of one that was changed while training, (before, now)."""
    every = without_lacked_networks([one.all_settings for one in members])
    return [Row(name, "setting", tuple(one.get(name, ABSENT) for one in every)) for name in differing(every)]


def result_rows(members: Sequence[Member]) -> list[Row]:
    """What the runs have come to, where it differs: how they stand, what they are judged by, other metrics, time."""
    rows = [Row("state", "state", tuple(one.state for one in members))]
    judged = judged_by(members)
    names = dict.fromkeys(name for one in members for name in one.measured)
    for name in sorted(names, key=lambda name: name != judged):
        rows += _of_metric(members, name, name == judged)
    rows += [
        Row("step", "step", tuple(one.step for one in members)),
        Row("duration", "seconds", tuple(one.seconds for one in members)),
        Row("steps/s", "speed", tuple(ABSENT if one.speed is None else one.speed for one in members)),
    ]
    return [row for row in rows if row.differs]


def _of_metric(members: Sequence[Member], name: str, judged: bool) -> list[Row]:
    found = [one.measured.get(name) for one in members]
    falls = next(one.falls for one in found if one)
    newest = tuple(ABSENT if one is None else one.newest for one in found)
    if any(is_of_a_pair(one.measured) for one in members if name in one.measured):
        return [Row(name, "value", newest, None, name)]  # none of its values is better than another
    rows = [Row(name, "value", newest, _best(newest, falls), name)]
    if judged or any(one and one.has_best for one in found):
        best = tuple(ABSENT if one is None else one.best for one in found)
        at = tuple(ABSENT if one is None or one.best is None else one.best_step for one in found)
        rows += [Row(f"best {name}", "value", best, _best(best, falls), name)]
        rows += [Row("at step" if judged else f"{name} at step", "step", at, None, name)]
    return rows


def _best(values: Sequence[Any], falls: bool) -> int | None:
    known = {place: value for place, value in enumerate(values) if isinstance(value, float)}
    if len(set(known.values())) < 2:
        return None
    return (min if falls else max)(known, key=known.__getitem__)


def judged_by(members: Sequence[Member]) -> str | None:
    """The metric that says how good they are, of those that most of them have, as for a list of runs."""
    counts = Counter(name for one in members for name in one.measured)
    most = max(counts.values(), default=0)
    metric = judging(guessed(name) for name, count in counts.items() if count == most)
    return metric.name if metric else None


# Seeds ----------------------------------------------------------


@dataclass(frozen=True)
class Spread:
    """How far some values are apart."""

    count: int
    """Of those that are finite numbers."""
    mean: float
    deviation: float | None
    """The standard deviation of a sample; None of one value."""
    low: float
    high: float


def spread(values: Iterable[Any]) -> Spread | None:
    """Of the numbers among them; None where there are none."""
    known = [float(value) for value in values if isinstance(value, int | float) and math.isfinite(value)]
    if not known:
        return None
    deviation = stdev(known) if len(known) > 1 else None
    return Spread(len(known), fmean(known), deviation, min(known), max(known))


def seeds(members: Sequence[Member]) -> list[tuple[int, ...]]:
    """The places of runs that were made the same but for their seeds, of which at least two differ."""
    groups = dict[str, list[int]]()
    for place, one in enumerate(members):
        if one.seed is not None:
            groups.setdefault(but_seed(one.all_settings), []).append(place)
    return [tuple(group) for group in groups.values() if len({members[place].seed for place in group}) > 1]


# Colours ----------------------------------------------------------


def colors(runs: Sequence[str], known: Mapping[str, int]) -> dict[str, int]:
    """Which of the colours each run has: the one that it had before, unless another has it, else the first free one.

    What the order of runs is changes nothing. `known` has what they had, those that were seen first before the others.
    """
    kept = {run: known[run] for run in reversed([run for run in known if run in runs])}
    by_color = {color: run for run, color in kept.items()}
    found = {run: color for color, run in by_color.items()}
    free = [color for color in range(MOST_COLORS) if color not in by_color]
    for number, run in enumerate(run for run in sorted(runs) if run not in found):
        found[run] = free[number] if number < len(free) else number % MOST_COLORS
    return found
