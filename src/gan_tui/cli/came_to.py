"""What a run that has ended has come to, in sentences: what a screen would show of it in charts and lists."""

from collections.abc import Iterator
from typing import TextIO

from gan_tui.run import results
from gan_tui.run.folder import RunFolder
from gan_tui.run.metrics import ACCURACY, LOSS
from gan_tui.run.outcome import AVERAGED
from gan_tui.run.state import RunState
from gan_tui.system.links import linked_path
from gan_tui.text import duration, four_digits

_TELLING = frozenset(metric.name for each in (ACCURACY, LOSS) for metric in (each, each.validated()))
"""Whose best value says how good a run was. A pair's losses do not: each falls while the other's rises."""
_MOST = 4
"""Values that are told of a run that none of them judges."""


def sentences(folder: RunFolder, state: RunState, stream: TextIO) -> Iterator[str]:
    """How long it took, its values at the end and at their best, where its checkpoints lie; of what is not known, and
    of a run that has not come to an end that was meant, nothing."""
    if state.state not in ("finished", "stopped"):
        return
    found = results.of(folder)
    took = f"It trained for {duration(found.seconds)}." if found.seconds >= 1 else ""
    if words := " ".join(filter(None, (took, _values(found, state)))):
        yield words
    if state.checkpoints:
        lie = linked_path(folder.path / "checkpoints", stream)
        yield f"The newest of its checkpoints is of step {state.checkpoints[-1].step:,}; they are in {lie}"


def _values(found: results.Results, state: RunState) -> str:
    """The metric that it is judged by, at the end and at its best; else the newest of a few."""
    metric, last, best = found.judged_by, found.newest, found.best
    if metric is None or metric.name not in _TELLING:
        told = [f"{name} {four_digits(one.last)}" for name, one in state.series.items() if one.length][:_MOST]
        return f"At the end: {', '.join(told)}." if told else ""
    begin = "Before they were averaged" if AVERAGED in state.reason else "At the end"
    words = f"{begin} {metric.name} was {four_digits(last)}"
    if best is None or last == best:
        return f"{words}." if best is None else f"{words}, its best."
    return f"{words}; its best was {four_digits(best)}, at step {found.best_step:,}."
