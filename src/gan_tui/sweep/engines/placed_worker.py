"""A worker behind a command that leads to another machine, and what passes between it and here.

Nothing here ever waits for it: what it does not take yet is kept, and what it prints is fetched now and then.
"""

import os
import signal
import subprocess
from contextlib import suppress
from typing import Any

from gan_tui.sweep.engines.local import Worker
from gan_tui.sweep.engines.posts import Post
from gan_tui.sweep.folder import SweepFolder
from gan_tui.system.frames import Frames, framed
from gan_tui.system.processes import has_ended_unasked, wait_unasked

MOST_BYTES = 1 << 22
"""Of a line that it says: a result is short."""
MOST_QUIET = 12.0
"""Seconds in which a worker that has loaded says something, whatever it does."""
MOST_QUIET_LOADING = 180.0
"""While it loads, it may be long in one library; ssh notices by itself, and sooner, that a link is gone."""
PING_SECONDS = 20.0
_OBEYING_SECONDS = 1.0
_LAST_WORDS = 2000
_AT_ONCE = 1 << 16


class PlacedWorker(Worker):
    """Like one of this machine, but for how it is started, talked to and ended."""

    def __init__(self, folder: SweepFolder, post: Post) -> None:
        """Raises OSError where the command cannot be started."""
        pipe = subprocess.PIPE
        self.process = process = subprocess.Popen(
            post.place.command, stdin=pipe, stdout=pipe, stderr=pipe, start_new_session=True
        )
        assert process.stdin and process.stdout and process.stderr
        self.post, self.where = post, post.place.name
        self.last_words = ""
        """What was printed last."""
        self.has_spoken = False
        self.quiet = self._unpinged = 0.0
        """Seconds since it said something, and since something was said to it."""
        self._folder, self._frames, self._unsent, self._begun = folder, Frames(MOST_BYTES), b"", b""
        os.set_blocking(process.stdin.fileno(), False)
        os.set_blocking(process.stderr.fileno(), False)
        self._begin(process.stdout)

    def send_sweep(self) -> None:
        """Tell it what the sweep is, whole."""
        self._say({"sweep": self._folder.file.read_text(encoding="utf-8")})

    def look(self, seconds: float) -> bool:
        """Send what waits, and fetch what was printed, so many seconds later; whether it is still taken to be there."""
        self.quiet += seconds
        self._unpinged += seconds
        if self._unpinged > PING_SECONDS and self.has_spoken:
            self._say({"there": True})
        self._send()
        self._fetch()
        return not self.has_spoken or self.quiet < (MOST_QUIET if self.ready else MOST_QUIET_LOADING)

    def heard(self) -> list[dict[str, Any]] | None:
        data = os.read(self.output, _AT_ONCE)
        if not data:
            self._fetch()
            return None
        words, noise = self._frames.read(data)
        self._note(noise)
        if words:
            self.has_spoken, self.quiet = True, 0.0
        return words

    def leave(self) -> None:
        """Say that there is no more to do: it ends by itself."""
        assert self.process.stdin is not None
        with suppress(OSError):
            self.process.stdin.close()

    @property
    def has_ended(self) -> bool:
        """Whether its command is gone; what that has left in its group is still to be ended."""
        return has_ended_unasked(self.process)

    def end(self, patience: float = 0.0) -> int:
        self.leave()
        for number in (signal.SIGTERM, signal.SIGKILL):  # at the first, srun gives its job back
            wait_unasked(self.process, patience)
            if self.process.returncode is None:
                with suppress(ProcessLookupError):
                    os.killpg(self.process.pid, number)  # the command, and what it has started on this machine
            patience = _OBEYING_SECONDS
        code = self.process.wait()  # from now on its number, and its group's, may be another's
        self._fetch()
        self._answers.close()
        assert self.process.stderr is not None
        self.process.stderr.close()
        return code

    # Bytes ------------------------------------------------------------------------------------------

    def _say(self, words: dict[str, Any]) -> None:
        self._unsent += framed(words)
        self._unpinged = 0.0
        self._send()

    def _send(self) -> None:
        assert self.process.stdin is not None
        with suppress(OSError, ValueError):  # it is full, or has died: the end of its output says so, too
            while self._unsent:
                self._unsent = self._unsent[os.write(self.process.stdin.fileno(), self._unsent[:_AT_ONCE]) :]

    def _fetch(self) -> None:
        assert self.process.stderr is not None
        with suppress(OSError):
            self._note(os.read(self.process.stderr.fileno(), _AT_ONCE))

    def _note(self, printed: bytes) -> None:
        """Put what was printed there, whole lines alone, into the sweep's log."""
        if not printed:
            return
        self.last_words = (self.last_words + printed.decode(errors="replace"))[-_LAST_WORDS:]
        *lines, self._begun = (self._begun + printed).split(b"\n")
        if len(self._begun) > _AT_ONCE:
            lines, self._begun = [*lines, self._begun], b""
        name = self.where.encode()
        with suppress(OSError):
            log = os.open(self._folder.log, os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC, 0o600)
            try:
                os.write(log, b"".join(name + b": " + line + b"\n" for line in lines))
            finally:
                os.close(log)
