"""Two quiet themes, and the colours of lines in charts: legible, and apart for colour-blind eyes."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from textual.theme import Theme

if TYPE_CHECKING:
    from gan_tui.drawing.plots.charts import ChartStyle

DARK = Theme(
    name="gan-dark",
    dark=True,
    primary="#7aa2f7",
    secondary="#9d8cd6",
    accent="#e0af68",
    success="#56b48a",
    warning="#e0af68",
    error="#ef6f7c",
    foreground="#d5d9e3",
    background="#11131a",
    surface="#171a23",
    panel="#222634",
    variables={
        "footer-key-foreground": "#e0af68",
        "block-cursor-background": "#2f3b5c",
        "block-cursor-foreground": "#ffffff",
        "block-cursor-text-style": "none",
        "block-cursor-blurred-background": "#222634",
        "input-cursor-text-style": "reverse",
        "border": "#3a4052",
        "border-blurred": "#2a2f3d",
        "dim": "#8189a0",
    },
)

LIGHT = Theme(
    name="gan-light",
    dark=False,
    primary="#2f5fb3",
    secondary="#6b4fb0",
    accent="#8a5a00",
    success="#1f7a4d",
    warning="#8a5a00",
    error="#b3263a",
    foreground="#23262f",
    background="#fafaf7",
    surface="#f1f1ec",
    panel="#e4e4dd",
    variables={
        "footer-key-foreground": "#8a5a00",
        "block-cursor-background": "#cfdcf5",
        "block-cursor-foreground": "#10131a",
        "block-cursor-text-style": "none",
        "block-cursor-blurred-background": "#e4e4dd",
        "input-cursor-text-style": "reverse",
        "border": "#b9b9ae",
        "border-blurred": "#d2d2c8",
        "dim": "#646a78",
    },
)


@dataclass(frozen=True)
class Inks:
    """Colours, 0xRRGGBB, of what is drawn in cells on a theme."""

    text: int
    dim: int
    good: int
    warning: int
    bad: int
    accent: int
    background: int
    chosen: int
    """Behind what is chosen."""
    lines: tuple[int, ...]
    """Training or discriminator, validation or generator, and two more."""

    @property
    def chart(self) -> "ChartStyle":
        from gan_tui.drawing.plots.charts import ChartStyle  # brings numpy, which the menu paints without

        return ChartStyle(axis=self.dim, text=self.dim)


_DARK_INKS = Inks(
    0xD5D9E3,
    0x8189A0,
    0x56B48A,
    0xE0AF68,
    0xEF6F7C,
    0x7AA2F7,
    0x11131A,
    0x2F3B5C,
    (0x5AA9E6, 0xE8A33D, 0x4CC08F, 0xD487B5),
)
_LIGHT_INKS = Inks(
    0x23262F,
    0x646A78,
    0x1F7A4D,
    0x8A5A00,
    0xB3263A,
    0x2F5FB3,
    0xFAFAF7,
    0xCFDCF5,
    (0x1668B0, 0xC05A00, 0x00795A, 0xA0407F),
)


def inks(dark: bool) -> Inks:
    """The colours to draw with."""
    return _DARK_INKS if dark else _LIGHT_INKS
