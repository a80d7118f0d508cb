"""Follows a run's events in a thread of its own and hands over snapshots at a bounded rate."""

import math
import threading
import time
from collections.abc import Callable

from gan_tui.dashboard.redraw_rate import redraw_seconds
from gan_tui.run.event_log import EventReader, damage
from gan_tui.run.events import Answers, Confusion, Epoch, Metrics, Picture, Record, Usage, Weights
from gan_tui.run.folder import RunFolder
from gan_tui.run.state import RunState

LOOK_SECONDS, QUICK_LOOK_SECONDS = 0.25, 0.05
"""Between two looks at the log, and between two while somebody waits for what it will say."""
HURRY_SECONDS = 3.0
ALIVE_SECONDS = 0.5
FIRST_SECONDS = 1.0
"""A history that can be read in this time is shown at once, whole: drawing parts of it would only delay that."""


class Follower(threading.Thread):
    """Calls `hand_over(state, alive, trouble)` whenever a run has changed, until `stop`.

    `trouble` says in a sentence what no event can say: a full disk, a damaged log; empty when all is well.
    """

    def __init__(
        self,
        folder: RunFolder,
        hand_over: Callable[[RunState, bool, str], object],
        reader: EventReader | None = None,
    ) -> None:
        """`reader` reads the run's log from its beginning, where there is one already."""
        super().__init__(name=f"follow {folder.name}", daemon=True)
        self._folder, self._hand_over = folder, hand_over
        self._reader = reader or folder.reader()
        self._stopped, self._woken = threading.Event(), threading.Event()
        self._quick_until = 0.0
        self._redraw_seconds = redraw_seconds()

    def stop(self) -> None:
        self._stopped.set()
        self._woken.set()

    def hurry(self) -> None:
        """Somebody has done something, and will look for what comes of it."""
        self._quick_until = time.monotonic() + HURRY_SECONDS
        self._woken.set()

    def run(self) -> None:
        try:
            self._follow()
        finally:
            self._reader.close()

    def _follow(self) -> None:
        reader, state = self._reader, RunState()
        look = before = self._look(reader)
        look_due, due = 0.0, time.monotonic() + FIRST_SECONDS
        waiting, caught_up = True, False  # the first look is always handed over
        while not self._stopped.is_set():
            now = time.monotonic()
            if now >= look_due:
                look, look_due = self._look(reader), now + ALIVE_SECONDS
                waiting, before = waiting or look != before, look
            records = reader.read()
            state = state.apply_all(records)
            waiting = waiting or bool(records) or not caught_up
            catches_up = not caught_up and not records
            caught_up = caught_up or not records
            alive, trouble = look
            if waiting and (time.monotonic() >= due or catches_up or (caught_up and _urgent(records))):
                self._hand_over(state, alive or not caught_up, trouble)  # until then its last state is not known
                waiting, due = False, now + self._redraw_seconds
            if not records:
                self._rest(ALIVE_SECONDS if not alive else self._between_looks(state), due if waiting else math.inf)

    def _between_looks(self, state: RunState) -> float:
        quick = state.state in ("starting", "saving") or time.monotonic() < self._quick_until
        return QUICK_LOOK_SECONDS if quick else LOOK_SECONDS

    def _rest(self, seconds: float, due: float) -> None:
        """Wait for so long, unless something is due before, or somebody is in a hurry."""
        self._woken.wait(min(seconds, max(due - time.monotonic(), QUICK_LOOK_SECONDS)))
        self._woken.clear()

    def _look(self, reader: EventReader) -> tuple[bool, str]:
        """(whether the run is alive, what is wrong)"""
        return self._folder.is_alive(), " ".join(filter(None, (self._folder.trouble(), damage(reader.damaged))))


_CAN_WAIT = (Metrics, Usage, Epoch, Picture, Weights, Answers, Confusion)
"""What a training brings by itself; what somebody has asked for comes with a setting, a state or a checkpoint."""


def _urgent(records: list[Record]) -> bool:
    """Whether there is more than news that can wait for the next redraw."""
    return any(not isinstance(record.event, _CAN_WAIT) for record in records)
