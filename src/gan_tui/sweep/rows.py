"""Sweeps and their trainings as rows like those of runs, so that they are ordered and filtered as these are."""

from pathlib import Path

from gan_tui.run.catalog import TRAININGS
from gan_tui.run.folder import RunFolder
from gan_tui.run.holder import ALIVE, ENDED, Standing
from gan_tui.run.listing import Listed, Setup
from gan_tui.run.metrics import Metric
from gan_tui.run.results import Results
from gan_tui.run.summaries import RunSummary
from gan_tui.sweep.listed import ListedSweep, Training


def as_row(sweep: ListedSweep) -> Listed:
    """A sweep: its step is how many of its trainings are done."""
    metric, best = sweep.judged_by, sweep.best
    value = best.value(metric) if best else None
    seconds = sum(training.result.seconds for training in sweep.trainings)
    standing = Standing(ALIVE if sweep.under_way else ENDED)
    summary = RunSummary(
        RunFolder(sweep.folder.path), sweep.preset, sweep.state, "", standing, sweep.done, sweep.total, sweep.began,
        "", 0, sweep.changed,
    )  # fmt: skip
    return Listed(summary, Results(metric, None, value, 0, (), seconds), Setup({}, best.changed if best else {}))


def names(sweep: ListedSweep) -> dict[Path, str]:
    """What each training is called: by what differs among them."""
    every = [training.changed for training in sweep.trainings]
    differing = [name for name in (every[0] if every else ()) if len({one.get(name) for one in every}) > 1]
    keys = [key_of(sweep, number, training) for number, training in enumerate(sweep.trainings, 1)]
    if differing in ([], ["seed"]):
        return {key: f"seed {one['seed']}" for key, one in zip(keys, every, strict=True)}
    words = (" ".join(f"{name}={one[name]}" for name in differing if name in one) for one in every)
    return dict(zip(keys, words, strict=True))


def key_of(sweep: ListedSweep, number: int, training: Training) -> Path:
    """What tells a training from others: its folder; where an earlier version trained it, there is none."""
    return sweep.folder.path / TRAININGS / (training.name or str(number))


def trainings(sweep: ListedSweep) -> list[Listed]:
    """Its trainings, the best first."""
    numbers = {id(training): number for number, training in enumerate(sweep.trainings, 1)}
    return [_training(sweep, numbers[id(each)], each, sweep.judged_by) for each in sweep.best_first]


def _training(sweep: ListedSweep, number: int, training: Training, metric: Metric | None) -> Listed:
    result = training.result
    state = "failed" if result.ended == "diverged" else "finished"
    summary = RunSummary(
        RunFolder(key_of(sweep, number, training)), sweep.preset, state, result.ended, Standing(ENDED), result.steps,
        result.steps, sweep.began, "", 0, sweep.changed,
    )  # fmt: skip
    course = result.course if metric and result.judged_by == metric.name else ()
    results = Results(metric, training.value(metric), None, 0, tuple(course), result.seconds, dict(result.last))
    settings = {**training.settings, "seed": result.seed}
    return Listed(summary, results, Setup(settings, training.changed))
