"""A classifier compiled the Keras way: one step of it is the model's own `train_step`."""

from typing import Any

from gan_tui.presets import Preset
from gan_tui.training.models.build import build_network, build_optimizer
from gan_tui.training.models.learner import Classifier


class CompiledClassifier(Classifier):
    def __init__(self, preset: Preset) -> None:
        self.model = build_network(preset.network("classifier"))
        optimizer = build_optimizer(preset.settings)
        optimizer.build(self.model.trainable_variables)
        self.model.compile(
            optimizer, preset.settings["loss"], metrics=list(preset.settings["metrics"]), jit_compile=False
        )
        self.networks, self.optimizers = [self.model], {"optimizer": self.model.optimizer}

    def train_step(self, data: Any) -> dict[str, Any]:
        logs: dict[str, Any] = self.model.train_step(data)
        return logs

    def reset_metrics(self) -> None:
        self.model.reset_metrics()

    def examine(self, x: Any, y: Any) -> tuple[Any, Any]:
        probabilities = self.model(x, training=False)
        return self.model.compute_loss(x=x, y=y, y_pred=probabilities, training=False), probabilities
