"""What a person may change or ask to see while a run is alive: one place for every `set` command."""

from typing import Any

import keras

from gan_tui.checks import number
from gan_tui.events import Command, Setting
from gan_tui.training.commands import Commands
from gan_tui.training.report import Report
from gan_tui.training.tape import TapeClassifier
from gan_tui.training.task import Task
from gan_tui.training.views import FeatureMaps, OneSample, View


class Steering:
    """Carries out `set` commands on a task."""

    def __init__(self, task: Task, report: Report, views: list[View]) -> None:
        self._task, self._report = task, report
        self._maps = next((view for view in views if isinstance(view, FeatureMaps)), None)
        self._one = next((view for view in views if isinstance(view, OneSample)), None)

    def set(self, name: str, value: Any, step: int) -> str:
        """Give a setting a value; returns what happened, in words. Raises ValueError with a sentence."""
        if name == "learning_rate":
            value = self._set_learning_rate(value)
        elif name == "image" and self._maps:
            value = self._maps.choose(value)
            self._report.draw(self._maps, step)
        elif name == "latent" and self._one:
            self._one.choose(self._one.number + 1 if value == "new" else _whole(value))
            value = self._one.number
            self._report.draw(self._one, step)
        else:
            raise ValueError(f"{name} cannot be set while this preset trains")
        self._report.event(Setting(name, value, step))
        return f"{name} is {value}"

    def _set_learning_rate(self, value: Any) -> float:
        rate: float = number(1e-12, 1000)(value)
        model = self._task.model
        if isinstance(model, TapeClassifier):
            model.learning_rate.assign(rate)
        for optimizer in self._task.optimizers.values():
            if isinstance(getattr(optimizer, "_learning_rate", None), keras.optimizers.schedules.LearningRateSchedule):
                raise ValueError("this run's learning rate follows a schedule; start a run with learning_rate_decay=0")
            optimizer.learning_rate = rate
        return rate


def _whole(value: Any) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value < 2**31:
        raise ValueError('latent must be "new" or a whole number')
    return value


def answer_set(steering: Steering, commands: Commands, command: Command, step: int) -> None:
    """Carry out a `set` command and say what became of it."""
    try:
        commands.answer(command, True, steering.set(command.setting, command.value, step), step)
    except ValueError as error:
        commands.answer(command, False, f"{error}.", step)
