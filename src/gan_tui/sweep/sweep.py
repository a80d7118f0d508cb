"""A sweep: combinations of some settings' values, every one or some drawn at random, each trained from several seeds.

Here are the words of the command line and what they mean; nothing is trained, and nothing heavy is loaded.
"""

import itertools
import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import Any

import orjson

from gan_tui import presets
from gan_tui.errors import UserError
from gan_tui.presets import Preset, schedules
from gan_tui.presets.plan import planned
from gan_tui.presets.settings import value_words
from gan_tui.run.metrics import Metric
from gan_tui.sweep import random_search, until, values
from gan_tui.sweep.checksums import checksum
from gan_tui.sweep.random_search import Row
from gan_tui.sweep.until import Until
from gan_tui.system.paths import refuse_not_unicode

MOST_COMBINATIONS = 10_000
MOST_TRAININGS = 100_000
_LARGEST_SEED = 2**31 - 1

Combination = Mapping[str, Any]
"""A value for each setting that varies."""


@dataclass(frozen=True)
class Job:
    """One training: the number of its combination, and its seed."""

    combination: int
    seed: int

    @property
    def name(self) -> str:
        """What its run's folder is called: '3-seed-42', for the third combination."""
        return f"{self.combination + 1}-seed-{self.seed}"


@dataclass(frozen=True)
class Sweep:
    """What is to be trained, every setting resolved."""

    preset: Preset
    """Its seed is the first."""
    varied: tuple[tuple[str, tuple[Any, ...]], ...]
    """Settings and their values, as they were given; of a random search, also ranges."""
    repeats: int
    until: Until | None
    drawn: tuple[Row, ...] | None = None
    """Of a random search: the value of each setting in each combination, in the order of drawing."""
    refused: tuple[str, ...] = field(default=(), compare=False)
    """Why others that were drawn cannot be trained."""

    @cached_property
    def combinations(self) -> list[Combination]:
        """In the order given, the last setting changing fastest; or in the order of drawing."""
        names = [name for name, _ in self.varied]
        rows = itertools.product(*(several for _, several in self.varied)) if self.drawn is None else self.drawn
        return [dict(zip(names, row, strict=True)) for row in rows]

    @property
    def seeds(self) -> range:
        first = self.preset.settings["seed"]
        return range(first, first + self.repeats)

    @property
    def jobs(self) -> list[Job]:
        return [Job(number, seed) for number in range(len(self.combinations)) for seed in self.seeds]

    @cached_property
    def metrics(self) -> tuple[Metric, ...]:
        """The metrics that any combination has."""
        every = [metric for combination in self.combinations for metric in self.with_values(combination).metrics]
        return tuple({metric.name: metric for metric in every}.values())

    def files(self) -> dict[str, str]:
        """Each file that data come from → the checksum of what it holds now; none of what cannot be read."""
        known, settings = self.preset.rules.settings_for(self.preset.dataset), dict(self.varied)
        named = {name: settings.get(name, (value,)) for name, value in self.preset.settings.items()}
        paths = [value for name, several in named.items() for value in several if known[name].is_file(value, None)]
        if own := self.preset.found:
            paths.append(str(own.path))
        return {path: found for path in paths if (found := checksum(Path(path)))}

    def without_effect(self) -> list[str]:
        """A sentence for each setting that changes nothing in some combination, or comes to nothing there."""
        return list(dict.fromkeys(itertools.chain.from_iterable(map(self._to_know, self.combinations))))

    def _to_know(self, combination: Combination) -> list[str]:
        preset = self.with_values(combination)
        return [*preset.without_effect(), *schedules.to_know(preset.settings, planned(preset).steps_total)]

    def with_values(self, combination: Combination, seed: int | None = None) -> Preset:
        """The preset of a combination. Raises UserError where its values do not go together."""
        try:
            return self.preset.with_settings({**combination, **({} if seed is None else {"seed": seed})})
        except ValueError as error:
            raise UserError(f"{self.preset.name} with {words(combination)}: {error}.") from None

    def as_document(self) -> dict[str, Any]:
        """Everything, as sweep.toml holds it; networks that follow the data do so in each combination."""
        preset = self.preset.as_document(following=True)
        preset.pop("help", None)
        found = planned(self.with_values(self.combinations[0]))
        data = {"origin": found.origin, "train": found.train, "validation": found.validation}
        if files := self.files():
            data["files"] = files
        document = {
            "repeats": self.repeats, **({"until": asdict(self.until)} if self.until else {}),
            **self._combined(), "data": data, "preset": preset,
        }  # fmt: skip
        return _plain(document)

    def _combined(self) -> dict[str, Any]:
        """What makes the combinations. A search has other words for it, lest an earlier version train every one."""
        every = ((name, [values.in_file(value) for value in several]) for name, several in self.varied)
        rows = [{"setting": name, "values": several} for name, several in every]
        return {"varied": rows} if self.drawn is None else {"search": "random", "space": rows, "drawn": self.drawn}

    def with_trials(self, trials: int) -> "Sweep":
        """A random search with so many combinations: those it has, and more. Raises UserError where that cannot be."""
        if self.drawn is None:
            raise UserError("--trials is for a sweep with --search random; this one trains every combination.")
        fewest, most = max(1, len(self.drawn)), min(MOST_COMBINATIONS, MOST_TRAININGS // self.repeats)
        if not fewest <= trials <= most:
            raise UserError(f"--trials must be from {fewest:,} to {most:,} here, not {trials:,}.")
        choices, seed = [several for _, several in self.varied], self.preset.settings["seed"]
        new = replace(self, preset=replace(self.preset, begun=False))
        rows, refused = random_search.drawn(choices, seed, trials, new._checked, self.drawn)
        return replace(self, drawn=rows, refused=refused)

    def _checked(self, row: Row) -> Row:
        """What was drawn, in canonical form. Raises UserError where it cannot be trained."""
        named = zip((name for name, _ in self.varied), row, strict=True)
        try:
            drawn = {name: self.preset.rules.checked(name, value, self.preset.dataset) for name, value in named}
        except ValueError as error:
            raise UserError(f"{self.preset.name}: {error}.") from None
        _check(self, drawn)
        return tuple(drawn.values())


def _plain(document: object) -> dict[str, Any]:
    """With lists where there were tuples."""
    plain: dict[str, Any] = orjson.loads(orjson.dumps(document))
    return plain


def in_numbers(document: Mapping[str, Any]) -> Mapping[str, Any]:
    """What `as_document` gave, as earlier versions wrote it: sizes that follow the data are numbers in it."""
    preset = from_document(document).preset.as_document()
    networks = {"networks": _plain(preset["networks"])} if "networks" in preset else {}
    return {**document, "preset": {**document["preset"], **networks}}


def from_document(document: Mapping[str, Any]) -> Sweep:
    """What `as_document` gave. Raises ValueError, KeyError or TypeError where it is something else."""
    preset = presets.from_document(document["preset"], "sweep", begun=True)
    preset = replace(preset, origin=document["data"]["origin"])
    drawn = document.get("search") == "random"
    varied = tuple(
        (row["setting"], tuple(values.kept(preset, row["setting"], value) for value in row["values"]))
        for row in document["space" if drawn else "varied"]
    )
    goal = Until(**document["until"]) if "until" in document else None
    settings = [preset.rules.settings_for()[name] for name, _ in varied]
    rows = document["drawn"] if drawn else ()
    checked = (tuple(one.checked(value) for one, value in zip(settings, row, strict=True)) for row in rows)
    sweep = Sweep(preset, varied, document["repeats"], goal, tuple(checked) if drawn else None)
    if not (sweep.combinations and sweep.seeds):
        raise ValueError("nothing to train")
    return sweep


def words(combination: Combination) -> str:
    """'batch_size=4 hidden=[8,8]': as a person would type it."""
    return " ".join(f"{name}={value_words(value)}" for name, value in combination.items())


# From a command line ----------------------------------------------------------------------------


def made(
    preset: Preset, changes: Sequence[str], wanted: str | None, repeats: int, trials: int | None = None
) -> Sweep:  # fmt: skip
    """The sweep that a command line describes: of every combination, or of as many as there are `trials`.

    Raises UserError naming what is wrong, and what to do.
    """
    varied = _varied(preset, changes, trials is not None)
    count = math.prod(map(len, varied.values())) if trials is None else trials
    if trials is None and count > MOST_COMBINATIONS:
        raise UserError(
            f"That makes {count:,} combinations, more than {MOST_COMBINATIONS:,}; use fewer values, "
            "or draw some of them: --search random --trials 100."
        )
    _refuse_too_many(count, repeats)
    if preset.settings["seed"] + repeats - 1 > _LARGEST_SEED:
        raise UserError(f"--seed and --repeats go beyond the largest seed, {_LARGEST_SEED:,}; start lower.")
    goal = until.asked(wanted) if wanted is not None else None
    sweep = Sweep(preset, tuple(varied.items()), repeats, goal)
    if trials is not None:
        return replace(sweep, drawn=()).with_trials(trials)
    for combination in sweep.combinations:
        _check(sweep, combination)
    return sweep


def _refuse_too_many(count: int, repeats: int) -> None:
    if not 1 <= count <= MOST_COMBINATIONS:
        raise UserError(f"--trials must be from 1 to {MOST_COMBINATIONS:,}, not {count:,}.")
    if not 1 <= repeats <= MOST_TRAININGS // count:
        raise UserError(f"--repeats must be from 1 to {MOST_TRAININGS // count:,} here, not {repeats:,}.")


def _varied(preset: Preset, changes: Sequence[str], drawn: bool) -> dict[str, tuple[Any, ...]]:
    """Setting → values."""
    lengths = {"steps", "epochs"} & {change.partition("=")[0].strip() for change in changes}
    if preset.settings["steps"] and "epochs" in lengths:
        raise UserError("epochs cannot be swept when steps sets the length; sweep steps instead.")
    if len(lengths) == 2:
        raise UserError("steps and epochs both say how long to train; sweep one of them.")
    if drawn and not changes:
        raise UserError("--search random needs settings to draw, such as --set learning_rate=log:0.001..0.1.")
    varied: dict[str, tuple[Any, ...]] = {}
    for change in changes:
        name, several = values.varied(preset, change, drawn)
        if name in varied:
            raise UserError(f"--set {name} is given twice; put all its values into one: --set {name}=V1,V2.")
        varied[name] = several
    return varied


def _check(sweep: Sweep, combination: Combination) -> None:
    """A combination must be trainable, and what is waited for must be able to happen. Raises UserError."""
    preset = sweep.with_values(combination)
    plan = planned(preset)
    for file in preset.files().values():
        refuse_not_unicode(file)
    if sweep.until:
        having = f"{preset.name} with {words(combination)}" if combination else preset.name
        until.check(sweep.until, preset, plan, having)
