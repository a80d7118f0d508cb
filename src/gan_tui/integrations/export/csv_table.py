"""What a run has measured as CSV: a row a step, a column a metric, empty where nothing was measured.

Numbers have the fewest digits that read back as the same number of single precision; what was not finite is nan.
"""

import codecs
import csv
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Protocol

import numpy as np
import orjson

from gan_tui.integrations.export.new_file import written
from gan_tui.integrations.export.whole_run import WholeRun
from gan_tui.run.series import Floats, Series, StepNumbers

_FORMULAS = frozenset("=+-@\t\r")
"""What the cells begin with that spreadsheets compute: names come from others' logs."""
BLOCK = 1 << 13
"""Rows that are made at once: a long run needs no more memory than its numbers do, and is printed from the start."""


class Text(Protocol):
    """Takes text, line by line."""

    def write(self, text: str, /) -> object: ...


def export(run: WholeRun, path: Path, replace: bool = False) -> None:
    """Raises UserError where it cannot be written."""
    with written(path, replace) as file:
        write(codecs.getwriter("utf-8")(file), run.state.series)


def write(out: Text, series: Mapping[str, Series]) -> None:
    """All steps of some metrics; those that have no values have no column."""
    series = {name: values for name, values in series.items() if values.length}
    csv.writer(out, lineterminator="\n").writerow(["step", *map(_head, series)])
    for steps in blocks(series):
        columns = [column(values, steps, _exactly) for values in series.values()]
        for row in zip(map(str, steps.tolist()), *columns, strict=True):
            out.write(",".join(row) + "\n")


def _head(name: str) -> str:
    """A metric's name; one that a spreadsheet would carry out is words to it behind an apostrophe."""
    return f"'{name}" if name[:1] in _FORMULAS else name


def _exactly(values: Floats) -> list[str]:
    numbers = orjson.dumps(np.ascontiguousarray(values), option=orjson.OPT_SERIALIZE_NUMPY).decode()
    return numbers[1:-1].replace("null", "nan").split(",")


def blocks(series: Mapping[str, Series]) -> Iterator[StepNumbers]:
    """All steps at which something was measured, some thousands at once."""
    steps = np.array([], np.int64)
    for values in series.values():
        if len(steps) != values.length or not np.array_equal(steps, values.steps):
            steps = np.union1d(steps, values.steps)
    for start in range(0, len(steps), BLOCK):
        yield steps[start : start + BLOCK]


def column(series: Series, steps: StepNumbers, words: Callable[[Floats], list[str]]) -> list[str]:
    """What was measured at each of some steps, empty where nothing was."""
    there = series.between(int(steps[0]), int(steps[-1]))
    if there.length == len(steps) and np.array_equal(there.steps, steps):  # a step may have been logged twice
        return words(there.values)
    cells = [""] * len(steps)
    if there.length:
        for place, word in zip(np.searchsorted(steps, there.steps).tolist(), words(there.values), strict=True):
            cells[place] = word
    return cells
