"""Sweeps in a list: how far each has come, and its trainings, without checking what is trained."""

import itertools
import math
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import orjson

from gan_tui.presets.settings import value_words
from gan_tui.run import lock
from gan_tui.run.holder import ENDED
from gan_tui.run.metrics import Metric, guessed
from gan_tui.run.results import judging
from gan_tui.sweep.folder import SweepFolder, sweeps_folder
from gan_tui.sweep.judging import judge, place
from gan_tui.sweep.result import Result
from gan_tui.sweep.sweep import MOST_COMBINATIONS, Job
from gan_tui.system import untrusted_files
from gan_tui.system.file_versions import NONE, Version, version_of
from gan_tui.text import harmless

_LARGEST = 1 << 24
"""Bytes of a sweep.toml that is looked into."""


@dataclass(frozen=True)
class Training:
    """One training of a sweep that was finished."""

    settings: Mapping[str, Any]
    """Those that the sweep varies."""
    result: Result
    name: str = ""
    """Of its folder; empty where its combination is none of the sweep's."""

    @property
    def changed(self) -> dict[str, str]:
        """Setting → its value as a person would type it, the seed among them."""
        every = {**self.settings, "seed": self.result.seed}
        return {harmless(str(name), 80): value_words(value) for name, value in every.items()}

    @property
    def words(self) -> str:
        """'batch_size=4 hidden=[8,8]', as a person would type it, and the seed."""
        return " ".join(f"{name}={value}" for name, value in self.changed.items())

    def value(self, metric: Metric | None) -> float | None:
        """What a metric was at its end."""
        return None if metric is None else self.result.last.get(metric.name)


@dataclass(frozen=True)
class ListedSweep:
    """A sweep on the list."""

    folder: SweepFolder
    preset: str
    total: int
    """How many trainings it has in all."""
    under_way: bool
    """Whether it is being trained now."""
    began: float
    """When it was last begun, seconds since 1970."""
    changed: float
    """When a training was last finished, likewise."""
    trainings: tuple[Training, ...]
    """Those that were finished, in that order."""
    waited_for: str = ""
    """The metric that `--until` waits for, if any."""

    @property
    def name(self) -> str:
        return self.folder.name

    @property
    def done(self) -> int:
        return len(self.trainings)

    @property
    def state(self) -> str:
        """As a run's is called."""
        return "training" if self.under_way else "finished" if self.done >= self.total else ENDED

    @cached_property
    def judged_by(self) -> Metric | None:
        """What says how good its trainings are, of all that they measured."""
        return judge(self._metrics, self.waited_for) or judging(self._metrics)

    @property
    def _metrics(self) -> list[Metric]:
        return [guessed(name) for training in self.trainings for name in training.result.last]

    @cached_property
    def best_first(self) -> tuple[Training, ...]:
        """Its trainings in the order in which its own screen has them."""
        metric = judge(self._metrics, self.waited_for)
        return tuple(sorted(self.trainings, key=lambda each: place(each.result, metric)))

    @property
    def best(self) -> Training | None:
        """The best training; None where none can be told."""
        metric = judge(self._metrics, self.waited_for)
        first = self.best_first[0] if metric and self.best_first else None
        return first if first and first.result.ended != "diverged" and first.value(metric) is not None else None


_known: dict[Path, tuple[tuple[Version, Version], tuple[str, int, tuple[Training, ...], str]]] = {}
"""What was read of each when its files were as they are now: a list is looked at again and again."""


def sweeps(runs: Path) -> list[ListedSweep]:
    """Every sweep among the runs: those under way, then the others, the newest first."""
    return sweeps_in(sweeps_folder(runs))


def sweeps_in(folder: Path) -> list[ListedSweep]:
    """Every sweep in a folder of sweeps, likewise."""
    found = []
    with suppress(OSError):  # no folder yet: no sweeps
        for path in folder.iterdir():
            if not path.name.startswith(".") and (sweep := listed_sweep(SweepFolder(path))):
                found.append(sweep)
    return sorted(found, key=lambda sweep: (sweep.under_way, sweep.changed), reverse=True)


def listed_sweep(folder: SweepFolder) -> ListedSweep | None:
    """A sweep as a list has it; None without its file."""
    versions = version_of(folder.file), version_of(folder.results_file)
    if versions[0] == NONE:
        return None
    if folder.path not in _known or _known[folder.path][0] != versions:
        preset, total, numbers, waited_for = _told(folder)
        _known[folder.path] = versions, (preset, total, tuple(_trainings(folder, numbers)), waited_for)
    preset, total, trainings, waited_for = _known[folder.path][1]
    began, grown = (version[1] / 1e9 for version in versions)
    return ListedSweep(folder, preset, total, _is_held(folder), began, grown or began, trainings, waited_for)


def _is_held(folder: SweepFolder) -> bool:
    with suppress(OSError):
        return lock.is_held(folder.path / "lock")
    return False


Numbers = Mapping[bytes, int]
"""Of combinations, from 0."""


def _told(folder: SweepFolder) -> tuple[str, int, Numbers, str]:
    """(preset, how many trainings, combinations, what is waited for), by sweep.toml; nothing where it is damaged."""
    try:
        document = untrusted_files.toml(untrusted_files.read(folder.file, _LARGEST).decode())
        rows = document["drawn"] if document.get("search") == "random" else None
        varied = document["varied" if rows is None else "space"]
        each = [len(row["values"]) for row in varied] if rows is None else [len(rows)]
        count = math.prod(each)
        numbers: Numbers = {}
        if count <= MOST_COMBINATIONS:
            every = itertools.product(*(row["values"] for row in varied)) if rows is None else rows
            names = [row["setting"] for row in varied]
            numbers = {_key(dict(zip(names, row, strict=True))): number for number, row in enumerate(every)}
        waited_for = str(document["until"]["metric"]) if "until" in document else ""
        return (
            harmless(str(document["preset"].get("name", "")), 41),
            count * int(document["repeats"]),
            numbers,
            waited_for,
        )
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return "", 0, {}, ""


def _key(settings: object) -> bytes:
    return orjson.dumps(settings, option=orjson.OPT_SORT_KEYS)


def _trainings(folder: SweepFolder, numbers: Numbers) -> list[Training]:
    """Each training once, as it came first."""
    found: dict[tuple[str, int], Training] = {}
    with suppress(OSError):
        for settings, result in folder.every_result():
            if isinstance(settings, dict):
                number = numbers.get(_key(settings))
                training = Training(settings, result, "" if number is None else Job(number, result.seed).name)
                found.setdefault((training.words, result.seed), training)
    return list(found.values())
