"""What stands in the tables of a sweep's screen: its trainings, its combinations, what failed and where."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from gan_tui.dashboard.charts.overlay import Laid
from gan_tui.dashboard.widgets.state_mark import state_mark
from gan_tui.run.metrics import Metric
from gan_tui.sweep import ranking
from gan_tui.sweep.seen import FAILED, TRAINING, Seen, SeenTraining
from gan_tui.text import clipped, duration, four_digits

_LONGEST_SETTING, _LONGEST_PLACE = 18, 20
Cells = tuple[str, ...]


@dataclass(frozen=True)
class Line:
    """A row."""

    key: str
    """What it is of; empty where it cannot be chosen."""
    cells: Cells
    tone: str = "text"
    laid: Laid | None = None
    """Its curve, if that is on show."""


@dataclass(frozen=True)
class Table:
    """One of the tables."""

    names: Cells
    """Of its columns; none where its lines are text."""
    lines: tuple[Line, ...]
    nothing: str
    """What is said where it has no lines."""
    numbers: frozenset[int] = frozenset()
    """Columns that end below each other."""


def trainings(seen: Seen, laid: Mapping[str, Laid]) -> Table:
    """A line for each that is under way or over."""
    metric = seen.metric
    settings = list(seen.trainings[0].settings) if seen.trainings else []
    names = ("", "worker", *settings, "epoch", metric.name if metric else "", "took", "")
    lines = tuple(
        Line(each.name, _cells(each, settings, metric), _tone(each, seen), laid.get(each.name))
        for each in seen.trainings
    )
    last = len(names)
    return Table(names, lines, "No training is done yet.", frozenset(range(2 + len(settings), last - 1)))


def _cells(training: SeenTraining, settings: Sequence[str], metric: Metric | None) -> Cells:
    doing, result = training.doing, training.result
    worker = " ".join(filter(None, (str(doing.worker), doing.place))) if doing else training.place
    how = training.reason if training.state == FAILED else result.ended if result else "training"
    return (
        state_mark("failed" if result and result.ended == "diverged" else training.state),
        clipped(worker, _LONGEST_PLACE),
        *(clipped(training.settings[name], _LONGEST_SETTING) for name in settings),
        f"{training.epoch:,}" if training.epoch else "",
        "" if (value := training.value(metric)) is None else four_digits(value),
        duration(result.seconds) if result else "",
        how,
    )


def _tone(training: SeenTraining, seen: Seen) -> str:
    if training.state == FAILED or (training.result and training.result.ended == "diverged"):
        return "bad"
    best = seen.best
    return "accent" if training.state == TRAINING else "good" if best and best.name == training.name else "text"


def combinations(seen: Seen, columns: int) -> Table:
    """The table that the command prints at its end."""
    if seen.sweep is None or not seen.done:
        return Table((), (), "No training is done yet.")
    text = ranking.text(seen.sweep, seen.rows, ranking.USUAL, columns)
    return Table((), tuple(Line("", (line,)) for line in text.split("\n")), "")


def failures(seen: Seen) -> Table:
    """What failed, where, and why."""
    lines = tuple(Line(each.name, (each.words, each.place, each.reason), "bad") for each in seen.those(FAILED))
    diverged = tuple(
        Line(each.name, (each.words, "" if each.place.isdecimal() else each.place, "diverged: not finite"), "bad")
        for each in seen.trainings
        if each.result and each.result.ended == "diverged"
    )
    return Table(("training", "place", "why"), lines + diverged, "Nothing has failed since it was last begun.")


def why_no_curves(seen: Seen, is_read: bool) -> str:
    """What is said where no training has a curve."""
    if not is_read:
        return "reading …"
    return "no curves of it were kept: 2 tells what became of it" if seen.done else "waiting for the first step"
