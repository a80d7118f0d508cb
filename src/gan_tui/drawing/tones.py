"""The few colours that words, frames and bars are drawn with, as far as a terminal has them."""

from dataclasses import dataclass, fields

from gan_tui.drawing.cells import DEFAULT
from gan_tui.drawing.colors import namesake, nearest_color
from gan_tui.drawing.terminal import ColorDepth, Terminal


@dataclass(frozen=True)
class Tones:
    """Colours, 0xRRGGBB or DEFAULT, of what is said and what is stressed; by default for a dark ground."""

    text: int = 0xD5D9E3
    dim: int = 0x8189A0
    accent: int = 0x7AA2F7
    good: int = 0x56B48A
    bad: int = 0xEF6F7C
    background: int = 0x11131A
    """What is shaded fades into it."""

    def on(self, terminal: Terminal) -> "Tones":
        """As a terminal can show them."""
        return Tones(*(available(getattr(self, field.name), terminal) for field in fields(self)))


DARK = Tones()


def available(color: int, terminal: Terminal) -> int:
    """A colour as a terminal can show it: DEFAULT without colours."""
    if color == DEFAULT or terminal.colors is ColorDepth.MONO:
        return DEFAULT
    if terminal.colors is ColorDepth.COLORS_16:
        return namesake(color)
    return color if terminal.colors is ColorDepth.TRUECOLOR else nearest_color(color, terminal.colors)
