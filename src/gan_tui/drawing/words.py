"""Words in cells: lines of text with a colour each, clipped to their room."""

from collections.abc import Sequence
from unicodedata import combining, east_asian_width

from gan_tui.drawing.cells import DEFAULT, Cells
from gan_tui.drawing.terminal import Terminal

Piece = tuple[str, int]
"""A text and its colour, 0xRRGGBB or DEFAULT."""


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


def one_cell_each(text: str, terminal: Terminal) -> str:
    """The text with `?` for what isn't one cell wide or does not arrive, without what isn't printed at all."""
    text = text if terminal.unicode else text.replace("–", "-")
    return "".join(c if c.isascii() or (terminal.unicode and _is_narrow(c)) else "?" for c in text if c.isprintable())


def clipped(text: str, columns: int, terminal: Terminal) -> str:
    """The text in at most so many columns, its end an ellipsis if it was longer."""
    if len(text) <= columns:
        return text
    sign = "…" if terminal.unicode else "."
    return text[: columns - 1] + sign if columns > 3 else text[: max(0, columns)]


def _is_narrow(character: str) -> bool:
    return east_asian_width(character) not in "WF" and not combining(character)
