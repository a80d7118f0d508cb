"""CRC-32C as TFRecords have it, with numpy: of one piece of any length, and of many rows that differ in a few bytes.

A checksum is linear: that of a row is that of another one, changed by what each byte that differs adds to it, for which
there is a table a place. Rows of a log differ in time, step and value, so that most of the work is saved.
"""

from functools import cache

import numpy as np
from numpy.typing import NDArray

Sums = NDArray[np.uint32]
_POLYNOMIAL = 0x82F63B78
_ONES = 0xFFFFFFFF
_SHORT = 256
"""Bytes, up to which a loop is quicker than arrays."""


def _table() -> Sums:
    table = np.arange(256, dtype=np.uint32)
    for _ in range(8):
        table = np.where(table & 1, (table >> 1) ^ np.uint32(_POLYNOMIAL), table >> 1).astype(np.uint32)
    return table


_BYTES = _table()
_BYTES_LISTED: list[int] = _BYTES.tolist()


def masked(data: bytes) -> int:
    """The checksum as it stands behind data in a TFRecord."""
    crc = _of_few(data) if len(data) <= _SHORT else _of_many(data)
    return (((crc >> 15) | (crc << 17)) + 0xA282EAD8) & _ONES


def _of_few(data: bytes) -> int:
    crc = _ONES
    for byte in data:
        crc = _BYTES_LISTED[(crc ^ byte) & 255] ^ (crc >> 8)
    return crc ^ _ONES


def _of_many(data: bytes) -> int:
    """As rows of equally many bytes, all at once, column by column; then two rows become one until one is left."""
    columns = 1 << ((len(data).bit_length() + 1) // 2)
    rows = 1 << (-(-len(data) // columns) - 1).bit_length()
    square = np.zeros(rows * columns, np.uint8)  # zeros in front of the first byte change nothing
    square[-len(data) :] = np.frombuffer(data, np.uint8)
    square[-len(data) : len(square) - len(data) + 4] ^= 255
    sums = np.zeros(rows, np.uint32)
    for column in np.ascontiguousarray(square.reshape(rows, columns).T):
        sums = _shifted(sums ^ column)
    power = columns.bit_length() - 1
    while len(sums) > 1:
        sums = _applied(_shift(power), sums[::2]) ^ sums[1::2]
        power += 1
    return int(sums[0]) ^ _ONES


def _shifted(sums: Sums) -> Sums:
    """Sums behind which comes another byte, 0."""
    shifted: Sums = _BYTES[sums & np.uint32(255)] ^ (sums >> np.uint32(8))
    return shifted


@cache
def _shift(power: int) -> Sums:
    """(4, 256) what each byte of a sum becomes behind which come 2 ** power bytes of 0."""
    if power == 0:
        numbers = np.arange(256, dtype=np.uint32)
        return np.stack([_shifted(numbers << np.uint32(8 * place)) for place in range(4)])
    half = _shift(power - 1)
    return np.stack([_applied(half, row) for row in half])


def _applied(shift: Sums, sums: Sums) -> Sums:
    found: Sums = shift[0][sums & np.uint32(255)]
    for place in range(1, 4):
        found = found ^ shift[place][(sums >> np.uint32(8 * place)) & np.uint32(255)]
    return found


def changes(length: int, places: list[int]) -> dict[int, Sums]:
    """Place of a byte in data of that length → (256,) what changing it by so many bits changes of the sum."""
    found, change = {}, _BYTES
    for place in range(length - 1, min(places, default=length) - 1, -1):
        if place in places:
            found[place] = change
        change = _shifted(change)
    return found


def unmasked(stored: Sums) -> Sums:
    """The sums that stand masked in a log."""
    rotated = stored - np.uint32(0xA282EAD8)
    return (rotated >> np.uint32(17)) | (rotated << np.uint32(15))


def of_heads(data: NDArray[np.uint8]) -> Sums:
    """The checksum of 8 bytes, as it would be at each place of the data: to find where a record begins."""
    count = len(data) - 7
    crc = np.full(count, _ONES, np.uint32)
    for place in range(8):
        crc = _shifted(crc ^ data[place : place + count])
    return crc ^ np.uint32(_ONES)
