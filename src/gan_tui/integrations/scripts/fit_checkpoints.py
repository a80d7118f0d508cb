"""Checkpoints of a Keras fit in a script: when one is saved, what is in it, and going on from it.

A fit can begin at the beginning of an epoch alone. So what was saved within one goes on with the same weights at the
beginning of that epoch, and says so.
"""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from gan_tui.errors import UserError, told
from gan_tui.integrations.scripts.bounded import plain_name
from gan_tui.integrations.scripts.keras_state import arrays_of, put_back
from gan_tui.integrations.scripts.saving import save
from gan_tui.integrations.scripts.watched_run import WatchedRun
from gan_tui.integrations.scripts.words import in_words
from gan_tui.run import checkpoint
from gan_tui.run.events import Checkpoint
from gan_tui.run.folder import RunFolder
from gan_tui.run.manifests import manifest

LEAST_SECONDS = 300.0
"""Between two checkpoints that nobody asked for."""
SHARE = 0.005
"""The part of the time that saving these may take."""
KEPT = 2
"""Of these, the newest."""
_FIT = "fit"
"""What a manifest says of where the fit was."""


@dataclass(frozen=True)
class Place:
    """Where a fit is, or was when a checkpoint was saved."""

    fit: int
    """The fits of a script, counted from 1."""
    epoch: int
    """Whole epochs of it that are done."""
    batch: int
    """Batches of the next one that are done, too."""
    epochs_before: int
    """Of all fits before it."""

    def as_document(self) -> dict[str, int]:
        return {"fit": self.fit, "epoch": self.epoch, "batch": self.batch, "epochs_before": self.epochs_before}

    @staticmethod
    def of(says: Mapping[str, Any]) -> "Place | None":
        document = says.get(_FIT)
        names = ("fit", "epoch", "batch", "epochs_before")
        if not isinstance(document, dict) or not all(type(document.get(name)) is int for name in names):
            return None
        return Place(*(document[name] for name in names))


class FitCheckpoints:
    """The checkpoints of one run."""

    def __init__(self, watched: WatchedRun, say: Callable[[str, str], None]) -> None:
        """`say` says a sentence, once for what it is about."""
        self._watched, self._say = watched, say
        self._due = time.monotonic() + LEAST_SECONDS
        self._saved_at: int | None = None

    # Saving -----------------------------------------------------------------------------------------------

    def write(self, folder: Path, model: Any, place: Place, why: str = "asked") -> None:
        """Everything into an empty folder. Raises OSError."""
        step = self._watched.run.step
        checkpoint.fill(folder, step, why, arrays_of(model), [_AsKeras(model, self._say)], {_FIT: place.as_document()})

    def save(self, model: Any, place: Place, why: str) -> None:
        """A checkpoint that nobody asked for; where it cannot be saved, that is said."""
        run, begin = self._watched.run, time.monotonic()
        if run.path is None or self._saved_at == run.step:
            return
        folder = RunFolder(run.path)
        try:
            name = save(folder, run.step, lambda making: self.write(making, model, place, why))
        except OSError as error:
            self._say("save", f"Cannot save a checkpoint: {told(error)}.")
        except Exception as error:  # noqa: BLE001 (a model of somebody's own may raise anything)
            self._say("save", f"Cannot save a checkpoint: {in_words(error)}.")
        else:
            self._saved_at = run.step
            run.event(Checkpoint(run.step, name, why))
            self._remove_old(folder)
        end = time.monotonic()
        self._due = end + max(LEAST_SECONDS, (end - begin) / SHARE)

    def save_if_due(self, model: Any, place: Place) -> None:
        if time.monotonic() >= self._due:
            self.save(model, place, "autosave")

    def _remove_old(self, folder: RunFolder) -> None:
        automatic = [each for each in checkpoint.complete_folders(folder.checkpoints) if _why(each) == "autosave"]
        for old in automatic[KEPT:]:
            checkpoint.remove(old)

    # Going on ---------------------------------------------------------------------------------------------

    def newest(self, fit: int) -> tuple[Path, int, Place] | None:
        """The newest checkpoint of a fit that seems sound: its folder, its step, and where the fit was."""
        for folder in checkpoint.complete_folders(self._watched.checkpoints) if self._watched.checkpoints else ():
            try:
                says, sound = manifest(folder)
            except (OSError, ValueError):
                continue
            place = Place.of(says)
            if sound and place is not None and place.fit == fit:
                return folder, int(folder.name), place
        return None

    def restore(self, folder: Path, model: Any) -> bool:
        """Give a model what a checkpoint has; says so where that cannot be, and changes nothing then."""
        try:
            put_back(model, checkpoint.read(folder))
        except (UserError, OSError) as error:
            words = str(error) if isinstance(error, UserError) else f"{told(error)}."
            self._say(f"restore {folder.name}", f"The checkpoint {folder.name} is not used: {words}")
            return False
        return True


class _AsKeras:
    """A model that can be written as a `.keras` file, if it lets itself: what is gone on from is not that."""

    def __init__(self, model: Any, say: Callable[[str, str], None]) -> None:
        self._model, self._say, self.name = model, say, plain_name(model.name)

    def save(self, file: Path) -> None:
        try:
            self._model.save(file)
        except OSError:
            raise
        except Exception as error:  # noqa: BLE001 (a model of somebody's own may raise anything)
            file.unlink(missing_ok=True)
            self._say("keras file", f"Checkpoints have the training's state, and no .keras file: {in_words(error)}.")


def _why(folder: Path) -> str:
    return checkpoint.reason(folder)
