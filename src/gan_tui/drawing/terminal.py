"""What a drawing may use of the terminal it is shown on."""

from dataclasses import dataclass
from enum import Enum

from gan_tui.drawing.symbols import Symbols


class ColorDepth(Enum):
    """How many colours there are."""

    TRUECOLOR = "truecolor"
    COLORS_256 = "256"
    COLORS_16 = "16"
    MONO = "none"


@dataclass(frozen=True)
class Terminal:
    """What a drawing may use."""

    colors: ColorDepth = ColorDepth.TRUECOLOR
    unicode: bool = True
    """Whether block and braille characters arrive and have glyphs."""
    encoding: str = "utf-8"
    """The one whose characters it has."""
    symbols: Symbols = Symbols.QUADRANTS
    """The finest block characters that its font is known to have."""
    pixels: tuple[int, int] | None = None
    """How many pixels a cell is wide and high, where images are shown in them; None where cells are all there is."""

    @property
    def dots(self) -> tuple[int, int]:
        """How many parts of a cell, across and down, a picture has."""
        return self.symbols.dots if self.unicode else (1, 1)
