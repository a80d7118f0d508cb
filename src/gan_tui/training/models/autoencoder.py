"""An autoencoder: what it is given is what it is to give back."""

from typing import Any

import tensorflow as tf

from gan_tui.presets import Preset
from gan_tui.training.models.compiled_network import CompiledNetwork
from gan_tui.training.models.losses import loss_of


class Autoencoder(CompiledNetwork):
    def __init__(self, preset: Preset) -> None:
        super().__init__(preset, loss_of(preset.settings))

    def train_step(self, data: Any) -> dict[str, Any]:
        x, _ = data
        return super().train_step((x, self._wanted(x)))

    def examine(self, x: Any, y: Any) -> tuple[Any]:
        """(mean loss,) of a batch, without learning from it."""
        loss = self.model.compute_loss(x=x, y=self._wanted(x), y_pred=self.model(x, training=False), training=False)
        return (loss,)

    def _wanted(self, x: Any) -> Any:
        """Images in the form that the network gives them: flat, or not."""
        return tf.reshape(x, (-1, *self.model.output_shape[1:]))
