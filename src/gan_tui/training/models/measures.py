"""What a classifier's probabilities of all held-back examples come to: exact, and no mean over batches.

Precision, recall, F1 and AUC are of each class against all others, then the mean over the classes that there are
examples of; a class that is never answered has a precision of 0.
"""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

Probabilities = NDArray[np.float32]
Classes = NDArray[np.intp]


def accuracy(probabilities: Probabilities, classes: Classes) -> float:
    return float((probabilities.argmax(axis=1) == classes).mean())


def mae(probabilities: Probabilities, classes: Classes) -> float:
    targets = np.eye(probabilities.shape[1])[classes]
    return float(np.abs(probabilities - targets).mean())


def top_k(probabilities: Probabilities, classes: Classes, k: int) -> float:
    """The share whose class is among the k that are held for likeliest; as likely ones count as fewer, as in Keras."""
    of_truth = np.take_along_axis(probabilities, classes[:, None], axis=1)
    return float(((probabilities > of_truth).sum(axis=1) < k).mean())


def precision(probabilities: Probabilities, classes: Classes) -> float:
    right, answered, true = _counts(probabilities, classes)
    return _mean_of_classes(right / np.maximum(answered, 1), true)


def recall(probabilities: Probabilities, classes: Classes) -> float:
    right, _, true = _counts(probabilities, classes)
    return _mean_of_classes(right / np.maximum(true, 1), true)


def f1(probabilities: Probabilities, classes: Classes) -> float:
    right, answered, true = _counts(probabilities, classes)
    return _mean_of_classes(2 * right / np.maximum(answered + true, 1), true)


def auc(probabilities: Probabilities, classes: Classes) -> float:
    """How often an example of a class is held for likelier of it than one of another class: half, where as likely."""
    areas = [_area(probabilities[:, kind], classes == kind) for kind in np.unique(classes)]
    known = [area for area in areas if area is not None]
    return float(np.mean(known)) if known else 0.5


OF_ALL: dict[str, Callable[[Probabilities, Classes], float]] = {
    "accuracy": accuracy, "mae": mae, "precision": precision, "recall": recall, "f1": f1, "auc": auc,
}  # fmt: skip
"""Metric → what it comes to."""


def _counts(probabilities: Probabilities, classes: Classes) -> tuple[NDArray[np.intp], ...]:
    """(answered rightly, answered, true), each (classes,) numbers of examples."""
    answers, kinds = probabilities.argmax(axis=1), probabilities.shape[1]
    each = (answers[answers == classes], answers, classes)
    return tuple(np.bincount(of, minlength=kinds) for of in each)


def _mean_of_classes(values: NDArray[np.float64], true: NDArray[np.intp]) -> float:
    return float(values[true > 0].mean())


def _area(scores: NDArray[np.float32], of_class: NDArray[np.bool_]) -> float | None:
    """Under the ROC curve of one class; None where all examples are of it."""
    inside, outside = int(of_class.sum()), int((~of_class).sum())
    if not inside or not outside:
        return None
    _, place, counts = np.unique(scores, return_inverse=True, return_counts=True)
    ends = np.cumsum(counts)
    ranks = (ends - (counts - 1) / 2)[place]  # of equal ones, the mean of theirs
    return float((ranks[of_class].sum() - inside * (inside + 1) / 2) / (inside * outside))
