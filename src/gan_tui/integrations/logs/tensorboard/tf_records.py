"""TFRecords: where they begin in a file that grows, and the next ones where one of them is broken.

A record is its length (8 bytes), a checksum of that, its data, and a checksum of these. A broken length would lose all
that follows: then the next place is looked for whose 12 bytes are a length with its checksum.
"""

import itertools
import os
import struct
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gan_tui.integrations.logs.tensorboard import crc
from gan_tui.system.untrusted_files import opened

Places = NDArray[np.int64]
HEAD, FOOT = 12, 4
LONGEST = 1 << 25
"""Bytes of a record with head and foot; a longer one is passed over without being held in memory."""
_length_at = struct.Struct("<Q").unpack_from
_checksum_at = struct.Struct("<I").unpack_from
_WALKED = 64
"""Records of which the lengths are read one by one, to see whether they recur."""
_LONGEST_PERIOD = 24
_LOOKED_AT = 1 << 16
"""Bytes that are looked through at once for where a record begins."""


@dataclass(frozen=True)
class Block:
    """Some records of a file that follow each other."""

    data: bytes
    """With a few more bytes behind it than are of the file."""
    offset: int
    """Where the data begin in the file."""
    starts: Places
    """Where each record begins, in the data."""
    lengths: Places
    """How long the data of each are, without head and foot."""
    end: int
    """Where the last one ends."""

    def sound_data(self, place: int) -> tuple[int, int]:
        """Where the data of the record at a place begin and end. Raises ValueError where they are damaged."""
        begin = place + HEAD
        end = begin + int(_length_at(self.data, place)[0])
        if crc.masked(self.data[begin:end]) != _checksum_at(self.data, end)[0]:
            raise ValueError("another checksum")
        return begin, end


