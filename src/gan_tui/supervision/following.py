"""A worker of a group that is not the first, on a machine of its own: started, told what is said of it, and ended.

Worker 0 has the run; what is written here is a preset in a temporary folder, for the process that takes the steps.
"""

import os
import select
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import TextIO

from gan_tui import presets
from gan_tui.errors import CRASHED, DONE, INTERRUPTED, TRAINING_FAILED
from gan_tui.presets import Preset
from gan_tui.presets.plan import settled
from gan_tui.run import group_worker
from gan_tui.run.folder import RunFolder
from gan_tui.system import listening, signals, switches
from gan_tui.system.cluster import Cluster
from gan_tui.system.listening import worker_words
from gan_tui.text import harmless

PATIENCE_SECONDS = 10.0
"""Until it is said that worker 0 is not there."""
_TICK = 0.2
_LONGEST = 1 << 12
"""Bytes of what its process says at once."""


class Following:
    """Follows worker 0, and again where that was asked for and the group has broken."""

    def __init__(self, preset: Preset, cluster: Cluster, stream: TextIO, trusted: bool = False) -> None:
        """`preset` is one that is ready; sentences go to `stream`; `trusted` as `group_worker` has it."""
        self._trusted = trusted
        self._preset, self._cluster, self._stream = preset, cluster, stream
        self._first = worker_words(0, cluster.workers[0])
        self._asked: list[int] = []
        """Signals that came."""
        self._has_joined = self._is_left = False

    def follow(self) -> int:
        """Returns the exit code: 0 when worker 0 has ended the group, or none had begun when a signal came; 130 when
        it was left; else 1.
        """
        of, source = len(self._cluster.workers), self._cluster.source
        self._say(f"worker {self._cluster.index} of {of} ({source}) takes steps with {self._first}, which has the run.")
        with tempfile.TemporaryDirectory(prefix="gan-tui-") as place, self._signals():
            folder = presets.new_run(settled(self._preset), Path(place))
            left = int(self._preset.settings["restarts"])
            while (code := self._once(folder)) == CRASHED and left > 0:
                left -= 1
                self._say(f"joins again, {self._preset.settings['restarts'] - left} of its restarts.")
        return TRAINING_FAILED if code == CRASHED else code

    def _once(self, folder: RunFolder) -> int:
        """Follow to the end of a group; CRASHED where joining again may help."""
        with self._log(folder).open("wb") as log:
            errors = None if switches.is_on(os.environ, switches.DEBUG) else log
            process = group_worker.started(folder, self._cluster, self._trusted, stdout=subprocess.PIPE, stderr=errors)
        assert process.stdin and process.stdout
        self._has_joined = self._is_left = False
        try:
            self._wait(process)
        finally:
            process.kill()
            code = process.wait()
            process.stdin.close()
            process.stdout.close()
        self._say_what_it_said(folder)
        if self._asked and not self._has_joined:
            self._say("ended before the group began.")
            return DONE
        if len(self._asked) > 1:
            return INTERRUPTED
        if self._is_left:
            return CRASHED
        if code == DONE:
            self._say("worker 0 has ended the group.")
        elif code < 0:
            self._say(f"its process {group_worker.ending(code)}, and so the group.")
            return CRASHED
        return code

    @staticmethod
    def _log(folder: RunFolder) -> Path:
        """What its process prints: TensorFlow says much that nobody asks for."""
        return folder.path / "worker.log"

    def _say_what_it_said(self, folder: RunFolder) -> None:
        mark = f"worker {self._cluster.index}: "
        for line in self._log(folder).read_text(errors="replace").splitlines():
            if line.startswith(mark):
                self._say(harmless(line))

    def _wait(self, process: subprocess.Popen[bytes]) -> None:
        """Until its process has ended, or a person wants no more of it."""
        assert process.stdout
        since, told, was_there = time.monotonic(), "", False
        while process.poll() is None and len(self._asked) < (2 if self._has_joined else 1):
            if self._has_joined:
                time.sleep(_TICK)
            elif select.select([process.stdout], [], [], _TICK)[0]:
                self._hear(os.read(process.stdout.fileno(), _LONGEST))
                time.sleep(0 if self._has_joined else _TICK)
            elif time.monotonic() - since >= PATIENCE_SECONDS:
                since, words = time.monotonic(), listening.trouble(self._cluster.workers[0])
                if words and was_there:
                    self._say(f"{self._first} was there, and {words} now.")
                    self._is_left = True
                    return
                was_there = was_there or not words
                if words and words != told:
                    told = words
                    self._say(f"waits for {self._first}, which {words}; start the same command there.")

    def _hear(self, said: bytes) -> None:
        """That the group is together, which its process says, and what there is to know of that."""
        self._has_joined = said.startswith(group_worker.JOINED)
        if self._has_joined:
            self._say("all workers are there, and the group trains.")
            if sentence := harmless(said.removeprefix(group_worker.JOINED).decode(errors="replace")):
                self._say(sentence)

    @contextmanager
    def _signals(self) -> Iterator[None]:
        """Signals are noted: worker 0 saves and ends the group, or there is none yet."""
        before = {number: signal.signal(number, self._note) for number in signals.STOPPING}
        signals.taken_again()
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)

    def _note(self, number: int, frame: FrameType | None) -> None:
        if self._has_joined and not self._asked:
            self._say("worker 0 decides when the group ends; once more leaves it, which breaks it.")
        self._asked.append(number)

    def _say(self, sentence: str) -> None:
        print(f"gan-tui: {sentence}", file=self._stream, flush=True)
