"""A sweep: every combination of some settings' values, each trained from several seeds.

Here are the words of the command line and what they mean; nothing is trained, and nothing heavy is loaded.
"""

import itertools
import math
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from functools import cached_property
from typing import Any

import orjson

from gan_tui import presets
from gan_tui.errors import UserError
from gan_tui.presets import Preset
from gan_tui.presets.plan import planned
from gan_tui.presets.settings import value_words
from gan_tui.run.metrics import Metric, guessed
from gan_tui.system.paths import refuse_not_unicode
from gan_tui.text import harmless, nearest

MOST_COMBINATIONS = 10_000
MOST_TRAININGS = 100_000
_LARGEST_SEED = 2**31 - 1
_FIXED = {
    "seed": "--seed sets the first seed and --repeats how many",
    **dict.fromkeys(("autosave_minutes", "autosave_epochs", "autosave_keep"), "a sweep saves no checkpoints"),
}

Combination = Mapping[str, Any]
"""A value for each setting that varies."""


@dataclass(frozen=True)
class Until:
    """What ends a training: a metric, at an epoch's end, at or above a value, or at or below it."""

    metric: str
    value: float
    falling: bool
    """Whether at or below is what is asked for."""

    def __str__(self) -> str:
        return f"{self.metric} {'<=' if self.falling else '>='} {self.value:g}"


@dataclass(frozen=True)
class Job:
    """One training: the number of its combination, and its seed."""

    combination: int
    seed: int


@dataclass(frozen=True)
class Sweep:
    """What is to be trained, every setting resolved."""

    preset: Preset
    """Its seed is the first."""
    varied: tuple[tuple[str, tuple[Any, ...]], ...]
    """Settings and their values, as they were given."""
    repeats: int
    until: Until | None

    @cached_property
    def combinations(self) -> list[Combination]:
        """In the order given, the last setting changing fastest."""
        names = [name for name, _ in self.varied]
        return [dict(zip(names, row, strict=True)) for row in itertools.product(*(values for _, values in self.varied))]

    @property
    def seeds(self) -> range:
        first = self.preset.settings["seed"]
        return range(first, first + self.repeats)

    @property
    def jobs(self) -> list[Job]:
        return [Job(number, seed) for number in range(len(self.combinations)) for seed in self.seeds]

    @property
    def metrics(self) -> tuple[Metric, ...]:
        """The metrics that any combination has."""
        every = [metric for combination in self.combinations for metric in self.with_values(combination).metrics]
        return tuple({metric.name: metric for metric in every}.values())

    def without_effect(self) -> list[str]:
        """A sentence for each setting that changes nothing in some combination."""
        every = (self.with_values(combination) for combination in self.combinations)
        return list(dict.fromkeys(sentence for preset in every for sentence in preset.without_effect()))

    def with_values(self, combination: Combination, seed: int | None = None) -> Preset:
        """The preset of a combination. Raises UserError where its values do not go together."""
        try:
            return self.preset.with_settings({**combination, **({} if seed is None else {"seed": seed})})
        except ValueError as error:
            raise UserError(f"{self.preset.name} with {words(combination)}: {error}.") from None

    def as_document(self) -> dict[str, Any]:
        """Everything, as sweep.toml holds it."""
        preset = self.preset.as_document()
        preset.pop("help", None)
        found = planned(self.with_values(self.combinations[0]))
        document = {
            "repeats": self.repeats, **({"until": asdict(self.until)} if self.until else {}),
            "varied": [{"setting": name, "values": list(values)} for name, values in self.varied],
            "data": {"origin": found.origin, "train": found.train, "validation": found.validation},
            "preset": preset,
        }  # fmt: skip
        plain: dict[str, Any] = orjson.loads(orjson.dumps(document))  # lists where there were tuples
        return plain


def from_document(document: Mapping[str, Any]) -> Sweep:
    """What `as_document` gave. Raises ValueError, KeyError or TypeError where it is something else."""
    preset = presets.from_document(document["preset"], "sweep", begun=True)
    preset = replace(preset, origin=document["data"]["origin"])
    varied = tuple(
        (row["setting"], tuple(preset.rules.checked(row["setting"], value) for value in row["values"]))
        for row in document["varied"]
    )
    until = Until(**document["until"]) if "until" in document else None
    return Sweep(preset, varied, document["repeats"], until)


def words(combination: Combination) -> str:
    """'batch_size=4 hidden=[8,8]': as a person would type it."""
    return " ".join(f"{name}={value_words(value)}" for name, value in combination.items())


# From a command line ----------------------------------------------------------------------------


