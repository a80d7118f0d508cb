"""Pictures that follow each other: cells whose change the eye does not see stay as they are, and are not sent again."""

import numpy as np
from numpy.typing import NDArray

from gan_tui.drawing.cells import DEFAULT, Cells
from gan_tui.drawing.symbols import Symbols

_UNSEEN = 14
"""Levels of 255 that each dot of a cell may differ by."""
_UNSEEN_FINE = 20
"""The same where dots are eighths of a cell: the smaller a dot, the less of it is seen."""
_ONE = 10
"""Levels of 255 that the two greys of a cell may differ by to be seen as one."""
_GREY = 0x010101
_QUADRANTS_UP_TO = "▟"
_GLYPHS = "".join(sorted(set(Symbols.OCTANTS.glyphs)))
_CODES = np.array([ord(character) for character in _GLYPHS], dtype=np.uint32)
_OCTANTS = np.array([Symbols.OCTANTS.glyphs.index(character) for character in _GLYPHS])
_BITS = (_OCTANTS[:, None] >> np.arange(8) & 1).astype(np.bool_)


def steadied(before: Cells, after: Cells) -> Cells:
    """`after`, with the cells of `before` where a person could not tell the difference. Both are of one size."""
    after = _flattened(after)
    old, new = _dots(before), _dots(after)
    limit = np.where(after.characters > _QUADRANTS_UP_TO, _UNSEEN_FINE, _UNSEEN)[..., None, None]
    alike = np.all(np.abs(old - new) <= limit, axis=(-2, -1))
    return Cells(
        np.where(alike, before.characters, after.characters),
        np.where(alike, before.foreground, after.foreground),
        np.where(alike, before.background, after.background),
        after.images,
    )


def _flattened(cells: Cells) -> Cells:
    """Cells of two greys that look like one have that one: half as much is sent for them."""
    ink, paper = cells.foreground, cells.background
    grey = (ink & 255) * _GREY == ink
    flat = _is_picture(cells) & grey & (np.abs((ink & 255) - (paper & 255)) <= _ONE) & ((paper & 255) * _GREY == paper)
    mean = ((ink & 255) + (paper & 255)) // 2 * _GREY
    return Cells(
        np.where(flat, " ", cells.characters),
        np.where(flat, DEFAULT, cells.foreground),
        np.where(flat, mean, cells.background).astype(np.int32),
        cells.images,
    )


def _channels(colors: NDArray[np.int32]) -> NDArray[np.float32]:
    """(…, 3) of 0…255."""
    return np.stack([colors >> shift & 255 for shift in (16, 8, 0)], axis=-1).astype(np.float32)


def _glyphs(cells: Cells) -> NDArray[np.intp]:
    """Which block character each cell has; -1 for what is none."""
    codes = np.ascontiguousarray(cells.characters).view(np.uint32).reshape(cells.characters.shape)
    place = np.minimum(np.searchsorted(_CODES, codes), len(_CODES) - 1)
    return np.where(_CODES[place] == codes, place, -1)


def _is_picture(cells: Cells) -> NDArray[np.bool_]:
    found: NDArray[np.bool_] = (_glyphs(cells) >= 0) & (cells.background != DEFAULT)
    return found


def _dots(cells: Cells) -> NDArray[np.float32]:
    """(rows, columns, 8 dots, 3 channels) of 0…255; NaN, which is like nothing, where no picture is."""
    ink = _BITS[np.maximum(_glyphs(cells), 0)]
    channels = _channels(np.where(ink, cells.foreground[..., None], cells.background[..., None]))
    channels[~_is_picture(cells)] = np.nan
    return channels
