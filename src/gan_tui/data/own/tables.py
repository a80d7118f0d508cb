"""Tables in CSV and TSV files: what lies there, and its rows as numbers for a network.

The label is the column that is learnt. Words in it are classes, and so are whole numbers that are few and come again
and again; other numbers are learnt as numbers. `table_text` reads the text, `columns` tells columns apart.
"""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from gan_tui.data.own.columns import (
    EMPTY,
    ROW_NUMBERS,
    TOO_MANY,
    TOO_MANY_CODES,
    Column,
    Kind,
    Survey,
    left_out,
    with_missing,
)
from gan_tui.data.own.found import MOST_CLASSES, Form, Found
from gan_tui.data.own.table import Table
from gan_tui.data.own.table_text import TableText, read_text, refuse, text_of
from gan_tui.text import harmless, nearest

if TYPE_CHECKING:
    from gan_tui.data.own.table_rows import TableRows

SUFFIXES = (".csv", ".tsv", ".tab")
_OTHERS = (".xlsx", ".xls", ".ods", ".numbers", ".parquet", ".feather", ".json", ".jsonl", ".sqlite", ".arff", ".sav")
"""Tables that are no text, or another."""
_PACKED = (".csv.gz", ".tsv.gz", ".csv.bz2", ".csv.xz", ".zip", ".tar", ".tar.gz", ".tgz", ".7z", ".rar")
MOST_INPUTS = 4096
MOST_NUMBERS = 100_000_000
"""Of all rows as a network takes them: 400 MB, and twice as much while they are read."""
FEW = 20
"""Whole numbers that are as few may be classes."""
OFTEN = 5
"""How many rows each of them must have, on average, unless there are two."""


def look(path: Path, label: str) -> Found | None:
    """What a table holds; None where the path is none. Raises UserError."""
    if path.is_dir() or not is_table(path):
        return None
    table = table_at(path, label)
    return Found(
        path, harmless(path.name, 60), Form.TABLE, table.count, table.names, inputs=table.input_names,
        label=table.label.name, says=_says(table), notes=tuple(_notes(table)),
    )  # fmt: skip


def is_table(path: Path) -> bool:
    """Whether a file is called as tables are. Raises UserError for one of another kind than is read."""
    name = path.name.lower()
    if name.endswith(_OTHERS):
        refuse(path, "is a table of another kind; save it as CSV")
    if name.endswith(_PACKED):
        refuse(path, "is packed; unpack it first")
    return name.endswith(SUFFIXES)


def table_at(path: Path, label: str) -> Table:
    """The table in a file; `label` is the name or number of the column to learn, "" for the last. Raises UserError."""
    text, columns = surveyed(path)
    named = _label(path, columns, label)
    target = _as_label(path, named)
    others = tuple(column for column in columns if column is not named)
    if all(column.kind is Kind.LEFT_OUT for column in others):  # a row's number is better than nothing
        others = tuple(map(_taken_in, others))
    inputs = tuple(column for column in others if column.kind is not Kind.LEFT_OUT)
    if not inputs:
        refuse(path, f"has no column to learn {target.name} from; {left_out(others)}")
    table = Table(text, others, target, inputs, _classes(target), bool(label))
    _refuse_size(path, table)
    return table


def surveyed(path: Path) -> tuple[TableText, tuple[Column, ...]]:
    """How a file is read, and its columns. A file in the same version is looked through once. Raises UserError."""
    try:
        state = path.stat()
    except OSError:
        return _surveyed(path, None)  # says why
    return _surveyed(path, (state.st_ino, state.st_size, state.st_mtime_ns))


@lru_cache(maxsize=4)
def _surveyed(path: Path, version: tuple[int, ...] | None) -> tuple[TableText, tuple[Column, ...]]:
    content = read_text(path)
    text = text_of(path, content)
    survey = Survey(text)
    for rows in text.chunks(content):
        survey.add(rows)
    if survey.rows < 2:
        has = "a single row" if survey.rows else "no rows"
        refuse(path, f"has {has}; name a table with a row for each example")
    return text, survey.columns()


