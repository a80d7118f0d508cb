"""What becomes of commands in a script: pause, resume, step, save, stop and set, each obeyed between two steps."""

from collections.abc import Callable
from typing import Any

from gan_tui.errors import told
from gan_tui.integrations.scripts import ranks
from gan_tui.integrations.scripts.command_source import CommandSource
from gan_tui.integrations.scripts.recording import Recording
from gan_tui.integrations.scripts.words import in_words
from gan_tui.run.commands import AS_BEFORE, Command
from gan_tui.run.events import Checkpoint, Setting

WAIT_SECONDS = 1.0
"""Between two looks, while paused, whether the run is still there."""
_ALONE = ("pause", "step", "stop")
"""What only a training of one process can do: others wait in a sum over all of them, and after some minutes abort."""
_TOGETHER = (
    "This training has {:,} processes, and the others would wait for this one until they give up; end all of them "
    "where they were started, with Ctrl-C, to stop it."
)
Setters = dict[str, Callable[[Any], object]]


class Obedience:
    """Obeys the commands of a script's run, and knows what they leave it to do: train, wait, take some steps, end."""

    def __init__(self, source: CommandSource, recording: Recording, setters: Setters) -> None:
        self.source, self._recording, self._setters = source, recording, setters
        self.save: Callable[[], str] | None = None
        """Saves, and returns what the checkpoint is called; None where the script has nothing that saves."""
        self.stop: Command | None = None
        """What asked to stop."""
        self._stop_is_answered = False
        self._paused = False
        self._granted = 0
        self._saved_at: int | None = None
        """The step of the checkpoint that was saved last."""
        self._stepping: Command | None = None
        """A `step` that is not answered yet."""

    @property
    def is_due(self) -> bool:
        """Whether there is anything to obey; asked at every step."""
        return self._paused or self.source.waiting > 0 or self.source.lost != ""

    def between_steps(self, at_once: int = 1) -> None:
        """Obey what was asked; while paused, wait until a step may be taken, or so many that are taken `at_once`."""
        while not self.stop and not self.source.lost:
            if self._stepping and not self._granted:
                self._recording.event()
                self._answer_step(True, f"paused at step {self._recording.step}")
            waits = self._paused and not self._granted
            command = self.source.within(WAIT_SECONDS if waits else 0)
            if command is not None:
                self._obey(command)
            elif not waits:
                break
        self._granted = max(0, self._granted - at_once)

    def _obey(self, command: Command) -> None:
        step, together = self._recording.step, ranks.processes()
        if command.name in _ALONE and together > 1:
            self._answer(command, False, _TOGETHER.format(together))
        elif command.name == "pause":
            self._pause("as before its restart" if command.setting == AS_BEFORE else "asked to pause")
            self._answer(command, True, f"paused at step {step}")
        elif command.name == "resume":
            self._paused, self._granted = False, 0
            self._answer_step(False, "the run was resumed meanwhile")
            self._recording.show("training")
            self._answer(command, True, f"training from step {step}")
        elif command.name == "step":
            self._pause("stepping")
            self._answer_step(False, "another step was asked for meanwhile")
            self._granted, self._stepping = command.steps, command
        elif command.name == "save":
            self._save(command)
        elif command.name == "stop":
            self.stop = command
        elif command.name == "set":
            self._set(command)

    def _pause(self, why: str) -> None:
        self._granted = 0
        if not self._paused:
            self._paused = True
            self._recording.show("paused", why)

    def _save(self, command: Command) -> None:
        if self.save is None:
            self._answer(command, False, "This script has nothing that saves: give gan_tui.Run an on_save.")
            return
        before = self._recording.state
        self._recording.show("saving")
        try:
            saved, answer = self._saved("asked")
        except BaseException as error:  # it ends the script, or is caught there: who waits hears it in both cases
            self._recording.show(before)
            how = "interrupted (Ctrl-C)" if isinstance(error, KeyboardInterrupt) else "ended by the script itself"
            self._answer(command, False, f"Saving was {how}; nothing was kept of it.")
            raise
        self._recording.show(before)
        self._answer(command, saved, answer)

    def save_at_last(self) -> None:
        """A run that is asked to stop keeps what it has trained, where it can save; what goes wrong is said."""
        if self.save is not None and self._saved_at != self._recording.step:
            self._recording.show("saving")
            saved, answer = self._saved("stop")
            if not saved:
                self._recording.alert(answer)

    def _saved(self, why: str) -> tuple[bool, str]:
        """Whether a checkpoint was saved, and its folder, or why not."""
        assert self.save is not None
        step = self._recording.step
        try:
            folder = self.save()
        except OSError as error:
            return False, f"Cannot save a checkpoint: {told(error)}, and save again."
        except Exception as error:  # noqa: BLE001 (the script's own: its words are the answer)
            return False, f"Cannot save a checkpoint: {in_words(error)}."
        self._recording.event(Checkpoint(step, folder, why))
        self._recording.log.sync()
        self._saved_at = step
        return True, folder

    def _set(self, command: Command) -> None:
        setter = self._setters.get(command.setting)
        if setter is None:
            known = ", ".join(self._setters) or "nothing"
            self._answer(command, False, f'This script cannot set "{command.setting}"; it can set {known}.')
            return
        try:
            became = setter(command.value)
        except Exception as error:  # noqa: BLE001 (the script's own: its words are the answer)
            self._answer(command, False, f"Cannot set {command.setting}: {in_words(error)}.")
            return
        self._recording.event(Setting(command.setting, command.value, self._recording.step))
        self._answer(command, True, str(became) if became is not None else f"{command.setting} {command.value}")

    def end(self, problem: str = "") -> None:
        """The training has ended: whoever waits for a step, or asked to stop, hears it."""
        step = self._recording.step
        self._answer_step(not problem, problem or f"ended at step {step}")
        if self.stop and not self._stop_is_answered:
            self._stop_is_answered = True
            self._answer(self.stop, not problem, problem or f"stopped at step {step}")

    def _answer_step(self, ok: bool, text: str) -> None:
        if self._stepping:
            self._answer(self._stepping, ok, text)
            self._stepping = None

    def _answer(self, command: Command, ok: bool, text: str) -> None:
        self.source.answer(command, ok, text, self._recording.step)
