"""What Keras hands a callback after each batch, as each step's own values.

Keras hands out means over the epoch so far of all that a `keras.metrics.Mean` measures, and other things as they are.
It does not say which is which. That is found out: a log is a mean when a metric of the model has it as its mean now.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import keras
import numpy as np
from numpy.typing import NDArray

from gan_tui.integrations.scripts.exact_loss import ExactLoss
from gan_tui.integrations.scripts.keras_state import live_values
from gan_tui.integrations.scripts.means import Columns, RunningMeans, columns_of, matches, tells_nothing

Taken = tuple[NDArray[np.int64], Columns]
"""Steps of the epoch, counted from 1, and values at each of them."""


class HandedOut:
    """The logs of an epoch that were not taken in yet."""

    def __init__(self) -> None:
        self.batches: list[int] = []
        self.logs: list[Mapping[str, Any]] = []
        self.steps = 0
        """How many an epoch has; 0 while that is not known."""
        self._means = RunningMeans()
        self._metrics: dict[str, Any] = {}
        """Log → the metric whose mean it is."""
        self._undecided: set[str] | None = None
        """Logs of which it is not known yet; None before there were any."""
        self.sought = False
        """Whether it was looked, in this epoch, which logs are means."""

    def begin(self, steps: int) -> None:
        """Another epoch, of so many steps."""
        self.batches.clear()
        self.logs.clear()
        self.steps, self.sought = steps, self._undecided == set()
        self._means.begin()

    def forget(self) -> None:
        """Another model, or the same one compiled anew."""
        self._metrics, self._undecided, self._means = {}, None, RunningMeans()

    def seek(self, model: Any, batch: int, logs: Mapping[str, Any]) -> None:
        """Find out which logs are means; after the second step or a later one, when means and values differ."""
        self.sought = True
        if self._undecided is None:
            self._undecided = set(logs)
        now = _now(model, list(_means_of(model)))
        for name in sorted(self._undecided & set(logs)):
            value = float(logs[name])
            alike = [metric for metric, both in now.items() if matches(value, *both)]
            alike = [metric for metric in alike if name.endswith(metric.name)] or alike
            if alike and not (tells_nothing(value) and not name.endswith(alike[0].name)):
                self._metrics[name] = alike[0]
                self._means.weigh(name, self._step(batch), now[alike[0]][1])
            if alike or not tells_nothing(value):
                self._undecided.discard(name)

    def take(self, model: Any, live: bool) -> list[Taken]:
        """The values that came since; `live` says whether the metrics still stand as they were handed out last."""
        if not self.batches:
            return []
        steps = np.array([self._step(batch) for batch in self.batches], np.int64)
        columns = columns_of(self.logs)
        self.batches.clear()
        self.logs.clear()
        weights = self._weights(model) if live else {}
        each, last = self._means.own(steps, columns, weights)
        return [taken for taken in ((steps, each), (steps[-1:], last)) if taken[1]]

    def _weights(self, model: Any) -> dict[str, float]:
        counts = live_values(model, [metric.count for metric in self._metrics.values()])
        return dict(zip(self._metrics, counts, strict=True))

    @property
    def last_step(self) -> int:
        """The last step that was handed out, in the epoch."""
        return self._step(self.batches[-1])

    def _step(self, batch: int) -> int:
        """A call that runs several steps may name a batch past the end."""
        return min(batch + 1, self.steps) if self.steps else batch + 1


class ExactlyHandedOut(HandedOut):
    """Reads what each batch has added to each mean; of the loss also every step of a call that runs several."""

    def __init__(self, loss: ExactLoss) -> None:
        super().__init__()
        self._loss = loss
        self._before: dict[Any, tuple[float, float]] = {}
        self._rows: list[tuple[int, dict[str, float]]] = []
        self._losses: list[tuple[int, float]] = []

    def begin(self, steps: int) -> None:
        super().begin(steps)
        self._before, self._last = {}, 0

    def read(self, model: Any, batch: int, logs: Mapping[str, Any]) -> None:
        """After each batch, instead of keeping what was handed out."""
        step = self._step(batch)
        own = self._loss.read(model, step - self._last)
        self._losses += zip(range(step - len(own) + 1, step + 1), own, strict=True)
        row = {name: float(value) for name, value in logs.items() if not (own and name == "loss")}
        now = _now(model, [*_means_of(model)] if self._undecided != set() else [*self._metrics.values()])
        for name, metric in self._metrics.items():
            total, count = now[metric]
            total_before, count_before = self._before.get(metric, (0.0, 0.0))
            if name in row and count > count_before:
                row[name] = (total - total_before) / (count - count_before)
        self._before = now
        self._rows.append((step, row))
        self._last = step

    def take(self, model: Any, live: bool) -> list[Taken]:
        self.batches.clear()
        self.logs.clear()
        rows, self._rows = self._rows, []
        losses, self._losses = self._losses, []
        found = [(np.array([step for step, _ in rows], np.int64), columns_of(row for _, row in rows))] if rows else []
        if losses:
            steps, values = zip(*losses, strict=True)
            found.append((np.array(steps, np.int64), {"loss": np.array(values, np.float64)}))
        return [taken for taken in found if taken[1]]


def _now(model: Any, means: Sequence[Any]) -> dict[Any, tuple[float, float]]:
    """Metric → its sum, and what has gone into it."""
    values = live_values(model, [variable for metric in means for variable in (metric.total, metric.count)])
    return dict(zip(means, zip(values[::2], values[1::2], strict=True), strict=True))


def _means_of(model: Any) -> Iterator[Any]:
    return (metric for metric in _flat(model.metrics) if isinstance(metric, keras.metrics.Mean))


def _flat(metrics: Sequence[Any]) -> Iterator[Any]:
    for metric in metrics:
        inner = getattr(metric, "metrics", None)
        yield from _flat(inner) if inner else (metric,)
