"""Everything that a checkpoint holds, gathered from where it lives and put back there."""

from collections.abc import Mapping
from contextlib import suppress
from functools import cached_property

from gan_tui.errors import TRAINING_FAILED, UserError
from gan_tui.presets import made_of
from gan_tui.run import checkpoint
from gan_tui.run.checkpoint_arrays import Arrays
from gan_tui.run.folder import RunFolder
from gan_tui.training import computed_with
from gan_tui.training.early_stopping import EarlyStopping
from gan_tui.training.progress import Progress, examples_in
from gan_tui.training.tasks import Task

SPARE_BYTES = 1 << 26
"""What a checkpoint may hold beside the arrays of a run: its points, and a file's own words."""
LENGTH = ("steps", "epochs")
"""Settings of which it need not be told that they are others: how long a run is, is seen."""


class CheckpointContents:
    """A task's variables and place in the data, its progress, and what early stopping has seen."""

    def __init__(self, task: Task, progress: Progress, stopping: EarlyStopping) -> None:
        self._task, self._progress, self._stopping = task, progress, stopping

    def arrays(self) -> Arrays:
        """All arrays of a checkpoint."""
        progress = self._progress.arrays(len(self._task.dataset.train))
        return {**self._task.arrays(), **self._stopping.arrays(), **progress, **self._task.own_arrays()}

    def says(self) -> Mapping[str, object]:
        """What the manifest of a checkpoint says of the run that it is of."""
        made = made_of.made_of(self._task.preset, self._data)
        return {made_of.MADE_OF: made, computed_with.COMPUTED_WITH: computed_with.computed_with()}

    @cached_property
    def _data(self) -> made_of.Data:
        preset, dataset = self._task.preset, self._task.begun_on
        in_files = "data_folder" in preset.settings or preset.found or preset.files()  # which others may replace
        of_all = dataset.sum() if preset.found else 0
        return made_of.Data(dataset.origin, len(dataset.train), dataset.sha256() if in_files else "", of_all)

    def restore_newest(self, folder: RunFolder) -> tuple[list[str], list[str]]:
        """Go to the newest checkpoint of a run that is sound and fits.

        Returns why newer ones were passed over, and which settings have had another value until then. Without one,
        training begins at the first step. Raises UserError when there are some and none can be used, or when the run
        would not be the same.
        """
        if made_of.of_checkpoints(folder):
            made_of.changes(folder, self._task.preset)  # refuses what cannot go on, before anything is read
            made_of.refuse_other_data(folder, self._data)
        fitting = sum(array.nbytes for array in self.arrays().values())
        step, passed_over = checkpoint.restore_newest(folder.checkpoints, self.restore, 2 * fitting + SPARE_BYTES)
        changes = {} if step is None else made_of.changes(folder, self._task.preset, step)
        if "learning_rate" in changes:
            with suppress(ValueError):  # a schedule has it from the preset
                self._task.learner.set_learning_rate(self._task.preset.settings["learning_rate"])
        return passed_over, [said for name, said in changes.items() if name not in LENGTH]

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
