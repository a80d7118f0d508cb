"""The commands of a script that `gan-tui run` has started: its supervisor has lock and socket, and passes them on."""

import fcntl
import os
import queue
import threading
from contextlib import suppress
from pathlib import Path

from gan_tui.integrations.scripts.command_source import CommandSource, taken
from gan_tui.run.commands import LONGEST_COMMAND, Command, Reply
from gan_tui.run.folder import RunFolder

_RUN, _COMMANDS, _REPLIES, _PIPES, _PROCESS = (
    f"GAN_TUI_SCRIPT_{name}" for name in ("RUN", "COMMANDS", "REPLIES", "PIPES", "PID")
)
_ORPHANED = Command("stop", setting="orphaned")
"""A stop because there is nobody any more who could give commands."""
_taken: list[int] = []
"""The process whose run was joined: another `Run` in it is one of its own."""


def joined() -> "tuple[RunFolder, CommandSource] | None":
    """The run that this process was started for, once; None where it was started for none, or that is taken."""
    if os.environ.get(_PROCESS) != str(os.getpid()) or _taken:
        return None
    _taken.append(os.getpid())
    folder = RunFolder(Path(os.environ[_RUN])).held()
    pipes = [int(os.environ[name]) for name in (_COMMANDS, _REPLIES)]
    if [identity(pipe) for pipe in pipes] == os.environ.get(_PIPES, "").split():
        return folder, SupervisorPipes(*pipes)
    return folder, ClosedPipes()


def identity(descriptor: int) -> str:
    """Which file it is of, as the launcher has told it; empty where it is of none."""
    try:
        found = os.fstat(descriptor)
    except OSError:
        return ""
    return f"{found.st_dev}:{found.st_ino}"


def is_taken() -> bool:
    """Whether this process has joined the run that it was started for."""
    return bool(_taken)


class SupervisorPipes:
    """A `CommandSource` of the process that a supervisor has started."""

    deaf = lost = ""
    obeyed_for_it = ()

    def __init__(self, commands: int, replies: int) -> None:
        """The two descriptors. To say anything at all is to say that commands are listened to."""
        self._waiting: queue.SimpleQueue[Command] = queue.SimpleQueue()
        self.waiting = 0
        self._commands, self._replies = commands, replies
        fcntl.fcntl(commands, fcntl.F_SETFL, fcntl.fcntl(commands, fcntl.F_GETFL) & ~getattr(os, "O_ASYNC", 0))
        self.answer(Command("resume"), True, "listening", 0)
        threading.Thread(target=self._listen, name="gan-tui commands", daemon=True).start()

    def within(self, seconds: float) -> Command | None:
        command = taken(self._waiting, seconds)
        if command is not None:
            self.waiting = self._waiting.qsize()
        return command

    def answer(self, command: Command, ok: bool, text: str, step: int) -> None:
        with suppress(OSError):  # nobody is left to hear it
            os.write(self._replies, Reply(command.id, ok, text, step).to_line())

    def close(self, last_words: str) -> None:
        while (command := self.within(0)) is not None:
            self.answer(command, command.name == "stop", last_words, 0)
        with suppress(OSError):
            os.close(self._replies)

    def let_go(self) -> None:
        for descriptor in (self._commands, self._replies):
            with suppress(OSError):
                os.close(descriptor)

    def _listen(self) -> None:
        """In a thread of its own."""
        with suppress(OSError, ValueError), open(self._commands, "rb", closefd=False) as pipe:
            while line := pipe.readline(2 * LONGEST_COMMAND):
                with suppress(ValueError):  # the supervisor has refused what is no command
                    self._hear(Command.from_line(line))
            self._hear(_ORPHANED)

    def _hear(self, command: Command) -> None:
        self._waiting.put(command)
        self.waiting += 1


class ClosedPipes:
    """A `CommandSource` of the same process where its pipes are gone, and their numbers may be other files'."""

    waiting = 0
    deaf = (
        "the script has closed the pipes that commands come by, as one does that starts itself anew (os.exec); to stop "
        "it is to send it SIGTERM"
    )
    obeyed_for_it = ("stop",)

    def __init__(self) -> None:
        self._supervisor = os.getppid()

    @property
    def lost(self) -> str:
        """It cannot see that its supervisor ends, by which the run would be anybody's, but in this way."""
        return "" if os.getppid() == self._supervisor else "The supervisor of the run has ended."

    def within(self, seconds: float) -> Command | None:
        return None

    def answer(self, command: Command, ok: bool, text: str, step: int) -> None:
        """Nobody has asked."""

    def close(self, last_words: str) -> None:
        """Nobody waits."""

    def let_go(self) -> None:
        """It has nothing open."""
