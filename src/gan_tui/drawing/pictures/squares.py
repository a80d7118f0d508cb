"""Small pictures such as kernels, enlarged by whole numbers: each of their pixels is a sharp square."""

from collections.abc import Iterator
from itertools import count

import numpy as np

from gan_tui.drawing.cells import DEFAULT, Cells
from gan_tui.drawing.pictures.blocks import BLOCK_SHADES, Pixels, encode_each
from gan_tui.drawing.pictures.sampling import CELL_ASPECT
from gan_tui.drawing.terminal import ColorDepth, Terminal

_LARGEST = 8  # pixels a side; larger pictures are legible without being sharp
_SMALL = 4  # pixels; up to that a pixel is best at least 2 x 1 cells large


def is_small(height: int, width: int) -> bool:
    """Whether a picture of so many pixels should be drawn as squares."""
    return max(height, width) <= _LARGEST


def scales(height: int, terminal: Terminal, *, crowded: bool = False) -> Iterator[int]:
    """The columns of cells that a pixel can be wide, from the least on; it is half as many rows high.

    Half a row is left empty under pictures of odd height, where there are colours and characters for that.
    There, pixels of half a cell are drawn in larger pictures, and in small ones if it is `crowded`.
    """
    halves = terminal.unicode and terminal.colors is not ColorDepth.MONO
    least = 1 if halves and (crowded or height > _SMALL) else 2
    return (scale for scale in count(least) if halves or scale % 2 == 0)


def cells_for(height: int, width: int, scale: int) -> tuple[int, int]:
    """(rows, columns) of cells for a picture."""
    return -(-height * scale // CELL_ASPECT), width * scale


def draw_squares(pictures: Pixels, scale: int, terminal: Terminal) -> list[Cells]:
    """The cells of each of (pictures, channels, height, width)."""
    if terminal.unicode and terminal.colors is ColorDepth.MONO:
        return [_shaded(picture, scale) for picture in pictures]
    half = pictures.shape[2] * scale % CELL_ASPECT
    pixels = pictures.repeat(scale, axis=2).repeat(2 * scale, axis=3)
    pixels = np.concatenate([pixels, pixels[:, :, len(pixels[0, 0]) - half :]], axis=2)
    drawn = encode_each(pixels.astype(np.float32), terminal)
    if half:
        for cells in drawn:
            cells.characters[-1], cells.foreground[-1], cells.background[-1] = "▀", cells.background[-1], DEFAULT
    return drawn


def _shaded(picture: Pixels, scale: int) -> Cells:
    """A shade for each pixel: dots would say less of so few."""
    level = np.rint(picture.mean(axis=0) * ((len(BLOCK_SHADES) - 1) / 255)).astype(np.intp)
    characters = BLOCK_SHADES[level.repeat(scale // CELL_ASPECT, axis=0).repeat(scale, axis=1)]
    unset = np.full(characters.shape, DEFAULT, np.int32)
    return Cells(characters, unset, unset.copy())
