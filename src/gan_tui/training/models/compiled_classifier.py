"""A classifier compiled the Keras way."""

from typing import Any

import numpy as np
import tensorflow as tf
from numpy.typing import NDArray

from gan_tui.presets import Preset, losses
from gan_tui.training.models.compiled_network import CompiledNetwork
from gan_tui.training.models.learner import Classifier
from gan_tui.training.models.losses import classifying, step_metrics, to_probabilities


class CompiledClassifier(CompiledNetwork, Classifier):
    def __init__(self, preset: Preset, class_weights: NDArray[np.float32] | None = None) -> None:
        """`class_weights`: how much an example of each class counts in the loss of a step, as Keras's `class_weight`.

        A step's loss is the mean over its examples of weight × loss; its other metrics, and validation, weigh nothing.
        """
        settings, logits = preset.settings, losses.gives_logits(preset.networks[0])
        super().__init__(preset, classifying(settings, logits), step_metrics(settings, logits))
        self._to_probabilities = to_probabilities(settings, logits)
        self._of_one_output = losses.is_binary(settings["loss"])
        self._weights = None if class_weights is None else tf.constant(class_weights)

    def train_step(self, data: Any) -> dict[str, Any]:
        x, y = data
        if self._weights is None:
            return super().train_step((x, self._wanted(y)))
        weights = tf.gather(self._weights, tf.argmax(y, 1) if y.shape.rank > 1 else y)
        return super().train_step((x, self._wanted(y), weights))

    def examine(self, x: Any, y: Any) -> tuple[Any, Any]:
        outputs = self.model(x, training=False)
        loss = self.model.compute_loss(x=x, y=self._wanted(y), y_pred=outputs, training=False)
        return loss, self._to_probabilities(outputs)

    def probabilities(self, x: Any) -> Any:
        return self._to_probabilities(self.model(x, training=False))

    def _wanted(self, y: Any) -> Any:
        """Targets in the form that the loss takes them."""
        return tf.cast(y, tf.float32)[:, None] if self._of_one_output else y
