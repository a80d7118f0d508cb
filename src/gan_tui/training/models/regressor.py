"""A network that learns a number: one step of it is the model's own `train_step`, and its validation."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gan_tui.presets import Preset
from gan_tui.training.models.compiled_network import CompiledNetwork
from gan_tui.training.models.examples import Examples
from gan_tui.training.models.losses import loss_of
from gan_tui.training.models.validation import Validation

_KERAS = {"mae": "mae", "r2": "mse"}
"""Metric → what Keras measures for it."""


class CompiledRegressor(CompiledNetwork):
    """Numbers are learnt in deviations of the training part from its mean; errors are told in their own units.

    A step's R² compares with the variance of the whole training part, which is 1: that of a batch of few would say
    nothing, and that of a single one is none.
    """

    def __init__(self, preset: Preset, deviation: float) -> None:
        self._names, self._deviation = preset.settings["metrics"], deviation
        super().__init__(preset, loss_of(preset.settings), list(dict.fromkeys(_KERAS[name] for name in self._names)))

    def train_step(self, data: Any) -> dict[str, Any]:
        logs = super().train_step(data)
        of = {"mae": lambda: logs["mae"] * self._deviation, "r2": lambda: 1.0 - logs["mse"]}
        return {"loss": logs["loss"], **{name: of[name]() for name in self._names}}

    def examine(self, x: Any, y: Any) -> tuple[Any, Any]:
        """(mean loss, (batch, 1) of answers) of a batch, without learning from it."""
        answers = self.model(x, training=False)
        return self.model.compute_loss(x=x, y=y, y_pred=answers, training=False), answers


class RegressionValidation(Validation):
    """Knows what each example was answered."""

    def __init__(
        self, regressor: CompiledRegressor, examples: Examples, metrics: Sequence[str], deviation: float
    ) -> None:
        super().__init__(regressor.examine, examples)
        self._metrics, self._targets, self._deviation = metrics, examples.y.astype(np.float64), deviation
        self._answers: list[NDArray[np.float32]] = []

    def result(self) -> dict[str, float]:
        """Means over the examples; R² is compared with always answering their own mean, and is none where they are all
        the same.
        """
        errors = np.concatenate(self._answers) - self._targets
        values = super().result()
        if "mae" in self._metrics:
            values["val_mae"] = float(np.abs(errors).mean()) * self._deviation
        if "r2" in self._metrics and np.ptp(self._targets) > 0:
            values["val_r2"] = 1 - float((errors**2).mean() / self._targets.var())
        return values

    def _begin(self) -> None:
        super()._begin()
        self._answers = []

    def _keep(self, *others: Any) -> None:
        (answers,) = others
        self._answers.append(answers.numpy())
