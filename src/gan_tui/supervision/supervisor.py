"""The supervisor of one run: `python -m gan_tui.supervision.supervisor RUN_FOLDER`, detached from the terminal.

It holds the run's lock, starts the trainer (or a script: `kinds`), passes commands and answers between the control
socket and the trainer's pipes, and when the trainer dies without a word, says in the run's events what happened, and
starts it again where that was asked for. It never imports TensorFlow.
"""

import os
import selectors
import signal
import sys
import time
from pathlib import Path

from gan_tui.errors import TRAINING_FAILED, UserError, why
from gan_tui.presets import set_length
from gan_tui.run import control_server
from gan_tui.run import lock as run_lock
from gan_tui.run.catalog import rewrite
from gan_tui.run.commands import Command, Reply
from gan_tui.run.event_log import read_tail
from gan_tui.run.events import RESTART, Alert, Event, State
from gan_tui.run.folder import INSPECT, RunFolder
from gan_tui.run.handover import WARM, Assignment
from gan_tui.run.hold import Hold
from gan_tui.run.summaries import summary_of
from gan_tui.supervision import control_client, warm_start
from gan_tui.supervision.exporting import Exporting
from gan_tui.supervision.kinds import kind_of
from gan_tui.supervision.launching import IF_INSPECTING, cannot_start, log_for_processes
from gan_tui.supervision.pauses import Pause
from gan_tui.supervision.trainer_process import TrainerProcess
from gan_tui.supervision.warm_start import WarmTrainer
from gan_tui.system import bounded_log, signals, unfailing_output
from gan_tui.system.answering import own_answers

TICK_SECONDS = 1.0
"""Between two looks at what wakes no selector: a socket that was cleaned away, memory that ran out."""
CALM_SECONDS = 3600.0
"""A trainer that has lived so long did not die of what ended the one before it: restarts count anew."""


class Supervisor:
    """Holds the lock of a run while its trainer lives."""

    def __init__(
        self, folder: RunFolder, mode: str, warm: WarmTrainer | None = None, length: tuple[str, int] | None = None
    ) -> None:
        """Takes the lock and starts the trainer. Raises UserError where another has the lock, OSError.

        A run that is to have another `length` is given it now, when nobody else trains it.
        """
        self.folder, self._mode, self._warm = folder, mode, warm
        self._inspecting = mode == INSPECT
        self._selector = selectors.DefaultSelector()
        self._handle_signals()
        self._hold = Hold(folder, mode)
        self._server = control_server.ControlServer(folder, self._selector, self._forward)
        self._hold.tell_address(self._server.address)
        self._lost = ""
        """Why the run is not ours any more, in a sentence."""
        self._look_due = 0.0
        self._is_watched = self._inspecting
        """Whether whoever had the run opened for viewing is there still: then standard input is open."""
        if self._inspecting:
            self._selector.register(0, selectors.EVENT_READ, self._on_viewer_gone)
        self._kind, self._restarts = kind_of(folder, mode), 0
        self._stopping = False
        """Whether a stop was asked for: it wins over a restart."""
        self._exporting, self._pause = Exporting(folder), Pause(folder)
        self._trainer = self._start_trainer() if length is None else self._start_longer(*length)

    def _start_longer(self, unit: str, count: int) -> TrainerProcess:
        """Start the trainer for another length, or leave the run as it was."""
        before = set_length(self.folder, unit, count)
        try:
            return self._start_trainer()
        except OSError:
            rewrite(self.folder, before)
            raise

    def _handle_signals(self) -> None:
        self._signals, write_end = os.pipe()
        os.set_blocking(write_end, False)
        signal.set_wakeup_fd(write_end)
        self._selector.register(self._signals, selectors.EVENT_READ, self._on_signal)
        for number in signals.STOPPING:
            signal.signal(number, lambda *_: None)
        signal.signal(signal.SIGCHLD, lambda *_: None)  # the end of a script is seen at once
        signals.taken_again()

    def _start_trainer(self) -> TrainerProcess:
        warm, self._warm = self._warm, None
        self._write(*self._kind.before(warm is not None))
        if not self._inspecting:
            self.folder.tell_trouble("")  # there is room for news again
            self._exporting.start()
        with signals.held_back():
            lock, answer = self._hold.lock, self._server.answer
            trainer = self._kind.start(lock, self._selector, answer, warm)
        self._hold.tell_trainer(trainer.pid)
        return trainer

    def _write(self, *events: Event) -> None:
        """Write into the run's events, unless it is only being looked at. Raises OSError when the disk is full."""
        if not self._inspecting:
            writer = self.folder.writer()
            try:
                writer.write(*events)
            finally:
                writer.close()

    def run(self) -> None:
        """Serve until the trainer has ended, and is not started again."""
        while True:
            self._serve()
            bounded_log.shorten(self.folder.trainer_log)
            if self._lost:
                self._server.refuse_all(self._lost, False)
                break
            if self._inspecting:
                self._server.refuse_all(_why_closed(self.folder, self._trainer), True)
                break
            if not self._restarted():
                break
        self._server.close()

    def _serve(self) -> None:
        while self._trainer.is_running:
            for key, _ in self._selector.select(TICK_SECONDS):
                key.data()
            self._server.end_throttling()
            self._pause.send(self._trainer)
            if self._inspecting and not (self._is_watched or self._stopping or self._server.is_asked):
                self._forward(Command("stop"))
            if self._trainer.is_running:
                self._trainer.look()
                self._rebind()
                if time.monotonic() >= self._look_due:
                    self._look_due = time.monotonic() + TICK_SECONDS
                    self._look_after_run()
                    bounded_log.shorten(self.folder.trainer_log)

    def _look_after_run(self) -> None:
        """End the training where the run is lost; where its lock alone is, what was trained is saved first."""
        if self._lost or not (lost := self._hold.lost()):
            return
        self._lost = lost
        print(lost, file=sys.stderr, flush=True)
        if self.folder.is_there() and not run_lock.number(self.folder.lock_file):
            self._forward(Command("stop"))
        else:
            self._trainer.end()

    def _rebind(self) -> None:
        """Make the control socket again where it was cleaned away."""
        try:
            if self._server.rebind():
                self._hold.tell_address(self._server.address)
        except OSError as error:
            print(f"the control socket is gone and cannot be recreated: {error}", file=sys.stderr, flush=True)

    # The end of a trainer ----------------------------------------------------------

    def _restarted(self) -> bool:
        """Say what became of the trainer; True where another was started, as it died and that was asked for."""
        end = self._kind.end(self._last_state(), self._trainer, self._stopping)
        if end.anew:
            self._server.refuse_all(f"{end.reason}.", False)
            return self._replace_trainer()
        if self._trainer.age >= CALM_SECONDS:
            self._restarts = 0
        if end.may_restart and not self._stopping and self._restarts < self._kind.restarts:
            self._restarts += 1
            self._pause.look()
            where = self._kind.from_where
            self._server.refuse_all(f"{end.reason}. It restarts{where}.", False)
            paused = " It is paused, as it was." if self._pause.lasts else ""
            text = f"{end.reason}. Restarted{where}, {self._restarts} of {self._kind.restarts}.{paused}"
            self._try_to_write(Alert(RESTART, text, summary_of(self.folder).step))
            return self._replace_trainer()
        if end.state:
            self._try_to_write(end.state)
        ended = f"The run has ended; gan-tui attach {self.folder.word} shows it."
        self._server.refuse_all(f"{end.reason}." if end.reason else ended, not end.reason)
        return False

    def _replace_trainer(self) -> bool:
        """Start another; False where that cannot be."""
        try:
            self._trainer = self._start_trainer()
            self._pause.ask()
            self._pause.send(self._trainer)  # before anybody else's word
        except OSError as error:
            self._try_to_write(State("failed", cannot_start(self.folder, self._mode, error)))
            return False
        return True

    def _try_to_write(self, event: Event) -> None:
        """Write into the run's events; where the disk is full, into the lock's file and the log."""
        try:
            self._write(event)
        except OSError as error:
            words = event.reason if isinstance(event, State) else ""
            self.folder.tell_trouble(f"{words} ({why(error)}: this could not be written to events.jsonl.)".strip())
            print(f"cannot write into the run's events ({why(error)}): {event}", file=sys.stderr, flush=True)

    def _last_state(self) -> State:
        records = read_tail(self.folder.events_file, (State,))
        states = (record.event for record in reversed(records) if isinstance(record.event, State))
        return next(states, State("starting"))

    # Commands ----------------------------------------------------------

    def _forward(self, command: Command) -> None:
        if command.setting == IF_INSPECTING and not self._inspecting:
            self._server.answer(Reply(command.id, False, "The run has started training."))
            return
        self._pause.heard(command)
        if refusal := self._trainer.send(command):
            self._server.answer(Reply(command.id, False, refusal))
        elif command.name == "stop":
            self._stopping = True

    def _on_viewer_gone(self) -> None:
        """Nobody looks any more, unless somebody else waits for an answer."""
        self._selector.unregister(0)
        self._is_watched = False

    def _on_signal(self) -> None:
        for number in set(os.read(self._signals, 64)) & set(signals.STOPPING):
            self._forward(Command("stop", setting=signal.Signals(number).name))


