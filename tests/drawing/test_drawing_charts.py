"""Charts: values on the right rows, real ticks, gaps, spikes and names, from one point to absurd sizes."""

import subprocess
import sys

import numpy as np
import pytest
from numpy.typing import ArrayLike, NDArray

from gan_tui.drawing.cells import DEFAULT, Cells
from gan_tui.drawing.plots.charts import Line, draw_chart
from gan_tui.drawing.terminal import ColorDepth, Terminal
from gan_tui.drawing.tones import Tones

BLUE, ORANGE = 0x56B4E9, 0xE69F00


def line(y: ArrayLike, name: str = "loss", color: int = BLUE, first: float = 1) -> Line:
    values = np.asarray(y, dtype=np.float64)
    return Line(name, np.arange(len(values)) + first, values, color)


def drawn(cells: Cells, color: int = BLUE) -> NDArray[np.bool_]:
    """Where the line itself is, without its name on the top line."""
    marks: NDArray[np.bool_] = (cells.foreground == color) & (cells.characters != " ")
    marks[0] = False
    return marks


def y_ticks(cells: Cells) -> dict[str, int]:
    """Each label of the y axis and its row."""
    rows = enumerate(cells.text().split("\n"))
    return {text.split("┤")[0].strip(): row for row, text in rows if "┤" in text}


def test_the_newest_value_is_at_the_right_edge_on_its_row() -> None:
    cells = draw_chart([line([*np.linspace(1, 3, 99), 2.0])], 80, 25)
    fall = np.flatnonzero(drawn(cells)[:, -1])
    assert fall[-1] == y_ticks(cells)["2.0"]


@pytest.mark.parametrize("value", [0.0, 0.2, 0.6, 1.0])
def test_a_level_line_lies_on_its_tick(value: float) -> None:
    cells = draw_chart([line(np.full(50, value)), line([0.0, 1.0], "b", ORANGE)], 60, 24)
    rows = np.flatnonzero(drawn(cells).any(axis=1))
    assert rows.tolist() == [y_ticks(cells)[f"{value:.1f}"]]


def dot_row(cells: Cells) -> float:
    """How far down the only row of dots of a level line is, in cells: its middle."""
    (row,) = np.flatnonzero(drawn(cells)[:, -1])  # far from other lines, whose dots would be in the same cells
    dots = ord(cells.characters[row, -1]) - 0x2800
    (down,) = [n for n, bits in enumerate((0x09, 0x12, 0x24, 0xC0)) if dots & bits]
    return float(row + (down + 0.5) / 4)


def read_off(cells: Cells, place: float, log_y: bool) -> float:
    """The value at so many cells from the top, by the two ticks that are furthest apart."""
    factor = {"k": 1e3, "M": 1e6}
    ticks = {row + 0.5: float(label.rstrip("kM")) * factor.get(label[-1], 1) for label, row in y_ticks(cells).items()}
    (top, first), *_, (bottom, last) = sorted(ticks.items())
    first, last = np.log10([first, last]) if log_y else (first, last)
    return float(first + (last - first) * (place - top) / (bottom - top))


RANGES = [(0.4, 3.95), (0, 1), (0.457, 0.46), (-3.2, 7.9), (1e-5, 0.3), (12_345, 98_765), (0.69, 0.70), (-1, -0.2)]


@pytest.mark.parametrize("rows", [9, 11, 12, 20, 25, 60])
@pytest.mark.parametrize(("low", "high"), RANGES)
def test_a_value_read_off_the_axis_is_within_half_a_dot(low: float, high: float, rows: int) -> None:
    for share in np.linspace(0, 1, 9):
        value = low + share * (high - low)
        cells = draw_chart([line([low, high], "b", ORANGE), line(np.full(50, value))], 60, rows)
        places = sorted(y_ticks(cells).values())
        assert len(places) >= 2 and len(set(np.diff(places))) == 1, "equal steps are equally far apart"
        a_dot = abs(read_off(cells, 0.25, False) - read_off(cells, 0, False))
        assert abs(read_off(cells, dot_row(cells), False) - value) <= 0.501 * a_dot


def test_a_discriminators_loss_is_not_taken_for_that_of_guessing() -> None:
    """On an axis of 0.40 to 3.95 in 8 rows, 0.457 has been drawn where 0.69 is."""
    cells = draw_chart([line([0.4, 3.95], "b", ORANGE), line(np.full(50, 0.457))], 60, 11)
    assert 0.3 < read_off(cells, dot_row(cells), False) < 0.55


