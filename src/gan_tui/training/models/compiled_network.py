"""One network compiled the Keras way: a step of it is the model's own `train_step`."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

import tensorflow as tf

from gan_tui.presets import Preset
from gan_tui.training.models import computing
from gan_tui.training.models.build import build_optimizer
from gan_tui.training.models.learner import Learner


class CompiledNetwork(Learner):
    def __init__(self, preset: Preset, loss: Any, metrics: Sequence[Any] = ()) -> None:
        """`loss` and `metrics` are Keras's, by name or as objects: who loads a saved network needs nothing of ours."""
        self.model = computing.build(preset)
        self.model.compile(build_optimizer(preset.settings), loss, metrics=list(metrics), jit_compile=False)
        self.model.optimizer.build(self.model.trainable_variables)
        self.networks, self.optimizers = [self.model], {"optimizer": self.model.optimizer}

    def train_step(self, data: Any) -> dict[str, Any]:
        logs: dict[str, Any] = self.model.train_step(data)
        return logs

    def prepare(self, x: Any, y: Any) -> None:
        def prepared(data: Any) -> dict[str, Any]:
            self.model._symbolic_build(data_batch=data)
            return defaultdict(float)

        self.model.train_step = prepared  # which is given targets in the form that the loss takes
        try:
            self.train_step((tf.constant(x), tf.constant(y)))
        finally:
            del self.model.train_step

    def reset_metrics(self) -> None:
        self.model.reset_metrics()
