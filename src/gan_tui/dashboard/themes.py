"""Two quiet themes, and the colours to draw with on them: legible, and apart for colour-blind eyes."""

from dataclasses import dataclass

from textual.theme import Theme

from gan_tui.drawing.tones import Tones


@dataclass(frozen=True, kw_only=True)
class Inks(Tones):
    """Colours, 0xRRGGBB, of what is drawn in cells on a theme."""

    warning: int
    chosen: int
    """Behind what is chosen."""
    series: tuple[int, ...]
    """In charts: training or discriminator, validation or generator, and two more."""


_DARK_INKS = Inks(  # and the tones that are for a dark ground by default
    warning=0xE0AF68,
    chosen=0x2F3B5C,
    series=(0x5AA9E6, 0xE8A33D, 0x4CC08F, 0xD487B5),
)
_LIGHT_INKS = Inks(
    text=0x23262F,
    dim=0x595F6D,
    good=0x1F7A4D,
    warning=0x8A5A00,
    bad=0xB3263A,
    accent=0x2F5FB3,
    background=0xFAFAF7,
    chosen=0xCFDCF5,
    series=(0x1668B0, 0xC05A00, 0x00795A, 0xA0407F),
)


def inks(dark: bool) -> Inks:
    """The colours to draw with."""
    return _DARK_INKS if dark else _LIGHT_INKS


def _theme(dark: bool, secondary: str, surface: str, panel: str, variables: dict[str, str]) -> Theme:
    ink = inks(dark)
    return Theme(
        name="gan-dark" if dark else "gan-light",
        dark=dark,
        primary=_hex(ink.accent),
        secondary=secondary,
        accent=_hex(ink.warning),
        success=_hex(ink.good),
        warning=_hex(ink.warning),
        error=_hex(ink.bad),
        foreground=_hex(ink.text),
        background=_hex(ink.background),
        surface=surface,
        panel=panel,
        variables={
            "footer-key-foreground": _hex(ink.warning),
            "block-cursor-background": _hex(ink.chosen),
            "block-cursor-text-style": "none",
            "block-cursor-blurred-background": panel,
            "input-cursor-text-style": "reverse",
            "dim": _hex(ink.dim),
            **variables,
        },
    )


def _hex(color: int) -> str:
    return f"#{color:06x}"


# Of `text-disabled` are titles within lists, and placeholders; Textual's own is too pale for words.
DARK = _theme(
    True, secondary="#9d8cd6", surface="#171a23", panel="#222634",
    variables={"block-cursor-foreground": "#ffffff", "text-disabled": "#8f97ad",
               "border": "#3a4052", "border-blurred": "#2a2f3d"},
)  # fmt: skip
LIGHT = _theme(
    False, secondary="#6b4fb0", surface="#f1f1ec", panel="#e4e4dd",
    variables={"block-cursor-foreground": "#10131a", "text-disabled": "#595f6d",
               "border": "#b9b9ae", "border-blurred": "#d2d2c8"},
)  # fmt: skip
