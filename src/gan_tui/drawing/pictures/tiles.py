"""A wall of equal tiles, re-flowed so that as many as possible are shown whole, sharp and legible."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import chain
from math import prod

from gan_tui.drawing.cells import Cells, blank, paste
from gan_tui.drawing.colors import available
from gan_tui.drawing.pictures.blocks import Pixels, Shades, channels_first
from gan_tui.drawing.pictures.parts import show_images
from gan_tui.drawing.pictures.sampling import CELL_ASPECT, fit
from gan_tui.drawing.pictures.whole import cells_for, draw_each, half_of, is_small, leaves_halves, scales
from gan_tui.drawing.terminal import Terminal
from gan_tui.drawing.words import as_shown, clipped, width, write

_FRAME, _FRAME_IN_ASCII = ("▗▄▖", "▐ ▌", "▝▀▘"), ("+-+", "| |", "+-+")
_FEW = 6
"""Fewer tiles than this say little of all of them."""

Size = tuple[int, int]
"""(rows, columns) of cells."""


@dataclass(frozen=True)
class TileLayout:
    """What of a wall of tiles is on the screen, and where."""

    shown: int
    """So many tiles."""
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
    """Columns between tiles."""
    below: int = 0
    """Rows between a tile and the next one under it."""
    lines: int = 0
    """Rows under each tile for its caption."""
    scale: Fraction | None = None
    """Columns that a pixel is wide; None where pixels are not sharp."""


def draw_tiles(
    tiles: Pixels,
    columns: int,
    rows: int,
    terminal: Terminal,
    *,
    across: int | None = None,
    gap: int = 1,
    margin: int = 0,
    first: int = 0,
    lines: int = 0,
    shades: Shades | None = None,
) -> tuple[Cells, TileLayout]:
    """As many whole tiles as fit legibly, in order from the `first` on, and then as large as they can be.

    `tiles` is (count, height, width, channels). `across` is how many lie in a row where there is room for that, by
    default all; `gap` the cells between tiles, `margin` those kept free around them all (for `mark_tile`), `lines` the
    rows kept free under each (for `write_captions`): fewer where not even one tile would be left. Where levels are
    numbers, `shades` are their colours. If not even one tile fits, the first is scaled down to what there is.
    """
    total, height, wide, _ = tiles.shape
    pane = max(0, columns - 2 * margin), max(0, rows - 2 * margin)
    wall = layout(total, across or total, (height, wide), pane, terminal, gap=gap, lines=lines, framed=margin > 0)
    shown = max(0, min(wall.shown, total - first))
    wall = replace(wall, shown=shown, top=wall.top + margin, left=wall.left + margin)
    canvas = blank(rows, columns)
    if shown:
        pictures = channels_first(tiles[first : first + shown])
        size, corners = (wall.tile_rows, wall.tile_columns), [corner(wall, index) for index in range(shown)]
        if not show_images(canvas, pictures, (wall.down, wall.across), corners, size, terminal, shades):
            for drawn, place in zip(draw_each(pictures, wall.scale, size, terminal, shades), corners, strict=True):
                paste(canvas, drawn, *place)
    return canvas, wall


def write_captions(
    cells: Cells, wall: TileLayout, captions: Sequence[Sequence[str]], terminal: Terminal, color: int
) -> None:
    """Write the lines of each tile's caption under it, as many as there is room for, in the tile's middle."""
    for index, caption in enumerate(captions[: wall.shown]):
        row, column = corner(wall, index)
        for line, text in enumerate(caption[: wall.lines], row + wall.tile_rows):
            shown = clipped(as_shown(text, terminal), wall.tile_columns + max(0, wall.gap - 1), terminal)
            start = column + max(0, wall.tile_columns - width([(shown, color)])) // 2
            if line < cells.rows:
                write(cells, line, start, shown, color)


def tile_at(wall: TileLayout, column: int, row: int) -> int | None:
    """The tile that covers a cell; None in gaps and margins."""
    if not wall.shown or row < wall.top or column < wall.left:
        return None
    down, inside = divmod(row - wall.top, wall.tile_rows + wall.below)
    across, beside = divmod(column - wall.left, wall.tile_columns + wall.gap)
    index = down * wall.across + across
    hit = inside < wall.tile_rows and beside < wall.tile_columns and across < wall.across
    return index if hit and index < wall.shown else None


def corner(wall: TileLayout, index: int) -> tuple[int, int]:
    """The (row, column) of a tile's upper left cell."""
    down, across = divmod(index, wall.across)
    return wall.top + down * (wall.tile_rows + wall.below), wall.left + across * (wall.tile_columns + wall.gap)


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


