"""Words in cells: lines of text with a colour each, clipped to their room. A wide character has "" in its second."""

from collections.abc import Sequence

from gan_tui import text as texts
from gan_tui.drawing.cells import DEFAULT, Cells
from gan_tui.drawing.terminal import Terminal
from gan_tui.text import character_width, keys_in_words, plain

Piece = tuple[str, int]
"""A text and its colour, 0xRRGGBB or DEFAULT."""


def write(cells: Cells, row: int, column: int, text: str, color: int = DEFAULT) -> int:
    """Put text into a row, clipped at both ends; returns the column after it."""
    fitting = _in_cells(text, max(0, cells.columns - column))
    after, fitting = column + len(fitting), fitting[max(0, -column) :]
    if fitting and 0 <= row < cells.rows:
        where = slice(after - len(fitting), after)
        cells.characters[row, where] = [fitting[0] or " ", *fitting[1:]]  # of a wide character that is cut, a blank
        cells.foreground[row, where] = color
    return after


def _in_cells(text: str, columns: int) -> list[str]:
    """What stands in each cell, as far as there is room."""
    if text.isascii():
        return list(text[:columns])
    found: list[str] = []
    for character in text:
        wide = character_width(character)
        if len(found) + wide > columns:
            break
        found += [character, ""][:wide]
    return found


def write_pieces(cells: Cells, row: int, column: int, pieces: Sequence[Piece]) -> int:
    """Put several texts into a row, one after another; returns the column after them."""
    for text, color in pieces:
        column = write(cells, row, column, text, color)
    return column


def width(pieces: Sequence[Piece]) -> int:
    return sum(texts.width(text) for text, _ in pieces)


def whole_hints(hints: str, room: int) -> str:
    """As many of the hints, which are two blanks apart, as there is room for: half a key is worse than none."""
    kept = hints.split("  ")
    while kept and texts.width("  ".join(kept)) > room:
        kept.pop()
    return "  ".join(kept)


def as_shown(text: str, terminal: Terminal) -> str:
    """The text as it arrives, without what isn't printed in a cell of its own."""
    arriving = text if terminal.unicode else plain(keys_in_words(text))
    if arriving.isascii() and arriving.isprintable():
        return arriving
    return "".join(c for c in arriving if c.isprintable() and character_width(c))


LEAST_LETTERS = 3
"""Of a name that is cut: fewer tell nobody what it is."""


def told_apart(names: Sequence[str], columns: int, terminal: Terminal) -> list[str]:
    """Names in at most so many columns, each its beginning; where that is the same for two, all with their ends."""
    short = [clipped(as_shown(name, terminal), columns, terminal) for name in names]
    if len(set(short)) == len(set(names)) or columns < LEAST_LETTERS + 2:
        return short
    end = columns - columns // 2 - 1
    return [
        name if texts.width(name) <= columns
        else clipped(name, columns - end, terminal) + texts.cut(name[::-1], end)[::-1]
        for name in (as_shown(name, terminal) for name in names)
    ]  # fmt: skip


def clipped(text: str, columns: int, terminal: Terminal) -> str:
    """The text in at most so many columns, its end an ellipsis if it was longer."""
    sign = "…" if terminal.unicode else "."
    return texts.clipped(text, max(0, columns), sign if columns > 3 else "")
