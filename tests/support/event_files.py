"""Event files as TensorBoard's tools write them, made here: of any events, and long ones quickly.

Nothing of gan-tui is in it; what the tools themselves wrote is in tests/fixtures/logs.
"""

import itertools
import struct
from collections.abc import Sequence
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

Bytes = NDArray[np.uint8]


@cache
def _table() -> NDArray[np.uint32]:
    table = []
    for byte in range(256):
        for _ in range(8):
            byte = (byte >> 1) ^ (0x82F63B78 if byte & 1 else 0)
        table.append(byte)
    return np.array(table, np.uint32)


@cache
def _listed() -> list[int]:
    return [int(number) for number in _table()]


def checksums(rows: Bytes) -> Bytes:
    """(count, 4) the masked CRC-32C of each row of (count, length)."""
    crc, table = np.full(len(rows), 0xFFFFFFFF, np.uint32), _table()
    for column in rows.T:
        crc = table[(crc ^ column) & np.uint32(255)] ^ (crc >> np.uint32(8))
    crc ^= np.uint32(0xFFFFFFFF)
    masked = ((crc >> np.uint32(15)) | (crc << np.uint32(17))) + np.uint32(0xA282EAD8)
    return masked.view(np.uint8).reshape(-1, 4)


def record(data: bytes) -> bytes:
    """A TFRecord."""
    head = struct.pack("<Q", len(data))
    return head + _checksum(head) + data + _checksum(data)


def _checksum(data: bytes) -> bytes:
    crc, table = 0xFFFFFFFF, _listed()
    for byte in data:
        crc = table[(crc ^ byte) & 255] ^ (crc >> 8)
    crc ^= 0xFFFFFFFF
    return struct.pack("<I", (((crc >> 15) | (crc << 17)) + 0xA282EAD8) & 0xFFFFFFFF)


def varint(number: int) -> bytes:
    number &= (1 << 64) - 1
    found = bytearray()
    while number > 127:
        found.append(number & 127 | 128)
        number >>= 7
    return bytes([*found, number])


def field(number: int, content: bytes | int) -> bytes:
    """A field of a message: bytes, or a number."""
    if isinstance(content, int):
        return varint(number << 3) + varint(content)
    return varint(number << 3 | 2) + varint(len(content)) + content


def event(step: int, *parts: bytes, time: float = 1_700_000_000.0) -> bytes:
    return b"\x09" + struct.pack("<d", time) + field(2, step) + b"".join(parts)


def summary(*values: bytes) -> bytes:
    return field(5, b"".join(field(1, value) for value in values))


def scalar(tag: str, value: float) -> bytes:
    """As the first version of summaries has it, PyTorch's among them."""
    return field(1, tag.encode()) + b"\x15" + struct.pack("<f", value)


def scalar_v2(tag: str, value: float) -> bytes:
    """As TensorFlow 2 has it, after the first of a tag."""
    return field(1, tag.encode()) + field(8, field(1, 1) + field(2, b"") + b"\x22\x04" + struct.pack("<f", value))


def version() -> bytes:
    return record(b"\x09" + struct.pack("<d", 1_700_000_000.0) + field(3, b"brain.Event:2"))


def scalars(tag: str, points: Sequence[tuple[int, float]], time: float = 1_700_000_000.0) -> bytes:
    """Records of one tag, a second apart."""
    return b"".join(
        record(event(step, summary(scalar(tag, value)), time=time + n)) for n, (step, value) in enumerate(points)
    )


def long_file(path: Path, tags: Sequence[str], steps: int, v2: bool = True) -> None:
    """A file of many steps of some tags, a tenth of a second apart; the value is the sine of step × (1 + place)."""
    make = scalar_v2 if v2 else scalar
    with path.open("wb") as file:
        file.write(version())
        ends = [0, *(end for end in (1 << 7, 1 << 14, 1 << 21) if end < steps), steps]
        for first, last in itertools.pairwise(ends):
            for begin in range(first, last, 100_000):
                file.write(_rows(np.arange(begin, min(last, begin + 100_000)), tags, make).tobytes())


def _rows(steps: NDArray[np.int64], tags: Sequence[str], make: object) -> Bytes:
    """(count, bytes) the records of each step; all of them have steps of as many bytes."""
    parts = []
    for place, tag in enumerate(tags):
        like = np.frombuffer(record(event(int(steps[0]), summary(make(tag, 0.0)))), np.uint8)  # type: ignore[operator]
        rows = np.tile(like, (len(steps), 1))
        size = len(varint(int(steps[0])))
        rows[:, 13:21] = (1_700_000_000.0 + steps / 10).view(np.uint8).reshape(-1, 8)
        for n in range(size):
            rows[:, 22 + n] = ((steps >> (7 * n)) & 127) | (128 if n < size - 1 else 0)
        values = np.sin(steps * (1.0 + place)).astype(np.float32)
        rows[:, -8:-4] = values.view(np.uint8).reshape(-1, 4)
        rows[:, -4:] = checksums(rows[:, 12:-4])
        parts.append(rows)
    return np.concatenate(parts, axis=1)
