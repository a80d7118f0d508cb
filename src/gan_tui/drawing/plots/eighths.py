"""Bars of characters, to an eighth of a cell where the terminal has block characters."""

import numpy as np
from numpy.typing import NDArray

from gan_tui.drawing.terminal import Terminal

Characters = NDArray[np.str_]
Ints = NDArray[np.intp]

PARTS = 8
"""Of a cell."""
_UPWARDS = np.array(list(" ▁▂▃▄▅▆▇█"))
_RIGHTWARDS = np.array(list(" ▏▎▍▌▋▊▉█"))
_UPWARDS_IN_ASCII = np.array(list(" ..:::###"))
_RIGHTWARDS_IN_ASCII = np.array(list(" ..---==="))


def parts_of(shares: NDArray[np.floating], cells: int) -> Ints:
    """Shares 0…1 of so many cells, in eighths of a cell; what isn't nothing is at least one."""
    shares = np.clip(np.nan_to_num(shares), 0, 1)
    whole: Ints = np.maximum(np.rint(shares * (cells * PARTS)), shares > 0).astype(np.intp)
    return whole


def filled(parts: Ints, cells: int) -> Ints:
    """(…, cells): how many eighths of each cell, from the first one, a bar of so many parts fills."""
    fill: Ints = np.clip(parts[..., None] - np.arange(cells) * PARTS, 0, PARTS)
    return fill


def glyphs(terminal: Terminal) -> Characters:
    """The characters that fill 0…8 eighths of a cell from below."""
    return _UPWARDS if terminal.unicode else _UPWARDS_IN_ASCII


def upwards(parts: Ints, rows: int, terminal: Terminal) -> Characters:
    """(rows, bars) of characters: each bar stands on the last row."""
    return glyphs(terminal)[filled(parts, rows)].T[::-1]


def rightwards(parts: Ints, columns: int, terminal: Terminal) -> Characters:
    """(bars, columns) of characters: each bar starts in the first column."""
    characters = _RIGHTWARDS if terminal.unicode else _RIGHTWARDS_IN_ASCII
    return characters[filled(parts, columns)]