def _why_closed(folder: RunFolder, trainer: TrainerProcess) -> str:
    """Why a run is no longer open for viewing; in its log, too, where that was not meant."""
    code, reason = trainer.exit_code(), trainer.exit_reason()
    closed = f"{reason[0].lower()}{reason[1:]}" if code else "it was closed meanwhile; ask again"
    sentence = control_client.CLOSED.format(folder.name, closed)
    if code:
        print(sentence, file=sys.stderr, flush=True)
    return sentence


def _redirect_stderr(folder: RunFolder, mode: str) -> None:
    """Have all that is printed for people written into a run's log."""
    log = log_for_processes(folder, mode)
    os.dup2(log, 2)
    os.close(log)


def main() -> int:
    answers = os.fdopen(own_answers(), "w")
    os.umask(0o077)  # whatever the run writes is its owner's alone; the trainer inherits it, and this:
    signal.signal(signal.SIGHUP, signal.SIG_IGN)  # a terminal that goes away does not matter
    warm = WarmTrainer(Path(sys.argv[2])) if sys.argv[1] == WARM else None
    assignment = warm_start.assignment() if warm else Assignment.from_words(*sys.argv[1:])
    if assignment is None:
        assert warm is not None
        warm.discard()
        return 0
    try:
        folder = assignment.folder()
    except OSError:
        print(RunFolder(assignment.run).deleted(), file=answers)
        return TRAINING_FAILED
    try:
        if warm:
            _redirect_stderr(folder, assignment.mode)
        sys.stderr = unfailing_output.stream(2)  # trainer.log may lie on a full disk
        supervisor = Supervisor(folder, assignment.mode, warm, assignment.length)
    except UserError as error:
        print(error, file=answers)
        return TRAINING_FAILED
    except OSError as error:
        print(cannot_start(folder, assignment.mode, error), file=answers)
        return TRAINING_FAILED
    with answers:
        print("ready", file=answers)
    supervisor.run()
    return 0


if __name__ == "__main__":
    sys.exit(main())
