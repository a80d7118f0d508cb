"""What the loop tells the world: events, pictures and checkpoints into the run's folder."""

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

import numpy as np
import psutil
from numpy.typing import NDArray

from gan_tui.run import pictures
from gan_tui.run.buffered_log import BufferedLog
from gan_tui.run.events import Alert, Checkpoint, Epoch, Event, Metrics, State, Usage
from gan_tui.run.folder import RunFolder
from gan_tui.run.pictures import Tiles
from gan_tui.system import gpu

USAGE_SECONDS = 2.0
METRICS_SECONDS = 0.25
"""What is measured waits so long, so that fast runs write few, long lines: quick to write, to follow and to open."""


Contents = Iterator[Tiles | Callable[[int], Event]]
"""What a snapshot draws: tiles, or an event once its step is known."""


class Snapshot:
    """Something to look at."""

    share = 0.01
    """The part of the training time that drawing it may take."""
    least_seconds = 0.25
    """Between two drawings."""

    def draw(self) -> Contents:
        """What it shows now."""
        raise NotImplementedError


class Recorder:
    """Writes a run's events, and its pictures when their budget allows; a full disk costs pictures alone."""

    def __init__(
        self,
        folder: RunFolder,
        clock: Callable[[], float] = time.monotonic,
        log: BufferedLog | None = None,
        on_gpu: bool = False,
    ) -> None:
        self.folder, self._clock, self._on_gpu = folder, clock, on_gpu
        self.log = log or BufferedLog(folder)
        self._due: dict[Snapshot, float] = {}
        self._compiled: set[Snapshot] = set()
        self._drawn: dict[str, Path] = {}
        """Tag → its last picture; once that is gone, the run may be in the midst of being deleted."""
        self._begun = clock()
        self._usage_due = 0.0
        self._rows: list[NDArray[np.float32]] = []
        """Measured and not written yet, chunk by chunk."""
        self._waiting = self._first_step = 0
        self._names: tuple[str, ...] = ()
        self._written_at = 0.0
        self._process = psutil.Process()

    def event(self, *events: Event) -> None:
        """Write what was measured until now, then some events."""
        self.log.write(*self._measured(), *events)
        self._written_at = self._clock()

    def _measured(self) -> list[Event]:
        """The rows that wait, as one event."""
        if not self._rows:
            return []
        rows, steps = np.concatenate(self._rows), list(range(self._first_step, self._first_step + self._waiting))
        self._rows, self._waiting = [], 0
        values: dict[str, Any] = {name: np.ascontiguousarray(rows[:, n]) for n, name in enumerate(self._names)}
        return [Metrics(steps, values)]

    def trouble(self, kind: str, sentence: str, waits: str = "") -> None:
        """Say what is wrong also where no event can be written; an empty sentence: the problem is resolved."""
        self.log.trouble(kind, sentence, waits)

    def write_all(self, give_up: Callable[[float], bool]) -> str:
        """Write whatever the disk has not taken yet, waiting for room; returns what was wrong in the end, or nothing.

        `give_up` waits so many seconds and says whether somebody wants the end without it.
        """
        problem = ""
        self.event()
        while self.log.waiting and not problem:
            self.trouble("end", "The run has ended but for that; stop again to end it without.", self.log.held_up_by)
            if give_up(0.5):
                problem = "The disk is full, and the last metrics could not be written; free some space."
            self.event()
        self.trouble("end", "")
        return problem

    def state(self, state: str, reason: str = "") -> None:
        self.event(State(state, reason))

    def alert(self, kind: str, text: str, step: int) -> None:
        self.event(Alert(kind, text, step))

    def metrics(self, first_step: int, names: tuple[str, ...], rows: NDArray[np.float32]) -> None:
        """The rows of consecutive steps that begin with `first_step`: written with the next event, or soon."""
        if not self._rows:
            self._first_step, self._names = first_step, names
        self._rows.append(rows)
        self._waiting += len(rows)
        now = self._clock()
        if now >= self._usage_due:
            self._usage_due = now + USAGE_SECONDS
            self.event(self._usage())
        elif now >= self._written_at + METRICS_SECONDS:
            self.event()

    def _usage(self) -> Usage:
        """Of several GPUs, the first is the one that trains."""
        use = next(iter(gpu.uses()), None) if self._on_gpu else None
        card = {"busy": use.busy, "used": use.used, "memory": use.memory} if use else {}
        return Usage(self._process.cpu_percent(), self._process.memory_info().rss, card)

    def epoch(self, epoch: int, step: int, values: dict[str, float]) -> None:
        self.event(Epoch(epoch, step, values))

    def checkpoint(self, step: int, folder: str, why: str) -> None:
        self.event(Checkpoint(step, folder, why))
        self.log.sync()

    def show(self, snapshots: Sequence[Snapshot]) -> None:
        """From now on, these are what is drawn."""
        self._due = dict.fromkeys(snapshots, self._clock())

    def draw_due(self, step: int) -> None:
        """Draw the snapshots whose time has come."""
        now = self._clock()
        for snapshot, due in self._due.items():
            if now >= due:
                self.draw(snapshot, step)

    def draw_all(self, step: int) -> None:
        """Draw every snapshot, whatever it costs: at the beginning and at the end."""
        for snapshot in self._due:
            self.draw(snapshot, step)

    def draw(self, snapshot: Snapshot, step: int) -> None:
        """Draw a snapshot now.

        It is due again when what it took is its share of the time since; and more and more seldom as a run grows
        long, so that no run draws thousands of pictures an hour. What the first drawing took does not count: it
        compiles what the next ones run.
        """
        begin = self._clock()
        self.shown(snapshot.draw(), step)
        end = self._clock()
        if snapshot not in self._compiled:
            self._compiled.add(snapshot)
            begin = end
        seldom = min(max((end - self._begun) / 200, snapshot.least_seconds), max(10.0, snapshot.least_seconds))
        self._due[snapshot] = end + max((end - begin) / snapshot.share, seldom)

    def shown(self, drawn: Contents, step: int) -> None:
        """Write what was drawn; a picture that the disk does not take is left out."""
        for item in drawn:
            if isinstance(item, Tiles):
                with suppress(OSError):  # why, the log's trouble or the next checkpoint's alert says
                    self._write(item, step)
            else:
                self.event(item(step))

    def _write(self, tiles: Tiles, step: int) -> None:
        """Write a picture; of a run that is being deleted nothing is made again, its folders least of all."""
        file = self.folder.sample_file(tiles.tag, step)
        if (before := self._drawn.pop(tiles.tag, None)) and not before.exists():
            return  # whether the rest is there still, the next picture will see
        if self.folder.is_there():
            self.event(pictures.write(tiles, step, file, self.folder.root))
            self._drawn[tiles.tag] = file
