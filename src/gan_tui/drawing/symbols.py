"""The block characters that the dots of a cell are drawn with. Without numpy: the menu paints before it loads.

Octants came with Unicode 16: 230 patterns of two by four dots from U+1CD00 on, in the order of their numbers; the other
26 were there before, under other names. Few fonts have them, and no terminal says whether its own does.
"""

from enum import Enum

_QUADRANTS = " ▘▝▀▖▌▞▛▗▚▐▜▄▙▟█"
_FIRST_OCTANT = 0x1CD00
PARTS_A_SIDE = 255
PARTS = range(0xF0000, 0xF0000 + PARTS_A_SIDE**2)
"""The characters of cells that show a part of an image, row after row of 255 parts. They are of Unicode's private use,
which text from outside never has here."""
_QUARTERS = {
    0b00000001: "\U0001cea8", 0b00000010: "\U0001ceab", 0b01000000: "\U0001cea3", 0b10000000: "\U0001cea0",
    0b00000011: "\U0001fb82", 0b11000000: "▂", 0b00111111: "\U0001fb85", 0b11111100: "▆",
    0b00010100: "\U0001fbe6", 0b00101000: "\U0001fbe7",
}  # fmt: skip
"""Octants that were characters already, by their dots: corners, quarters of a cell, and their like."""


def _octants() -> str:
    """All 256, by their dots."""
    older = {quadrant_dots(bits): character for bits, character in enumerate(_QUADRANTS)} | _QUARTERS
    newer = iter(range(_FIRST_OCTANT, _FIRST_OCTANT + 256 - len(older)))
    return "".join(older.get(dots) or chr(next(newer)) for dots in range(256))


def quadrant_dots(bits: int) -> int:
    """The dots of an octant that show what a quadrant shows."""
    return sum(0b101 << bit // 2 * 4 + bit % 2 for bit in range(4) if bits >> bit & 1)


class Symbols(Enum):
    """Which dots a cell has, and a character for each pattern of them: bit 0 is the upper left, bit 1 what follows."""

    HALVES = "halves", (1, 2), " ▀▄█"
    QUADRANTS = "quadrants", (2, 2), _QUADRANTS
    OCTANTS = "octants", (2, 4), _octants()

    def __init__(self, word: str, dots: tuple[int, int], glyphs: str) -> None:
        self.word, self.dots, self.glyphs = word, dots, glyphs
        """`dots` is how many are across and down."""

    @staticmethod
    def of(word: str) -> "Symbols":
        """Raises ValueError for a word that is none of them."""
        for symbols in Symbols:
            if symbols.word == word:
                return symbols
        raise ValueError(f"no symbols are called {word}")


OPPOSITES = {
    character: symbols.glyphs[-1 - dots]
    for symbols in Symbols
    for dots, character in enumerate(symbols.glyphs)
    if character not in " █▂▆"  # blanks stay blanks; charts have the last two, whose opposites few fonts have
}
"""Each character and the one that shows the same with ink and paper exchanged."""
