"""Pictures: what the eye sees in the cells, against the pixels themselves."""

from itertools import product
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

import gan_tui.data
from gan_tui.drawing.cells import DEFAULT, Cells
from gan_tui.drawing.pictures.blocks import encode
from gan_tui.drawing.pictures.sampling import resize
from gan_tui.drawing.pictures.whole import draw_picture
from gan_tui.drawing.symbols import OPPOSITES, Symbols
from gan_tui.drawing.terminal import ColorDepth, Terminal
from gan_tui.text import width

TRUECOLOR = Terminal(ColorDepth.TRUECOLOR)
GLYPHS = {
    " ": "....", "▘": "#...", "▝": ".#..", "▀": "##..", "▖": "..#.", "▌": "#.#.", "▞": ".##.", "▛": "###.",
    "▗": "...#", "▚": "#..#", "▐": ".#.#", "▜": "##.#", "▄": "..##", "▙": "#.##", "▟": ".###", "█": "####",
}  # fmt: skip


def seen(cells: Cells) -> NDArray[np.float64]:
    """(2 x rows, 2 x columns, 3): the colours on the screen, a quarter of a cell each."""
    screen = np.zeros((2 * cells.rows, 2 * cells.columns, 3))
    for row, column in product(range(cells.rows), range(cells.columns)):
        for quarter, ink in enumerate(GLYPHS[cells.characters[row, column]]):
            color = int((cells.foreground if ink == "#" else cells.background)[row, column])
            assert color != DEFAULT
            screen[2 * row + quarter // 2, 2 * column + quarter % 2] = (
                color >> 16,
                color >> 8 & 255,
                color & 255,
            )
    return screen


