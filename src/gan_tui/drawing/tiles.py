"""A wall of equal tiles, re-flowed so that as many as possible are shown whole and legible."""

from dataclasses import dataclass
from itertools import count

from gan_tui.drawing.blocks import Pixels, channels_first, empty_cells, encode_each, place
from gan_tui.drawing.cells import Cells
from gan_tui.drawing.sampling import CELL_ASPECT, fit, resize
from gan_tui.drawing.terminal import Palette, Terminal

_ROWS_FOR_SMALL = 4
_PIXELS_A_ROW, _PIXELS_A_PLAIN_ROW = (
    6,
    4,
)  # a 28 x 28 digit gets at least 10 x 5 cells, without colours 14 x 7


@dataclass(frozen=True)
class Shown:
    """What of a wall of tiles is on the screen."""

    tiles: int
    total: int
    rows: int
    """Rows of tiles."""
    columns: int
    """Columns of tiles."""
    tile_rows: int
    """Height of a tile in cells."""
    tile_columns: int
    """Width of a tile in cells."""


def draw_tiles(
    picture: Pixels,
    tile_height: int,
    tile_width: int,
    columns: int,
    rows: int,
    terminal: Terminal,
    *,
    gap: int = 1,
    minimum: int | None = None,
) -> tuple[Cells, Shown]:
    """As many whole tiles of the picture as fit legibly, in order, and then as large as they can be.

    `picture` is (tiles down x tile_height, tiles across x tile_width), grey or with 3 channels, uint8. `gap`
    is the cells between tiles, `minimum` the fewest rows of cells for a tile (by default by its height in
    pixels). If not even one tile fits, the first is scaled down to what there is.
    """
    tiles = split(channels_first(picture), tile_height, tile_width)
    across = picture.shape[1] // tile_width
    least = minimum or legible_rows(tile_height, terminal)
    shown = layout(len(tiles), across, (tile_height, tile_width), (columns, rows), gap, least)
    canvas = empty_cells(columns, rows)
    if not shown.tiles:
        return canvas, shown
    high, wide = shown.tile_rows, shown.tile_columns
    top = (rows - shown.rows * (high + gap) + gap) // 2
    left = (columns - shown.columns * (wide + gap) + gap) // 2
    drawn = encode_each(resize(tiles[: shown.tiles], 2 * high, 2 * wide), terminal)
    for index, tile in enumerate(drawn):
        row, column = divmod(index, shown.columns)
        place(canvas, tile, top + row * (high + gap), left + column * (wide + gap))
    return canvas, shown


def split(picture: Pixels, height: int, width: int) -> Pixels:
    """The tiles of a (channels, …, …) picture in reading order, as (tiles, channels, height, width)."""
    channels, down, across = picture.shape[0], picture.shape[1] // height, picture.shape[2] // width
    whole = picture[:, : down * height, : across * width].reshape(channels, down, height, across, width)
    return whole.transpose(1, 3, 0, 2, 4).reshape(-1, channels, height, width)


def legible_rows(tile_height: int, terminal: Terminal) -> int:
    """The fewest rows of cells that make a tile out: two pixels a row up to four rows, then more of them."""
    plain = not terminal.unicode or terminal.colors is Palette.MONO
    small = min(-(-tile_height // 2), _ROWS_FOR_SMALL)
    return max(small, -(-tile_height // (_PIXELS_A_PLAIN_ROW if plain else _PIXELS_A_ROW)))


def layout(
    total: int,
    across: int,
    tile: tuple[int, int],
    pane: tuple[int, int],
    gap: int,
    least: int,
) -> Shown:
    """How `total` tiles, `across` in a row of the picture, go into a pane of (columns, rows) of cells.

    `tile` is (height, width) in pixels, `least` the fewest rows of cells for one.
    """
    most = _capacity(least, tile, pane, gap)
    if total == 0 or 0 in pane:
        return Shown(0, total, 0, 0, 0, 0)
    if 0 in most:
        wide, high = fit(*tile, *pane)
        return Shown(1, total, 1, 1, high, wide)
    wanted = min(total, most[0] * most[1])
    high, best = least, most
    for larger in count(least + 1):
        room = _capacity(larger, tile, pane, gap)
        if room[0] * room[1] < wanted:
            break
        high, best = larger, room
    grid_rows, grid_columns = _grid(wanted, across, best)
    return Shown(wanted, total, grid_rows, grid_columns, high, _width(high, tile))


def _width(high: int, tile: tuple[int, int]) -> int:
    return max(1, round(high * CELL_ASPECT * tile[1] / tile[0]))


def _capacity(high: int, tile: tuple[int, int], pane: tuple[int, int], gap: int) -> tuple[int, int]:
    """Rows and columns of tiles that are `high` cells high."""
    return (pane[1] + gap) // (high + gap), (pane[0] + gap) // (_width(high, tile) + gap)


def _grid(tiles: int, across: int, room: tuple[int, int]) -> tuple[int, int]:
    """Rows and columns for the tiles: those of the picture if there is room, else the fewest empty places."""
    if across <= room[1] and -(-tiles // across) <= room[0]:
        return -(-tiles // across), min(across, tiles)
    choices = [(-(-tiles // wide), wide) for wide in range(-(-tiles // room[0]), room[1] + 1)]
    return min(choices, key=lambda grid: (grid[0] * grid[1] - tiles, -grid[1]))
