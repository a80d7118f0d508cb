"""Which column of a table is the step, as people and tools call it and as its numbers tell; and which is the time."""

import re
from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.float64]

_NO_NAMES = ("", "unnamed:_0")
"""What pandas calls the numbers of rows."""
_STEPS = (
    "step", "global_step", "steps", "_step", "train_step", "training_step", "iteration", "iterations", "iter", "iters",
    "it", "n_iter", "update", "updates", "num_updates", "n_updates", "total_timesteps", "timesteps", "timestep",
    "time_step", "total_steps", "total_env_steps", "env_steps", "num_env_steps", "samples_seen", "examples_seen",
    "tokens_seen", "batch", "batches", "epoch", "epochs", "round", "episode", "generation", "index", "idx", "row",
    *_NO_NAMES, "#", "i", "n", "t", "x",
)  # fmt: skip
"""In the order in which they are taken: what counts finer comes before epochs, the number of a row comes last."""
_ROW = "index"
"""From here on they may be metrics, too."""
_EPOCHS = ("epoch", "epochs", "round", "episode")
_TIMES = ("time", "timestamp", "wall_time", "walltime", "date", "datetime", "wall time", "unix_time", "epoch_time")
_FIRST_TIME = 1e9
"""Seconds since 1970; smaller numbers under such a name are durations."""
_LAST_STEP = 2.0**53
_MOST_TRIED = 16
"""Columns whose numbers are looked at, the likeliest."""
_ODD_SHARE = 0.1
"""Of the rows: as many may go back or stand still, as where a training began again."""


def plain(name: str) -> str:
    """A name as it is compared: without case, signs and what stands before the last slash."""
    return re.sub(r"[\s-]+", "_", name.strip().lower().rpartition("/")[2])


def step_columns(names: Sequence[str]) -> list[int]:
    """The columns that may be the step, by their names, the likeliest first."""
    known = [(_STEPS.index(word), n) for n, name in enumerate(names) if (word := plain(name)) in _STEPS]
    return [n for _, n in sorted(known)]


def epoch_columns(names: Sequence[str]) -> list[int]:
    return [n for n in step_columns(names) if plain(names[n]) in _EPOCHS]


def counts_beside(name: str) -> bool:
    """Whether a column counts something beside the step, and is no metric."""
    return plain(name) in (*_STEPS[: _STEPS.index(_ROW)], *_NO_NAMES)


def step_column(names: Sequence[str], columns: Sequence[Numbers]) -> int | None:
    """The column that counts steps, of a table that may be sparse; None where rows must be counted."""
    candidates = step_columns(names)
    measured = [n for n in range(len(names)) if n not in candidates]
    return next((n for n in candidates[:_MOST_TRIED] if Judge().holds(names, columns, columns[n], measured)), None)


class Judge:
    """Watches whether a column goes on being what counts steps: whole, and rising but for where a training began again.

    It is not, where what is measured is measured again and again at the same step, as with several rows an epoch, nor
    where it goes back whenever an epoch ends, since then it counts the steps of an epoch.
    """

    def __init__(self) -> None:
        self._rows = self._again = self._back = self._back_with_epoch = 0
        self._before: dict[str, float] = {}
        """The last row, by column."""
        self._step = np.nan

    def holds(self, names: Sequence[str], columns: Sequence[Numbers], steps: Numbers, measured: Sequence[int]) -> bool:
        """Whether it still does, after some more rows; `measured` are the columns that may repeat at no step."""
        known = np.flatnonzero(~np.isnan(steps))
        found = steps[known]
        if not len(found):
            return True
        if not np.all((found == np.floor(found)) & (found >= 0) & (found < _LAST_STEP)):
            return False
        before = np.concatenate([[self._step], found[:-1]])
        self._rows += len(found)
        if not np.all(found > before):
            self._note(names, [column[known] for column in columns], found, before, measured)
        self._step = found[-1]
        self._before = {name: column[known[-1]] for name, column in zip(names, columns, strict=True)}
        even = self._again <= max(1, _ODD_SHARE * self._rows) and self._back <= max(1, self._rows / 2)
        return even and not 2 * self._back_with_epoch > self._back

    def _note(
        self, names: Sequence[str], columns: Sequence[Numbers], steps: Numbers, before: Numbers, measured: Sequence[int]
    ) -> None:
        same, back = np.flatnonzero(steps == before), steps < before
        shared = np.zeros(len(same), bool)
        for n in measured if len(same) else ():
            there = ~np.isnan(self._with_row_before(names[n], columns[n]))
            shared |= there[same] & there[same + 1]
        self._again += int(np.count_nonzero(shared))
        self._back += int(np.count_nonzero(back))
        for n in epoch_columns(names) if back.any() else ():
            later = np.diff(self._with_row_before(names[n], columns[n])) > 0
            self._back_with_epoch += int(np.count_nonzero(back & later))

    def _with_row_before(self, name: str, column: Numbers) -> Numbers:
        return np.concatenate([[self._before.get(name, np.nan)], column])


def time_column(names: Sequence[str], columns: Sequence[Numbers]) -> int | None:
    """The column with the time of each row, in seconds since 1970."""
    for n, name in enumerate(names):
        if plain(name).strip("_") in _TIMES:
            found = columns[n][~np.isnan(columns[n])]
            if len(found) and found.min() > _FIRST_TIME:
                return n
    return None


def last_of(names: Sequence[str], columns: Sequence[Numbers], rows_before: Callable[[], int | None]) -> int:
    """The last step of some rows, before which there are others, counted where none is told; 0 of too many."""
    if not columns or not len(columns[0]):
        return 0
    if (step := step_column(names, columns)) is None:
        before = rows_before()
        return 0 if before is None else before + len(columns[0])
    found = columns[step][~np.isnan(columns[step])]
    return int(found[-1]) if len(found) else 0
