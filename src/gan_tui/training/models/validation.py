"""Validation: what networks make of examples that they do not learn from."""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import tensorflow as tf
from numpy.typing import NDArray

from gan_tui.training.fast.compiled import compiled
from gan_tui.training.models import measures
from gan_tui.training.models.examples import Examples
from gan_tui.training.models.feed import feed_of, in_words
from gan_tui.training.models.learner import Classifier

BATCH = 256
STRETCH = 4 * BATCH
"""Examples in one compiled call, so that commands get a word in between two."""


class Validation:
    """Runs over all validation examples, a stretch at a time, then sums up."""

    def __init__(self, examine: Callable[[Any, Any], tuple[Any, ...]], examples: Examples) -> None:
        """`examine` gives of a batch (x, y) its mean loss, and whatever else a kind of validation is about."""
        self._feed, self._count = feed_of(examples), len(examples)
        self._losses: list[float] = []
        in_batch = [tf.TensorSpec((), tf.int32)] * 2
        self._run = compiled(
            lambda start, stop: examine(*self._feed.batch(tf.range(start, stop))), input_signature=in_batch
        )

    def stretches(self) -> list[tuple[int, int]]:
        """(start, stop) of each stretch of examples."""
        return [(start, min(start + STRETCH, self._count)) for start in range(0, self._count, STRETCH)]

    def run(self, start: int, stop: int) -> None:
        """Examine a stretch; the first begins a new validation. Raises UserError when data can be read no more."""
        if start == 0:
            self._begin()
        for first in range(start, stop, BATCH):
            last = min(first + BATCH, stop)
            with in_words(self._feed):
                loss, *others = self._run(tf.constant(first), tf.constant(last))
            self._losses.append(float(loss) * (last - first))
            self._keep(*others)

    def result(self) -> dict[str, float]:
        """Means over the examples, as `model.evaluate` gives them: val_loss, …"""
        return {"val_loss": sum(self._losses) / self._count}

    def _begin(self) -> None:
        self._losses = []

    def _keep(self, *others: Any) -> None:
        """Take up what examining a batch gave beside its loss."""


class ClassifierValidation(Validation):
    """Knows what each example was taken for."""

    def __init__(self, classifier: Classifier, examples: Examples, metrics: Sequence[str], top_k: int = 0) -> None:
        """`metrics`: what is measured beside the loss; `top_k`: how many classes count, for the metric of that name."""
        super().__init__(classifier.examine, examples)
        self._top_k, y = top_k, examples.y
        self._metrics = [name for name in metrics if name != "loss"]
        self.classes: NDArray[np.intp] = y.argmax(axis=1) if y.ndim > 1 else y.astype(np.intp)
        """(count,) the true classes."""
        self._probabilities: list[NDArray[np.float32]] = []

    def result(self) -> dict[str, float]:
        """val_loss, and val_NAME of each metric."""
        probabilities, values = self.probabilities, super().result()
        for name in self._metrics:
            if name == "top_k":
                values["val_top_k"] = measures.top_k(probabilities, self.classes, self._top_k)
            else:
                values[f"val_{name}"] = measures.OF_ALL[name](probabilities, self.classes)
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

    def _begin(self) -> None:
        super()._begin()
        self._probabilities = []

    def _keep(self, *others: Any) -> None:
        (probabilities,) = others
        self._probabilities.append(probabilities.numpy())
