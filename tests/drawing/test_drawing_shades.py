"""Colours of numbers, and the bar that says which is which."""

from itertools import pairwise

import numpy as np
import pytest

from gan_tui.drawing.cells import DEFAULT
from gan_tui.drawing.colors import nearest_color
from gan_tui.drawing.pictures import shades
from gan_tui.drawing.pictures.tiles import draw_tiles
from gan_tui.drawing.sixteen import SIXTEEN
from gan_tui.drawing.symbols import Symbols
from gan_tui.drawing.terminal import ColorDepth, Terminal
from gan_tui.drawing.tones import DARK, Tones

BLUE, ORANGE, BLACK, WHITE = 0x5AA9E6, 0xE8A33D, 0x11131A, 0xFAFAF7


def channels(color: int) -> np.ndarray:
    return np.array([color >> 16, color >> 8 & 255, color & 255])


def lightness(color: int) -> float:
    """CIE 1976 L*, 0…100."""
    linear = ((channels(color) / 255 + 0.055) / 1.055) ** 2.4
    luminance = float(linear @ [0.2126, 0.7152, 0.0722])
    return 116 * luminance ** (1 / 3) - 16 if luminance > 0.008856 else 903.3 * luminance


def test_activity_is_viridis_with_equal_steps_of_lightness_and_begins_near_black() -> None:
    table = shades.of_activity(ColorDepth.TRUECOLOR)
    assert table is not None
    published = {64: (59, 82, 139), 128: (33, 145, 140), 192: (94, 201, 98), 255: (253, 231, 37)}
    for level, color in published.items():
        assert np.abs(channels(int(table[level])) - color).max() <= 8, "matplotlib's own table"
    steps = [after - before for before, after in pairwise(lightness(color) for color in table.tolist()[::16])]
    assert min(steps) > 0 and max(steps) < 3 * min(steps)
    assert lightness(int(table[0])) < 4 and max(channels(int(table[0]))) < 24


@pytest.mark.parametrize("ground", [BLACK, WHITE])
def test_signed_numbers_diverge_from_the_ground_and_are_as_strong_on_either_side(ground: int) -> None:
    table = shades.of_signed(ColorDepth.TRUECOLOR, -0.5, 0.5, (BLUE, ground, ORANGE), 0.25)
    assert table is not None
    assert table[127] == table[128] == ground
    assert table[0] == table[60] == BLUE and table[255] == table[195] == ORANGE, "beyond the end of the scale"
    for far in range(0, 128, 8):
        below, above = (np.abs(channels(int(table[level])) - channels(ground)) for level in (127 - far, 128 + far))
        ends = (np.abs(channels(end) - channels(ground)) for end in (BLUE, ORANGE))
        shares = [float((part / np.maximum(end, 1)).max()) for part, end in zip((below, above), ends, strict=True)]
        assert abs(shares[0] - shares[1]) < 0.06


@pytest.mark.parametrize("depth", [ColorDepth.COLORS_256, ColorDepth.COLORS_16])
def test_only_colours_that_a_terminal_has_are_in_a_table(depth: ColorDepth) -> None:
    for table in (shades.of_activity(depth), shades.of_signed(depth, -1, 1, (BLUE, BLACK, ORANGE), 1.0)):
        for color in set(table.tolist()) if table is not None else ():
            assert color in SIXTEEN if depth is ColorDepth.COLORS_16 else color == nearest_color(color, depth)
    few = shades.of_signed(ColorDepth.COLORS_16, -1, 1, (BLUE, BLACK, ORANGE), 1.0)
    assert few is not None and len({int(few[level]) for level in (0, 80, 128, 176, 255)}) == 5


def test_where_there_are_too_few_colours_activity_is_grey() -> None:
    assert shades.of_activity(ColorDepth.COLORS_16) is None and shades.of_activity(ColorDepth.MONO) is None
    tiles = np.linspace(0, 255, 784).reshape(1, 28, 28, 1).astype(np.uint8)
    cells, _ = draw_tiles(tiles, 14, 7, Terminal(ColorDepth.MONO), shades=shades.of_activity(ColorDepth.TRUECOLOR))
    assert set(cells.background.flat) == {DEFAULT}


@pytest.mark.parametrize("symbols", Symbols)
def test_a_cells_two_colours_are_found_among_numbers_and_then_in_their_table(symbols: Symbols) -> None:
    tiles = np.random.default_rng(8).integers(0, 256, (2, 28, 28, 1)).astype(np.uint8)
    table = shades.of_activity(ColorDepth.TRUECOLOR)
    assert table is not None
    grey, _ = draw_tiles(tiles, 40, 9, Terminal(symbols=symbols))
    colored, _ = draw_tiles(tiles, 40, 9, Terminal(symbols=symbols), shades=table)
    assert (grey.characters == colored.characters).all()
    there = grey.background != DEFAULT
    assert (colored.background[there] == table[grey.background[there] & 255]).all()
    assert (colored.background[~there] == DEFAULT).all()


@pytest.mark.parametrize(("number", "extent"), [(0.26, 0.3), (0.3, 0.3), (0.301, 0.4), (12, 20), (0.96, 1), (0, 1)])
def test_a_scale_goes_up_to_one_digit(number: float, extent: float) -> None:
    assert shades.round_extent(np.array([number / 3, -number, np.nan])) == pytest.approx(extent)


def test_a_scale_ends_where_nearly_all_numbers_are_within() -> None:
    numbers = np.linspace(-0.2, 0.2, 300)
    assert shades.round_extent(np.append(numbers, [0.9, -3])) == pytest.approx(0.2), "2 of 302 are beyond"
    assert shades.round_extent(np.append(numbers, [3] * 4)) == pytest.approx(3), "4 of 304 are more than one per cent"
    assert shades.round_extent(np.array([])) == 1


@pytest.mark.parametrize("ground", [BLACK, WHITE])
def test_zero_is_lifted_from_the_ground_and_neither_colour(ground: int) -> None:
    zero = shades.of_zero(ground, Tones().dim if ground == BLACK else 0x646A78)
    assert 6 < abs(lightness(zero) - lightness(ground)) < 20
    assert np.ptp(channels(zero)) < 20


@pytest.mark.parametrize("unicode", [True, False])
@pytest.mark.parametrize("depth", ColorDepth)
def test_a_bar_goes_from_the_least_to_the_most_between_its_numbers(depth: ColorDepth, unicode: bool) -> None:
    terminal, table = Terminal(depth, unicode=unicode), shades.of_signed(depth, -1, 1, (BLUE, BLACK, ORANGE), 1.0)
    for columns in (60, 30, 18):
        cells = shades.draw_bar("-0.3", "0.3", "0", columns, terminal, DARK, table)
        assert cells.columns == columns and cells.rows == 1
        assert "".join(c for c in cells.text() if c in "-0.3 ").split()[0].startswith("-0.3")
        assert unicode or cells.text().isascii()
        if table is not None:
            inks = cells.background[0][cells.background[0] != DEFAULT]
            assert inks[0] == table[0] and (inks[-1] == table[255] or unicode)
    assert shades.draw_bar("-0.3", "0.3", "0", 6, terminal, DARK, table).text() == " " * 6
