"""Early stopping on a validation's loss, or another of its metrics, with the best epoch's weights kept to end with."""

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gan_tui.run.checkpoint_arrays import require
from gan_tui.run.events import EARLY_STOPPING
from gan_tui.run.metrics import LOSS
from gan_tui.run.outcome import ALL_DONE, AVERAGED
from gan_tui.text import counted, four_digits
from gan_tui.training.tasks import Task


class EarlyStopping:
    """Counts epochs without a better value of what is monitored.

    Does nothing for presets that ask for neither patience nor best weights.
    """

    def __init__(self, task: Task) -> None:
        self._task = task
        self._patience = task.preset.settings.get("patience", 0)
        self._restores = task.preset.settings.get("restore_best", False)
        self._monitored: str = task.preset.settings.get("monitor", LOSS.validated().name)
        self._falls = next((metric.falls for metric in task.preset.metrics if metric.name == self._monitored), True)
        self._best, self._best_epoch, self._waited = np.inf if self._falls else -np.inf, 0, 0
        self._best_weights: list[NDArray[Any]] = []
        self.reason = ""
        """Why training should end; empty while it should not."""

    def best_so_far(self, epoch: int, values: dict[str, float]) -> bool:
        """Note an epoch's validation; True when it is the best so far and the preset keeps the best."""
        value = values.get(self._monitored, np.nan)  # R² of numbers that are all the same is none
        if value < self._best if self._falls else value > self._best:
            self._best, self._best_epoch, self._waited = value, epoch, 0
            if self._restores:
                self._best_weights = self._task.weights()
            return bool(self._restores)
        self._waited += 1
        self._judge()
        return False

    def _judge(self) -> None:
        if self._patience and self._waited >= self._patience:
            self.reason = f"{EARLY_STOPPING}: no better {self._words} for {counted(self._waited, 'epoch')}"

    def restore_best_weights(self) -> str:
        """Give the networks the best epoch's weights where the preset asks; says what was done, in words."""
        if not self._best_weights:
            return self.reason
        self._task.set_weights(self._best_weights)
        done = f"weights of epoch {self._best_epoch} restored ({self._words} {four_digits(self._best)})"
        return f"{self.reason}; {done}" if self.reason else f"{ALL_DONE}; {done}"

    @property
    def _words(self) -> str:
        """'validation loss'"""
        return f"validation {self._monitored.removeprefix('val_')}"

    def has_restored_before(self, epochs_done: int) -> bool:
        """Whether the weights that are restored are of an epoch before the last."""
        return bool(self._best_weights) and self._best_epoch < epochs_done

    def goes_on_from(self, epochs_done: int) -> str:
        """What makes a run that trains longer another one than it would have been; nothing where nothing does."""
        if not self.has_restored_before(epochs_done):
            return ""
        pairs = zip(self._task.weights(), self._best_weights, strict=True)
        if not all(np.array_equal(now, best) for now, best in pairs):
            return ""
        return (
            f"Training goes on from the weights of epoch {self._best_epoch}, the best, with which the run had ended; "
            f"without that end it would have gone on from those of epoch {epochs_done}."
        )

    def arrays(self) -> dict[str, NDArray[Any]]:
        """The part of a checkpoint that this needs to go on exactly."""
        numbers = np.array([self._best, self._best_epoch, self._waited], np.float64)
        return {
            "early_stopping": numbers,
            **{f"best/{n:03d}": weight for n, weight in enumerate(self._best_weights)},
        }

    def restore(self, arrays: dict[str, NDArray[Any]]) -> None:
        """Go on where a checkpoint stood. Raises UserError when it lacks what is needed for that."""
        require(arrays, "early_stopping", (3,))
        best, epoch, waited = arrays["early_stopping"]
        self._best, self._best_epoch, self._waited = float(best), int(epoch), int(waited)
        self._best_weights = []
        if self._restores and self._best_epoch:
            for n, weight in enumerate(self._task.weights()):
                require(arrays, f"best/{n:03d}", weight.shape)
                self._best_weights.append(arrays[f"best/{n:03d}"])
        self._judge()


def averaged_words(values: Mapping[str, float]) -> str:
    """Which weights a run ends with that are an average, and what a validation gives for them: what it measured before
    is of the weights as the steps left them.
    """
    of = ", ".join(f"validation {name.removeprefix('val_')} {four_digits(value)}" for name, value in values.items())
    return f"{AVERAGED} ({of})" if of else AVERAGED
