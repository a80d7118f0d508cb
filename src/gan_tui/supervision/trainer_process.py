"""The trainer of a run as its supervisor has it: commands go to it, replies come from it, and how it ended."""

import os
import selectors
import subprocess
import sys
import time
from collections.abc import Callable
from typing import BinaryIO, cast

from gan_tui.run.commands import Command, Reply
from gan_tui.run.folder import RunFolder
from gan_tui.supervision.exit_reasons import explained
from gan_tui.supervision.warm_start import WarmTrainer
from gan_tui.system.answering import Answering
from gan_tui.system.machine import addresses_limit, threads_limit, time_limit
from gan_tui.system.memory import memory_kills

TRAINER = (sys.executable, "-P", "-m", "gan_tui.training.trainer")
"""What is started; the run's folder, the mode, the descriptor of the folder and that of its answers follow."""
MOST_UNSENT = 1 << 22
"""Bytes of commands that may wait for a trainer that does not read them."""
_READ_BYTES = 1 << 16
_LAST_WORDS = 1 << 16
"""Bytes of the trainer's log."""
_COUNT_SECONDS = 1.0
"""Between two counts of what the system killed for its memory."""
LOST_SECONDS = 1.0
"""A process may take so long to be gone once it was killed."""


class TrainerProcess:
    """Starts a trainer. Nothing here ever waits for it: a trainer that is stopped or stuck stops nobody else."""

    who = "The trainer"

    def __init__(
        self,
        folder: RunFolder,
        mode: str,
        lock: int,
        selector: selectors.BaseSelector,
        on_reply: Callable[[Reply], None],
        warm: WarmTrainer | None = None,
    ) -> None:
        """`lock` is inherited: the run is alive until both processes are gone. Raises OSError when it cannot start.

        A `warm` one is taken where it is still there.
        """
        self._selector, self._on_reply, self._log = selector, on_reply, folder.trainer_log
        self._log_start = self._log.stat().st_size if self._log.exists() else 0
        self._memory_kills = [memory_kills()]
        self._counted_at = time.monotonic()
        self._is_warm = False
        self._process, *self._pipes = self._start(folder, mode, lock, warm)
        self._started_at, self.pid = time.monotonic(), self._process.pid
        self._commands, self._replies = (pipe.fileno() for pipe in self._pipes)
        os.set_blocking(self._commands, False)
        self._unsent, self._partial_line = bytearray(), b""
        self.is_running = True
        """Until it closes its end of the replies, as it does when it ends."""
        selector.register(self._replies, selectors.EVENT_READ, self._read_replies)

    def _start(
        self, folder: RunFolder, mode: str, lock: int, warm: WarmTrainer | None
    ) -> tuple[subprocess.Popen[bytes], BinaryIO, BinaryIO]:
        """The process, what takes its commands, and what its replies come from."""
        stdin = warm.assign(folder, mode, lock) if warm else None
        if warm and stdin:
            self._is_warm = True
            return warm.process, stdin, warm.process.answers
        process = _cold_trainer(folder, mode, lock)
        return process, cast(BinaryIO, process.stdin), process.answers

    def send(self, command: Command) -> str:
        """Give it a command; returns why that cannot be, or nothing."""
        if not self.is_running:
            return "The trainer has ended."
        if len(self._unsent) > MOST_UNSENT:
            return "The trainer is busy and takes no more commands; try again."
        if not self._unsent:
            self._selector.register(self._commands, selectors.EVENT_WRITE, self._write_commands)
        self._unsent += command.to_line()
        self._write_commands()
        return ""

    def _write_commands(self) -> None:
        if not self._unsent:
            return  # sent, or lost with the trainer, earlier in this turn of the selector
        try:
            del self._unsent[: os.write(self._commands, self._unsent)]
        except BlockingIOError:
            return
        except OSError:
            self._unsent.clear()  # it has ended, as the end of its replies will tell
        if not self._unsent:
            self._selector.unregister(self._commands)

    def _read_replies(self) -> None:
        data = os.read(self._replies, _READ_BYTES)
        if not data:
            self._close()
            return
        *lines, self._partial_line = (self._partial_line + data).split(b"\n")
        for line in lines:
            try:
                self._on_reply(Reply.from_line(line))
            except ValueError:
                print("the trainer said something that is no answer", file=sys.stderr)

    def _close(self) -> None:
        """It has ended, or will at once."""
        self.is_running = False
        self._stop_listening()
        self._hang_up()

    def _stop_listening(self) -> None:
        self._selector.unregister(self._replies)
        if self._unsent:
            self._selector.unregister(self._commands)
            self._unsent.clear()

    def _hang_up(self) -> None:
        for pipe in self._pipes:
            pipe.close()

    def look(self) -> None:
        """To be called now and then while it runs."""
        self.count_memory_kills()

    def count_memory_kills(self) -> None:
        """Note how often memory ran out so far."""
        if time.monotonic() >= self._counted_at + _COUNT_SECONDS:
            self._counted_at = time.monotonic()
            # two, because a kill is counted before it is carried out
            self._memory_kills = [*self._memory_kills[-1:], memory_kills()]

    @property
    def age(self) -> float:
        """Seconds since it was started, or since its run was assigned to it."""
        return time.monotonic() - self._started_at

    @property
    def was_lost(self) -> bool:
        """Whether it was warm, and ended so soon that it was as good as gone when the run was assigned to it."""
        return self._is_warm and not self.is_running and self.age < LOST_SECONDS

    def end(self) -> None:
        """End it at once, where nothing it could save would have a place."""
        self._process.kill()

    def exit_code(self) -> int:
        """How it ended: negative for a signal."""
        return self._process.wait()

    def exit_reason(self) -> str:
        """Why it ended, in a sentence without its full stop."""
        before, now = self._memory_kills[0], memory_kills()
        risen = None if before is None or now is None else now > before
        code, words = self.exit_code(), self._last_words()
        return explained(code, words, risen, addresses_limit(), threads_limit(), time_limit(), self.who)

    def _last_words(self) -> str:
        """The end of what it printed."""
        try:
            with self._log.open("rb") as file:
                end = file.seek(0, os.SEEK_END)
                begin = self._log_start if self._log_start <= end else 0  # it may have been shortened
                file.seek(max(begin, end - _LAST_WORDS))
                return file.read(_LAST_WORDS).decode(errors="replace")
        except OSError:
            return ""


def _cold_trainer(folder: RunFolder, mode: str, lock: int) -> Answering:
    place = os.open(folder.root, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        command = [*TRAINER, str(folder.path), mode, str(place)]
        return Answering(command, stdin=subprocess.PIPE, pass_fds=(lock, place))
    finally:
        os.close(place)
