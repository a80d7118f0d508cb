"""Training a sweep in several places at once: the pool of this machine, with workers behind commands.

A worker that is lost is no failure of what it trained: that is trained again, elsewhere where there is an elsewhere.
"""

import errno
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any

from gan_tui.errors import TRAINING_FAILED, UserError
from gan_tui.run.event_schema import whole
from gan_tui.sweep import alike
from gan_tui.sweep.engines.local import Happening, Pool, Tick, Told, Trained, Worker
from gan_tui.sweep.engines.placed_worker import PlacedWorker
from gan_tui.sweep.engines.posts import Post
from gan_tui.sweep.engines.trouble import trouble
from gan_tui.sweep.folder import SweepFolder
from gan_tui.sweep.places import Place
from gan_tui.sweep.result import result_from
from gan_tui.sweep.sweep import Job
from gan_tui.system import open_files
from gan_tui.text import counted, harmless

MOST_LOST = 3
"""Workers lost with the same training under way, after which it is taken to be what ends them."""
LEAVING_SECONDS = 4.0
"""For all to end by themselves once there is nothing to do."""
GOING_SECONDS = 1.0
"""For a command to end after it has closed its output."""
_LATE = 1.0
"""Seconds of one look to the next that count at most: this process may have been stopped, and hears the rest first."""
FILES_OF_ONE = 4
"""Open for a worker: three pipes, and the lock of what it trains."""
_NOT_NOW = errno.EMFILE, errno.ENFILE, errno.EAGAIN, errno.ENOMEM
"""What keeps this machine from starting a command, whatever the command: it is tried again while others train."""


