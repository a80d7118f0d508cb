"""How much an example of each class counts, so that rare classes are learnt as well as frequent ones."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from gan_tui.training.models.examples import Examples

MOST_TOLD = 10
"""Classes whose weights are all told; of more, the least and the greatest."""


def balanced(examples: Examples, classes: int) -> NDArray[np.float32]:
    """(classes,) n / (k n_c): all weights of a class add up to the same, and of all examples to their number n.

    k counts the classes that there are examples of; the others weigh nothing.
    """
    counts = np.bincount(_numbers(examples.y), minlength=classes)
    there = np.count_nonzero(counts)
    return np.where(counts, len(examples) / (there * np.maximum(counts, 1)), 0).astype(np.float32)


def in_words(weights: NDArray[np.float32], names: Sequence[str]) -> str:
    """A clause that says how much each class counts."""
    order = range(len(weights)) if len(weights) <= MOST_TOLD else np.argsort(weights, kind="stable")[[0, -1]]
    told = (" to " if len(weights) > MOST_TOLD else ", ").join(f"{weights[n]:.3g} × for {names[n]}" for n in order)
    return f"class_weight makes an example count {told} in the loss of training"


def _numbers(y: NDArray[np.generic]) -> NDArray[np.intp]:
    """The classes of targets, one-hot or not."""
    return (y.argmax(axis=1) if y.ndim > 1 else y).astype(np.intp)
