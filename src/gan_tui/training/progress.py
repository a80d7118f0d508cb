"""Where a run stands beside its step: part of every checkpoint."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gan_tui.errors import TRAINING_FAILED, UserError
from gan_tui.training.models.task import require

_NUMBERS, _SUMS = "place/step_epochs_examples", "place/sums"


@dataclass
class Progress:
    """The epochs that are done, and what is known of the present one."""

    epochs_done: int = 0
    """Epochs whose end was reported (and validated)."""
    sums: NDArray[np.float64] | None = None
    """Sums over the metrics of the present epoch's steps."""

    def add(self, rows: NDArray[np.float32]) -> None:
        """Add steps to the sums, one by one: not even their last bits may depend on how many come at once."""
        before = [] if self.sums is None else [self.sums]
        self.sums = np.cumsum([*before, *rows.astype(np.float64)], axis=0)[-1]

    def arrays(self, step: int, examples: int) -> dict[str, NDArray[Any]]:
        """What a checkpoint holds of it, with the number of examples that are trained on."""
        sums = self.sums if self.sums is not None else np.zeros(0)
        return {_NUMBERS: np.array([step, self.epochs_done, examples], np.int64), _SUMS: sums}

    @staticmethod
    def from_arrays(arrays: dict[str, NDArray[Any]], metrics: int) -> tuple["Progress", int]:
        """(the progress, the number of examples) of a checkpoint. Raises UserError where it has none."""
        require(arrays, _NUMBERS, (3,))
        sums = arrays.get(_SUMS)
        if sums is None or sums.shape not in ((0,), (metrics,)):
            raise UserError(f"The checkpoint lacks {_SUMS} in the shape (0,) or ({metrics},).", TRAINING_FAILED)
        _, epochs_done, examples = (int(number) for number in arrays[_NUMBERS])
        return Progress(epochs_done, sums if len(sums) else None), examples
