"""Answers to a few points: inputs, true class, probabilities and whether it is right, a line each."""

import re

import numpy as np
import pytest

from gan_tui.drawing.plots.answers import draw_answers
from gan_tui.drawing.terminal import ColorDepth, Terminal
from gan_tui.drawing.tones import Tones

TRUECOLOR, PLAIN = Terminal(), Terminal(ColorDepth.MONO, unicode=False)
POINTS = np.array([[0, 0], [0, 1], [1, 0], [1, 1]], np.float32)
CLASSES = np.array([0, 1, 1, 0])
VALUES = np.array([[0.93, 0.07], [0.2, 0.8], [0.55, 0.45], [0.6, 0.4]])
EIGHTHS = " ▏▎▍▌▋▊▉█"


def test_each_line_holds_a_point_and_its_answer() -> None:
    lines = draw_answers(POINTS, CLASSES, VALUES, 60, 5, terminal=TRUECOLOR).text().split("\n")
    assert lines[0].split() == ["input", "true", "0", "1"]
    for line, point, true, values in zip(lines[1:], POINTS, CLASSES, VALUES, strict=True):
        words = re.sub(f"[{EIGHTHS[1:]}]+", "", line).split()
        mark = "✓" if values.argmax() == true else "✗"
        assert words == [*(f"{x:.0f}" for x in point), str(true), *(f"{v:.2f}" for v in values), mark]


@pytest.mark.parametrize("columns", [40, 54, 120])
def test_names_that_begin_alike_are_told_apart_where_bars_have_room(columns: int) -> None:
    names = ["class 1", "class 2"]
    lines = draw_answers(POINTS, CLASSES, VALUES, columns, 5, terminal=TRUECOLOR, names=names).text().split("\n")
    assert [line[7:14] for line in lines[1:]] == [names[true] for true in CLASSES]
    assert all(EIGHTHS[-1] in line for line in lines[1:]), "the bars are still there"


def test_long_names_leave_the_bars_their_least_length() -> None:
    lines = draw_answers(POINTS, CLASSES, VALUES, 54, 5, terminal=TRUECOLOR, names=["n" * 40, "m" * 40]).text()
    assert lines.split("\n")[1].startswith("0 0    " + "n" * 22 + "…  ██▊ 0.93")


def test_bars_are_as_long_as_their_probability() -> None:
    lines = draw_answers(POINTS, CLASSES, VALUES, 70, 5, terminal=TRUECOLOR).text().split("\n")
    starts = [lines[0].index(head, 12) for head in "01"]
    bar = lines[1].index("0.93") - 1 - starts[0]
    for line, values in zip(lines[1:], VALUES, strict=True):
        lengths = [sum(EIGHTHS.index(c) for c in line[start : start + bar]) for start in starts]
        assert lengths == np.rint(values * bar * 8).tolist()


def test_the_winner_is_good_if_it_is_the_true_class_else_bad() -> None:
    tones = Tones()
    cells = draw_answers(POINTS, CLASSES, VALUES, 60, 5, terminal=TRUECOLOR)
    colors = [{int(c) for c in row} for row in cells.foreground[1:]]
    assert [tones.good in row for row in colors] == [True, True, False, True]
    assert [tones.bad in row for row in colors] == [False, False, True, False]
    plain = draw_answers(POINTS, CLASSES, VALUES, 60, 5, terminal=PLAIN).text().split("\n")
    assert [line.split()[-1] for line in plain[1:]] == ["+", "+", "x", "+"]


def test_one_probability_is_that_of_the_second_class() -> None:
    one = draw_answers(POINTS, CLASSES, VALUES[:, 1:], 60, 5, terminal=TRUECOLOR)
    assert one.text() == draw_answers(POINTS, CLASSES, VALUES, 60, 5, terminal=TRUECOLOR).text()


def test_points_without_room_are_summed_up() -> None:
    rng = np.random.default_rng(0)
    values = rng.dirichlet([1, 1, 1], 30)
    classes = rng.integers(0, 3, 30)
    cells = draw_answers(rng.random((30, 2)), classes, values, 70, 10, terminal=TRUECOLOR, names=["a", "b", "c"])
    right = int((values.argmax(axis=1) == classes)[8:].sum())
    assert cells.text().split("\n")[-1].strip() == f"22 more, {right} of them right"


@pytest.mark.parametrize("columns", [8, 14, 20, 30])
def test_narrow_lines_keep_what_fits(columns: int) -> None:
    lines = draw_answers(POINTS, CLASSES, VALUES, columns, 4, terminal=TRUECOLOR).text().split("\n")
    assert [line[:3] for line in lines] == ["0 0", "0 1", "1 0", "1 1"]
    assert all(("✓" if i != 2 else "✗") in line for i, line in enumerate(lines))
