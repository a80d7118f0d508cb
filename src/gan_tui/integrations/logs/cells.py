"""The text of a table as numbers: a block of whole lines at once, what stands between cells and in numbers told apart.

Nearly all blocks hold nothing but numbers and empty cells: orjson reads them at once. Of a block with words or quotes
each line is read by itself, so that one that is damaged costs itself alone.
"""

import csv
import re
import warnings
from collections import Counter
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field

import numpy as np
import orjson
from numpy.typing import NDArray

from gan_tui.integrations.logs.text_files import BOM

Table = NDArray[np.float64]
"""(rows, columns); NaN where a cell is empty, or no number."""

MARKS = ("\t", ";", ",", "|", " ")
"""What may stand between cells, in the order in which it is preferred; of spaces, any number and tabs."""
_LOOKED_AT = 50
"""First lines that tell what stands between cells."""
_LONG_LOOK = 1 << 18
"""Bytes of them."""
_EVEN_SHARE = 0.8
"""Of the first lines of a table: as many have as many cells as the header, at least."""
_TELLING_NAMES = 8
"""First names of a header, one of which must be in another one below it."""
_LONGEST_HEADER = 1 << 16
"""Bytes of one that is looked for below the first."""
_PLAIN = b"0123456789+-.eE"
_MISSING = re.compile(rb"(?i)(?<=,)[+-]?(?:nan|inf|infinity|na|n/a|none|null|-|\?)(?=,)")
_SAID_MARK = re.compile(rb'(?:\xef\xbb\xbf)?"?sep=[^\r\n]?"?\r?\n?')
"""What a spreadsheet program writes before the header, and reads itself."""
_GAP = re.compile(rb"[ \t]+")
_NUMBER = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?|(?i:[+-]?(?:nan|inf|infinity))", re.ASCII)
_LONGEST_NUMBER = 400
"""Characters."""
MISSING_WORDS = frozenset(("", "na", "n/a", "none", "null", "-", "?", "nan"))
"""What stands where nothing was measured, in small letters."""


@dataclass(frozen=True)
class Layout:
    """How the lines of a table are to be read."""

    mark: str
    """Between cells."""
    names: tuple[str, ...]
    """Of the columns; "column 1", … without a header."""
    header: bytes
    """The line with the names, which another program may write again where it goes on; empty without one."""


@dataclass(frozen=True)
class Cells:
    """What a block of lines holds."""

    table: Table
    damaged: int = 0
    """Lines with other than as many cells as there are columns."""
    words: Mapping[int, int] = field(default_factory=dict)
    """Column → how many of its cells are words, where some are."""


def is_no_row(line: bytes) -> bool:
    """Whether a line holds nothing that is measured: it is blank, or tells people or programs about the table."""
    return not line.strip() or line.removeprefix(BOM).startswith(b"#") or bool(_SAID_MARK.fullmatch(line))


def layout_of(lines: Sequence[bytes]) -> Layout | None:
    """How a table is to be read whose first lines these are; None where they are no table of numbers."""
    texts = [line.decode("utf-8-sig", "replace").rstrip("\r") for line in _first(lines)]
    if any("\0" in text for text in texts):
        return None
    sound = [(n, text) for n, text in enumerate(texts) if not is_no_row(lines[n])]
    if not sound:
        return None
    mark = _mark([text for _, text in sound])
    rows = [_split(text, mark) for _, text in sound]
    first = [cell.strip() for cell in rows[0]]
    has_header = not any(number(cell, mark) is not None for cell in first) and any(map(str.isprintable, first))
    names = _apart(first) if has_header else [f"column {n}" for n in range(1, len(first) + 1)]
    data = [row for row in rows[has_header:] if len(row) == len(names)]
    if data and not any(number(cell, mark) is not None for row in data for cell in row):
        return None
    return Layout(mark, tuple(names), lines[sound[0][0]].rstrip(b"\r") if has_header else b"")


def _apart(names: Sequence[str]) -> list[str]:
    """Names of columns, of which no two are the same: "loss", then "loss (2)"."""
    taken, count = set(names), Counter[str]()
    found = list[str]()
    for name in names:
        own, count[name] = name, count[name] + 1
        while name and count[name] > 1 and own in taken:
            own = f"{name} ({count[name]})"
            count[name] += own in taken
        taken.add(own)
        found.append(own)
    return found


