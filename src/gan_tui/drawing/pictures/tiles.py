"""A wall of equal tiles, re-flowed so that as many as possible are shown whole and legible."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import count
from math import prod

from gan_tui.drawing.cells import Cells, blank, paste
from gan_tui.drawing.colors import available
from gan_tui.drawing.pictures.blocks import Pixels, channels_first, encode_each
from gan_tui.drawing.pictures.sampling import CELL_ASPECT, fit, resize
from gan_tui.drawing.pictures.squares import cells_for, draw_squares, is_small, scales
from gan_tui.drawing.terminal import ColorDepth, Terminal

_ROWS_FOR_SMALL = 4
_PIXELS_A_ROW, _PIXELS_A_PLAIN_ROW = 6, 4  # a 28 x 28 digit gets at least 10 x 5 cells, without colours 14 x 7

_FRAME, _FRAME_IN_ASCII = ("▗▄▖", "▐ ▌", "▝▀▘"), ("+-+", "| |", "+-+")

Size = tuple[int, int]
"""(rows, columns) of cells."""


@dataclass(frozen=True)
class TileLayout:
    """What of a wall of tiles is on the screen, and where."""

    shown: int
    """The first so many tiles."""
    total: int
    down: int
    """Tiles in a column."""
    across: int
    """Tiles in a row."""
    tile_rows: int
    """Height of a tile in cells."""
    tile_columns: int
    """Width of a tile in cells."""
    top: int = 0
    """The first tile's first row of cells."""
    left: int = 0
    """The first tile's first column of cells."""
    gap: int = 0
    """Cells between tiles."""


def draw_tiles(
    tiles: Pixels,
    columns: int,
    rows: int,
    terminal: Terminal,
    *,
    across: int | None = None,
    gap: int = 1,
    margin: int = 0,
) -> tuple[Cells, TileLayout]:
    """As many whole tiles as fit legibly, in order, and then as large as they can be.

    `tiles` is (count, height, width, channels). `across` is how many lie in a row where there is room for that, by
    default all; `gap` the cells between tiles, `margin` those kept free around them all (for `mark_tile`). Tiles of
    at most 8 x 8 pixels are enlarged by whole numbers. If not even one tile fits, the first is scaled down to what
    there is.
    """
    total, height, width, _ = tiles.shape
    across, pane = across or total, (max(0, columns - 2 * margin), max(0, rows - 2 * margin))
    if is_small(height, width):
        wall = _layout_of_squares(total, across, (height, width), pane, gap, terminal)
    else:
        wall = layout(total, across, (height, width), pane, gap, legible_rows(height, terminal))
    wall = replace(wall, top=wall.top + margin, left=wall.left + margin)
    canvas = blank(rows, columns)
    for index, drawn in enumerate(_encoded(tiles[: wall.shown], wall, terminal)):
        paste(canvas, drawn, *corner(wall, index))
    return canvas, wall


def tile_at(wall: TileLayout, column: int, row: int) -> int | None:
    """The tile that covers a cell; None in gaps and margins."""
    if not wall.shown or row < wall.top or column < wall.left:
        return None
    down, inside = divmod(row - wall.top, wall.tile_rows + wall.gap)
    across, beside = divmod(column - wall.left, wall.tile_columns + wall.gap)
    index = down * wall.across + across
    hit = inside < wall.tile_rows and beside < wall.tile_columns and across < wall.across
    return index if hit and index < wall.shown else None


def corner(wall: TileLayout, index: int) -> tuple[int, int]:
    """The (row, column) of a tile's upper left cell."""
    down, across = divmod(index, wall.across)
    return wall.top + down * (wall.tile_rows + wall.gap), wall.left + across * (wall.tile_columns + wall.gap)


def mark_tile(cells: Cells, wall: TileLayout, index: int, color: int, terminal: Terminal) -> None:
    """Draw a frame (0xRRGGBB) into the gap around a tile, where there is room and nothing else."""
    if not 0 <= index < wall.shown:
        return
    row, column = corner(wall, index)
    frame = _FRAME if terminal.unicode else _FRAME_IN_ASCII
    for r in range(max(0, row - 1), min(cells.rows, row + wall.tile_rows + 1)):
        for c in range(max(0, column - 1), min(cells.columns, column + wall.tile_columns + 1)):
            if cells.characters[r, c] == " " and tile_at(wall, c, r) is None:
                part = _part(r, row, wall.tile_rows), _part(c, column, wall.tile_columns)
                cells.characters[r, c] = frame[part[0]][part[1]]
                cells.foreground[r, c] = available(color, terminal)


