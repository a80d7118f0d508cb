"""The same tiles twice, before and after, side by side so that each can be compared with itself."""

from dataclasses import replace

from gan_tui.drawing.cells import Cells, blank, paste
from gan_tui.drawing.colors import available_tones
from gan_tui.drawing.pictures.blocks import Pixels, Shades
from gan_tui.drawing.pictures.tiles import TileLayout, draw_tiles
from gan_tui.drawing.terminal import Terminal
from gan_tui.drawing.tones import DARK, Tones
from gan_tui.drawing.words import as_shown, clipped, write

_BETWEEN = 2  # columns between the two walls
_ROWS_FOR_HEADINGS = 3


def draw_pairs(
    before: Pixels,
    after: Pixels,
    columns: int,
    rows: int,
    terminal: Terminal,
    *,
    headings: tuple[str, str] = ("untrained", "trained"),
    tones: Tones = DARK,
    margin: int = 0,
    first: int = 0,
    shades: Shades | None = None,
) -> tuple[Cells, tuple[TileLayout, TileLayout]]:
    """Two walls of equally many equal tiles, each on its half of the cells under its heading.

    The arguments are those of `draw_tiles`; both walls show the same tiles at the same places. Returned with
    the cells is where each wall is. Raises ValueError unless both are of one shape.
    """
    if before.shape != after.shape:
        raise ValueError(f"tiles of {before.shape} and {after.shape} are no pairs")
    canvas = blank(rows, columns)
    half, below = room_for_each(columns, rows)
    head = rows - below
    walls = []
    colors = available_tones(tones, terminal)
    for tiles, heading, start, color in zip(
        (before, after), headings, (0, columns - half), (colors.dim, colors.accent), strict=True
    ):
        drawn, wall = draw_tiles(tiles, half, below, terminal, margin=margin, first=first, shades=shades)
        paste(canvas, drawn, head, start)
        walls.append(replace(wall, top=wall.top + head, left=wall.left + start))
        if head:
            left = wall.left if wall.left + len(heading) <= half else 0
            row = max(0, walls[-1].top - 2)  # a row between is for the frame of the tile that is chosen
            write(canvas, row, start + left, clipped(as_shown(heading, terminal), half - left, terminal), color)
    return canvas, (walls[0], walls[1])


def room_for_each(columns: int, rows: int) -> tuple[int, int]:
    """The (columns, rows) of cells that each of the two walls has."""
    return max(0, columns - _BETWEEN) // 2, rows - int(rows >= _ROWS_FOR_HEADINGS)
