"""Follows a run for a screen, in a thread of its own: hands over snapshots at a bounded rate."""

import math
import threading
import time
from collections.abc import Callable, Iterable

from gan_tui.dashboard.redraw_rate import redraw_seconds
from gan_tui.integrations.logs.log_folder import LogFolder
from gan_tui.run.events import Answers, Confusion, Epoch, Metrics, Picture, Record, Usage, Weights
from gan_tui.run.folder import RunFolder
from gan_tui.run.follower import Follower
from gan_tui.run.holder import ALIVE, ENDED, Standing
from gan_tui.run.reader import Reader
from gan_tui.run.state import RunState

FIRST_SECONDS, FIRST_OF_LOG = 1.0, 0.4
"""A history that can be read in this time is shown at once, whole: drawing parts of it would only delay that. Another
tool's log takes longer, and is shown as far as it was read."""


class ScreenFollower(threading.Thread):
    """Calls `hand_over(state, standing, trouble)` whenever a run has changed, until `stop`.

    `trouble` says in a sentence what no event can say: a full disk, a damaged log; empty when all is well.
    """

    def __init__(
        self,
        folder: RunFolder,
        hand_over: Callable[[RunState, Standing, str], object],
        reader: Reader | None = None,
        *,
        first_seconds: float = 0.0,
        clock: Callable[[], float] = time.monotonic,
        wait: Callable[[float], object] | None = None,
    ) -> None:
        """`reader` reads the run's log from its beginning, where there is one already; `wait` is that of a Follower.

        A history may take so many `first_seconds` at least to be shown whole. Raises UserError where
        $GAN_TUI_REDRAW_SECONDS is no number of seconds.
        """
        super().__init__(name=f"follow {folder.name}", daemon=True)
        self._follower = Follower(folder, reader, clock=clock, wait=wait)
        self._folder, self._hand_over, self._clock = folder, hand_over, clock
        self._first_seconds = first_seconds
        self._redraw_seconds = redraw_seconds()
        self._stopped = threading.Event()
        self._looking_since: float | None = None

    @property
    def silent_seconds(self) -> float:
        """How long the run's disk has not answered."""
        return self._clock() - (self._looking_since or self._clock())

    def stop(self) -> None:
        self._stopped.set()
        self._follower.look_soon()

    def look_soon(self) -> None:
        """Somebody has done something, and will look for what comes of it."""
        self._follower.look_soon()

    def run(self) -> None:
        try:
            self._follow()
        finally:
            self._follower.close()

    def _follow(self) -> None:
        first = FIRST_OF_LOG if isinstance(self._folder, LogFolder) else FIRST_SECONDS
        due, before = self._clock() + max(first, self._first_seconds), (Standing(ENDED), "")
        has_changed, caught_up = True, False  # the first news is always handed over
        while not self._stopped.is_set():
            now = self._clock()
            self._looking_since = now
            news = self._follower.news()
            self._looking_since = None
            catches_up, caught_up = self._follower.caught_up and not caught_up, self._follower.caught_up
            seen = news.standing, " ".join(filter(None, (news.trouble, self._folder.damage(news.damaged))))
            has_changed = has_changed or bool(news.records) or catches_up or seen != before
            before = seen
            if has_changed and (self._clock() >= due or catches_up or (caught_up and _are_urgent(news.records))):
                standing, trouble = seen
                known = standing if caught_up else Standing(ALIVE)  # until then its last state is not known
                self._hand_over(news.state, known, trouble)
                has_changed, due = False, now + self._redraw_seconds
            if not news.records:
                self._follower.rest(due if has_changed else math.inf)


_CAN_WAIT = (Metrics, Usage, Epoch, Picture, Weights, Answers, Confusion)
"""What a training brings by itself; what somebody has asked for comes with a setting, a state or a checkpoint."""


def _are_urgent(records: Iterable[Record]) -> bool:
    """Whether there is more than news that can wait for the next redraw."""
    return any(not isinstance(record.event, _CAN_WAIT) for record in records)
