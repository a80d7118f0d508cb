"""Training a sweep in several processes at once: who trains what, and what to do when one of them dies."""

import math
import os
import selectors
import signal
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from typing import IO, Any

import orjson
import psutil

from gan_tui.errors import TRAINING_FAILED, UserError
from gan_tui.supervision.exit_reasons import meant, signal_name
from gan_tui.sweep.folder import SweepFolder
from gan_tui.sweep.result import Result, result_from
from gan_tui.sweep.sweep import Job
from gan_tui.system import bounded_log, machine
from gan_tui.system.answering import Answering
from gan_tui.text import harmless

WORKER = (sys.executable, "-P", "-m", "gan_tui.training.sweep_worker")
"""The command of a training process, before the sweep's folder."""
MOST_FAILURES = 3
"""Failures without a success in between after which those combinations are left that have failed before."""
MOST_KILLED = 3
"""Processes killed while they load, one after another, after which no other is started for them."""
TICK_SECONDS = 0.25
GOING_SECONDS = 10.0
"""For a process to end after it has closed its output."""


@dataclass(frozen=True)
class Failed:
    """A training without a result, and why, in words."""

    job: Job
    reason: str


@dataclass(frozen=True)
class Trained:
    """A training with its result."""

    job: Job
    result: Result
    where: str = ""
    """The place, where there are several."""


@dataclass(frozen=True)
class Told:
    """What a person should know of, in a sentence without its full stop."""

    text: str
    again: Job | None = None
    """A training that is begun again because of it."""
    is_trouble: bool = True


@dataclass(frozen=True)
class Tick:
    """Now and then: how many processes load, and the epochs of the trainings under way."""

    loading: int
    epochs: tuple[int, ...]
    where: tuple[tuple[str, int], ...] = ()
    """Places, and how many trainings are under way there; empty where there is one."""


@dataclass(frozen=True)
class Heard:
    """What a training says of itself, for its run's folder (`trainings.Trainings.told`)."""

    job: Job
    first: Any
    items: Any


Happening = Trained | Failed | Told | Tick | Heard


