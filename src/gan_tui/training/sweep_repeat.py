"""One repeat of a sweep, trained to its end: nothing is shown or saved, and only the result is told."""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from gan_tui.run.results import curve_of, judging
from gan_tui.sweep.result import MOST_OF_COURSE, Result
from gan_tui.sweep.until import Until
from gan_tui.training.early_stopping import EarlyStopping
from gan_tui.training.pace import Pace
from gan_tui.training.progress import Progress
from gan_tui.training.sweep_diary import Diary
from gan_tui.training.tasks import Task


class Repeat:
    """One training from its first step to what ends it: the run of `gan-tui train`, or less of it at `until`."""

    def __init__(self, task: Task, until: Until | None, heard: Callable[[int], None], diary: Diary) -> None:
        """`heard` is told the epochs done, again and again; `diary` all there is to tell."""
        self._task, self._until, self._heard, self._diary = task, until, heard, diary
        self._stopping, self._pace = EarlyStopping(task), Pace()
        self._progress = Progress(task.steps.per_epoch, len(task.steps.metrics), task.steps.sizes)
        self._reached: int | None = None
        self._last: dict[str, float | None] = {}
        self._judged_by: str | None = None
        self._course: list[NDArray[np.float64]] = []
        """Its values, an array for the epochs that ended at once."""

    def run(self) -> str:
        """Train; returns what ended it: done, reached, early stopping, diverged.

        Raises UserError when data can be read no more.
        """
        while self._progress.step < self._task.steps_total:
            rows = self._pace.chunk(self._task.steps.run, self._most_steps())
            finite = np.isfinite(rows).all(axis=1)
            good = len(rows) if finite.all() else int(finite.argmin())
            self._progress.add(rows[:good])
            self._end_epochs(rows[:good])
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
        course = curve_of(np.concatenate(self._course), MOST_OF_COURSE) if self._course else ()
        judged_by = self._judged_by or ""
        return Result(
            seed, self._reached, epochs, steps, ended, self._last, round(seconds, 3), judged_by, course
        )  # fmt: skip

    def _most_steps(self) -> int:
        left = self._task.steps_total - self._progress.step
        return left if self._task.validation is None else min(left, self._progress.to_epoch_end)

    def _end_epochs(self, rows: NDArray[np.float32]) -> None:
        """Note the epochs that are over with these steps, up to the one that reaches what is asked for."""
        if not self._progress.epoch_is_over:
            self._diary.rows(rows)
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
        self._note_course(values, position + 1)
        beyond = self._progress.step - self._reached * self._task.steps.per_epoch if self._reached else 0
        self._diary.rows(rows[: len(rows) - beyond])
        if validated:
            self._diary.epoch(before + 1, self._progress.step, self._last)

    def _note_course(self, values: dict[str, NDArray[np.float64]], epochs: int) -> None:
        """Note so many of the epochs that are over, of what says how good it is."""
        if self._judged_by is None:
            metric = judging(metric for metric in self._task.preset.metrics if metric.name in values)
            self._judged_by = metric.name if metric else ""
        if self._judged_by:
            self._course.append(values[self._judged_by][:epochs])

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
