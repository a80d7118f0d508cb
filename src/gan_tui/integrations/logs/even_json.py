"""Rows of JSON that all look the same but for their numbers, as a program writes them that logs each step: read as a
table, at twice the speed, since no object is made of any row.

Each name, with the signs around it, is put for one byte of its own; where nothing is left then but these bytes, in
the same order in each line, and numbers, the numbers are those of the names. Any other block is read row by row.
"""

import re
from collections.abc import Sequence

import numpy as np
import orjson
from numpy.typing import NDArray

_NAME = re.compile(rb'[{,]\s*"([^"\\]*)"\s*:\s*')
_PLAIN = b"0123456789+-.eE"
_MARKS = bytes((*range(1, 9), *range(14, 32)))
"""Bytes that stand for names; JSON has none of them. With more names than these, rows are read one by one."""
_WORTH = 16
"""Rows; fewer are read sooner as they are."""


def table_of(block: bytes) -> tuple[Sequence[str], NDArray[np.float64]] | None:
    """(names, (rows, names) numbers) of whole lines; None where they do not all look the same."""
    lines = block.count(b"\n")
    first = block[: block.find(b"\n") + 1]
    found = list(_NAME.finditer(first))
    count = len(found)
    if lines < _WORTH or not 1 <= count <= len(_MARKS) or len({name[1] for name in found}) < count:
        return None
    marks = _MARKS[:count]
    if block.translate(None, marks) != block:
        return None
    for n, name in enumerate(found):
        block = block.replace(name[0], marks[n : n + 1])
    if block.translate(None, _PLAIN) != (marks + b"}\n") * lines:
        return None
    flat = block.translate(bytes.maketrans(marks, b"," * count), b"}\n")
    try:
        values = orjson.loads(b"[" + flat[1:] + b"]")
        names = [name[1].decode() for name in found]
    except (orjson.JSONDecodeError, UnicodeDecodeError):
        return None
    return names, np.fromiter(values, np.float64, len(values)).reshape(-1, count)
