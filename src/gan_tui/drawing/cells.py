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
