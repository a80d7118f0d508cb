"""A head start: a supervisor and a trainer that load TensorFlow while the person still chooses.

The menu starts the supervisor, which starts the trainer, and both wait. The supervisor is told its run on standard
input; the trainer on its socket, with the run's lock and log as open files. Whoever waits in vain ends: the menu's end
closes the pipe, and the supervisor's end the socket.
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
from gan_tui.run.handover import LONGEST, WORD, Told, line_of, told_in
from gan_tui.system import machine

SWITCH = "GAN_TUI_PREPARE"
"""0 in the environment: nothing is prepared."""
LEAST_MEMORY = 3 << 30
"""Bytes that must be free: what waits takes some 450 MB."""

def is_wanted() -> bool:
    """Whether this machine has memory to spare, and nobody has said no."""
    return os.environ.get(SWITCH) != "0" and machine.free_memory() >= LEAST_MEMORY


class HeadStart:
    """What a menu keeps: one supervisor that waits, while the menu is open. May be used from any thread."""

    def __init__(self, runs: Path) -> None:
        self._runs, self._lock = runs, threading.Lock()
        self._waiting: PreparedSupervisor | None = None
        self._over = False

    def begin(self) -> None:
        """Let TensorFlow load, where that is wanted and does not happen already."""
        if not is_wanted():
            return
        with self._lock:
            if not self._over and self._waiting is None:
                with suppress(OSError):  # then the run starts in its own time, or says why it cannot
                    self._waiting = PreparedSupervisor(self._runs)

    def take(self) -> "PreparedSupervisor | None":
        """The one that waits, for a run to be given to it; `put_back` is to follow."""
        with self._lock:
            waiting, self._waiting = self._waiting, None
        return waiting

    def put_back(self, taken: "PreparedSupervisor | None") -> None:
        """Keep it after all, where it was given no run: that could not be started."""
        with self._lock:
            if taken and not taken.has_a_run:
                if self._over or self._waiting:
                    taken.discard()
                else:
                    self._waiting = taken

    def end(self) -> None:
        """The menu is left: nothing waits any more."""
        with self._lock:
            self._over = True
            if self._waiting:
                self._waiting.discard()
            self._waiting = None


class PreparedSupervisor:
    """The menu's side of one."""

    has_a_run = False

    def __init__(self, runs: Path) -> None:
        """Raises OSError when no process can be started."""
        self._process = subprocess.Popen(
            [sys.executable, "-P", "-m", "gan_tui.supervision.supervisor", WORD, str(runs)],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, cwd="/", start_new_session=True,
        )  # fmt: skip

    def given(self, folder: RunFolder, mode: str) -> "subprocess.Popen[bytes] | None":
        """Tell it its run; None when it is not there any more."""
        assert self._process.stdin is not None
        self.has_a_run = True
        try:
            with self._process.stdin as pipe:
                pipe.write(line_of(folder.path, mode))
        except OSError:
            return None
        return self._process

    def discard(self) -> None:
        """End both processes."""
        for pipe in (self._process.stdin, self._process.stdout):
            assert pipe is not None
            with suppress(OSError):
                pipe.close()
        threading.Thread(target=self._process.wait, daemon=True).start()  # else it would stay as a zombie


def told_by_the_menu() -> Told | None:
    """The supervisor's run, once it is chosen; None when the menu has ended without one."""
    with os.fdopen(os.dup(0), "rb") as pipe:
        line = pipe.readline(LONGEST)
    nowhere = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nowhere, 0)
    os.close(nowhere)
    return told_in(line)


class PreparedTrainer:
    """The supervisor's side."""

    def __init__(self, runs: Path) -> None:
        """Raises OSError when no process can be started."""
        self._socket, other = socket.socketpair()
        with other:
            self.process: subprocess.Popen[bytes] = subprocess.Popen(
                [sys.executable, "-P", "-m", "gan_tui.training.trainer", WORD, str(runs)],
                stdin=other.fileno(), stdout=subprocess.PIPE, start_new_session=True,
            )  # fmt: skip

    def given(self, folder: RunFolder, mode: str, lock: int) -> BinaryIO | None:
        """Tell it its run; returns what commands are to be written to, None when it is not there any more."""
        log = folder.opened_log()
        try:
            socket.send_fds(self._socket, [b"\0"], [lock, log])
            self._socket.sendall(line_of(folder.path, mode))
        except OSError:
            self.discard()
            return None
        finally:
            os.close(log)
        return os.fdopen(self._socket.detach(), "wb", buffering=0)

    def discard(self) -> None:
        """End it."""
        self._socket.close()
        self.process.kill()
        self.process.wait()
        assert self.process.stdout is not None
        self.process.stdout.close()
