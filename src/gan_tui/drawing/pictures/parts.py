"""Images as cells: where a terminal shows real pixels, a cell says which part of which image it shows.

The part is the cell's character, of the private use that no text has; the image, one of `Cells.images`, is its ink.
So images are covered, cut and compared as all other cells are.
"""

from collections.abc import Sequence

import numpy as np

from gan_tui.drawing.cells import DEFAULT, Cells, Image
from gan_tui.drawing.pictures.blocks import Pixels, Shades
from gan_tui.drawing.pictures.sampling import resize
from gan_tui.drawing.symbols import PARTS, PARTS_A_SIDE
from gan_tui.drawing.terminal import Terminal

Grid = tuple[int, int]


def show_images(
    cells: Cells,
    pictures: Pixels,
    grid: Grid,
    corners: Sequence[Grid],
    tile: Grid,
    terminal: Terminal,
    shades: Shades | None = None,
) -> bool:
    """Show (pictures, channels, height, width) in real pixels, each from its (row, column) on in `tile` cells.

    False, and nothing is drawn, where the terminal shows none, or cells show as much of so few pixels.
    """
    if terminal.pixels is None or (pictures.shape[2] <= tile[0] and pictures.shape[3] <= tile[1]):
        return False
    image = image_of(pictures, grid, tile, terminal.pixels, shades)
    if image is None:
        return False
    cells.images.append(image)
    for number, place in enumerate(corners):
        down, across = divmod(number, grid[1])
        _show_part(cells, place, (down * tile[0], across * tile[1]), tile)
    return True


def image_of(
    pictures: Pixels, grid: Grid, tile: Grid, cell: tuple[int, int], shades: Shades | None = None
) -> Image | None:
    """One image of (pictures, channels, height, width), `grid` of them down and across, each of `tile` cells.

    Each picture has its own proportions, in the middle of its cells, which are (wide, high) device pixels `cell` large;
    what it does not cover is left to the ground. None where a terminal cannot say so many parts.
    """
    rows, columns = grid[0] * tile[0], grid[1] * tile[1]
    if max(rows, columns) > PARTS_A_SIDE:
        return None
    height, width = pictures.shape[2:]
    room = tile[0] * cell[1], tile[1] * cell[0]
    scale = min(room[0] / height, room[1] / width)
    if scale < 1:  # more than the terminal has
        height, width = max(1, round(height * scale)), max(1, round(width * scale))
        pictures = resize(pictures, height, width).round().astype(np.uint8)
        scale = min(room[0] / height, room[1] / width)
    colors = np.moveaxis(pictures if shades is None else pictures[:, :1], 1, -1)
    size = max(height, round(rows * cell[1] / scale)), max(width, round(columns * cell[0] / scale))
    pixels, covered = np.zeros((*size, colors.shape[-1]), np.uint8), np.zeros(size, np.bool_)
    for number, picture in enumerate(colors):
        down, across = divmod(number, grid[1])
        top, left = (
            min(round((place + 0.5) * side / scale - long / 2), whole - long)
            for place, side, long, whole in ((down, room[0], height, size[0]), (across, room[1], width, size[1]))
        )
        area = np.s_[max(0, top) : max(0, top) + height, max(0, left) : max(0, left) + width]
        pixels[area], covered[area] = picture, True
    return Image(pixels, shades, covered, rows, columns)


def _show_part(cells: Cells, place: Grid, part: Grid, size: Grid) -> None:
    """Let `size` cells from `place` on show the newest image, its cells from `part` on; all (rows, columns)."""
    rows, columns = (np.arange(first, first + long) for first, long in zip(part, size, strict=True))
    codes = (PARTS.start + rows[:, None] * PARTS_A_SIDE + columns).astype(np.uint32)
    area = np.s_[place[0] : place[0] + size[0], place[1] : place[1] + size[1]]
    cells.characters[area] = codes.view("<U1")
    cells.foreground[area], cells.background[area] = len(cells.images) - 1, DEFAULT
