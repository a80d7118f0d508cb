"""Pictures to other sizes, and the size that fits a pane."""

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from gan_tui.drawing.colors import Floats

CELL_ASPECT = 2
"""A cell is about twice as high as wide."""


def fit(height: int, width: int, columns: int, rows: int) -> tuple[int, int]:
    """The largest (columns, rows) of cells inside the given ones with the picture's own proportions."""
    scale = min(columns / width, rows * CELL_ASPECT / height)
    return min(columns, max(1, round(width * scale))), min(rows, max(1, round(height * scale / CELL_ASPECT)))


def resize(pixels: NDArray[np.uint8] | Floats, height: int, width: int) -> Floats:
    """(…, height, width) at another size, with the same mean.

    Each direction averages exactly the area a new pixel covers; from twice the size on it repeats pixels, so
    that small pictures stay crisp.
    """
    old_height, old_width = pixels.shape[-2:]
    resized = pixels.astype(np.float32, copy=False)
    if height >= 2 * old_height:
        resized = resized[..., _repeats(old_height, height), :]
    elif height != old_height:
        resized = _box(old_height, height).T @ resized
    if width >= 2 * old_width:
        resized = resized[..., _repeats(old_width, width)]
    elif width != old_width:
        resized = resized @ _box(old_width, width)
    return resized


def _repeats(old: int, new: int) -> NDArray[np.intp]:
    return (np.arange(new) * 2 + 1) * old // (2 * new)


@lru_cache(maxsize=64)
def _box(old: int, new: int) -> Floats:
    """(old, new): how much of each old pixel goes into each new one."""
    edges = np.arange(new + 1) * (old / new)
    starts = np.arange(old)[:, None]
    overlap = np.minimum(edges[1:], starts + 1) - np.maximum(edges[:-1], starts)
    shares: Floats = (np.maximum(overlap, 0) * (new / old)).astype(np.float32)
    return shares


def interpolate(values: NDArray[np.floating], height: int, width: int) -> Floats:
    """(…, height, width) at another size, linearly between the values.

    Of n values along a side the k-th belongs to the place k / n of it, as in numpy.mgrid[0:1:1/n]; beyond the
    last one it goes on.
    """
    down, across = _linear(values.shape[-2], height), _linear(values.shape[-1], width)
    between: Floats = down.T @ (values.astype(np.float32, copy=False) @ across)
    return between


@lru_cache(maxsize=64)
def _linear(old: int, new: int) -> Floats:
    """(old, new): how much of each old value goes into each new one."""
    places = np.minimum((np.arange(new) + 0.5) * (old / new), old - 1)
    shares: Floats = np.maximum(1 - np.abs(np.arange(old)[:, None] - places), 0).astype(np.float32)
    return shares
