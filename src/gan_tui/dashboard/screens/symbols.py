"""Asks what pictures are to be drawn with: which characters the terminal's font lacks, only a person can see."""

import os
from dataclasses import replace
from typing import ClassVar

import numpy as np
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.geometry import Size
from textual.screen import ModalScreen
from textual.widgets import Static

from gan_tui.dashboard.widgets.cells_view import CellsView
from gan_tui.dashboard.widgets.key_line import KeyLine
from gan_tui.drawing.cells import Cells
from gan_tui.drawing.pictures.blocks import Pixels
from gan_tui.drawing.pictures.whole import draw_picture
from gan_tui.drawing.symbols import Symbols
from gan_tui.drawing.terminal import Terminal
from gan_tui.system.terminal import wanted_symbols

_SIDE = 32
"""Pixels of the sample: 16 × 8 cells, with pixels as wide as a dot, so that the page fits into any window."""
_QUESTION = """\
Octants show twice as many dots as quadrants, but few fonts have them. Are there rings on the left as on the right, \
finer, and without boxes, blanks or question marks between them?"""
_WITH_PIXELS = """\
This terminal shows real pixels: x. Without them, pictures are drawn in the characters on the left (o), which few \
fonts have, or in those on the right (u)."""


def why_not_asked(terminal: Terminal) -> str:
    """Why there is nothing to ask, half a sentence; empty where there is."""
    if wanted_symbols(os.environ):
        return "GAN_TUI_SYMBOLS decides"
    return "" if terminal.unicode else "no block characters arrive here"


def rings() -> Pixels:
    """(height, width, 1): rings that become ever narrower, in every direction."""
    side = np.linspace(-1, 1, _SIDE) ** 2
    far = side[:, None] + side
    levels: Pixels = (127.5 * (1 + np.cos(10 * far)) * (far < 1)).astype(np.uint8)
    return levels[..., None]


class _Sample(CellsView):
    """The rings, in one kind of characters."""

    DEFAULT_CSS = "_Sample { width: 16; height: 8; margin: 1 3 0 3; }"

    def __init__(self, symbols: Symbols) -> None:
        super().__init__()
        self._symbols = symbols

    def draw(self, size: Size) -> Cells:
        terminal: Terminal = self.app.terminal  # type: ignore[attr-defined]
        return draw_picture(rings(), size.width, size.height, replace(terminal, symbols=self._symbols, pixels=None))


class SymbolsScreen(ModalScreen[str]):
    """Both kinds side by side; o, u and x answer, escape leaves it as it is (an empty answer)."""

    DEFAULT_CSS = """
    SymbolsScreen { align: center middle; }
    SymbolsScreen #asked {
        width: 64; max-width: 96%; height: auto; padding: 0 2; background: $surface; border: round $border;
    }
    SymbolsScreen Horizontal { height: auto; align: center middle; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("o", "dismiss('octants')", "Octants (left)"),
        Binding("u", "dismiss('quadrants')", "Quadrants (right)"),
        Binding("x", "dismiss('pixels')", "Real pixels"),
        Binding("escape,q", "dismiss('')", "As it is", key_display="esc"),
    ]

    def __init__(self, has_pixels: bool = False) -> None:
        """`has_pixels` is whether the terminal shows some."""
        super().__init__()
        self._has_pixels = has_pixels

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        return self._has_pixels or parameters != ("pixels",)

    def compose(self) -> ComposeResult:
        with Vertical(id="asked"):
            yield Static(_WITH_PIXELS if self._has_pixels else _QUESTION, markup=False)
            with Horizontal():
                yield _Sample(Symbols.OCTANTS)
                yield _Sample(Symbols.QUADRANTS)
        yield KeyLine()

    async def action_dismiss(self, result: str | None = None) -> None:
        self.dismiss(result or "")