class Worker:
    """One process, and what it is doing."""

    process: subprocess.Popen[bytes]
    where = ""
    """The place, where there are several."""

    def __init__(self, folder: SweepFolder) -> None:
        log = os.open(folder.log, os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:  # in a session of its own: Ctrl-C is for the parent alone, which then ends them
            command = [*WORKER, str(folder.path)]
            self.process = process = Answering(command, stdin=subprocess.PIPE, stdout=log, stderr=log, cwd="/")
        finally:
            os.close(log)
        self._begin(process.answers)

    def _begin(self, answers: IO[bytes]) -> None:
        self._answers, self.output = answers, answers.fileno()
        self.job: Job | None = None
        self.combination: int | None = None
        """What it has compiled."""
        self.ready = False
        self.epoch = 0
        self._unread = b""

    def give(self, job: Job) -> None:
        self.job, self.combination, self.epoch = job, job.combination, 0
        self._say({"combination": job.combination, "seed": job.seed})

    def _say(self, words: dict[str, Any]) -> None:
        assert self.process.stdin is not None
        try:
            self.process.stdin.write(orjson.dumps(words) + b"\n")
            self.process.stdin.flush()
        except OSError:
            return  # it has died; the end of its output says so, too

    def heard(self) -> list[dict[str, Any]] | None:
        """What it has said; None at the end of its output."""
        data = os.read(self.output, 1 << 16)
        if not data:
            return None
        *lines, self._unread = (self._unread + data).split(b"\n")
        return [orjson.loads(line) for line in lines]

    def end(self, patience: float = 0.0) -> int:
        """Kill it (it keeps nothing), unless it ends by itself in so many seconds; returns its exit code."""
        try:
            self.process.wait(patience)
        except subprocess.TimeoutExpired:
            self.process.kill()
        self._answers.close()
        assert self.process.stdin is not None
        with suppress(OSError):  # a job that it did not read any more
            self.process.stdin.close()
        return self.process.wait()


class Pool:
    """Trains jobs, and says what became of each as it happens."""

    def __init__(self, folder: SweepFolder, jobs: Iterable[Job]) -> None:
        self._folder = folder
        self._waiting: dict[int, list[Job]] = {}
        for job in jobs:
            self._waiting.setdefault(job.combination, []).append(job)
        self.count = workers_for(self._left())
        self._workers: list[Worker] = []
        self._selector = selectors.DefaultSelector()
        self._failures = self._killed = 0
        self._failing: set[int] = set()
        """Combinations of which a training has failed: what is left of them comes last."""

    def happenings(self) -> Iterator[Happening]:
        """Train everything. Raises UserError when it keeps failing; ends all processes whatever happens."""
        due = 0.0
        try:
            for _ in range(self.count):
                self._start()
            while self._goes_on():
                for key, _ in self._selector.select(TICK_SECONDS):
                    yield from self._listen(key.data)
                if time.monotonic() >= due:
                    due = time.monotonic() + TICK_SECONDS
                    bounded_log.shorten(self._folder.log)
                    yield from self._look_around()
                    yield self._tick()
        finally:
            self._end_all()
            self._selector.close()

    def _goes_on(self) -> bool:
        """Whether something is trained still, or is to be: who loads, or waits for room, is not waited for then."""
        return bool(self._workers) and self._has_work

    @property
    def _has_work(self) -> bool:
        return bool(self._waiting) or any(worker.job for worker in self._workers)

    def _look_around(self) -> Iterator[Happening]:
        """Now and then: what no word of a worker's tells."""
        yield from ()

    def _end_all(self) -> None:
        for worker in self._workers:
            worker.end()

    def _left(self) -> int:
        return sum(map(len, self._waiting.values()))

    def _tick(self) -> Tick:
        loading = sum(not worker.ready for worker in self._workers)
        return Tick(loading, tuple(worker.epoch for worker in self._workers if worker.job))

    def _start(self) -> None:
        self._employed(Worker(self._folder))

    def _employed(self, worker: Worker) -> None:
        self._workers.append(worker)
        self._selector.register(worker.output, selectors.EVENT_READ, worker)

    def _listen(self, worker: Worker) -> Iterator[Happening]:
        said = worker.heard()
        if said is None:
            yield from self._bury(worker)
            return
        for words in said:
            yield from self._hear(worker, words)

    @property
    def workers(self) -> list[Worker]:
        """Those that are there now."""
        return list(self._workers)

    def _hear(self, worker: Worker, words: dict[str, Any]) -> Iterator[Happening]:
        if worker.job and "told" in words:
            yield Heard(worker.job, words.get("first"), words["told"])
        if "epoch" in words:
            worker.epoch = words["epoch"]
            return
        if worker.job:
            job, worker.job = worker.job, None
            if "result" in words:
                self._failures = 0
                yield Trained(job, result_from(words["result"]), worker.where)
            else:
                yield from self._failed(job, harmless(words["failed"]))
        if not worker.ready:
            worker.ready, self._killed = True, 0
        if words.get("spent") and self._waiting:
            self._dismiss(worker)
            self._start()
        else:
            self._employ(worker)

    def _employ(self, worker: Worker) -> None:
        """Give it the next job, if it can be one of the combination that it has compiled; else let it go."""
        waiting = self._waiting
        if not waiting:
            self._dismiss(worker)
            return
        likely = self._likely(worker)
        busy = {other.combination for other in self._workers if other is not worker}
        mine = worker.combination
        if mine not in likely:
            mine = next((each for each in likely if each not in busy), max(likely, key=lambda n: len(waiting[n])))
        assert mine is not None
        job = waiting[mine].pop(0)
        if not waiting[mine]:
            del waiting[mine]
        worker.give(job)

    def _likely(self, worker: Worker) -> list[int]:
        """The combinations that a worker had better go on with."""
        return [each for each in self._waiting if each not in self._failing] or list(self._waiting)

    def _dismiss(self, worker: Worker, patience: float = 0.0) -> int:
        self._selector.unregister(worker.output)
        self._workers.remove(worker)
        return worker.end(patience)

    def _bury(self, worker: Worker) -> Iterator[Happening]:
        """A process has died: its training failed, and another takes its place where there is work left."""
        code = self._dismiss(worker, GOING_SECONDS)
        if worker.job:
            yield from self._failed(worker.job, ended(code))
        elif not worker.ready and not self._may_start_again(code):
            return
        if self._waiting:
            self._start()

    def _may_start_again(self, code: int) -> bool:
        """Whether one that ended while it loaded is replaced: it was killed, as few were before it.

        After that those go on that are there; raises UserError where there is none, or nothing has killed it.
        """
        self._killed += code < 0
        again = code < 0 and self._killed < MOST_KILLED
        if code >= 0 or not (again or self._workers):
            log, way_on = self._folder.log, self._folder.way_on
            words = f"The training process cannot start: {ended(code)}; see {log}; {way_on}."
            raise UserError(words, TRAINING_FAILED)
        return again

    def _failed(self, job: Job, reason: str) -> Iterator[Failed]:
        yield Failed(job, reason)
        self._failures += 1
        self._failing.add(job.combination)
        under_way = sum(worker.job is not None for worker in self._workers)  # and may yet succeed
        if self._failures >= MOST_FAILURES + under_way and self._waiting and self._failing.issuperset(self._waiting):
            raise UserError(
                f"{self._failures} trainings in a row failed, so the sweep stopped; "
                f"see {self._folder.log}, and run the same command to try again.",
                TRAINING_FAILED,
            )


def workers_for(jobs: int) -> int:
    """How many processes to train so many jobs: a core each, and as many as memory has room for."""
    free = min(psutil.virtual_memory().available, machine.free_memory())  # a container has less than its host
    return max(1, min(math.ceil(machine.usable_processors()), int(free // machine.TENSORFLOW_BYTES), jobs))


def ended(code: int) -> str:
    """How a training process has ended, in words."""
    if code == -signal.SIGKILL:
        return "its process was killed (SIGKILL): by someone, or by the system because memory ran out"
    if code < 0:
        return ": ".join(filter(None, (f"its process crashed ({signal_name(-code)})", meant(code))))
    return f"its process ended with exit code {code}"
