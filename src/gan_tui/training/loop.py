"""The training loop, the same for every task.

Train a chunk of steps, say what they gave, obey what was asked, and at the end of an epoch validate; until
the steps are done, early stopping says so, or somebody asks to stop.
"""

import time
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gan_tui.errors import TRAINING_FAILED, UserError, remedy
from gan_tui.run.events import Command
from gan_tui.run.recorder import Recorder
from gan_tui.training import checkpoint
from gan_tui.training.checkpoint_policy import Autosave, CheckpointPolicy
from gan_tui.training.command_pipe import ORPHANED, Commands
from gan_tui.training.early_stopping import EarlyStopping
from gan_tui.training.models.task import Task
from gan_tui.training.progress import Progress
from gan_tui.training.snapshots.views import validation_views
from gan_tui.training.steering import Steering, answer_set, points_from

CHUNK_SECONDS = 0.075
"""How long one call of the compiled function should last: short enough for a pause to feel immediate."""
LARGEST_CHUNK = 5000
POINTS = "data/points"
"""The name of the points in a checkpoint, which may be others than at the start."""
SPARE_BYTES = 1 << 26
"""What a checkpoint may hold beside the arrays of a run: its points, and a file's own words."""
ROOM_SECONDS = 0.1
"""Between two looks whether a full disk has room again, while training waits for it."""


