"""A sweep as it stands, for whoever looks at it: its trainings, who trains which, what each has come to, the table."""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from gan_tui.presets.settings import value_words
from gan_tui.run import lock
from gan_tui.run.metrics import Metric
from gan_tui.sweep import judging, ranking, table, under_way
from gan_tui.sweep.folder import SweepFolder
from gan_tui.sweep.result import Result
from gan_tui.sweep.sweep import Job, Sweep
from gan_tui.sweep.table import Row
from gan_tui.sweep.under_way import Doing, Failure, UnderWay
from gan_tui.system.file_versions import NONE, Version, version_of
from gan_tui.text import counted, duration, four_digits

TRAINING, FINISHED, FAILED = "training", "finished", "failed"


@dataclass(frozen=True)
class SeenTraining:
    """One training that is under way or over."""

    name: str
    """Of its folder."""
    job: Job
    settings: Mapping[str, str]
    """Those that vary, and its seed, in words."""
    state: str
    doing: Doing | None = None
    """Who trains it now."""
    result: Result | None = None
    reason: str = ""
    """Why it has failed."""
    place: str = ""
    """Where it has failed, or who has trained it where, as far as that is told."""

    @property
    def words(self) -> str:
        """'batch_size=4 seed=15', as a person would type it."""
        return " ".join(f"{name}={value}" for name, value in self.settings.items())

    @property
    def epoch(self) -> int:
        return self.result.epochs if self.result else self.doing.epoch if self.doing else 0

    def value(self, metric: Metric | None) -> float | None:
        """What a metric was at its end."""
        return self.result.last.get(metric.name) if self.result and metric else None


@dataclass(frozen=True)
class Seen:
    """All of it."""

    sweep: Sweep | None = None
    """None where it cannot be read, which `problem` says."""
    problem: str = ""
    alive: bool = False
    trainings: tuple[SeenTraining, ...] = ()
    """Those under way, by worker, then those that are over, the best first, then those that have failed."""
    rows: tuple[Row, ...] = field(default=(), repr=False)
    """Of the table of combinations."""
    under: UnderWay = field(default_factory=UnderWay)

    @property
    def metric(self) -> Metric | None:
        """What says which training is best, where it is not how soon one reached what was asked for."""
        return ranking.measure(self.sweep, None) if self.sweep else None

    def those(self, state: str) -> list[SeenTraining]:
        return [training for training in self.trainings if training.state == state]

    @property
    def done(self) -> int:
        return sum(training.result is not None for training in self.trainings)

    @property
    def total(self) -> int:
        return len(self.sweep.jobs) if self.sweep else 0

    @property
    def best(self) -> SeenTraining | None:
        """The best so far; None where nothing says which that is."""
        over = [each for each in self.those(FINISHED) if each.result and each.result.ended != "diverged"]
        return over[0] if over and self.metric else None

    @property
    def seconds_left(self) -> float | None:
        """While it is trained, by what was done since it was begun."""
        done = self.done - self.under.done_before
        if not self.alive or done < max(1, len(self.under.workers)):
            return None
        left = self.total - self.done - len(self.those(FAILED))
        return max(0.0, time.time() - self.under.began) / done * left

    def told(self) -> list[str]:
        """How it stands, in words: '23 of 60 trained', '2 training', …"""
        reached = [each for each in self.trainings if each.result and each.result.reached is not None]
        loading = sum(each.loads for each in self.under.workers) if self.alive else 0
        parts = [
            f"{self.done:,} of {counted(self.total, 'training')} done",
            f"{len(self.those(FAILED)):,} failed" if self.those(FAILED) else "",
            f"{len(self.those(TRAINING)):,} under way" if self.those(TRAINING) else "",
            f"{loading:,} loading TensorFlow" if loading else "",
            f"{len(reached):,} reached {self.sweep.until}" if self.sweep and self.sweep.until else "",
            f"about {duration(left)} left" if (left := self.seconds_left) else "",
            "not under way" if not self.alive and self.done < self.total else "",
        ]
        return [part for part in parts if part]

    def best_words(self) -> str:
        """'best: batch_size=4 seed=15: accuracy 1.0 at epoch 120'; empty where there is none yet."""
        best = self.best
        if best is None or best.result is None or self.sweep is None:
            return ""
        if self.sweep.until and best.result.reached is not None:
            return f"best: {best.words} reached {self.sweep.until} at epoch {best.result.reached:,}"
        assert self.metric is not None
        return f"best: {best.words}: {self.metric.name} {four_digits(best.value(self.metric))}"


class Looker:
    """Looks at a sweep again and again; what has not changed is not read again. One thread at a time."""

    def __init__(self, folder: SweepFolder) -> None:
        self.folder = folder
        self._versions: tuple[Version, Version] = NONE, NONE
        self._sweep: Sweep | None = None
        self._names: dict[str, Job] = {}
        self._results: dict[Job, Result] = {}
        self._rows: tuple[Row, ...] = ()

    def look(self) -> Seen:
        """The sweep as it is now. Raises UserError where its sweep.toml is gone or damaged."""
        versions = version_of(self.folder.file), version_of(self.folder.results_file)
        if versions[0] != self._versions[0] or self._sweep is None:
            self._sweep = self.folder.sweep()
            self._names = {job.name: job for job in self._sweep.jobs}
        if versions != self._versions:
            self._results = self.folder.results(self._sweep)
            self._rows = tuple(table.rows(self._sweep, self._results))
            self._versions = versions
        under = under_way.read(self.folder)
        try:
            alive = lock.is_held(self.folder.path / "lock")
        except OSError:
            alive = False
        trainings = (*self._busy(under if alive else UnderWay()), *self._over(self._sweep, under), *self._failed(under))
        return Seen(self._sweep, "", alive, self._each_once(trainings), self._rows, under)

    @staticmethod
    def _each_once(trainings: Sequence[SeenTraining]) -> tuple[SeenTraining, ...]:
        found = dict[str, SeenTraining]()
        for training in trainings:
            found.setdefault(training.name, training)
        return tuple(found.values())

    def _training(self, job: Job, state: str) -> Callable[..., SeenTraining]:
        assert self._sweep is not None
        every = {**self._sweep.combinations[job.combination], "seed": job.seed}
        settings = {name: value_words(value) for name, value in every.items()}
        return lambda **more: SeenTraining(job.name, job, settings, state, **more)

    def _busy(self, under: UnderWay) -> list[SeenTraining]:
        return [
            self._training(self._names[each.training], TRAINING)(doing=each)
            for each in under.workers
            if each.training in self._names and self._names[each.training] not in self._results
        ]

    def _over(self, sweep: Sweep, under: UnderWay) -> list[SeenTraining]:
        metric, where = ranking.measure(sweep, None), {each.training: each.words for each in under.done}

        def place(job: Job) -> judging.Place:
            return judging.place(self._results[job], metric)

        return [
            self._training(job, FINISHED)(result=self._results[job], place=where.get(job.name, ""))
            for job in sorted(self._results, key=place)
        ]

    def _failed(self, under: UnderWay) -> list[SeenTraining]:
        newest: dict[str, Failure] = {failure.training: failure for failure in under.failures}
        return [
            self._training(self._names[name], FAILED)(reason=failure.reason, place=failure.place)
            for name, failure in newest.items()
            if name in self._names and self._names[name] not in self._results
        ]
