"""A line of the list of runs: what stands in its columns."""

import time
from dataclasses import dataclass

from gan_tui.dashboard.listed.columns import CURVE, Cells
from gan_tui.dashboard.widgets.state_mark import state_mark, state_tone
from gan_tui.drawing.plots.sparkline import sparkline
from gan_tui.drawing.terminal import Terminal
from gan_tui.run.listing import Listed
from gan_tui.run.standstill import WAITING
from gan_tui.run.summaries import RunSummary
from gan_tui.sweep.listed import ListedSweep
from gan_tui.text import age_words, counted, duration, four_digits, percent, short_number

_OF_RUNS = ("preset", "age", "step", "best", "changed")
"""Columns that say nothing of the trainings of a sweep: their names say what differs."""


@dataclass(frozen=True)
class Row:
    """A run, a sweep, or a training of one."""

    key: str
    listed: Listed
    cells: Cells
    sweep: ListedSweep | None = None
    """Which it is, or which it is of."""
    is_training: bool = False

    @property
    def run(self) -> RunSummary | None:
        """The run that it is, if it is one."""
        return None if self.sweep else self.listed.summary

    @property
    def title(self) -> str:
        if self.sweep and not self.is_training:
            return f"sweep {self.sweep.name}: {counted(self.sweep.done, 'training')} of {self.sweep.total:,}"
        return self.listed.changed_words if self.is_training else self.listed.name


def row_of(listed: Listed, terminal: Terminal, sweep: ListedSweep | None = None, training: str = "") -> Row:
    """What is shown of an entry now; of a training of a sweep, what it is called there."""
    is_training = bool(training)
    run = listed.summary
    tone = state_tone(run)
    state = run.shown.removeprefix(f"{WAITING}: ")
    done = percent(run.step, run.steps_total) if run.steps_total else short_number(run.step) if run.step else ""
    if sweep:
        done = f"{run.step}/{run.steps_total}"
    age = age_words(listed.age(time.time()))
    cells = {
        "sign": (state_mark(run.shown) if is_training or not sweep else "≡", tone),
        "name": (training or listed.name, "text"),
        "state": (run.reason if is_training else state, tone),
        "preset": (run.preset, "dim"),
        "age": (age, "dim"),
        "step": (done.strip(), "text"),
        **_of_results(listed, terminal),
        "changed": (_changed(listed), "text"),
    }
    if is_training:  # what is the same for all of a sweep
        cells = {name: cell for name, cell in cells.items() if name not in _OF_RUNS}
    return Row(str(listed.path), listed, cells, sweep, is_training)


def _of_results(listed: Listed, terminal: Terminal) -> Cells:
    results = listed.results
    if results is None:
        return {"newest": ("…", "dim")}
    metric = results.judged_by
    return {
        "duration": (duration(results.seconds) if results.seconds else "", "dim"),
        "newest": (_value(results.newest), "text"),
        "best": (_value(results.best), "text"),
        "metric": (metric.name if metric else "", "dim"),
        "curve": (sparkline(results.curve, CURVE, terminal), "accent"),
    }


def _value(value: float | None) -> str:
    return "" if value is None else four_digits(value)


def _changed(listed: Listed) -> str:
    return " · ".join(filter(None, (listed.changed_words, listed.note)))
