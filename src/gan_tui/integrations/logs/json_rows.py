"""Rows that are JSON objects, as columns of numbers; objects in objects give names with slashes."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from itertools import chain
from operator import itemgetter
from typing import Any

import numpy as np
import orjson
from numpy.typing import NDArray

from gan_tui.integrations.logs.rows import count_not_shown

Numbers = NDArray[np.float64]
Row = dict[str, Any]

MOST_NAMES = 4096
"""Of the columns of some rows; more are passed over."""
MOST_VALUES = 1 << 15
"""Rows times names, which are columns at once."""
DEEPEST = 8
"""Objects in objects."""
_NOT_FINITE = re.compile(rb"(?<=[:\[,\s])-?(?:NaN|Infinity)(?=\s*[,}\]])")
_WORDS_OF_NUMBERS = frozenset(("nan", "inf", "-inf", "infinity", "-infinity"))
_NUMBERS = {int, float}
_KINDS = {str: "words in", bool: "true or false in", list: "lists in", dict: "objects in"}


def rows_in(block: bytes) -> tuple[list[Row], int]:
    """(the objects in some whole lines, how many lines hold something else)"""
    if b"NaN" in block or b"Infinity" in block:
        block = _NOT_FINITE.sub(b"null", block)  # as Python writes them, and JSON has not
    lines = [line for line in block.split(b"\n") if line and not line.isspace()]
    try:
        found = orjson.loads(b"[" + b",".join(lines) + b"]")
    except orjson.JSONDecodeError:
        found = [_value(line) for line in lines]
    else:
        if len(found) != len(lines):  # "1,2" is no line of JSON, and is two values in a list
            found = [_value(line) for line in lines]
    rows = [row for row in found if type(row) is dict]
    return rows, len(lines) - len(rows)


def _value(line: bytes) -> Any:
    try:
        return orjson.loads(line)
    except orjson.JSONDecodeError:
        return None


def parts_of(rows: Sequence[Row]) -> Iterator[Sequence[Row]]:
    """Rows that follow each other, few enough that their columns take little room, however many names they have."""
    if len(rows) * len(set(chain.from_iterable(rows))) <= MOST_VALUES:
        yield rows
        return
    begin, names = 0, set[str]()
    for n, row in enumerate(rows):
        names.update(row)
        if (n + 1 - begin) * len(names) > MOST_VALUES and n > begin:
            yield rows[begin:n]
            begin, names = n, set(row)
    yield rows[begin:]


def columns_of(rows: Sequence[Row], not_shown: Counter[str]) -> dict[str, Numbers]:
    """Name → (rows,) numbers, NaN where a row has none; what is no number is counted in `not_shown`."""
    return numbers_of(_values(rows), not_shown)


def numbers_of(values: Mapping[str, Sequence[Any]], not_shown: Counter[str], before: str = "") -> dict[str, Numbers]:
    """The same of name → what each row has, None where it has nothing."""
    columns: dict[str, Numbers] = {}
    for name, found in values.items():
        whole = before + name
        kinds = set(map(type, found)) - {type(None)}
        if dict in kinds and whole.count("/") < DEEPEST:
            objects = [value if type(value) is dict else {} for value in found]
            columns |= numbers_of(_values(objects), not_shown, f"{whole}/")
            found = [None if type(value) is dict else value for value in found]
            kinds -= {dict}
        if not kinds <= _NUMBERS:
            _count(not_shown, whole, found)
            found = [value if type(value) in _NUMBERS else None for value in found]
        if kinds & _NUMBERS:
            columns[whole] = np.array(found, np.float64)
    return columns


def _values(rows: Sequence[Row]) -> dict[str, Sequence[Any]]:
    """Name → what each row has under it."""
    if not rows:
        return {}
    names = list(rows[0])
    if 1 < len(names) <= MOST_NAMES and set(map(len, rows)) == {len(names)}:
        try:
            return dict(zip(names, zip(*map(itemgetter(*names), rows), strict=True), strict=True))
        except KeyError:
            pass
    names = list(dict.fromkeys(chain.from_iterable(rows)))[:MOST_NAMES]
    return {name: [row.get(name) for row in rows] for name in names}


def _count(not_shown: Counter[str], name: str, found: Sequence[Any]) -> None:
    for kind, count in Counter(map(type, found)).items():
        if kind is str:
            count -= sum(type(value) is str and value.lower() in _WORDS_OF_NUMBERS for value in found)
        if kind in _KINDS:
            count_not_shown(not_shown, f"{_KINDS[kind]} {name}", count)
