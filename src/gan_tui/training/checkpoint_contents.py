"""Everything that a checkpoint holds, gathered from where it lives and put back there."""

from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gan_tui.errors import TRAINING_FAILED, UserError
from gan_tui.training import checkpoint
from gan_tui.training.early_stopping import EarlyStopping
from gan_tui.training.models.task import Task
from gan_tui.training.progress import Progress, examples_in
from gan_tui.training.steering import points_from

POINTS = "data/points"
"""The name of the points in a checkpoint, which may be others than at the start."""
SPARE_BYTES = 1 << 26
"""What a checkpoint may hold beside the arrays of a run: its points, and a file's own words."""

Arrays = dict[str, NDArray[Any]]


class CheckpointContents:
    """A task's variables and place in the data, its progress, and what early stopping has seen."""

    def __init__(self, task: Task, progress: Progress, stopping: EarlyStopping) -> None:
        self._task, self._progress, self._stopping = task, progress, stopping

    def arrays(self) -> Arrays:
        """All arrays of a checkpoint."""
        dataset = self._task.dataset
        on_points = self._task.preset.dataset == "points"
        points = {POINTS: np.asarray(dataset.points)} if on_points else {}  # changed since the start, perhaps
        progress = self._progress.arrays(len(dataset.train))
        return {**self._task.arrays(), **self._stopping.arrays(), **progress, **points}

    def restore_newest(self, checkpoints: Path) -> list[str]:
        """Go to the newest checkpoint that is sound and fits; returns why newer ones were passed over.

        Without a checkpoint, training begins at the first step. Raises UserError when there are some and none can be
        used.
        """
        fitting = sum(array.nbytes for array in self.arrays().values())
        _, passed_over = checkpoint.restore_newest(checkpoints, self.restore, 2 * fitting + SPARE_BYTES)
        return passed_over

    def restore(self, step: int, arrays: Arrays) -> None:
        """Go to where a checkpoint stood. Raises UserError when it does not fit this task."""
        examples = examples_in(arrays)
        if self._task.preset.dataset == "points":
            self._restore_points(arrays)
        dataset = self._task.dataset
        if examples != len(dataset.train):
            raise UserError(
                f"The run was trained on {examples:,} examples of {dataset.name}, but {len(dataset.train):,} "
                f"are at hand now ({dataset.origin}); put back the data it had, or start a new run.",
                TRAINING_FAILED,
            )
        self._task.restore(arrays)
        self._stopping.restore(arrays)
        self._progress.restore(step, arrays)
        self._task.steps.go_to(step)

    def _restore_points(self, arrays: Arrays) -> None:
        """Train on the points of a checkpoint where they are others than those at hand."""
        try:
            points = arrays[POINTS]
            if not np.array_equal(points, np.asarray(self._task.dataset.points)):
                self._task.set_points(points_from(points.tolist()))
        except (KeyError, ValueError) as error:
            raise UserError(f"The checkpoint lacks {POINTS} that can be learnt: {error}.", TRAINING_FAILED) from None
