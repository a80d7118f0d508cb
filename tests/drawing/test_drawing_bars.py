"""Probability bars: as long as their probability, marked without colours too, and none left out unsaid."""

import numpy as np
import pytest

from gan_tui.drawing.plots.bars import draw_bars
from gan_tui.drawing.terminal import ColorDepth, Terminal
from gan_tui.drawing.tones import Tones

TRUECOLOR, PLAIN = Terminal(), Terminal(ColorDepth.MONO, unicode=False)
NAMES = ["T-shirt/top", "Trouser", "Pullover", "Dress", "Coat", "Sandal", "Shirt", "Sneaker", "Bag", "Ankle boot"]
VALUES = np.array([0.61, 0.001, 0.05, 0.02, 0.01, 0.0, 0.3, 0.004, 0.005, 0.0])
EIGHTHS = " ▏▎▍▌▋▊▉█"


def test_bars_are_as_long_as_their_probability() -> None:
    cells = draw_bars(NAMES, VALUES, 60, 10, terminal=TRUECOLOR, true=6)
    lines = cells.text().split("\n")
    start = 3 + len("T-shirt/top")
    lengths = [sum(EIGHTHS.index(c) for c in line[start : 60 - 6]) for line in lines]
    expected = np.maximum(np.rint(VALUES * (60 - 6 - start) * 8), VALUES > 0)
    assert lengths == expected.tolist()
    assert [float(line[-5:]) for line in lines] == [round(float(value), 3) for value in VALUES]
    assert [line[2:start].strip() for line in lines] == NAMES


def test_the_true_class_is_checked_and_the_likeliest_in_the_accent() -> None:
    tones = Tones()
    cells = draw_bars(NAMES, VALUES, 60, 10, terminal=TRUECOLOR, true=6)
    assert [line[0] for line in cells.text().split("\n")] == [" "] * 6 + ["✓"] + [" "] * 3
    assert [bool((row == tones.accent).any()) for row in cells.foreground] == [True] + [False] * 9
    other = draw_bars(NAMES, VALUES, 60, 10, terminal=TRUECOLOR, true=6, chosen=2)
    assert [bool((row == tones.accent).any()) for row in other.foreground].index(True) == 2
    assert draw_bars(NAMES, VALUES, 60, 10, terminal=PLAIN, true=6).text().split("\n")[6].startswith("* Shirt")


def test_what_does_not_fit_is_summed_up() -> None:
    lines = draw_bars(NAMES, VALUES, 50, 5, terminal=TRUECOLOR, true=7).text().split("\n")
    assert [line[2:].split()[0] for line in lines[:4]] == ["T-shirt/top", "Pullover", "Shirt", "Sneaker"]
    assert lines[4].split() == ["6", "more,", "0.04", "in", "all"]


@pytest.mark.parametrize("columns", [1, 5, 9, 14, 20, 30])
def test_narrow_bars_keep_the_number(columns: int) -> None:
    lines = draw_bars(NAMES, VALUES, columns, 10, terminal=TRUECOLOR).text().split("\n")
    assert all(len(line) == columns for line in lines)
    if columns >= 9:
        assert lines[0].endswith("0.610") and lines[6].startswith("  Shir"[: columns - 6])
