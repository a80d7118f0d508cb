"""Walls of tiles: which are shown, where, and that none depends on its neighbours."""

from fractions import Fraction

import numpy as np
import pytest
from numpy.typing import NDArray

from gan_tui.drawing.cells import DEFAULT
from gan_tui.drawing.pictures.pairs import draw_pairs
from gan_tui.drawing.pictures.tiles import TileLayout, corner, draw_tiles, layout, mark_tile, tile_at, write_captions
from gan_tui.drawing.symbols import Symbols
from gan_tui.drawing.terminal import ColorDepth, Terminal

TRUECOLOR = Terminal(ColorDepth.TRUECOLOR)


def noise(seed: int, count: int, height: int, width: int, channels: int = 1) -> NDArray[np.uint8]:
    return np.random.default_rng(seed).integers(0, 256, (count, height, width, channels)).astype(np.uint8)


def numbered(number: int, size: int = 28) -> NDArray[np.uint8]:
    """Plain tiles of grey 1, 2, 3, …"""
    return np.arange(1, number + 1, dtype=np.uint8)[:, None, None, None].repeat(size, 1).repeat(size, 2)


def test_tiles_keep_their_order_when_re_flowed() -> None:
    cells, wall = draw_tiles(numbered(100), 80, 25, TRUECOLOR, across=10)
    half = Fraction(1, 2)
    assert wall == TileLayout(
        15, 100, down=3, across=5, tile_rows=7, tile_columns=14, top=1, left=3, gap=1, below=1, scale=half
    )
    greys = [int(cells.background[row, column]) & 255 for row in range(4, 25, 8) for column in range(10, 80, 15)]
    assert greys == list(range(1, 16))


def test_a_gap_lies_between_tiles_and_no_tile_is_cut() -> None:
    cells, wall = draw_tiles(numbered(100), 80, 23, TRUECOLOR, across=10)
    sizes = {grey: int((cells.background == grey * 0x010101).sum()) for grey in range(1, wall.shown + 1)}
    assert set(sizes.values()) == {wall.tile_rows * wall.tile_columns}
    assert (cells.background != DEFAULT).sum() == sum(sizes.values())


@pytest.mark.parametrize("terminal", [TRUECOLOR, Terminal(ColorDepth.COLORS_256), Terminal(ColorDepth.MONO)])
def test_a_tiles_cells_depend_on_that_tile_alone(terminal: Terminal) -> None:
    tiles = noise(0, 12, 13, 9)
    others = tiles.copy()
    others[np.arange(12) != 5] = 255 - others[np.arange(12) != 5]
    one, wall = draw_tiles(tiles, 60, 20, terminal, across=4)
    other, _ = draw_tiles(others, 60, 20, terminal, across=4)
    same = (one.characters == other.characters) & (one.background == other.background)
    top = (20 - wall.down * (wall.tile_rows + 1) + 1) // 2 + 5 // wall.across * (wall.tile_rows + 1)
    left = (60 - wall.across * (wall.tile_columns + 1) + 1) // 2 + 5 % wall.across * (wall.tile_columns + 1)
    assert wall.shown == 12
    assert same[top : top + wall.tile_rows, left : left + wall.tile_columns].all()
    assert not same.all()


def test_equal_tiles_are_drawn_equally_wherever_they_are() -> None:
    tiles = noise(1, 1, 9, 9).repeat(6, axis=0)
    cells, wall = draw_tiles(tiles, 41, 13, Terminal(ColorDepth.MONO), across=3, gap=0)
    top, left = (13 - wall.down * wall.tile_rows) // 2, (41 - wall.across * wall.tile_columns) // 2
    parts = {
        cells.characters[r : r + wall.tile_rows, c : c + wall.tile_columns].tobytes()
        for r in range(top, top + wall.down * wall.tile_rows, wall.tile_rows)
        for c in range(left, left + wall.across * wall.tile_columns, wall.tile_columns)
    }
    assert len(parts) == 1


def test_as_many_lie_in_a_row_as_are_wanted_where_there_is_room() -> None:
    _, wall = draw_tiles(numbered(32, 14), 80, 23, TRUECOLOR, across=8)
    assert (wall.down, wall.across, wall.shown) == (4, 8, 32)


