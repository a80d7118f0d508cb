"""How images lie in an array, told from its shape: which axes are height and width, and where the channels stand."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from gan_tui.data.arrays import StoredArray
from gan_tui.data.layout import MOST_IMAGES
from gan_tui.errors import UserError
from gan_tui.text import shown_path

if TYPE_CHECKING:
    from numpy.typing import NDArray

MOST_SIDE, LEAST_FLAT = 2048, 5
"""Of a side in pixels; shorter rows than of LEAST_FLAT × LEAST_FLAT pixels are rows of a table."""
CHANNELS = (1, 3, 4)
"""Grey, colour, and colour with what shines through."""


@dataclass(frozen=True)
class Axes:
    """The form of each image as it is stored."""

    height: int
    width: int
    channels: int
    is_first: bool = False
    """Whether channels stand before height and width."""
    notes: tuple[str, ...] = ()

    def put(self, block: NDArray[Any]) -> NDArray[Any]:
        """(count, height, width, channels) of some images as they are stored."""
        if self.is_first:
            return block.reshape(-1, self.channels, self.height, self.width).transpose(0, 2, 3, 1)
        return block.reshape(-1, self.height, self.width, self.channels)


def axes_of(stored: StoredArray) -> Axes:
    """The form of images in an array. Raises UserError where it holds none that can be used: what it holds."""
    shape = stored.shape
    if stored.is_words:
        raise refused(stored, "words and no images", "images must be numbers")
    axes = _axes(stored)
    if not 0 < shape[0] <= MOST_IMAGES:
        raise refused(stored, f"{shape[0]:,} images", f"1 to {MOST_IMAGES:,} are possible")
    if min(axes.height, axes.width) < 1 or max(axes.height, axes.width) > MOST_SIDE:
        raise refused(
            stored, f"images of {axes.width:,} × {axes.height:,} pixels", f"sides of 1 to {MOST_SIDE:,} are possible"
        )
    return axes


def _axes(stored: StoredArray) -> Axes:
    shape = stored.shape
    if len(shape) == 2:
        return _of_rows(stored)
    if len(shape) == 3:
        return Axes(shape[1], shape[2], 1)
    if len(shape) == 4 and shape[3] in CHANNELS:
        both = shape[1] in CHANNELS and shape[1:3] != (1, 1)
        said = f"of the shape {_words(shape)} the last size was taken for the channels"
        return Axes(*shape[1:], notes=(said,) if both else ())
    if len(shape) == 4 and shape[1] in CHANNELS:
        return Axes(shape[2], shape[3], shape[1], is_first=True)
    if len(shape) == 4:
        channels = "1, 3 or 4 channels first or last, as (n, height, width, 3) has"
        raise refused(stored, f"an array of shape {_words(shape)}", f"images must have {channels}")
    raise refused(
        stored, f"an array of shape {_words(shape)}", "images must be of shape (n, height, width) or "
        "(n, height, width, 3)"
    )  # fmt: skip


def _of_rows(stored: StoredArray) -> Axes:
    count, pixels = stored.shape
    side = math.isqrt(pixels)
    if side < LEAST_FLAT:
        raise refused(stored, f"rows of {pixels} numbers and no images", "save a table as CSV, or reshape images")
    if side * side != pixels:
        raise refused(
            stored, f"rows of {pixels:,} numbers, which make no square image",
            f"reshape them to ({count}, height, width) or ({count}, height, width, 3)",
        )  # fmt: skip
    return Axes(side, side, 1, notes=(f"rows of {pixels:,} numbers were taken for images of {side} × {side}",))


def refused(stored: StoredArray, what: str, remedy: str) -> UserError:
    """What is said of an array that cannot be used."""
    where = f"{shown_path(stored.file)}, {stored.name}," if stored.member else shown_path(stored.file)
    return UserError(f"{where} holds {what}: {remedy}.")


def _words(shape: tuple[int, ...]) -> str:
    return "(" + ", ".join(map(str, shape)) + ("," if len(shape) == 1 else "") + ")"
