"""What computes each task, one a file: its learner, views, validation, and what may be set. Twins of `presets/tasks`."""

from pathlib import Path

from gan_tui.presets import Preset
from gan_tui.training.tasks.base import Task
from gan_tui.training.tasks.classifier import ClassifierTask
from gan_tui.training.tasks.pair import PairTask
from gan_tui.training.tasks.plane import PlaneTask

__all__ = ["TASKS", "Task", "register", "task_of"]

TASKS: dict[str, type[Task]] = {}
"""By the names of `presets.TASKS`."""


def register(name: str, task: type[Task]) -> None:
    """Add what computes a task."""
    TASKS[name] = task


register("plane", PlaneTask)
register("classifier", ClassifierTask)
register("gan", PairTask)


def task_of(preset: Preset) -> Task:
    """A preset's task, made ready to train. Raises UserError when its data are damaged, or fewer than a batch."""
    kind = TASKS[preset.task]
    named = preset.settings.get("data_folder")
    return kind(preset, kind.load(preset, Path(named) if named else None))
