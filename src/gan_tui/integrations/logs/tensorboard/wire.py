"""Protobuf's wire format: the fields of a message, one after the other, without knowing what they mean.

A reader of few messages needs ten lines of it, and TensorFlow's or protobuf's packages take longer to load than a log
takes to read.
"""

from collections.abc import Iterator

VARINT, EIGHT_BYTES, BYTES, FOUR_BYTES = 0, 1, 2, 5
"""What a field is on the wire."""
MOST_FIELDS = 100_000
"""Of one message; histograms and summaries have far fewer."""
_LONGEST_VARINT = 10

Field = tuple[int, int, int, int, int]
"""(its number, what it is on the wire, where it begins, where it ends, its value where it is a varint)."""


def fields(data: bytes, start: int, end: int) -> Iterator[Field]:
    """The fields of a message in `data[start:end]`. Raises ValueError where it is none, or has too many."""
    count = 0
    while start < end:
        count += 1
        if count > MOST_FIELDS:
            raise ValueError("there are too many fields in a message")
        key, start = varint(data, start, end)
        wire = key & 7
        if wire == VARINT:
            value, after = varint(data, start, end)
            yield key >> 3, wire, start, after, value
        else:
            value = 0
            if wire == BYTES:
                length, start = varint(data, start, end)
            elif wire in (EIGHT_BYTES, FOUR_BYTES):
                length = 8 if wire == EIGHT_BYTES else 4
            else:
                raise ValueError(f"no field of a message is {wire} on the wire")
            after = start + length
            if after > end:
                raise ValueError("a field goes beyond its message")
            yield key >> 3, wire, start, after, value
        start = after


def varint(data: bytes, start: int, end: int) -> tuple[int, int]:
    """(the number, where it ends). Raises ValueError where it does not end."""
    value = 0
    for place in range(start, min(end, start + _LONGEST_VARINT)):
        byte = data[place]
        value |= (byte & 127) << (7 * (place - start))
        if byte < 128:
            return value, place + 1
    raise ValueError("a number without an end")


def signed(value: int) -> int:
    """A varint as a number of 64 bits with a sign."""
    value &= (1 << 64) - 1
    return value - (1 << 64) if value >> 63 else value
