"""A sweep's worker where Ray has put it: an actor that has a training process, and passes on what is said.

The process is the one that `--on` starts on any other machine (`training/remote_worker.py`), so numbers are the same.
When the actor dies, so does it, for its input ends; when it dies, the actor tells `Lost`, upon which Ray asks again,
and another is started, some times.

What comes back is bytes, JSON in them: nothing that would have to be unpickled.
"""

import os
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections import deque
from typing import Any

import orjson

from gan_tui.sweep import alike
from gan_tui.sweep.asked import MODULE
from gan_tui.system.frames import Frames, framed

PROGRAM = (sys.executable, "-P", "-m", MODULE)
MOST_OF_LOG = 1 << 16
"""Bytes of what a process has printed that are passed on with an answer: the last ones."""
PING_SECONDS = 20.0
RETRIES = 3
"""Times in a row that a training is tried again whose process has died."""
OF_RAY = ("OMP_NUM_THREADS", "RAY_AUTH_TOKEN")
"""Variables that Ray sets for its own processes."""


class Lost(Exception):  # noqa: N818 (of its trainer, not of itself)
    """The training process has died: (its exit code, what it had printed)."""


class RayWorker:
    """What Ray starts, and starts again elsewhere. It holds nothing that another would miss."""

    def __init__(self, sweep: str, versions: dict[str, str]) -> None:
        """`sweep` is the text of its sweep.toml, `versions` what a process must be made of."""
        self._sweep, self._versions = sweep, versions
        self._process: subprocess.Popen[bytes] | None = None
        self._ready: dict[str, Any] = {}
        self._epoch = self._deaths = self._in_a_row = 0
        self._speaking, self._spoken = threading.Lock(), 0.0
        self._log = tempfile.TemporaryFile("a+b", buffering=0)  # noqa: SIM115 (as long as this process)

    def ready(self) -> bytes:
        """Start the process, and have it told of the sweep; what it says to that. Raises Lost."""
        try:
            self._started()
        except Lost as lost:
            return self._given_up(lost)
        token = os.environ.get("RAY_AUTH_MODE", "").lower() == "token"
        return self._said({**self._ready, "token": token})

    def train(self, job: bytes) -> bytes:
        """Train one; what became of it is said as the process has said it. Raises Lost."""
        self._epoch = 0
        try:
            process = self._started()
            if "refused" in self._ready:
                return self._said(self._ready)
            self._say(process, orjson.loads(job))
            words = self._heard(process, "result", "failed")
        except Lost as lost:
            return self._given_up(lost)
        self._in_a_row = 0
        return self._said(words)

    def now(self) -> bytes:
        """Where it is, how far, and how often its process has died. Asked while it trains, in another thread."""
        if self._ready and self._process and time.monotonic() > self._spoken + PING_SECONDS:
            self._say(self._process, {"there": True})
        return orjson.dumps({"host": socket.gethostname(), "epoch": self._epoch, "deaths": self._deaths})

    # The process ------------------------------------------------------------------------------------

    def _started(self) -> subprocess.Popen[bytes]:
        """The process, ready or one that refuses."""
        if self._process is None:
            environment = {name: value for name, value in os.environ.items() if name not in OF_RAY}
            self._process = subprocess.Popen(
                PROGRAM, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=self._log,
                cwd="/", env=environment, start_new_session=True, bufsize=0,
            )  # fmt: skip
            self._frames, self._words = Frames(), deque[dict[str, Any]]()
            self._ready = {}
            hello = self._heard(self._process, "hello")["hello"]
            if other := alike.refusal(hello, self._versions):
                self._ready = {"refused": other}
            else:
                self._say(self._process, {"sweep": self._sweep})
                self._ready = self._heard(self._process, "ready", "refused")
        return self._process

    def _say(self, process: subprocess.Popen[bytes], words: dict[str, Any]) -> None:
        """Where it has died, its output says so, too."""
        assert process.stdin is not None
        self._spoken = time.monotonic()
        with self._speaking:
            line = framed(words)
            try:
                while line:
                    line = line[process.stdin.write(line) or 0 :]
            except (OSError, ValueError):
                return

    def _heard(self, process: subprocess.Popen[bytes], *awaited: str) -> dict[str, Any]:
        """The next words that have one of those among them."""
        assert process.stdout is not None
        while True:
            while self._words:
                words = self._words.popleft()
                if any(name in words for name in awaited):
                    return words
                self._epoch = words.get("epoch", self._epoch)
            data = os.read(process.stdout.fileno(), 1 << 16)
            if not data:
                raise self._lost(process)
            said, noise = self._frames.read(data)
            self._words.extend(said)
            self._log.write(noise)

    def _lost(self, process: subprocess.Popen[bytes]) -> Lost:
        self._process, self._deaths = None, self._deaths + 1
        process.kill()
        for pipe in (process.stdin, process.stdout):
            assert pipe is not None
            pipe.close()
        return Lost(process.wait(), self._printed())

    def _given_up(self, lost: Lost) -> bytes:
        """What is said instead of asking for another try, at last. Raises Lost before."""
        self._in_a_row += 1
        if self._in_a_row <= RETRIES:
            raise lost
        self._in_a_row = 0
        return self._said({"died": lost.args[0]})

    def _said(self, words: dict[str, Any]) -> bytes:
        return orjson.dumps({**words, "host": socket.gethostname(), "printed": self._printed()})

    def _printed(self) -> str:
        """What the process has printed since."""
        end = self._log.seek(0, os.SEEK_END)
        self._log.seek(max(0, end - MOST_OF_LOG))
        text = self._log.read().decode(errors="replace")
        self._log.truncate(0)
        return text
