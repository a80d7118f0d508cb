"""What a training of a sweep tells of itself, so that it opens as a run: its start, few of its numbers, its epochs.

A number stands for equal parts of all steps, so that a training has as many as a chart has room for, however long it
is. They are told while it trains, and all of them once more with its result: who has missed some on the way has them
then, for which each is counted.
"""

import dataclasses
import math
import time
from typing import Any

import numpy as np
import orjson
from numpy.typing import NDArray

from gan_tui.presets import Preset
from gan_tui.run.events import Epoch, Event, Metrics, Started
from gan_tui.training.tasks import Task


class Diary:
    """Of one training."""

    def __init__(self, task: Task, most: int) -> None:
        """It tells `most` numbers of each metric."""
        self._names, steps = task.steps.metrics, task.steps_total
        self._each = max(1, math.ceil(steps / most))
        """Steps that a number is the mean of."""
        self._epochs_each = max(1, math.ceil(steps / task.steps.per_epoch / most))
        self._begun = time.monotonic()
        self._step = 0
        self._rows: list[NDArray[np.float32]] = []
        """Of steps that are not told yet."""
        self._items: list[orjson.Fragment] = []
        self._said = 0

    def event(self, event: Event) -> None:
        """Note what has happened now."""
        fields = {field.name: getattr(event, field.name) for field in dataclasses.fields(event)}  # type: ignore[arg-type]
        item = {"at": round(time.monotonic() - self._begun, 3), "type": event.type, **fields}
        self._items.append(orjson.Fragment(orjson.dumps(item, option=orjson.OPT_SERIALIZE_NUMPY)))

    def rows(self, rows: NDArray[np.float32]) -> None:
        """Note the metrics of the next steps."""
        if len(rows):
            self._rows.append(rows)

    def epoch(self, epoch: int, step: int, values: dict[str, float | None]) -> None:
        """Note an epoch that was validated."""
        if epoch % self._epochs_each == 0:
            self._tell_rows()
            self.event(Epoch(epoch, step, values))

    def _tell_rows(self, whole: bool = False) -> None:
        """Tell the rows that wait, as far as they are whole parts; at the end, all."""
        rows = np.concatenate(self._rows) if self._rows else np.zeros((0, len(self._names)), np.float32)
        edges = np.arange(0, len(rows) if whole else len(rows) // self._each * self._each, self._each)
        if len(edges):
            stops = np.minimum(edges + self._each, len(rows))
            sums = np.add.reduceat(rows[: stops[-1]].astype(np.float64), edges, axis=0)
            means = (sums / (stops - edges)[:, None]).astype(np.float32)
            values: dict[str, Any] = {
                name: np.ascontiguousarray(column) for name, column in zip(self._names, means.T, strict=True)
            }
            self.event(Metrics((self._step + stops).tolist(), values))
            self._step, rows = self._step + int(stops[-1]), rows[stops[-1] :]
        self._rows = [rows] if len(rows) else []

    def news(self) -> dict[str, Any]:
        """What was not told yet, as words."""
        self._tell_rows()
        first, self._said = self._said, len(self._items)
        return {"first": first, "told": self._items[first:]} if self._said > first else {}

    def whole(self) -> dict[str, Any]:
        """All of it, as words, once the training is over."""
        self._tell_rows(whole=True)
        return {"first": 0, "told": self._items}


def as_told(started: Started, preset: Preset) -> Started:
    """The start of a training, which nobody can steer: its worker trains it to its end."""
    return dataclasses.replace(started, seed=preset.settings["seed"], settable=[], commands=[])
