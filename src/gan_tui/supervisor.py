"""The supervisor of one run: `python -m gan_tui.supervisor RUN_FOLDER`, detached from the terminal.

It holds the run's lock, starts the trainer, passes commands and answers between the control socket and the
trainer's pipes, and when the trainer dies without a word, says in the run's events what happened, and starts it
again where that was asked for. It never imports TensorFlow.
"""

import os
import selectors
import signal
import subprocess
import sys
import time
from pathlib import Path

from gan_tui import control, control_server, foreign, plan, quiet, run_lock, signals
from gan_tui.deaths import CRASHED
from gan_tui.errors import TRAINING_FAILED, UserError
from gan_tui.event_log import read_tail
from gan_tui.events import LIVE_STATES, RESTART, Alert, Answer, Command, Event, State
from gan_tui.prepared import WORD, PreparedSupervisor, PreparedTrainer, told_by_the_menu
from gan_tui.run_folder import RunFolder, summary
from gan_tui.text import harmless
from gan_tui.trainer_process import TrainerProcess

TICK_SECONDS = 1.0
"""Between two looks at what nobody tells: a socket that was cleaned away, memory that ran out."""
_CANNOT_START = "The run cannot be started: {}; free some space or check who owns its folder."
_LOOKING = "looking"
"""What a `stop` names that is meant for a process that only looks: one that has begun to train refuses it."""
_HEAD_START = State("starting", "Loading TensorFlow")
"""What is said for a trainer that waited for a run; one that dies before it says more was dead when it was chosen."""


# Starting one --------------------------------------------------------------


def launch(folder: RunFolder, mode: str = "train", prepared: PreparedSupervisor | None = None) -> None:
    """Start a detached supervisor for a run and return once it listens. Raises UserError when it cannot.

    A `prepared` one is taken where it is still there.

    Also where the run's preset, which may be anybody's, needs more memory than there is. `mode` "inspect" trains
    nothing: the run's networks are loaded to be looked at (`set` commands).
    """
    try:
        plan.plan(folder.preset())  # refuses a damaged one, or one too large, before anything is started
    except UserError:
        if not folder.preset_file.exists():
            raise UserError(_deleted(folder)) from None
        raise
    foreign.refuse_links(folder.path)
    process = prepared.given(folder, mode) if prepared else None
    said = _said(process) if process else ""
    if process and not said:  # it has died meanwhile
        _wait_until_let_go(folder)
    if process is None or not said:
        process = _started(folder, mode)
        said = _said(process)
    if said != "ready":
        process.wait()
        raise UserError(harmless(said) or _CANNOT_START.format(_last_words(folder)), TRAINING_FAILED)


def _wait_until_let_go(folder: RunFolder, seconds: float = 5.0) -> None:
    """Let the trainer of a supervisor that died go, too: it holds the lock until it has noticed."""
    deadline = time.monotonic() + seconds
    while folder.is_held() and time.monotonic() < deadline:
        time.sleep(0.02)


def _said(process: "subprocess.Popen[bytes]") -> str:
    """Its first words: "ready", or what is wrong; empty where it died without a word."""
    assert process.stdout is not None
    try:
        with process.stdout as pipe:
            return pipe.readline(4096).decode(errors="replace").strip()
    except KeyboardInterrupt:
        process.terminate()  # whoever asked for it does not want it any more
        raise


def _started(folder: RunFolder, mode: str) -> "subprocess.Popen[bytes]":
    """A supervisor's process. Signals wait until it has its handlers: to be stopped at birth is to be stopped."""
    command = [sys.executable, "-P", "-m", "gan_tui.supervisor", str(folder.path), mode]
    log = _opened_log(folder)
    try:
        with signals.held_back():
            return subprocess.Popen(
                command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=log, cwd="/", start_new_session=True,
            )  # fmt: skip
    finally:
        os.close(log)


def _opened_log(folder: RunFolder) -> int:
    try:
        return folder.opened_log()
    except FileNotFoundError:
        raise UserError(_deleted(folder)) from None
    except OSError as error:
        raise UserError(_CANNOT_START.format(error.strerror), TRAINING_FAILED) from None


