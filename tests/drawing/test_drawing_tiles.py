"""Walls of tiles: which are shown, where, and that none depends on its neighbours."""

import numpy as np
import pytest
from numpy.typing import NDArray

from gan_tui.drawing.cells import DEFAULT
from gan_tui.drawing.pictures.pairs import draw_pairs
from gan_tui.drawing.pictures.tiles import TileLayout, corner, draw_tiles, layout, mark_tile, tile_at
from gan_tui.drawing.terminal import ColorDepth, Terminal

TRUECOLOR = Terminal(ColorDepth.TRUECOLOR)


def wall_of(tiles: NDArray[np.uint8], across: int) -> NDArray[np.uint8]:
    _, high, wide = tiles.shape
    return tiles.reshape(-1, across, high, wide).swapaxes(1, 2).reshape(-1, across * wide)


def numbered(number: int, size: int = 28) -> NDArray[np.uint8]:
    """Plain tiles of grey 1, 2, 3, …"""
    return np.arange(1, number + 1, dtype=np.uint8)[:, None, None].repeat(size, 1).repeat(size, 2)


def test_tiles_keep_their_order_when_re_flowed() -> None:
    cells, shown = draw_tiles(wall_of(numbered(100), 10), 28, 28, 80, 23, TRUECOLOR)
    assert shown == TileLayout(28, 100, rows=4, columns=7, tile_rows=5, tile_columns=10, top=0, left=2, gap=1)
    greys = [int(cells.background[row, column]) & 255 for row in range(2, 23, 6) for column in range(5, 80, 11)]
    assert greys == list(range(1, 29))


def test_a_gap_lies_between_tiles_and_no_tile_is_cut() -> None:
    cells, shown = draw_tiles(wall_of(numbered(100), 10), 28, 28, 80, 23, TRUECOLOR)
    sizes = {grey: int((cells.background == grey * 0x010101).sum()) for grey in range(1, shown.tiles + 1)}
    assert set(sizes.values()) == {shown.tile_rows * shown.tile_columns}
    assert (cells.background != DEFAULT).sum() == sum(sizes.values())


@pytest.mark.parametrize("terminal", [TRUECOLOR, Terminal(ColorDepth.COLORS_256), Terminal(ColorDepth.MONO)])
def test_a_tiles_cells_depend_on_that_tile_alone(terminal: Terminal) -> None:
    noise = np.random.default_rng(0).integers(0, 256, (12, 13, 9)).astype(np.uint8)
    others = noise.copy()
    others[np.arange(12) != 5] = 255 - others[np.arange(12) != 5]
    one, shown = draw_tiles(wall_of(noise, 4), 13, 9, 60, 20, terminal)
    other, _ = draw_tiles(wall_of(others, 4), 13, 9, 60, 20, terminal)
    same = (one.characters == other.characters) & (one.background == other.background)
    top = (20 - shown.rows * (shown.tile_rows + 1) + 1) // 2 + 5 // shown.columns * (shown.tile_rows + 1)
    left = (60 - shown.columns * (shown.tile_columns + 1) + 1) // 2 + 5 % shown.columns * (shown.tile_columns + 1)
    assert shown.tiles == 12
    assert same[top : top + shown.tile_rows, left : left + shown.tile_columns].all()
    assert not same.all()


def test_equal_tiles_are_drawn_equally_wherever_they_are() -> None:
    tile = np.random.default_rng(1).integers(0, 256, (1, 9, 9)).astype(np.uint8)
    cells, shown = draw_tiles(wall_of(tile.repeat(6, axis=0), 3), 9, 9, 41, 13, Terminal(ColorDepth.MONO), gap=0)
    top, left = (13 - shown.rows * shown.tile_rows) // 2, (41 - shown.columns * shown.tile_columns) // 2
    parts = {
        cells.characters[r : r + shown.tile_rows, c : c + shown.tile_columns].tobytes()
        for r in range(top, top + shown.rows * shown.tile_rows, shown.tile_rows)
        for c in range(left, left + shown.columns * shown.tile_columns, shown.tile_columns)
    }
    assert len(parts) == 1


