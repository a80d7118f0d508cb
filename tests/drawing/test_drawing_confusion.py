"""The confusion matrix: every number in its place, shaded by its share, and the worst ones where there is no room."""

import re

import numpy as np
import pytest

from gan_tui.drawing.cells import DEFAULT
from gan_tui.drawing.colors import unpack
from gan_tui.drawing.plots.confusion import draw_confusion, worst_confusions
from gan_tui.drawing.sixteen import named
from gan_tui.drawing.terminal import ColorDepth, Terminal
from gan_tui.drawing.tones import Tones

TRUECOLOR, PLAIN = Terminal(), Terminal(ColorDepth.MONO, unicode=False)
NAMES = ["T-shirt/top", "Trouser", "Pullover", "Dress", "Coat", "Sandal", "Shirt", "Sneaker", "Bag", "Ankle boot"]


def counts_of(classes: int = 10, each: int = 1000) -> np.ndarray:
    rng = np.random.default_rng(classes)
    shares = np.eye(classes) * 4 + rng.dirichlet([0.3] * classes, classes)
    return np.array([rng.multinomial(each, row / row.sum()) for row in shares])


@pytest.mark.parametrize("size", [(110, 34), (70, 24), (60, 13)])
def test_counts_stand_in_the_row_of_their_true_class(size: tuple[int, int]) -> None:
    counts = counts_of()
    lines = draw_confusion(counts, NAMES, *size, terminal=TRUECOLOR).text().split("\n")
    rows = [next(line for line in lines[2:] if line.startswith(name)) for name in NAMES]
    for name, line, row in zip(NAMES, rows, counts, strict=True):
        *numbers, recall = line.removeprefix(name).split()
        assert [int(n) for n in numbers] == [n for n in row.tolist() if n]
        assert float(recall) == pytest.approx(row[NAMES.index(name)] / row.sum(), abs=0.00501)
    assert lines[0].split()[:2] == ["accuracy", f"{np.trace(counts) / counts.sum():.3f}"]


def test_a_small_matrix_shows_per_cent_of_the_row() -> None:
    counts = counts_of()
    lines = draw_confusion(counts, NAMES, 40, 16, terminal=TRUECOLOR).text().split("\n")
    assert lines[1].startswith("% of row") and lines[1].split()[3:] == [n[:2] for n in NAMES]
    for line, row in zip(lines[2:12], counts, strict=True):
        percent = [line[10 + 3 * k : 13 + 3 * k].strip() for k in range(10)]
        expected = [str(round(p)) if p > 0.5 else "·" if p else "" for p in (row / row.sum() * 100).tolist()]
        assert percent == expected


def test_shades_grow_with_the_share_and_the_diagonal_has_its_own() -> None:
    tones = Tones(background=0x000000, accent=0x0000FF, bad=0xFF0000)
    counts = np.array([[9, 1, 0], [4, 5, 1], [0, 0, 10]])
    cells = draw_confusion(counts, ["a", "b", "c"], 11, 5, terminal=TRUECOLOR, tones=tones)
    grounds = cells.background[2:5, 2:11:3]
    shares = counts / 10
    own = np.eye(3, dtype=bool)
    expected = np.where(own, np.rint(255 * shares), np.rint(255 * np.sqrt(shares)).astype(int) << 16)
    assert grounds.tolist() == np.where(counts > 0, expected, DEFAULT).astype(int).tolist()


@pytest.mark.parametrize("tones", [Tones(), Tones(accent=0x2F5FB3, bad=0xB3263A, background=0xFAFAF7)])
def test_256_colors_keep_the_hues(tones: Tones) -> None:
    counts = np.array([[100 - n, n] for n in (2, 6, 10, 20, 30)])
    for right, wrong in counts:
        matrix, terminal = np.array([[right, wrong], [0, 1]]), Terminal(ColorDepth.COLORS_256)
        cells = draw_confusion(matrix, ["a", "b"], 20, 6, terminal=terminal, tones=tones)
        own, other = (int(cells.background[2, column]) for column in (2, 2 + cells.columns // 3))
        assert named(own) in (4, 6), (hex(own), right)
        red, green, blue = unpack(other)
        assert wrong < 6 or red > max(green, blue), (hex(other), wrong)


COLORS_16, COLORS_256 = Terminal(ColorDepth.COLORS_16), Terminal(ColorDepth.COLORS_256)


@pytest.mark.parametrize("terminal", [TRUECOLOR, COLORS_256, COLORS_16, PLAIN])
def test_columns_carry_numbers_where_names_look_alike(terminal: Terminal) -> None:
    names = ["shirt", "shoe", "shorts"]
    lines = draw_confusion(np.eye(3, dtype=int) * 5, names, 12, 6, terminal=terminal).text().split("\n")
    assert lines[1].split()[-3:] == ["0", "1", "2"]
    assert [line[0] for line in lines[2:5]] == ["0", "1", "2"]


def test_without_room_the_worst_confusions_are_listed() -> None:
    counts = counts_of()
    lines = draw_confusion(counts, NAMES, 50, 8, terminal=TRUECOLOR).text().split("\n")
    errors = sorted(
        ((int(counts[i, j]), NAMES[i], NAMES[j]) for i in range(10) for j in range(10) if i != j), reverse=True
    )
    drawn = [re.fullmatch(r"(.+) taken for (.+) (\d+) *", line) for line in lines[1:6]]
    assert [int(line[3]) for line in drawn if line] == [count for count, _, _ in errors[:5]]
    assert {(int(line[3]), line[1], line[2]) for line in drawn if line} <= set(errors)
    assert worst_confusions(np.eye(3, dtype=np.int64)) == []


def test_an_empty_matrix_has_no_accuracy() -> None:
    cells = draw_confusion(np.zeros((3, 3), np.int64), ["a", "b", "c"], 40, 10, terminal=TRUECOLOR)
    assert cells.text().startswith("accuracy – of 0")
    assert set(cells.background.flat) == {DEFAULT}
