"""Themes, and the colours to draw with on them: legible, and apart for colour-blind eyes. Here two quiet ones."""

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
    runs: tuple[int, ...] = ()
    """Of runs over each other, eight that all eyes tell apart; without any, those of the series."""

    def run(self, number: int) -> int:
        """The colour of a run of a comparison."""
        colors = self.runs or self.series
        return colors[number % len(colors)]


_DARK_INKS = Inks(  # and the tones that are for a dark ground by default
    warning=0xE0AF68,
    chosen=0x2F3B5C,
    series=(0x5AA9E6, 0xE8A33D, 0x4CC08F, 0xD487B5),
    runs=(0x5AA9E6, 0xE8A33D, 0xCC5588, 0x00CCAA, 0xEEDD00, 0x1177FF, 0x77EEEE, 0xCC6600),
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
    runs=(0x1668B0, 0xB85600, 0x770022, 0x116666, 0x5522FF, 0x993300, 0x552266, 0x0011BB),
)


_INKS: dict[str, Inks] = {}
"""By the name of their theme."""


def inks(theme: Theme | bool) -> Inks:
    """The colours to draw with on a theme, or, where it is not known, on a dark ground or a light one."""
    if isinstance(theme, Theme):
        return _INKS.get(theme.name) or inks(theme.dark)
    return _DARK_INKS if theme else _LIGHT_INKS


def made(
    name: str, ink: Inks, dark: bool, *, secondary: str, surface: str, panel: str, variables: dict[str, str]
) -> Theme:
    """A theme with the colours that are drawn with on it."""
    _INKS[name] = ink
    return Theme(
        name=name,
        dark=dark,
        primary=hex_of(ink.accent),
        secondary=secondary,
        accent=hex_of(ink.warning),
        success=hex_of(ink.good),
        warning=hex_of(ink.warning),
        error=hex_of(ink.bad),
        foreground=hex_of(ink.text),
        background=hex_of(ink.background),
        surface=surface,
        panel=panel,
        variables={
            "footer-key-foreground": hex_of(ink.warning),
            "block-cursor-background": hex_of(ink.chosen),
            "block-cursor-text-style": "none",
            "block-cursor-blurred-background": panel,
            "input-cursor-text-style": "reverse",
            "dim": hex_of(ink.dim),
            **variables,
        },
    )


def hex_of(color: int) -> str:
    """#rrggbb."""
    return f"#{color:06x}"


# Of `text-disabled` are titles within lists, and placeholders; Textual's own is too pale for words.
DARK = made(
    "gan-dark", _DARK_INKS, True, secondary="#9d8cd6", surface="#171a23", panel="#222634",
    variables={"block-cursor-foreground": "#ffffff", "text-disabled": "#8f97ad",
               "border": "#3a4052", "border-blurred": "#2a2f3d"},
)  # fmt: skip
LIGHT = made(
    "gan-light", _LIGHT_INKS, False, secondary="#6b4fb0", surface="#f1f1ec", panel="#e4e4dd",
    variables={"block-cursor-foreground": "#10131a", "text-disabled": "#595f6d",
               "border": "#b9b9ae", "border-blurred": "#d2d2c8"},
)  # fmt: skip