def release(folder: RunFolder, seconds: float = 10.0) -> None:
    """End a process that only looks at a run, if there is one, so that others may have the run."""
    if folder.is_held() and not folder.is_alive():
        control.ask(folder, Command("stop", setting=_LOOKING), seconds)
        _wait_until_let_go(folder, seconds)


def _last_words(folder: RunFolder) -> str:
    """The last line of the trainer's log: what a traceback ends with."""
    try:
        lines = folder.trainer_log.read_bytes()[-4096:].decode(errors="replace").split("\n")
    except OSError:
        lines = []  # the run was deleted meanwhile
    return harmless(next((line for line in reversed(lines) if line.strip()), "no reason was given"))


def _deleted(folder: RunFolder) -> str:
    return f"There is no run {folder.name} any more: it was deleted."


# Being one --------------------------------------------------------------


class Supervisor:
    """Holds the lock of a run while its trainer lives."""

    def __init__(self, folder: RunFolder, mode: str, prepared: PreparedTrainer | None = None) -> None:
        self.folder, self._mode, self._prepared = folder, mode, prepared
        self._inspecting = mode == "inspect"
        self._selector = selectors.DefaultSelector()
        self._hear_signals()
        self._lock = _take_lock(folder)
        self._facts: dict[str, object] = {"pid": os.getpid(), "mode": mode}
        if trouble := run_lock.facts(folder.lock_file).get("trouble"):
            self._facts["trouble"] = trouble  # of the time before, until there is news that could be written
        run_lock.describe(self._lock, self._facts)  # at once, so that nobody takes us for the holder before
        self._server = control_server.ControlServer(folder, self._selector, self._forward)
        self._tell_address(self._facts)
        self._restarts = 0
        self._stopping = False
        """Whether a stop was asked for: it wins over a restart."""
        self._trainer = self._start_trainer()

    def _hear_signals(self) -> None:
        self._wake, wake = os.pipe()
        os.set_blocking(wake, False)
        signal.set_wakeup_fd(wake)
        self._selector.register(self._wake, selectors.EVENT_READ, self._on_signal)
        signal.signal(signal.SIGHUP, signal.SIG_IGN)  # a terminal that goes away does not matter
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: None)
        signals.taken_again()

    def _tell_address(self, facts: dict[str, object]) -> None:
        """Say in the lock's file where to reach us, beside what is there."""
        run_lock.describe(self._lock, {**facts, "socket": str(self._server.address)})

    def _start_trainer(self) -> TrainerProcess:
        prepared, self._prepared = self._prepared, None
        self._say(_HEAD_START if prepared else State("starting", "Starting the trainer"))
        if self._facts.pop("trouble", "") and not self._inspecting:
            self.folder.tell_trouble("")  # there is room for news again
        with signals.held_back():
            return TrainerProcess(self.folder, self._mode, self._lock, self._selector, self._server.answer, prepared)

    def _say(self, *events: Event) -> None:
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
            if self._inspecting:
                reason = "The run could not be opened to be looked at; trainer.log says why."
                self._server.refuse_all(reason, True)
                break
            if not self._starts_again():
                break
        self._server.close()

    def _serve(self) -> None:
        while self._trainer.is_there:
            for key, _ in self._selector.select(TICK_SECONDS):
                key.data()
            self._server.wake()
            if self._trainer.is_there:
                self._trainer.look_around()
                self._heal()

    def _heal(self) -> None:
        try:
            if self._server.heal():
                self._tell_address(run_lock.facts(self.folder.lock_file) or self._facts)
        except OSError as error:
            print(f"the control socket is gone and cannot be made again: {error}", file=sys.stderr, flush=True)

    # The end of a trainer ----------------------------------------------------------

    def _starts_again(self) -> bool:
        """Say what became of the trainer, and start another where one died and that was asked for."""
        last = self._last_state()
        if last == _HEAD_START and self._trainer.was_gone and not self._stopping:
            self._trainer.exit_code()
            self._server.refuse_all("The trainer is started again; try again in a moment.", False)
            return self._started_anew()
        if last.state not in (*LIVE_STATES, "failed"):
            self._server.refuse_all("The run has ended.", True)
            return False
        said = last.state == "failed"
        reason = last.reason.rstrip(".") if said else self._trainer.death()
        died = not said or self._trainer.exit_code() == CRASHED
        if died and not self._stopping and self._restarts < self._restarts_allowed():
            self._restarts += 1
            self._server.refuse_all(f"{reason}. It starts again{self._from()}.", False)
            return self._started_again(reason)
        if not said:
            self._try_to_say(State("failed", f"{reason}."))
        self._server.refuse_all(f"{reason}.", False)
        return False

    def _started_again(self, reason: str) -> bool:
        which = f"{self._restarts} of {self._restarts_allowed()}"
        text = f"{reason}. Restarted{self._from()}, {which}."
        self._try_to_say(Alert(RESTART, text, summary(self.folder).step))
        return self._started_anew()

    def _started_anew(self) -> bool:
        try:
            self._trainer = self._start_trainer()
        except OSError as error:
            self._try_to_say(State("failed", _CANNOT_START.format(error.strerror)))
            return False
        return True

    def _from(self) -> str:
        return (
            " from its last checkpoint"
            if self.folder.has_checkpoint()
            else ", without a checkpoint, from its first step"
        )

    def _try_to_say(self, event: Event) -> None:
        try:
            self._say(event)
        except OSError as error:
            words = event.reason if isinstance(event, State) else ""
            self.folder.tell_trouble(f"{words} ({error.strerror}: events.jsonl could not take this.)".strip())
            print(f"cannot write into the run's events ({error.strerror}): {event}", file=sys.stderr, flush=True)

    def _last_state(self) -> State:
        records = read_tail(self.folder.events_file, (State,))
        states = (record.event for record in reversed(records) if isinstance(record.event, State))
        return next(states, State("starting"))

    def _restarts_allowed(self) -> int:
        try:
            return int(self.folder.preset().settings["restarts"])
        except UserError:
            return 0  # a preset that cannot be read cannot be trained either

    # Commands ----------------------------------------------------------

    def _forward(self, command: Command) -> None:
        if command.setting == _LOOKING and not self._inspecting:
            self._server.answer(Answer(command.id, False, "The run is training meanwhile."))
            return
        if refusal := self._trainer.send(command):
            self._server.answer(Answer(command.id, False, refusal))
        elif command.name == "stop":
            self._stopping = True

    def _on_signal(self) -> None:
        if set(os.read(self._wake, 64)) & {signal.SIGTERM, signal.SIGINT}:
            self._forward(Command("stop"))


