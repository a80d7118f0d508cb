"""A sweep as whoever trains it leaves it, without anybody training."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from gan_tui import presets
from gan_tui.sweep import folder as sweep_folder
from gan_tui.sweep import sweep, under_way
from gan_tui.sweep.engines.local import Failed
from gan_tui.sweep.folder import SweepFolder
from gan_tui.sweep.result import Result
from gan_tui.sweep.sweep import Job, Sweep
from gan_tui.sweep.trainings import Trainings


class Busy:
    """A worker, as far as it is looked at."""

    def __init__(self, job: Job | None, where: str = "", ready: bool = True, epoch: int = 7) -> None:
        self.job, self.where, self.ready, self.epoch = job, where, ready, epoch


def swept(*changes: str, repeats: int = 2, until: str | None = "accuracy=1.0") -> Sweep:
    preset = presets.find("xor").with_settings({"seed": 42, "epochs": 300})
    return sweep.made(preset, changes or ("batch_size=1,2,4",), until, repeats)


def begun(job: Job, steps: int = 300) -> dict[str, Any]:
    from recorded import started

    told = started(presets.find("xor"))
    metrics = [metric.as_row() for metric in presets.find("xor").metrics]
    return {
        "at": 0.0, "type": "started", **vars(told), "seed": job.seed, "steps_total": steps, "steps_per_epoch": 1,
        "batch_size": 4, "commands": [], "settable": [], "metrics": metrics,
    }  # fmt: skip


def numbers(job: Job, first: int, last: int) -> dict[str, Any]:
    steps = list(range(first, last + 1))
    falling = [0.7 / (1 + step / (20 + 10 * job.combination + job.seed)) for step in steps]
    values = {"loss": falling, "accuracy": [min(1.0, 0.5 + step / 400) for step in steps]}
    return {"at": 1.0, "type": "metrics", "steps": steps, "values": values}


def done(job: Job, **other: Any) -> Result:
    end = {"loss": numbers(job, 300, 300)["values"]["loss"][0], "accuracy": 0.75}
    return Result(**{"seed": job.seed, "reached": None, "epochs": 300, "steps": 300, "ended": "done", "last": end,
                     "seconds": 4.2, **other})  # fmt: skip


class RecordedSweep:
    """Its folder, and what writes into it."""

    def __init__(self, runs: Path, of: Sweep | None = None) -> None:
        self.sweep = of or swept()
        self.folder: SweepFolder = sweep_folder.find_or_make(self.sweep, runs, None)
        self.trainings = Trainings(self.sweep, self.folder)
        self.keeper = under_way.Keeper(self.folder, 0)

    def train(self, job: Job, result: Result | None = None, where: str = "") -> None:
        """A training from its beginning to its end, where that is to be told."""
        if where:
            self.keeper.look([Busy(job, where)])
            self.keeper.trained(job)
            self.keeper.look([], last=True)
        result = result or done(job)
        self.trainings.told(job, 0, [begun(job), numbers(job, 1, result.steps)])
        self.trainings.trained(job, result)
        self.folder.append(self.sweep.combinations[job.combination], result)

    def fail(self, job: Job, reason: str, where: str = "") -> None:
        self.keeper.look([Busy(job, where)], last=True)
        self.trainings.failed(job, reason)
        self.keeper.failed(Failed(job, reason))
        self.keeper.look([], last=True)

    @contextmanager
    def under_way(self, *workers: Busy) -> Iterator[None]:
        """These train what they train."""
        with self.folder.held():
            for worker in workers:
                if worker.job:
                    self.trainings.told(worker.job, 0, [begun(worker.job), numbers(worker.job, 1, worker.epoch)])
            self.keeper.look(workers, last=True)
            yield
