"""What the loop tells the world: events, pictures and checkpoints into the run's folder."""

import time
from collections.abc import Callable
from typing import Any

import numpy as np
import psutil
from numpy.typing import NDArray

from gan_tui.events import Alert, Checkpoint, Epoch, Event, Metrics, State, Usage
from gan_tui.run_folder import RunFolder
from gan_tui.training import pictures

PICTURE_SHARE = 0.02
"""Pictures may take this part of the training time."""
USAGE_SECONDS = 2.0


class Report:
    """Writes a run's events, and its pictures when their budget allows."""

    def __init__(self, folder: RunFolder, clock: Callable[[], float] = time.monotonic) -> None:
        self.folder, self._clock = folder, clock
        self._log = folder.writer()
        self._artist: pictures.Artist | None = None
        self._begun = self._picture_due = clock()
        self._usage_due = 0.0
        self._process = psutil.Process()

    def show_pictures_of(self, artist: pictures.Artist) -> None:
        self._artist = artist

    def event(self, *events: Event) -> None:
        self._log.write(*events)

    def state(self, state: str, reason: str = "") -> None:
        self.event(State(state, reason))

    def alert(self, kind: str, text: str, step: int) -> None:
        self.event(Alert(kind, text, step))

    def metrics(self, first_step: int, names: tuple[str, ...], rows: NDArray[np.float32]) -> None:
        """The rows of consecutive steps that begin with `first_step`."""
        steps = list(range(first_step, first_step + len(rows)))
        columns: dict[str, Any] = {name: np.ascontiguousarray(rows[:, n]) for n, name in enumerate(names)}
        events: list[Event] = [Metrics(steps, columns)]
        now = self._clock()
        if now >= self._usage_due:
            self._usage_due = now + USAGE_SECONDS
            events.append(Usage(self._process.cpu_percent(), self._process.memory_info().rss))
        self.event(*events)

    def epoch(self, epoch: int, step: int, values: dict[str, float]) -> None:
        self.event(Epoch(epoch, step, values))

    def checkpoint(self, step: int, folder: str, why: str) -> None:
        self.event(Checkpoint(step, folder, why))
        self._log.sync()

    def pictures_if_due(self, step: int) -> None:
        if self._clock() >= self._picture_due:
            self.pictures(step)

    def pictures(self, step: int) -> None:
        """Draw and write now.

        The next are due when this one's time is 2 % of the time since, and no run makes thousands an hour.
        """
        if self._artist is None:
            return
        begin = self._clock()
        for tiles in self._artist():
            self.event(pictures.write(tiles, step, self.folder.sample_file(tiles.tag, step), self.folder.path))
        end = self._clock()
        seldom = min(max((end - self._begun) / 200, 0.25), 10.0)
        self._picture_due = end + max((end - begin) / PICTURE_SHARE, seldom)