@pytest.mark.parametrize("pane", [(40, 12), (58, 20), (80, 23), (112, 56), (118, 36), (200, 60)])
@pytest.mark.parametrize("total", [1, 7, 32, 64, 100])
def test_more_room_is_used_for_more_tiles_and_then_larger_ones(pane: tuple[int, int], total: int) -> None:
    wall = layout(total, 10, (28, 28), pane, TRUECOLOR)
    high, wide = wall.tile_rows, wall.tile_columns
    assert wall.shown == min(total, (pane[1] + 1) // 8 * ((pane[0] + 1) // 15))
    assert wall.down * (high + 1) - 1 <= pane[1] and wall.across * (wide + 1) - 1 <= pane[0]
    assert wide == 2 * high and wide % 14 == 0 and wall.down * wall.across >= wall.shown
    more = min(wide, 28)  # to the next size at which a pixel is whole dots: 14, 28, 56, 84, …
    larger = (pane[1] + 1) // (high + more // 2 + 1) * ((pane[0] + 1) // (wide + more + 1))
    assert larger < wall.shown


DOTS = {Symbols.HALVES: (1, 2), Symbols.QUADRANTS: (2, 2), Symbols.OCTANTS: (2, 4)}


@pytest.mark.parametrize("symbols", Symbols)
@pytest.mark.parametrize("side", [11, 13, 14, 24, 26, 28, 32, 64])
def test_no_pixel_is_parted_between_dots(side: int, symbols: Symbols) -> None:
    terminal = Terminal(symbols=symbols)
    for pane in ((40, 20), (70, 40), (150, 75)):
        _, wall = draw_tiles(np.zeros((3, side, side, 1), np.uint8), *pane, terminal)
        assert wall.shown and wall.scale is not None
        across, down = DOTS[symbols]
        for part in (wall.scale * across, wall.scale * down / 2):
            assert 1 in part.as_integer_ratio(), f"{part} dots a pixel"


def test_with_octants_each_pixel_of_two_greys_is_a_dot_of_its_own() -> None:
    tiles = np.random.default_rng(5).choice(np.array([20, 220], np.uint8), (3, 26, 26, 1))
    cells, wall = draw_tiles(tiles, 60, 9, Terminal(symbols=Symbols.OCTANTS))
    assert (wall.tile_rows, wall.tile_columns) == (7, 13)
    for index in range(3):
        row, column = corner(wall, index)
        tile = cells.part(row, column, 7, 13)
        lit = np.array([[Symbols.OCTANTS.glyphs.index(c) for c in line] for line in tile.characters.tolist()])
        bits = (lit[:, None, :, None] >> (2 * np.arange(4)[:, None, None] + np.arange(2))) & 1
        bits = np.broadcast_to(bits, (7, 4, 13, 2))
        colors = np.where(bits, tile.foreground[:, None, :, None], tile.background[:, None, :, None]) & 255
        assert np.array_equal(colors.reshape(28, 26)[:26], tiles[index, ..., 0])


@pytest.mark.parametrize("side", [26, 28, 32, 48])
def test_in_real_pixels_tiles_are_half_as_high_where_there_is_no_room_for_all(side: int) -> None:
    pane = 52, 33
    plain, fine = (layout(100, 10, (side, side), pane, Terminal(pixels=pixels)) for pixels in (None, (10, 20)))
    assert fine.tile_rows in (plain.tile_rows // 2, -(-plain.tile_rows // 2), 4), "four rows at least"
    assert fine.tile_columns <= 2 * fine.tile_rows and fine.shown >= 1.5 * plain.shown
    if side == 28:
        assert (plain.shown, fine.shown) == (12, 36)
    same = [layout(100, 10, (side, side), pane, Terminal(pixels=pixels), lines=1) for pixels in (None, (10, 20))]
    assert same[0] == same[1], "captions need the room"


def test_captions_are_under_their_tiles_and_take_no_room_from_the_last_one() -> None:
    words = [("Shirt", "→ Coat 0.97"), ("Ankle boot of a long name", "→ Bag"), ("Bag", "→ Shirt")]
    for rows, lines in ((9, 2), (8, 1), (7, 0)):
        cells, wall = draw_tiles(numbered(3), 46, rows, TRUECOLOR, lines=2)
        write_captions(cells, wall, words, TRUECOLOR, 0x123456)
        assert (wall.shown, wall.tile_rows, wall.lines, wall.top) == (3, 7, lines, 0)
        said = ["".join(line).split() for line in cells.characters[7:].tolist()]
        assert (
            said == [["Shirt", "Ankle", "boot", "of…", "Bag"], ["→", "Coat", "0.97", "→", "Bag", "→", "Shirt"]][:lines]
        )


def test_from_a_later_tile_on_the_places_stay_and_the_tiles_go_on() -> None:
    _, wall = draw_tiles(numbered(20), 46, 15, TRUECOLOR)
    later, page = draw_tiles(numbered(20), 46, 15, TRUECOLOR, first=18)
    assert wall.shown == 6 and page.shown == 2 and corner(page, 1) == corner(wall, 1)
    assert [int(later.background[corner(page, place)]) & 255 for place in range(2)] == [19, 20]


def test_where_not_even_one_fits_the_first_is_scaled_down() -> None:
    cells, wall = draw_tiles(numbered(4), 30, 3, TRUECOLOR, across=2)
    assert wall == TileLayout(
        1, 4, down=1, across=1, tile_rows=3, tile_columns=6, top=0, left=12, gap=1, below=1, scale=None
    )
    assert (cells.background == 0x010101).sum() == 18


@pytest.mark.parametrize(
    ("pane", "shown", "size"), [((56, 34), 9, (8, 16)), ((117, 51), 9, (16, 32)), ((30, 30), 3, (8, 16))]
)
def test_large_tiles_are_half_as_large_where_few_of_them_would_be_shown(
    pane: tuple[int, int], shown: int, size: tuple[int, int]
) -> None:
    tiles = np.zeros((36, 64, 64, 3), np.uint8)
    tiles[:, 32:, :32] = 200
    cells, wall = draw_tiles(tiles, *pane, TRUECOLOR)
    assert (wall.shown, wall.tile_rows, wall.tile_columns) == (shown, *size)
    row, column = corner(wall, shown - 1)
    tile = cells.background[row : row + size[0], column : column + size[1]]
    light = tile == 0xC8C8C8
    assert light[size[0] // 2 :, : size[1] // 2].all() and light.sum() == size[0] * size[1] // 4


def test_few_tiles_that_are_all_shown_stay_as_large_as_they_are() -> None:
    _, wall = draw_tiles(numbered(3, 64), 100, 20, TRUECOLOR)
    assert (wall.shown, wall.tile_rows) == (3, 16)


def test_without_block_characters_tiles_are_larger_to_stay_legible() -> None:
    _, fine = draw_tiles(numbered(100, 64), 80, 23, Terminal(symbols=Symbols.OCTANTS), across=10)
    _, plain = draw_tiles(numbered(100, 64), 80, 23, Terminal(ColorDepth.MONO, unicode=False), across=10)
    assert (plain.tile_rows, fine.tile_rows) == (16, 8)


def test_nothing_is_shown_in_no_room() -> None:
    cells, wall = draw_tiles(numbered(4), 0, 0, TRUECOLOR, across=2)
    assert cells.characters.size == 0 and wall.shown == 0 and wall.total == 4


@pytest.mark.parametrize("pane", [(50, 31), (17, 17), (8, 4)])
@pytest.mark.parametrize("side", [3, 5, 8])
def test_small_tiles_are_equal_sharp_squares(side: int, pane: tuple[int, int]) -> None:
    tiles = noise(side, 32, side, side)
    cells, wall = draw_tiles(tiles, *pane, TRUECOLOR, across=8)
    scale = wall.tile_columns // side
    assert scale >= 1 and wall.tile_columns == side * scale and wall.tile_rows == -(-side * scale // 2)
    halves = np.stack([np.where(cells.characters == "▀", cells.foreground, cells.background), cells.background], axis=1)
    halves = halves.reshape(-1, cells.columns)
    assert set(cells.characters.flat) <= {" ", "▀", "▄"}
    upper = np.where(cells.characters == "▄", cells.background, halves[::2])
    lower = np.where(cells.characters == "▄", cells.foreground, halves[1::2])
    pixels = np.stack([upper, lower], axis=1).reshape(-1, cells.columns)
    for index in range(wall.shown):
        row, column = corner(wall, index)
        drawn = pixels[2 * row : 2 * row + side * scale, column : column + side * scale] & 255
        expected = tiles[index, ..., 0].repeat(scale, 0).repeat(scale, 1).astype(int)
        assert np.abs(drawn - expected).max() <= 1  # halves of a cell that differ by 2 are drawn as one


def test_kernels_are_six_by_three_cells_where_most_of_them_fit() -> None:
    _, wall = draw_tiles(numbered(32, 3), 24, 31, TRUECOLOR, across=8)
    assert (wall.tile_rows, wall.tile_columns, wall.shown) == (3, 6, 24)
    _, wall = draw_tiles(numbered(32, 3), 17, 15, TRUECOLOR, across=8)
    assert (wall.tile_rows, wall.tile_columns, wall.shown) == (2, 3, 28)


def test_half_a_row_under_a_kernel_is_the_gap_to_the_next_as_wide_as_the_one_beside_it() -> None:
    cells, wall = draw_tiles(numbered(6, 3), 11, 4, TRUECOLOR)
    assert (wall.tile_rows, wall.shown, wall.below, wall.gap) == (2, 6, 0, 1)
    assert cells.text() == "           \n▀▀▀ ▀▀▀ ▀▀▀\n           \n▀▀▀ ▀▀▀ ▀▀▀"
    _, framed = draw_tiles(numbered(6, 3), 13, 7, TRUECOLOR, margin=1)
    assert framed.below == 1, "the frame's"


def test_without_colors_a_kernels_pixels_are_shades() -> None:
    kernel = np.array([[0, 64, 128], [191, 255, 0], [255, 255, 0]], np.uint8)
    cells, _ = draw_tiles(kernel[None, :, :, None], 6, 3, Terminal(ColorDepth.MONO))
    assert cells.text() == "  ░░▒▒\n▓▓██  \n████  "


@pytest.mark.parametrize("margin", [0, 1])
@pytest.mark.parametrize("side", [3, 28])
def test_cells_lead_to_tiles(side: int, margin: int) -> None:
    cells, wall = draw_tiles(numbered(20, side), 53, 19, TRUECOLOR, across=5, margin=margin)
    for row, column in np.ndindex(cells.characters.shape):
        index = tile_at(wall, column, row)
        grey = max(int(cells.background[row, column]), int(cells.foreground[row, column])) & 255
        ground = cells.background[row, column] == DEFAULT and cells.foreground[row, column] == DEFAULT
        assert (index is None) if ground else (index == grey - 1)
    assert tile_at(wall, -1, 0) is None and tile_at(wall, 53, 18) is None


def test_a_mark_frames_its_tile_and_moves_nothing() -> None:
    plain, wall = draw_tiles(numbered(20), 53, 19, TRUECOLOR, across=5, margin=1)
    for index in range(wall.shown):
        cells, _ = draw_tiles(numbered(20), 53, 19, TRUECOLOR, across=5, margin=1)
        mark_tile(cells, wall, index, 0x123456, TRUECOLOR)
        changed = np.argwhere(cells.characters != plain.characters)
        row, column = corner(wall, index)
        assert changed.min(axis=0).tolist() == [row - 1, column - 1]
        assert changed.max(axis=0).tolist() == [row + wall.tile_rows, column + wall.tile_columns]
        assert len(changed) == 2 * (wall.tile_rows + wall.tile_columns) + 4
        assert (cells.background == plain.background).all()
        assert {int(c) for c in cells.foreground[tuple(changed.T)]} == {0x123456}


def test_pairs_show_the_same_tiles_at_the_same_places() -> None:
    before = noise(3, 32, 3, 3)
    after = 255 - before
    for columns, rows in ((50, 32), (36, 18), (80, 20)):
        cells, (left, right) = draw_pairs(before, after, columns, rows, TRUECOLOR)
        half = (columns - 2) // 2
        assert right.left - left.left == columns - half and right.top == left.top
        alone, wall = draw_tiles(after, half, rows - 1, TRUECOLOR)
        assert wall.shown == left.shown == right.shown
        assert (cells.background[1:, columns - half :] == alone.background).all()
        assert "".join(cells.characters[0]).split() == ["untrained", "trained"]
        mark_tile(cells, left, 0, 0x123456, TRUECOLOR)
        assert "untrained" in "".join(cells.characters[0])
    roomy, (wall, _) = draw_pairs(before[:2], after[:2], 50, 32, TRUECOLOR, margin=1)
    heading = next(row for row, line in enumerate(roomy.text().split("\n")) if "untrained" in line)
    assert heading == wall.top - 2, "over its tiles, with room for a frame between"
    with pytest.raises(ValueError, match="pair"):
        draw_pairs(before, after[:, :2], 50, 32, TRUECOLOR)


@pytest.mark.parametrize("count", [1, 6])
def test_tiles_in_colours_and_not_square_keep_their_colours_and_proportions(count: int) -> None:
    colors = np.array([[200, 30, 40], [20, 180, 60], [40, 60, 220], [220, 200, 30], [30, 200, 210], [180, 40, 200]])
    tiles = np.broadcast_to(colors[:count, None, None], (count, 48, 64, 3)).astype(np.uint8)
    cells, wall = draw_tiles(tiles, 90, 40, TRUECOLOR)
    assert wall.shown == count
    assert abs(wall.tile_columns - 2 * wall.tile_rows * 64 / 48) < 1
    for index, (red, green, blue) in enumerate(colors[:count].tolist()):
        row, column = corner(wall, index)
        tile = cells.part(row, column, wall.tile_rows, wall.tile_columns)
        assert set(tile.background.flat) == {red << 16 | green << 8 | blue} and set(tile.characters.flat) == {" "}


def test_colours_that_are_only_greys_are_drawn_as_greys() -> None:
    grey = noise(7, 4, 13, 9)
    one, _ = draw_tiles(grey, 40, 20, TRUECOLOR)
    other, _ = draw_tiles(grey.repeat(3, axis=3), 40, 20, TRUECOLOR)
    assert (one.characters == other.characters).all()
    assert (one.foreground == other.foreground).all() and (one.background == other.background).all()
