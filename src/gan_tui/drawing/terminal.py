"""What a drawing may use of the terminal it is shown on."""

from dataclasses import dataclass
from enum import Enum


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
