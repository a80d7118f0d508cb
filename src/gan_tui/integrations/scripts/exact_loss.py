"""The loss of each step as it was computed, also of steps that Keras runs several at once (`steps_per_execution`).

Keras adds each step's loss to a sum, and hands out the mean. Here what does the adding also keeps the last losses, in a
variable of its own, so that they can be read afterwards. It is put in Keras's place for a `fit`, and taken out again.
"""

from typing import Any

import keras
import numpy as np
from keras import ops

from gan_tui.integrations.scripts.keras_state import as_numpy

KEPT = 256
"""Losses; of more steps in one call the last are known."""


class _Keeping(keras.metrics.Mean):  # type: ignore[misc, unused-ignore]
    """A mean that keeps the last values it was given."""

    def __init__(self, name: str) -> None:
        super().__init__(name=name)
        self.kept = self.add_variable((KEPT,), "zeros", name="kept")
        self.given = self.add_variable((), "zeros", dtype="int32", name="given")

    def update_state(self, values: Any, sample_weight: Any = None) -> None:
        super().update_state(values, sample_weight)
        last = ops.reshape(ops.cast(values, "float32"), (1,))
        self.kept.assign(ops.slice_update(self.kept.value, [ops.mod(self.given.value, KEPT)], last))
        self.given.assign(self.given.value + 1)

    def reset_state(self) -> None:
        """What was kept stays: it is read after the epoch's end, too."""
        self.total.assign(0.0)
        self.count.assign(0.0)


class ExactLoss:
    """Reads the losses of a model that it was given to."""

    def __init__(self) -> None:
        self._model: Any = None
        self._replaced: Any = None
        self._keeping: _Keeping | None = None
        self._read = 0

    def give(self, model: Any) -> None:
        """From the next `fit` on; before Keras compiles its step."""
        tracker = getattr(model, "_loss_tracker", None)
        if type(tracker) is not keras.metrics.Mean:
            return  # not compiled, or somebody's own
        self._model, self._replaced, self._read = model, tracker, 0
        self._keeping = model._loss_tracker = _Keeping("loss")
        model.train_function = None

    def take_back(self) -> None:
        """Leave the model as it was."""
        if self._keeping is not None:
            self._keeping, self._model._loss_tracker = None, self._replaced
            self._model.train_function = self._model.test_function = None
            self._model = None

    def read(self, model: Any, most: int) -> list[float]:
        """The losses since the last time, at most so many; none where the model's own step counts no loss."""
        if self._keeping is None:
            return []
        kept, given = self._now(model)
        first = max(self._read, given - min(most, KEPT))
        self._read = given
        return [float(kept[place % KEPT]) for place in range(first, given)]

    def _now(self, model: Any) -> tuple[Any, int]:
        keeping = self._keeping
        assert keeping is not None
        state = getattr(model, "_jax_state", None)
        if state and not getattr(model, "_jax_state_synced", True):
            held = dict(zip(map(id, model.metrics_variables), state["metrics_variables"], strict=False))
            return np.asarray(held[id(keeping.kept)]), int(held[id(keeping.given)])
        return as_numpy(keeping.kept), int(as_numpy(keeping.given))
