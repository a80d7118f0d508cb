"""What computes each task, one a file, as `presets/tasks`: its step, views, validation, and what may be set."""

from pathlib import Path
from typing import TYPE_CHECKING

from gan_tui.presets import Preset, groups
from gan_tui.training.models.examples import Dataset
from gan_tui.training.tasks.autoencoder import AutoencoderTask
from gan_tui.training.tasks.base import Task
from gan_tui.training.tasks.classifier import ClassifierTask
from gan_tui.training.tasks.pair import PairTask
from gan_tui.training.tasks.plane import PlaneTask
from gan_tui.training.tasks.regression import RegressionTask

if TYPE_CHECKING:
    from gan_tui.training.group.group import Group

__all__ = ["TASKS", "Task", "load", "register", "task_of"]

TASKS: dict[str, type[Task]] = {}
"""By the names of `presets.TASKS`."""


def register(name: str, task: type[Task]) -> None:
    """Add what computes a task."""
    TASKS[name] = task


register("plane", PlaneTask)
register("regression", RegressionTask)
register("classifier", ClassifierTask)
register("autoencoder", AutoencoderTask)
register("gan", PairTask)


def load(preset: Preset) -> Dataset:
    """The data of a preset. Raises UserError when they are damaged, or fewer than a batch."""
    named = preset.settings.get("data_folder")
    return TASKS[preset.task].load(preset, Path(named) if named else None)


def task_of(preset: Preset, dataset: Dataset | None = None, group: "Group | None" = None) -> Task:
    """A preset's task on its data, which are loaded where none are given, ready to train, by a group where one is.

    Raises as `load`, and UserError where the group cannot share its batches.
    """
    dataset = dataset or load(preset)
    if group:
        groups.refuse_layers(preset, several_here=group.size > group.workers)
        groups.refuse_uneven(preset, len(dataset.train), group.size)
    return TASKS[preset.task](preset, dataset, group)
