"""The points of a CSV file of `x,y,class`, line by line, without numpy; or what is wrong with it, in a sentence."""

from __future__ import annotations

import codecs
import errno
import re
from collections.abc import Iterator
from pathlib import Path
from typing import NoReturn

from gan_tui.data.stand_ins import stand_in
from gan_tui.errors import UserError, told
from gan_tui.system import untrusted_files
from gan_tui.text import harmless

LARGEST_FILE = 1_000_000
"""Bytes; a longer CSV is refused unread."""
MOST_POINTS = 10_000
CLASSES = 10
"""A CSV's classes are whole numbers below this."""
COLUMNS = ("x", "y", "class")

_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?", re.ASCII)
Row = tuple[float, float, int]
"""x, y, class."""


def rows(path: Path) -> list[Row]:
    """All points of a file, of two classes at least. Raises UserError: one sentence that says where it is wrong."""
    found = list(_parsed(path, _text(path)))
    if not found:
        _refuse(path, "is empty; expected a line x,y,class for each point, such as 0.25,0.75,1")
    if len({row[2] for row in found}) < 2:
        _refuse(path, f"has only points of class {found[0][2]}; expected at least two classes")
    return found


def _text(path: Path) -> str:
    try:
        content = untrusted_files.read(path, LARGEST_FILE)
    except OSError as error:
        if error.errno == errno.EFBIG:
            _refuse(path, f"is larger than {LARGEST_FILE:,} bytes; expected at most {MOST_POINTS:,} points")
        if error.errno in (errno.EISDIR, errno.EINVAL):
            _refuse(path, "is not a file; expected a CSV file of x,y,class")
        raise UserError(f"Cannot read the points {harmless(str(path))}: {told(error, 'check the path')}.") from None
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        _refuse(path, "is text in UTF-16; save it as CSV in UTF-8")
    if content and (what := stand_in(content)):
        _refuse(path, what)
    if b"\0" in content:
        _refuse(path, "is not text; expected a CSV file of x,y,class")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        _refuse(path, "is not text in UTF-8; save it as CSV in UTF-8")


def _parsed(path: Path, text: str) -> Iterator[Row]:
    """The rows of a file's text; blank lines are passed over, and so is a header before the first row."""
    count, first = 0, True
    for number, line in enumerate(re.split(r"\r\n|\r|\n", text), start=1):
        cells = [cell.strip().strip('"') for cell in line.split(",")]
        if not line.strip():
            continue
        if first and tuple(cell.lower() for cell in cells) == COLUMNS:
            first = False
            continue
        if first:
            _check_first(path, number, line, cells)
        first = False
        if (count := count + 1) > MOST_POINTS:
            _refuse(path, f"has more than {MOST_POINTS:,} points", line=number)
        if len(cells) != 3:
            missing = COLUMNS[len(cells)] if len(cells) < 3 else "nothing more"
            _refuse(path, f"expected {missing} (a line is x,y,class)", number, min(len(cells), 3) + 1)
        yield (
            _coordinate(path, number, 1, cells[0]),
            _coordinate(path, number, 2, cells[1]),
            _class(path, number, cells[2]),
        )


_OTHER_MARKS = {";": "semicolons", "\t": "tabs"}
"""What spreadsheets put between columns where a comma stands in numbers, or by choice."""


def _check_first(path: Path, number: int, line: str, cells: list[str]) -> None:
    """Raises UserError where the first line that says anything shows that all are of another form."""
    for mark, name in _OTHER_MARKS.items():
        if mark in line:
            _refuse(path, f"has {name} between its columns; expected commas, and points in numbers: 0.25,0.75,1")
    if len(cells) == 3 and not any(_NUMBER.fullmatch(cell[:1000]) for cell in cells):
        _refuse(path, f'expected the header x,y,class or none, not "{harmless(line.strip(), 40)}"', number)


def _coordinate(path: Path, line: int, column: int, cell: str) -> float:
    value = float(cell) if len(cell) <= 1000 and _NUMBER.fullmatch(cell) else -1.0
    if not 0 <= value <= 1:
        _refuse(path, f'expected {COLUMNS[column - 1]}, a number from 0 to 1, not "{harmless(cell, 40)}"', line, column)
    return value


def _class(path: Path, line: int, cell: str) -> int:
    if not re.fullmatch(r"\d(\.0*)?", cell, re.ASCII):
        expected = f"expected a class, a whole number from 0 to {CLASSES - 1}"
        _refuse(path, f'{expected}, not "{harmless(cell, 40)}"', line, 3)
    return int(cell[0])


def _refuse(path: Path, what: str, line: int = 0, column: int = 0) -> NoReturn:
    where = f", line {line}" * bool(line) + f", column {column}" * bool(column)
    raise UserError(f"{harmless(str(path))}{where}{':' if line else ''} {what}.")
