"""The confusion matrix: every number in its place, shaded by its share, and the worst ones where there is no room."""

import re

import numpy as np
import pytest

from gan_tui.drawing.cells import DEFAULT
from gan_tui.drawing.colors import unpack
from gan_tui.drawing.plots.confusion import draw_confusion, ordered, worst_confusions
from gan_tui.drawing.terminal import ColorDepth, Terminal
from gan_tui.drawing.tones import Tones

TRUECOLOR, PLAIN = Terminal(), Terminal(ColorDepth.MONO, unicode=False)
NAMES = ["T-shirt/top", "Trouser", "Pullover", "Dress", "Coat", "Sandal", "Shirt", "Sneaker", "Bag", "Ankle boot"]


def counts_of(classes: int = 10, each: int = 1000) -> np.ndarray:
    rng = np.random.default_rng(classes)
    shares = np.eye(classes) * 4 + rng.dirichlet([0.3] * classes, classes)
    return np.array([rng.multinomial(each, row / row.sum()) for row in shares])


def read(lines: list[str], classes: int = 10) -> tuple[list[int], dict[int, list[str]]]:
    """The classes in the order of the columns, and what stands in the row of each."""
    heads = [int(word) for word in lines[1].replace("% of row", "").split() if word.isdigit()]
    assert sorted(heads) == list(range(classes))
    rows = {k: next(line for line in lines[2:] if line.startswith(f"{k} {NAMES[k][:5]}")) for k in range(classes)}
    return heads, {k: row.removeprefix(f"{k} ")[_label(row) :].split() for k, row in rows.items()}


def _label(row: str) -> int:
    """How long the name in a row is, less its number, whole or cut."""
    k, _, rest = row.partition(" ")
    name = NAMES[int(k)]
    return len(name) if rest.startswith(name) else rest.index("…") + 1


@pytest.mark.parametrize("size", [(110, 34), (70, 24), (60, 13)])
def test_counts_stand_in_the_row_of_their_true_class(size: tuple[int, int]) -> None:
    counts = counts_of()
    lines = draw_confusion(counts, NAMES, *size, terminal=TRUECOLOR).text().split("\n")
    order, rows = read(lines)
    for k, row in rows.items():
        *numbers, recall, unit = row
        assert [int(number) for number in numbers] == [counts[k, other] for other in order if counts[k, other]]
        assert int(recall) == pytest.approx(100 * counts[k, k] / counts[k].sum(), abs=0.501)
        assert unit == "%"
    _word, unit, *precisions = next(line for line in lines if line.startswith("precision")).split()
    assert unit == "%"
    expected = [100 * counts[k, k] / counts[:, k].sum() for k in order]
    assert [int(word) for word in precisions] == pytest.approx(expected, abs=0.501)
    assert lines[0].split()[:2] == ["accuracy", f"{np.trace(counts) / counts.sum():.3f}"]


@pytest.mark.parametrize("columns", [40, 52])
def test_a_small_matrix_shows_per_cent_of_the_row(columns: int) -> None:
    counts = counts_of()
    lines = draw_confusion(counts, NAMES, columns, 16, terminal=TRUECOLOR).text().split("\n")
    assert lines[1].startswith("% of row")
    order, rows = read(lines)
    for k, row in rows.items():
        percent = (counts[k] / counts[k].sum() * 100)[order].tolist()
        assert row == [str(round(p)) if p > 0.5 else "·" for p in percent if p]


def test_numbers_of_three_digits_stand_apart_and_right_under_their_heads() -> None:
    counts = np.diag([100] * 9 + [98])
    counts[9, 0] = 2
    counts[:, 3] = 0
    counts[3, 4] = 1
    for columns in range(40, 80):
        lines = draw_confusion(counts, NAMES, columns, 33, terminal=TRUECOLOR).text().split("\n")
        ends = [match.end() for match in re.finditer(r"\b\d\b", lines[1])]
        assert len(ends) == 10, columns
        found = [match.end() for line in lines[2:] for match in re.finditer(r"\d+(?! *%)", line[: max(ends)])]
        assert {end for end in found if end > min(ends) - 3} <= set(ends), columns
        below = next((line for line in lines if line.startswith("prec")), None)
        assert columns < 51 or below, "there is room for it"
        if below:
            assert below.split("%")[1].split() == ["100", "98", "100", "100", "99", *["100"] * 4], columns


