"""A rectangle of terminal cells as plain arrays: what drawing functions return and widgets show."""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from gan_tui.drawing.symbols import PARTS

DEFAULT = -1
"""A colour left to the terminal or to the widget that shows the cells."""


@dataclass(frozen=True, eq=False)
class Image:
    """Pixels for a terminal that shows some."""

    pixels: NDArray[np.uint8]
    """(height, width, channels), in one channel or three."""
    shades: NDArray[np.int32] | None
    """The colour, 0xRRGGBB, of each level of one channel; None where they are greys."""
    covered: NDArray[np.bool_]
    """(height, width): where there is any; the ground elsewhere."""
    rows: int
    """Cells that all of it is high."""
    columns: int

    def is_like(self, other: "Image") -> bool:
        """Whether both look alike."""
        mine, theirs = ((one.rows, one.columns, one.pixels.shape) for one in (self, other))
        return (
            mine == theirs
            and np.array_equal(self.pixels, other.pixels)
            and np.array_equal(self.covered, other.covered)
            and (self.shades is other.shades or np.array_equal(self.shades, other.shades))  # type: ignore[arg-type]
        )


@dataclass(frozen=True)
class Cells:
    """Characters with colours.

    `characters` is (rows, columns) of single characters (dtype '<U1', each one cell wide); `foreground` and
    `background` are (rows, columns) of int32, either 0xRRGGBB or DEFAULT.
    """

    characters: NDArray[np.str_]
    foreground: NDArray[np.int32]
    background: NDArray[np.int32]
    images: list[Image] = field(default_factory=list)
    """What cells whose character is one of PARTS show: their foreground is the image's number here."""

    @property
    def shows_part(self) -> NDArray[np.bool_]:
        """(rows, columns): which cells show a part of an image."""
        codes = np.ascontiguousarray(self.characters).view(np.uint32).reshape(self.characters.shape)
        shown: NDArray[np.bool_] = (codes >= PARTS.start) & (codes < PARTS.stop)
        return shown

    @property
    def rows(self) -> int:
        return int(self.characters.shape[0])

    @property
    def columns(self) -> int:
        return int(self.characters.shape[1])

    def text(self) -> str:
        """The characters alone, one line a row."""
        return "\n".join("".join(row) for row in self.characters.tolist())

    def part(self, row: int, column: int, rows: int, columns: int) -> "Cells":
        """Some of the cells, from (row, column) on. What is drawn on them is drawn on these."""
        area = np.s_[row : row + rows, column : column + columns]
        return Cells(self.characters[area], self.foreground[area], self.background[area], self.images)


def blank(rows: int, columns: int) -> Cells:
    """Cells with nothing in them."""
    shape = (rows, columns)
    return Cells(np.full(shape, " ", dtype="<U1"), np.full(shape, DEFAULT, np.int32), np.full(shape, DEFAULT, np.int32))


def paste(cells: Cells, drawn: Cells, row: int = 0, column: int = 0) -> None:
    """Copy a drawing into cells, its upper left cell to (row, column); what goes beyond them is left out."""
    high, wide = cells.characters.shape
    rows, columns = drawn.characters.shape
    if row + rows > high or column + columns > wide:
        drawn = drawn.part(0, 0, max(0, high - row), max(0, wide - column))
    area = np.s_[row : row + rows, column : column + columns]
    ink = drawn.foreground
    if drawn.images and drawn.images is not cells.images:
        ink = np.where(drawn.shows_part, ink + len(cells.images), ink)
        cells.images.extend(drawn.images)
    cells.characters[area] = drawn.characters
    cells.foreground[area] = ink
    cells.background[area] = drawn.background