@pytest.mark.parametrize("rows", [9, 12, 20, 60])
@pytest.mark.parametrize(("low", "high"), [(0.4, 3.95), (1e-5, 0.3), (0.3, 0.6), (0.693, 0.7), (3, 7e9), (1e-30, 1e30)])
def test_on_a_log_axis_too_each_tick_is_where_its_value_is(low: float, high: float, rows: int) -> None:
    ticks = y_ticks(draw_chart([line([low, high], "b", ORANGE)], 60, rows, log_y=True))
    labels = [label for label in ticks if label[-1] not in "kMGT"]
    for label in labels:
        level = float(label)
        if low <= level <= high:
            cells = draw_chart([line([low, high], "b", ORANGE), line(np.full(50, level))], 60, rows, log_y=True)
            assert abs(dot_row(cells) - (ticks[label] + 0.5)) <= 0.26, "half a dot and the half that a dot may be off"


def test_steps_are_on_their_ticks() -> None:
    steps = np.arange(0.0, 20001)
    cells = draw_chart([Line("loss", steps, np.where(steps == 10000, 1.0, 0.0), BLUE)], 90, 20)
    axis = next(row for row in range(20) if "└" in cells.characters[row])
    (peak,) = np.flatnonzero(drawn(cells)[y_ticks(cells)["1.0"]])
    assert cells.characters[axis, peak] == "┬"
    assert abs(cells.text().split("\n")[axis + 1].index("10k") + 1 - peak) <= 1


def test_a_spike_of_one_point_survives() -> None:
    y = np.zeros(5000)
    y[2500] = 9.0
    cells = draw_chart([line(y)], 60, 20)
    top = np.flatnonzero(drawn(cells).any(axis=1))[0]
    assert top <= y_ticks(cells)["8"] and drawn(cells)[top].sum() == 1


def test_nan_leaves_a_gap_and_infinity_too() -> None:
    y = np.ones(100)
    y[30:50], y[70:80] = np.nan, np.inf
    cells = draw_chart([line(y)], 100, 20)
    columns: NDArray[np.bool_] = np.any(drawn(cells), axis=0)
    left = len(next(iter(y_ticks(cells)))) + 1
    at = left + (np.array([10, 40, 60, 75, 90]) / 99 * (99 - left)).astype(int)
    assert columns[at].tolist() == [True, False, True, False, True]


def test_a_point_between_gaps_is_still_seen() -> None:
    cells = draw_chart([line([1.0, 2.0, np.nan, 5.0, np.nan, 1.0, 1.0])], 60, 20)
    assert "•" in cells.characters[y_ticks(cells)["5"]]


def test_names_and_newest_values_are_on_the_top_line_in_their_colors() -> None:
    cells = draw_chart(
        [line([1, 0.25], "d_loss"), line([2, np.nan, 1.5], "g_loss", ORANGE)],
        80,
        20,
        y_labels=["loss"],
    )
    top = cells.text().split("\n")[0]
    assert top.split() == ["loss", "━━", "d_loss", "0.2500", "━━", "g_loss", "1.500"]
    assert set(cells.foreground[0, top.index("d_loss") : top.index("d_loss") + 6]) == {BLUE}
    assert set(cells.foreground[0, top.index("g_loss") : top.index("g_loss") + 6]) == {ORANGE}


@pytest.mark.parametrize(
    ("columns", "expected"),
    [
        (60, ["loss,", "smoothed", "━━", "d_loss", "0.2500", "━━", "g_loss", "1.500"]),
        (48, ["loss", "━━", "d_loss", "0.2500", "━━", "g_loss", "1.500"]),
        (38, ["loss", "d_loss", "0.2500", "g_loss", "1.500"]),
        (31, ["loss", "d_los", "0.2500", "g_los", "1.500"]),
        (26, ["d_los", "0.2500", "g_los", "1.500"]),
        (24, ["━━", "d_loss", "━━", "g_loss"]),
        (22, ["━━", "d_loss", "━━", "g_loss"]),
    ],
)
def test_the_newest_values_matter_more_than_a_long_label(columns: int, expected: list[str]) -> None:
    lines = [line([1, 0.25], "d_loss"), line([2, 1.5], "g_loss", ORANGE)]
    cells = draw_chart(lines, columns, 20, y_labels=["loss, smoothed", "loss"])
    assert cells.text().split("\n")[0].split() == expected


