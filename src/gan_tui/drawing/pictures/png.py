"""Images as PNG files (https://www.w3.org/TR/png-3/), in as few shades as a size allows.

Of 100 digits in 15 shades, half a byte for each pixel, 13 kB arrive; in 256 shades 22 kB, and nobody sees a difference.
Pillow's files are a fourth larger: it filters half bytes, too.
"""

import struct
import zlib
from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from gan_tui.drawing.cells import Image

_SHADES = (64, 15, 12, 10, 8)
"""How many are tried. Where all are too many, an image has the _USUAL number: with few it would look like a map."""
_USUAL = 15
_IN_HALF_A_BYTE = 15
"""Shades that there is room for beside the colour that is none."""
_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_PALETTE, _COLORS = 3, 6
"""Kinds of PNG: a palette, and red, green, blue and how much of it covers the ground."""
_UNFILTERED, _BELOW = 0, 2
"""How bytes are told: as they are, or by how much more each is than the one above it."""


def png(image: Image, most: int) -> bytes:
    """The file, in the most shades of which at most so many bytes are made, if any are."""
    usual = b""
    for shades in _SHADES:
        if len(file := _file(image, shades)) <= most:
            return file
        usual = file if shades == _USUAL else usual
    return usual


def reduced(image: Image, shades: int) -> NDArray[np.intp]:
    """(height, width, channels) of 0 … shades - 1, the nearest of so many to each pixel."""
    return (image.pixels.astype(np.intp) * (shades - 1) + 127) // 255


def palette(image: Image, shades: int) -> NDArray[np.uint8]:
    """(shades, 3): the colours of an image of one channel."""
    levels = _levels(np.arange(shades), shades)
    if image.shades is None:
        return np.repeat(levels[:, None], 3, axis=1)
    colors = image.shades[levels]
    return np.stack([colors >> 16, colors >> 8 & 255, colors & 255], axis=1).astype(np.uint8)


def _levels(numbers: NDArray[np.intp], shades: int) -> NDArray[np.uint8]:
    """0…255 of 0 … shades - 1."""
    return ((numbers * 255 + (shades - 1) // 2) // (shades - 1)).astype(np.uint8)


def _file(image: Image, shades: int) -> bytes:
    return _SIGNATURE + b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        for kind, data in _chunks(image, shades)
    )


def _chunks(image: Image, shades: int) -> Iterator[tuple[bytes, bytes]]:
    height, width, channels = image.pixels.shape
    plain = channels == 1
    bits, kind = (4 if plain and shades <= _IN_HALF_A_BYTE else 8), (_PALETTE if plain else _COLORS)
    yield b"IHDR", struct.pack(">IIBBBBB", width, height, bits, kind, 0, 0, 0)
    if plain:
        yield b"PLTE", b"\0\0\0" + palette(image, shades).tobytes()
        yield b"tRNS", b"\0"  # the first colour is none
    rows = _in_palette(image, shades, bits) if plain else _in_colors(image, shades)
    filters = np.full((height, 1), _UNFILTERED if plain else _BELOW, np.uint8)
    yield b"IDAT", zlib.compress(np.concatenate([filters, rows], axis=1).tobytes(), 9)
    yield b"IEND", b""


def _in_palette(image: Image, shades: int, bits: int) -> NDArray[np.uint8]:
    """(height, bytes) of numbers of so many bits, the left one of two in a byte's upper half."""
    numbers = np.where(image.covered, reduced(image, shades)[..., 0] + 1, 0).astype(np.uint8)
    if bits == 8:
        return numbers
    even = np.pad(numbers, ((0, 0), (0, numbers.shape[1] % 2)))
    return (even[:, ::2].astype(np.intp) * 16 + even[:, 1::2]).astype(np.uint8)


def _in_colors(image: Image, shades: int) -> NDArray[np.uint8]:
    """(height, bytes), each row but the first less the one above it."""
    alpha = np.where(image.covered, np.uint8(255), np.uint8(0))[..., None]
    rows = np.concatenate([_levels(reduced(image, shades), shades), alpha], axis=-1).reshape(len(alpha), -1)
    rows[1:] -= rows[:-1].copy()
    return rows