def test_the_pictures_own_grid_is_kept_where_there_is_room() -> None:
    _, shown = draw_tiles(wall_of(numbered(32, 14), 8), 14, 14, 80, 23, TRUECOLOR)
    assert (shown.rows, shown.columns, shown.tiles) == (4, 8, 32)


@pytest.mark.parametrize("pane", [(40, 12), (58, 20), (80, 23), (112, 56), (118, 36), (200, 60)])
@pytest.mark.parametrize("total", [1, 7, 32, 64, 100])
def test_more_room_is_used_for_more_tiles_and_then_larger_ones(pane: tuple[int, int], total: int) -> None:
    shown = layout(total, 10, (28, 28), pane, 1, 5)
    high, wide = shown.tile_rows, shown.tile_columns
    assert shown.tiles == min(total, (pane[1] + 1) // 6 * ((pane[0] + 1) // 11))
    assert shown.rows * (high + 1) - 1 <= pane[1] and shown.columns * (wide + 1) - 1 <= pane[0]
    assert wide == 2 * high and shown.rows * shown.columns >= shown.tiles
    larger = (pane[1] + 1) // (high + 2) * ((pane[0] + 1) // (wide + 3))
    assert larger < shown.tiles


def test_where_not_even_one_fits_the_first_is_scaled_down() -> None:
    cells, shown = draw_tiles(wall_of(numbered(4), 2), 28, 28, 30, 3, TRUECOLOR)
    assert shown == TileLayout(1, 4, rows=1, columns=1, tile_rows=3, tile_columns=6, top=0, left=12, gap=1)
    assert (cells.background == 0x010101).sum() == 18


def test_without_colors_tiles_are_larger_to_stay_legible() -> None:
    _, colored = draw_tiles(wall_of(numbered(100), 10), 28, 28, 80, 23, TRUECOLOR)
    _, plain = draw_tiles(wall_of(numbered(100), 10), 28, 28, 80, 23, Terminal(ColorDepth.MONO, unicode=False))
    assert plain.tile_rows > colored.tile_rows


def test_nothing_is_shown_in_no_room() -> None:
    cells, shown = draw_tiles(wall_of(numbered(4), 2), 28, 28, 0, 0, TRUECOLOR)
    assert cells.characters.size == 0 and shown.tiles == 0 and shown.total == 4


@pytest.mark.parametrize("pane", [(50, 31), (17, 17), (8, 4)])
@pytest.mark.parametrize("side", [3, 5, 8])
def test_small_tiles_are_equal_sharp_squares(side: int, pane: tuple[int, int]) -> None:
    tiles = np.random.default_rng(side).integers(0, 256, (32, side, side)).astype(np.uint8)
    cells, shown = draw_tiles(wall_of(tiles, 8), side, side, *pane, TRUECOLOR)
    scale = shown.tile_columns // side
    assert scale >= 1 and shown.tile_columns == side * scale and shown.tile_rows == -(-side * scale // 2)
    halves = np.stack([np.where(cells.characters == "▀", cells.foreground, cells.background), cells.background], axis=1)
    halves = halves.reshape(-1, cells.columns)
    assert set(cells.characters.flat) <= {" ", "▀", "▄"}
    upper = np.where(cells.characters == "▄", cells.background, halves[::2])
    lower = np.where(cells.characters == "▄", cells.foreground, halves[1::2])
    pixels = np.stack([upper, lower], axis=1).reshape(-1, cells.columns)
    for index in range(shown.tiles):
        row, column = corner(shown, index)
        drawn = pixels[2 * row : 2 * row + side * scale, column : column + side * scale] & 255
        expected = tiles[index].repeat(scale, 0).repeat(scale, 1).astype(int)
        assert np.abs(drawn - expected).max() <= 1  # halves of a cell that differ by 2 are drawn as one


def test_kernels_are_six_by_three_cells_where_most_of_them_fit() -> None:
    wall = wall_of(numbered(32, 3), 8)
    _, shown = draw_tiles(wall, 3, 3, 24, 31, TRUECOLOR)
    assert (shown.tile_rows, shown.tile_columns, shown.tiles) == (3, 6, 24)
    _, shown = draw_tiles(wall, 3, 3, 17, 17, TRUECOLOR)
    assert (shown.tile_rows, shown.tile_columns, shown.tiles) == (2, 3, 24)


def test_without_colors_a_kernels_pixels_are_shades() -> None:
    wall = np.array([[0, 64, 128], [191, 255, 0], [255, 255, 0]], np.uint8)
    cells, _ = draw_tiles(wall, 3, 3, 6, 3, Terminal(ColorDepth.MONO))
    assert cells.text() == "  ░░▒▒\n▓▓██  \n████  "


@pytest.mark.parametrize("margin", [0, 1])
@pytest.mark.parametrize("side", [3, 28])
def test_cells_lead_to_tiles(side: int, margin: int) -> None:
    cells, shown = draw_tiles(wall_of(numbered(20, side), 5), side, side, 53, 19, TRUECOLOR, margin=margin)
    for row, column in np.ndindex(cells.characters.shape):
        index = tile_at(shown, column, row)
        grey = max(int(cells.background[row, column]), int(cells.foreground[row, column])) & 255
        ground = cells.background[row, column] == DEFAULT and cells.foreground[row, column] == DEFAULT
        assert (index is None) if ground else (index == grey - 1)
    assert tile_at(shown, -1, 0) is None and tile_at(shown, 53, 18) is None


def test_a_mark_frames_its_tile_and_moves_nothing() -> None:
    plain, shown = draw_tiles(wall_of(numbered(20), 5), 28, 28, 53, 19, TRUECOLOR, margin=1)
    for index in range(shown.tiles):
        cells, _ = draw_tiles(wall_of(numbered(20), 5), 28, 28, 53, 19, TRUECOLOR, margin=1)
        mark_tile(cells, shown, index, 0x123456, TRUECOLOR)
        changed = np.argwhere(cells.characters != plain.characters)
        row, column = corner(shown, index)
        assert changed.min(axis=0).tolist() == [row - 1, column - 1]
        assert changed.max(axis=0).tolist() == [row + shown.tile_rows, column + shown.tile_columns]
        assert len(changed) == 2 * (shown.tile_rows + shown.tile_columns) + 4
        assert (cells.background == plain.background).all()
        assert {int(c) for c in cells.foreground[tuple(changed.T)]} == {0x123456}


def test_pairs_show_the_same_tiles_at_the_same_places() -> None:
    before = np.random.default_rng(3).integers(0, 256, (32, 3, 3)).astype(np.uint8)
    after = 255 - before
    for columns, rows in ((50, 32), (36, 18), (80, 20)):
        cells, (left, right) = draw_pairs(wall_of(before, 8), wall_of(after, 8), 3, 3, columns, rows, TRUECOLOR)
        half = (columns - 2) // 2
        assert right.left - left.left == columns - half and right.top == left.top
        alone, shown = draw_tiles(wall_of(after, 8), 3, 3, half, rows - 1, TRUECOLOR)
        assert shown.tiles == left.tiles == right.tiles
        assert (cells.background[1:, columns - half :] == alone.background).all()
        assert "".join(cells.characters[0]).split() == ["untrained", "trained"]
        mark_tile(cells, left, 0, 0x123456, TRUECOLOR)
        assert "untrained" in "".join(cells.characters[0])
    with pytest.raises(ValueError, match="pair"):
        draw_pairs(wall_of(before, 8), wall_of(after, 4), 3, 3, 50, 32, TRUECOLOR)
