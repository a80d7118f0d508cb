"""Lines as dots: polylines onto a raster, and the raster's dots into characters."""

import numpy as np
from numpy.typing import NDArray

Dots = NDArray[np.bool_]

_BRAILLE = np.array([chr(0x2800 + bits) for bits in range(256)])
_DOT_BITS = np.array([[0x01, 0x08], [0x02, 0x10], [0x04, 0x20], [0x40, 0x80]], dtype=np.uint8)
DOTS_DOWN, DOTS_ACROSS = _DOT_BITS.shape
"""Dots in a braille cell."""


def polyline(columns: NDArray[np.intp], rows: NDArray[np.intp], follows: Dots, shape: tuple[int, int]) -> Dots:
    """The dots of a line through points, as (height, width) of booleans.

    `follows[i]` says that point i is joined to point i - 1. Every point gets its dot, so none is lost between
    others.
    """
    dots = np.zeros(shape, dtype=np.bool_)
    dots[rows, columns] = True
    ends = np.flatnonzero(follows)
    across, down = columns[ends] - columns[ends - 1], rows[ends] - rows[ends - 1]
    steps = np.maximum(np.abs(across), np.abs(down))
    segment = np.repeat(np.arange(len(ends)), steps)
    done = (np.arange(len(segment)) - np.repeat(np.cumsum(steps) - steps, steps)) / np.repeat(steps, steps)
    start = ends[segment] - 1
    dots[
        np.rint(rows[start] + down[segment] * done).astype(np.intp),
        np.rint(columns[start] + across[segment] * done).astype(np.intp),
    ] = True
    return dots


def braille(dots: Dots) -> NDArray[np.str_]:
    """The (rows, columns) of characters that show (4 x rows, 2 x columns) dots."""
    rows, columns = dots.shape[0] // DOTS_DOWN, dots.shape[1] // DOTS_ACROSS
    cells = dots.view(np.uint8).reshape(rows, DOTS_DOWN, columns, DOTS_ACROSS)
    characters: NDArray[np.str_] = _BRAILLE[np.einsum("rdca,da->rc", cells, _DOT_BITS)]
    return characters
