"""The workers of a group arrive: worker 0 asks each address, and says who is not there.

TensorFlow waits for workers without a word, and cannot be interrupted meanwhile. So they are waited for here, before
its strategy is made; and while that is made, somebody looks after those who were there.
"""

import os
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager

from gan_tui.errors import CRASHED
from gan_tui.run.buffered_log import BufferedLog
from gan_tui.run.events import State
from gan_tui.system import listening
from gan_tui.system.cluster import HERE, SLURM, Cluster
from gan_tui.system.listening import worker_words
from gan_tui.training.command_pipe import CommandPipe
from gan_tui.training.group import told

PATIENCE_SECONDS = 5.0
"""Until those who are not there are named: loading TensorFlow takes a while everywhere."""
ASK_SECONDS = 0.5
"""Between two times that all are asked."""
JOIN_SECONDS = 10.0
"""What it may take to join, once all listen, until somebody is named."""

_WAYS = {SLURM: "its task may still be loading, or has ended: squeue --steps tells"}
"""What to do where somebody else has started the workers."""


class Arrival:
    """Of all workers but this one, which is worker 0."""

    def __init__(self, cluster: Cluster, log: BufferedLog, ended: Callable[[], Mapping[int, str]]) -> None:
        """`ended`: those of ours that have ended, and how."""
        self._cluster, self._log, self._ended = cluster, log, ended
        self._said = ""

    def wait(self) -> None:
        """Until all listen; those who do not are named after a while. Raises ChildProcessError where one has ended."""
        since, others = time.monotonic(), list(self._others)
        while missing := self._missing(others):
            if lost := self._ended():
                raise ChildProcessError(f"{self._who(lost)} before there was a group")
            if time.monotonic() - since >= PATIENCE_SECONDS:
                self._say(self._waiting_for(missing), missing)
            others = list(missing)
            time.sleep(ASK_SECONDS)

    @contextmanager
    def joining(self, pipe: CommandPipe, stop: Callable[[], int]) -> Iterator[None]:
        """While TensorFlow puts the workers together: who does not come is named; who is lost, or a `stop`, ends this
        process. `stop` tells of that, and returns the exit code.
        """
        joined = threading.Event()
        threading.Thread(target=self._look_after, args=(joined, pipe, stop), name="joining", daemon=True).start()
        try:
            yield
        finally:
            joined.set()

    def _look_after(self, joined: threading.Event, pipe: CommandPipe, stop: Callable[[], int]) -> None:
        since = time.monotonic()
        while not joined.wait(ASK_SECONDS):
            if pipe.is_asked_to_stop:
                code = stop()
                self._log.close()
                os._exit(code)  # nothing else ends what TensorFlow is doing
            if lost := self._ended():
                self._log.write(State("failed", f"The group broke: {self._who(lost)} while the workers joined."))
                self._log.close()
                os._exit(CRASHED)
            if time.monotonic() - since >= JOIN_SECONDS:
                missing = self._missing(self._others)
                words = self._waiting_for(missing) if missing else "Waiting for the workers, which are joining"
                self._say(words, missing)

    @property
    def _others(self) -> range:
        return range(1, len(self._cluster.workers))

    def _missing(self, others: Iterable[int]) -> dict[int, str]:
        """Those who do not listen, and why."""
        by_address = {self._cluster.workers[index]: index for index in others}
        return {by_address[address]: f"which {why}" for address, why in listening.troubles(by_address).items()}

    def _who(self, found: Mapping[int, str]) -> str:
        """The first of them, as a sentence goes on."""
        index, how = min(found.items())
        more = f", and {len(found) - 1} more" if len(found) > 1 else ""
        named = worker_words(index, self._cluster.workers[index])
        return f"{named}{', ' if how.startswith('which') else ' '}{how}{more}"

    def _waiting_for(self, missing: Mapping[int, str]) -> str:
        if self._cluster.source == HERE:
            index = min(missing)
            return f"Waiting for {worker_words(index, self._cluster.workers[index])}, which is loading"
        way = _WAYS.get(self._cluster.source, "start the same command there, and let this machine reach it")
        return f"Waiting for {self._who(missing)}; {way}"

    def _say(self, words: str, missing: Mapping[int, str]) -> None:
        if words != self._said:
            self._said = words
            why = {index: how.removeprefix("which ") for index, how in missing.items()}
            self._log.write(State("starting", words), told.waiting(self._cluster, why))
