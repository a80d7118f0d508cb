"""One repeat of a sweep, trained to its end: nothing is shown or saved, and only the result is told."""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from gan_tui.sweep.folder import Result
from gan_tui.sweep.until import Until
from gan_tui.training.early_stopping import EarlyStopping
from gan_tui.training.pace import Pace
from gan_tui.training.progress import Progress
from gan_tui.training.tasks import Task


class Repeat:
    """One training from its first step to what ends it: the run of `gan-tui train`, or less of it at `until`."""

    def __init__(self, task: Task, until: Until | None, heard: Callable[[int], None]) -> None:
        """`heard` is told the epochs done, again and again."""
        self._task, self._until, self._heard = task, until, heard
        self._stopping, self._pace = EarlyStopping(task), Pace()
        self._progress = Progress(task.steps.per_epoch, len(task.steps.metrics), task.steps.sizes)
        self._reached: int | None = None
        self._last: dict[str, float | None] = {}

    def run(self) -> str:
        """Train; returns what ended it: done, reached, early stopping, diverged.

        Raises UserError when data can be read no more.
        """
        while self._progress.step < self._task.steps_total:
            rows = self._pace.chunk(self._task.steps.run, self._most_steps())
            finite = np.isfinite(rows).all(axis=1)
            good = len(rows) if finite.all() else int(finite.argmin())
            self._progress.add(rows[:good])
            self._end_epochs()
            if self._reached is not None:
                return "reached"
            if good < len(rows):
                return "diverged"
            if self._stopping.reason:
                return "early stopping"
            self._heard(self._progress.epochs_done)
        return "done"

    def result(self, ended: str, seconds: float) -> Result:
        """What there is to tell of it after `run`; `seconds` is what it took."""
        epochs, steps = self._progress.epochs_done, self._progress.step
        if self._reached is not None:  # its last chunk may have gone on beyond that
            epochs, steps = self._reached, self._reached * self._task.steps.per_epoch
        seed = self._task.preset.settings["seed"]
        return Result(seed, self._reached, epochs, steps, ended, self._last, round(seconds, 3))

    def _most_steps(self) -> int:
        left = self._task.steps_total - self._progress.step
        return left if self._task.validation is None else min(left, self._progress.to_epoch_end)

    def _end_epochs(self) -> None:
        """Note the epochs that are over, up to the one that reaches what is asked for."""
        if not self._progress.epoch_is_over:
            return
        validated = self._validated()
        before, epochs = self._progress.epochs_done, self._progress.end_epochs()
        values = dict(zip(self._task.steps.metrics, epochs.T, strict=True))
        if validated:  # then chunks end where epochs do, so there is one
            values |= {name: np.array([value]) for name, value in validated.items()}
            self._stopping.best_so_far(before + 1, validated)
        hits = _reaching(self._until, values)
        position = int(hits.argmax()) if hits.any() else len(epochs) - 1
        self._last = {name: _finite(series[position]) for name, series in values.items()}
        self._reached = before + position + 1 if hits.any() else None

    def _validated(self) -> dict[str, float]:
        """What validation gives at the end of an epoch; nothing without one."""
        validation = self._task.validation
        if validation is None:
            return {}
        for start, stop in validation.stretches():
            validation.run(start, stop)
            self._heard(self._progress.epochs_done)
        return validation.result()


def _reaching(until: Until | None, values: dict[str, NDArray[np.float64]]) -> NDArray[np.bool_]:
    """Which epochs reach it, compared as the 32-bit numbers that metrics are: a mean of 0.9 reaches 0.9."""
    if until is None or until.metric not in values:
        return np.zeros(1, bool)
    series, value = values[until.metric].astype(np.float32), np.float32(until.value)
    return np.asarray(series <= value if until.falling else series >= value)


def _finite(value: float) -> float | None:
    return float(value) if np.isfinite(value) else None
