"""A widget that shows drawn cells and sends only those that changed.

Widgets keep the arrays they drew, compare, and refresh only the spans that changed; on a slow link that is most of the
saving. Rich renderables would be drawn as a whole each time.
"""

from collections.abc import Sequence
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from rich.segment import Segment
from rich.style import Style
from textual.geometry import Region, Size
from textual.strip import Strip

from gan_tui.dashboard.terminal.app import TerminalApp
from gan_tui.dashboard.terminal.images import style_of
from gan_tui.dashboard.terminal.placeholders import is_part
from gan_tui.dashboard.terminal.sized_widget import SizedWidget
from gan_tui.drawing.cells import DEFAULT, Cells, Image
from gan_tui.drawing.colors import nearest
from gan_tui.drawing.terminal import ColorDepth


@lru_cache(maxsize=512)
def style(foreground: int, background: int) -> Style:
    """The terminal style of two colours, 0xRRGGBB."""
    return Style(color=f"#{foreground:06x}", bgcolor=f"#{background:06x}")


SPAN = 16
"""Columns. Textual remembers thousands of regions; what is sent are the cells that differ, whatever is composed."""
_NEAREST = nearest(np.arange(256, dtype=np.float32)[None], ColorDepth.COLORS_256)[0].astype(np.int32)
"""For each grey the nearest that the 256 colours have."""
_NEAREST[244:253] = np.arange(244, 253)  # but not where that is far away
_NEAREST[[85, 170]] = 85, 170  # nor of those that have a name among sixteen
_GREY = 0x010101


def with_few_greys(cells: Cells) -> Cells:
    """Cells as they are sent: few greys, so that few styles are made and kept, and neighbours are alike more often."""
    return Cells(cells.characters, _few_greys(cells.foreground), _few_greys(cells.background), cells.images)


def _few_greys(colors: NDArray[np.int32]) -> NDArray[np.int32]:
    levels = colors & 255
    return np.where(levels * _GREY == colors, _NEAREST[levels] * _GREY, colors).astype(np.int32)


def to_strip(cells: Cells, row: int, foreground: int, background: int, numbers: Sequence[int] = ()) -> Strip:
    """One row of cells, neighbours of one style joined; DEFAULT becomes the colours given.

    `numbers` are those that the terminal knows the cells' images by.
    """
    characters = cells.characters[row].tolist()
    text = "".join(characters)
    narrow = len(text) == len(characters)  # else there are wide ones, which have "" in their second cell
    front, back = cells.foreground[row], cells.background[row]
    breaks = np.flatnonzero((front[1:] != front[:-1]) | (back[1:] != back[:-1])) + 1
    starts = [0, *breaks.tolist()]
    ends = [*starts[1:], len(characters)]
    segments = []
    for start, end in zip(starts, ends, strict=True):
        ink, paper = int(front[start]), int(back[start])
        paper = background if paper == DEFAULT else paper
        if is_part(characters[start]):
            chosen = style_of(numbers[ink], f"#{paper:06x}")
        else:
            chosen = style(foreground if ink == DEFAULT else ink, paper)
        segments.append(Segment(text[start:end] if narrow else "".join(characters[start:end]), chosen))
    return Strip(segments, len(characters))


def with_few_images(cells: Cells) -> Cells:
    """Cells with those images alone of which they show a part."""
    if not cells.images:
        return cells
    shown, ink = cells.shows_part, cells.foreground
    used = np.unique(ink[shown])
    ink = np.where(shown, np.searchsorted(used, ink), ink).astype(np.int32)
    return Cells(cells.characters, ink, cells.background, [cells.images[slot] for slot in used.tolist()])


def changed_spans(old: Cells, new: Cells) -> list[Region]:
    """The stretch of each row in which two drawings of one size differ, in steps of SPAN: few regions to remember.

    Rows that are alike have none.
    """
    differs = (
        (old.characters != new.characters) | (old.foreground != new.foreground) | (old.background != new.background)
    )
    regions = []
    for row in np.flatnonzero(differs.any(axis=1)).tolist():
        columns = np.flatnonzero(differs[row])
        first, stop = int(columns[0]) // SPAN * SPAN, min(-(-(int(columns[-1]) + 1) // SPAN) * SPAN, new.columns)
        stop += stop < new.columns and not new.characters[row, stop]  # a wide character is not cut in two
        regions.append(Region(first, row, stop - first, 1))
    return regions


class CellsView(SizedWidget):
    """Shows cells in its top left corner. Subclasses draw in `draw`, when asked through `redraw`."""

    DEFAULT_CSS = """
    CellsView { height: 1fr; width: 1fr; }
    """

    _cells: Cells | None = None
    _drawn_size: Size | None = None
    _ground = (DEFAULT, DEFAULT)

    def __init__(self) -> None:
        super().__init__()
        self._strips: list[Strip] = []

    def draw(self, size: Size) -> Cells | None:
        """The cells for a size; None for nothing."""
        raise NotImplementedError

    def redraw(self) -> None:
        """Draw again, and send what changed; nothing is drawn while nobody can see it."""
        if self._can_be_seen:
            regions = self._draw_again()
            if regions is None:
                self.refresh()
            elif regions:
                self.refresh(*regions)

    @property
    def _can_be_seen(self) -> bool:
        return bool(self.is_attached and self.size and self.region)

    def _draw_again(self) -> list[Region] | None:
        """Where anything changed; None for everywhere."""
        self._drawn_size = self.size
        drawn = self.draw(self.size)
        if drawn is None:
            self._show_images(())
            self._cells, self._strips = None, []
            return None
        cells, ground = with_few_images(with_few_greys(drawn)), self._own_colors()
        numbers = self._show_images(cells.images)
        before, ground_before = self._cells, self._ground
        self._cells, self._ground = cells, ground
        if before is None or ground != ground_before or before.characters.shape != cells.characters.shape:
            self._strips = [to_strip(cells, row, *ground, numbers) for row in range(cells.rows)]
            return None
        regions = changed_spans(before, cells)
        for region in regions:
            self._strips[region.y] = to_strip(cells, region.y, *ground, numbers)
        return regions

    def _show_images(self, images: Sequence[Image]) -> list[int]:
        return self.app.show_images(self, images) if isinstance(self.app, TerminalApp) else []

    def on_unmount(self) -> None:
        self._show_images(())

    def _own_colors(self) -> tuple[int, int]:
        """Of text and of what is behind it where cells have no colour of their own: 0xRRGGBB."""
        *_, behind, text = (color.rgb[0] << 16 | color.rgb[1] << 8 | color.rgb[2] for color in self.colors)
        return text, behind

    def repaint(self) -> None:
        """Draw and send everything: the theme's colours have changed."""
        self._cells = None
        self.redraw()

    def size_changed(self) -> None:
        if self.size != self._drawn_size:
            if self._can_be_seen:
                self._draw_again()
            else:
                self._drawn_size = None  # what comes while there is no room is not drawn

    def on_resize(self) -> None:
        if self.size != self._drawn_size:
            self.redraw()

    def on_show(self) -> None:
        self.redraw()

    def render_line(self, y: int) -> Strip:
        if y == 0 and self.size != self._drawn_size:  # Textual loses a resize when something asks where things are
            self.call_later(self.redraw)
        if y < len(self._strips):
            return self._strips[y]
        return Strip.blank(self.size.width, self.rich_style)
