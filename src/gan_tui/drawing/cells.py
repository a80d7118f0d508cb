"""A rectangle of terminal cells as plain arrays: what drawing functions return and widgets show."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

DEFAULT = -1
"""A colour left to the terminal or to the widget that shows the cells."""


@dataclass(frozen=True)
class Cells:
    """Characters with colours.

    `characters` is (rows, columns) of single characters (dtype '<U1', each one cell wide); `foreground` and
    `background` are (rows, columns) of int32, either 0xRRGGBB or DEFAULT.
    """

    characters: NDArray[np.str_]
    foreground: NDArray[np.int32]
    background: NDArray[np.int32]

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
        return Cells(self.characters[area], self.foreground[area], self.background[area])


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
    cells.characters[area] = drawn.characters
    cells.foreground[area] = drawn.foreground
    cells.background[area] = drawn.background