def made(preset: Preset, changes: Sequence[str], until: str | None, repeats: int) -> Sweep:
    """The sweep that a command line describes. Raises UserError naming what is wrong, and what to do."""
    varied: dict[str, tuple[Any, ...]] = {}
    if preset.settings["steps"] and any(change.partition("=")[0].strip() == "epochs" for change in changes):
        raise UserError("epochs cannot be swept when steps sets the length; sweep steps instead.")
    if {"steps", "epochs"} <= {change.partition("=")[0].strip() for change in changes}:
        raise UserError("steps and epochs both say how long to train; sweep one of them.")
    for change in changes:
        name, values = _varied(preset, change)
        if name in varied:
            raise UserError(f"--set {name} is given twice; put all its values into one: --set {name}=V1,V2.")
        varied[name] = values
    count = math.prod(map(len, varied.values()))
    if count > MOST_COMBINATIONS:
        raise UserError(f"That makes {count:,} combinations, more than {MOST_COMBINATIONS:,}; use fewer values.")
    if not 1 <= repeats <= MOST_TRAININGS // count:
        raise UserError(f"--repeats must be from 1 to {MOST_TRAININGS // count:,} here, not {repeats:,}.")
    if preset.settings["seed"] + repeats - 1 > _LARGEST_SEED:
        raise UserError(f"--seed and --repeats go beyond the largest seed, {_LARGEST_SEED:,}; start lower.")
    wanted = _until(until) if until is not None else None
    sweep = Sweep(preset, tuple(varied.items()), repeats, wanted)
    for combination in sweep.combinations:
        _check(sweep, combination)
    return sweep


def _varied(preset: Preset, change: str) -> tuple[str, tuple[Any, ...]]:
    name, equals, text = (part.strip() for part in change.partition("="))
    if not equals:
        raise UserError(f'--set takes KEY=V1,V2,…, such as --set batch_size=1,2,4, not "{harmless(change, 60)}".')
    if name in _FIXED:
        raise UserError(f"{name} cannot be swept: {_FIXED[name]}.")
    try:
        values = [preset.rules.from_text(name, value, preset.dataset) for value in split(text)]
    except ValueError as error:
        raise UserError(f"{preset.name}: {error}.") from None
    for value, count in Counter(values).items():
        if count > 1:
            raise UserError(f"--set {name} has {value_words(value)} twice; list each value once.")
    return name, tuple(values)


def split(text: str) -> Iterator[str]:
    """The values in a list, parted by commas outside brackets and quotes. Raises ValueError for half a bracket."""
    begin, depth, quote = 0, 0, ""
    for place, character in enumerate(text):
        if quote:
            quote = "" if character == quote else quote
        elif character in "\"'":
            quote = character
        elif character in "[]":
            depth += 1 if character == "[" else -1
            if depth < 0:
                break
        elif character == "," and not depth:
            yield _value(text[begin:place], text)
            begin = place + 1
    if depth or quote:
        raise ValueError(f'"{harmless(text, 60)}" has an unmatched bracket or quote')
    yield _value(text[begin:], text)


def _value(part: str, text: str) -> str:
    if not part.strip():
        raise ValueError(f'"{harmless(text, 60)}" has an empty value; write V1,V2 without empty places')
    return part.strip()


def _until(text: str) -> Until:
    for sign in ("<=", ">=", "="):
        name, found, value = (part.strip() for part in text.partition(sign))
        if found:
            break
    try:
        number = float(value)
    except ValueError:
        number = math.nan
    if not name or not found or not math.isfinite(number):
        raise UserError(f'--until takes NAME=VALUE, such as --until accuracy=1.0, not "{harmless(text, 60)}".')
    falls = guessed(name).falls if sign == "=" else sign == "<="
    return Until(name, number, falls)


def _check(sweep: Sweep, combination: Combination) -> None:
    """A combination must be trainable, and what is waited for must be able to happen."""
    preset = sweep.with_values(combination)
    plan = planned(preset)
    for file in preset.files().values():
        refuse_not_unicode(file)
    until = sweep.until
    if until is None:
        return
    having = f"{preset.name} with {words(combination)}" if combination else preset.name
    known = {metric.name: metric for metric in preset.metrics}
    if until.metric not in known:
        name = harmless(until.metric, 60)
        raise UserError(f'{having} has no metric "{name}", {nearest(until.metric, known)}.')
    metric = known[until.metric]
    if not metric.can_reach(until.value, until.falling):
        bound = f"below {metric.low:g}" if until.falling else f"above {metric.high:g}"
        raise UserError(f"{until} cannot be reached: {until.metric} is never {bound}.")
    if plan.steps_total < plan.steps_per_epoch:
        raise UserError(
            f"--until needs a whole epoch, and {having} trains only {plan.steps_total:,} of the "
            f"{plan.steps_per_epoch:,} steps of one; give more --steps, or --epochs."
        )
