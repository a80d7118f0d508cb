"""A pause outlives the process that is restarted in it: who has paused a run, to look at it, finds it paused."""

from contextlib import suppress

from gan_tui.run.commands import AS_BEFORE, Command
from gan_tui.run.event_log import read_tail
from gan_tui.run.events import State
from gan_tui.run.folder import RunFolder
from gan_tui.supervision.trainer_process import TrainerProcess

_TELLING = ("paused", "training", "starting")
"""States that say whether a run is paused; one that saves, or has failed, is as it was before that."""
_FIRST_LOOK, _LAST_LOOK = 1 << 16, 1 << 25
"""Bytes at the end of the log: a pause may be long ago, and much be told meanwhile of workers that wait."""


class Pause:
    """Of one run, as its supervisor has it, who starts its process again."""

    def __init__(self, folder: RunFolder) -> None:
        self._folder = folder
        self.lasts = False
        """Whether the next process is to be paused."""
        self._is_due = False

    def look(self) -> None:
        """Once a process has ended: whether it was paused. One that was to be, and had not come to it yet, still is."""
        self.lasts = self.lasts or self._last_telling() == "paused"

    def ask(self) -> None:
        """The process that is started now is to be paused as soon as it takes commands, if it is to be."""
        self._is_due = self.lasts

    def send(self, process: TrainerProcess) -> None:
        """To be called now and then."""
        if self._is_due and not process.send(Command("pause", setting=AS_BEFORE)):
            self._is_due = False

    def heard(self, command: Command) -> None:
        """Somebody has it train."""
        if command.name == "resume":
            self.lasts = self._is_due = False

    def _last_telling(self) -> str:
        """The last state that tells, as far back as that is; of a run that never told, "training"."""
        path, length = self._folder.events_file, _FIRST_LOOK
        with suppress(OSError):  # of a disk that does not answer, nothing is known
            while length <= _LAST_LOOK:
                for record in reversed(read_tail(path, (State,), length=length)):
                    if isinstance(record.event, State) and record.event.state in _TELLING:
                        return record.event.state
                if length >= path.stat().st_size:
                    break
                length *= 8
        return "training"