def test_log_ticks_are_powers_of_ten_at_equal_distances() -> None:
    y = 10 ** np.linspace(0.5, -2.5, 200)
    y[100] = 0.0
    cells = draw_chart([line(y)], 80, 25, log_y=True)
    ticks = y_ticks(cells)
    assert list(ticks) == ["1", "0.1", "0.01"]
    assert ticks["0.1"] - ticks["1"] == pytest.approx(ticks["0.01"] - ticks["0.1"], abs=1)
    assert ticks["0.01"] in np.flatnonzero(drawn(cells)[:, -20:].any(axis=1))


def test_a_log_axis_of_less_than_a_decade_has_ticks_too() -> None:
    assert list(y_ticks(draw_chart([line([0.3, 0.6])], 60, 20, log_y=True))) == ["0.5", "0.2"]
    assert list(y_ticks(draw_chart([line([0.15, 0.9])], 60, 20, log_y=True))) == ["1", "0.5", "0.2"]


@pytest.mark.parametrize("rows", [7, 9, 12, 20])
def test_a_log_axis_always_says_its_scale(rows: int) -> None:
    for values in ([0.31, 1.7], [0.9, 1.1], [0.3, 0.6], [1e-9, 2e-9], [3, 7]):
        assert len(y_ticks(draw_chart([line(values)], 60, rows, log_y=True))) >= 2, values


@pytest.mark.parametrize(
    ("values", "log_y", "words"),
    [
        ([0.0, -1.0], True, "no value above 0, as a log axis needs"),
        ([np.nan, 0.0], True, "no value above 0, as a log axis needs"),
        ([np.nan, np.nan], True, "no finite value (NaN)"),
        ([np.nan, np.inf], False, "no finite value (NaN)"),
        ([], True, "waiting for the first step"),
    ],
)
def test_where_no_point_can_be_drawn_it_says_why(values: list[float], log_y: bool, words: str) -> None:
    rows = draw_chart([line(values)], 60, 21, log_y=log_y).text().split("\n")
    assert rows[10].strip() == words and not "".join(rows[:10] + rows[11:]).strip()


def test_the_legend_shows_no_old_value_for_a_gap() -> None:
    for rows in (20, 4):
        top = draw_chart([line([1, 0.25, np.nan])], 60, rows).text()
        assert "loss NaN" in top and "0.2500" not in top


def test_later_lines_are_over_earlier_ones_and_leave_none_torn() -> None:
    flat, rising = line(np.full(100, 0.4)), line(np.linspace(0, 1, 100), "b", ORANGE)
    cells = draw_chart([flat, rising], 80, 20)
    row = y_ticks(cells)["0.4"]
    both = drawn(cells)[row] | drawn(cells, ORANGE)[row]
    left = len("0.4") + 1
    assert both[left + 1 :].all() and drawn(cells, ORANGE)[row].any()


@pytest.mark.parametrize(
    ("last", "expected"),
    [
        (100, ["0", "50", "100"]),
        (2000, ["0", "1k", "2k"]),
        (3_000_000, ["0", "1M", "2M", "3M"]),
        (4, ["1", "2"]),
    ],
)
def test_step_labels_are_short(last: int, expected: list[str]) -> None:
    cells = draw_chart([Line("loss", np.linspace(1, last, 50), np.zeros(50), BLUE)], 45, 20)
    labels = cells.text().split("\n")[-2].split()
    assert set(expected) <= set(labels)


def test_the_x_label_is_below_and_only_in_high_panes() -> None:
    assert draw_chart([line([1, 2])], 60, 20, x_label="epoch").text().split("\n")[-1].strip() == "epoch"
    assert "epoch" not in draw_chart([line([1, 2])], 60, 8, x_label="epoch").text()


@pytest.mark.parametrize("lines", [[], [line([])]])
def test_without_data_it_waits(lines: list[Line]) -> None:
    rows = draw_chart(lines, 60, 21).text().split("\n")
    assert rows[10].strip() == "waiting for the first step" and rows[10].index("w") == 17
    assert not "".join(rows[:10] + rows[11:]).strip()


def test_a_tiny_pane_gets_the_values_as_text() -> None:
    assert draw_chart([line([1, 0.1234])], 14, 1).text() == " loss 0.1234  "
    two = [line([0.5], "d_loss"), line([0.25], "g_loss", ORANGE)]
    assert draw_chart(two, 14, 3).text().split("\n") == ["d_loss 0.5000 ", "g_loss 0.2500 ", " " * 14]


