"""Keeps a run's checkpoints: saves when asked, by the clock, at the best epoch; deletes what is superseded."""

import errno
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import keras

from gan_tui.errors import held_up_by, told
from gan_tui.run import checkpoint
from gan_tui.run.checkpoint_arrays import Arrays
from gan_tui.run.manifests import folder_name
from gan_tui.run.recorder import Recorder

RETRY_SECONDS = 60.0
"""After an automatic checkpoint that failed, at most."""
LAST_RETRY_SECONDS = 2.0
"""Between two tries to save a run's last checkpoint."""


@dataclass(frozen=True)
class Autosave:
    """When a checkpoint comes by itself: after so many minutes or epochs, 0 for never; and how many such are kept."""

    minutes: float = 5.0
    epochs: int = 0
    keep: int = 3


class CheckpointPolicy:
    """Saves what `gather` returns as a checkpoint of the run, of which its manifest says what `says` does."""

    def __init__(
        self,
        recorder: Recorder,
        networks: list[keras.Model],
        gather: Callable[[], Arrays],
        autosave: Autosave,
        says: Callable[[], Mapping[str, object]] = dict,
        documents: Mapping[str, bytes] | None = None,
    ) -> None:
        self._recorder, self._networks, self._gather, self._autosave = recorder, networks, gather, autosave
        self._says, self._documents = says, documents
        self._most = {"autosave": autosave.keep, "best": 1}
        """How many of a kind are kept; those that a person asked for, and a run's last, all are."""
        self.epochs = 0
        """Epochs done when it was last looked whether a checkpoint is due."""
        self._due_at = time.monotonic() + 60 * autosave.minutes
        self._failure: OSError | None = None
        """Why the last checkpoint could not be saved."""
        self._saved_at: int | None = None
        """The step of the last checkpoint of this attempt."""
        self._asked: dict[str, str] = {}
        """Which checkpoints stay, and what for."""
        self._kept: dict[str, list[str]] = {why: [] for why in self._most}
        self._has_folder = recorder.folder.checkpoints.is_dir()
        checkpoint.clean(recorder.folder.checkpoints)
        for folder in reversed(checkpoint.complete_folders(recorder.folder.checkpoints)):  # of earlier attempts
            self._register(str(folder.relative_to(recorder.folder.root)), checkpoint.reason(folder))

    @property
    def newest(self) -> int | None:
        """The step of the newest checkpoint there is; None without any."""
        folders = checkpoint.complete_folders(self._recorder.folder.checkpoints)
        return int(folders[0].name) if folders else None

    def save(self, step: int, why: str) -> str:
        """Save and return the folder's name inside the run. Raises OSError when the disk is full or gone."""
        self._due_at = time.monotonic() + min(60 * self._autosave.minutes, RETRY_SECONDS)
        self._refuse_what_was_deleted()
        checkpoints = self._recorder.folder.checkpoints
        why = self._stronger(f"{checkpoints.name}/{folder_name(step)}", why)
        folder = checkpoint.save(checkpoints, step, why, self._gather(), self._networks, self._says(), self._documents)
        self._due_at = time.monotonic() + 60 * self._autosave.minutes
        self._failure, self._has_folder, self._saved_at = None, True, step
        name = str(folder.relative_to(self._recorder.folder.root))
        self._recorder.checkpoint(step, name, why)
        self._register(name, why)
        return name

    def _refuse_what_was_deleted(self) -> None:
        """Raises FileNotFoundError where the run was deleted, or is being deleted: nothing of it is made again.

        Where only the checkpoints were, the next save makes their folder anew.
        """
        had, self._has_folder = self._has_folder, self._recorder.folder.checkpoints.is_dir()
        if not self._recorder.folder.is_there() or (had and not self._has_folder):
            raise FileNotFoundError(errno.ENOENT, "the run's folder was deleted")

    def _stronger(self, name: str, why: str) -> str:
        """What a checkpoint is kept for that may be there already, saved for another reason."""
        if why not in self._most:
            return why
        return self._asked.get(name) or ("best" if name in self._kept["best"] else why)

    def _register(self, name: str, why: str) -> None:
        """Note what a checkpoint is kept for, and delete what it supersedes; one that was asked for stays."""
        if why not in self._most:
            self._asked[name] = why
        for names in self._kept.values():
            if name in names:
                names.remove(name)  # saved anew for another reason
        if why in self._most and name not in self._asked:
            self._kept[why].append(name)
            for old in self._kept[why][: -self._most[why]]:
                checkpoint.remove(self._recorder.folder.root / old)
            del self._kept[why][: -self._most[why]]

    def try_to_save(self, step: int, why: str) -> str:
        """Save; where that fails, say so in an alert, the first time, and train on.

        Returns what was wrong, or nothing. The next occasion tries again.
        """
        try:
            self.save(step, why)
        except OSError as error:
            problem = f"Cannot save a checkpoint: {told(error)}."
            if not self._failure:
                self._recorder.alert("save", problem, step)
            self._failure = error
            return problem
        return ""

    def save_if_due(self, step: int, epochs_done: int) -> None:
        """The automatic checkpoint, when it is time."""
        every, before = self._autosave.epochs, self.epochs
        self.epochs = epochs_done
        of_time = bool(self._autosave.minutes) and time.monotonic() >= self._due_at
        if self._saved_at != step and (of_time or (every and epochs_done // every > before // every)):
            self.try_to_save(step, "autosave")

    def save_if_unsaved(self, step: int) -> None:
        """The automatic checkpoint, before it is time, of what would wait for it long."""
        if (self._autosave.minutes or self._autosave.epochs) and step and self.newest != step:
            self.try_to_save(step, "autosave")

    def save_at_last(self, step: int, why: str, give_up: Callable[[float], bool]) -> str:
        """Save the last checkpoint, and while that fails, wait for room; returns what was wrong in the end, or nothing.

        `give_up` waits so many seconds and says whether somebody wants the end without it.
        """
        while problem := self.try_to_save(step, why):
            if not self._recorder.folder.is_there():
                return self._recorder.folder.deleted()
            words = f"{problem.rstrip('.')}: the last checkpoint is waiting; stop again to give it up."
            self._recorder.trouble("save", words, held_up_by(self._failure) if self._failure else "")
            if give_up(LAST_RETRY_SECONDS):
                break
        self._recorder.trouble("save", "")
        return problem
