"""Numbers in the pixels of small tiles: as many digits as all have room for, on colours they show on."""

import re

import numpy as np
import pytest

from gan_tui.drawing.cells import DEFAULT
from gan_tui.drawing.colors import unpack
from gan_tui.drawing.pictures import shades
from gan_tui.drawing.pictures.numbers import alike, have_room, write_numbers
from gan_tui.drawing.pictures.tiles import draw_tiles
from gan_tui.drawing.terminal import ColorDepth, Terminal

ENDS = 0x5CA8E8, 0x11131A, 0xF0A030


@pytest.mark.parametrize(
    ("numbers", "columns", "expected"),
    [
        ([0.314, -0.271], 5, [".31", "-.27"]),
        ([0.314, -0.271], 6, [".314", "-.271"]),
        ([0.0, -0.0001, 0.5], 5, [".000", ".000", ".500"]),
        ([1.25, -0.5], 5, ["1.25", "-.50"]),
        ([12.0, -3.0], 5, ["12.0", "-3.0"]),
        ([1234.0, -1.0], 5, ["1234", "-1"]),
        ([-12345.0, 1.0], 5, ["-1e4", "1"]),
        ([-1.2e10, 3e10, 1.0], 5, ["", "3e10", "1"]),
        ([-1.2e10, 3e38, 1.0], 6, ["-1e10", "3e38", "1"]),
    ],
)
def test_numbers_have_as_many_decimals_as_fit_all_of_them(
    numbers: list[float], columns: int, expected: list[str]
) -> None:
    found = alike(numbers, columns)
    assert [text.strip() for text in found] == [text.strip() for text in expected]
    assert all(len(text) < columns for text in found), "a blank is between neighbours"


@pytest.mark.parametrize("depth", ColorDepth)
def test_each_weight_is_written_in_its_own_pixel_and_stands_out(depth: ColorDepth) -> None:
    weights = np.random.default_rng(0).uniform(-1, 1, (2, 3, 3))
    levels = ((weights + 1) * 127.5).round().astype(np.uint8)[..., None]
    terminal = Terminal(colors=depth)
    colors = shades.of_signed(depth, -1, 1, ENDS, 1)
    cells, wall = draw_tiles(levels, 40, 10, terminal, shades=colors)
    assert have_room(wall)
    write_numbers(cells, wall, weights, terminal)
    wide, high = int(wall.scale or 0), int(wall.scale or 0) // 2
    for place, number in np.ndenumerate(weights):
        top = wall.top + place[1] * high
        left = wall.left + place[0] * (wall.tile_columns + wall.gap) + place[2] * wide
        shown = cells.part(top, left, high, wide)
        text = "".join(character for character in shown.text() if character in "-.0123456789")
        assert float(text) == pytest.approx(number, abs=0.06)
        inked = np.isin(shown.characters, list("-.0123456789"))
        if depth is ColorDepth.TRUECOLOR:
            ink, paper = int(shown.foreground[inked][0]), int(shown.background[inked][0])
            assert ink in (0x000000, 0xFFFFFF) and paper != DEFAULT
            assert abs(sum(unpack(ink)) - sum(unpack(paper))) > 250


@pytest.mark.parametrize("columns", [12, 16, 18, 24, 42])
@pytest.mark.parametrize("largest", [0.4, 3.0, 5e4, 3e12])
def test_numbers_of_neighbours_never_touch(columns: int, largest: float) -> None:
    weights = np.random.default_rng(1).uniform(-largest, largest, (2, 3, 3))
    cells, wall = draw_tiles(np.zeros((2, 3, 3, 1), np.uint8), columns, 30, Terminal())
    if not have_room(wall):
        return
    write_numbers(cells, wall, weights, Terminal())
    written = [word for line in cells.text().split("\n") for word in line.replace("▀", " ").replace("█", " ").split()]
    assert written and all(any(np.isclose(float(word), weights, rtol=0.5, atol=0.06).flat) for word in written)
    assert len(written) <= weights.size


@pytest.mark.parametrize("columns", [40, 44, 48, 60])
def test_each_number_is_amid_its_pixel_also_where_pixels_are_half_rows_high(columns: int) -> None:
    weights = np.linspace(-1, 1, 64).reshape(1, 8, 8)
    levels = ((weights + 1) * 127.5).round().astype(np.uint8)[..., None]
    colors = shades.of_signed(ColorDepth.TRUECOLOR, -1, 1, ENDS, 1)
    cells, wall = draw_tiles(levels, columns, columns // 2 + 1, Terminal(), shades=colors)
    before = cells.background.copy()
    write_numbers(cells, wall, weights, Terminal())
    for row, text in enumerate(cells.text().split("\n")):
        for number in re.finditer(r"-?\d?\.\d+", text):
            level = round((float(number[0]) + 1) * 127.5)
            shown, meant = (unpack(int(one)) for one in (before[row, number.start()], colors[level]))
            assert np.abs(np.subtract(shown, meant)).max() <= 16, (number[0], row)