def digits(number: int) -> NDArray[np.uint8]:
    images: NDArray[np.uint8] = np.load(Path(gan_tui.data.__file__).parent / "mnist.npz")["images"]
    return images[:: len(images) // number][:number]


def wall(tiles: NDArray[np.uint8], across: int) -> NDArray[np.uint8]:
    _, high, wide = tiles.shape
    return tiles.reshape(-1, across, high, wide).swapaxes(1, 2).reshape(-1, across * wide)


def grey(pixels: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """(height, width, 1) of (height, width)."""
    return pixels[..., None]


def signal_to_noise(picture: NDArray[np.floating], shown: NDArray[np.floating]) -> float:
    """PSNR in decibels."""
    return float(10 * np.log10(255**2 / np.mean((picture - shown) ** 2)))


@pytest.mark.parametrize("glyph", GLYPHS)
def test_each_quadrant_pattern_has_its_glyph(glyph: str) -> None:
    pattern = np.array([200 if ink == "#" else 10 for ink in GLYPHS[glyph]], np.uint8).reshape(2, 2)
    cells = draw_picture(grey(np.repeat(pattern, 2, axis=0)), 1, 1, TRUECOLOR)
    assert np.array_equal(seen(cells)[..., 0], pattern)


def test_octants_are_the_characters_that_unicode_has_for_their_dots() -> None:
    named = {0x1CD00: "3", 0x1CD0F: "1235", 0x1CD17: "12345", 0x1CD68: "123567", 0x1CDE5: "2345678", 0x1CEA8: "1"}
    named |= {ord("▌"): "1357", ord("▂"): "78", 0x1FB85: "123456", 0x1FBE6: "35", 0x1FBE7: "46", ord("▚"): "1368"}
    for code, places in named.items():
        dots = sum(1 << int(place) - 1 for place in places)
        assert Symbols.OCTANTS.glyphs[dots] == chr(code), f"octant {places}"
    assert len(set(Symbols.OCTANTS.glyphs)) == 256
    assert {width(character) for character in Symbols.OCTANTS.glyphs} == {1}


def test_what_is_sent_in_a_characters_place_is_its_negative_and_no_newer_than_it() -> None:
    octants = Symbols.OCTANTS.glyphs
    assert len(OPPOSITES) == 256 - len(" █▂▆")
    for character, opposite in OPPOSITES.items():
        assert octants.index(character) + octants.index(opposite) == 255
        assert character > "\uffff" or opposite < "\uffff", "a font that has the one has the other"


@pytest.mark.slow
@pytest.mark.parametrize("channels", [1, 3])
@pytest.mark.parametrize("symbols", Symbols)
def test_no_two_colors_would_be_nearer_to_a_cells_pixels(symbols: Symbols, channels: int) -> None:
    across, down = symbols.dots
    pixels = np.random.default_rng(3).integers(0, 256, (down, 40 * across, channels)).astype(np.uint8)
    cells = encode(np.moveaxis(pixels, -1, 0).astype(np.float32), Terminal(symbols=symbols))
    shown, best = 0.0, 0.0
    for cell in range(40):
        dots = pixels[:, cell * across : (cell + 1) * across].reshape(-1, channels).astype(float)
        ways = [np.arange(len(dots)) * 0 == 1, *(np.array(way) for way in product((False, True), repeat=len(dots)))]
        best += min(sum(((dots[p] - dots[p].mean(0)) ** 2).sum() for p in (way, ~way) if p.any()) for way in ways)
        lit = symbols.glyphs.index(cells.characters[0, cell])
        for number, dot in enumerate(dots):
            color = int((cells.foreground if lit >> number & 1 else cells.background)[0, cell])
            shown += ((dot - [color >> shift & 255 for shift in (16, 8, 0)][:channels]) ** 2).sum()
    assert shown <= 4 + best * (1.01 if channels == 1 or len(dots) < 8 else 1.06)


@pytest.mark.parametrize(("name", "symbols", "decibels"), [
    ("mnist", Symbols.QUADRANTS, 19.5), ("mnist", Symbols.OCTANTS, 25.0),
    ("fashion_mnist", Symbols.QUADRANTS, 20.5), ("fashion_mnist", Symbols.OCTANTS, 26.0),
])  # fmt: skip
def test_100_tiles_of_14_by_7_cells_are_as_near_as_their_symbols_allow(name, symbols: Symbols, decibels: float) -> None:
    picture = wall(np.load(Path(gan_tui.data.__file__).parent / f"{name}.npz")["images"][:100], 10)
    cells = draw_picture(grey(picture), 140, 70, Terminal(symbols=symbols))
    dots = np.vectorize(Symbols.OCTANTS.glyphs.index)(cells.characters)
    lit = (dots[:, None, :, None] >> (2 * np.arange(4)[:, None, None] + np.arange(2))) & 1
    colors = np.where(lit, cells.foreground[:, None, :, None], cells.background[:, None, :, None]) & 255
    assert signal_to_noise(picture.astype(float), colors.reshape(280, 280)) >= decibels


def test_a_plain_cell_is_a_space_whose_foreground_is_nobodys() -> None:
    cells = draw_picture(grey(np.full((8, 8), 77, np.uint8)), 4, 2, TRUECOLOR)
    assert set(cells.characters.flat) == {" "}
    assert set(cells.foreground.flat) == {DEFAULT} and set(cells.background.flat) == {0x4D4D4D}


@pytest.mark.parametrize("shape", [(56, 56, 1), (28, 28, 1), (100, 70, 1), (13, 31, 1), (8, 8, 3), (50, 80, 3)])
def test_the_mean_color_of_a_drawing_is_the_pictures(shape: tuple[int, ...]) -> None:
    picture = np.random.default_rng(1).integers(0, 256, shape).astype(np.uint8)
    cells = draw_picture(picture, 2 * shape[1] // 5, shape[0] // 5, TRUECOLOR)
    drawn = cells.background[:, cells.background.max(axis=0) != DEFAULT]
    mask = cells.background != DEFAULT
    rows, columns = np.flatnonzero(mask.any(axis=1)), np.flatnonzero(mask.any(axis=0))
    area = np.s_[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    inner = Cells(cells.characters[area], cells.foreground[area], cells.background[area])
    inner.foreground[inner.characters == " "] = 0
    expected = picture.reshape(shape[0] * shape[1], -1).mean(axis=0)
    assert drawn.size and np.allclose(seen(inner).mean(axis=(0, 1)), expected, atol=0.6)


def test_shrinking_averages_whole_areas() -> None:
    picture = np.random.default_rng(2).integers(0, 256, (12, 30)).astype(np.uint8)
    assert np.allclose(resize(picture, 4, 10), picture.reshape(4, 3, 10, 3).mean(axis=(1, 3)), atol=1e-3)


def test_enlarging_keeps_pixels_crisp() -> None:
    picture = np.random.default_rng(3).integers(0, 256, (8, 8)).astype(np.uint8)
    cells = draw_picture(grey(picture), 32, 16, TRUECOLOR)
    cells.foreground[cells.characters == " "] = 0
    assert np.array_equal(seen(cells)[..., 0], picture.repeat(4, axis=0).repeat(8, axis=1))


def test_digits_are_nearer_to_the_picture_than_with_half_blocks() -> None:
    picture = wall(digits(100), 10)
    cells = draw_picture(grey(picture), 112, 56, TRUECOLOR)
    cells.foreground[cells.characters == " "] = 0
    quadrants = seen(cells)[..., 0]
    half_blocks = resize(picture, 112, 112).repeat(2, axis=1)
    fine, finest = resize(picture, 112, 224), resize(picture, 560, 1120)
    assert signal_to_noise(fine, quadrants) > signal_to_noise(fine, half_blocks) + 5
    ours, theirs = (shown.repeat(5, axis=0).repeat(5, axis=1) for shown in (quadrants, half_blocks))
    assert signal_to_noise(finest, ours) > signal_to_noise(finest, theirs) + 0.8


def test_no_other_two_colors_would_be_nearer() -> None:
    picture = np.random.default_rng(4).integers(0, 256, (40, 20)).astype(np.uint8)
    cells = draw_picture(grey(picture), 10, 10, TRUECOLOR)
    cells.foreground[cells.characters == " "] = 0
    quads = resize(picture, 20, 20).reshape(10, 2, 10, 2).transpose(0, 2, 1, 3).reshape(100, 4)
    shown = seen(cells)[..., 0].reshape(10, 2, 10, 2).transpose(0, 2, 1, 3).reshape(100, 4)
    for pixels, chosen in zip(quads, shown, strict=True):
        best = min(
            sum(((part - part.mean()) ** 2).sum() for part in (pixels[ink], pixels[~ink]) if part.size)
            for ink in (np.array(GLYPHS[glyph], "U4").reshape(1).view("U1") == "#" for glyph in GLYPHS)
        )
        assert ((pixels - chosen) ** 2).sum() <= best + 8  # what rounding and plain cells may cost


@pytest.mark.parametrize("depth", [ColorDepth.COLORS_256, ColorDepth.COLORS_16])
def test_few_colors_are_only_those_of_the_palette(depth: ColorDepth) -> None:
    picture = np.random.default_rng(5).integers(0, 256, (40, 40, 3)).astype(np.uint8)
    cells = draw_picture(picture, 20, 10, Terminal(depth))
    used = set(cells.background.flat) | set(cells.foreground.flat) - {DEFAULT}
    levels = {0, 95, 135, 175, 215, 255}
    for color in used:
        red, green, blue = channels = [int(color) >> shift & 255 for shift in (16, 8, 0)]
        if depth is ColorDepth.COLORS_256:
            assert set(channels) <= levels or (red == green == blue and (red - 8) % 10 == 0)
        else:
            assert set(channels) <= {0, 85, 170, 255}


def test_without_colors_a_bright_stroke_is_ink_and_the_ground_is_not() -> None:
    picture = np.zeros((40, 40), np.uint8)
    picture[:, 16:24] = 255
    unicode = draw_picture(grey(picture), 20, 10, Terminal(ColorDepth.MONO))
    ascii_ = draw_picture(grey(picture), 20, 10, Terminal(ColorDepth.MONO, unicode=False))
    for cells, ink in ((unicode, "█"), (ascii_, "@")):
        assert {row.rstrip() for row in cells.text().split("\n")} == {" " * 8 + ink * 4}
        assert set(cells.foreground.flat) == set(cells.background.flat) == {DEFAULT}


def test_colors_without_blocks_are_spaces_in_the_mean_of_their_area() -> None:
    picture = np.random.default_rng(6).integers(0, 256, (20, 20)).astype(np.uint8)
    cells = draw_picture(grey(picture), 10, 5, Terminal(ColorDepth.TRUECOLOR, unicode=False))
    assert cells.text().strip() == ""
    assert np.allclose(cells.background & 255, picture.reshape(5, 4, 10, 2).mean(axis=(1, 3)), atol=0.51)


def test_a_picture_keeps_its_proportions_in_the_middle_of_the_pane() -> None:
    cells = draw_picture(grey(np.full((10, 10), 9, np.uint8)), 31, 10, TRUECOLOR)
    drawn = cells.background == 0x090909
    assert np.array_equal(drawn.any(axis=0), [False] * 5 + [True] * 20 + [False] * 6)
    assert drawn.any(axis=1).all() and set(cells.background[~drawn]) == {DEFAULT}


def test_a_pane_without_room_is_empty() -> None:
    assert draw_picture(np.zeros((4, 4, 1), np.uint8), 0, 3, TRUECOLOR).characters.shape == (3, 0)
