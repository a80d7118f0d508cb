"""What is shown of a classifier of a table's rows: its answers, and its surface where there are two numbers."""

import numpy as np

from gan_tui.run.recorder import Snapshot
from gan_tui.training.models.tables import TableDataset, axes_of, shown_examples
from gan_tui.training.snapshots.plane import MOST_ANSWERS, Answering, DecisionSurface, Inputs, PointAnswers


def snapshots_of_table(answers: Answering, dataset: TableDataset) -> tuple[Snapshot, ...]:
    """A surface only where the inputs are two numbers."""
    shown = shown_examples(dataset, MOST_ANSWERS)
    of_points = PointAnswers(answers, lambda: shown)
    if len(axes_of(dataset)) != 2:
        return (of_points,)
    return DecisionSurface(answers, lambda grid: _inputs(dataset, grid)), of_points


def _inputs(dataset: TableDataset, grid: Inputs) -> Inputs:
    """What shares (n, 2) of the axes are for the network."""
    assert dataset.scaling is not None
    low, high = (np.array([getattr(axis, end) for axis in axes_of(dataset)]) for end in ("low", "high"))
    values = low + grid.astype(np.float64) * (high - low)
    return np.asarray((values - dataset.scaling.mean) / dataset.scaling.deviation, np.float32)
