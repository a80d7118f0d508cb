"""What becomes of commands: pause, resume, step, save, stop and set, each obeyed between two chunks, and answered."""

import time
from collections.abc import Callable

from gan_tui.errors import told
from gan_tui.run.commands import AS_BEFORE, Command
from gan_tui.run.recorder import Recorder
from gan_tui.training.checkpoint_policy import CheckpointPolicy
from gan_tui.training.command_pipe import ORPHANED, CommandPipe
from gan_tui.training.progress import Progress
from gan_tui.training.steering import Steering, answer_set

REST_SECONDS = 5.0
"""After which a pause lasts."""


class CommandHandler:
    """Obeys the commands of a run, and knows what they leave it to do: train, wait, take some steps, or end."""

    def __init__(
        self,
        pipe: CommandPipe,
        recorder: Recorder,
        steering: Steering,
        policy: CheckpointPolicy,
        progress: Progress,
        rest: Callable[[], object],
    ) -> None:
        """`rest` is called while a pause lasts, now and then."""
        self._rest = rest
        self.pipe, self._recorder, self._steering, self._policy = pipe, recorder, steering, policy
        self._progress = progress
        self.paused = False
        self.granted = 0
        """Single steps that may be taken while paused."""
        self.stop: Command | None = None
        """What asked to stop; None while the run may go on."""
        self._stops_again: list[Command] = []
        self._stepping: Command | None = None
        """A `step` that is not answered yet."""
        self._state = "starting"
        """As it was last told."""

    @property
    def stopped_by(self) -> str:
        """What has asked to stop, in words."""
        if self.stop == ORPHANED:
            return "its supervisor was gone, so it saved itself"
        return f"asked to stop by {self.stop.setting}" if self.stop and self.stop.setting else "asked to stop"

    def obey_next(self) -> bool:
        """Obey the next command, and wait for one while paused; False when none is there and a step may be taken."""
        if self._stepping and not self.granted:
            self._recorder.event()
            self._answer_step(True, f"paused at step {self._progress.step}")
        return self.obey_meanwhile()

    def obey_meanwhile(self) -> bool:
        """As `obey_next`, while a step is not at its end yet: there is its epoch to be validated."""
        command = self._awaited() if self.paused and not self._stepping else self.pipe.next()
        if command is not None:
            self._obey(command)
        return command is not None

    def _awaited(self) -> Command:
        """The next command, however long it takes to come."""
        while (command := self.pipe.within(REST_SECONDS)) is None:
            self._rest()
        return command

    def _obey(self, command: Command) -> None:
        if command.name == "pause":
            self.pause("as before its restart" if command.setting == AS_BEFORE else "asked to pause")
            self._answer(command, True, f"paused at step {self._progress.step}")
        elif command.name == "resume":
            self._resume()
            self._answer(command, True, f"training from step {self._progress.step}")
        elif command.name == "step":
            self.pause("stepping")
            self._answer_step(False, "another step was asked for meanwhile")
            self.granted, self._stepping = command.steps, command
        elif command.name == "save":
            self._save(command)
        elif command.name == "stop":
            self.stop = command
        elif command.name == "set":
            answer_set(self._steering, self.pipe, command, self._progress.step)

    def pause(self, why: str) -> None:
        """Take no step that nobody asks for, until asked to resume."""
        self.granted = 0
        if not self.paused:
            self.paused = True
            self.show("paused", why)

    def _resume(self) -> None:
        self.paused, self.granted = False, 0
        self._answer_step(False, "the run was resumed meanwhile")
        self.show("training")

    def _save(self, command: Command) -> None:
        before = self._state
        self.show("saving")
        try:
            self._answer(command, True, self._policy.save(self._progress.step, "asked"))
        except OSError as error:
            problem = f"Cannot save a checkpoint: {told(error)}, and save again."
            self._answer(command, False, problem)
        self.show(before)

    def steps_taken(self, count: int) -> None:
        """So many steps were taken; the first of all show that the run trains."""
        self.granted = max(self.granted - count, 0)
        if self._state != "training" and not self.paused:
            self.show("training")

    def show(self, state: str, reason: str = "") -> None:
        """Tell the state that the run is in."""
        self._state = state
        self._recorder.state(state, reason)

    def end_stepping(self, ended: str) -> None:
        """The training has ended, in a word; a `step` that waits for more is answered so."""
        self._answer_step(True, f"{ended} at step {self._progress.step}")

    def given_up(self, seconds: float) -> bool:
        """Wait so long for room on the disk; whether another `stop` came meanwhile, which ends the waiting."""
        deadline = time.monotonic() + seconds
        while command := self.pipe.within(max(0.0, deadline - time.monotonic())):
            if command.name == "stop":
                self._stops_again.append(command)
                return True
            self._answer(command, False, f"The run is ending. {self._recorder.log.troubles}".strip())
        return False

    def answer_stops(self, problem: str, unsaved: str = "") -> None:
        """Whatever asked to stop hears that the run has, and what was not saved, or what is wrong with how it did."""
        stopped = f"stopped at step {self._progress.step}" + (f"; {unsaved}" if unsaved else "")
        for command in filter(None, (self.stop, *self._stops_again)):
            self._answer(command, not problem, problem or stopped)

    def _answer_step(self, ok: bool, text: str) -> None:
        if self._stepping:
            self._answer(self._stepping, ok, text)
            self._stepping = None

    def _answer(self, command: Command, ok: bool, text: str) -> None:
        self.pipe.answer(command, ok, text, self._progress.step)
