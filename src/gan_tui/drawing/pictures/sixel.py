"""Images as sixels, six rows of pixels in one row of characters (DEC STD 070, chapter 9)."""

from collections.abc import Iterator, Mapping

import numpy as np
from numpy.typing import NDArray

from gan_tui.drawing.cells import Image
from gan_tui.drawing.pictures.png import palette, reduced

_SHADES, _STEPS = 10, 6
"""Of an image of one channel, and of each channel of one in colours: terminals have 256 registers."""
_BAND = 6
_LEAST_RUN = 4
"""Shorter runs take as few characters written out."""

Place = tuple[int, int]
"""(row, column) of cells."""


def sixels(image: Image, parts: Mapping[Place, Place], cell: tuple[int, int]) -> str:
    """The image as a terminal takes it that draws from its cursor on, and leaves what is not covered as it is.

    `parts` says for each place on the screen, counted from the cursor, which cell of the image is there; a cell is
    `cell` pixels (wide, high).
    """
    numbers, colors = _numbered(image)
    wide, high = cell
    scaled = numbers[_sampled(len(numbers), image.rows * high)][:, _sampled(numbers.shape[1], image.columns * wide)]
    rows, columns = (max(place[axis] for place in parts) + 1 for axis in (0, 1))
    canvas = np.full((-(-rows * high // _BAND) * _BAND, columns * wide), -1, np.int16)
    for (row, column), (down, across) in parts.items():
        part = scaled[down * high : (down + 1) * high, across * wide : (across + 1) * wide]
        canvas[row * high : (row + 1) * high, column * wide : (column + 1) * wide] = part
    used = np.unique(canvas[canvas >= 0]).tolist()
    registers = "".join("#{};2;{};{};{}".format(number, *_percent(colors[number])) for number in used)
    size = f'"1;1;{columns * wide};{rows * high}'
    return f"\x1bP0;1q{size}{registers}{''.join(_bands(canvas))}\x1b\\"


def _sampled(old: int, new: int) -> NDArray[np.intp]:
    """Which of the old pixels each new one is."""
    return np.minimum((np.arange(new) * 2 + 1) * old // (2 * new), old - 1)


def _numbered(image: Image) -> tuple[NDArray[np.int16], NDArray[np.uint8]]:
    """(height, width) of colours by their numbers, -1 where there is none; and the colours, (numbers, 3)."""
    if image.pixels.shape[-1] == 1:
        numbers, colors = reduced(image, _SHADES)[..., 0], palette(image, _SHADES)
    else:
        numbers = reduced(image, _STEPS) @ (_STEPS**2, _STEPS, 1)
        steps = np.indices((_STEPS,) * 3).reshape(3, -1).T
        colors = (steps * 255 // (_STEPS - 1)).astype(np.uint8)
    return np.where(image.covered, numbers, -1).astype(np.int16), colors


def _percent(color: NDArray[np.uint8]) -> list[int]:
    return [round(int(channel) * 100 / 255) for channel in color]


def _bands(canvas: NDArray[np.int16]) -> Iterator[str]:
    bits = 1 << np.arange(_BAND)
    for band in canvas.reshape(-1, _BAND, canvas.shape[1]):
        lines = [f"#{number}{_line(bits @ (band == number))}" for number in np.unique(band[band >= 0]).tolist()]
        yield "$".join(lines) + "-"


def _line(columns: NDArray[np.intp]) -> str:
    """Columns of six pixels as characters, runs of the same one shortened, up to the last that is not empty."""
    columns = columns[: np.flatnonzero(columns)[-1] + 1]
    starts = np.flatnonzero(np.diff(columns, prepend=-1))
    lengths = np.diff(starts, append=len(columns))
    return "".join(
        f"!{length}{chr(63 + column)}" if length >= _LEAST_RUN else chr(63 + column) * length
        for column, length in zip(columns[starts].tolist(), lengths.tolist(), strict=True)
    )
