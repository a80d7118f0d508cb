"""A warm start: a supervisor and a trainer that load TensorFlow while the person still chooses.

The menu starts the supervisor, which starts the trainer, and both wait. Once a run is chosen, it is assigned to them:
to the supervisor on standard input; to the trainer on its socket, with the run's lock, log and folder as open files.
Whoever waits in vain ends: the menu's end closes the pipe, and the supervisor's end the socket.

From enter to the first point of `gan`: 3.9 s without, 1.1 s with. Names and seeds begin anew before the run, so its
numbers are those of any other. A process that has died meanwhile is replaced as if there had been none.
"""

import os
import socket
import subprocess
import sys
import threading
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO

from gan_tui.run.folder import RunFolder
from gan_tui.run.handover import LONGEST_LINE, WARM, Assignment
from gan_tui.system import machine, standard_streams, switches
from gan_tui.system.answering import Answering

LEAST_MEMORY = 3 << 30
"""Bytes that must be free: warm processes take some 450 MB."""


def is_wanted() -> bool:
    """Whether this machine has memory to spare, and nobody has said no."""
    return switches.is_on(os.environ, switches.PREPARE, usual=True) and machine.free_memory() >= LEAST_MEMORY


class WarmStart:
    """What a menu keeps: one warm supervisor, while the menu is open. May be used from any thread."""

    def __init__(self, runs: Path) -> None:
        self._runs, self._lock = runs, threading.Lock()
        self._supervisor: WarmSupervisor | None = None
        self._closed = False

    def begin(self) -> None:
        """Let TensorFlow load, where that is wanted and does not happen already."""
        if not is_wanted():
            return
        with self._lock:
            if not self._closed and self._supervisor is None:
                with suppress(OSError):  # then the run starts in its own time, or says why it cannot
                    self._supervisor = WarmSupervisor(self._runs)

    def take(self) -> "WarmSupervisor | None":
        """The one that waits, for a run to be assigned to it; `put_back` is to follow."""
        with self._lock:
            taken, self._supervisor = self._supervisor, None
        return taken

    def put_back(self, taken: "WarmSupervisor | None") -> None:
        """Keep it after all, where no run was assigned to it: that could not be started."""
        with self._lock:
            if taken and not taken.is_assigned:
                if self._closed or self._supervisor:
                    taken.discard()
                else:
                    self._supervisor = taken

    def close(self) -> None:
        """The menu is left: nothing waits any more."""
        with self._lock:
            self._closed = True
            if self._supervisor:
                self._supervisor.discard()
            self._supervisor = None


class WarmSupervisor:
    """A supervisor that waits for its run, as the menu has it."""

    is_assigned = False
    """Whether it was given a run."""

    def __init__(self, runs: Path) -> None:
        """Raises OSError when no process can be started."""
        self._process = Answering(
            [sys.executable, "-P", "-m", "gan_tui.supervision.supervisor", WARM, str(runs)],
            stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd="/",
        )  # fmt: skip

    def assign(self, asked: Assignment) -> Answering | None:
        """Give it its run; returns its process, None when it is not there any more."""
        assert self._process.stdin is not None
        self.is_assigned = True
        try:
            with self._process.stdin as pipe:
                pipe.write(asked.to_line())
        except OSError:
            return None
        return self._process

    def discard(self) -> None:
        """End it, and so its trainer."""
        for pipe in (self._process.stdin, self._process.answers):
            assert pipe is not None
            with suppress(OSError):
                pipe.close()
        threading.Thread(target=self._process.wait, daemon=True).start()  # else it would stay as a zombie


def assignment() -> Assignment | None:
    """In the supervisor: its run, once the menu has assigned one; None when the menu has ended without."""
    with os.fdopen(os.dup(0), "rb") as pipe:
        line = pipe.readline(LONGEST_LINE)
    standard_streams.lead_nowhere(0)
    return Assignment.from_line(line)


class WarmTrainer:
    """A trainer that waits for its run, as the supervisor has it."""

    def __init__(self, runs: Path) -> None:
        """Raises OSError when no process can be started."""
        self._socket, other = socket.socketpair()
        with other:
            command = [sys.executable, "-P", "-m", "gan_tui.training.trainer", WARM, str(runs)]
            self.process = Answering(command, stdin=other.fileno())

    def assign(self, folder: RunFolder, mode: str, lock: int) -> BinaryIO | None:
        """Give it its run; returns what commands are to be written to, None when it is not there any more."""
        log, place = folder.opened_log(), os.open(folder.root, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        try:
            socket.send_fds(self._socket, [b"\0"], [lock, log, place])
            self._socket.sendall(Assignment(folder.path, mode).to_line())
        except OSError:
            self.discard()
            return None
        finally:
            os.close(log)
            os.close(place)
        return os.fdopen(self._socket.detach(), "wb", buffering=0)

    def discard(self) -> None:
        """End it."""
        self._socket.close()
        self.process.kill()
        self.process.wait()
        self.process.answers.close()
