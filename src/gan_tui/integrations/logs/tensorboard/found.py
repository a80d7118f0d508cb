"""What an event of TensorBoard's holds, read one by one: images, histograms, texts, and whatever is rare."""

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field

from gan_tui.integrations.logs.tensorboard.tf_records import Block, Places
from gan_tui.integrations.logs.tensorboard.wire import BYTES, EIGHT_BYTES, FOUR_BYTES, VARINT, fields, signed

_double = struct.Struct("<d").unpack_from
_float = struct.Struct("<f").unpack_from
SESSION_START = 1
Span = tuple[int, int]
"""Where bytes begin and end."""


@dataclass
class Value:
    """One value of a summary."""

    tag: str = ""
    kind: str = ""
    """scalar, image, histogram, audio or tensor, as it lies in the file."""
    plugin: str = ""
    """Which part of TensorBoard shows it, where that is told."""
    number: float = 0.0
    span: Span = (0, 0)
    """Of an image, a histogram, a tensor."""
    plugin_span: Span = (0, 0)
    """Of what the plugin keeps about it."""


@dataclass
class Found:
    """An event."""

    time: float = 0.0
    step: int = 0
    values: list[Value] = field(default_factory=list)
    version: str = ""
    session: int = 0
    others: list[str] = field(default_factory=list)
    """What else there is, in words."""


_OTHERS = {4: "graphs", 6: "log messages", 8: "run metadata", 9: "graphs"}


def events_in(block: Block, places: Places) -> Iterator[tuple[int, "Found | None"]]:
    """The events of the records at some places of a block, with these; None for one that is damaged."""
    for place in places.tolist():
        try:
            yield place, event(block.data, *block.sound_data(place))
        except ValueError:
            yield place, None


def event(data: bytes, start: int, end: int) -> Found:
    """The event in some bytes. Raises ValueError where they are none."""
    found = Found()
    for number, wire, begin, after, value in fields(data, start, end):
        if number == 1 and wire == EIGHT_BYTES:
            found.time = _double(data, begin)[0]
        elif number == 2 and wire == VARINT:
            found.step = signed(value)
        elif number == 3 and wire == BYTES:
            found.version = _words(data, begin, after)
        elif number == 5 and wire == BYTES:
            found.values += _values(data, begin, after)
        elif number == 7 and wire == BYTES:
            found.session = next((v for n, w, _, _, v in fields(data, begin, after) if n == 1 and w == VARINT), 0)
        elif number in _OTHERS:
            found.others.append(_OTHERS[number])
    return found


def _values(data: bytes, start: int, end: int) -> Iterator[Value]:
    for number, wire, begin, after, _ in fields(data, start, end):
        if number == 1 and wire == BYTES:
            yield _value(data, begin, after)


_KINDS = {4: "image", 5: "histogram", 6: "audio", 8: "tensor"}


def _value(data: bytes, start: int, end: int) -> Value:
    value = Value()
    for number, wire, begin, after, _ in fields(data, start, end):
        if number == 1 and wire == BYTES:
            value.tag = _words(data, begin, after)
        elif number == 2 and wire == FOUR_BYTES:
            value.kind, value.number = "scalar", _float(data, begin)[0]
        elif number in _KINDS and wire == BYTES:
            value.kind, value.span = _KINDS[number], (begin, after)
        elif number == 9 and wire == BYTES:
            value.plugin, value.plugin_span = plugin_of(data, begin, after)
    return value


def plugin_of(data: bytes, start: int, end: int) -> tuple[str, Span]:
    """(the name of a plugin, where its own content is), of a value's metadata."""
    name, content = "", (0, 0)
    for number, wire, begin, after, _ in fields(data, start, end):
        if number == 1 and wire == BYTES:
            for inner, kind, first, last, _ in fields(data, begin, after):
                if inner == 1 and kind == BYTES:
                    name = _words(data, first, last)
                elif inner == 2 and kind == BYTES:
                    content = (first, last)
    return name, content


def _words(data: bytes, start: int, end: int) -> str:
    return data[start : min(end, start + 4000)].decode(errors="replace")
