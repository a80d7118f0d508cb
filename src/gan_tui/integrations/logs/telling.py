"""From what a log holds to the events of a run: names to be shown, steps that rise, a clock that never goes back.

Where a metric's step goes back, an earlier attempt was given up there: what it had measured from that step on is
dropped, of that metric alone, as TensorBoard shows it. Each metric of a log has steps of its own.
"""

import itertools
import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

from gan_tui.integrations.logs.names import Names
from gan_tui.run.event_schema import LAST_TIME, MOST_METRICS, MOST_WEIGHTS
from gan_tui.run.events import Alert, Event, Metrics, Picture, Record, Resumed, Started, State, Text, Weights
from gan_tui.run.metrics import Metric
from gan_tui.run.series import Floats, StepNumbers

Times = NDArray[np.float64]
_LAST_STEP = 2**53
_PIECES = 64
"""Of what was measured in a block: that many times the clock is told, for charts over time."""
EARLIER, REPEATED = "points of earlier attempts", "points of steps that have a later one"
STEPLESS = "points whose step is below 0 or too large"


@dataclass(frozen=True)
class _Points:
    steps: StepNumbers
    values: Floats
    times: Times | None


class Teller:
    """Takes what a reader has found, in the order of the log, and tells it as records."""

    def __init__(self, tool: str, title: str, not_shown: Counter[str]) -> None:
        """`tool` wrote the log; what cannot be shown is counted in `not_shown`."""
        self._tool, self._title, self._not_shown = tool, title, not_shown
        self._names, self._tags, self._weight_names = Names(MOST_METRICS), Names(MOST_METRICS), Names(MOST_WEIGHTS)
        self._declared: dict[str, Metric] = {}
        self._points: dict[str, list[_Points]] = {}
        self._others: list[Event] = []
        self._out: list[Record] = []
        self._last: dict[str, int] = {}
        self._known: dict[str, tuple[int, float]] = {}
        """Metric → its last point."""
        self._last_pictures: dict[str, int] = {}
        """Metric, or tag → the step that it has come to."""
        self.source: object = None
        """What is read now: of a log in several folders, each has attempts of its own."""
        self._sources: dict[str, set[object]] = {}
        """Metric, or tag → where it was found."""
        self._weights: dict[str, Any] = {}
        self._seq, self._clock, self._began, self._cut = 0, 0.0, False, False
        self._tell_start = True
        self._steps_total, self._steps_per_epoch = 0, 1

    # What a reader finds --------------------------------------------------------------------------------

    def points(self, name: str, steps: StepNumbers, values: Floats, times: Times | None = None) -> None:
        """(count,) values of a metric at (count,) steps, in the order of the log; `times` in seconds since 1970."""
        ours = self._names.of(name)
        if ours is None:
            self._not_shown[f"metrics beyond the first {MOST_METRICS}"] = len(self._names.left_out)
        elif len(steps):
            self._sources.setdefault(ours, set()).add(self.source)
            self._points.setdefault(ours, []).append(_Points(steps, values, times))

    def declare(self, name: str, metric: Metric) -> None:
        """Say what a metric is, where its name alone does not; `metric.name` need not be set."""
        ours = self._names.of(name)
        if ours is not None and ours not in self._declared:
            self._declared[ours] = metric
            self._tell_start = True

    def expect(self, steps: int, steps_per_epoch: int) -> None:
        """Say how long the run will be, where the log knows it."""
        if (steps, steps_per_epoch) != (self._steps_total, self._steps_per_epoch):
            self._steps_total, self._steps_per_epoch = steps, steps_per_epoch
            self._tell_start = True

    def picture(self, name: str, step: int, file: str, tile: tuple[int, int], count: int = 1) -> None:
        """`count` equal pictures of (height, width); the reader's `tiles` finds them by `file`."""
        ours = self._tag(name, step)
        if ours is None:
            return
        if step < self._last_pictures.get(ours, 0):
            self._others.append(Resumed(step - 1, [ours]))
        self._last_pictures[ours] = step
        self._sources.setdefault(ours, set()).add(self.source)
        self._others.append(Picture(ours, step, file, tile=list(tile), count=count))

    def weights(self, step: int, layers: Mapping[str, Any]) -> None:
        """Histograms at a step: name → {shape, mean, std, low, high, counts}."""
        named = {ours: stats for name, stats in layers.items() if (ours := self._weight_names.of(name))}
        if named and 0 <= step < _LAST_STEP:
            self._weights |= named
            self._others.append(Weights(step, dict(self._weights)))

    def text(self, name: str, step: int, text: str) -> None:
        """Words under a tag, each line of them harmless already."""
        ours = self._tag(name, step)
        if ours is not None:
            self._others.append(Text(ours, step, text))

    def _tag(self, name: str, step: int) -> str | None:
        """What a picture or a text is shown under; None where there are too many tags, or its step is none."""
        ours = self._tags.of(name)
        if ours is None:
            self._not_shown[f"tags of pictures and texts beyond the first {MOST_METRICS}"] = len(self._tags.left_out)
        return ours if 0 <= step < _LAST_STEP else None

    def alert(self, text: str) -> None:
        self._others.append(Alert("log", text, max(0, *self._last.values(), 0)))

    def went_back(self, step: int) -> None:
        """Another attempt begins at a step: what the source has measured or drawn from there on counts no more."""
        self._flush()
        last = self._last | self._last_pictures
        if names := [name for name, at in last.items() if at >= step and self.source in self._sources[name]]:
            self._tell(Resumed(step - 1, names))
            for known in (self._last, self._last_pictures):
                known |= {name: step - 1 for name in names if name in known}
            self._known.clear()

    # What is told ---------------------------------------------------------------------------------------

    def records(self, now: float) -> list[Record]:
        """What was found since, as records; `now` is when the log last grew, for what has no time of its own."""
        self._flush(now)
        out, self._out = self._out, []
        return out

    def _flush(self, now: float = 0.0) -> None:
        pending, self._points = self._points, {}
        others, self._others = self._others, []
        rising = {name: points for name, parts in pending.items() if (points := self._rising(name, parts))}
        if rising or others or self._tell_start:
            self._tell_begin(rising.values(), now)
            self._tell_attempts(rising)
            self._tell_points(rising, now)
            for event in others:
                self._tell(event)
        if self._names.left_out and not self._cut:
            self._cut = True
            self._tell(Alert("log", f"Only the first {MOST_METRICS} metrics of this log are shown.", 0))

    def _rising(self, name: str, parts: list[_Points]) -> _Points | None:
        """Points whose steps rise: of those that came later, none is at or before a step of one that stays."""
        points = parts[0] if len(parts) == 1 else _joined(parts)
        if self._known.get(name) == (int(points.steps[0]), float(points.values[0])):
            points = _chosen(points, slice(1, None))  # said twice
        steps = points.steps
        if len(steps) > 1 and not bool((steps[1:] > steps[:-1]).all()):
            after = np.minimum.accumulate(steps[::-1])[::-1]
            kept = np.append(steps[:-1] < after[1:], True)
            self._count(EARLIER, int((steps[:-1] > after[1:]).sum()))
            again = (steps[:-1] == after[1:]) & (points.values[:-1] != points.values[1:])
            self._count(REPEATED, int(again.sum()))
            points = _chosen(points, kept)
            steps = points.steps
        if len(steps) and (steps[0] < 0 or steps[-1] >= _LAST_STEP):
            kept = (steps >= 0) & (steps < _LAST_STEP)
            self._count(STEPLESS, int(len(steps) - kept.sum()))
            points = _chosen(points, kept)
        return points if len(points.steps) else None

    def _count(self, what: str, number: int) -> None:
        if number:
            self._not_shown[what] += number

    def _tell_begin(self, found: Iterable[_Points], now: float) -> None:
        if not self._clock:
            times = [float(points.times[0]) for points in found if points.times is not None]
            self._clock = min(filter(_is_time, times), default=now if _is_time(now) else 0.0)
        if self._tell_start:
            self._tell_start = False
            self._tell(self._started())
        if not self._began:
            self._began = True
            self._tell(State("training"))

    def _started(self) -> Started:
        rows: list[Mapping[str, Any]] = [{**metric.as_row(), "name": name} for name, metric in self._declared.items()]
        data = {"name": self._tool, "origin": "log", "train": 0, "validation": 0}
        return Started(
            self._tool, self._title, "log", 0, {}, data, [self._tool], {}, self._steps_total, self._steps_per_epoch, 0,
            metrics=rows, commands=[],
        )  # fmt: skip

    def _tell_attempts(self, rising: Mapping[str, _Points]) -> None:
        """Say which metrics go back, and to where."""
        back: dict[int, list[str]] = {}
        for name, points in rising.items():
            first = int(points.steps[0])
            if first <= self._last.get(name, -1):
                back.setdefault(first - 1, []).append(name)
        for step, names in back.items():
            self._tell(Resumed(step, names))

    def _tell_points(self, rising: Mapping[str, _Points], now: float) -> None:
        """Metrics of the same steps together; those of most steps last, in pieces that tell the time."""
        groups = sorted(_groups(rising), key=lambda names: len(rising[names[0]].steps))
        for names in groups[:-1]:
            self._tell(_metrics(names, rising, slice(None)))
        for names in groups[-1:]:
            times = rising[names[0]].times
            ends = np.unique(np.linspace(0, len(rising[names[0]].steps), _PIECES + 1).astype(int)).tolist()
            for start, end in itertools.pairwise(ends if times is not None else (0, ends[-1])):
                self._tell(_metrics(names, rising, slice(start, end)), now if times is None else float(times[end - 1]))
        self._last |= {name: int(points.steps[-1]) for name, points in rising.items()}
        self._known |= {name: (self._last[name], float(points.values[-1])) for name, points in rising.items()}

    def _tell(self, event: Event, time: float | None = None) -> None:
        if time is not None and _is_time(time):
            self._clock = max(self._clock, time)
        self._out.append(Record(self._seq, self._clock, event, self._clock))
        self._seq += 1


