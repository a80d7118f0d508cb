"""Numbers written into tiles of few pixels, each into its own pixel, where there is room for them."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from gan_tui.drawing.cells import DEFAULT, Cells
from gan_tui.drawing.colors import black_or_white, unpack
from gan_tui.drawing.pictures.tiles import TileLayout, corner
from gan_tui.drawing.terminal import ColorDepth, Terminal
from gan_tui.drawing.words import write

LEAST_COLUMNS = 5
"""Of a pixel: room for -.31 and a blank, without which neighbours would read as one number."""


def have_room(wall: TileLayout) -> bool:
    """Whether the pixels of its tiles are large enough."""
    return wall.scale is not None and wall.scale.denominator == 1 and wall.scale >= LEAST_COLUMNS


def write_numbers(cells: Cells, wall: TileLayout, numbers: NDArray[np.floating], terminal: Terminal) -> None:
    """Write (tiles, height, width) of numbers, of those on show, into the middles of their pixels."""
    assert wall.scale is not None
    wide = int(wall.scale)
    texts = iter(alike(numbers[: wall.shown].ravel().tolist(), wide))
    for index, tile in enumerate(numbers[: wall.shown]):
        top, left = corner(wall, index)
        for down, across in np.ndindex(tile.shape):
            text = next(texts)
            row = top + (2 * down + 1) * wide // 4  # a pixel is half as many rows high as it is wide
            column = left + across * wide + (wide - len(text)) // 2
            write(cells, row, column, text, _ink(int(cells.background[row, column]), terminal))


def alike(numbers: Sequence[float], columns: int) -> list[str]:
    """Numbers as wide as the widest of them, with as many decimals each as there is room for, up to three.

    One of the `columns` stays blank. What no form of has room is an empty text.
    """
    room = columns - 1
    for decimals in (3, 2, 1, 0):
        texts = [_plain(number, decimals) for number in numbers]
        widest = max(map(len, texts), default=0)
        if widest <= room:
            return [text.rjust(widest) for text in texts]
    shortest = [text if len(text) <= room else _power(number) for text, number in zip(texts, numbers, strict=True)]
    return [text if len(text) <= room else "" for text in shortest]


def _power(number: float) -> str:
    """-1e10"""
    mantissa, exponent = f"{number:.0e}".split("e")
    return f"{mantissa}e{int(exponent)}"


def _plain(number: float, decimals: int) -> str:
    """-.31 of -0.31; no -0."""
    text = f"{number:.{decimals}f}"
    if not text.strip("-0."):
        text = text.removeprefix("-")
    return text.replace("0.", ".", 1) if text.lstrip("-").startswith("0.") else text


def _ink(paper: int, terminal: Terminal) -> int:
    """What stands out from a colour."""
    if paper == DEFAULT or terminal.colors is ColorDepth.MONO:
        return DEFAULT
    return int(black_or_white(np.array(unpack(paper), np.float32)[:, None])[0])