def layout(
    total: int,
    across: int,
    tile: Size,
    pane: tuple[int, int],
    terminal: Terminal,
    *,
    gap: int = 1,
    lines: int = 0,
    framed: bool = False,
) -> TileLayout:
    """How `total` tiles, at best `across` in a row, go into a pane of (columns, rows) of cells.

    `tile` is (height, width) in pixels. Small tiles have their smallest pixels only where more than half of them would
    be left out; large ones are half as large where few would be shown. Half a row that a tile leaves empty is gap
    enough, unless one of them is to be `framed`.
    """
    gaps = _Gaps(gap, lines, tile, halves=leaves_halves(terminal) and not framed)
    best = TileLayout(0, total, 0, 0, 0, 0)
    for crowded in (False, True) if is_small(*tile) else (False,):
        sizes = scales(*tile, terminal, crowded=crowded, captioned=lines > 0)
        wall = _flow(total, across, tile, sizes, pane, gaps)
        best = wall if wall.shown > best.shown else best
        if 2 * best.shown >= total:
            break
    if best.shown >= min(total, _FEW):
        return best
    sizes = scales(*tile, terminal, captioned=lines > 0)
    if half := half_of(least := next(sizes), tile[0], terminal):
        wall = _flow(total, across, tile, chain((half, least), sizes), pane, gaps)
        best = wall if wall.shown > best.shown else best
    return best


@dataclass(frozen=True)
class _Gaps:
    """What is between tiles and under them."""

    gap: int
    lines: int
    tile: Size
    halves: bool
    """Whether half a row counts."""

    def below(self, scale: Fraction) -> int:
        """Rows between a tile and the next one."""
        half = self.halves and scale.denominator == 1 and self.tile[0] * scale % CELL_ASPECT
        return max(self.gap - 1 if half else self.gap, self.lines)

    def room(self, scale: Fraction, pane: tuple[int, int]) -> Size:
        """Rows and columns of tiles at that scale."""
        (rows, columns), below = cells_for(*self.tile, scale), self.below(scale)
        return (pane[1] + below - self.lines) // (rows + below), (pane[0] + self.gap) // (columns + self.gap)


def _flow(
    total: int, across: int, tile: Size, sizes: Iterator[Fraction], pane: tuple[int, int], gaps: _Gaps
) -> TileLayout:
    """As many tiles as fit at the first of the scales, which grow, at the last at which still as many fit."""
    if total == 0 or 0 in pane:
        return TileLayout(0, total, 0, 0, 0, 0)
    scale = next(sizes)
    room = gaps.room(scale, pane)
    wanted = min(total, prod(room))
    if not wanted and gaps.lines:
        return _flow(total, across, tile, chain((scale,), sizes), pane, replace(gaps, lines=gaps.lines - 1))
    if not wanted:
        wide, high = fit(*tile, *pane)
        return _centred(TileLayout(1, total, 1, 1, high, wide, gap=gaps.gap, below=gaps.gap), pane)
    for larger in sizes:
        if prod(more := gaps.room(larger, pane)) < wanted:
            break
        scale, room = larger, more
    grid, size = _grid(wanted, across, room), cells_for(*tile, scale)
    wall = TileLayout(wanted, total, *grid, *size, gap=gaps.gap, below=gaps.below(scale), lines=gaps.lines, scale=scale)
    return _centred(wall, pane)


def _centred(wall: TileLayout, pane: tuple[int, int]) -> TileLayout:
    wide = wall.across * (wall.tile_columns + wall.gap) - wall.gap
    high = wall.down * (wall.tile_rows + wall.below) - wall.below + wall.lines
    return replace(wall, top=(pane[1] - high) // 2, left=(pane[0] - wide) // 2)


def _grid(tiles: int, across: int, room: tuple[int, int]) -> tuple[int, int]:
    """Rows and columns for the tiles: `across` in a row if there is room, else the fewest empty places."""
    if across <= room[1] and -(-tiles // across) <= room[0]:
        return -(-tiles // across), min(across, tiles)
    choices = [(-(-tiles // wide), wide) for wide in range(-(-tiles // room[0]), room[1] + 1)]
    return min(choices, key=lambda grid: (grid[0] * grid[1] - tiles, -grid[1]))
