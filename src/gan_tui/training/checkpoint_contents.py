"""Everything that a checkpoint holds, gathered from where it lives and put back there."""

from pathlib import Path

from gan_tui.errors import TRAINING_FAILED, UserError
from gan_tui.training import checkpoint
from gan_tui.training.checkpoint_arrays import Arrays
from gan_tui.training.early_stopping import EarlyStopping
from gan_tui.training.progress import Progress, examples_in
from gan_tui.training.tasks import Task

SPARE_BYTES = 1 << 26
"""What a checkpoint may hold beside the arrays of a run: its points, and a file's own words."""


class CheckpointContents:
    """A task's variables and place in the data, its progress, and what early stopping has seen."""

    def __init__(self, task: Task, progress: Progress, stopping: EarlyStopping) -> None:
        self._task, self._progress, self._stopping = task, progress, stopping

    def arrays(self) -> Arrays:
        """All arrays of a checkpoint."""
        progress = self._progress.arrays(len(self._task.dataset.train))
        return {**self._task.arrays(), **self._stopping.arrays(), **progress, **self._task.own_arrays()}

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
        self._task.restore_own(arrays)
        dataset = self._task.dataset
        if examples != len(dataset.train):
            raise UserError(
                f"The run was trained on {examples:,} examples of {dataset.name}, but {len(dataset.train):,} "
                f"are at hand now ({dataset.origin}); restore its data, or start a new run.",
                TRAINING_FAILED,
            )
        self._task.restore(arrays)
        self._stopping.restore(arrays)
        self._progress.restore(step, arrays)
        self._task.steps.go_to(step)
