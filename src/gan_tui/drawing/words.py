"""Words in cells: lines of text with a colour each, clipped to their room."""

from collections.abc import Sequence

import numpy as np

from gan_tui.drawing.cells import DEFAULT, Cells

Piece = tuple[str, int]
"""A text and its colour, 0xRRGGBB or DEFAULT."""


def blank(rows: int, columns: int) -> Cells:
    """Cells with nothing in them."""
    return Cells(
        np.full((rows, columns), " ", dtype="<U1"),
        np.full((rows, columns), DEFAULT, np.int32),
        np.full((rows, columns), DEFAULT, np.int32),
    )


def write(cells: Cells, row: int, column: int, text: str, color: int = DEFAULT) -> int:
    """Put text into a row, clipped at its end; returns the column after it."""
    fitting = text[: max(0, cells.columns - column)]
    if fitting and 0 <= row < cells.rows:
        cells.characters[row, column : column + len(fitting)] = list(fitting)
        cells.foreground[row, column : column + len(fitting)] = color
    return column + len(fitting)


def write_pieces(cells: Cells, row: int, column: int, pieces: Sequence[Piece]) -> int:
    """Put several texts into a row, one after another; returns the column after them."""
    for text, color in pieces:
        column = write(cells, row, column, text, color)
    return column


def width(pieces: Sequence[Piece]) -> int:
    return sum(len(text) for text, _ in pieces)
