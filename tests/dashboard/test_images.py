"""Images in cells: what is sent for them, and that every cell shows its part however it was covered and uncovered."""

import random
import sys
import unicodedata
from pathlib import Path

import numpy as np
import pyte
import pytest
from rich.segment import Segment
from textual._compositor import LayoutUpdate
from textual.geometry import Region
from textual.strip import Strip

import gan_tui.data
from gan_tui.dashboard.terminal.glyphs import Glyphs
from gan_tui.dashboard.terminal.images import Images, style_of
from gan_tui.dashboard.terminal.kitty import Kitty
from gan_tui.dashboard.terminal.placeholders import DIACRITICS
from gan_tui.dashboard.terminal.screen_diff import ScreenDiff
from gan_tui.dashboard.terminal.styles import Looks
from gan_tui.dashboard.widgets.cells_view import style
from gan_tui.drawing.cells import Image
from gan_tui.drawing.pictures.parts import image_of
from gan_tui.drawing.pictures.png import png
from gan_tui.drawing.pictures.tiles import draw_tiles
from gan_tui.drawing.symbols import PARTS
from gan_tui.drawing.terminal import Terminal
from kitty_terminal import KittyGraphics

COLUMNS, ROWS = 30, 8
NUMBERS = (16, 200)


def test_the_marks_of_rows_and_columns_are_those_that_no_letter_is_composed_with() -> None:
    made_of = (unicodedata.decomposition(chr(code)) for code in range(sys.maxunicode))
    composed = {parts.split(" ")[-1] for parts in made_of if parts and not parts.startswith("<")}
    assert len(DIACRITICS) == 297
    assert sorted(set(DIACRITICS)) == DIACRITICS
    for mark in DIACRITICS:
        assert unicodedata.combining(mark) == 230
        assert not unicodedata.decomposition(mark)
        assert f"{ord(mark):04X}" not in composed


class Screen:
    """A terminal, and what it should show: for each cell a letter, or (image, row, column)."""

    def __init__(self) -> None:
        self.diff, self.shown = ScreenDiff(Looks(Terminal().colors), Glyphs(Terminal())), pyte.Screen(COLUMNS, ROWS)
        self.stream = pyte.Stream(self.shown)
        self.stream.feed("\x1b[?7l")  # lines do not wrap, as in the interface
        self.wanted: list[list[str | tuple[int, int, int]]] = [[" "] * COLUMNS for _ in range(ROWS)]

    def write(self, y: int, x: int, cells: list[str | tuple[int, int, int]]) -> None:
        self.wanted[y][x : x + len(cells)] = cells
        segments = []
        for cell in cells:
            if isinstance(cell, str):
                segments.append(Segment(cell, style(0xFFFFFF, 0)))
            else:
                segments.append(Segment(chr(PARTS.start + cell[1] * 255 + cell[2]), style_of(cell[0], "#000000")))
        strip = Strip(Segment.simplify(segments))
        self.diff.want(LayoutUpdate([[strip]], Region(x, y, len(cells), 1)), COLUMNS, ROWS)

    def parts(self) -> list[list[str | tuple[int, int, int]]]:
        found: list[list[str | tuple[int, int, int]]] = []
        for y in range(ROWS):
            row: list[str | tuple[int, int, int]] = []
            before = None
            for x in range(COLUMNS):
                char = self.shown.buffer[y][x]
                before = KittyGraphics.part(char, before) if char.data[0] == "\U0010eeee" else None
                row.append((before[0] & 255, *before[1:]) if before else char.data)
            found.append(row)
        return found


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(20))
def test_every_cell_shows_its_part_whatever_covered_it_before(seed: int) -> None:
    chance, screen = random.Random(seed), Screen()
    for _ in range(60):
        y, wide = chance.randrange(ROWS), chance.randrange(1, COLUMNS)
        x = chance.randrange(COLUMNS - wide + 1)
        if chance.random() < 0.6:
            number, row, column = chance.choice(NUMBERS), chance.randrange(20), chance.randrange(20)
            screen.write(y, x, [(number, row, column + place) for place in range(wide)])
        else:
            screen.write(y, x, [chance.choice("ab ") for _ in range(wide)])
        if chance.random() < 0.5:
            screen.stream.feed(screen.diff.difference())
    while sequence := screen.diff.difference(chance.randrange(1, 200)):
        screen.stream.feed(sequence)
    assert screen.parts() == screen.wanted


def test_a_wall_of_100_digits_is_sent_in_12_kilobytes() -> None:
    digits = np.load(Path(gan_tui.data.__file__).parent / "mnist.npz")["images"][:100]
    image = image_of(digits[:, None], (10, 10), (7, 14), (9, 18))
    assert image is not None
    sequence = Kitty(in_tmux=False).transmission(1 << 24 | 16, png(image, 8900), image.rows, image.columns)
    assert len(sequence) <= 12_000


@pytest.mark.parametrize("cell", [(8, 16), (9, 20), (7, 17), (10, 19)])
@pytest.mark.parametrize("size", [(28, 28), (48, 64), (300, 200), (30, 9)])
def test_each_picture_is_in_its_own_cells(cell: tuple[int, int], size: tuple[int, int]) -> None:
    """Whatever a cell's proportions are: a picture that strays would show beside its neighbour, or be cut."""
    pictures = np.full((6, 1, *size), 200, np.uint8)
    image = image_of(pictures, (2, 3), (7, 14), cell)
    assert image is not None
    whole = image.columns * cell[0] / image.covered.shape[1]
    assert whole == pytest.approx(image.rows * cell[1] / image.covered.shape[0], rel=0.02), "so nothing is stretched"
    rows, columns = (np.flatnonzero(np.diff(np.pad(image.covered.any(axis=axis), 1))) for axis in (1, 0))
    for edges, count, cells, side in ((rows, 2, 7, cell[1]), (columns, 3, 14, cell[0])):
        for number in range(count) if len(edges) == 2 * count else ():
            first, last = edges[2 * number] * whole, edges[2 * number + 1] * whole
            assert number * cells * side - whole <= first
            assert last <= (number + 1) * cells * side + whole


def test_what_few_pixels_show_is_left_to_cells() -> None:
    kernels = np.zeros((4, 3, 3, 1), np.uint8)
    drawn, _ = draw_tiles(kernels, 60, 20, Terminal(pixels=(8, 16)))
    assert not drawn.images
    digits = np.zeros((4, 28, 28, 1), np.uint8)
    assert draw_tiles(digits, 60, 20, Terminal(pixels=(8, 16)))[0].images
    assert not draw_tiles(digits, 60, 20, Terminal())[0].images


class Told:
    """Remembers what images it was told of."""

    def __init__(self) -> None:
        self.heard: list[tuple[str, int]] = []

    def changed(self, number: int, image: Image) -> None:
        self.heard.append(("changed", number))

    def freed(self, number: int) -> None:
        self.heard.append(("freed", number))

    def lost(self, number: int) -> None: ...

    def size(self, number: int) -> int:
        return 0


def test_a_widget_keeps_the_numbers_of_its_images() -> None:
    told = Told()
    images, one, other = Images(told), object(), object()
    picture = image_of(np.zeros((1, 1, 28, 28), np.uint8), (1, 1), (7, 14), (8, 16))
    assert picture
    first = images.show(one, [picture, picture])
    second = images.show(other, [picture])
    assert len({*first, *second}) == 3
    assert images.show(one, [picture]) == first[:1]
    assert images.show(one, []) == []
    assert [number for what, number in told.heard if what == "freed"] == [first[1], first[0]]
    assert images.show(one, [picture]) == first[:1]
