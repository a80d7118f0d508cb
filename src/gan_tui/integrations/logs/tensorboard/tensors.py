"""Tensors as events of TensorBoard hold them: numbers as an array, or pieces of bytes."""

import math
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from gan_tui.integrations.logs.tensorboard.found import Span
from gan_tui.integrations.logs.tensorboard.wire import BYTES, EIGHT_BYTES, FOUR_BYTES, VARINT, fields, signed, varint

STRING = 7
_KINDS = {
    1: "<f4", 2: "<f8", 3: "<i4", 4: "u1", 5: "<i2", 6: "i1", 9: "<i8", 10: "u1", 17: "<u2", 19: "<f2", 22: "<u4",
    23: "<u8",
}  # fmt: skip
"""TensorFlow's number of a kind → numpy's name of it."""
_BFLOAT16 = 14
_PACKED = {5: "<f4", 6: "<f8"}
"""Field → how its numbers lie, one behind the other; those of the others are varints."""
_VARINTS = (7, 10, 11, 13, 16, 17)
_HALVES, _UNSIGNED = 13, 17
"""The field of numbers of 16 bits, of which a varint has the bits; that of numbers of 64 bits without a sign."""
MOST_NUMBERS = 1 << 20
MOST_AXES = 8


@dataclass
class Tensor:
    """What it is made of, as it lies in the file."""

    kind: int = 0
    shape: list[int] = field(default_factory=list)
    strings: list[Span] = field(default_factory=list)
    content: Span | None = None
    parts: list[NDArray[np.float64]] = field(default_factory=list)


def tensor(data: bytes, start: int, end: int) -> Tensor:
    """Raises ValueError."""
    found = Tensor()
    for number, wire, begin, after, value in fields(data, start, end):
        if number == 1 and wire == VARINT:
            found.kind = value
        elif number == 2 and wire == BYTES:
            found.shape = _shape(data, begin, after)
        elif number == 4 and wire == BYTES:
            found.content = (begin, after)
        elif number == 8 and wire == BYTES:
            found.strings.append((begin, after))
        elif number in _PACKED and wire in (BYTES, FOUR_BYTES, EIGHT_BYTES):
            size = np.dtype(_PACKED[number]).itemsize
            whole = begin + (after - begin) // size * size
            found.parts.append(np.frombuffer(data[begin:whole], _PACKED[number]).astype(np.float64))
        elif number in _VARINTS and wire in (VARINT, BYTES):
            whole_numbers = [value] if wire == VARINT else _varints(data, begin, after)
            found.parts.append(_meant(whole_numbers, number, found.kind))
    return found


def _varints(data: bytes, start: int, end: int) -> list[int]:
    found = []
    while start < end:
        value, start = varint(data, start, end)
        found.append(value)
        if len(found) > MOST_NUMBERS:
            raise ValueError("more numbers than can be shown")
    return found


def _meant(values: list[int], number: int, kind: int) -> NDArray[np.float64]:
    """What the varints of a field say."""
    if number == _HALVES:
        bits = np.array([value & 0xFFFF for value in values], "<u2")
        return _of_bfloat16(bits) if kind == _BFLOAT16 else bits.view("<f2").astype(np.float64)
    return np.array(values if number == _UNSIGNED else list(map(signed, values)), np.float64)


def _of_bfloat16(bits: NDArray[np.uint16]) -> NDArray[np.float64]:
    """Each is the upper half of a float32."""
    return (bits.astype("<u4") << 16).view("<f4").astype(np.float64)


def _shape(data: bytes, start: int, end: int) -> list[int]:
    axes = []
    for number, wire, begin, after, _ in fields(data, start, end):
        if number == 2 and wire == BYTES:
            axes.append(next((v for n, w, _, _, v in fields(data, begin, after) if n == 1 and w == VARINT), 0))
    if len(axes) > MOST_AXES:
        raise ValueError("a tensor of more axes than any")
    return axes


def numbers(data: bytes, found: Tensor) -> NDArray[np.float64]:
    """All numbers of a tensor in its shape. Raises ValueError where there are more than can be shown, or fewer."""
    count = math.prod(found.shape)
    if count > MOST_NUMBERS:
        raise ValueError("more numbers than can be shown")
    if found.content is not None:
        begin, after = found.content
        flat = _of_content(found.kind, data[begin:after])
    else:
        flat = np.concatenate(found.parts) if found.parts else np.zeros(0)
    if len(flat) == 1 and count > 1:  # all are the same
        flat = np.full(count, flat[0])
    return flat.reshape(found.shape)


def _of_content(kind: int, content: bytes) -> NDArray[np.float64]:
    if kind == _BFLOAT16:
        return _of_bfloat16(np.frombuffer(content, "<u2"))
    if kind not in _KINDS:
        raise ValueError("not numbers")
    return np.frombuffer(content, _KINDS[kind]).astype(np.float64)
