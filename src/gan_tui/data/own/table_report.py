"""What there is to see of a table before anything is learnt from it: its columns, and the rows of each class."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from gan_tui.data.own import tables
from gan_tui.data.own.columns import Column, Kind
from gan_tui.data.own.counted import ClassCount, ColumnReport
from gan_tui.data.own.found import Found
from gan_tui.data.own.table_text import TableText, read_text

BINS = 12
"""Equal parts of the range of numbers, or of words the most frequent."""
MOST_WORDS = 4
"""Words of a column that are told."""


def described(found: Found) -> tuple[tuple[ClassCount, ...], tuple[ColumnReport, ...]]:
    """The rows of each class, none where a number is learnt; and all columns in their order. Raises UserError."""
    table = tables.table_at(found.path, found.label)
    columns = sorted((*table.others, table.label), key=lambda column: column.position)
    histograms = _histograms(table.text, read_text(found.path), columns)
    told = tuple(
        _told(column, histogram, column is table.label) for column, histogram in zip(columns, histograms, strict=True)
    )
    return (tuple(_classes(table.label)) if table.names else ()), told


def _classes(label: Column) -> Iterator[ClassCount]:
    known = sum(label.counts)
    for name, count in zip(label.words, label.counts, strict=True):
        yield ClassCount(name, count, count / known)


def _told(column: Column, histogram: tuple[int, ...], is_label: bool) -> ColumnReport:
    kind = "the label" if is_label else column.kind.value
    values = column.why if column.kind is Kind.LEFT_OUT else _values(column)
    return ColumnReport(column.name, kind, values, column.missing / max(1, column.rows), histogram)


def _values(column: Column) -> str:
    if column.kind is Kind.NUMBERS:
        return f"{column.low:g} to {column.high:g}"
    more = len(column.words) - MOST_WORDS
    return ", ".join(column.words[:MOST_WORDS]) + (f" and {more:,} more" if more > 0 else "")


def _histograms(text: TableText, content: bytes, columns: Sequence[Column]) -> list[tuple[int, ...]]:
    """How many values lie in each part of a column's range, or bear each word; none of columns left out."""
    numbers = [column for column in columns if column.kind is Kind.NUMBERS and column.low < column.high]
    counts = {column.position: [0] * BINS for column in numbers}
    for rows in text.chunks(content):
        cells = list(zip(*rows, strict=True))
        for column in numbers:
            _count(counts[column.position], map(text.number, cells[column.position]), column)
    return [tuple(counts.get(column.position, _of_words(column))) for column in columns]


def _count(bins: list[int], values: Iterable[float | None], column: Column) -> None:
    for value in values:
        if value is not None:
            share = (value - column.low) / (column.high - column.low)
            bins[min(int(share * BINS), BINS - 1)] += 1


def _of_words(column: Column) -> list[int]:
    return sorted(column.counts, reverse=True)[:BINS] if column.kind is Kind.WORDS else []
