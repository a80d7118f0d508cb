"""Images of one form, as training takes them, and what is wished of that form."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from gan_tui.data.own.found import Found

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from gan_tui.data.rows import StoredRows

OnRead = Callable[[int, int], None]
"""Told how many files have been read, and of how many; called often."""


@dataclass(frozen=True)
class Wish:
    """Which form images are to have."""

    height: int
    width: int
    channels: int
    """1 for grey, 3 for colour."""
    resize: str = "crop"
    """crop: cut the middle out; pad: with a margin in black; stretch: change the proportions."""


@dataclass(frozen=True)
class ImageRows:
    """Images as training takes them."""

    images: NDArray[np.uint8] | StoredRows
    """(count, height, width, channels), 0 to 255; left in their file where they would take too much memory."""
    labels: NDArray[np.int64] | None
    """(count,) numbers of classes; None where nothing says of which class an image is."""
    found: Found
    """What there really is, once all was read: exact numbers, and notes of what was left out and why."""
    held_back: NDArray[np.intp] | None = None
    """The rows that the data themselves set apart for validation; None where they do not."""
