"""From settings to a loss of Keras's, and from the outputs of a classifier to probabilities."""

from collections.abc import Callable, Mapping
from typing import Any

import keras
import tensorflow as tf

from gan_tui.presets import losses


def loss_of(settings: Mapping[str, Any]) -> Any:
    """What Keras minimizes where numbers or images are learnt."""
    return keras.losses.Huber(settings["huber_delta"]) if settings["loss"] == losses.HUBER else settings["loss"]


def classifying(settings: Mapping[str, Any], logits: bool) -> Any:
    """What Keras minimizes where classes are learnt, of a network that gives logits, or probabilities."""
    loss, smoothing = settings["loss"], settings["label_smoothing"]
    if not logits and not smoothing and not losses.is_focal(loss):
        return loss
    if loss == losses.CLASS_NUMBERS and not smoothing:
        return keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    more: dict[str, Any] = {"from_logits": logits, "label_smoothing": smoothing}
    if losses.is_focal(loss):
        more |= {"gamma": settings["focal_gamma"], "alpha": settings["focal_alpha"]}
    if loss == losses.FOCAL:
        return keras.losses.CategoricalFocalCrossentropy(**more)
    if loss == losses.BINARY_FOCAL:
        return keras.losses.BinaryFocalCrossentropy(apply_class_balancing=settings["focal_balanced"], **more)
    binary = losses.is_binary(loss)
    return keras.losses.BinaryCrossentropy(**more) if binary else keras.losses.CategoricalCrossentropy(**more)


def to_probabilities(settings: Mapping[str, Any], logits: bool) -> Callable[[Any], Any]:
    """What makes (batch, classes) probabilities of the outputs of a network."""
    if not losses.is_binary(settings["loss"]):
        return tf.nn.softmax if logits else lambda outputs: outputs

    def of_both(outputs: Any) -> Any:
        second = tf.sigmoid(outputs) if logits else outputs
        return tf.concat([1 - second, second], 1)

    return of_both


def step_metrics(settings: Mapping[str, Any], logits: bool) -> list[Any]:
    """What Keras measures of each step of a classifier beside its loss."""
    return [_metric(name, settings, logits) for name in settings["metrics"] if name in ("accuracy", "mae", "top_k")]


def _metric(name: str, settings: Mapping[str, Any], logits: bool) -> Any:
    if name == "accuracy" and losses.is_binary(settings["loss"]):
        return keras.metrics.BinaryAccuracy(name, threshold=0.0 if logits else 0.5)
    if name != "top_k":
        return name
    rows = losses.wants_rows(settings)
    kind = keras.metrics.TopKCategoricalAccuracy if rows else keras.metrics.SparseTopKCategoricalAccuracy
    return kind(settings["top_k"], name=name)
