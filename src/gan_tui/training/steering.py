"""What a person may change or ask to see while a run is alive: one place for every `set` command."""

from typing import Any

import keras
import numpy as np

from gan_tui.data.points import Points, write_csv
from gan_tui.errors import UserError, remedy
from gan_tui.presets.checks import number
from gan_tui.run.events import Command, Setting
from gan_tui.run.recorder import Recorder, Snapshot
from gan_tui.training.command_pipe import CommandPipe
from gan_tui.training.models.tape import TapeClassifier
from gan_tui.training.models.task import Task
from gan_tui.training.snapshots.views import DecisionSurface, FeatureMaps, OneSample, PointAnswers

POINTS_NOW = "points-now.csv"
"""In a run's folder: the points as they were changed while training."""
MOST_POINTS = 10_000


class Steering:
    """Carries out `set` commands on a task."""

    def __init__(self, task: Task, recorder: Recorder, views: list[Snapshot]) -> None:
        self._task, self._recorder = task, recorder
        self._maps = next((view for view in views if isinstance(view, FeatureMaps)), None)
        self._surface = next((view for view in views if isinstance(view, DecisionSurface)), None)
        self._answers = next((view for view in views if isinstance(view, PointAnswers)), None)
        self._one = next((view for view in views if isinstance(view, OneSample)), None)

    def set(self, name: str, value: Any, step: int) -> str:
        """Give a setting a value; returns what happened, in words. Raises ValueError with a sentence."""
        if name == "learning_rate":
            value = self._set_learning_rate(value)
        elif name == "image" and self._maps:
            value = self._maps.choose(value)
            self._recorder.draw(self._maps, step)
        elif name == "latent" and self._one:
            self._one.choose(self._one.number + 1 if value == "new" else _whole(value))
            value = self._one.number
            self._recorder.draw(self._one, step)
        elif name == "points":
            value = self._set_points(value, step)
        else:
            raise ValueError(f"{name} cannot be set while this preset trains")
        self._recorder.event(Setting(name, value, step))
        return f"{name}: {len(value)}" if isinstance(value, list) else f"{name} is {value}"

    def _set_points(self, value: Any, step: int) -> list[list[float]]:
        """[x, y, class] of every point; they are kept in the run's folder, too."""
        self._task.set_points(points_from(value))
        kept = self._recorder.folder.path / POINTS_NOW
        try:
            write_csv(kept, points_from(value))
        except OSError as error:
            problem = f"Cannot write {POINTS_NOW}: {error.strerror}; {remedy(error)}. Checkpoints have the points, too."
            self._recorder.alert("save", problem, step)
        for view in (self._surface, self._answers):
            if view:
                self._recorder.draw(view, step)
        return self._task.dataset.points or []

    def _set_learning_rate(self, value: Any) -> float:
        try:
            rate: float = number(1e-12, 1000)(value)
        except ValueError as error:
            raise ValueError(f"learning_rate {error}") from None
        model = self._task.model
        if isinstance(model, TapeClassifier):
            model.learning_rate.assign(rate)
        for optimizer in self._task.optimizers.values():
            if isinstance(getattr(optimizer, "_learning_rate", None), keras.optimizers.schedules.LearningRateSchedule):
                raise ValueError("this run's learning rate follows a schedule; start a run with learning_rate_decay=0")
            optimizer.learning_rate = rate
        return rate


def points_from(value: Any) -> Points:
    """Points from a list of [x, y, class]. Raises ValueError with a sentence."""
    if not isinstance(value, list) or not 1 <= len(value) <= MOST_POINTS:
        raise ValueError(f"points must be a list of 1 to {MOST_POINTS:,} [x, y, class]")
    for point in value:
        if not isinstance(point, list) or len(point) != 3 or not all(isinstance(n, int | float) for n in point):
            raise ValueError("a point must be [x, y, class]")
        x, y, kind = point
        if not (0 <= x <= 1 and 0 <= y <= 1 and kind in range(10)):
            raise ValueError("a point's x and y must lie in 0 … 1, its class in 0 … 9")
    array = np.asarray(value, np.float64)
    if len(set(array[:, 2])) < 2:
        raise ValueError("points must be of two classes at least")
    return Points(array[:, :2].astype(np.float32), array[:, 2].astype(np.int64))


def _whole(value: Any) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value < 2**31:
        raise ValueError('latent must be "new" or a whole number')
    return value


def answer_set(steering: Steering, pipe: CommandPipe, command: Command, step: int) -> None:
    """Carry out a `set` command and say what became of it."""
    try:
        pipe.answer(command, True, steering.set(command.setting, command.value, step), step)
    except ValueError as error:
        pipe.answer(command, False, f"{error}.", step)
    except UserError as error:  # data that can be read no more, say
        pipe.answer(command, False, str(error), step)
