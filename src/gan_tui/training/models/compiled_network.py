"""One network compiled the Keras way: a step of it is the model's own `train_step`."""

from collections.abc import Sequence
from typing import Any

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

    def reset_metrics(self) -> None:
        self.model.reset_metrics()
