"""The nearest of the colours that a terminal has."""

import numpy as np
import pytest

from gan_tui.drawing.cells import DEFAULT
from gan_tui.drawing.colors import available, nearest, nearest_color, pack, vivid
from gan_tui.drawing.sixteen import SIXTEEN
from gan_tui.drawing.terminal import ColorDepth, Terminal


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
        assert color in SIXTEEN
        assert nearest_color(color, ColorDepth.COLORS_16) == color


@pytest.mark.parametrize(
    ("color", "name"),
    [
        (0x56B48A, "green"),
        (0x1F7A4D, "green"),
        (0xEF6F7C, "red"),
        (0xB3263A, "red"),
        (0x7AA2F7, "cyan"),
        (0x2F5FB3, "blue"),
        (0xE8A33D, "yellow"),
        (0xC05A00, "yellow"),
        (0xA0407F, "magenta"),
        (0x00A8B0, "cyan"),
    ],
)
def test_of_sixteen_colors_words_take_six_by_name(color: int, name: str) -> None:
    number = ("black", "red", "green", "yellow", "blue", "magenta", "cyan").index(name)
    assert available(color, Terminal(ColorDepth.COLORS_16)) == SIXTEEN[number]


@pytest.mark.parametrize("color", [0xD5D9E3, 0x8189A0, 0x646A78, 0x11131A, 0xFFFFFF, 0])
def test_of_sixteen_colors_greys_are_the_terminals_own_ink(color: int) -> None:
    """Bright black is the background in Solarized, and white that of its light twin."""
    assert available(color, Terminal(ColorDepth.COLORS_16)) == DEFAULT


def test_vivid_colors_have_no_grey_in_them() -> None:
    assert [vivid(color) for color in (0x808080, 0x80FF80, 0x402010, 0)] == [0, 0x00FF00, 0x401500, 0]
