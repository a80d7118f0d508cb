"""Walls of tiles: which are shown, where, and that none depends on its neighbours."""

import numpy as np
import pytest
from numpy.typing import NDArray

from gan_tui.drawing.cells import DEFAULT
from gan_tui.drawing.terminal import Palette, Terminal
from gan_tui.drawing.tiles import Shown, draw_tiles, layout

TRUECOLOR = Terminal(Palette.TRUECOLOR)


def wall_of(tiles: NDArray[np.uint8], across: int) -> NDArray[np.uint8]:
    _, high, wide = tiles.shape
    return tiles.reshape(-1, across, high, wide).swapaxes(1, 2).reshape(-1, across * wide)


def numbered(number: int, size: int = 28) -> NDArray[np.uint8]:
    """Plain tiles of grey 1, 2, 3, …"""
    return np.arange(1, number + 1, dtype=np.uint8)[:, None, None].repeat(size, 1).repeat(size, 2)


def test_tiles_keep_their_order_when_re_flowed() -> None:
    cells, shown = draw_tiles(wall_of(numbered(100), 10), 28, 28, 80, 23, TRUECOLOR)
    assert shown == Shown(tiles=28, total=100, rows=4, columns=7, tile_rows=5, tile_columns=10)
    greys = [int(cells.background[row, column]) & 255 for row in range(2, 23, 6) for column in range(5, 80, 11)]
    assert greys == list(range(1, 29))


def test_a_gap_lies_between_tiles_and_no_tile_is_cut() -> None:
    cells, shown = draw_tiles(wall_of(numbered(100), 10), 28, 28, 80, 23, TRUECOLOR)
    sizes = {grey: int((cells.background == grey * 0x010101).sum()) for grey in range(1, shown.tiles + 1)}
    assert set(sizes.values()) == {shown.tile_rows * shown.tile_columns}
    assert (cells.background != DEFAULT).sum() == sum(sizes.values())


@pytest.mark.parametrize("terminal", [TRUECOLOR, Terminal(Palette.COLORS_256), Terminal(Palette.MONO)])
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
    cells, shown = draw_tiles(wall_of(tile.repeat(6, axis=0), 3), 9, 9, 41, 13, Terminal(Palette.MONO), gap=0)
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
    assert shown == Shown(tiles=1, total=4, rows=1, columns=1, tile_rows=3, tile_columns=6)
    assert (cells.background == 0x010101).sum() == 18


def test_without_colors_tiles_are_larger_to_stay_legible() -> None:
    _, colored = draw_tiles(wall_of(numbered(100), 10), 28, 28, 80, 23, TRUECOLOR)
    _, plain = draw_tiles(wall_of(numbered(100), 10), 28, 28, 80, 23, Terminal(Palette.MONO, unicode=False))
    assert plain.tile_rows > colored.tile_rows


def test_nothing_is_shown_in_no_room() -> None:
    cells, shown = draw_tiles(wall_of(numbered(4), 2), 28, 28, 0, 0, TRUECOLOR)
    assert cells.characters.size == 0 and shown.tiles == 0 and shown.total == 4
