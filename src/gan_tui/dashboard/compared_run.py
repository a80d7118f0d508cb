"""A run on the comparison's screen, and the thread that follows it, where its numbers are summed up, too.

A long log is read in a process of its own where there is a second core (`log_prefetch`), so that several are at once.
"""

import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from gan_tui.dashboard.charts.overlay import Laid
from gan_tui.dashboard.follower import ScreenFollower
from gan_tui.integrations.logs.log_folder import LogFolder
from gan_tui.run import documents, log_prefetch
from gan_tui.run.comparison import Member, member
from gan_tui.run.folder import RunFolder
from gan_tui.run.holder import READING, Standing
from gan_tui.run.state import RunState

FIRST_SECONDS = 5.0
"""A history that can be read in this time is shown whole: parts of several would only delay each other."""


@dataclass(frozen=True)
class ComparedRun:
    """All that is shown of it."""

    folder: RunFolder
    laid: Laid
    member: Member
    standing: Standing = field(default_factory=lambda: Standing(READING))
    is_shown: bool = True

    @property
    def was_read(self) -> bool:
        """Whether anything of it is known yet."""
        return self.standing.word != READING

    @property
    def grows(self) -> bool:
        """Whether its curves go on."""
        return self.standing.alive and self.laid.state.live


class RunsFollower:
    """Follows several runs, each in a thread, until `stop`."""

    def __init__(
        self, folders: Sequence[RunFolder], hand_over: Callable[[int, RunFolder, RunState, Standing, Member], object]
    ) -> None:
        """`hand_over` is called with a run's place among them, and its folder held, in that run's thread."""
        self._folders, self._hand_over = folders, hand_over
        self._followers, self._lock = list[ScreenFollower](), threading.Lock()
        self._stopped = False

    def start(self) -> None:
        """To begin takes as long as the disk does, so this is called in a thread."""
        for place, unheld in enumerate(self._folders):
            folder = unheld.held()
            told = partial(self._told, place, folder, documents.written(folder.preset_file))
            reader = None if isinstance(folder, LogFolder) else log_prefetch.reader(folder.events_file)
            follower = ScreenFollower(folder, told, reader, first_seconds=FIRST_SECONDS)
            with self._lock:
                if not self._stopped:
                    self._followers.append(follower)
                    follower.start()
                    continue
            if reader:
                reader.close()

    def _told(
        self, place: int, folder: RunFolder, document: Mapping[str, Any], state: RunState, standing: Standing, _: str
    ) -> None:
        summed_up = member(folder.name, document, state, standing)
        self._hand_over(place, folder, state, standing, summed_up)

    def stop(self) -> None:
        with self._lock:
            self._stopped = True
            for follower in self._followers:
                follower.stop()
