"""Where a training stands: its step, its epochs, and the sums over the present one; part of every checkpoint."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from gan_tui.errors import TRAINING_FAILED, UserError
from gan_tui.run.checkpoint_arrays import require

_NUMBERS, _SUMS = "place/step_epochs_examples", "place/sums"


class Progress:
    """Counts steps and epochs, and has the means of every epoch's metrics once it is over.

    An epoch that is over counts as done when its means are taken: after its validation, say.
    """

    def __init__(self, per_epoch: int, metrics: int, sizes: tuple[int, int] = (1, 1)) -> None:
        """So many steps are an epoch; so many metrics has a step.

        `sizes`: examples in a step, and in the last of an epoch, which counts by so much less.
        """
        self._per_epoch, self._metrics = per_epoch, metrics
        self._size, self._last_size = sizes
        self.step = self.epochs_done = 0
        self._sums: NDArray[np.float64] | None = None
        """Sums over the metrics of the present epoch's steps; None before its first."""
        self._over: NDArray[np.float64] = np.zeros((0, metrics))
        """(epochs, metrics): of those that are over and not done yet, what the steps' sums would be if all had as many
        examples, so that the means are these by the number of steps."""

    @property
    def to_epoch_end(self) -> int:
        """Steps, 1 at least."""
        return self._per_epoch - self.step % self._per_epoch

    @property
    def epoch_is_over(self) -> bool:
        """Whether `end_epochs` has anything to end."""
        return len(self._over) > 0

    def add(self, rows: NDArray[np.float32]) -> None:
        """Go on by (k, metrics) rows, summed up one by one: not even the last bits may depend on k."""
        numbers, here = rows.astype(np.float64), self.to_epoch_end
        self.step += len(rows)
        self._add_to_present(numbers[: here - 1])
        if len(rows) < here:
            return
        before = np.zeros(self._metrics) if self._sums is None else self._sums
        rest = numbers[here:]
        whole = len(rest) // self._per_epoch
        epochs = rest[: whole * self._per_epoch].reshape(whole, self._per_epoch, self._metrics)
        sums = np.cumsum(epochs, axis=1)[:, -2] if self._per_epoch > 1 else np.zeros((whole, self._metrics))
        over = self._with_last(np.vstack([before, sums]), np.vstack([numbers[here - 1], epochs[:, -1]]))
        self._over, self._sums = np.concatenate([self._over, over]), None
        self._add_to_present(rest[whole * self._per_epoch :])

    def _with_last(self, sums: NDArray[np.float64], last: NDArray[np.float64]) -> NDArray[np.float64]:
        """What `_over` holds of epochs, from the sums of all steps but the last, and from the last."""
        if self._last_size == self._size:
            return sums + last
        examples = (self._per_epoch - 1) * self._size + self._last_size
        return (sums * self._size + last * self._last_size) * self._per_epoch / examples

    def _add_to_present(self, numbers: NDArray[np.float64]) -> None:
        if len(numbers):
            before = [] if self._sums is None else [self._sums[None]]
            self._sums = np.cumsum(np.concatenate([*before, numbers]), axis=0)[-1]

    def end_epochs(self) -> NDArray[np.float64]:
        """(epochs, metrics): the means over the examples of each epoch that is over, all of which are done from now on.

        They are what Keras's `fit` tells of an epoch.
        """
        means, self._over = self._over / self._per_epoch, self._over[:0]
        self.epochs_done += len(means)
        return means

    def arrays(self, examples: int) -> dict[str, NDArray[Any]]:
        """What a checkpoint holds of it, with the number of examples that are trained on."""
        known = self._over[-1] if self.epoch_is_over else self._sums
        numbers = np.array([self.step, self.epochs_done, examples], np.int64)
        return {_NUMBERS: numbers, _SUMS: np.zeros(0) if known is None else known}

    def restore(self, step: int, arrays: dict[str, NDArray[Any]]) -> None:
        """Go to where a checkpoint stood. Raises UserError when it lacks what is needed for that."""
        require(arrays, _NUMBERS, (3,))
        sums = arrays.get(_SUMS)
        if sums is None or sums.shape not in ((0,), (self._metrics,)):
            raise UserError(f"The checkpoint lacks {_SUMS} in the shape (0,) or ({self._metrics},).", TRAINING_FAILED)
        self.step, self.epochs_done = step, int(arrays[_NUMBERS][1])
        self._sums, self._over = sums.astype(np.float64) if len(sums) else None, np.zeros((0, self._metrics))
        ended = step % self._per_epoch == 0 and step // self._per_epoch > self.epochs_done
        if ended and self._sums is not None:  # saved before the validation of its epoch
            self._over, self._sums = self._sums[None], None


def examples_in(arrays: dict[str, NDArray[Any]]) -> int:
    """How many examples the run of a checkpoint was trained on. Raises UserError where it does not say."""
    require(arrays, _NUMBERS, (3,))
    return int(arrays[_NUMBERS][2])
