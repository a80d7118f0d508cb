"""What became of a sweep: a row a combination, which counts every repeat and hides none."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Any

from gan_tui.presets.settings import value_words
from gan_tui.run.metrics import ACCURACY, Metric
from gan_tui.sweep.result import Result
from gan_tui.sweep.sweep import Combination, Job, Sweep
from gan_tui.text import aligned, counted, flowed, four_digits

_NUMBER = re.compile(r"-?\d+(\.\d+)?(e[+-]\d+)?")
MOST_COLUMNS = 4
"""Metrics shown in a table; --json has all."""


@dataclass(frozen=True)
class Row:
    """The repeats of one combination."""

    combination: Combination
    repeats: int
    results: tuple[Result, ...]
    """Of the repeats that were trained, by seed."""
    untrained: tuple[int, ...]
    """Seeds without a result: their training failed, or was not begun."""

    @property
    def first_epochs(self) -> list[int]:
        """Of the repeats that reached what was asked for, by seed."""
        return [result.reached for result in self.results if result.reached is not None]

    @property
    def missed(self) -> list[Result]:
        """The repeats that were trained and did not reach it."""
        return [result for result in self.results if result.reached is None]

    @property
    def diverged(self) -> list[int]:
        """Seeds of the repeats whose numbers were finite no more."""
        return [result.seed for result in self.results if result.ended == "diverged"]

    def last(self, metric: str) -> float | None:
        """The median of a metric at the end, over the repeats that have a finite one."""
        values = [value for result in self.results if (value := result.last.get(metric)) is not None]
        return median(values) if values else None


def rows(sweep: Sweep, results: Mapping[Job, Result]) -> list[Row]:
    """A row for each combination, in the order given."""
    made = []
    for number, combination in enumerate(sweep.combinations):
        there = [(seed, results.get(Job(number, seed))) for seed in sweep.seeds]
        trained = tuple(result for _, result in there if result)
        made.append(Row(combination, sweep.repeats, trained, tuple(seed for seed, result in there if not result)))
    return made


def as_json(sweep: Sweep, table: Sequence[Row]) -> list[dict[str, Any]]:
    """The rows for scripts; epochs are null without --until, and where no repeat got there."""
    return [_json_row(sweep, row) for row in table]


def _json_row(sweep: Sweep, row: Row) -> dict[str, Any]:
    firsts = row.first_epochs
    return {
        "settings": dict(row.combination), "repeats": row.repeats, "trained": len(row.results),
        "reached": len(firsts) if sweep.until else None,
        "median_epoch": median(firsts) if firsts else None,
        "best_epoch": min(firsts, default=None),
        "not_reached": [result.seed for result in row.missed] if sweep.until else None,
        "diverged": row.diverged, "not_trained": list(row.untrained),
        "last": {metric.name: row.last(metric.name) for metric in sweep.with_values(row.combination).metrics},
        "trainings": [
            {"seed": result.seed, "first_epoch": result.reached, "epochs": result.epochs, "steps": result.steps,
             "ended": result.ended, "last": dict(result.last), "judged_by": result.judged_by,
             "course": list(result.course)}
            for result in row.results
        ],
    }  # fmt: skip


# As text ----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Ranked:
    """What is shown of many rows."""

    rows: Sequence[Row]
    metric: Metric | None
    """What they are sorted by."""
    remarks: Sequence[str]
    """Sentences below the table."""
    more: str
    """A paragraph below those, as wide as the terminal may be."""


def text(sweep: Sweep, table: Sequence[Row], columns: int | None = None, ranked: Ranked | None = None) -> str:
    """The table, and a last sentence that counts every training; it fits a terminal of so many `columns`."""
    shown = _columns(sweep, ranked.metric if ranked else None)
    heads = [name for name, _ in sweep.varied] or ["preset"]
    until = ["repeats", "median epoch*", "best epoch", "seeds that did not"] if sweep.until else ["repeats"]
    stars = "**" if sweep.until else "*"
    lines = [[*heads, *until, *(f"{name} at the end{stars}" for name in shown)]]
    for row, values in _values(sweep, ranked.rows if ranked else table, on_the_point=ranked is not None):
        numbers = [_number(row.last(name)) for name in shown]
        lines.append([*values, *(_until_cells(row) if sweep.until else [_trained(row)]), *numbers])
    right = [n for n, head in enumerate(lines[0]) if head.endswith("*") or head == "best epoch"]
    notes = ["*  first epoch that reached it, median over the repeats that did"] if sweep.until else []
    notes.append(f"{stars} mean over the last whole epoch, median over {_those(sweep, table, shown)}")
    notes += ranked.remarks if ranked else []
    parts = [flowed("\n".join(notes), columns), ranked.more if ranked else "", flowed(sentence(sweep, table), columns)]
    return "\n\n".join([aligned(lines, right, columns), *filter(None, parts)])


def _values(sweep: Sweep, rows: Sequence[Row], on_the_point: bool) -> Iterator[tuple[Row, Sequence[str]]]:
    """Each row, with its values in words; numbers may have their decimal points below each other."""
    names = [name for name, _ in sweep.varied]
    columns = [[value_words(row.combination[name]) for row in rows] for name in names]
    if on_the_point:
        columns = [_on_the_point(column) for column in columns]
    yield from zip(rows, zip(*columns, strict=True) if names else [[sweep.preset.name]] * len(rows), strict=True)


def _on_the_point(column: Sequence[str]) -> list[str]:
    if not all(_NUMBER.fullmatch(cell) for cell in column):
        return list(column)
    before = [len(cell.partition(".")[0]) for cell in column]
    return [" " * (max(before) - length) + cell for cell, length in zip(column, before, strict=True)]


def _columns(sweep: Sweep, ranked_by: Metric | None = None) -> list[str]:
    """The metrics in the table: what it is sorted by, what is waited for and the accuracy, or the first few."""
    first = [ranked_by.name] if ranked_by else []
    if sweep.until is None:
        return list(dict.fromkeys([*first, *(metric.name for metric in sweep.metrics)]))[:MOST_COLUMNS]
    named = [sweep.until.metric, *first, *(one.name for one in sweep.metrics if one.group == ACCURACY.group)]
    return list(dict.fromkeys(named))[:MOST_COLUMNS]


def _those(sweep: Sweep, table: Sequence[Row], shown: Sequence[str]) -> str:
    whole = all(
        len(row.results) == row.repeats and all(result.last.get(name) is not None for result in row.results)
        for row in table
        for name in shown
    )
    return "all repeats" if whole else "the repeats that have one"


def _until_cells(row: Row) -> list[str]:
    firsts = row.first_epochs
    reached = f"reached {len(firsts)} of {row.repeats}" + (f", {_untrained(row)}" if row.untrained else "")
    missed = seeds([result.seed for result in row.missed])
    if row.diverged:
        missed += f" (diverged: {seeds(row.diverged)})"
    if not firsts:
        return [reached, "-", "-", missed]
    middle = median(firsts)
    return [reached, f"{middle:,.0f}" if middle == int(middle) else f"{middle:,.1f}", f"{min(firsts):,}", missed or "-"]


def _trained(row: Row) -> str:
    parts = [f"trained {len(row.results)} of {row.repeats}"]
    if row.untrained:
        parts.append(_untrained(row))
    if row.diverged:
        parts.append(f"diverged: {seeds(row.diverged)}")
    return ", ".join(parts)


def _untrained(row: Row) -> str:
    return f"not trained: {seeds(row.untrained)}"


def seeds(numbers: Sequence[int], most: int = 8) -> str:
    """'42-44, 47': ascending seeds, neighbours together; after `most` groups it says how many more there are."""
    groups: list[list[int]] = []
    for number in numbers:
        if groups and groups[-1][-1] == number - 1:
            groups[-1].append(number)
        else:
            groups.append([number])
    named = [str(group[0]) if len(group) == 1 else f"{group[0]}-{group[-1]}" for group in groups[:most]]
    left = sum(map(len, groups[most:]))
    return ", ".join(named) + (f" and {left:,} more" if left else "")


def _number(value: float | None) -> str:
    return "-" if value is None else four_digits(value)


def sentence(sweep: Sweep, table: Sequence[Row]) -> str:
    """How many there are in all, and what became of each."""
    every = sum(row.repeats for row in table)
    trained = [result for row in table for result in row.results]
    reached, untrained = sum(len(row.first_epochs) for row in table), every - len(trained)
    if sweep.until:
        counts = [f"{reached:,} of {every:,} reached {sweep.until}", f"{len(trained) - reached:,} did not"]
    else:
        counts = [f"{len(trained):,} of {every:,} {'was' if len(trained) == 1 else 'were'} trained"]
    if untrained:
        verb = "was" if untrained == 1 else "were"  # they failed, or nobody has begun them yet
        counts.append(f"{untrained:,} {verb} not{' trained' if sweep.until else ''}")
    early = sum(result.ended == "early stopping" for result in trained)
    diverged = sum(result.ended == "diverged" for result in trained)
    notes = [f"{early:,} ended by early stopping"] if early else []
    notes += [f"{diverged:,} diverged: a number was not finite"] if diverged else []
    head = ", ".join(counts[:-1]) + " and " if len(counts) > 1 else ""
    return f"In all, {head}{counts[-1]}" + (f" ({'; '.join(notes)})." if notes else ".")


def heading(sweep: Sweep) -> str:
    """What the sweep is, in a sentence."""
    count, first, last = len(sweep.combinations), sweep.seeds[0], sweep.seeds[-1]
    combinations = counted(count, "combination") + ("" if sweep.drawn is None else " drawn at random")
    repeats = f"seeds {first} to {last}" if sweep.repeats > 1 else f"seed {first}"
    until = f", until {sweep.until}" if sweep.until else ""
    return f"{sweep.preset.name}: {combinations} × {sweep.repeats:,} ({repeats}), {_length(sweep)}{until}"


def left_out(sweep: Sweep) -> list[str]:
    """What is said of combinations that were drawn and cannot be trained."""
    if not sweep.refused:
        return []
    others = "1 other was" if len(sweep.refused) == 1 else f"{len(sweep.refused):,} others were"
    return [f"{others} drawn that cannot be trained: {sweep.refused[0]}"]


def _length(sweep: Sweep) -> str:
    varied = dict(sweep.varied)
    most = "at most " if sweep.until or sweep.preset.settings.get("patience") or "patience" in varied else ""
    if "steps" in varied or "epochs" in varied:
        return f"{most}the {'steps' if 'steps' in varied else 'epochs'} of each combination"
    steps, epochs = sweep.preset.settings["steps"], sweep.preset.settings["epochs"]
    return f"{most}{counted(steps or epochs, 'step' if steps else 'epoch')} each"
