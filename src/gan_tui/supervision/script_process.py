"""A person's script as its supervisor has it: whatever it is, it can be stopped, and leaves nothing behind.

It need not know gan-tui. One that makes a `Run` or a `Watch` says so with its first reply, and from then on obeys
commands as a trainer does. Any other, and one that does not stop when it is asked a second time, gets SIGTERM, with all
that it has started, and SIGKILL if that does not end it in time.
"""

import os
import selectors
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO

from gan_tui.run.commands import Command, Reply
from gan_tui.run.folder import RunFolder
from gan_tui.run.script_command import ScriptCommand
from gan_tui.supervision.trainer_process import TrainerProcess
from gan_tui.supervision.warm_start import WarmTrainer
from gan_tui.system import inherited, processes
from gan_tui.text import shown_path

_PACKAGE = Path(__file__).parents[1]
LAUNCHER = _PACKAGE / "integrations" / "scripts" / "launcher.py"
"""A file that any Python can run: no import leads there."""
KILL_SECONDS = 30.0
"""A script that was sent SIGTERM may take so long to end."""
SAY_SECONDS = 1.0
"""After which it is said that it was sent."""
LEFT_SECONDS = 3.0
"""What a script has left behind may take so long to end."""
STUCK_SECONDS = 10.0
"""After which a stop that was not obeyed is said to need a second one."""


class ScriptProcess(TrainerProcess):
    """Starts a script, in a group of processes of its own."""

    who = "The script"
    was_killed = False
    """Whether SIGTERM did not end it."""

    def __init__(
        self, folder: RunFolder, lock: int, selector: selectors.BaseSelector, on_reply: Callable[[Reply], None]
    ) -> None:
        """Raises OSError when it cannot start, or the run does not say what its script is."""
        self._pass_on = on_reply
        self._stops: set[int] = set()
        """Numbers of the stops that it was sent."""
        self._folder = folder
        if command := ScriptCommand.of_run(folder):
            _print(folder, f"[gan-tui] {command.line} (in {shown_path(command.folder)})\n")
        self._listens = False
        """Whether a `Run` or a `Watch` in it takes commands."""
        self._asked_at = self._ended_at = 0.0
        """When a stop was sent on, and when SIGTERM was; 0 for never."""
        self._is_deaf = False
        super().__init__(folder, "train", lock, selector, self._hear)

    def _start(
        self, folder: RunFolder, mode: str, lock: int, warm: WarmTrainer | None
    ) -> tuple[subprocess.Popen[bytes], BinaryIO, BinaryIO]:
        command = ScriptCommand.of_run(folder)
        if command is None:
            raise FileNotFoundError(0, "it does not say which script it is of", str(folder.preset_file))
        commands, replies = os.pipe(), os.pipe()
        theirs = (lock, commands[0], replies[1])
        try:
            process = subprocess.Popen(
                [command.words[0], *command.options, str(LAUNCHER), *command.what],
                stdin=subprocess.DEVNULL, cwd=command.folder, pass_fds=theirs, start_new_session=True,
                env=_environment(folder, *theirs),
            )  # fmt: skip
        except BaseException:
            for descriptor in (commands[1], replies[0]):
                os.close(descriptor)
            raise
        finally:
            for descriptor in theirs[1:]:
                os.close(descriptor)
        return process, os.fdopen(commands[1], "wb", buffering=0), os.fdopen(replies[0], "rb", buffering=0)

    # Commands ----------------------------------------------------------

    def send(self, command: Command) -> str:
        if command.name == "stop" and self.is_running and (self._asked_at or not self._listens):
            self._terminate()
            return ""
        if not self._listens and self.is_running:
            return "The script takes no commands but stop, as long as no gan_tui.Run or Watch in it has begun."
        if command.name == "stop":
            self._asked_at = time.monotonic()
            self._stops.add(command.id)
        return super().send(command)

    def _hear(self, reply: Reply) -> None:
        """What it says; a stop that it refuses, as one of several processes cannot obey, ends them all."""
        if reply.id in self._stops and not reply.ok:
            self._terminate()
        else:
            self._pass_on(reply)

    def _read_replies(self) -> None:
        self._listens = True
        super()._read_replies()

    def _close(self) -> None:
        """It says nothing more, and whether it has ended is another question: it may close or pass on what it likes.

        The pipe of commands stays open until then, as its end would end it.
        """
        if not self._is_deaf:
            self._is_deaf, self._listens = True, False
            self._stop_listening()

    # The end -----------------------------------------------------------

    def look(self) -> None:
        self.count_memory_kills()
        if os.waitid(os.P_PID, self.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is not None:
            self._gone()
        elif self._ended_at:
            self._wait_for_end(time.monotonic() - self._ended_at)
        elif self._asked_at and time.monotonic() >= self._asked_at + STUCK_SECONDS:
            self._folder.tell_trouble("It was asked to stop, and has not yet; a second stop sends it SIGTERM.")

    def _terminate(self) -> None:
        if not self._ended_at:
            self._ended_at = time.monotonic()
            self._signal(signal.SIGTERM)

    def _wait_for_end(self, waited: float) -> None:
        """Once SIGTERM was sent."""
        if waited >= KILL_SECONDS:
            self.was_killed = True
            self._signal(signal.SIGKILL)
        elif waited >= SAY_SECONDS:
            left = f"{KILL_SECONDS - waited:.0f}"
            self._folder.tell_trouble(f"It was sent SIGTERM, and has not ended; in {left} s it is killed (SIGKILL).")

    def _gone(self) -> None:
        """It has ended, so what it has started ends, too."""
        self._close()
        self._hang_up()
        self._signal(signal.SIGTERM)
        deadline = time.monotonic() + LEFT_SECONDS
        while processes.is_group_there(self.pid):
            if time.monotonic() >= deadline:
                self._signal(signal.SIGKILL)
                break
            time.sleep(0.02)
        self._process.wait()  # from now on its number, and its group's, may be another's
        self.is_running = False
        if self._asked_at or self._ended_at:
            self._folder.tell_trouble("")

    def _signal(self, number: int) -> None:
        """Send all processes of its group a signal."""
        with suppress(ProcessLookupError, PermissionError):  # there is none, or one of another user's (sudo)
            os.killpg(self.pid, number)

    def end(self) -> None:
        self._signal(signal.SIGKILL)


def _print(folder: RunFolder, words: str) -> None:
    """Into the run's log, before anything that the script prints."""
    log = folder.opened_log()
    try:
        with suppress(OSError):  # a full disk takes no words, and ends no training
            os.write(log, words.encode())
    finally:
        os.close(log)


def _environment(folder: RunFolder, lock: int, commands: int, replies: int) -> dict[str, str]:
    """What the shell had set, and what the launcher and a `Run` are to know."""
    packages = dict.fromkeys([str(_PACKAGE.parent), *(path for path in sys.path if path.endswith("-packages"))])
    own = {name: value for name, value in inherited.whole(os.environ).items() if name != "PYTHONINSPECT"}
    return own | {  # nobody is there who could give it commands when it has ended
        "GAN_TUI_RUNS": str(folder.path.parent),
        "GAN_TUI_SCRIPT_RUN": str(folder.path),
        "GAN_TUI_SCRIPT_COMMANDS": str(commands),
        "GAN_TUI_SCRIPT_REPLIES": str(replies),
        "GAN_TUI_SCRIPT_GIVEN": f"{lock}:{os.pathsep.join(packages)}",
    }
