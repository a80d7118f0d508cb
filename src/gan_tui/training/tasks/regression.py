"""Regression: what a network answers to rows of a table, beside what is true."""

from functools import cached_property, partial
from pathlib import Path
from typing import Any

from gan_tui.presets import Preset
from gan_tui.run.recorder import Snapshot
from gan_tui.training.models.regressor import CompiledRegressor, RegressionValidation
from gan_tui.training.models.tables import COLUMNS_FILE, TableDataset, shown_examples, table_dataset, told
from gan_tui.training.models.validation import Validation
from gan_tui.training.snapshots.plane import PointAnswers
from gan_tui.training.snapshots.weights import SmallKernels, WeightStatistics
from gan_tui.training.tasks.base import Task

MOST_TOLD = 400
"""Rows whose answers are told: as many as a plot can tell apart."""


class RegressionTask(Task):
    dataset: TableDataset
    learner: CompiledRegressor

    @classmethod
    def load(cls, preset: Preset, folder: Path | None) -> TableDataset:
        return table_dataset(preset)

    def made_learner(self) -> CompiledRegressor:
        return CompiledRegressor(self.preset, self._deviation)

    def made_validation(self, measured: tuple[str, ...]) -> Validation | None:
        held_back = self.dataset.validation
        return RegressionValidation(self.learner, held_back, measured, self._deviation) if held_back else None

    @property
    def _deviation(self) -> float:
        """Of the label, in its own units."""
        assert self.dataset.scaling is not None
        return self.dataset.scaling.label_deviation

    @cached_property
    def snapshots(self) -> list[Snapshot]:
        network, shown = self.networks[0], shown_examples(self.dataset, MOST_TOLD)
        answers = partial(network, training=False)
        return [PointAnswers(answers, lambda: shown, MOST_TOLD), SmallKernels(network), WeightStatistics([network])]

    def facts(self) -> dict[str, Any]:
        return {"table": told(self.dataset, MOST_TOLD)}

    def documents(self) -> dict[str, bytes]:
        return {COLUMNS_FILE: self.dataset.document()}
