"""The header of an array in numpy's own format, `numpy.lib.format`, read without numpy, which trusts it."""

from __future__ import annotations

import ast
import re
from typing import IO

NUMBERS = {"b1", "i1", "i2", "i4", "i8", "u1", "u2", "u4", "u8", "f2", "f4", "f8"}
LONGEST_HEADER = 10_000  # bytes; numpy itself refuses to parse longer ones
_WORDS = re.compile(r"[<>|=][SU][1-9]\d{0,5}", re.ASCII)
"""Words of one greatest length, of bytes or of Unicode."""
_MAGIC = b"\x93NUMPY"


def read_header(stream: IO[bytes]) -> tuple[int, tuple[int, ...], str, bool]:
    """(bytes before the contents, shape, type in numpy's letters, whether the first index varies fastest).

    Raises ValueError with the end of a sentence that begins with the array.
    """
    prefix = stream.read(8)
    width = 2 if prefix[6:7] == b"\x01" else 4
    length = int.from_bytes(stream.read(width), "little")
    if prefix[:6] != _MAGIC or length > LONGEST_HEADER:
        raise ValueError("is not an array in numpy's format")
    return 8 + width + length, *_parsed(stream.read(length))


def _parsed(header: bytes) -> tuple[tuple[int, ...], str, bool]:
    try:
        fields = ast.literal_eval(header.decode("latin-1").strip())
        shape, dtype, fortran = fields["shape"], fields["descr"], fields["fortran_order"]
    except (ValueError, SyntaxError, TypeError, KeyError, MemoryError, RecursionError):
        raise ValueError("has a header that cannot be read") from None
    if not (isinstance(shape, tuple) and all(type(size) is int and size >= 0 for size in shape)):
        raise ValueError("has a header that cannot be read")
    if dtype == "|O":
        raise ValueError(
            "is of Python objects, which gan-tui never unpickles (numpy.stack(list(x)) makes a plain array of them)"
        )
    if not (isinstance(dtype, str) and _is_plain(dtype)):
        raise ValueError(f"is of type {dtype}, which is no plain number")
    return shape, dtype, bool(fortran)


def _is_plain(dtype: str) -> bool:
    return (dtype[:1] in ("<", ">", "|", "=") and dtype[1:] in NUMBERS) or bool(_WORDS.fullmatch(dtype))
