"""The sixteen colours that every terminal names, and which of them are safe. Without numpy: the menu paints before it.

What they look like is the user's choice. In Solarized the bright ones are greys, bright black is the background itself,
and one of the whites is that of its light twin. So words and lines are drawn in the terminal's own ink or in one of six
colours that are hues in every palette; only pictures take all sixteen. Blue can hardly be read on black, where it is
called cyan.
"""

from colorsys import rgb_to_hls

SIXTEEN = (
    *(0x000000, 0xAA0000, 0x00AA00, 0xAA5500, 0x0000AA, 0xAA00AA, 0x00AAAA, 0xAAAAAA),
    *(0x555555, 0xFF5555, 0x55FF55, 0xFFFF55, 0x5555FF, 0xFF55FF, 0x55FFFF, 0xFFFFFF),
)
"""0xRRGGBB of each, as Rich names them."""

_RED, _GREEN, _YELLOW, _BLUE, _MAGENTA, _CYAN = 1, 2, 3, 4, 5, 6
_HUES = ((20, _RED), (70, _YELLOW), (170, _GREEN), (195, _CYAN), (265, _BLUE), (330, _MAGENTA))
"""Degrees up to which a hue has a colour's name."""
_COLORFUL = 48
"""Levels between the channels; what has less is called grey."""


def named(color: int, on_dark: bool | None = None) -> int | None:
    """The number of the one of six colours that people would call a colour; None for greys, black and white.

    Where it is not known whether the ground is dark, light inks are taken to be for dark grounds.
    """
    channels = color >> 16, color >> 8 & 255, color & 255
    if max(channels) - min(channels) < _COLORFUL:
        return None
    hue, lightness, _ = rgb_to_hls(*(channel / 255 for channel in channels))
    name = next((name for end, name in _HUES if hue * 360 < end), _RED)
    return _CYAN if name == _BLUE and (lightness > 0.5 if on_dark is None else on_dark) else name
