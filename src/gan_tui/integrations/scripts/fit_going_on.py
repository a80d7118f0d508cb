"""A fit that begins where it was when its run ended, or not at all where its run was asked to end."""

from pathlib import Path
from typing import Any

from gan_tui.integrations.scripts.fit_checkpoints import FitCheckpoints, Place
from gan_tui.integrations.scripts.keras_state import is_built
from gan_tui.integrations.scripts.watched_run import WatchedRun

_NOT_KEPT = "the script's own random numbers, the order of its data and what other callbacks remember are not"


class _Begins(int):
    """An epoch to begin with that a model has from here, and from nobody else."""


def begins_as_told(model: Any) -> None:
    """The model's next fit begins as it is told to: Keras would have all that follow begin as the one that has gone on.
    Once fit has looked, or is over; one that an exception ends says nothing of that."""
    if isinstance(getattr(model, "_initial_epoch", None), _Begins):
        model._initial_epoch = None


class GoingOn:
    """Of one run. Which epoch a fit begins with is told to Keras as its own BackupAndRestore does: fit looks at it
    after `on_train_begin`, and before its first epoch."""

    def __init__(self, watched: WatchedRun, checkpoints: FitCheckpoints) -> None:
        self._watched, self._checkpoints = watched, checkpoints
        self._late: Path | None = None
        """A checkpoint that is to be put back once there are all variables."""

    def begin(self, model: Any, epochs: int) -> int:
        """The epoch that a fit of so many begins with, counted from 0; its model is as it was then."""
        run, self._late = self._watched.run, None
        found = self._checkpoints.newest(self._watched.fits) if run.resumed_from else None
        begins = epochs if run.stopping else 0  # whatever the script begins, a run that is to end trains no more
        if found is not None and self._put_back(model, found[0]):
            _, step, place = found
            begun = max(0, step - place.batch)  # the epoch that was under way begins anew
            run.go_to(begun)
            self._watched.epochs, begins = place.epochs_before, max(begins, place.epoch)
            run.alert(_told(begun, place))
        if begins:
            model._initial_epoch = _Begins(begins)
        return begins

    def _put_back(self, model: Any, folder: Path) -> bool:
        if is_built(model):
            return self._checkpoints.restore(folder, model)
        self._late = folder  # what is not there yet can be given nothing: after the first batch
        return True

    def put_back_late(self, model: Any) -> bool:
        """After a batch, which has made all variables: give them what a checkpoint has. Whether that was to be done."""
        folder, self._late = self._late, None
        return folder is not None and self._checkpoints.restore(folder, model)


def _told(step: int, place: Place) -> str:
    anew = f", which begins anew: {place.batch} batches of it are trained on again" if place.batch else ""
    return (
        f"Goes on from step {step:,} with epoch {place.epoch + 1}{anew}. Weights and optimizer are as they were saved; "
        f"{_NOT_KEPT}."
    )
