"""A W&B file's records: in blocks of 32 KiB, as LevelDB's log has them, each in one piece or several with checksums.

A piece that is broken costs its record; where its length cannot be trusted, what is left of its block.
"""

import struct
import zlib
from collections.abc import Iterator

BLOCK = 32_768
HEAD = b":W&B"
HEAD_LENGTH = 7
"""Bytes before the first piece: four letters, a number of two bytes, a version."""
LONGEST_RECORD = 1 << 24
"""Bytes; a longer one is passed over."""
_PIECE = struct.Struct("<IHB")
_WHOLE, _FIRST, _MIDDLE, _LAST = 1, 2, 3, 4
_BROKEN = 0
_KINDS = {kind: zlib.crc32(bytes([kind])) for kind in (_WHOLE, _FIRST, _MIDDLE, _LAST)}
"""Kind of a piece → the checksum of that byte, which comes before what is in the piece."""


class Pieces:
    """Puts records together from stretches of a file, in their order."""

    def __init__(self) -> None:
        self.damaged = 0
        self._parts: list[bytes] | None = None
        """Of a record that has begun; None between records, and in one whose beginning is broken."""
        self._length = 0

    def records(self, data: bytes, start: int) -> tuple[list[bytes], int]:
        """The records that are whole in a stretch that begins at `start` of the file, and the place after the last
        whole piece of them."""
        found: list[bytes] = []
        after = start
        for kind, piece, after in _pieces(data, start):  # noqa: B007
            if kind == _WHOLE:
                self._lost()
                found.append(piece)
            elif kind == _BROKEN:
                self._broken()
            elif (record := self._joined(piece, kind)) is not None:
                found.append(record)
        return found, after

    def _joined(self, piece: bytes, kind: int) -> bytes | None:
        """The record that is whole with a piece."""
        if kind == _FIRST:
            self._lost()
            self._parts, self._length = [], 0
        if self._parts is None:
            return None  # the beginning was broken, and counted
        self._parts.append(piece)
        self._length += len(piece)
        if self._length > LONGEST_RECORD:
            self._broken()
        if kind != _LAST or self._parts is None:
            return None
        record, self._parts = b"".join(self._parts), None
        return record

    def _lost(self) -> None:
        """A record begins while another had no end."""
        if self._parts is not None:
            self._broken()

    def _broken(self) -> None:
        self.damaged += 1
        self._parts = None


def _pieces(data: bytes, start: int) -> Iterator[tuple[int, bytes, int]]:
    """(kind, content, where in the file it ends) of each piece that is whole in a stretch of it."""
    place, end, crc32 = 0, len(data), zlib.crc32
    while place + _PIECE.size <= end:
        left = BLOCK - (start + place) % BLOCK
        if left < _PIECE.size:
            place += left  # too little for a piece
            continue
        checksum, length, kind = _PIECE.unpack_from(data, place)
        known = kind in _KINDS and length + _PIECE.size <= left
        after = place + (_PIECE.size + length if known else left)
        if after > end:
            break  # its end is not there yet
        piece = data[place + _PIECE.size : after] if known else b""
        sound = known and crc32(piece, _KINDS[kind]) == checksum
        place = after
        yield kind if sound else _BROKEN, piece, start + after
