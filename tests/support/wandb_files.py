"""W&B's files as W&B writes them, with whatever is to be in them."""

import struct
import zlib
from collections.abc import Iterable

BLOCK = 32_768
HEAD = b":W&B\xbf\xbe\x00"
Item = tuple[bytes, bytes]
"""(name, value as JSON)."""


def wandb_file(rows: Iterable[Iterable[Item]], axes: Iterable[tuple[bytes, bytes]] = ()) -> bytes:
    """The file of a run that logged some rows; `axes` are (metric, what it is said to be measured over)."""
    file = bytearray(HEAD)
    for metric, axis in axes:
        _append(file, _field(12, _field(1, metric) + _field(4, axis)))
    for row in rows:
        _append(file, b"\x08\x01" + _field(2, items(row)))
    return bytes(file)


def items(row: Iterable[Item]) -> bytes:
    """A row as it lies in its record."""
    return b"".join(_field(1, _field(1, name) + _field(16, value)) for name, value in row)


def _append(file: bytearray, record: bytes) -> None:
    """In one piece, in the next block where it has no room in this one."""
    left = BLOCK - len(file) % BLOCK
    if left < 7:
        file += bytes(left)
    elif left < 7 + len(record):
        file += _piece(bytes(left - 7))
    file += _piece(record)


def _piece(content: bytes) -> bytes:
    return struct.pack("<IHB", zlib.crc32(content, zlib.crc32(b"\x01")), len(content), 1) + content


def _field(number: int, content: bytes) -> bytes:
    return _varint(number << 3 | 2) + _varint(len(content)) + content


def _varint(number: int) -> bytes:
    found = b""
    while number > 127:
        found, number = found + bytes([number & 127 | 128]), number >> 7
    return found + bytes([number])