class SpreadPool(Pool):
    """Trains jobs in some places."""

    _workers: list[PlacedWorker]  # type: ignore[assignment]

    def __init__(self, folder: SweepFolder, jobs: Iterable[Job], places: Iterable[Place]) -> None:
        super().__init__(folder, jobs)
        self._posts = [Post(place) for place in places]
        wanted = min(self._left(), sum(post.place.count for post in self._posts))
        self.count = open_files.most_with(FILES_OF_ONE, wanted)
        self._is_short = self.count < wanted
        self._lost: Counter[Job] = Counter()
        self._lost_at: dict[Job, Post] = {}
        """Where a training was lost, so that another place takes it if there is one."""
        self._leaving: list[tuple[PlacedWorker, float]] = []
        """Those that have nothing to do any more, and until when they may end by themselves."""
        self._looked = time.monotonic()

    def happenings(self) -> Iterator[Happening]:
        """Train everything. Raises UserError when it keeps failing, or no place is left; ends all whatever happens."""
        if self._is_short:
            yield Told(
                "This shell's processes may have few files open (ulimit -n), "
                f"so {counted(self.count, 'worker')} at most are started at a time"
            )
        yield from super().happenings()
        yield from self._put_aside()
        yield Told("; ".join(post.summary() for post in self._posts), is_trouble=False)

    def _goes_on(self) -> bool:
        return self._has_work

    def _tick(self) -> Tick:
        busy = Counter(worker.where for worker in self._workers if worker.job)
        where = tuple((post.place.name, busy[post.place.name]) for post in self._posts if busy[post.place.name])
        return Tick(sum(not worker.ready for worker in self._workers), (), where)

    # Starting and ending ----------------------------------------------------------------------------

    def _start(self) -> None:
        """Start a worker where there is room for one, if it is wanted."""
        wanted = self._left() + sum(worker.job is not None for worker in self._workers)
        here = Counter(worker.post for worker in self._workers)
        silent = Counter(worker.post for worker in self._workers if not worker.has_spoken)
        now = time.monotonic()
        free = [post for post in self._posts if post.may_start(here[post], silent[post], now)]
        if not free or len(self._workers) >= wanted or (self._is_short and self._open >= self.count):
            return
        post = min(free, key=lambda each: here[each] / each.place.count)
        try:
            self._employed(PlacedWorker(self._folder, post))
        except OSError as error:
            if error.errno not in _NOT_NOW or not self._open:
                post.put_aside(harmless(str(error)))

    @property
    def _open(self) -> int:
        """Those that have processes and pipes here."""
        return len(self._workers) + len(self._leaving)

    def _dismiss(self, worker: Worker, patience: float = 0.0) -> int:
        """Without patience, it has some seconds to end by itself: meanwhile, others are listened to."""
        if patience:
            return super()._dismiss(worker, patience)
        assert isinstance(worker, PlacedWorker)
        self._selector.unregister(worker.output)
        self._workers.remove(worker)
        worker.leave()
        self._leaving.append((worker, time.monotonic() + LEAVING_SECONDS))
        return 0

    def _see_off(self) -> None:
        """End those that are overdue, and those that are gone."""
        now = time.monotonic()
        gone = [worker for worker, due in self._leaving if now >= due or worker.has_ended]
        self._leaving = [(worker, due) for worker, due in self._leaving if worker not in gone]
        for worker in gone:
            worker.end()

    def _end_all(self) -> None:
        for worker in list(self._workers):
            self._dismiss(worker)
        for worker, due in self._leaving:
            worker.end(max(0.0, due - time.monotonic()))

    def _look_around(self) -> Iterator[Happening]:
        """Send what waits, find out who has fallen silent, and start who is missing."""
        now = time.monotonic()
        passed, self._looked = min(now - self._looked, _LATE), now
        for worker in list(self._workers):
            if not worker.look(passed):
                self._dismiss(worker)
                yield from self._lose(worker, f"it has said nothing for {worker.quiet:.0f} s")
        self._see_off()
        before = -1
        while len(self._workers) > before:
            before = len(self._workers)
            self._start()
        yield from self._put_aside()
        if self._waiting and not self._workers and all(post.aside for post in self._posts):
            raise UserError(
                f"No place of --on trains any more; {self._folder.way_on}, with another --on or without any.",
                TRAINING_FAILED,
            )

    def _put_aside(self) -> Iterator[Told]:
        """Who is put aside since the last time."""
        for post in self._posts:
            if post.aside and not post.is_told:
                post.is_told = True
                yield Told(f"{post.place.name} is put aside: {post.aside}")

    def _likely(self, worker: Worker) -> list[int]:
        """Those that were not lost in its own place before, if there are some."""
        post, likely = worker.post, super()._likely(worker)  # type: ignore[attr-defined]
        fresh = [n for n in likely if any(self._lost_at.get(job) is not post for job in self._waiting[n])]
        return fresh or likely

    # Words ------------------------------------------------------------------------------------------

    def _hear(self, worker: Worker, words: dict[str, Any]) -> Iterator[Happening]:
        assert isinstance(worker, PlacedWorker)
        if worker not in self._workers:
            return  # dismissed since, amid its own words
        try:
            yield from self._heard(worker, words)
        except (TypeError, ValueError, AttributeError, KeyError):
            self._dismiss(worker)
            yield from self._lose(worker, "it says what no gan-tui says")

    def _heard(self, worker: PlacedWorker, words: dict[str, Any]) -> Iterator[Happening]:
        if "hello" in words:
            self._greet(worker, words["hello"])
        elif "refused" in words:
            self._refuse(worker, harmless(words["refused"]))
        elif words.keys() & {"ready", "epoch", "result", "failed"}:
            _check(words, worker)
            if "ready" in words and (other := worker.post.differs(alike.different(words.get("computed_with")))):
                yield Told(f"{worker.where}: numbers may differ in their last bits: {other}", is_trouble=False)
            for happening in super()._hear(worker, words):
                if isinstance(happening, Trained):
                    worker.post.has_trained()
                yield happening

    def _greet(self, worker: PlacedWorker, versions: dict[str, object]) -> None:
        """Give it the sweep, if it is the same program with the same libraries."""
        if other := alike.refusal(versions):
            self._refuse(worker, other)
        else:
            worker.send_sweep()

    def _refuse(self, worker: PlacedWorker, why_not: str) -> None:
        worker.post.put_aside(why_not)
        self._dismiss(worker)

    # Losing -----------------------------------------------------------------------------------------

    def _bury(self, worker: Worker) -> Iterator[Happening]:
        assert isinstance(worker, PlacedWorker)
        code = self._dismiss(worker, GOING_SECONDS)
        is_ssh = worker.post.place.ssh is not None
        named = worker.post.place.program
        met = trouble(code, worker.last_words, is_ssh, worker.has_spoken, worker.ready, named)
        if met.in_vain:
            worker.post.put_aside(met.reason)
        yield from self._lose(worker, met.reason)

    def _lose(self, worker: PlacedWorker, reason: str) -> Iterator[Happening]:
        """Its training is begun again, unless it has ended several workers: then it has failed."""
        is_news = worker.post.has_lost(reason, time.monotonic())
        job, worker.job = worker.job, None
        if job is None:
            if is_news:
                yield Told(f"{worker.where}: {reason}")
            return
        self._lost[job] += 1
        if self._lost[job] >= MOST_LOST:
            yield from self._failed(job, f"{counted(MOST_LOST, 'worker')} were lost with it, the last so: {reason}")
            return
        self._lost_at[job] = worker.post
        self._waiting.setdefault(job.combination, []).append(job)
        yield Told(f"{worker.where}: {reason}", job)


def _check(words: dict[str, Any], worker: PlacedWorker) -> None:
    """Raises ValueError, KeyError or TypeError where these are not the words of a worker in its place."""
    job = worker.job
    if "ready" in words:
        is_in_place = job is None and not worker.ready
    elif "epoch" in words:
        is_in_place = whole(words["epoch"])
    elif "failed" in words:
        is_in_place = job is not None and isinstance(words["failed"], str)
    else:
        result = result_from(words["result"])
        texts = (result.ended, result.judged_by, *result.last)
        is_in_place = job is not None and result.seed == job.seed and all(harmless(text) == text for text in texts)
    if not is_in_place:
        raise ValueError("words out of place")
