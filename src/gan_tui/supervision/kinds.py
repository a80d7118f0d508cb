"""What a supervisor starts, a trainer of gan-tui's own or a person's script: how, what its end means, and whether it is
started again.
"""

import selectors
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from gan_tui.errors import CRASHED, UserError
from gan_tui.presets import of_run
from gan_tui.run import documents
from gan_tui.run.commands import Reply
from gan_tui.run.event_log import read_tail
from gan_tui.run.events import LIVE_STATES, Event, Started, State
from gan_tui.run.folder import RunFolder
from gan_tui.run.manifests import goes_on_from
from gan_tui.run.script_command import ScriptCommand
from gan_tui.supervision.script_process import KILL_SECONDS, ScriptProcess
from gan_tui.supervision.trainer_process import TrainerProcess
from gan_tui.supervision.warm_start import WarmTrainer

_COLD = State("starting", "Starting the trainer")
_WARM = State("starting", "Loading TensorFlow")
"""The first state of a run whose trainer was warm; a trainer that ends before the next one had ended before."""


@dataclass(frozen=True)
class End:
    """What the end of a process was."""

    reason: str = ""
    """Why it failed, without a full stop; empty where it ended as it was meant to."""
    state: State | None = None
    """What is to be written of that, where the process has not."""
    may_restart: bool = False
    anew: bool = False
    """Whether it had ended before it was given the run, so that another takes its place without a word."""


class Kind(Protocol):
    """What a supervisor starts."""

    def before(self, is_warm: bool) -> Sequence[Event]:
        """What is written before it is started."""

    def start(
        self, lock: int, selector: selectors.BaseSelector, on_reply: Callable[[Reply], None], warm: WarmTrainer | None
    ) -> TrainerProcess:
        """Raises OSError when it cannot be."""

    def end(self, last: State, process: TrainerProcess, stopping: bool) -> End:
        """What its end was: `last` is the last state that was written, `stopping` whether it was asked to stop."""

    @property
    def restarts(self) -> int:
        """How often it may be started again."""

    @property
    def from_where(self) -> str:
        """From where it goes on then, as a sentence ends."""


def kind_of(folder: RunFolder, mode: str) -> Kind:
    return OfScript(folder) if documents.is_script(folder) else OfPreset(folder, mode)


class OfPreset:
    """A trainer."""

    def __init__(self, folder: RunFolder, mode: str) -> None:
        self._folder, self._mode = folder, mode

    def before(self, is_warm: bool) -> Sequence[Event]:
        return [_WARM if is_warm else _COLD]

    def start(
        self, lock: int, selector: selectors.BaseSelector, on_reply: Callable[[Reply], None], warm: WarmTrainer | None
    ) -> TrainerProcess:
        return TrainerProcess(self._folder, self._mode, lock, selector, on_reply, warm)

    def end(self, last: State, process: TrainerProcess, stopping: bool) -> End:
        if last == _WARM and process.was_lost and not stopping:
            process.exit_code()
            return End("The trainer is restarting; try again in a moment", anew=True)
        if last.state not in (*LIVE_STATES, "failed"):
            return End()
        if last.state == "failed":  # as it has explained itself
            return End(last.reason.rstrip("."), may_restart=process.exit_code() == CRASHED)
        reason = process.exit_reason()
        return End(reason, State("failed", f"{reason}."), may_restart=True)

    @property
    def restarts(self) -> int:
        try:
            return int(of_run(self._folder).settings["restarts"])
        except UserError:
            return 0  # a preset that cannot be read cannot be trained either

    @property
    def from_where(self) -> str:
        has_one = goes_on_from(self._folder.checkpoints) != 0
        return " from its last checkpoint" if has_one else ", without a checkpoint, from its first step"


class OfScript:
    """A script: most of what is known of its end is its exit code."""

    def __init__(self, folder: RunFolder) -> None:
        self._folder = folder

    def before(self, is_warm: bool) -> Sequence[Event]:
        """It trains as far as anybody knows; a `Run` or a `Watch` in it says more, and what it obeys."""
        command = ScriptCommand.of_run(self._folder)
        name = command.title if command else self._folder.name
        before = [record.event for record in read_tail(self._folder.events_file, (Started,))]
        known = next((event for event in reversed(before) if isinstance(event, Started)), _unknown(name))
        started = replace(known, commands=["stop"], settable=[])
        return [State("starting", f"Starting {name}"), started, State("training")]

    def start(
        self, lock: int, selector: selectors.BaseSelector, on_reply: Callable[[Reply], None], warm: WarmTrainer | None
    ) -> TrainerProcess:
        return ScriptProcess(self._folder, lock, selector, on_reply)

    def end(self, last: State, process: TrainerProcess, stopping: bool) -> End:
        code, is_live = process.exit_code(), last.state in LIVE_STATES
        if stopping:
            how = f"It did not end within {KILL_SECONDS:.0f} s of SIGTERM, so it was killed (SIGKILL)."
            killed = isinstance(process, ScriptProcess) and process.was_killed
            return End(state=State("stopped", how if killed else "asked to stop") if is_live or killed else None)
        if code == 0:
            return End(state=State("finished", "The script has ended.") if is_live else None)
        if last.state == "stopped":
            return End()
        if last.state == "failed":  # as a `Run` in it has explained
            return End(last.reason.rstrip("."), may_restart=True)
        reason = process.exit_reason()
        if not is_live:
            reason = f"{reason}, after its training had {last.state}"
        return End(reason, State("failed", f"{reason}."), may_restart=is_live)

    @property
    def restarts(self) -> int:
        command = ScriptCommand.of_run(self._folder)
        return command.restarts if command else 0

    @property
    def from_where(self) -> str:
        step = goes_on_from(self._folder.checkpoints)
        return f", with its checkpoint of step {step:,}" if step else " from its beginning"


def _unknown(name: str) -> Started:
    """What is said of a script that has not said anything itself."""
    dataset = {"name": "", "origin": documents.SCRIPT, "train": 0, "validation": 0}
    return Started(name, name, documents.SCRIPT, 0, {}, dataset, [], {}, 0, 1, 0)
