"""Numbers written into tiles of few pixels, each into its own pixel, where there is room for them."""

import numpy as np
from numpy.typing import NDArray

from gan_tui.drawing.cells import DEFAULT, Cells
from gan_tui.drawing.colors import black_or_white, unpack
from gan_tui.drawing.pictures.tiles import TileLayout, corner
from gan_tui.drawing.terminal import ColorDepth, Terminal
from gan_tui.drawing.words import write

LEAST_COLUMNS = 4
"""Of a pixel: room for -.31."""


def have_room(wall: TileLayout) -> bool:
    """Whether the pixels of its tiles are large enough."""
    return wall.scale is not None and wall.scale.denominator == 1 and wall.scale >= LEAST_COLUMNS


def write_numbers(cells: Cells, wall: TileLayout, numbers: NDArray[np.floating], terminal: Terminal) -> None:
    """Write (tiles, height, width) of numbers, of those on show, into the middles of their pixels."""
    assert wall.scale is not None
    wide, high = int(wall.scale), int(wall.scale) // 2
    for index, tile in enumerate(numbers[: wall.shown]):
        top, left = corner(wall, index)
        for (down, across), number in np.ndenumerate(tile):
            text = short(float(number), wide)
            row, column = top + down * high + high // 2, left + across * wide + (wide - len(text)) // 2
            write(cells, row, column, text, _ink(int(cells.background[row, column]), terminal))


def short(number: float, columns: int) -> str:
    """A number in so many columns, four at least, with as many digits as there is room for, up to three decimals."""
    for decimals in (3, 2, 1, 0):
        text = f"{number:.{decimals}f}"
        text = text.replace("0.", ".", 1) if abs(number) < 1 and text.lstrip("-").startswith("0.") else text
        text = text.removeprefix("-") if not text.strip("-0.") else text  # no -0
        if len(text) <= columns - (decimals == 3):  # three decimals only with a blank beside them
            return text
    return f"{number:.0e}".replace("e+0", "e").replace("e-0", "e-")[:columns]


def _ink(paper: int, terminal: Terminal) -> int:
    """What stands out from a colour."""
    if paper == DEFAULT or terminal.colors is ColorDepth.MONO:
        return DEFAULT
    return int(black_or_white(np.array(unpack(paper), np.float32)[:, None])[0])
