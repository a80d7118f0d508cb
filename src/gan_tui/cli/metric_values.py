"""What a run has measured, as a table for people, and as CSV or JSON for programs: step by step, or some of them."""

import json
import sys
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from gan_tui.cli.json_output import numbers
from gan_tui.errors import UserError
from gan_tui.integrations.export import csv_table
from gan_tui.run.folder import RunFolder
from gan_tui.run.follower import state_of
from gan_tui.run.series import Floats, Series
from gan_tui.system import terminal
from gan_tui.text import counted, four_digits, harmless, padded, width

TEXT, CSV, JSON = "text", "csv", "json"
_LAST_STEP = 2**53
_NARROWEST = 10
"""Cells of a column of values."""


@dataclass(frozen=True)
class Choice:
    """Which points are told."""

    first: int = 0
    last: int = _LAST_STEP
    every: int = 1
    """Of each so many steps, the last that has a value: so none is lost that is measured seldom."""

    def of(self, series: Series) -> Series:
        inside = series.between(self.first, self.last)
        if self.every == 1 or not inside.length:
            return inside
        stretch = (inside.steps - 1) // self.every
        ends = np.append(stretch[1:] != stretch[:-1], True)
        return Series.empty().extended(inside.steps[ends], inside.values[ends])


def chosen(steps: str | None, every: int | None) -> Choice:
    """What --steps and --every say: 100:200, 100:, :200. Raises UserError."""
    if every is not None and every < 1:
        raise UserError(f"--every must be 1 or more, not {every:,}.")
    first, parted, last = (part.strip() for part in (steps if steps is not None else ":").partition(":"))
    if not parted or not all(word.isascii() and word.isdecimal() for word in (first, last) if word):
        raise UserError(f'--steps takes FIRST:LAST, such as 100:200, 100: or :200, not "{harmless(steps or "", 40)}".')
    choice = Choice(int(first or 0), min(int(last or _LAST_STEP), _LAST_STEP), every or 1)
    if choice.first > choice.last:
        raise UserError(f"--steps goes from {choice.first:,} to {choice.last:,}; write the smaller one first.")
    return choice


def show(folder: RunFolder, form: str, choice: Choice) -> int:
    """Print what it has measured; returns how many lines of its log are damaged."""
    reader = folder.reader()
    measured = state_of(folder, reader, history=True).series
    series = {name: choice.of(values) for name, values in measured.items()}
    if form == CSV:
        csv_table.write(sys.stdout, series)
    elif form == JSON:
        _print_json(folder, series)
    else:
        _print_table(folder, {name: values for name, values in series.items() if values.length})
    return reader.damaged


def _print_json(folder: RunFolder, series: Mapping[str, Series]) -> None:
    out = sys.stdout
    out.write(f'{{"run": {json.dumps(folder.name)}, "metrics": {{')
    for number, (name, values) in enumerate(series.items()):
        out.write(f"{',' if number else ''}\n  {json.dumps(name)}: ")
        out.write(f'{{"steps": {numbers(values.steps)}, "values": {numbers(values.values)}}}')
    out.write("\n}}\n" if series else "}}\n")


def _rounded(values: Floats) -> list[str]:
    return [four_digits(value) for value in values.tolist()]


def _print_table(folder: RunFolder, series: Mapping[str, Series]) -> None:
    if not series:
        print(f"{folder.name} has measured nothing there.")
        return
    first = max(len("step"), *(len(str(values.last_step)) for values in series.values()))
    wide = {name: max(_NARROWEST, width(name)) for name in series}
    shown = _that_fit(wide, first, terminal.columns_of_output())
    print("  ".join([padded("step", first, right=True), *(padded(name, wide[name], right=True) for name in shown)]))
    for steps in csv_table.blocks(series):
        columns = [csv_table.column(series[name], steps, _rounded) for name in shown]
        for step, *row in zip(steps.tolist(), *columns, strict=True):
            cells = (cell.rjust(wide[name]) for name, cell in zip(shown, row, strict=True))
            print("  ".join([str(step).rjust(first), *cells]).rstrip())
    if left := len(series) - len(shown):
        print(f"There is no room for {counted(left, 'more metric')}; --csv and --json tell all.", file=sys.stderr)


def _that_fit(wide: Mapping[str, int], used: int, columns: int | None) -> list[str]:
    """The names of as many columns, one at least, as a terminal of so many columns has room for."""
    names: list[str] = []
    for name, cells in wide.items():
        used += 2 + cells
        if names and columns is not None and used > columns:
            break
        names.append(name)
    return names
