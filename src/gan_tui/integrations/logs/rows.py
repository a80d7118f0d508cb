"""Rows of a table, told as points: which column is the step, which are measured, where another attempt begins.

Rows may be sparse: a name that is measured seldom has steps of its own. What was taken for the step may turn out to be
none as the log grows; then the log is read again, with another.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from gan_tui.integrations.logs import step_column
from gan_tui.integrations.logs.step_column import Numbers
from gan_tui.integrations.logs.telling import Teller

_MOST_NAMES = 4096
"""Whose last steps are kept."""
_MOST_KINDS = 200
"""Of what is not shown."""
MOST_ATTEMPTS = 64
"""In one block; where steps go back more often, they are told without a word about each time."""
MOST_REFUSED = 3
"""Columns that were taken for the step, and were none; rows are counted then: each time the log is read again."""
STEPLESS = "rows without a step"
"""Before the first that has one; those behind it are measured at the step that was reached."""
_FEW_ROWS = 2
"""As many are to be looked at before a column without a single number is no step."""


@dataclass
class Steps:
    """Which columns are the step and the time; worked out from the first rows, where no format says it."""

    refused: set[str] = field(default_factory=set)
    """Columns that an earlier reading found not to be the step."""
    name: str | None = None
    """The step's; None where rows are counted."""
    time: str | None = None
    """The seconds since 1970 of each row."""
    aside: frozenset[str] = frozenset()
    """Columns that count something else: epochs beside steps."""
    chosen: bool = False
    empty: set[str] = field(default_factory=set)
    """Of those refused, the ones that had no number so far."""
    filled: set[str] = field(default_factory=set)
    """Those of them that had one after all."""

    def choose(self, names: Sequence[str], columns: Sequence[Numbers]) -> None:
        """Work it out from the first rows."""
        may_be = len(self.refused) < MOST_REFUSED
        usable = [n for n in range(len(names)) if may_be and names[n] not in self.refused]
        step = step_column.step_column([names[n] for n in usable], [columns[n] for n in usable])
        time = step_column.time_column(names, columns)
        self.name = None if step is None else names[usable[step]]
        self.time = None if time is None else names[time]
        self.aside = frozenset(filter(step_column.counts_beside, names)) - {self.name}
        self.chosen = True

    def refuse(self) -> None:
        """What was taken for the step is none: choose again."""
        self.refused.add(self.name or "")
        self.name, self.time, self.chosen = None, None, False

    def has_filled(self, names: Sequence[str], columns: Sequence[Numbers]) -> bool:
        """Whether one that was refused because it was empty is no longer: choose again."""
        filled = {n for n, column in zip(names, columns, strict=True) if n in self.empty and not np.isnan(column).all()}
        if filled:
            self.filled |= filled
            self.empty, self.refused = self.empty - filled, self.refused - filled
            self.name, self.time, self.chosen = None, None, False
        return bool(filled)

    def is_measured(self, name: str) -> bool:
        return name not in (self.name, self.time) and name not in self.aside


