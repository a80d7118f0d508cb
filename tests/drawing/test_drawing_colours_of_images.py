"""Images in colours, however a terminal takes them: as files, as sixels, as cells in few colours."""

import io
import re

import numpy as np
import pytest
from PIL import Image as Picture

from gan_tui.drawing.cells import Image
from gan_tui.drawing.pictures.examples import draw_examples
from gan_tui.drawing.pictures.png import png
from gan_tui.drawing.pictures.sixel import sixels
from gan_tui.drawing.pictures.tiles import draw_tiles
from gan_tui.drawing.symbols import Symbols
from gan_tui.drawing.terminal import ColorDepth, Terminal
from shapes_of_colour import COLORS
from sixel_terminal import decoded

SIDE, CELL = 24, (8, 16)


def squares() -> np.ndarray:
    """(3, 24, 24, 3): one in each colour, whole, but for the frame."""
    pixels = np.zeros((3, SIDE, SIDE, 3), np.uint8)
    for tile, color in zip(pixels, COLORS, strict=True):
        tile[4:20, 4:20] = color
    return pixels


def image() -> Image:
    """The squares side by side, the last column of pixels not covered."""
    pixels = np.concatenate(list(squares()), axis=1)
    covered = np.ones(pixels.shape[:2], np.bool_)
    covered[:, -1] = False
    return Image(pixels, None, covered, 6, 36)


def test_a_file_has_the_colours_and_nothing_where_nothing_is_covered() -> None:
    read = np.asarray(Picture.open(io.BytesIO(png(image(), 1_000_000))).convert("RGBA")).astype(int)
    assert np.abs(read[..., :3] - image().pixels)[:, :-1].max() <= 3  # of 64 shades a channel
    assert (read[:, :-1, 3] == 255).all() and (read[:, -1, 3] == 0).all()


@pytest.mark.parametrize("most", [1200, 600, 1])
def test_a_small_file_keeps_the_hues(most: int) -> None:
    read = np.asarray(Picture.open(io.BytesIO(png(image(), most))).convert("RGB")).astype(int)
    middles = [tuple(read[12, SIDE * number + 12]) for number in range(3)]
    assert [int(np.argmax(middle)) for middle in middles] == [0, 1, 2]
    assert np.abs(np.array(middles) - COLORS).max() <= 20


def test_sixels_have_the_colours() -> None:
    parts = {(row, column): (row, column) for row in range(6) for column in range(36)}
    drawn = sixels(image(), parts, CELL).encode()
    found = re.fullmatch(rb'\x1bP0;1q"1;1;(\d+);(\d+)((?:#\d+;2;\d+;\d+;\d+)*)(.*)\x1b\\', drawn, re.DOTALL)
    assert found is not None
    wide, high = int(found[1]), int(found[2])
    painted = decoded(found[3], found[4], wide, high)[..., :3].astype(int)
    for number, color in enumerate(COLORS):
        middle = painted[high // 2, wide * (2 * number + 1) // 6]
        assert np.abs(middle - color).max() <= 26, color  # six steps a channel


@pytest.mark.parametrize("symbols", [Symbols.of(name) for name in ("octants", "quadrants", "halves")])
@pytest.mark.parametrize("depth", [ColorDepth.TRUECOLOR, ColorDepth.COLORS_256, ColorDepth.COLORS_16])
def test_cells_have_the_hues(depth: ColorDepth, symbols: Symbols) -> None:
    cells, wall = draw_tiles(squares(), 80, 12, Terminal(depth, symbols=symbols))
    row = wall.top + wall.tile_rows // 2
    for number in range(3):
        paper = int(cells.background[row, wall.left + number * (wall.tile_columns + wall.gap) + wall.tile_columns // 2])
        assert int(np.argmax([paper >> 16, paper >> 8 & 255, paper & 255])) == number, hex(paper)


@pytest.mark.parametrize("side", [8, 24, 64, 200])
def test_of_examples_of_any_size_several_are_in_a_row(side: int) -> None:
    pictures = np.full((12, side, side, 3), COLORS[0], np.uint8)
    cells = draw_examples(pictures, 80, 8, Terminal())
    assert cells.rows <= 8 and cells.columns <= 80
    stretches = np.flatnonzero(np.diff((cells.background[cells.rows // 2] == 0xDC2828).astype(int), prepend=0) == 1)
    assert len(stretches) >= 4 and stretches[0] == 0


def test_without_colours_they_are_ink_on_a_ground() -> None:
    cells, wall = draw_tiles(squares(), 80, 12, Terminal(ColorDepth.MONO))
    assert (cells.background == -1).all() and (cells.foreground == -1).all()
    middle = cells.characters[wall.top + wall.tile_rows // 2]
    assert all((middle[start : start + wall.tile_columns] != " ").any() for start in
               (wall.left + number * (wall.tile_columns + wall.gap) for number in range(3)))  # fmt: skip
