"""Every drawing at every size on every kind of terminal: cells of the right shape that the terminal can show."""

from collections.abc import Callable

import numpy as np
import pytest

from gan_tui.drawing.cells import DEFAULT, Cells, blank, paste
from gan_tui.drawing.colors import nearest_color
from gan_tui.drawing.diagram import draw_diagram
from gan_tui.drawing.pictures.pairs import draw_pairs
from gan_tui.drawing.pictures.tiles import draw_tiles
from gan_tui.drawing.plots.answers import draw_answers
from gan_tui.drawing.plots.bars import draw_bars
from gan_tui.drawing.plots.confusion import draw_confusion
from gan_tui.drawing.plots.histogram import Histogram, draw_histogram
from gan_tui.drawing.plots.surface import draw_surface
from gan_tui.drawing.terminal import ColorDepth, Terminal

Draw = Callable[[int, int, Terminal], Cells]

RNG = np.random.default_rng(0)
NAMES = ["T-shirt/top", "Trouser", "Pullover", "Dréss", "外套", "Sandal", "Shirt", "Sneaker", "Bag", "Ankle boot"]
COUNTS = RNG.multinomial(1000, [0.1] * 10, 10)
KERNELS = RNG.integers(0, 256, (32, 3, 3, 1)).astype(np.uint8)
PICTURES = RNG.integers(0, 256, (2, 48, 64, 3)).astype(np.uint8)
BARS = [
    Histogram("untrained", RNG.integers(0, 50, 30), -0.5, 0.5, 0.01, 0.2, 0x8189A0),
    Histogram("trained", RNG.integers(0, 50, 40), -1.0, 0.7, -0.01, 0.3, 0x7AA2F7),
]
SURFACE = RNG.dirichlet([1, 1, 1], (9, 9)).transpose(2, 0, 1)
POINTS, LABELS = RNG.random((8, 2)), RNG.integers(0, 3, 8)
LAYERS = [
    {"name": f"l{k}", "kind": "Dense", "layer": "Dense 9×9", "output_shape": [k, 3], "parameters": k, "trainable": 0}
    for k in range(3)
]

DRAWINGS: dict[str, Draw] = {
    "histogram": lambda c, r, t: draw_histogram(BARS, c, r, terminal=t),
    "bars": lambda c, r, t: draw_bars(NAMES, COUNTS[0] / 1000, c, r, terminal=t, true=4),
    "confusion": lambda c, r, t: draw_confusion(COUNTS, NAMES, c, r, terminal=t),
    "answers": lambda c, r, t: draw_answers(POINTS, LABELS, SURFACE[:, 0, :8].T, c, r, terminal=t),
    "kernels": lambda c, r, t: draw_pairs(KERNELS, KERNELS, c, r, t)[0],
    "pictures": lambda c, r, t: draw_tiles(PICTURES, c, r, t, margin=1)[0],
    "surface": lambda c, r, t: draw_surface(SURFACE, POINTS, LABELS, c, r, t, cursor=(0.3, 0.7)),
    "diagram": lambda c, r, t: draw_diagram(LAYERS, c, terminal=t, selected=1),
}


@pytest.mark.parametrize("terminal", [Terminal(depth, unicode) for depth in ColorDepth for unicode in (True, False)])
@pytest.mark.parametrize("name", DRAWINGS)
def test_cells_are_what_the_terminal_can_show(name: str, terminal: Terminal) -> None:
    for columns, rows in [(0, 0), (0, 3), (3, 0), (1, 1), (2, 5), (5, 2), (13, 3), (24, 9), (40, 16), (80, 24)]:
        cells = DRAWINGS[name](columns, rows, terminal)
        assert cells.columns == columns and (cells.rows == rows or name == "diagram")
        assert cells.characters.shape == cells.foreground.shape == cells.background.shape
        assert cells.characters.dtype == "<U1" and cells.foreground.dtype == cells.background.dtype == np.int32
        assert terminal.unicode or cells.text().isascii()
        used = {int(c) for part in (cells.foreground, cells.background) for c in part.flat} - {DEFAULT}
        if terminal.colors is ColorDepth.MONO:
            assert not used
        elif terminal.colors is not ColorDepth.TRUECOLOR:
            assert all(nearest_color(color, terminal.colors) == color for color in used)


@pytest.mark.parametrize(("row", "column"), [(0, 0), (1, 2), (2, 4), (3, 0), (0, 5), (9, 9)])
def test_what_does_not_fit_is_left_out_where_a_drawing_is_pasted(row: int, column: int) -> None:
    cells, drawn = blank(3, 5), Cells(np.full((2, 3), "x"), np.full((2, 3), 1, np.int32), np.full((2, 3), 2, np.int32))
    paste(cells, drawn, row, column)
    expected = np.zeros((3, 5), np.bool_)
    expected[row : row + 2, column : column + 3] = True
    assert ((cells.characters == "x") == expected).all()
    assert ((cells.foreground == 1) == expected).all() and ((cells.background == 2) == expected).all()
