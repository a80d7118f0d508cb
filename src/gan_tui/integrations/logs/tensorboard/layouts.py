"""Where the numbers lie in an event that holds plain scalars: most events of a log differ in nothing else."""

from dataclasses import dataclass

from gan_tui.integrations.logs.tensorboard.found import plugin_of
from gan_tui.integrations.logs.tensorboard.wire import BYTES, EIGHT_BYTES, FOUR_BYTES, VARINT, fields

FLOAT = 1
"""What TensorFlow calls single precision."""
_SUMMARIES_MOST = 64
"""Scalars in one event that are read at once."""


@dataclass(frozen=True)
class Layout:
    """Of an event's data."""

    scalars: tuple[tuple[bytes, int], ...]
    """(tag, where its number in single precision begins)"""
    time: int
    """Where its double begins."""
    step: tuple[int, int]
    """Where its varint begins and ends; an empty place where it is 0 and not written."""


def layout(data: bytes) -> Layout | None:
    """None where an event holds more, or other things, than scalars. Raises ValueError where it is none."""
    time, step, found = -1, (0, 0), list[tuple[bytes, int]]()
    for number, wire, begin, after, _ in fields(data, 0, len(data)):
        if number == 1 and wire == EIGHT_BYTES:
            time = begin
        elif number == 2 and wire == VARINT:
            step = begin, after
        elif number == 5 and wire == BYTES:
            for inner, kind, first, last, _ in fields(data, begin, after):
                scalar = _scalar(data, first, last) if inner == 1 and kind == BYTES else None
                if scalar is None:
                    return None
                found.append(scalar)
        else:
            return None
    plain = found and time >= 0 and len(found) <= _SUMMARIES_MOST and step[1] - step[0] <= 8
    return Layout(tuple(found), time, step) if plain else None


def _scalar(data: bytes, start: int, end: int) -> tuple[bytes, int] | None:
    tag, at = b"", -1
    for number, wire, begin, after, _ in fields(data, start, end):
        if number == 1 and wire == BYTES:
            tag = data[begin:after]
        elif number == 2 and wire == FOUR_BYTES:
            at = begin
        elif number == 8 and wire == BYTES:
            at = _single(data, begin, after)
        elif number in (4, 5, 6) or (number == 9 and plugin_of(data, begin, after)[0] not in ("", "scalars")):
            return None
    return (tag, at) if tag and at >= 0 else None


def _single(data: bytes, start: int, end: int) -> int:
    """Where the only number of a tensor begins; -1 where it is another kind of tensor."""
    kind, at = 0, -1
    for number, wire, begin, after, value in fields(data, start, end):
        if number == 1 and wire == VARINT:
            kind = value
        elif number in (4, 5) and wire in (BYTES, FOUR_BYTES) and after - begin == 4:
            at = begin
        elif number == 2 and after > begin:  # it has axes
            return -1
    return at if kind == FLOAT else -1
