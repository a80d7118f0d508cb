"""What a person may set or ask to see while a run is alive: one place for every `set` command."""

from typing import Any

from gan_tui.errors import UserError, told
from gan_tui.run.commands import Command
from gan_tui.run.events import Setting
from gan_tui.run.recorder import Recorder
from gan_tui.training.command_pipe import CommandPipe
from gan_tui.training.tasks import Task


class Steering:
    """Carries out `set` commands on a task."""

    def __init__(self, task: Task, recorder: Recorder) -> None:
        self._task, self._settable, self._recorder = task, task.settable(), recorder

    @property
    def questions(self) -> list[str]:
        """What only chooses what is looked at, and may be asked of a run that is not training, too."""
        return [name for name, settable in self._settable.items() if settable.only_looks]

    def set(self, name: str, value: Any, step: int) -> str:
        """Give a setting a value; returns what happened, in words. Raises ValueError with a sentence."""
        settable = self._settable.get(name)
        if settable is None:
            raise ValueError(f"{name} cannot be set while this preset trains")
        value = settable.set(value)
        if not settable.only_looks:
            self._task.share_settings()
        if settable.keep and self._recorder.folder.is_there():
            try:
                settable.keep(self._recorder.folder.root)
            except OSError as error:
                problem = f"Cannot write {settable.kept_as}: {told(error)}."
                self._recorder.alert("save", f"{problem} Checkpoints have the {name}, too.", step)
        for snapshot in settable.redraws:
            self._recorder.draw(snapshot, step)
        self._recorder.event(Setting(name, value, step))
        return f"{name}: {len(value)}" if isinstance(value, list) else f"{name} is {value}"


def answer_set(steering: Steering, pipe: CommandPipe, command: Command, step: int) -> None:
    """Carry out a `set` command and say what became of it."""
    try:
        pipe.answer(command, True, steering.set(command.setting, command.value, step), step)
    except ValueError as error:
        pipe.answer(command, False, f"{error}.", step)
    except UserError as error:  # data that can be read no more, say
        pipe.answer(command, False, str(error), step)