class RecordFile:
    """Reads the records of one file from where it last stopped."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.offset = 0
        """Up to where it was read and understood."""
        self.damaged = 0
        self.replaced = False
        """Whether what was read is there no more: another file has its name, or it was cut."""
        self.changed = 0.0
        """When it had last grown, seconds since 1970."""
        self._identity: tuple[int, int] | None = None
        self._before = b""
        """The last bytes before `offset`: where the file has others there, it was written anew."""
        self._read_whole: tuple[int, int] | None = None
        """How long and how old the file was when there was no more whole record in it."""
        self._lost = False
        """Whether a place is looked for where a record begins."""

    def read(self, size: int) -> Block | None:
        """The next records, from about so many bytes; None when there is nothing new. Raises OSError."""
        found = self.path.stat()
        if self._read_whole == (found.st_size, found.st_mtime_ns) and not self._is_another(found):
            return None
        with opened(self.path) as file:
            found = os.fstat(file.fileno())
            file.seek(self.offset - len(self._before))
            if self._is_another(found) or file.read(len(self._before)) != self._before:
                self.replaced = True
                return None
            self.changed = found.st_mtime
            data = file.read(size)
            whole = self._length(data)
            if len(data) < whole <= LONGEST:
                data += file.read(whole - len(data))
        begun, too_long = self.offset, LONGEST < whole <= found.st_size - self.offset
        block = self._passed(whole) if too_long else self._block(data)
        consumed = self.offset - begun
        self._before = b"" if too_long else (self._before + data[max(0, consumed - _TELLING) : consumed])[-_TELLING:]
        self._read_whole = None if block else (found.st_size, found.st_mtime_ns)
        return block

    def _is_another(self, found: os.stat_result) -> bool:
        identity = (found.st_dev, found.st_ino)
        self._identity = self._identity or identity
        return identity != self._identity or found.st_size < self.offset

    @staticmethod
    def _length(data: bytes) -> int:
        """Of the first record, with head and foot; 0 where its head is broken, or not there."""
        sound = len(data) >= HEAD and crc.masked(data[:8]) == _checksum_at(data, 8)[0]
        return HEAD + FOOT + int(_length_at(data)[0]) if sound else 0

    def _passed(self, length: int) -> Block:
        """Nothing, and so much was passed over."""
        self.damaged += not self._lost
        self.offset += length
        return Block(b"", self.offset, _numbers([]), _numbers([]), 0)

    def _block(self, data: bytes) -> Block | None:
        """The records that are whole at the beginning of data; what is broken there is passed over."""
        block = whole_records(data, self.offset)
        if len(block.starts):
            self._lost = False
            self.offset += block.end
            return block
        if len(data) < HEAD or 0 < self._length(data) <= LONGEST:
            return None  # it may still come
        block = self._passed(_to_a_head(data))
        self._lost = True
        return block


_TELLING = 64
"""Bytes that tell whether a file is the one that was read."""
_BEHIND = 16
"""Bytes behind the data of a block, so that it may be read by words."""
_SHORT = 1 << 12
"""Bytes of data, up to which records are many."""


def _numbers(found: Sequence[int]) -> Places:
    return np.array(found, np.int64)


def whole_records(data: bytes, offset: int) -> Block:
    """The records at the beginning of data, as far as their lengths lead within them and are sound.

    Lengths recur, with the tags of each step. So many records are walked along one by one, and where their lengths
    recur, all that would follow are compared at once.
    """
    parts: list[Places] = []
    at, size = 0, len(data)
    while True:
        walked: list[int] = []
        while len(walked) < _WALKED and at + HEAD <= size:
            end = at + HEAD + FOOT + _length_at(data, at)[0]
            if end > size:
                break
            walked.append(at)
            at = end
        parts.append(_numbers(walked))
        if len(walked) < _WALKED:
            break
        more, at = _recurring(data, walked, at)
        parts.append(more)
    starts = np.concatenate(parts)
    lengths = np.diff(starts, append=at) - (HEAD + FOOT)
    count = _sound(data, starts, lengths)
    end = at if count == len(starts) else int(starts[count])
    return Block(data + bytes(_BEHIND), offset, starts[:count], lengths[:count], end)


def _recurring(data: bytes, walked: list[int], at: int) -> tuple[Places, int]:
    """Records behind those that were walked along, while their lengths go on recurring; and where the last one ends."""
    lengths = [after - before for before, after in itertools.pairwise([*walked, at])]
    period = next((n for n in range(1, _LONGEST_PERIOD) if lengths[:-n] == lengths[n:]), 0)
    if not period:
        return _numbers([]), at
    cycle = lengths[-period:]
    count = (len(data) - at) // sum(cycle)
    places = (at + np.arange(count)[:, None] * sum(cycle) + np.cumsum([0, *cycle[:-1]])).ravel()
    expected = np.tile(np.array(cycle, np.uint64) - np.uint64(HEAD + FOOT), count)
    differs = np.flatnonzero(_numbers_at(data, "<u8", places) != expected)
    same = int(differs[0]) if len(differs) else len(places)
    return places[:same], int(places[same - 1]) + cycle[(same - 1) % period] if same else at


def _numbers_at(data: bytes, kind: str, places: Places) -> NDArray[np.unsignedinteger[Any]]:
    """Numbers of a kind that begin at some places of the data, which lie within it."""
    count = len(data) - np.dtype(kind).itemsize + 1
    found: NDArray[np.unsignedinteger[Any]] = np.ndarray((max(0, count),), kind, data, 0, (1,))[places]
    return found


def _sound(data: bytes, starts: Places, lengths: Places) -> int:
    """How many records come before the first whose length has another checksum."""
    kinds = np.flatnonzero(np.bincount(np.minimum(lengths, _SHORT)))
    sums = np.zeros(_SHORT + 1, np.uint32)
    sums[kinds] = [crc.masked(int(kind).to_bytes(8, "little")) for kind in kinds]
    expected = sums[np.minimum(lengths, _SHORT)]
    for place in np.flatnonzero(lengths >= _SHORT).tolist():
        expected[place] = crc.masked(int(lengths[place]).to_bytes(8, "little"))
    differs = np.flatnonzero(_numbers_at(data, "<u4", starts + 8) != expected)
    return int(differs[0]) if len(differs) else len(starts)


def _to_a_head(data: bytes) -> int:
    """How many bytes come before the next place where a record may begin; all but the last few where there is none."""
    for start in range(1, len(data), _LOOKED_AT):
        part = np.frombuffer(data, np.uint8)[start : start + _LOOKED_AT + HEAD - 1]
        if len(part) < HEAD:
            break
        sums = crc.of_heads(part[:-4])
        stored = np.ndarray((len(part) - HEAD + 1,), "<u4", np.ascontiguousarray(part[8:]), 0, (1,))
        found = np.flatnonzero(sums == crc.unmasked(stored))
        if len(found):
            return start + int(found[0])
    return max(1, len(data) - HEAD + 1)


def record_at(path: Path, offset: int, most: int) -> tuple[bytes, int, int]:
    """(bytes, where the data of the record at a place of a file begin in them, where these end).

    Raises ValueError where there is no sound one, or a longer one; OSError.
    """
    with opened(path) as file:
        file.seek(offset)
        head = file.read(HEAD)
        length = _length_at(head)[0] if len(head) == HEAD else most + 1
        if length > most:
            raise ValueError("no record")
        data = head + file.read(length + FOOT)
    if len(data) < HEAD + length + FOOT:
        raise ValueError("no whole record")
    block = Block(data, offset, _numbers([0]), _numbers([length]), len(data))
    return data, *block.sound_data(0)


def ends(path: Path, size: int) -> Block | None:
    """The last records of a file, from about so many bytes; None where there are none. Raises OSError."""
    with opened(path) as file:
        begin = max(0, file.seek(0, os.SEEK_END) - size)
        file.seek(begin)
        data = file.read(size)
    passed = _to_a_head(b"\0" + data) - 1
    block = whole_records(data[passed:], begin + passed)
    return block if len(block.starts) else None
