"""Pictures that follow each other: cells whose change the eye does not see stay as they are, and are not sent again."""

import numpy as np
from numpy.typing import NDArray

from gan_tui.drawing.blocks import QUADRANTS
from gan_tui.drawing.cells import DEFAULT, Cells

_UNSEEN = 12
"""Levels of 255 that each quarter of a cell may differ by."""
_BITS = np.array([[glyph >> bit & 1 for bit in range(4)] for glyph in range(16)], dtype=np.bool_)
_LAST = 0x25FF
_GLYPHS = np.full(_LAST + 1, -1)
_GLYPHS[[ord(character) for character in QUADRANTS]] = np.arange(16)


def steadied(before: Cells, after: Cells) -> Cells:
    """`after`, with the cells of `before` where a person could not tell the difference. Both are of one size."""
    old, new = _quarters(before), _quarters(after)
    alike = np.all(np.abs(old - new) <= _UNSEEN, axis=(-2, -1))
    return Cells(
        np.where(alike, before.characters, after.characters),
        np.where(alike, before.foreground, after.foreground),
        np.where(alike, before.background, after.background),
    )


def _quarters(cells: Cells) -> NDArray[np.float32]:
    """(rows, columns, 4 quarters, 3 channels) of 0…255; NaN, which is like nothing, where no picture is."""
    codes = np.ascontiguousarray(cells.characters).view(np.uint32).reshape(cells.characters.shape)
    glyphs = _GLYPHS[np.minimum(codes, _LAST)]
    ink = _BITS[np.maximum(glyphs, 0)]
    colors = np.where(ink, cells.foreground[..., None], cells.background[..., None])
    channels = np.stack([colors >> shift & 255 for shift in (16, 8, 0)], axis=-1).astype(np.float32)
    channels[(glyphs < 0) | (cells.background == DEFAULT)] = np.nan
    return channels
