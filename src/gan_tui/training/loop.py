"""The training loop, the same for every task.

Train a chunk of steps, say what they gave, obey what was asked, and at the end of an epoch validate; until
the steps are done, early stopping says so, or somebody asks to stop.
"""

import time

import numpy as np
from numpy.typing import NDArray

from gan_tui.run.outcome import ALL_DONE, NOT_FINITE
from gan_tui.run.recorder import Recorder
from gan_tui.training import computed_with
from gan_tui.training.checkpoint_contents import CheckpointContents
from gan_tui.training.checkpoint_policy import Autosave, CheckpointPolicy
from gan_tui.training.command_handler import CommandHandler
from gan_tui.training.command_pipe import CommandPipe
from gan_tui.training.early_stopping import EarlyStopping, averaged_words
from gan_tui.training.models.validation import Validation
from gan_tui.training.pace import Pace
from gan_tui.training.progress import Progress
from gan_tui.training.steering import Steering
from gan_tui.training.tasks import Task

ROOM_SECONDS = 0.1
"""Between two looks whether a full disk has room again, while training waits for it."""


class Loop:
    """One attempt at training a task to its last step."""

    def __init__(self, task: Task, recorder: Recorder, pipe: CommandPipe, steering: Steering) -> None:
        self.task, self.recorder, self.stopping = task, recorder, EarlyStopping(task)
        self.progress = Progress(task.steps.per_epoch, len(task.steps.metrics), task.steps.sizes)
        self.contents = CheckpointContents(task, self.progress, self.stopping)
        named = task.preset.settings
        autosave = Autosave(named["autosave_minutes"], named["autosave_epochs"], named["autosave_keep"])
        contents, documents = self.contents, task.documents()
        self.policy = CheckpointPolicy(recorder, task.networks, contents.arrays, autosave, contents.says, documents)
        self.commands = CommandHandler(pipe, recorder, steering, self.policy, self.progress, self._save_at_rest)
        self._pace = Pace()
        self._not_finite = ""
        """What the last steps, or the last validation, gave that is no finite number; empty when all is well."""

    @property
    def step(self) -> int:
        """Steps trained so far."""
        return self.progress.step

    def resume(self) -> list[str]:
        """Go to the newest checkpoint that is sound and fits; returns what there is to say of that.

        Without a checkpoint, training begins at the first step. Raises UserError when there are some and none can be
        used, or when it would not be the same run.
        """
        folder = self.recorder.folder
        passed_over, changes = self.contents.restore_newest(folder)
        if self.task.cannot_begin and not self.step:
            raise self.task.cannot_begin
        otherwise = computed_with.otherwise(folder, self.step)
        self.policy.epochs = self.progress.epochs_done
        says = [f"{problem} The previous one is used." for problem in passed_over]
        return [*says, *(f"Since its last checkpoint, {change} (preset.toml)." for change in changes), *otherwise]

    # The story ----------------------------------------------------------

    def run(self) -> None:
        """Train to the end, or until asked to stop. Leaves a checkpoint either way."""
        if self.step == 0:
            self.recorder.draw_all(0)
        self.recorder.state("starting", "Compiling the training step")
        try:
            self._train()
        finally:
            self.recorder.event()  # what was measured before an error, too
        self._finish()

    def _train(self) -> None:
        if self._validation_due:  # after a checkpoint taken before its epoch was validated
            self._validate()
        while self._wanted():
            self._train_chunk()
            self.recorder.draw_due(self.step)
            if self._validation_due:
                self._validate()
            if self._epoch_to_save:
                self.policy.try_to_save(self.step, "epoch")
            if not self._not_finite:  # the last good checkpoints must not make room for broken ones
                self.policy.save_if_due(self.step, self.progress.epochs_done)

    def _wanted(self) -> bool:
        """Whether there is a next step to take; obeys commands, and waits while paused."""
        while self._more_to_do:
            if not self.commands.obey_next() and not self._waits_for_room():
                return True
        self.commands.end_stepping("stopped" if self.commands.stop else "finished")
        return False

    @property
    def _more_to_do(self) -> bool:
        return not self.commands.stop and self.step < self.task.steps_total and not self.stopping.reason

    def _save_at_rest(self) -> None:
        """Save what is paused, as whoever pauses may think it is."""
        if not self._not_finite:
            self.policy.save_if_unsaved(self.step)

    def _waits_for_room(self) -> bool:
        """Let a moment pass while the disk takes nothing and so much waits in memory that no more should."""
        if not self.recorder.log.is_full:
            return False
        time.sleep(ROOM_SECONDS)
        self.recorder.event()  # tries to write what waits
        return True

    def _train_chunk(self) -> None:
        rows = self._pace.chunk(self.task.steps.run, self._most_steps())
        self.recorder.metrics(self.step + 1, self.task.steps.metrics, rows)
        self.progress.add(rows)
        if self.task.validation is None:
            self._report_epochs()
        self.commands.steps_taken(len(rows))
        self._look_at(rows)

    def _most_steps(self) -> int:
        """How many steps the next chunk may have."""
        most = self.task.steps_total - self.step
        if self.task.validation is not None or self.task.preset.saves_epochs:
            most = min(most, self.progress.to_epoch_end)
        return min(most, self.commands.granted or most)

    def _look_at(self, rows: NDArray[np.float32]) -> None:
        """Pause where the steps just taken gave what is no finite number, and those before did not."""
        if np.isfinite(rows).all():
            self._not_finite = ""
        elif not self._not_finite:
            row, column = np.argwhere(~np.isfinite(rows))[0]
            step = self.step - len(rows) + int(row) + 1
            self._pause_for_non_finite(self.task.steps.metrics[column], rows[row, column], step)

    def _pause_for_non_finite(self, name: str, value: float, step: int) -> None:
        if self._not_finite:
            return
        self._not_finite = name
        self.recorder.alert(
            "non-finite",
            f"{name} became {value} at step {step:,}, so the run was paused; stop it and try a smaller learning rate.",
            step,
        )
        self.commands.pause(f"{name} is not a finite number")

    # Epochs ----------------------------------------------------------

    def _report_epochs(self) -> None:
        """Say what each epoch gave that has ended, where there is no validation to wait for."""
        epoch, per_epoch = self.progress.epochs_done, self.task.steps.per_epoch
        ended = self.progress.end_epochs()
        if per_epoch == 1:
            return  # a step's own metrics say it all
        for means in ended:
            epoch += 1
            self.recorder.epoch(epoch, epoch * per_epoch, dict(zip(self.task.steps.metrics, means, strict=True)))

    @property
    def _epoch_to_save(self) -> bool:
        """Whether the chunk, which ends no later than its epoch, has ended one after which the networks are saved."""
        preset, at_end = self.task.preset, self.step % self.task.steps.per_epoch == 0
        return preset.saves_epochs and at_end and preset.saves_after(self.progress.epochs_done)

    @property
    def _validation_due(self) -> bool:
        """Whether an epoch has ended that was not validated yet."""
        return self.task.validation is not None and self.progress.epoch_is_over

    def _validate(self) -> None:
        """End an epoch with its validation, unless somebody asks to stop meanwhile."""
        values = validated(self.task.validation, self.commands)
        if values is None:
            return  # the checkpoint stands before the validation, which a resumed run does again
        (means,) = self.progress.end_epochs()
        epoch = self.progress.epochs_done
        self.recorder.epoch(epoch, self.step, {**dict(zip(self.task.steps.metrics, means, strict=True)), **values})
        self.recorder.shown(self.task.after_validation(), self.step)
        if self.stopping.best_so_far(epoch, values):
            self.policy.try_to_save(self.step, "best")
        for name, value in values.items():
            if not np.isfinite(value):
                self._pause_for_non_finite(name, value, self.step)

    # The end ----------------------------------------------------------

    def _ended(self) -> str:
        """Give the networks the weights that the run ends with, and show them; says which these are, in words."""
        averaged, reason = self.task.learner.end(), self.stopping.restore_best_weights()
        others = averaged or self.stopping.has_restored_before(self.progress.epochs_done)
        shown = others and self.task.validation is not None and not self.commands.stop
        if values := validated(self.task.validation, self.commands) if shown else None:
            self.recorder.shown(self.task.after_validation(), self.step)
        self.recorder.draw_all(self.step)
        return f"{reason or ALL_DONE}; {averaged_words(values or {})}" if averaged else reason

    def _finish(self) -> None:
        stopped = self.commands.stop is not None and self._unfinished
        reason = "" if stopped else self._ended()
        self.commands.show("saving")
        unsaved, why = (self._unsaved, "stop") if stopped else ("", "end")
        problem = "" if unsaved else self.policy.save_at_last(self.step, why, self.commands.given_up)
        if problem:
            self.commands.show("failed", problem)
        elif stopped:
            self.commands.show("stopped", unsaved or self.commands.stopped_by)
        else:
            self.commands.show("finished", reason or ALL_DONE)
        self.commands.answer_stops(problem or self.recorder.write_all(self.commands.given_up), unsaved)

    @property
    def _unsaved(self) -> str:
        """Why nothing is saved now: resuming must find the numbers as they were before they went wrong."""
        if not self._not_finite:
            return ""
        newest = self.policy.newest
        since = "nothing was saved" if newest is None else f"nothing was saved after step {newest:,}"
        return f"{self._not_finite} {NOT_FINITE}, so {since}"

    @property
    def _unfinished(self) -> bool:
        """Whether there would be more to do if nobody had asked to stop."""
        return (self.step < self.task.steps_total or self._validation_due) and not self.stopping.reason


def validated(validation: Validation | None, commands: CommandHandler) -> dict[str, float] | None:
    """What a validation gives for the weights as they are; None where somebody asks to stop meanwhile."""
    assert validation is not None
    for start, stop in validation.stretches():
        while commands.obey_meanwhile():
            if commands.stop:
                return None
        validation.run(start, stop)
    return validation.result()