@pytest.mark.parametrize("values", [[0.5], [0.5, 0.5], [0.0], [1e300, -1e300], [1e-310, 0], [5e8, 5e8 + 1], [-3, -2]])
@pytest.mark.parametrize("size", [(20, 5), (21, 6), (60, 15), (200, 60)])
@pytest.mark.parametrize("log_y", [False, True])
def test_any_values_fit_any_size(values: list[float], size: tuple[int, int], log_y: bool) -> None:
    cells = draw_chart([line(values)], *size, log_y=log_y)
    assert cells.characters.shape == (size[1], size[0])
    assert drawn(cells).any() or "no value above 0" in cells.text()


def test_frame_and_text_have_the_dim_tone_and_no_background() -> None:
    cells = draw_chart([line([1, 2])], 60, 20, tones=Tones(dim=0x111111))
    axis = np.isin(cells.characters, ["│", "─", "┤", "┬", "└"])
    assert set(cells.foreground[axis]) == {0x111111}
    assert set(cells.foreground[np.char.isdigit(cells.characters)]) == {0x111111}
    assert set(cells.background.flat) == {DEFAULT}


def test_without_unicode_and_colors_it_is_plain() -> None:
    two = [line(np.arange(50)), line(np.arange(50)[::-1], "b", ORANGE)]
    cells = draw_chart(two, 60, 20, terminal=Terminal(ColorDepth.MONO, unicode=False))
    assert cells.text().isascii() and {"*", "o", "|", "+"} <= set(cells.characters.flat)
    assert set(cells.foreground.flat) == {DEFAULT}


def test_in_ascii_a_curve_is_drawn_with_its_mark_of_the_legend() -> None:
    raw = [Line(name, np.arange(50), np.full(50, level), BLUE, behind=True) for name, level in (("a", 0), ("b", 1))]
    curves = [line(np.full(50, level), name, ORANGE) for name, level in (("a", 0), ("b", 1))]
    cells = draw_chart([*raw, *curves], 60, 20, terminal=Terminal(unicode=False))
    legend = "".join(cells.characters[0])
    assert "** a" in legend and "oo b" in legend
    higher, lower = np.flatnonzero(drawn(cells, ORANGE)[1:].any(axis=1)) + 1
    assert set(cells.characters[higher][drawn(cells, ORANGE)[higher]]) == {"o"}
    assert set(cells.characters[lower][drawn(cells, ORANGE)[lower]]) == {"*"}


def test_without_colors_lines_differ_by_their_dashes() -> None:
    two = [line(np.zeros(200)), line(np.ones(200), "b", ORANGE)]
    cells = draw_chart(two, 60, 20, terminal=Terminal(ColorDepth.MONO))
    ticks = y_ticks(cells)
    solid, dashed = (set(cells.characters[ticks[label], 10:50]) for label in ("0.0", "1.0"))
    assert solid != dashed


@pytest.mark.parametrize(
    ("name", "cells", "ascii_cells"),
    [
        ("损失\x1bé", ["损", "", "失", "", "é"], "? ? e"),
        ("café", "café", "cafe"),
        ("검증", ["검", "", "증", ""], "? ? "),
        ("x\u0302", "x", "x"),  # no letter of its own; a cell holds one character
    ],
)
def test_a_name_takes_the_cells_of_its_letters(name: str, cells: list[str], ascii_cells: str) -> None:
    for unicode, expected in ((True, cells), (False, ascii_cells)):
        lines = [line([1, 2], name), line([1, 2], "b", ORANGE)]
        top = draw_chart(lines, 60, 20, terminal=Terminal(unicode=unicode)).characters[0]
        start = int(np.flatnonzero(top == ("━" if unicode else "*"))[0]) + 3
        assert top[start : start + len(expected)].tolist() == list(expected)
        value = start + len(expected) + 1
        assert "".join(top[value : value + 5]) == "2.000"


def test_nothing_waits_for_plotext_before_the_first_chart() -> None:
    code = (
        "import sys, gan_tui.drawing.plots.surface, gan_tui.drawing.pictures.tiles\n"
        "from gan_tui.drawing.plots.charts import draw_chart\n"
        "draw_chart([], 60, 20)\n"
        "assert not {'plotext', 'textual', 'rich', 'keras'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_a_chart_is_the_same_whatever_was_drawn_before() -> None:
    lines = [line(np.linspace(0, 1, 50))]
    first = draw_chart(lines, 60, 20)
    draw_chart(lines, 60, 20, terminal=Terminal(unicode=False))
    again = draw_chart(lines, 60, 20)
    assert again.text() == first.text() and np.array_equal(again.foreground, first.foreground)