def parts(block: bytes, layout: Layout) -> list[tuple[bytes, Layout]]:
    """The rows of a block, each with what they are to be read by: whoever goes on with a table of before, perhaps with
    other columns, may write a header of their own in the middle of it."""
    known = [name.encode() for name in layout.names[:_TELLING_NAMES] if layout.header and name]
    if not any(name in block for name in known):
        return [(block, layout)]
    found, begin, at = list[tuple[bytes, Layout]](), 0, 0
    for line in block.split(b"\n")[:-1]:
        end = at + len(line) + 1
        if other := _header(line, layout):
            found.append((block[begin:at], layout))
            layout, begin = other, end
        at = end
    return [*found, (block[begin:], layout)]


def _header(line: bytes, layout: Layout) -> Layout | None:
    """How the rows below a line are to be read; None of a line that is a row: a header shares most names with the one
    before, and holds no number."""
    if len(line) > _LONGEST_HEADER:
        return None
    text = line.removeprefix(BOM).rstrip(b"\r")
    names = [cell.strip() for cell in _split(text.decode("utf-8", "replace"), layout.mark)]
    known = set(layout.names) - {""}
    if 2 * len(known.intersection(names)) < min(len(known), len(names)) or len(names) < 2 <= len(known):
        return None
    if any(number(name, layout.mark) is not None or name.lower() in MISSING_WORDS - {""} for name in names):
        return None
    return Layout(layout.mark, tuple(_apart(names)), text)


def is_table(lines: Sequence[bytes], layout: Layout) -> bool:
    """Whether the first lines of a file are those of a table: rows that are as long, with a column of numbers."""
    rows = [line for line in _first(lines) if not is_no_row(line)][bool(layout.header) :]
    if not rows:
        return False
    by_header = parts(b"\n".join(rows) + b"\n", layout)
    cells = cells_of(by_header[0][0], layout)
    numbers = (~np.isnan(cells.table)).sum(axis=0)
    sound = sum(len(cells_of(block, below).table) for block, below in by_header[1:]) + len(by_header) - 1
    even = len(cells.table) + sound >= _EVEN_SHARE * len(rows)
    wordy = bool(cells.words) and (layout.mark == " " or len(layout.names) == 1)
    return even and not wordy and bool((2 * numbers > len(cells.table)).any() or numbers.sum() > len(layout.names))


def _first(lines: Sequence[bytes]) -> Sequence[bytes]:
    """The first lines, as many as are soon looked at."""
    lengths = np.cumsum([len(line) for line in lines[:_LOOKED_AT]])
    return lines[: max(2, int(np.searchsorted(lengths, _LONG_LOOK)))][:_LOOKED_AT]


def number(cell: str, mark: str = ",") -> float | None:
    """The number that a cell is, with a decimal comma where other marks part cells; None for words, and for nothing."""
    text = cell.strip()
    if mark != ",":
        text = text.replace(",", ".", 1)
    return float(text) if len(text) <= _LONGEST_NUMBER and _NUMBER.fullmatch(text) else None


def cells_of(block: bytes, layout: Layout) -> Cells:
    """The numbers in some whole lines below the header."""
    table = _only_numbers(block, layout)
    if table is not None:
        return Cells(table)
    block = _usual_lines(block, layout.mark)
    if not block:
        return Cells(np.empty((0, len(layout.names))))
    table = _numbers_and_gaps(block, layout)
    return Cells(table) if table is not None else _by_line(block, layout)


def _only_numbers(block: bytes, layout: Layout) -> Table | None:
    """The table of a block that holds as many numbers in each row, as JSON has them, and nothing else; None of others.

    What is looked at here is what most blocks cost.
    """
    mark, columns = layout.mark.encode(), len(layout.names)
    lines = block.count(b"\n")
    if len(block) < 2 * columns * lines or block.translate(None, _PLAIN) != (mark * (columns - 1) + b"\n") * lines:
        return None
    try:
        found = orjson.loads(b"[" + block[:-1].translate(bytes.maketrans(mark + b"\n", b",,")) + b"]")
    except orjson.JSONDecodeError:
        return None
    return np.fromiter(found, np.float64, len(found)).reshape(-1, columns) if len(found) == columns * lines else None