def _is_time(time: float) -> bool:
    return math.isfinite(time) and 0 < time < LAST_TIME


def _joined(parts: list[_Points]) -> _Points:
    times = [part.times for part in parts]
    whole = None if any(time is None for time in times) else np.concatenate(cast(list[Times], times))
    return _Points(
        np.concatenate([part.steps for part in parts]), np.concatenate([part.values for part in parts]), whole
    )


def _chosen(points: _Points, kept: NDArray[np.bool_] | slice) -> _Points:
    times = None if points.times is None else points.times[kept]
    return _Points(points.steps[kept], points.values[kept], times)


def _groups(rising: Mapping[str, _Points]) -> list[list[str]]:
    """Names of metrics that were measured at the same steps, together."""
    groups: dict[tuple[int, int, int], list[list[str]]] = {}
    for name, points in rising.items():
        steps = points.steps
        alike = groups.setdefault((len(steps), int(steps[0]), int(steps[-1])), [])
        for names in alike:
            if np.array_equal(rising[names[0]].steps, steps):
                names.append(name)
                break
        else:
            alike.append([name])
    return [names for alike in groups.values() for names in alike]


def _metrics(names: Sequence[str], rising: Mapping[str, _Points], part: slice) -> Metrics:
    steps = rising[names[0]].steps[part]
    values: Any = {name: rising[name].values[part] for name in names}
    return Metrics(cast(Sequence[int], steps), values)
