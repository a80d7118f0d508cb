"""The nearest of the colours that a terminal has."""

import numpy as np
import pytest

from gan_tui.drawing.colors import namesake, nearest, nearest_color, pack, vivid
from gan_tui.drawing.terminal import ColorDepth


def test_nearest_of_256_agrees_with_a_search_of_the_whole_palette() -> None:
    levels = (0, 95, 135, 175, 215, 255)
    depth = [(r, g, b) for r in levels for g in levels for b in levels] + [(8 + 10 * k,) * 3 for k in range(24)]
    table = np.array(depth, dtype=np.float32)
    colors = np.random.default_rng(0).integers(0, 256, (3, 500)).astype(np.float32)
    distance = ((colors.T[:, None] - table) ** 2).sum(axis=2)
    found = nearest(colors, ColorDepth.COLORS_256)
    assert np.allclose(((found - colors) ** 2).sum(axis=0), distance.min(axis=1))


def test_greys_and_colors_quantise_alike() -> None:
    greys = np.arange(256, dtype=np.float32)
    for depth in (ColorDepth.COLORS_256, ColorDepth.COLORS_16):
        one, three = nearest(greys[None], depth), nearest(np.tile(greys, (3, 1)), depth)
        off_one, off_three = (abs(pack(found) % 256 - greys) for found in (one, three))
        assert np.array_equal(off_one, off_three)


def test_sixteen_colors_are_those_that_rich_names() -> None:
    rich_palettes = pytest.importorskip("rich._palettes")
    for red, green, blue in rich_palettes.STANDARD_PALETTE._colors:
        color = red << 16 | green << 8 | blue
        assert nearest_color(color, ColorDepth.COLORS_16) == color


@pytest.mark.parametrize(
    ("color", "expected"),
    [
        (0x56B48A, 0x55FF55),
        (0x1F7A4D, 0x00AA00),
        (0xEF6F7C, 0xFF5555),
        (0xB3263A, 0xAA0000),
        (0x7AA2F7, 0x5555FF),
        (0x2F5FB3, 0x0000AA),
        (0xE8A33D, 0xFFFF55),
        (0xC05A00, 0xAA5500),
        (0xA0407F, 0xAA00AA),
        (0x00A8B0, 0x00AAAA),
        (0xD5D9E3, 0xFFFFFF),
        (0x8189A0, 0xAAAAAA),
        (0x646A78, 0x555555),
        (0x11131A, 0x000000),
    ],
)
def test_sixteen_colors_are_chosen_by_name(color: int, expected: int) -> None:
    assert namesake(color) == expected == nearest_color(expected, ColorDepth.COLORS_16)


def test_vivid_colors_have_no_grey_in_them() -> None:
    assert [vivid(color) for color in (0x808080, 0x80FF80, 0x402010, 0)] == [0, 0x00FF00, 0x401500, 0]
