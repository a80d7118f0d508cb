"""What the terminal can show, from its environment alone: it is never asked, so nothing hangs or leaks.

GAN_TUI_COLORS=truecolor|256|16|none and GAN_TUI_ASCII=1 overrule everything else, NO_COLOR the rest.
"""

from collections.abc import Mapping

COLORS = ("truecolor", "256", "16", "none")
SMALLEST = (60, 18)
"""(columns, rows) that the dashboard needs."""


def fits(columns: int, rows: int) -> bool:
    """Whether a window is large enough for the dashboard."""
    return columns >= SMALLEST[0] and rows >= SMALLEST[1]


_TRUECOLOR_TERMS = ("-direct", "kitty", "ghostty", "alacritty", "foot", "wezterm", "contour", "iterm")
_COLORLESS_TERMS = ("", "dumb", "unknown", "vt100", "vt102", "vt220")
_GLYPHS_IN_USE = "▚█░●⣿"


def unknown_colors(environ: Mapping[str, str]) -> str:
    """What GAN_TUI_COLORS says, where that is nothing that can be drawn in; empty where all is well."""
    wanted = environ.get("GAN_TUI_COLORS", "")
    return "" if wanted.lower() in ("", *COLORS) else wanted


def can_place_text(environ: Mapping[str, str]) -> bool:
    """Whether text can be put anywhere on the screen; a dumb terminal only adds lines."""
    return environ.get("TERM", "").lower() not in ("", "dumb", "unknown")


def colors(environ: Mapping[str, str]) -> str:
    """How many colours there are, one of COLORS."""
    wanted = environ.get("GAN_TUI_COLORS", "").lower()
    if wanted in COLORS:
        return wanted
    term = environ.get("TERM", "").lower()
    if environ.get("NO_COLOR") or term in _COLORLESS_TERMS:
        return "none"
    if environ.get("COLORTERM", "").lower() in ("truecolor", "24bit") or any(name in term for name in _TRUECOLOR_TERMS):
        return "truecolor"
    return "256" if "256color" in term else "16"


def has_glyphs(environ: Mapping[str, str], encoding: str) -> bool:
    """Whether block and braille characters arrive and have glyphs."""
    if environ.get("GAN_TUI_ASCII", "") not in ("", "0"):
        return False
    if environ.get("TERM") == "linux":  # the kernel console's font has neither quadrants nor braille
        return False
    try:
        _GLYPHS_IN_USE.encode(encoding)
    except (UnicodeEncodeError, LookupError):
        return False
    return True
