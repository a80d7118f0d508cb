"""The trainer of a run as its supervisor has it: commands in, answers out, and how it ended."""

import os
import resource
import selectors
import subprocess
import sys
import time
from collections.abc import Callable
from typing import BinaryIO, cast

from gan_tui.run.events import Command, Reply
from gan_tui.run.folder import RunFolder
from gan_tui.supervision.exit_reasons import explained
from gan_tui.supervision.warm_start import PreparedTrainer
from gan_tui.system.memory import memory_kills

MOST_UNSENT = 1 << 22
"""Bytes of commands that may wait for a trainer that does not read them."""
_READ_BYTES = 1 << 16
_LAST_WORDS = 1 << 16
"""Bytes of the trainer's log."""
_LOOK_SECONDS = 1.0
GONE_SECONDS = 1.0
"""A process may take so long to be gone once it was killed."""


class TrainerProcess:
    """Starts a trainer. Nothing here ever waits for it: a trainer that is stopped or stuck stops nobody else."""

    def __init__(
        self,
        folder: RunFolder,
        mode: str,
        lock: int,
        selector: selectors.BaseSelector,
        on_answer: Callable[[Reply], None],
        prepared: PreparedTrainer | None = None,
    ) -> None:
        """`lock` is inherited: the run is alive until both processes are gone. Raises OSError when it cannot start.

        A `prepared` one is taken where it is still there.
        """
        self._selector, self._on_answer, self._log = selector, on_answer, folder.trainer_log
        self._log_began = self._log.stat().st_size if self._log.exists() else 0
        self._kills = [memory_kills()]
        self._looked_at = time.monotonic()
        ear = prepared.given(folder, mode, lock) if prepared else None
        self._begun, self._had_head_start = time.monotonic(), ear is not None
        if prepared and ear:
            self._process = prepared.process
        else:
            self._process = _started(folder, mode, lock)
            ear = cast(BinaryIO, self._process.stdin)
        assert ear is not None and self._process.stdout is not None
        self._pipes = (ear, self._process.stdout)
        self._ear, self._mouth = (pipe.fileno() for pipe in self._pipes)
        os.set_blocking(self._ear, False)
        self._unsent, self._unread = bytearray(), b""
        self.is_there = True
        selector.register(self._mouth, selectors.EVENT_READ, self._hear)

    def send(self, command: Command) -> str:
        """Give it a command; returns why that cannot be, or nothing."""
        if not self.is_there:
            return "The trainer has ended."
        if len(self._unsent) > MOST_UNSENT:
            return "The trainer is busy and takes no more commands; try again."
        if not self._unsent:
            self._selector.register(self._ear, selectors.EVENT_WRITE, self._write)
        self._unsent += command.to_line()
        self._write()
        return ""

    def _write(self) -> None:
        try:
            del self._unsent[: os.write(self._ear, self._unsent)]
        except BlockingIOError:
            return
        except OSError:
            self._unsent.clear()  # it is gone, as the end of its answers will say
        if not self._unsent:
            self._selector.unregister(self._ear)

    def _hear(self) -> None:
        data = os.read(self._mouth, _READ_BYTES)
        if not data:
            self._bury()
            return
        *lines, self._unread = (self._unread + data).split(b"\n")
        for line in lines:
            try:
                self._on_answer(Reply.from_line(line))
            except ValueError:
                print("the trainer said something that is no answer", file=sys.stderr)

    def _bury(self) -> None:
        self.is_there = False
        self._selector.unregister(self._mouth)
        if self._unsent:
            self._selector.unregister(self._ear)
        for pipe in self._pipes:
            pipe.close()

    def look_around(self) -> None:
        """To be called now and then while it lives: notes how often memory ran out so far."""
        if time.monotonic() >= self._looked_at + _LOOK_SECONDS:
            self._looked_at = time.monotonic()
            self._kills = [*self._kills[-1:], memory_kills()]  # two, because a kill is counted before it is carried out

    @property
    def was_gone(self) -> bool:
        """Whether it had waited for a run, and has ended so soon that it was as good as gone when it got one."""
        return self._had_head_start and not self.is_there and time.monotonic() < self._begun + GONE_SECONDS

    def exit_code(self) -> int:
        """How it ended: negative for a signal."""
        return self._process.wait()

    def death(self) -> str:
        """Why it ended, in a sentence without its full stop."""
        before, now = self._kills[0], memory_kills()
        risen = None if before is None or now is None else now > before
        limit, _ = resource.getrlimit(resource.RLIMIT_AS)
        limited = None if limit == resource.RLIM_INFINITY else limit
        return explained(self.exit_code(), self._last_words(), risen, limited)

    def _last_words(self) -> str:
        """The end of what it printed."""
        try:
            with self._log.open("rb") as file:
                end = file.seek(0, os.SEEK_END)
                file.seek(max(self._log_began, end - _LAST_WORDS))
                return file.read(_LAST_WORDS).decode(errors="replace")
        except OSError:
            return ""


def _started(folder: RunFolder, mode: str, lock: int) -> "subprocess.Popen[bytes]":
    return subprocess.Popen(
        [sys.executable, "-P", "-m", "gan_tui.training.trainer", str(folder.path), mode],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, start_new_session=True, pass_fds=(lock,),
    )  # fmt: skip
