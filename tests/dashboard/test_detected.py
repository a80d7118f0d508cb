"""What the environment says of the terminal, and the colours it leaves."""

import numpy as np
import pytest
from rich.color import Color
from rich.style import Style

from gan_tui.dashboard.terminal.detected import detect
from gan_tui.dashboard.terminal.styles import Looks
from gan_tui.drawing.colors import namesake, nearest, nearest_color, pack, vivid
from gan_tui.drawing.terminal import ColorDepth, Terminal


@pytest.mark.parametrize(
    ("environ", "colors"),
    [
        ({"TERM": "xterm-256color", "COLORTERM": "truecolor"}, ColorDepth.TRUECOLOR),
        ({"TERM": "xterm-kitty"}, ColorDepth.TRUECOLOR),
        ({"TERM": "screen-256color"}, ColorDepth.COLORS_256),
        ({"TERM": "xterm"}, ColorDepth.COLORS_16),
        ({"TERM": "dumb", "COLORTERM": "truecolor"}, ColorDepth.MONO),
        ({}, ColorDepth.MONO),
        ({"TERM": "xterm-256color", "NO_COLOR": "1"}, ColorDepth.MONO),
        ({"TERM": "xterm-256color", "NO_COLOR": ""}, ColorDepth.COLORS_256),
        ({"TERM": "dumb", "NO_COLOR": "1", "GAN_TUI_COLORS": "256"}, ColorDepth.COLORS_256),
        ({"TERM": "xterm-kitty", "GAN_TUI_COLORS": "none"}, ColorDepth.MONO),
        ({"TERM": "xterm-kitty", "GAN_TUI_COLORS": "many"}, ColorDepth.TRUECOLOR),
    ],
)
def test_colors_come_from_the_environment(environ: dict[str, str], colors: ColorDepth) -> None:
    assert detect(environ, "utf-8").colors is colors


@pytest.mark.parametrize(
    ("environ", "encoding", "unicode"),
    [
        ({"TERM": "xterm"}, "UTF-8", True),
        ({"TERM": "xterm"}, "latin-1", False),
        ({"TERM": "xterm"}, "ANSI_X3.4-1968", False),
        ({"TERM": "xterm"}, "no-such-encoding", False),
        ({"TERM": "linux"}, "utf-8", False),
        ({"TERM": "xterm", "GAN_TUI_ASCII": "1"}, "utf-8", False),
        ({"TERM": "xterm", "GAN_TUI_ASCII": "0"}, "utf-8", True),
    ],
)
def test_blocks_need_an_encoding_and_a_font(environ: dict[str, str], encoding: str, unicode: bool) -> None:
    assert detect(environ, encoding).unicode is unicode


def test_nearest_of_256_agrees_with_a_search_of_the_whole_palette() -> None:
    levels = (0, 95, 135, 175, 215, 255)
    depth = [(r, g, b) for r in levels for g in levels for b in levels] + [(8 + 10 * k,) * 3 for k in range(24)]
    table = np.array(depth, dtype=np.float32)
    colors = np.random.default_rng(0).integers(0, 256, (3, 500)).astype(np.float32)
    distance = ((colors.T[:, None] - table) ** 2).sum(axis=2)
    found = nearest(colors, ColorDepth.COLORS_256)
    assert np.allclose(((found - colors) ** 2).sum(axis=0), distance.min(axis=1))


def test_every_color_of_256_has_its_number() -> None:
    looks = Looks(ColorDepth.COLORS_256)
    for index in range(16, 256):
        k = index - 16
        cube = [(0, 95, 135, 175, 215, 255)[n] for n in (k // 36, k // 6 % 6, k % 6)] if k < 216 else []
        red, green, blue = cube or [8 + 10 * (index - 232)] * 3
        assert looks.of(Style(bgcolor=Color.from_rgb(red, green, blue))).paper == f"48;5;{index}"


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


def test_a_terminal_is_full_of_colors_unless_told_otherwise() -> None:
    assert Terminal() == Terminal(ColorDepth.TRUECOLOR, unicode=True)


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
