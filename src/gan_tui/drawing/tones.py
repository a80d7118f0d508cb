"""The few colours that words, frames, axes and bars are drawn with. Without numpy: the menu paints before it loads."""

from dataclasses import dataclass


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


DARK = Tones()
