"""The supervisor of one run: `python -m gan_tui.supervisor RUN_FOLDER`, detached from the terminal.

It holds the run's lock, starts the trainer, passes commands and answers between the control socket and the
trainer's pipes, and when the trainer dies without a word, says in the run's events what happened. It never
imports TensorFlow.
"""

import fcntl
import os
import selectors
import signal
import subprocess
import sys
import time
from pathlib import Path

import orjson

from gan_tui import control
from gan_tui.errors import TRAINING_FAILED, UserError
from gan_tui.events import Answer, Command, State
from gan_tui.run_folder import RunFolder
from gan_tui.text import harmless

LONGEST_ANSWER = 65536
_CANNOT_START = "The run cannot be started: {}; free some space or check who owns its folder."


# Starting one --------------------------------------------------------------


def launch(folder: RunFolder, mode: str = "train") -> None:
    """Start a detached supervisor for a run and return once it listens. Raises UserError when it cannot.

    `mode` "inspect" trains nothing: the run's networks are loaded to be looked at (`set` commands).
    """
    command = [sys.executable, "-P", "-m", "gan_tui.supervisor", str(folder.path), mode]
    try:
        log = os.open(folder.trainer_log, os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC, 0o600)
    except OSError as error:
        raise UserError(_CANNOT_START.format(error.strerror), TRAINING_FAILED) from None
    try:
        process = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=log,
            cwd="/",
            start_new_session=True,
        )
    finally:
        os.close(log)
    assert process.stdout is not None
    with process.stdout as pipe:
        said = pipe.readline(4096).decode(errors="replace").strip()
    if said != "ready":
        process.wait()
        raise UserError(harmless(said) or _CANNOT_START.format(_last_words(folder)), TRAINING_FAILED)


def release(folder: RunFolder, seconds: float = 10.0) -> None:
    """End a process that only looks at a run, if there is one, so that others may have the run."""
    if folder.is_held() and not folder.is_alive():
        control.ask(folder, Command("stop"), seconds)
        deadline = time.monotonic() + seconds
        while folder.is_held() and time.monotonic() < deadline:
            time.sleep(0.02)


def _last_words(folder: RunFolder) -> str:
    """The last line of the trainer's log: what a traceback ends with."""
    lines = folder.trainer_log.read_bytes()[-4096:].decode(errors="replace").split("\n")
    return harmless(next((line for line in reversed(lines) if line.strip()), "no reason was given"))


# Being one --------------------------------------------------------------


class Supervisor:
    """Holds the lock of a run while its trainer lives."""

    def __init__(self, folder: RunFolder, mode: str) -> None:
        self.folder, self._inspecting = folder, mode == "inspect"
        self._lock = _take_lock(folder)
        self._selector = selectors.DefaultSelector()
        self._wake, wake = os.pipe()
        os.set_blocking(wake, False)
        signal.set_wakeup_fd(wake)
        self._selector.register(self._wake, selectors.EVENT_READ, self._on_signal)
        signal.signal(signal.SIGHUP, signal.SIG_IGN)  # a terminal that goes away does not matter
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: None)
        self._server = control.ControlServer(control.socket_address(folder), self._selector, self._forward)
        os.ftruncate(self._lock, 0)
        os.pwrite(self._lock, orjson.dumps({"pid": os.getpid(), "socket": str(self._server.address), "mode": mode}), 0)
        self._trainer = self._start_trainer()
        self._unread = b""

    def _start_trainer(self) -> subprocess.Popen[bytes]:
        self._say(State("starting", "Starting the trainer"))
        mode = ["inspect"] if self._inspecting else []
        trainer = subprocess.Popen(
            [sys.executable, "-P", "-m", "gan_tui.training.trainer", str(self.folder.path), *mode],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, start_new_session=True,
            pass_fds=(self._lock,),  # the run is alive until both are gone
        )  # fmt: skip
        assert trainer.stdout is not None
        self._selector.register(trainer.stdout, selectors.EVENT_READ, self._on_answers)
        return trainer

    def _say(self, state: State) -> None:
        """Write into the run's events, unless it is only being looked at."""
        if not self._inspecting:
            writer = self.folder.writer()
            writer.write(state)
            writer.close()

    def run(self) -> None:
        """Serve until the trainer has ended."""
        self._open = True
        while self._open:
            for key, _ in self._selector.select():
                key.data()
        code = self._trainer.wait()
        reason = explain_exit(code)
        if reason:
            self._say(State("failed", reason))
        elif code and self._inspecting:
            reason = "The run could not be opened to be looked at; trainer.log says why."
        self._server.refuse_all(reason or "The run has ended.")
        self._server.close()

    def _forward(self, command: Command) -> None:
        assert self._trainer.stdin is not None
        try:
            self._trainer.stdin.write(command.to_line())
            self._trainer.stdin.flush()
        except OSError:
            self._server.answer(Answer(command.id, False, "The trainer has ended."))

    def _on_answers(self) -> None:
        assert self._trainer.stdout is not None
        data = os.read(self._trainer.stdout.fileno(), LONGEST_ANSWER)
        if not data:
            self._selector.unregister(self._trainer.stdout)
            self._open = False
            return
        *lines, self._unread = (self._unread + data).split(b"\n")
        for line in lines:
            try:
                self._server.answer(Answer.from_line(line))
            except ValueError:
                print("the trainer said something that is no answer", file=sys.stderr)

    def _on_signal(self) -> None:
        if set(os.read(self._wake, 64)) & {signal.SIGTERM, signal.SIGINT}:
            self._forward(Command("stop"))


def explain_exit(code: int) -> str:
    """Why a trainer ended, in words with the way on; empty when it said so itself in the run's events."""
    if code in (0, TRAINING_FAILED):
        return ""
    if code == -signal.SIGKILL:
        return "The trainer was killed (SIGKILL): by someone, or by the system because memory ran out."
    if code < 0:
        name = signal.Signals(-code).name if -code in set(signal.Signals) else f"signal {-code}"
        return f"The trainer crashed ({name}); trainer.log has its last words."
    return f"The trainer ended with exit code {code}; trainer.log has its last words."


def _take_lock(folder: RunFolder) -> int:
    """The lock's descriptor. Raises UserError when another supervisor holds it."""
    descriptor = os.open(folder.lock_file, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    for _ in range(20):  # a viewer that looks whether the run is alive holds it for an instant
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return descriptor
        except BlockingIOError:
            time.sleep(0.02)
    raise UserError(f"{folder.name} is running already; gan-tui attach {folder.name} shows it.")


def main() -> int:
    os.umask(0o077)  # whatever the run writes is its owner's alone; the trainer inherits it
    try:
        supervisor = Supervisor(RunFolder(Path(sys.argv[1])), sys.argv[2])
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