class Rows:
    """Takes blocks of rows, in the order of the log."""

    def __init__(self, teller: Teller, not_shown: Counter[str], steps: "Steps") -> None:
        self._teller, self._not_shown, self._steps = teller, not_shown, steps
        self._count = 0
        """Rows so far."""
        self._at = np.nan
        """The step that was reached."""
        self._judge = step_column.Judge()
        self._last: dict[str, int] = {}
        """Metric → the step that it has come to, in this attempt."""

    def take_columns(self, columns: Mapping[str, Numbers]) -> bool:
        """The same as `take`, of name → column."""
        return self.take(list(columns), list(columns.values()))

    def take(self, names: Sequence[str], columns: Sequence[Numbers]) -> bool:
        """Tell a block's columns, (rows,) each, NaN where a row has nothing. False where the step was none after all:
        then all must be read again."""
        rows = len(columns[0]) if columns else 0
        if not rows:
            return True
        if self._steps.has_filled(names, columns):
            return False
        if not self._steps.chosen:
            self._steps.choose(names, columns)
        steps = self._steps_of(names, columns, rows)
        measured = [n for n in range(len(names)) if self._steps.is_measured(names[n])]
        if self._steps.name is not None and not self._counts(names, columns, steps, measured):
            self._steps.refuse()
            return False
        self._count += rows
        steps = self._reached(steps)
        self._tell([names[n] for n in measured], [columns[n] for n in measured], steps, self._times(names, columns))
        return True

    def _steps_of(self, names: Sequence[str], columns: Sequence[Numbers], rows: int) -> Numbers:
        if self._steps.name is None:
            return np.arange(self._count + 1, self._count + rows + 1, dtype=np.float64)
        return columns[names.index(self._steps.name)] if self._steps.name in names else np.full(rows, np.nan)

    def _times(self, names: Sequence[str], columns: Sequence[Numbers]) -> Numbers | None:
        return columns[names.index(self._steps.time)] if self._steps.time in names else None

    def _counts(
        self, names: Sequence[str], columns: Sequence[Numbers], steps: Numbers, measured: Sequence[int]
    ) -> bool:
        """Whether the step's column goes on being it; words alone never are."""
        never = np.isnan(self._at) and bool(np.isnan(steps).all()) and self._steps.name not in self._steps.filled
        if never and self._steps.name in names and self._count + len(steps) >= _FEW_ROWS:
            self._steps.empty.add(self._steps.name or "")
            return False
        return self._judge.holds(names, columns, steps, measured)

    def _reached(self, steps: Numbers) -> Numbers:
        """The step of each row, where it has none that of the row before."""
        known = ~np.isnan(steps)
        if not known.all():
            last = np.maximum.accumulate(np.where(known, np.arange(1, len(steps) + 1), 0))
            steps = np.concatenate([[self._at], steps])[last]
        self._at = steps[-1]
        return steps

    # Told ----------------------------------------------------------------------------------------------

    def _tell(self, names: Sequence[str], columns: Sequence[Numbers], steps: Numbers, times: Numbers | None) -> None:
        whole = ~np.isnan(steps)
        if not whole.all():
            self._not_shown[STEPLESS] += int(len(steps) - whole.sum())
            steps, columns = steps[whole], [column[whole] for column in columns]
            times = None if times is None else times[whole]
        numbers = steps.astype(np.int64)
        attempts = self._attempts(names, columns, numbers)
        for begin, end in pairwise([*sorted({0, *attempts}), len(numbers)]):
            if begin in attempts:
                self._begin_attempt(int(numbers[begin - 1]) if begin else max(self._last.values()), int(numbers[begin]))
            part = slice(begin, end)
            at = None if times is None else times[part]
            self._points(names, [column[part] for column in columns], numbers[part], at)

    def _points(
        self, names: Sequence[str], columns: Sequence[Numbers], steps: NDArray[np.int64], times: Numbers | None
    ) -> None:
        for name, column in zip(names, columns, strict=True):
            there = np.isfinite(column)
            if there.all():
                if len(steps):
                    self._point(name, steps, column, times)
            elif there.any():
                self._point(name, steps[there], column[there], None if times is None else times[there])

    def _point(self, name: str, steps: NDArray[np.int64], values: Numbers, times: Numbers | None) -> None:
        with np.errstate(over="ignore"):
            self._teller.points(name, steps, values.astype(np.float32), times)
        if name in self._last or len(self._last) < _MOST_NAMES:
            self._last[name] = int(steps[-1])

    def _begin_attempt(self, before: int, step: int) -> None:
        self._teller.went_back(step)
        self._teller.alert(
            f"From step {before:,} it went back to step {step:,}: another attempt begins there, and takes the place of "
            "what was measured from there on."
        )
        self._last = {name: at for name, at in self._last.items() if at < step}

    def _attempts(self, names: Sequence[str], columns: Sequence[Numbers], steps: NDArray[np.int64]) -> list[int]:
        """The rows at which what was measured before is measured again: where another attempt begins."""
        before = np.concatenate([[max(self._last.values(), default=-1)], steps[:-1]])
        back = np.flatnonzero(steps < before)
        if len(back) > MOST_ATTEMPTS:
            return []
        return [int(row) for row in back if self._again(names, columns, steps, int(row))]

    def _again(self, names: Sequence[str], columns: Sequence[Numbers], steps: NDArray[np.int64], row: int) -> bool:
        """Whether something that a row measures was measured before at a later step."""
        for name, column in zip(names, columns, strict=True):
            if np.isfinite(column[row]):
                earlier = np.flatnonzero(np.isfinite(column[:row]))
                last = int(steps[earlier[-1]]) if len(earlier) else self._last.get(name, -1)
                if last >= steps[row]:
                    return True
        return False


def count_not_shown(not_shown: Counter[str], kind: str, count: int = 1) -> None:
    """Count what is not shown, of few kinds however many names a log has."""
    if count:
        not_shown[kind if kind in not_shown or len(not_shown) < _MOST_KINDS else "values of other names"] += count
