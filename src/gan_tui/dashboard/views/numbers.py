"""What a network that learns a number answers: beside what is true, or over the input where that is a single one."""

import numpy as np
from numpy.typing import NDArray

from gan_tui.dashboard.views.base import Scene, View, table_of
from gan_tui.drawing.cells import Cells, blank
from gan_tui.drawing.colors import available
from gan_tui.drawing.plots.plane import LEAST_COLUMNS, LEAST_ROWS, Range, draw_axes, draw_points, placed
from gan_tui.drawing.words import clipped, write
from gan_tui.run.state import RunState

Numbers = NDArray[np.float64]
_MARGIN = 0.04
"""Of the range of what is true, at either end."""


class NumbersView(View):
    """A mark for each row: across what is true, upwards what is answered; right ones are on the line."""

    name = "predictions"

    def __init__(self) -> None:
        self.over_input = False

    def keys(self, state: RunState) -> str:
        if not _has_one_input(state):
            return ""
        return "v against the truth" if self.over_input else f"v over {table_of(state)['columns'][0]}"

    def step(self, state: RunState) -> int:
        return state.answers.step if state.answers else state.step

    def switch(self) -> bool:
        self.over_input = not self.over_input
        return True

    def draw(self, scene: Scene, columns: int, rows: int) -> tuple[Cells, str]:
        truth, answers = _told(scene.state)
        if not len(truth):
            return blank(rows, columns), "no answers for these rows"
        note = _note(scene.state, truth, answers)
        if columns < LEAST_COLUMNS or rows < LEAST_ROWS:
            cells = blank(rows, columns)
            write(cells, 0, 0, clipped(note, columns, scene.terminal), available(scene.ink.dim, scene.terminal))
            return cells, note
        if self.over_input and _has_one_input(scene.state):
            return _over_input(scene, truth, answers, columns, rows), note
        return _against_truth(scene, truth, answers, columns, rows), note


def are_numbers(state: RunState) -> bool:
    """Whether what a run answers to its table's rows are numbers."""
    table = table_of(state)
    return table.get("mean") is not None and table.get("deviation") is not None


def _has_one_input(state: RunState) -> bool:
    table = table_of(state)
    return len(table.get("axes") or []) == 1 and bool(table.get("x")) and bool(table.get("columns"))


def _told(state: RunState) -> tuple[Numbers, Numbers]:
    """(true, answered) numbers of the rows that are answered, in the label's own units."""
    table = table_of(state)
    assert state.answers is not None
    answers = np.asarray(state.answers.probabilities, np.float64)[:, 0]
    truth = np.asarray(table["truth"], np.float64)
    count = min(len(answers), len(truth))
    return truth[:count], answers[:count] * table["deviation"] + table["mean"]


def _note(state: RunState, truth: Numbers, answers: Numbers) -> str:
    error = float(np.abs(answers - truth).mean())
    which = ", held back" if table_of(state)["held_back"] else ""
    return f"off by {error:.3g}{which}"


def _range(name: str, values: Numbers) -> Range:
    low, high = float(values.min()), float(values.max())
    beyond = _MARGIN * (high - low) or abs(high) * 0.1 or 1.0
    return Range(name, low - beyond, high + beyond)


def _against_truth(scene: Scene, truth: Numbers, answers: Numbers, columns: int, rows: int) -> Cells:
    label = table_of(scene.state)["label"]
    x, y = _range(f"true {label}", truth), _range(f"predicted {label}", truth)
    ends = np.array([x.low, x.high])
    marks = [(truth, answers.clip(y.low, y.high), scene.ink.series[0])]
    return _drawn(scene, (x, y), marks, (ends, ends, scene.ink.dim), columns, rows)


def _over_input(scene: Scene, truth: Numbers, answers: Numbers, columns: int, rows: int) -> Cells:
    table = table_of(scene.state)
    axis, count = table["axes"][0], min(len(truth), len(table["x"]))
    values = np.asarray(table["x"][:count], np.float64)
    order = np.argsort(values, kind="stable")
    x = Range(axis["name"], axis["low"], axis["high"]) if axis["high"] > axis["low"] else _range(axis["name"], values)
    y = _range(table["label"], truth)
    marks = [(values, truth[:count], scene.ink.series[0])]
    line = (values[order], answers[:count][order].clip(y.low, y.high), scene.ink.series[1])
    return _drawn(scene, (x, y), marks, line, columns, rows)


def _drawn(
    scene: Scene, ranges: tuple[Range, Range], marks: list[tuple[Numbers, Numbers, int]],
    line: tuple[Numbers, Numbers, int], columns: int, rows: int,
) -> Cells:  # fmt: skip
    cells, plane = blank(rows, columns), placed(*ranges, columns, rows, False)
    draw_axes(cells, plane, *ranges, scene.ink, scene.terminal)
    draw_points(cells, plane, marks, line, scene.terminal, scene.ink)
    return cells
