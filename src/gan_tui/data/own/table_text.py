"""The rows of a CSV or TSV file as texts: its encoding, what stands between its columns, whether it has a header.

Without numpy. All that is told from a file's first lines is told here; what columns mean is for `columns`.
"""

from __future__ import annotations

import codecs
import csv
import errno
import io
import re
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from itertools import chain, islice
from pathlib import Path
from typing import NoReturn

from gan_tui.data.stand_ins import stand_in
from gan_tui.errors import UserError, told
from gan_tui.system import untrusted_files
from gan_tui.text import harmless

LARGEST_FILE = 200_000_000
"""Bytes; a longer table is refused unread."""
MOST_ROWS = 2_000_000
MOST_COLUMNS = 4096
MISSING = frozenset((
    "", "na", "n/a", "nan", "null", "?", "-", "<na>",
    "#n/a", "#na", "#null!", "#div/0!", "#value!", "#ref!", "#name?", "#num!", "#error!",
    "#nv", "#wert!", "#bezug!", "#zahl!",
))  # fmt: skip
"""What stands where nothing is known, in small letters; a spreadsheet's errors, of which some have German names."""
AT_ONCE = 4096
"""Rows that are looked at together."""

_LOOKED_AT = 30
"""First lines that tell what stands between columns."""
_MARKS = {"\t": "tabs", ";": "semicolons", ",": "commas"}
"""In the order in which they are preferred: commas stand in numbers and sentences, too."""
_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d{1,3})?", re.ASCII)
_DIGITS = re.compile(r"[0-9.eE+\n-]*", re.ASCII)
"""What numbers are made of, and nothing else that `float` takes for one."""
_MARK_SAID = re.compile(r"sep=([^\r\n]?)[\r\n]*")
"""What a spreadsheet program writes before the first row, and reads itself."""
_NO_MARKS = ("", '"')
"""What cannot stand between columns."""
_QUOTES = (
    "has a quote that is not closed, or with something between it and the next column; write quotes in quotes twice"
)

_TOO_LONG = f"has a cell of more than {csv.field_size_limit():,} characters; shorten it, or leave its column out"


@dataclass(frozen=True)
class TableText:
    """How a file's text is to be read."""

    path: Path
    encoding: str
    mark: str
    """Between columns."""
    decimal: str
    """The mark in numbers: a point, or a comma."""
    names: tuple[str, ...]
    """Of the columns: as the header has them, else "column 1", …"""
    has_header: bool
    notes: tuple[str, ...] = ()

    def number(self, cell: str) -> float | None:
        """The number that a cell is; None for words."""
        text = cell.replace(",", ".") if self.decimal == "," and "." not in cell else cell
        if len(text) > 60 or not _NUMBER.fullmatch(text):
            return None
        value = float(text)
        return value if abs(value) < 1e300 else None  # whose squares are finite in sums is for others to say

    def all_numbers(self, cells: Sequence[str]) -> list[float] | None:
        """The numbers that cells are, all of them, as `number` gives each and far sooner; None where any is none."""
        text = "\n".join(cells)
        if self.decimal == "," and "." not in text:
            text = text.replace(",", ".")
        parts = text.split("\n")
        if not _DIGITS.fullmatch(text) or len(parts) != len(cells):
            return None
        try:
            values = list(map(float, parts))
        except ValueError:
            return None
        return values if max(map(abs, values), default=0.0) < 1e300 else None

    def chunks(self, content: bytes) -> Iterator[list[tuple[str, ...]]]:
        """The cells of each row below the header, some rows at a time. Raises UserError that names the line."""
        rows = self._rows(content)
        while chunk := list(islice(rows, AT_ONCE)):
            yield chunk

    def _rows(self, content: bytes) -> Iterator[tuple[str, ...]]:
        wanted, count = len(self.names), 0
        for line, cells in islice(_cells(self.path, content, self.encoding, self.mark), int(self.has_header), None):
            if len(cells) != wanted:
                has = f"has {_columns(len(cells))}, and the first row {wanted}"
                refuse(self.path, f"{has}; give every row as many", line)
            if (count := count + 1) > MOST_ROWS:
                refuse(self.path, f"has more than {MOST_ROWS:,} rows; name a table with fewer")
            yield tuple(map(str.strip, cells))


def read_text(path: Path) -> bytes:
    """The content of a table's file. Raises UserError: a sentence with what it is instead."""
    try:
        content = untrusted_files.read(path, LARGEST_FILE)
    except OSError as error:
        if error.errno == errno.EFBIG:
            refuse(path, f"is larger than {LARGEST_FILE // 1_000_000} MB; name a table with fewer rows or columns")
        if error.errno in (errno.EISDIR, errno.EINVAL):
            refuse(path, "is no file; name a CSV file")
        raise UserError(f"Cannot read the table {harmless(str(path))}: {told(error, 'check the path')}.") from None
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) or content[1:200:2].count(0) > 20:
        refuse(path, "is text in UTF-16; save it as CSV in UTF-8")
    if content and (what := stand_in(content)):
        refuse(path, what)
    if content.startswith((b"PK\3\4", b"\x1f\x8b", b"\xd0\xcf\x11\xe0")):
        refuse(path, "is a packed file or one of a spreadsheet program, not text; unpack it, or save it as CSV")
    if b"\0" in content:
        refuse(path, "is not text; name a CSV file")
    return content


