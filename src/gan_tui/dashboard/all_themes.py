"""All themes there are: those that are bundled, in the order in which a key goes through them, and a person's own.

The contrasting ones are for bright rooms, projectors and eyes that need it: their curves are as far apart for the
colour-blind as colours of one lightness against the ground can be. The other two are after Ethan Schoonover's Solarized
(https://ethanschoonover.com/solarized), its accents lightened or darkened until words in them can be read.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from textual.theme import Theme

from gan_tui.dashboard.themes import DARK, LIGHT, Inks, hex_of, inks, made
from gan_tui.system import config
from gan_tui.system.config_keys import THEMES

_SURFACE, _PANEL, _BLURRED, _BORDER = 0.06, 0.11, 0.2, 0.3
"""How far grounds and frames are from the background to the words."""
_OF_GROUNDS = ("surface", "panel", "border")

_CONTRAST_DARK = replace(
    inks(DARK), text=0xFFFFFF, dim=0xC4C9D4, accent=0x7CC4FF, good=0x3DDBB4, warning=0xFFD166, bad=0xFF8F80,
    background=0x000000, chosen=0x17407A, series=(0x58B0FF, 0xFFB000, 0x40E0A0, 0xFFB0E0),
)  # fmt: skip
_CONTRAST_LIGHT = replace(
    inks(LIGHT), text=0x000000, dim=0x3A3F4A, accent=0x003E9C, good=0x00573C, warning=0x6B4200, bad=0x96001E,
    background=0xFFFFFF, chosen=0xBBD3FF, series=(0x0050B3, 0xB04A00, 0x006B4A, 0x8A1F6B),
)  # fmt: skip
_SOLARIZED_DARK = replace(
    inks(DARK), text=0xD9D5C3, dim=0x93A1A1, accent=0x4FA8E0, good=0x8FB32B, warning=0xD5A021, bad=0xF27D72,
    background=0x002B36, chosen=0x0B4A5A, series=(0x4FA8E0, 0xE0A030, 0x3FCBA0, 0xF5B0D5),
)  # fmt: skip
_SOLARIZED_LIGHT = replace(
    inks(LIGHT), text=0x073642, dim=0x556A70, accent=0x1A62A0, good=0x4E6B00, warning=0x7D5C00, bad=0xB02A25,
    background=0xFDF6E3, chosen=0xD5E3E0, series=(0x1A68B0, 0xB85A00, 0x0F7D60, 0x8A2A80),
)  # fmt: skip


def bundled() -> list[Theme]:
    """In the order in which a key goes through them."""
    more = ((_CONTRAST_DARK, True), (_CONTRAST_LIGHT, False), (_SOLARIZED_DARK, True), (_SOLARIZED_LIGHT, False))
    return [DARK, LIGHT, *(_of(name, ink, dark, {}) for name, (ink, dark) in zip(THEMES[2:], more, strict=True))]


def own() -> list[Theme]:
    """Those in a person's config.toml; what one leaves out is as in the quiet theme of its kind."""
    return [_own(name, says) for name, says in config.written().themes.items()]


def order(themes: list[Theme], light: bool) -> list[str]:
    """The names, for a background: of each pair the one that fits first, then a person's own."""
    pairs = [
        sorted(pair, key=lambda theme: theme.dark == light) for pair in zip(themes[:6:2], themes[1:6:2], strict=True)
    ]
    return [theme.name for pair in pairs for theme in pair] + [theme.name for theme in themes[6:]]


def _own(name: str, says: Mapping[str, Any]) -> Theme:
    ground = _number(says["background"]) if "background" in says else None
    dark = says.get("dark", ground is None or _lightness(ground) < 0.5)
    others = ("dark", "series", *_OF_GROUNDS)
    colors: dict[str, Any] = {key: _number(each) for key, each in says.items() if key not in others}
    series = tuple(map(_number, says["series"])) if "series" in says else inks(dark).series
    return _of(
        name, replace(inks(dark), **colors, series=series), dark, {key: says[key] for key in _OF_GROUNDS if key in says}
    )


def _of(name: str, ink: Inks, dark: bool, grounds: Mapping[str, str]) -> Theme:
    """A theme in which grounds and frames that are not given follow from the background and the words."""

    def between(share: float) -> str:
        return hex_of(_mixed(ink.background, ink.text, share))

    return made(
        name, ink, dark,
        secondary=hex_of(ink.series[-1]),
        surface=grounds.get("surface", between(_SURFACE)),
        panel=grounds.get("panel", between(_PANEL)),
        variables={
            "block-cursor-foreground": "#ffffff" if dark else "#000000",
            "text-disabled": hex_of(ink.dim),
            "border": grounds.get("border", between(_BORDER)),
            "border-blurred": between(_BLURRED),
        },
    )  # fmt: skip


def _number(color: str) -> int:
    return int(color.removeprefix("#"), 16)


def _mixed(one: int, other: int, share: float) -> int:
    """So much of the other colour."""
    pairs = zip(one.to_bytes(3), other.to_bytes(3), strict=True)
    return int.from_bytes(bytes(round(first + share * (second - first)) for first, second in pairs))


def _lightness(color: int) -> float:
    red, green, blue = color.to_bytes(3)
    return (0.299 * red + 0.587 * green + 0.114 * blue) / 255
