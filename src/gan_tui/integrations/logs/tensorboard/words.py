"""What events of TensorBoard say in words: texts, and the hyperparameters of a run."""

import struct

from gan_tui.integrations.logs.tensorboard.found import Span
from gan_tui.integrations.logs.tensorboard.tensors import tensor
from gan_tui.integrations.logs.tensorboard.wire import BYTES, EIGHT_BYTES, VARINT, fields
from gan_tui.run.event_schema import MOST_CHARACTERS
from gan_tui.text import harmless, laid_out

_double = struct.Struct("<d").unpack_from
MOST_LINES = 400
MOST_HYPERPARAMETERS = 400


def of_tensor(data: bytes, start: int, end: int) -> str:
    """The strings of a tensor, each on lines of its own. Raises ValueError."""
    lines: list[str] = []
    for begin, after in tensor(data, start, end).strings[:MOST_LINES]:
        text = data[begin : min(after, begin + MOST_CHARACTERS)].decode(errors="replace")
        lines += [laid_out(line, 2000) for line in text.splitlines()]
    return "\n".join(lines[:MOST_LINES])[:MOST_CHARACTERS]


def hyperparameters(data: bytes, span: Span) -> str:
    """A line for each, sorted; empty where there are none. Raises ValueError."""
    lines = [
        f"{name} = {value}"
        for number, wire, begin, after, _ in fields(data, *span)
        if number == 3 and wire == BYTES
        for inner, kind, first, last, _ in fields(data, begin, after)
        if inner == 1 and kind == BYTES
        for name, value in [_entry(data, first, last)]
    ]
    return "\n".join(sorted(lines)[:MOST_HYPERPARAMETERS])


def _entry(data: bytes, start: int, end: int) -> tuple[str, str]:
    name, value = "", ""
    for number, wire, begin, after, _ in fields(data, start, end):
        if number == 1 and wire == BYTES:
            name = harmless(data[begin : min(after, begin + 400)].decode(errors="replace"), 100)
        elif number == 2 and wire == BYTES:
            value = _value(data, begin, after)
    return name, value


def _value(data: bytes, start: int, end: int) -> str:
    for number, wire, begin, after, value in fields(data, start, end):
        if number == 2 and wire == EIGHT_BYTES:
            return f"{_double(data, begin)[0]:g}"
        if number == 3 and wire == BYTES:
            return harmless(data[begin : min(after, begin + 2000)].decode(errors="replace"), 400)
        if number == 4 and wire == VARINT:
            return "true" if value else "false"
    return "none"
