"""First networks on the plane: few points, all of them drawn, which may change while a network learns them; or a table.

Points are held in variables of open shape, part of every checkpoint, and kept in `points-now.csv`; the CSV that a run
began with is `points.csv` in its folder.
"""

from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np

from gan_tui.data.point_rows import CLASSES, MOST_POINTS
from gan_tui.data.points import Points, read_csv, write_csv
from gan_tui.errors import TRAINING_FAILED, UserError
from gan_tui.presets import Preset
from gan_tui.run.checkpoint_arrays import Arrays
from gan_tui.run.recorder import Contents, Snapshot
from gan_tui.training.models.compiled_classifier import CompiledClassifier
from gan_tui.training.models.examples import Dataset, points_dataset, with_points
from gan_tui.training.models.learner import Classifier
from gan_tui.training.models.tables import COLUMNS_FILE, TableDataset, points_of, table_dataset, told
from gan_tui.training.models.validation import ClassifierValidation
from gan_tui.training.snapshots.classifier import confusion
from gan_tui.training.snapshots.plane import DecisionSurface, PointAnswers
from gan_tui.training.snapshots.tables import snapshots_of_table
from gan_tui.training.snapshots.weights import SmallKernels, WeightStatistics
from gan_tui.training.tasks.base import Settable, Task

POINTS = "data/points"
"""The name of the points in a checkpoint, which may be others than at the start."""
POINTS_NOW = "points-now.csv"
"""In a run's folder: the points as they were changed while training."""


class PlaneTask(Task):
    learner: Classifier

    @property
    def examples_may_change(self) -> bool:
        return not isinstance(self.dataset, TableDataset)

    @classmethod
    def load(cls, preset: Preset, folder: Path | None) -> Dataset:
        return table_dataset(preset) if preset.found else points_dataset(preset)

    def made_learner(self) -> Classifier:
        return CompiledClassifier(self.preset)

    def made_validation(self, measured: tuple[str, ...]) -> ClassifierValidation | None:
        held_back, settings = self.dataset.validation, self.preset.settings
        if held_back is None:
            return None
        return ClassifierValidation(self.learner, held_back, settings["metrics"], settings["top_k"])

    def after_validation(self) -> Contents:
        return confusion(self.validation) if isinstance(self.validation, ClassifierValidation) else iter(())

    @cached_property
    def snapshots(self) -> list[Snapshot]:
        return [*self._of_points, SmallKernels(self.networks[0]), WeightStatistics(self.networks)]

    @cached_property
    def _of_points(self) -> tuple[Snapshot, ...]:
        """What other points change at once."""
        answers = self.learner.probabilities
        if isinstance(self.dataset, TableDataset):
            return snapshots_of_table(answers, self.dataset)
        surface = [DecisionSurface(answers)] if self.dataset.train.x.shape[1] == 2 else []
        return (*surface, PointAnswers(answers, lambda: self.dataset.train))

    def settable(self) -> dict[str, Settable]:
        if not self._takes_points:
            return super().settable()
        points = Settable(self._set_points, self._of_points, keep=self._keep, kept_as=POINTS_NOW)
        return {**super().settable(), "points": points}

    def facts(self) -> dict[str, Any]:
        if isinstance(self.dataset, TableDataset):
            return {"table": told(self.dataset), "points": points_of(self.dataset)}
        return {"points": self.dataset.points}

    def documents(self) -> dict[str, bytes]:
        return {COLUMNS_FILE: self.dataset.document()} if isinstance(self.dataset, TableDataset) else {}

    # Points that change ----------------------------------------------------------------------

    def set_points(self, points: Points) -> None:
        """Train on other points from the next step on. Raises ValueError where that cannot be."""
        if self.dataset.batch_size < len(self.dataset.train):
            raise ValueError("points can be changed while training only with batch_size 0 (all points in one step)")
        classes = max(2, self.networks[0].output_shape[-1])
        if points.count_classes > classes:
            raise ValueError(f"this network has {classes} classes; use no others")
        if self.group and len(points.x) % self.group.size:
            several = f"{len(points.x):,} points cannot be shared evenly by {self.group.size} workers"
            raise ValueError(f"{several}; add or take away some")
        self.dataset = with_points(self.dataset, points, self.preset)
        self.steps.replace(self.dataset.train)

    @property
    def _takes_points(self) -> bool:
        return not self.preset.found and "points" in self.preset.rules.settings_for(self.preset.dataset)

    def _set_points(self, value: Any) -> list[list[float]]:
        """[x, y, class] of every point, as a person sent them."""
        self.set_points(points_from(value))
        return self.dataset.points or []

    def _keep(self, folder: Path) -> None:
        write_csv(folder / POINTS_NOW, points_from(self.dataset.points))

    def recall(self, folder: Path) -> None:
        if (folder / POINTS_NOW).exists():
            self.set_points(read_csv(folder / POINTS_NOW))

    def own_arrays(self) -> Arrays:
        return {POINTS: np.asarray(self.dataset.points)} if self._takes_points else {}

    def restore_own(self, arrays: Arrays) -> None:
        if not self._takes_points:
            return
        try:
            if not np.array_equal(arrays[POINTS], np.asarray(self.dataset.points)):
                self.set_points(points_from(arrays[POINTS].tolist()))
        except (KeyError, ValueError) as error:
            raise UserError(f"The checkpoint has no usable {POINTS}: {error}.", TRAINING_FAILED) from None


def points_from(value: Any) -> Points:
    """Points from a list of [x, y, class]. Raises ValueError with a sentence."""
    if not isinstance(value, list) or not 1 <= len(value) <= MOST_POINTS:
        raise ValueError(f"points must be a list of 1 to {MOST_POINTS:,} [x, y, class]")
    for point in value:
        if not isinstance(point, list) or len(point) != 3 or not all(isinstance(n, int | float) for n in point):
            raise ValueError("a point must be [x, y, class]")
        x, y, kind = point
        if not (0 <= x <= 1 and 0 <= y <= 1 and kind in range(CLASSES)):
            raise ValueError(f"a point's x and y must be from 0 to 1, its class from 0 to {CLASSES - 1}")
    array = np.asarray(value, np.float64)
    if len(set(array[:, 2])) < 2:
        raise ValueError("points must be of at least two classes")
    return Points(array[:, :2].astype(np.float32), array[:, 2].astype(np.int64))
