"""Drawn cells as lines of text for a terminal that is printed on, with its codes for colours."""

from collections.abc import Iterator
from functools import lru_cache

from rich.style import Style

from gan_tui.dashboard.terminal.styles import Looks, Pen
from gan_tui.drawing.cells import DEFAULT, Cells
from gan_tui.drawing.terminal import ColorDepth

_AS_BEFORE = "\x1b[0m"


def lines(cells: Cells, colors: ColorDepth) -> Iterator[str]:
    """Each row; what follows it is in the terminal's own colours."""
    if colors is ColorDepth.MONO:
        yield from map(str.rstrip, cells.text().split("\n"))
        return
    looks = Looks(colors)
    for row in zip(cells.characters.tolist(), cells.foreground.tolist(), cells.background.tolist(), strict=True):
        pen = Pen()
        codes = (pen.take(looks.of(_style(ink, paper))) + character for character, ink, paper in zip(*row, strict=True))
        yield "".join(codes).rstrip() + _AS_BEFORE


@lru_cache(maxsize=512)
def _style(ink: int, paper: int) -> Style:
    return Style(color=_hex(ink), bgcolor=_hex(paper))


def _hex(color: int) -> str | None:
    return None if color == DEFAULT else f"#{color:06x}"
