"""Which combinations of a sweep were best, and which values those have."""

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median
from typing import Any

from gan_tui.errors import UserError
from gan_tui.presets.settings import value_words
from gan_tui.run.metrics import Metric
from gan_tui.sweep import table
from gan_tui.sweep.judging import LOSSES, badness, judge
from gan_tui.sweep.ranges import Range
from gan_tui.sweep.sweep import Sweep
from gan_tui.sweep.table import Ranked, Row
from gan_tui.text import aligned, harmless, nearest

MOST_ROWS = 20
"""Of a table, unless others are asked for; with more combinations than that, those of a grid are sorted, too."""
_FEWEST = 8
"""Combinations of which it means something what the best of them have in common."""
_MOST_WORDS = 6
"""Values of one setting that are counted by name."""


@dataclass(frozen=True)
class Look:
    """How a person wants to see the table."""

    by: str | None = None
    """The metric that says what is best; None leaves it to the sweep."""
    rows: int | None = None
    """How many of the best."""

    @property
    def most_rows(self) -> int:
        return self.rows or MOST_ROWS

    def sorts(self, sweep: Sweep) -> bool:
        """Whether the best come first; the rows of a small grid stay in the order given."""
        return bool(self.by or self.rows or sweep.drawn is not None or len(sweep.combinations) > MOST_ROWS)


USUAL = Look()


def measure(sweep: Sweep, by: str | None) -> Metric | None:
    """The metric that says what is best: the one asked for, or the sweep's judge; None where there is none.

    Raises UserError where the sweep has no metric of the name asked for.
    """
    known = {metric.name: metric for metric in sweep.metrics}
    if by is not None and by not in known:
        raise UserError(f'--by: {sweep.preset.name} has no metric "{harmless(by, 60)}", {nearest(by, known)}.')
    return known[by] if by is not None else judge(known.values(), sweep.until.metric if sweep.until else None)


def best_first(sweep: Sweep, rows: Sequence[Row], by: str | None) -> list[Row]:
    """The rows, sorted; of those as good as each other, the one of the least loss first."""
    known = {metric.name: metric for metric in sweep.metrics}
    metric = measure(sweep, by)
    metrics = [*([metric] if metric else []), *(known[name] for name in LOSSES if name in known)]
    by_epochs = sweep.until is not None and by is None

    def place(row: Row) -> tuple[float, ...]:
        firsts = row.first_epochs
        there = (-len(firsts), median(firsts) if firsts else math.inf) if by_epochs else ()
        return (*there, *(_badness(row, metric) for metric in metrics))

    return sorted(rows, key=place)


def _badness(row: Row, metric: Metric) -> float:
    """The median at the end over the repeats, more being worse; one that diverged is worse than any other."""
    return median([badness(result, metric.name, metric.falls) for result in row.results] or [math.inf])


# As text ----------------------------------------------------------------------------------------


def text(sweep: Sweep, rows: Sequence[Row], look: Look, columns: int | None = None) -> str:
    """The table as a person wants to see it, in a terminal of so many `columns`."""
    if not look.sorts(sweep):
        return table.text(sweep, rows, columns)
    metric = measure(sweep, look.by)
    ranked = best_first(sweep, rows, look.by)
    remarks, best = [_order(sweep, metric, look), *_rest(ranked, look)], _best(sweep, ranked, metric, columns)
    return table.text(sweep, rows, columns, Ranked(ranked[: look.most_rows], metric, remarks, best))


def _order(sweep: Sweep, metric: Metric | None, look: Look) -> str:
    if metric is None:
        return f"In the order {'given' if sweep.drawn is None else 'of drawing'}; --by METRIC puts the best first."
    if sweep.until and look.by is None:
        return "Best first: most repeats that reached it, then fewest epochs."
    return f"Best first: {'least' if metric.falls else 'most'} {metric.name} at the end."


def _rest(ranked: Sequence[Row], look: Look) -> list[str]:
    most, every = look.most_rows, len(ranked)
    return [f"{most:,} of {every:,} combinations; --rows {every} shows all."] if most < every else []


def _best(sweep: Sweep, ranked: Sequence[Row], metric: Metric | None, columns: int | None) -> str:
    """What the best quarter has in common; nothing where there are few."""
    sound = [row for row in ranked if metric and _badness(row, metric) < math.inf]
    if len(sound) < _FEWEST:
        return ""
    best = sound[: len(sound) // 4]
    lines = [
        (f"  {name}", _common([row.combination[name] for row in best], given), f"of {_given(given)}")
        for name, given in sweep.varied
    ]
    return f"The best {len(best)} have\n{aligned(lines, (), columns)}"


def _common(values: Sequence[Any], given: Sequence[Any]) -> str:
    """A range where there are many numbers; else the values, those that are there most often first."""
    numbers = all(isinstance(each, Range | int | float) and not isinstance(each, bool) for each in given)
    if numbers and sum(each.size if isinstance(each, Range) else 1 for each in given) > _MOST_WORDS:
        return f"{value_words(min(values))} to {value_words(max(values))}"
    counts = Counter(values).most_common()
    words = [f"{value_words(value)} ({count}×)" for value, count in counts[:_MOST_WORDS]]
    return ", ".join([*words, *(["…"] if len(counts) > _MOST_WORDS else [])])


def _given(values: Sequence[Any]) -> str:
    words = [str(each) if isinstance(each, Range) else value_words(each) for each in values]
    return ", ".join(words if len(words) <= _MOST_WORDS else [*words[:2], "…", words[-1]])
