"""Names of classes in little room: what is left of them still tells which is meant."""

import numpy as np
import pytest

from gan_tui.dashboard.themes import inks
from gan_tui.dashboard.views.base import Scene
from gan_tui.dashboard.views.wall import WallView
from gan_tui.drawing.plots.bars import draw_bars
from gan_tui.drawing.terminal import Terminal
from gan_tui.run.events import Picture
from gan_tui.run.pictures import Tiles
from gan_tui.run.state import RunState
from shapes_of_colour import COLORS

LABELS = ("retriever → eagle 0.98", "Sneaker → Sandal 0.51")


def mistakes() -> tuple[RunState, Tiles]:
    levels = np.zeros((2, 16, 16, 3), np.uint8)
    levels[0], levels[1] = COLORS[0], COLORS[2]
    event = Picture("mistakes", 5, "samples/mistakes/5.png", "mistakes", [16, 16], 2, 0, 1, list(LABELS))
    return RunState(pictures={"mistakes": (event,)}), Tiles("mistakes", "mistakes", levels, 0, 1, LABELS)


@pytest.mark.parametrize("rows", [5, 12])
@pytest.mark.parametrize("columns", [10, 18, 30, 60])
def test_under_a_mistake_no_name_is_cut_to_fewer_than_three_letters(columns: int, rows: int) -> None:
    state, tiles = mistakes()
    scene = Scene(state, {("mistakes", 5): tiles}, inks(True), Terminal())
    cells, _ = WallView("mistakes", "worst mistakes").draw(scene, columns, rows)
    text = cells.text()
    assert "→ eag" in text or "→ San" in text
    words = [word.strip("…") for word in text.split() if word[0].isalpha()]
    assert words and min(map(len, words)) >= 3, text
    assert any(int(color) == 0xDC2828 for color in np.unique(cells.background)), "and the mistake is in its colours"


def test_bars_tell_apart_names_that_begin_alike() -> None:
    drawn = draw_bars(["class 10", "class 11"], np.array([0.9, 0.1]), 22, 2, terminal=Terminal())
    first, second = drawn.text().split("\n")
    assert "10" in first and "11" in second
