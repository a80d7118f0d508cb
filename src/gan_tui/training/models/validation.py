"""Validation: what a classifier makes of examples it does not learn from."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import tensorflow as tf
from numpy.typing import NDArray

from gan_tui.training.fast.compiled import compiled
from gan_tui.training.models.examples import Examples
from gan_tui.training.models.feed import feed_of, in_words
from gan_tui.training.models.learner import Classifier

BATCH = 256
STRETCH = 4 * BATCH
"""Examples in one compiled call, so that commands get a word in between two."""


class Validation:
    """Runs a classifier over all validation examples, a stretch at a time, then sums up."""

    def __init__(self, classifier: Classifier, examples: Examples, metrics: Sequence[str]) -> None:
        """`metrics`: those of each step, of which the means over the examples are taken."""
        self._classifier, self._feed, self._metrics, self._count = classifier, feed_of(examples), metrics, len(examples)
        y = examples.y
        self.classes: NDArray[np.intp] = y.argmax(axis=1) if y.ndim > 1 else y.astype(np.intp)
        """(count,) the true classes."""
        self._losses: list[float] = []
        self._probabilities: list[NDArray[np.float32]] = []
        self._run = compiled(self._examine, input_signature=[tf.TensorSpec((), tf.int32)] * 2)

    def stretches(self) -> list[tuple[int, int]]:
        """(start, stop) of each stretch of examples."""
        return [(start, min(start + STRETCH, self._count)) for start in range(0, self._count, STRETCH)]

    def run(self, start: int, stop: int) -> None:
        """Examine a stretch; the first begins a new validation. Raises UserError when data can be read no more."""
        if start == 0:
            self._losses, self._probabilities = [], []
        for first in range(start, stop, BATCH):
            last = min(first + BATCH, stop)
            with in_words(self._feed):
                loss, probabilities = self._run(tf.constant(first), tf.constant(last))
            self._losses.append(float(loss) * (last - first))
            self._probabilities.append(probabilities.numpy())

    def result(self) -> dict[str, float]:
        """Means over the examples, as `model.evaluate` gives them: val_loss, val_accuracy, …"""
        right = self.probabilities.argmax(axis=1) == self.classes
        values = {"val_loss": sum(self._losses) / self._count}
        if "accuracy" in self._metrics:
            values["val_accuracy"] = float(right.mean())
        if "mae" in self._metrics:
            targets = np.eye(self.probabilities.shape[1])[self.classes]
            values["val_mae"] = float(np.abs(self.probabilities - targets).mean())
        return values

    @property
    def probabilities(self) -> NDArray[np.float32]:
        """(count, classes) as of the last validation."""
        return np.concatenate(self._probabilities)

    def confusion(self) -> NDArray[np.int64]:
        """counts[true class, predicted class]"""
        classes = self.probabilities.shape[1]
        pairs = self.classes * classes + self.probabilities.argmax(axis=1)
        return np.bincount(pairs, minlength=classes * classes).reshape(classes, classes)

    def worst(self, count: int) -> NDArray[np.intp]:
        """Positions of the mistakes the model was surest of, the worst first."""
        probabilities = self.probabilities
        taken = probabilities.argmax(axis=1)
        sure = np.where(taken != self.classes, probabilities.max(axis=1), -1.0)
        order = np.argsort(-sure, kind="stable")[:count]
        return order[sure[order] >= 0]

    def _examine(self, start: Any, stop: Any) -> tuple[Any, Any]:
        x, y = self._feed.batch(tf.range(start, stop))
        return self._classifier.examine(x, y)