def _usual_lines(block: bytes, mark: str) -> bytes:
    """With one line end alone behind each line, without blank lines, with one mark between cells."""
    if b"\r" in block:
        block = block.replace(b"\r\n", b"\n")
    if mark == " ":
        block = b"\n".join(_GAP.sub(b" ", line.strip(b" \t")) for line in block.split(b"\n"))
    block = block.lstrip(b"\n")
    while b"\n\n" in block:
        block = block.replace(b"\n\n", b"\n")
    return block


def _numbers_and_gaps(block: bytes, layout: Layout) -> Table | None:
    """The table of a block that holds numbers and empty cells alone, as many in each row; None of any other."""
    mark, columns = layout.mark.encode(), len(layout.names)
    if not _is_even(block, mark, columns):
        return None
    if layout.mark != ",":
        block = block.replace(b",", b".")
    text = b"," + block.translate(bytes.maketrans(mark + b"\n", b",,"))
    if text.translate(None, _PLAIN + b","):
        text = _MISSING.sub(b"", text)
        if text.translate(None, _PLAIN + b", "):
            return None
    for _ in range(2):
        text = text.replace(b",,", b",null,")
    try:
        found = np.array(orjson.loads(b"[" + text[1:-1] + b"]"), np.float64)
    except orjson.JSONDecodeError:  # numbers as JSON does not have them: +1, .5, 007
        found = _read_by_numpy(text[1:-1].replace(b"null", b"nan"))
    return found.reshape(-1, columns) if len(found) == block.count(b"\n") * columns else None


def _is_even(block: bytes, mark: bytes, columns: int) -> bool:
    """Whether each line has as many cells, as their marks alone tell."""
    read = np.frombuffer(block, np.uint8)
    ends = read == 10
    marks = read[ends | (read == mark[0])]
    if len(marks) % columns:
        return False
    last = marks.reshape(-1, columns)[:, -1] == 10
    return bool(last.all()) and int(np.count_nonzero(ends)) == len(last)


def _read_by_numpy(text: bytes) -> Table:
    """The numbers before the first that is none."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        try:
            return np.fromstring(text.decode("ascii"), sep=",", dtype=np.float64)
        except ValueError:
            return np.empty(0)


def _by_line(block: bytes, layout: Layout) -> Cells:
    """The table of lines some of which have words, quotes, or too few or too many cells."""
    columns = len(layout.names)
    lines = block.split(b"\n")[:-1]
    whole = [line.decode("utf-8", "replace") for line in lines if _may_have(line, columns, layout.mark)]
    rows = [row for text in whole if len(row := _split(text, layout.mark)) == columns]
    if not rows:
        return Cells(np.empty((0, columns)), len(lines))
    table, words = np.empty((len(rows), columns)), {}
    for n, cells in enumerate(zip(*rows, strict=True)):
        table[:, n], words[n] = _column(cells, layout.mark)
    return Cells(table, len(lines) - len(rows), {n: count for n, count in words.items() if count})


def _may_have(line: bytes, columns: int, mark: str) -> bool:
    """Whether a line may be parted into so many cells."""
    marks = line.count(mark.encode()) if mark != " " else columns - 1
    return (
        b"\0" not in line
        and (marks >= columns - 1 if b'"' in line else marks == columns - 1)
        and not line.count(b'"') % 2
    )


def _column(cells: Sequence[str], mark: str) -> tuple[Table, int]:
    """(the numbers that cells are, how many are words)"""
    with suppress(ValueError):
        return np.array(list(map(float, cells))), 0
    found = [number(cell, mark) for cell in cells]
    unread = [cell for cell, value in zip(cells, found, strict=True) if value is None]
    return np.array(found, np.float64), sum(cell.strip().lower() not in MISSING_WORDS for cell in unread)


def _split(text: str, mark: str) -> list[str]:
    """The cells of a line."""
    if '"' not in text:
        return text.split(mark) if mark != " " else text.split()
    try:
        return next(csv.reader([text], delimiter=mark, skipinitialspace=mark == " "), [])
    except csv.Error:
        return []


def _mark(texts: Sequence[str]) -> str:
    """What stands between cells: what parts the first lines into as many each, or most of them into some."""
    best, most = ",", 0.0
    for mark in MARKS:
        counts = [len(_split(text, mark)) for text in texts]
        usual = max(set(counts), key=counts.count)
        share = counts.count(usual) / len(counts) if usual > 1 else 0.0
        if share > most:
            best, most = mark, share
    return best
