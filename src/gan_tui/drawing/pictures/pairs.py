"""The same tiles twice, before and after, side by side so that each can be compared with itself."""

from dataclasses import replace

from gan_tui.drawing.cells import Cells
from gan_tui.drawing.pictures.blocks import Pixels, empty_cells, place
from gan_tui.drawing.pictures.tiles import TileLayout, draw_tiles
from gan_tui.drawing.terminal import Terminal
from gan_tui.drawing.tones import DARK, Tones
from gan_tui.drawing.words import clipped, one_cell_each, write

_BETWEEN = 2  # columns between the two walls
_ROWS_FOR_HEADINGS = 3


def draw_pairs(
    before: Pixels,
    after: Pixels,
    tile_height: int,
    tile_width: int,
    columns: int,
    rows: int,
    terminal: Terminal,
    *,
    headings: tuple[str, str] = ("untrained", "trained"),
    tones: Tones = DARK,
    gap: int = 1,
    margin: int = 0,
) -> tuple[Cells, tuple[TileLayout, TileLayout]]:
    """Two pictures of equally many equal tiles, each on its half of the cells under its heading.

    The arguments are those of `draw_tiles`; both walls show the same tiles at the same places. Returned with
    the cells is where each wall is. Raises ValueError if the pictures differ in size.
    """
    if before.shape != after.shape:
        raise ValueError(f"pictures of {before.shape} and {after.shape} pixels are no pair")
    canvas = empty_cells(columns, rows)
    half, head = max(0, columns - _BETWEEN) // 2, int(rows >= _ROWS_FOR_HEADINGS)
    walls = []
    colors = tones.on(terminal)
    for picture, heading, start, color in zip(
        (before, after), headings, (0, columns - half), (colors.dim, colors.accent), strict=True
    ):
        drawn, shown = draw_tiles(picture, tile_height, tile_width, half, rows - head, terminal, gap=gap, margin=margin)
        place(canvas, drawn, head, start)
        walls.append(replace(shown, top=shown.top + head, left=shown.left + start))
        if head:
            left = shown.left if shown.left + len(heading) <= half else 0
            write(canvas, 0, start + left, clipped(one_cell_each(heading, terminal), half - left, terminal), color)
    return canvas, (walls[0], walls[1])
