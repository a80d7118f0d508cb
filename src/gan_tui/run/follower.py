"""Follows a run: reads what its log says new, folds it, and looks whether it is alive and what is wrong with it."""

import math
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from gan_tui.run.events import Record
from gan_tui.run.folder import RunFolder
from gan_tui.run.holder import ENDED, Standing
from gan_tui.run.reader import Reader, blocks
from gan_tui.run.state import RunState

QUICK_FOR_SECONDS = 3.0
"""How long looks are quick after somebody has asked for something."""


@dataclass(frozen=True)
class Cadence:
    """Seconds between two looks at a run."""

    usual: float = 0.25
    quick: float = 0.05
    """While the run starts or saves, or somebody waits for what it will say."""
    folder: float = 0.5
    """Whether it is alive, and what is wrong that no event can say; all that is looked at once it has ended."""


@dataclass(frozen=True)
class News:
    """A run as it was when it was last looked at."""

    state: RunState
    records: Sequence[Record]
    """What the state has taken in since the news before; empty when there is nothing new."""
    standing: Standing
    trouble: str
    """What is wrong that no event can say, such as a full disk, in a sentence; empty when all is well."""
    damaged: int
    """Lines of the log so far that were damaged, and passed over."""

    @property
    def alive(self) -> bool:
        """Whether its trainer is seen to be there."""
        return self.standing.alive

    @property
    def is_to_come(self) -> bool:
        """Whether a run that is not seen to be alive may be all the same; one that is over would have said so."""
        return self.standing.may_come and self.state.live


def state_of(folder: RunFolder, reader: Reader | None = None, *, history: bool = False) -> RunState:
    """What a run's whole log comes to; without what is past, unless its `history` is asked for.

    `reader` reads it from its beginning.
    """
    state, reader = RunState(), reader or folder.reader()
    for records in blocks(reader):
        state = state.apply_all(records)
        state = state if history else state.latest()
    return state


class Follower:
    """Begins at the beginning of a run's log, and goes on as it grows. Whoever follows calls `news`, again and again,
    and `rest` when there is nothing new.

    A long history comes in blocks, each folded at once; or, `one_by_one`, record by record, and without what is past:
    for who says something of each, and shows no history; or in blocks without their `history`.
    """

    def __init__(
        self,
        folder: RunFolder,
        reader: Reader | None = None,
        *,
        one_by_one: bool = False,
        history: bool = True,
        cadence: Cadence | None = None,
        clock: Callable[[], float] = time.monotonic,
        wait: Callable[[float], object] | None = None,
    ) -> None:
        """`reader` reads the run's log from its beginning, where there is one already; `close` closes it.

        `wait` lets so many seconds pass, and returns earlier, if it likes, after `look_soon`.
        """
        self._folder, self._reader = folder, reader or folder.reader()
        self._one_by_one, self._history, self._cadence = one_by_one, history, cadence or Cadence()
        self._woken = threading.Event()
        self._clock, self._wait = clock, wait or self._woken.wait
        self._state, self._standing, self._trouble = RunState(), Standing(ENDED), ""
        self._read: deque[Record] = deque()
        self._folder_due, self._quick_until = -math.inf, -math.inf
        self.caught_up = False
        """Whether everything was read that there was: before, the last state of the run is not known."""

    def news(self) -> News:
        """Look at the run. Reads about a block of its log at most."""
        records = self._next_records()
        self.caught_up = self.caught_up or not (records or self._reader.unfinished)
        return News(self._state, records, self._standing, self._trouble, self._reader.damaged)

    def until_end(self, due: float = math.inf) -> Iterator[News]:
        """News until the run has ended and all that it has logged was taken in, or the clock shows `due`, with rests
        where there is nothing new.
        """
        while True:
            yield (news := self.news())
            if news.records:
                continue
            if not news.alive and not news.is_to_come:
                return
            if self._clock() >= due:
                return
            self.rest(due)

    def _next_records(self) -> Sequence[Record]:
        if not self._read:
            self._look_at_folder()  # before reading, so that nothing is missed that was written last
            histories, records = self._reader.histories, self._reader.read()
            if self._reader.histories != histories:
                self._state = RunState()
            if not self._one_by_one:
                state = self._state.apply_all(records)
                self._state = state if self._history else state.latest()
                return records
            self._read.extend(records)
        if not self._read:
            return ()
        record = self._read.popleft()
        self._state = self._state.apply(record).latest()
        return (record,)

    def _look_at_folder(self) -> None:
        now = self._clock()
        if now >= self._folder_due:
            self._folder_due = now + self._cadence.folder
            self._standing, self._trouble = self._folder.standing(), self._folder.trouble()
            self._reader.path = self._folder.events_file  # it may have been moved

    def look_soon(self) -> None:
        """Somebody has done something, and will look for what comes of it. May be called from any thread."""
        self._quick_until = self._clock() + QUICK_FOR_SECONDS
        self._woken.set()

    def rest(self, due: float = math.inf) -> None:
        """Wait until it is worth to look again, or until the clock shows `due`."""
        ended = max(self._cadence.folder, self._cadence.usual)
        seconds = self._between_looks() if self._standing.alive else ended
        self._wait(min(seconds, max(due - self._clock(), self._cadence.quick)))
        self._woken.clear()

    def _between_looks(self) -> float:
        quick = self._state.state in ("starting", "saving") or self._clock() < self._quick_until
        return self._cadence.quick if quick else self._cadence.usual

    def close(self) -> None:
        self._reader.close()