class Loop:
    """One attempt at training a task to its last step."""

    def __init__(self, task: Task, recorder: Recorder, commands: Commands, steering: Steering) -> None:
        self.task, self.recorder, self.commands, self.steering = task, recorder, commands, steering
        self.step = 0
        self.progress = Progress()
        self.stopping = EarlyStopping(task)
        self._paused = False
        self._stop: Command | None = None
        self._stops_again: list[Command] = []
        self._granted = 0
        """Single steps that may be taken while paused."""
        self._stepping: Command | None = None
        self._k = 1
        self._non_finite = False
        self._save_wanted = False
        """Whether an epoch has ended after which the preset wants the networks saved."""
        named = task.preset.settings
        autosave = Autosave(named["autosave_minutes"], named["autosave_epochs"], named["autosave_keep"])
        self.policy = CheckpointPolicy(recorder, task.networks, self._everything, autosave)

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
        while self._wanted():
            self._train_chunk()
            self.recorder.draw_due(self.step)
            if self._at_epoch_end():
                self._end_epoch()
            if self._save_wanted:
                self._save_wanted = False
                self.policy.try_to_save(self.step, "epoch")
            if not self._non_finite:  # the last good checkpoints must not make room for broken ones
                self.policy.save_if_due(self.step, self.progress.epochs_done)

    def _wanted(self) -> bool:
        """Whether there is a next step to take; obeys commands, and waits while paused."""
        if self._stop is None and self._at_epoch_end():  # after a checkpoint taken before its epoch was validated
            self._end_epoch()
        while self._more_to_do():
            if self._stepping and not self._granted:
                self.recorder.event()
                self.commands.answer(self._stepping, True, f"paused at step {self.step}", self.step)
                self._stepping = None
            command = self.commands.next(wait=self._paused and not self._granted)
            if command is not None:
                self._obey(command)
            elif not self._waits_for_room():
                return True
        if self._stepping:
            ended = "stopped" if self._stop else "finished"
            self.commands.answer(self._stepping, True, f"{ended} at step {self.step}", self.step)
        return False

    def _waits_for_room(self) -> bool:
        """Let a moment pass while the disk takes nothing and so much waits in memory that no more should."""
        if not self.recorder.log.is_full:
            return False
        time.sleep(ROOM_SECONDS)
        self.recorder.event()  # tries to write what waits
        return True

    def _more_to_do(self) -> bool:
        return self._stop is None and self.step < self.task.steps_total and not self.stopping.reason

    def _train_chunk(self) -> None:
        k = self._steps_of_next_chunk()
        begin = time.monotonic()
        rows = self.task.steps.run(k)
        seconds = time.monotonic() - begin
        first = self._k == 1 and k == 1 and seconds > 10 * CHUNK_SECONDS
        self._k = 1 if first else min(max(round(k * CHUNK_SECONDS / max(seconds, 1e-6)), 1), 4 * k, LARGEST_CHUNK)
        self.recorder.metrics(self.step + 1, self.task.steps.metrics, rows)
        self._tally(rows)
        self.step += k
        self._granted = max(self._granted - k, 0)
        if self._state_to_show != "training" and not self._paused:
            self._show("training")
        if not np.isfinite(rows).all() and not self._non_finite:
            self._pause_for_non_finite(rows)

    def _steps_of_next_chunk(self) -> int:
        k = min(self._k, self.task.steps_total - self.step)
        if self.task.validation is not None or self.task.preset.saves_epochs:
            k = min(k, self.task.steps.per_epoch - self.step % self.task.steps.per_epoch)
        return min(k, self._granted) if self._granted else k

    # Epochs ----------------------------------------------------------

    def _tally(self, rows: NDArray[np.float32]) -> None:
        """Add rows to the present epoch's sums, and report every epoch that ends among them."""
        per_epoch, step = self.task.steps.per_epoch, self.step
        if per_epoch == 1 and self.task.validation is None:
            self._end_epochs(step, step + len(rows))  # a step's own metrics say it all
            return
        while len(rows):
            part, rows = np.split(rows, [per_epoch - step % per_epoch])
            self.progress.add(part)
            step += len(part)
            if step % per_epoch == 0 and self.task.validation is None:
                assert self.progress.sums is not None
                means, self.progress.sums = self.progress.sums / per_epoch, None
                self._end_epochs(self.progress.epochs_done, step // per_epoch)
                names = self.task.steps.metrics
                self.recorder.epoch(self.progress.epochs_done, step, dict(zip(names, means, strict=True)))

    def _end_epochs(self, before: int, done: int) -> None:
        """So many epochs are done, without validation."""
        preset = self.task.preset
        if preset.saves_epochs:
            self._save_wanted = self._save_wanted or any(map(preset.saves_after, range(before + 1, done + 1)))
        self.progress.epochs_done = done

    def _at_epoch_end(self) -> bool:
        """Whether an epoch has ended that was not validated yet."""
        done = self.step // self.task.steps.per_epoch
        return (
            self.task.validation is not None
            and self.step % self.task.steps.per_epoch == 0
            and done > self.progress.epochs_done
        )

    def _end_epoch(self) -> None:
        validation = self.task.validation
        assert validation is not None
        for start, stop in validation.stretches():
            while (command := self.commands.next(wait=self._paused and not self._granted)) is not None:
                self._obey(command)
                if self._stop:
                    return  # the checkpoint stands before the validation, which a resumed run does again
            validation.run(start, stop)
        values = validation.result()
        sums = self.progress.sums if self.progress.sums is not None else np.full(len(self.task.steps.metrics), np.nan)
        means = dict(zip(self.task.steps.metrics, sums / self.task.steps.per_epoch, strict=True))
        self.progress = Progress(self.progress.epochs_done + 1)
        self.recorder.epoch(self.progress.epochs_done, self.step, {**means, **values})
        self.recorder.shown(validation_views(self.task), self.step)
        if self.stopping.best_so_far(self.progress.epochs_done, values):
            self.policy.try_to_save(self.step, "best")

    # Commands ----------------------------------------------------------

    def _obey(self, command: Command) -> None:
        if command.name == "pause":
            self._pause("asked to pause")
            self.commands.answer(command, True, f"paused at step {self.step}", self.step)
        elif command.name == "resume":
            self._paused, self._granted = False, 0
            if self._stepping:
                self.commands.answer(self._stepping, False, "the run was resumed meanwhile", self.step)
                self._stepping = None
            self._show("training")
            self.commands.answer(command, True, f"training from step {self.step}", self.step)
        elif command.name == "step":
            self._pause("stepping")
            if self._stepping:
                self.commands.answer(self._stepping, False, "another step was asked for meanwhile", self.step)
            self._granted, self._stepping = command.steps, command
        elif command.name == "save":
            self._answer_with_checkpoint(command)
        elif command.name == "stop":
            self._stop = command
        elif command.name == "set":
            answer_set(self.steering, self.commands, command, self.step)

    def _pause(self, why: str) -> None:
        self._granted = 0
        if not self._paused:
            self._paused = True
            self._show("paused", why)

    _state_to_show = "starting"

    def _show(self, state: str, reason: str = "") -> None:
        self._state_to_show = state
        self.recorder.state(state, reason)

    def _pause_for_non_finite(self, rows: NDArray[np.float32]) -> None:
        self._non_finite = True
        row, column = np.argwhere(~np.isfinite(rows))[0]
        step, name = self.step - len(rows) + int(row) + 1, self.task.steps.metrics[column]
        self.recorder.alert(
            "non-finite",
            f"{name} became {rows[row, column]} at step {step:,}, so the run was paused; "
            "stop it and try a smaller learning rate.",
            step,
        )
        self._pause(f"{name} is not a finite number")

    # Checkpoints ----------------------------------------------------------

    def _answer_with_checkpoint(self, command: Command) -> None:
        before = self._state_to_show
        self._show("saving")
        try:
            self.commands.answer(command, True, self.policy.save(self.step, "asked"), self.step)
        except OSError as error:
            problem = f"Cannot save a checkpoint: {error.strerror}; {remedy(error)} and save again."
            self.commands.answer(command, False, problem, self.step)
        self._show(before)

    def _everything(self) -> dict[str, NDArray[Any]]:
        """All arrays of a checkpoint."""
        progress = self.progress.arrays(self.step, len(self.task.dataset.train))
        points = self.task.dataset.points if self.task.preset.dataset == "points" else None
        changed = {} if points is None else {POINTS: np.asarray(points)}  # since the start, perhaps
        return {**self.task.arrays(), **self.stopping.arrays(), **progress, **changed}

    def resume(self) -> list[str]:
        """Go to the newest checkpoint that is sound and fits; returns why newer ones were passed over.

        Without a checkpoint, training begins at the first step. Raises UserError when there are some and none can be
        used.
        """
        fitting = sum(array.nbytes for array in self._everything().values())
        checkpoints = self.recorder.folder.checkpoints
        _, passed_over = checkpoint.restore_newest(checkpoints, self.restore, 2 * fitting + SPARE_BYTES)
        return passed_over

    def restore(self, step: int, arrays: dict[str, NDArray[Any]]) -> None:
        """Go to where a checkpoint stood. Raises UserError when it does not fit this task."""
        progress, examples = Progress.from_arrays(arrays, len(self.task.steps.metrics))
        if self.task.preset.dataset == "points":
            self._restore_points(arrays)
        dataset = self.task.dataset
        if examples != len(dataset.train):
            raise UserError(
                f"The run was trained on {examples:,} examples of {dataset.name}, but {len(dataset.train):,} "
                f"are at hand now ({dataset.origin}); put back the data it had, or start a new run.",
                TRAINING_FAILED,
            )
        self.task.restore(arrays)
        self.stopping.restore(arrays)
        self.step, self.progress = step, progress
        self.policy.epochs = progress.epochs_done
        self.task.steps.go_to(step)

    def _restore_points(self, arrays: dict[str, NDArray[Any]]) -> None:
        try:
            self.task.set_points(points_from(arrays[POINTS].tolist()))
        except (KeyError, ValueError) as error:
            raise UserError(f"The checkpoint lacks {POINTS} that can be learnt: {error}.", TRAINING_FAILED) from None

    # The end ----------------------------------------------------------

    def _finish(self) -> None:
        stopped = self._stop is not None and self._more_left()
        reason = "" if stopped else self.stopping.restore_best_weights()
        if not stopped:
            self.recorder.draw_all(self.step)
        self._show("saving")
        broken = stopped and self._non_finite  # resuming must find the numbers as they were before they went wrong
        why = "stop" if stopped else "end"
        problem = "" if broken else self.policy.save_at_last(self.step, why, self._given_up)
        if problem:
            self._show("failed", problem)
        elif stopped:
            orphaned = self._stop == ORPHANED
            self._show("stopped", "its supervisor was gone, so it saved itself" if orphaned else "asked to stop")
        else:
            self._show("finished", reason or "all steps are done")
        problem = problem or self.recorder.write_all(self._given_up)
        for command in filter(None, (self._stop, *self._stops_again)):
            self.commands.answer(command, not problem, problem or f"stopped at step {self.step}", self.step)

    def _given_up(self, seconds: float) -> bool:
        """Wait so long for room on the disk; whether another `stop` came meanwhile, which ends the waiting."""
        deadline = time.monotonic() + seconds
        while command := self.commands.within(max(0.0, deadline - time.monotonic())):
            if command.name == "stop":
                self._stops_again.append(command)
                return True
            self.commands.answer(command, False, "The run is saving its last checkpoint.", self.step)
        return False

    def _more_left(self) -> bool:
        return (self.step < self.task.steps_total or self._at_epoch_end()) and not self.stopping.reason
