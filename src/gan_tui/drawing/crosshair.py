"""A cross hair on a drawing, legible on any colour."""

import numpy as np

from gan_tui.drawing.cells import DEFAULT, Cells
from gan_tui.drawing.colors import black_or_white, unpack
from gan_tui.drawing.terminal import Terminal

_ARMS = {(0, -2): "─", (0, -1): "─", (0, 0): "┼", (0, 1): "─", (0, 2): "─", (-1, 0): "│", (1, 0): "│"}
_BRACKETS = {(0, -1): "[", (0, 0): "X", (0, 1): "]"}  # shades in ASCII are full of - and +


def draw_crosshair(cells: Cells, column: int, row: int, terminal: Terminal, *, keep: bool = False) -> None:
    """Draw arms around a cell, and a cross into it unless what is there is to `keep`; all within the cells."""
    for (down, across), sign in (_ARMS if terminal.unicode else _BRACKETS).items():
        r, c = row + down, column + across
        if 0 <= r < cells.rows and 0 <= c < cells.columns and not (keep and (r, c) == (row, column)):
            cells.characters[r, c] = sign
            cells.foreground[r, c] = _against(int(cells.background[r, c]))


def _against(background: int) -> int:
    if background == DEFAULT:
        return DEFAULT
    return int(black_or_white(np.array(unpack(background), dtype=np.float32)[:, None])[0])
