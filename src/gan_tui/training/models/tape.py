"""A classifier trained without Keras's layers: raw variables, TensorFlow's own operations, and a step of its own.

It follows a preset's list of layers, but computes each with `tf.nn` and `tf.matmul`: convolutions with a bias, max
pooling, flattening, dense layers. The last layer gives logits; the loss is their softmax cross-entropy averaged over
the batch, and a step is plain gradient descent. The variables are the raw ones of a Keras network of the same shape
(Glorot-uniform weights, zero biases), so that checkpoints, tables and pictures need nothing of their own.
"""

from collections.abc import Callable, Iterator
from typing import Any

import keras
import tensorflow as tf

from gan_tui.presets import Layer, Preset
from gan_tui.training.group import shares
from gan_tui.training.models.build import build_network
from gan_tui.training.models.learner import Classifier

Operation = Callable[[Any], Any]
_ACTIVATIONS: dict[str, Operation] = {"relu": tf.nn.relu, "tanh": tf.tanh, "linear": lambda x: x}
"""A preset with others is refused: `presets/tasks/classifier.py`."""


class TapeClassifier(Classifier):
    """A classifier whose every operation is written out."""

    def __init__(self, preset: Preset) -> None:
        described = preset.network("classifier")
        self.network: keras.Model = build_network(described)
        self.networks, self.optimizers = [self.network], {}
        self.variables: list[tf.Variable] = [weight.value for weight in self.network.weights]
        self.learning_rate = tf.Variable(preset.settings["learning_rate"], trainable=False, dtype=tf.float32)
        raw = iter(self.variables)
        self._operations = [_operation(layer, raw) for layer in described.layers]

    def train_step(self, data: Any) -> dict[str, Any]:
        """One step of gradient descent on a batch of (images, classes)."""
        x, classes = data
        with tf.GradientTape() as tape:
            logits = self.logits(x)
            loss = _loss(logits, classes)
        gradients = tape.gradient(loss, self.variables, output_gradients=shares.weight())
        if shares.current():
            gradients = shares.summed(gradients)
        for variable, gradient in zip(self.variables, gradients, strict=True):
            shares.here(variable).assign_sub(self.learning_rate * gradient)
        right = tf.argmax(logits, 1, output_type=classes.dtype) == classes
        return {"loss": loss, "accuracy": tf.reduce_mean(tf.cast(right, tf.float32))}

    def own_variables(self) -> Iterator[tuple[str, tf.Variable]]:
        yield "tape/learning_rate", self.learning_rate

    def set_learning_rate(self, rate: float) -> None:
        self.learning_rate.assign(rate)

    def examine(self, x: Any, classes: Any) -> tuple[Any, Any]:
        logits = self.logits(x)
        return _loss(logits, classes), tf.nn.softmax(logits)

    def probabilities(self, x: Any) -> Any:
        return tf.nn.softmax(self.logits(x))

    def logits(self, x: Any) -> Any:
        """(batch, classes)"""
        for operation in self._operations:
            x = operation(x)
        return x


def _loss(logits: Any, classes: Any) -> Any:
    return tf.reduce_mean(tf.nn.sparse_softmax_cross_entropy_with_logits(classes, logits))


def _operation(layer: Layer, raw: Iterator[tf.Variable]) -> Operation:
    """What a layer computes, with the next of the raw variables where it has weights."""
    arguments = layer.arguments
    activation = _ACTIVATIONS[arguments.get("activation", "linear")]
    padding = arguments.get("padding", "valid").upper()
    if layer.kind == "Conv2D":
        kernel, bias, strides = next(raw), next(raw), arguments.get("strides", (1, 1))
        if arguments["kernel_size"] == (1, 1):  # with strides, oneDNN crashes: see strided_pixels.py
            down, across = strides
            return lambda x: activation(tf.nn.conv2d(x[:, ::down, ::across], kernel, 1, padding) + bias)
        return lambda x: activation(tf.nn.conv2d(x, kernel, strides, padding) + bias)
    if layer.kind == "MaxPooling2D":
        window = arguments.get("pool_size", (2, 2))
        strides = arguments.get("strides", window)
        return lambda x: tf.nn.max_pool2d(x, window, strides, padding)
    if layer.kind == "Flatten":
        return lambda x: tf.reshape(x, (tf.shape(x)[0], -1))
    if layer.kind == "Dense":
        kernel, bias = next(raw), next(raw)
        return lambda x: activation(tf.matmul(x, kernel) + bias)
    raise AssertionError(f"presets refuse {layer.kind}")