def test_the_words_under_short_names_say_what_they_are_where_there_is_room() -> None:
    counts = np.array([[90, 10], [5, 95]])
    for columns, words in ((60, "precision"), (40, "prec.")):
        lines = draw_confusion(counts, ["a", "b"], columns, 9, terminal=TRUECOLOR).text().split("\n")
        assert lines[-1].split() == [words, "%", "90", "95"]
    digits = draw_confusion(counts_of(), list("0123456789"), 52, 33, terminal=TRUECOLOR).text().split("\n")
    assert digits[1].startswith("% of row") and digits[-1].startswith("precision %")


def test_errors_are_red_by_their_share_and_what_is_right_is_a_fainter_blue() -> None:
    tones = Tones(background=0x000000, accent=0x0000FF, bad=0xFF0000, dim=0x808080)
    counts = np.array([[9, 1, 0], [4, 5, 1], [0, 0, 10]])
    cells = draw_confusion(counts, ["a", "b", "c"], 11, 5, terminal=TRUECOLOR, tones=tones)
    order = [["a", "b", "c"].index(name) for name in cells.text().split("\n")[1].split()]
    grounds = cells.background[2:5, 2:11:3]
    shares = (counts / 10)[np.ix_(order, order)]
    wrong = (shares > 0) & ~np.eye(3, dtype=bool)
    assert grounds[wrong].tolist() == (np.rint(255 * np.sqrt(shares[wrong])).astype(int) << 16).tolist()
    right = {
        int(share * 10): unpack(int(color)) for share, color in zip(np.diag(shares), np.diag(grounds), strict=True)
    }
    assert all((red, green) == (0, 0) for red, green, _ in right.values())
    blues = {share: blue for share, (_, _, blue) in right.items()}
    assert 0 < blues[5] < blues[9] < blues[10] < 255 * 0.6
    assert blues[5] < 0.5 * 255 * np.sqrt(0.5), "an error of the same share is clearly stronger"
    assert {int(cells.foreground[2 + k, 2 + 3 * k + 1]) for k in range(3)} == {0xFFFFFF}
    assert set(grounds[~wrong & (shares == 0)].tolist()) == {DEFAULT}


def test_what_is_confused_stands_together() -> None:
    counts = np.eye(6, dtype=np.int64) * 90
    for one, other in ((0, 4), (4, 2), (1, 5)):
        counts[one, other] += 30
    order = ordered(counts)
    places = {k: order.index(k) for k in range(6)}
    assert sorted(order) == list(range(6))
    assert all(abs(places[one] - places[other]) == 1 for one, other in ((0, 4), (4, 2), (1, 5)))
    assert ordered(np.eye(4, dtype=np.int64)) == [0, 1, 2, 3], "their own order where nothing is confused"
    assert ordered(np.array([[3]])) == [0]


@pytest.mark.parametrize("tones", [Tones(), Tones(accent=0x2F5FB3, bad=0xB3263A, background=0xFAFAF7)])
def test_256_colors_keep_the_hues(tones: Tones) -> None:
    counts = np.array([[100 - n, n] for n in (2, 6, 10, 20, 30)])
    for sure, wrong in counts:
        matrix, terminal = np.array([[sure, wrong], [0, 1]]), Terminal(ColorDepth.COLORS_256)
        cells = draw_confusion(matrix, ["a", "b"], 20, 6, terminal=terminal, tones=tones)
        row = next(row for row, line in enumerate(cells.text().split("\n")) if line.startswith("a "))
        colors = {int(color) for color in cells.background[row] if color != DEFAULT}
        right, red_one = sorted(colors, key=lambda color: unpack(color)[0] - unpack(color)[2])
        red, green, blue = unpack(red_one)
        assert wrong < 6 or red > max(green, blue), (hex(red_one), wrong)
        red, green, blue = unpack(right)
        assert blue > max(red, green), (hex(right), wrong)


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
