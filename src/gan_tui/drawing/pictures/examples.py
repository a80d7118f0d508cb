"""A row of pictures of any size, as many as there is room for, the first at the left."""

from gan_tui.drawing.cells import Cells, blank, paste
from gan_tui.drawing.pictures.blocks import Pixels
from gan_tui.drawing.pictures.tiles import draw_tiles
from gan_tui.drawing.pictures.whole import draw_picture, largest
from gan_tui.drawing.terminal import Terminal


def draw_examples(pictures: Pixels, columns: int, rows: int, terminal: Terminal) -> Cells:
    """Some of (count, height, width, channels), sharp where that is legible in so many rows, else scaled down."""
    tiles, wall = draw_tiles(pictures, columns, rows, terminal)
    if wall.shown > 1 or len(pictures) == 1:
        return tiles.part(0, wall.left, tiles.rows, tiles.columns - wall.left)
    _, height, width, _ = pictures.shape
    _, (high, wide) = largest(height, width, columns, rows, terminal)
    cells = blank(high, columns)
    for place, picture in enumerate(pictures[: max(1, (columns + 1) // (wide + 1))]):
        paste(cells, draw_picture(picture, wide, high, terminal), 0, place * (wide + 1))
    return cells
