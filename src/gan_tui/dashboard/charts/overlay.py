"""Several runs over each other: a chart a metric, a curve a run. What was held back is shown, or training, or both."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import Enum

from gan_tui.dashboard.charts.look import Look
from gan_tui.dashboard.charts.panels import Group
from gan_tui.run.metrics import Metric, groups
from gan_tui.run.state import RunState

_HELD_BACK = ("validation", "evaluation", "test")
"""What examples are called that are not trained on."""
_EXAMPLES = ("training", *_HELD_BACK)


class Which(Enum):
    """Which of a run's curves are on a chart where it has both."""

    HELD_BACK = "validation"
    BOTH = "validation, training faint"
    TRAINING = "training"

    @property
    def next(self) -> "Which":
        every = list(Which)
        return every[(every.index(self) + 1) % len(every)]


@dataclass(frozen=True)
class Laid:
    """One of the runs."""

    number: int
    """From 1: the key that hides it."""
    name: str
    color: int
    """Which of the theme's colours for runs."""
    state: RunState = field(default_factory=RunState)

    @property
    def label(self) -> str:
        """What stands at the ends of its curves: the number tells it where its name is cut."""
        return f"{self.number} {self.name}".rstrip()


@dataclass(frozen=True)
class Line:
    """A curve of a chart."""

    run: Laid
    metric: Metric
    is_named: bool
    """Whether its name stands at its end."""
    faint: bool


@dataclass(frozen=True)
class Chart:
    """What is on one."""

    group: Group
    lines: tuple[Line, ...]


@dataclass(frozen=True)
class Overlay:
    """The runs that are on show."""

    runs: tuple[Laid, ...] = ()
    which: Which = Which.HELD_BACK
    nothing: str = "waiting for the first step"
    """What is said where none has a curve."""

    @property
    def has_both(self) -> bool:
        """Whether any run has a metric of examples held back, and of those trained on."""
        of_runs = (_by_chart(run.state.metrics).values() for run in self.runs)
        return any(_has_both(metrics) for charts in of_runs for metrics in charts)

    def charts(self, look: Look) -> list[Chart]:
        """All that are asked for, losses and accuracies first."""
        of_runs = [(run, _by_chart(run.state.metrics)) for run in self.runs]
        every: dict[str, Metric] = {}
        for _, charts in of_runs:
            for key, metrics in charts.items():
                every.setdefault(key, metrics[0])
        order = groups(every.values())
        found = list[Chart]()
        for key, metric in sorted(every.items(), key=lambda item: order.index(item[1].group)):
            having = [(run, charts[key]) for run, charts in of_runs if key in charts]
            if any(look.wants(one.name, one.label, one.unit) for _, metrics in having for one in metrics):
                found.append(self._chart(key, _title(metric), having))
        chosen = [one for one in found if one.group.group == look.chosen]
        return chosen or found if look.enlarged else found

    def _chart(self, key: str, title: str, having: list[tuple[Laid, list[Metric]]]) -> Chart:
        lines = [line for run, metrics in having for line in self._lines(run, metrics)]
        if any(_is_held_back(line.metric) for line in lines):  # what was trained on is another thing beside it
            lines = [Line(one.run, one.metric, one.is_named, not _is_held_back(one.metric)) for one in lines]
        has_both = any(_has_both(metrics) for _, metrics in having)
        title = f"{title}: {self.which.value}" if has_both else title
        names = tuple(dict.fromkeys(line.metric.name for line in lines))
        return Chart(Group(title, key, names), tuple(sorted(lines, key=lambda line: line.faint)))

    def _lines(self, run: Laid, metrics: list[Metric]) -> Iterator[Line]:
        held_back = [metric for metric in metrics if _is_held_back(metric)]
        trained = [metric for metric in metrics if not _is_held_back(metric)]
        shown = {
            Which.HELD_BACK: held_back or trained, Which.TRAINING: trained or held_back, Which.BOTH: held_back + trained
        }[self.which]  # fmt: skip
        for place, metric in enumerate(shown):
            yield Line(run, metric, place == 0, False)


def _by_chart(metrics: Mapping[str, Metric]) -> dict[str, list[Metric]]:
    """The metrics of a run, those together that are of the same but for the examples that they were measured on."""
    found: dict[str, list[Metric]] = {}
    for metric in metrics.values():
        found.setdefault(_key(metric), []).append(metric)
    return found


def _key(metric: Metric) -> str:
    if metric.label in _EXAMPLES and "/" not in metric.name:
        return metric.group
    return metric.name


def _title(metric: Metric) -> str:
    """What is measured: the name alone where that says it, as d_loss or train/loss do not say it in words."""
    if metric.label in _EXAMPLES and "/" not in metric.name:
        return metric.unit
    if "/" in metric.name or metric.label in (metric.unit, metric.name):
        return metric.name
    return f"{metric.unit}: {metric.label}"


def _has_both(metrics: list[Metric]) -> bool:
    return len({_is_held_back(metric) for metric in metrics}) > 1


def _is_held_back(metric: Metric) -> bool:
    return metric.label in _HELD_BACK
