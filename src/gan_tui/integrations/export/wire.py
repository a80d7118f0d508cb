"""What protocol buffers are made of, as far as TensorBoard's events need it: fields with their numbers."""

import struct

Bytes = bytes | bytearray


def varint(number: int) -> bytes:
    """Seven bits a byte, the lowest first; a negative number has ten of them."""
    left, out = number & (1 << 64) - 1, bytearray()
    while left > 127:
        out.append(left & 127 | 128)
        left >>= 7
    out.append(left)
    return bytes(out)


def whole(field: int, number: int) -> bytes:
    return varint(field << 3) + varint(number)


def double(field: int, number: float) -> bytes:
    return varint(field << 3 | 1) + struct.pack("<d", number)


def part(field: int, content: Bytes | str) -> bytes:
    """Bytes, a text, or a message within this one."""
    content = content.encode() if isinstance(content, str) else content
    return varint(field << 3 | 2) + varint(len(content)) + content