def text_of(path: Path, content: bytes) -> TableText:
    """How to read a table. Raises UserError where it is none."""
    notes: tuple[str, ...] = ()
    encoding = "utf-8-sig"
    try:
        content.decode(encoding)
    except UnicodeDecodeError:
        encoding, named = _old_encoding(content)
        notes = (f"its text is no UTF-8 and was read as {named}",)
    if not content.decode(encoding).strip():
        refuse(path, "is empty; name a table with a row for each example")
    mark = _mark(path, content, encoding)
    first = [cells for _, cells in islice(_cells(path, content, encoding, mark), _LOOKED_AT)]
    table = TableText(path, encoding, mark, _decimal(mark, first), (), False, notes)
    return _with_names(table, [cell.strip() for cell in first[0]])


def _old_encoding(content: bytes) -> tuple[str, str]:
    """(encoding, its name) of text that is no UTF-8. Windows writes letters where Latin-1 has signs of no sight."""
    if _OF_WINDOWS.search(content):
        with suppress(UnicodeDecodeError):
            content.decode("cp1252")
            return "cp1252", "Windows-1252"
    return "latin-1", "Latin-1"


_OF_WINDOWS = re.compile(rb"[\x80-\x9f]")


def _with_names(table: TableText, first: list[str]) -> TableText:
    """With a header where no cell of the first row is a number, and some are words."""
    if len(first) > MOST_COLUMNS:
        refuse(table.path, f"has {len(first):,} columns; name a table with at most {MOST_COLUMNS:,}")
    words = [cell.lower() not in MISSING and table.number(cell) is None for cell in first]
    has_header = any(words) and not any(table.number(cell) is not None for cell in first)
    names = tuple(harmless(cell, 80) if has_header and cell else f"column {n}" for n, cell in enumerate(first, start=1))
    for n, name in enumerate(names):
        if name in names[:n]:
            refuse(table.path, f'has two columns called "{name}"; give one of them another name')
    by_number = () if has_header else ("it has no header, so its columns are called by their numbers",)
    return replace(table, names=names, has_header=has_header, notes=(*table.notes, *by_number))


def _mark(path: Path, content: bytes, encoding: str) -> str:
    """What stands between columns: what parts the first lines into as many cells each, or most of them into some."""
    begin = content[:20].decode(encoding, "replace").splitlines(keepends=True)
    if begin and (said := _MARK_SAID.fullmatch(begin[0])):
        if said[1] in _NO_MARKS:
            refuse(path, "says sep= without a mark that can stand between columns; write sep=, or leave the line out")
        return said[1]
    counts = {mark: _counts(path, content, encoding, mark) for mark in _MARKS}
    even = [mark for mark, found in counts.items() if len(set(found)) == 1 and found[0] > 1]
    if even:
        return even[0]
    usual = {mark: max(set(found), key=found.count) for mark, found in counts.items() if found}
    most = max(_MARKS, key=lambda mark: usual.get(mark, 1))
    if usual.get(most, 1) < 2 and (failed := [mark for mark in _MARKS if not counts[mark]]):
        list(islice(_cells(path, content, encoding, failed[-1]), _LOOKED_AT))  # says why
    if usual.get(most, 1) < 2:
        refuse(path, "has no commas, semicolons or tabs between columns; save it as CSV with two columns at least")
    return most


def _counts(path: Path, content: bytes, encoding: str, mark: str) -> list[int]:
    """How many cells the first lines have with this mark between them."""
    try:
        return [len(cells) for _, cells in islice(_cells(path, content, encoding, mark), _LOOKED_AT)]
    except UserError:
        return []  # whose quotes are not for this mark, or whose cells are too long with it


def _decimal(mark: str, first: list[list[str]]) -> str:
    """The mark in numbers: a comma where one stands in them and no point does, between other columns than by commas."""
    cells = [cell.strip() for row in first for cell in row]
    commas = any(re.fullmatch(r"[+-]?\d*,\d+", cell, re.ASCII) for cell in cells)
    points = any(re.fullmatch(r"[+-]?\d*\.\d+", cell, re.ASCII) for cell in cells)
    return "," if mark != "," and commas and not points else "."


def _cells(path: Path, content: bytes, encoding: str, mark: str) -> Iterator[tuple[int, list[str]]]:
    """(line, cells) of each row that is not blank. Raises UserError where quotes do not fit."""
    lines = io.TextIOWrapper(io.BytesIO(content), encoding, newline="")
    begin = lines.readline()
    skipped = bool(_MARK_SAID.fullmatch(begin))
    reader = csv.reader(lines if skipped else chain([begin], lines), delimiter=mark, strict=True)
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                yield reader.line_num + skipped, cells
    except csv.Error as error:
        too_long = "field limit" in str(error)
        refuse(path, _TOO_LONG if too_long else _QUOTES, reader.line_num + skipped)


def _columns(count: int) -> str:
    return f"{count} column{'s' * (count != 1)}"


def refuse(path: Path, what: str, line: int = 0) -> NoReturn:
    """Raises UserError: the file, the line where one can be named, and what is wrong with it."""
    where = f", line {line:,}:" if line else ""
    raise UserError(f"{harmless(str(path), 300)}{where} {what}.")