def _part(place: int, start: int, length: int) -> int:
    """0 before, 1 inside and 2 after a stretch of cells."""
    return (place >= start) + (place >= start + length)


def _encoded(tiles: Pixels, wall: TileLayout, terminal: Terminal) -> list[Cells]:
    """Each tile's cells."""
    if not len(tiles):
        return []
    _, height, width, _ = tiles.shape
    pictures, scale = channels_first(tiles), wall.tile_columns // width
    if is_small(height, width) and cells_for(height, width, scale) == (wall.tile_rows, wall.tile_columns):
        return draw_squares(pictures, scale, terminal)
    return encode_each(resize(pictures, 2 * wall.tile_rows, 2 * wall.tile_columns), terminal)


def legible_rows(tile_height: int, terminal: Terminal) -> int:
    """The fewest rows of cells that make a tile out: two pixels a row up to four rows, then more of them."""
    plain = not terminal.unicode or terminal.colors is ColorDepth.MONO
    small = min(-(-tile_height // 2), _ROWS_FOR_SMALL)
    return max(small, -(-tile_height // (_PIXELS_A_PLAIN_ROW if plain else _PIXELS_A_ROW)))


def layout(
    total: int,
    across: int,
    tile: tuple[int, int],
    pane: tuple[int, int],
    gap: int,
    least: int,
) -> TileLayout:
    """How `total` tiles, at best `across` in a row, go into a pane of (columns, rows) of cells.

    `tile` is (height, width) in pixels, `least` the fewest rows of cells for one.
    """
    return _flow(total, across, ((high, _width(high, tile)) for high in count(least)), tile, pane, gap)


def _layout_of_squares(
    total: int, across: int, tile: Size, pane: tuple[int, int], gap: int, terminal: Terminal
) -> TileLayout:
    """As `layout`, for small tiles: with the smallest pixels only where more than half would be left out."""
    best = TileLayout(0, total, 0, 0, 0, 0)
    for crowded in (False, True):
        sizes = (cells_for(*tile, scale) for scale in scales(tile[0], terminal, crowded=crowded))
        wall = _flow(total, across, sizes, tile, pane, gap)
        best = wall if wall.shown > best.shown else best
        if 2 * best.shown >= total:
            break
    return best


def _flow(total: int, across: int, sizes: Iterator[Size], tile: Size, pane: tuple[int, int], gap: int) -> TileLayout:
    """As many tiles as fit at the first of the sizes, which grow, at the last at which still as many fit."""
    if total == 0 or 0 in pane:
        return TileLayout(0, total, 0, 0, 0, 0)
    best = next(sizes)
    wanted = min(total, prod(_capacity(best, pane, gap)))
    if not wanted:
        wide, high = fit(*tile, *pane)
        return _centred(TileLayout(1, total, 1, 1, high, wide, gap=gap), pane)
    for larger in sizes:
        if prod(_capacity(larger, pane, gap)) < wanted:
            break
        best = larger
    return _centred(TileLayout(wanted, total, *_grid(wanted, across, _capacity(best, pane, gap)), *best, gap=gap), pane)


def _centred(wall: TileLayout, pane: tuple[int, int]) -> TileLayout:
    wide = wall.across * (wall.tile_columns + wall.gap) - wall.gap
    high = wall.down * (wall.tile_rows + wall.gap) - wall.gap
    return replace(wall, top=(pane[1] - high) // 2, left=(pane[0] - wide) // 2)


def _width(high: int, tile: Size) -> int:
    return max(1, round(high * CELL_ASPECT * tile[1] / tile[0]))


def _capacity(size: Size, pane: tuple[int, int], gap: int) -> Size:
    """Rows and columns of tiles of that size."""
    return (pane[1] + gap) // (size[0] + gap), (pane[0] + gap) // (size[1] + gap)


def _grid(tiles: int, across: int, room: tuple[int, int]) -> tuple[int, int]:
    """Rows and columns for the tiles: `across` in a row if there is room, else the fewest empty places."""
    if across <= room[1] and -(-tiles // across) <= room[0]:
        return -(-tiles // across), min(across, tiles)
    choices = [(-(-tiles // wide), wide) for wide in range(-(-tiles // room[0]), room[1] + 1)]
    return min(choices, key=lambda grid: (grid[0] * grid[1] - tiles, -grid[1]))
