"""Numbers of any type and range made pixels of bytes, in the form that is wished."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from gan_tui.data.array_blocks import blocks
from gan_tui.data.arrays import StoredArray
from gan_tui.data.own.array_form import Axes, refused
from gan_tui.data.own.found import COLOR, GREY

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from gan_tui.data.own.image_rows import Wish

USUAL = ((0.0, 1.0), (-1.0, 1.0), (0.0, 255.0))
"""Ranges that images have by custom: the first that holds all numbers, with or without black and white."""
_SLACK = 1e-3
"""Of a range: how far beyond it numbers may be, which are then black or white."""
_RED, _GREEN, _BLUE, _HALF = 19595, 38470, 7471, 1 << 15
"""Shares of 2**16 that the colours have in grey, as in Pillow (ITU-R 601)."""


@dataclass(frozen=True)
class Range:
    """Which numbers are black and white."""

    low: float
    high: float

    def bytes_of(self, block: NDArray[Any]) -> NDArray[np.uint8]:
        """0 for black to 255 for white."""
        import numpy as np

        if block.dtype.str[1:] == "u1" and (self.low, self.high) == (0, 255):
            return block
        if block.dtype.kind == "b":
            return np.where(block, 255, 0).astype(np.uint8)
        if self.high == self.low:
            return np.zeros(block.shape, np.uint8)
        wide = (block.astype(np.float64) - self.low) * (255 / (self.high - self.low))
        return np.clip(np.rint(wide), 0, 255).astype(np.uint8)


def range_of(arrays: Sequence[StoredArray]) -> tuple[Range, tuple[str, ...]]:
    """The range of all numbers, and what is to be said of it. Raises UserError where some are not finite."""
    if all(stored.dtype[1:] in ("u1", "b1") for stored in arrays):
        return _range_of_bytes([stored for stored in arrays if stored.dtype[1:] == "u1"])
    ends = [extremes(stored) for stored in arrays]
    low, high = min(least for least, _ in ends), max(most for _, most in ends)
    if low == high and not 0 <= low <= 255:
        return Range(low, high), (f"every pixel is {low:g}, which was taken for black",)
    known = _usual(low, high) or Range(low, high)
    for stored, (least, most) in zip(arrays, ends, strict=True):
        own = _usual(least, most)
        if own and (own.high, known.high) == (1, 255) and most > 0:
            what = f"numbers from {least:g} to {most:g}, and another array some up to {high:g}"
            raise refused(stored, what, "bring both to the same range of black to white")
    return known, (f"{known.low:g} was taken for black and {known.high:g} for white",)


def _usual(low: float, high: float) -> Range | None:
    """The first usual range that holds such numbers, but for what rounding may have added to them."""
    for least, most in USUAL:
        slack = _SLACK * (most - least)
        if least - slack <= low and high <= most + slack:
            return Range(least, most)
    return None


def _range_of_bytes(arrays: Sequence[StoredArray]) -> tuple[Range, tuple[str, ...]]:
    """0 to 255, but for masks of nothing but 0 and 1: one look at the first rows tells most that they are none."""
    greatest = [max((int(block.max()) for block in _until_grey(stored)), default=0) for stored in arrays]
    if 1 in greatest and max(greatest) == 1:
        return Range(0, 1), ("0 was taken for black and 1 for white",)
    return Range(0, 255), ()


def _until_grey(stored: StoredArray) -> Iterator[NDArray[Any]]:
    """The rows of an array up to those in which more than 0 and 1 is found."""
    for block in blocks(stored):
        yield block
        if block.max() > 1:
            return


def extremes(stored: StoredArray, on_rows: Callable[[int], None] = lambda count: None) -> tuple[float, float]:
    """The least and the greatest of all numbers; `on_rows` is told of each block that was read.

    Raises UserError where some are not finite, Damaged as `blocks`.
    """
    import numpy as np

    low, high, seen, wrong, first = math.inf, -math.inf, 0, 0, -1
    for block in blocks(stored):
        if block.dtype.kind == "f" and not (finite := np.isfinite(block)).all():
            if first < 0:
                first = seen + int(np.flatnonzero(~finite.reshape(len(block), -1).all(axis=1))[0])
            wrong += int(block.size - np.count_nonzero(finite))
        else:
            low, high = min(low, float(block.min())), max(high, float(block.max()))
        seen += len(block)
        on_rows(len(block))
    if wrong:
        what = f"{wrong:,} numbers that are not finite, the first in image {first:,}"
        raise refused(stored, what.replace("1 numbers that are", "1 number that is") if wrong == 1 else what,
                      "save it without them, as numpy.nan_to_num makes it")  # fmt: skip
    return low, high


def in_form(block: NDArray[Any], axes: Axes, known: Range, wish: Wish) -> NDArray[np.uint8]:
    """(count, height, width, channels) pixels of some images, as they are wished."""
    import numpy as np

    pixels = known.bytes_of(axes.put(block))
    if axes.channels > COLOR:
        pixels = _on_white(pixels)
    if wish.channels != pixels.shape[3]:
        pixels = _grey(pixels) if wish.channels == GREY else np.repeat(pixels, COLOR, axis=3)
    if pixels.shape[1:3] == (wish.height, wish.width):
        return pixels
    return _resized(pixels, wish)


def _on_white(pixels: NDArray[np.uint8]) -> NDArray[np.uint8]:
    import numpy as np

    wide = pixels.astype(np.uint32)
    over = wide[..., COLOR:]
    return ((wide[..., :COLOR] * over + 255 * (255 - over) + 127) // 255).astype(np.uint8)


def _grey(pixels: NDArray[np.uint8]) -> NDArray[np.uint8]:
    import numpy as np

    wide = pixels.astype(np.uint32)
    mixed = wide[..., 0] * _RED + wide[..., 1] * _GREEN + wide[..., 2] * _BLUE + _HALF
    return (mixed >> 16).astype(np.uint8)[..., None]


def _resized(pixels: NDArray[np.uint8], wish: Wish) -> NDArray[np.uint8]:
    import numpy as np
    from PIL import Image

    from gan_tui.data.own.resizing import fitted

    made = np.empty((len(pixels), wish.height, wish.width, wish.channels), np.uint8)
    for place, each in enumerate(pixels):
        image = Image.fromarray(np.ascontiguousarray(each[..., 0] if wish.channels == GREY else each))
        made[place] = np.asarray(fitted(image, wish), np.uint8).reshape(made.shape[1:])
    return made