def _take_lock(folder: RunFolder) -> int:
    """The lock's descriptor. Raises UserError when another supervisor holds it, or the run was deleted."""
    try:
        lock = run_lock.taken(folder.lock_file)
    except FileNotFoundError:
        raise UserError(_deleted(folder)) from None
    if lock is None:
        raise UserError(f"{folder.name} is running already; gan-tui attach {folder.name} shows it.")
    return lock


def _print_into(folder: RunFolder) -> None:
    """Let all that is printed for people come into a run's log."""
    log = _opened_log(folder)
    os.dup2(log, 2)
    os.close(log)


def main() -> int:
    os.umask(0o077)  # whatever the run writes is its owner's alone; the trainer inherits it
    trainer = PreparedTrainer(Path(sys.argv[2])) if sys.argv[1] == WORD else None
    told = told_by_the_menu() if trainer else (Path(sys.argv[1]), sys.argv[2])
    if told is None:
        assert trainer is not None
        trainer.discard()
        return 0
    folder = RunFolder(told[0])
    try:
        if trainer:
            _print_into(folder)
        sys.stderr = quiet.stream(2)  # trainer.log may lie on a full disk
        supervisor = Supervisor(folder, told[1], trainer)
    except UserError as error:
        print(error, flush=True)
        return TRAINING_FAILED
    except OSError as error:
        print(_CANNOT_START.format(error.strerror or error), flush=True)
        return TRAINING_FAILED
    print("ready", flush=True)
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    supervisor.run()
    return 0


if __name__ == "__main__":
    sys.exit(main())