def rows(path: Path, label: str, as_numbers: bool = False) -> TableRows:
    """A table as numbers; `as_numbers` learns a label that is a number as one, however few they are.

    Raises UserError as `look`.
    """
    from gan_tui.data.own import table_rows

    table = table_at(path, label)
    return table_rows.read(replace(table, names=()) if as_numbers else table)


# The label --------------------------------------------------------------


def _label(path: Path, columns: tuple[Column, ...], label: str) -> Column:
    """The column that is named, or the last that holds anything."""
    by_name = {column.name: column for column in columns}
    if not label:
        return next((column for column in reversed(columns) if column.why != EMPTY), columns[-1])
    if label in by_name:
        return by_name[label]
    if label.isascii() and label.isdecimal() and 1 <= int(label[:9]) <= len(columns):
        return columns[int(label[:9]) - 1]
    refuse(path, f'has no column "{harmless(label, 60)}" to learn as the label, {nearest(label, by_name)}')


def _as_label(path: Path, column: Column) -> Column:
    """A column that can be learnt, though it may be none to learn from. Raises UserError where it cannot."""
    other = "name another column with --label"
    if column.why in (TOO_MANY, TOO_MANY_CODES) and not column.words:
        refuse(path, f"has over {MOST_CLASSES:,} different words in {column.name}, too many for classes; {other}")
    kinds = {"": column.kind, ROW_NUMBERS: Kind.NUMBERS, TOO_MANY: Kind.WORDS, TOO_MANY_CODES: Kind.WORDS}
    if column.why not in kinds:
        refuse(path, f"has nothing to learn in its column {column.name} ({column.why}); {other}")
    if len(column.words) == 1 or (not column.words and column.low == column.high):
        refuse(path, f"has the same label in {column.name} wherever there is one; {other}")
    return replace(column, kind=kinds[column.why], why="")


def _classes(label: Column) -> tuple[str, ...]:
    """What the classes of a label are called; none where it is a number to be learnt."""
    if label.kind is Kind.WORDS:
        return label.words
    few = 2 <= len(label.words) <= FEW
    often = len(label.words) == 2 or sum(label.counts) >= OFTEN * len(label.words)
    return label.words if few and often else ()


def _taken_in(column: Column) -> Column:
    return replace(column, kind=Kind.NUMBERS, why="") if column.why == ROW_NUMBERS else column


def _refuse_size(path: Path, table: Table) -> None:
    width = len(table.input_names)
    if width > MOST_INPUTS:
        refuse(path, f"becomes {width:,} inputs, and at most {MOST_INPUTS:,} are learnt from; leave columns out")
    if width * table.count > MOST_NUMBERS:
        refuse(path, f"becomes {width:,} inputs of {table.count:,} rows, which is too much; leave rows or columns out")


# What is said --------------------------------------------------------------


def _says(table: Table) -> str:
    """'150 rows, 4 numbers, species in 3 classes'"""
    numbers = sum(column.kind is Kind.NUMBERS for column in table.inputs)
    words = len(table.inputs) - numbers
    parts = [f"{table.count:,} rows"]
    parts += [f"{numbers:,} number{'s' * (numbers != 1)}"] if numbers else []
    parts += [f"{words:,} column{'s' * (words != 1)} of words"] if words else []
    label = table.label
    learnt = f"in {len(table.names):,} classes" if table.names else f"from {label.low:g} to {label.high:g}"
    return f"{', '.join(parts)}, {label.name} {learnt}"


def _looks_like_a_row(table: Table) -> bool:
    """Whether the names of the columns, all of words, are such as stand below them."""
    columns = (*table.others, table.label)
    return table.text.has_header and all(column.name in column.words for column in columns)


def _notes(table: Table) -> list[str]:
    label = table.label
    last = label.position == len(table.text.names) - 1
    which = f"the last column{'' if last else ' that holds anything'}, {label.name},"
    chosen = "" if table.chosen else f"{which} is learnt; --label names another"
    lacking = f"{label.missing:,} row{'s' * (label.missing != 1)} without a label left out"
    header = "the first row was taken for names, though its words stand below it, too: put a row of names above it"
    said = [
        header if _looks_like_a_row(table) else "", chosen, lacking if label.missing else "",
        left_out(table.others), with_missing(table.inputs),
    ]  # fmt: skip
    return [*table.text.notes, *filter(None, said)]
