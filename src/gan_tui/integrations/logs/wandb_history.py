"""What a run logged to W&B, as columns: protobuf around a JSON text for each number, under names in any order.

A name is worked out once: the same bytes before a value stand for the same name. The texts of a name are then read at
once.
"""

from collections.abc import Collection, Sequence
from typing import Any

import orjson

from gan_tui.integrations.logs.tensorboard import wire

STEP = "_step"
_VALUE = b"\x82\x01"
"""What begins field 16 of an item, its value as JSON."""
_ITEM, _STEP_FIELD, _VALUE_FIELD = 0x0A, 0x12, 16
_KEYS = (1, 2)
"""Fields of an item: its name, or the parts of one."""
MOST_NAMES = 4096


class History:
    """Takes records of a history, and gives what they hold as columns."""

    def __init__(self, passed_over: Collection[str] = ()) -> None:
        """`passed_over`: names whose values nobody asks for."""
        self._passed_over = passed_over
        self._lists: dict[bytes, list[bytes] | None] = {}
        """What comes before a value → the texts of that name, one for each record, as far as they are known; None where
        nobody asks for them."""
        self._texts: dict[str, list[bytes]] = {}
        self.records = 0
        """Since the last time that columns were given."""

    @property
    def size(self) -> int:
        """How many values the columns will have, or nothing in their place."""
        return self.records * len(self._texts)

    def take(self, record: bytes, start: int, end: int) -> None:
        """A history's message in `record[start:end]`. Raises ValueError where it is none."""
        lists, row, step = self._lists, self.records, b""
        self.records = row + 1
        while start < end:
            tag, begin = record[start], start + 2
            length = record[start + 1] if begin <= end else 255
            if length > 127:
                length, begin = wire.varint(record, start + 1, end)
            start = begin + length
            if start > end:
                raise ValueError("no message of a history")
            if tag == _ITEM:
                head, _, value = record[begin:start].partition(_VALUE)
                if head in lists and value[:1] < b"\x80":
                    texts, text = lists[head], value[1:]
                else:
                    texts, text = self._looked_at(record[begin:start])
                if texts is None:
                    continue
                if len(texts) != row:
                    _fill(texts, row)
                texts.append(text)
            elif tag == _STEP_FIELD:
                step = record[begin:start]
            else:
                raise ValueError("no message of a history")
        steps = self._texts.get(STEP)
        if steps is None or len(steps) <= row:
            self._take_step(step, row)

    def _take_step(self, message: bytes, row: int) -> None:
        """The step of a record that does not have it among its values."""
        found = (value for number, _, _, _, value in wire.fields(message, 0, len(message)) if number == 1)
        texts = self._texts.setdefault(STEP, [])
        _fill(texts, row)
        texts.append(b"%d" % next(found, 0))

    def _looked_at(self, item: bytes) -> tuple[list[bytes] | None, bytes]:
        """(the texts of its name, its own text) of an item, field by field."""
        parts, text, head, before = [], b"null", len(item), 0
        for number, kind, begin, end, _ in wire.fields(item, 0, len(item)):
            if number in _KEYS and kind == wire.BYTES:
                parts.append(item[begin:end].decode("utf-8", "replace"))
            elif number == _VALUE_FIELD:
                text, head = item[begin:end], before
            before = end
        name = ".".join(parts)
        texts = self._texts.get(name)
        if texts is None and len(self._texts) < MOST_NAMES and name not in self._passed_over:
            texts = self._texts[name] = []
        if _VALUE not in item[:head] and len(self._lists) < MOST_NAMES:
            self._lists[item[:head]] = texts
        return texts, text

    def columns(self) -> dict[str, Sequence[Any]]:
        """Name → what each record since the last time has under it, None where it has nothing."""
        columns: dict[str, Sequence[Any]] = {}
        for name, texts in self._texts.items():
            if texts:
                _fill(texts, self.records)
                columns[name] = _values(texts)
                texts.clear()
        self.records = 0
        return columns


def _fill(texts: list[bytes], length: int) -> None:
    """Nothing in the place of what a name has not; of two values of a name in one record, the later counts."""
    del texts[length:]
    texts += [b"null"] * (length - len(texts))


def _values(texts: list[bytes]) -> list[Any]:
    try:
        found = orjson.loads(b"[" + b",".join(texts) + b"]")
        if len(found) == len(texts):
            return list(found)
    except orjson.JSONDecodeError:
        pass
    return [_value(text) for text in texts]


def _value(text: bytes) -> Any:
    try:
        return orjson.loads(text)
    except orjson.JSONDecodeError:
        return None  # NaN, Infinity
