"""Charts: names and values at the ends of curves, spreads behind them, marks below, from one point to absurd sizes."""

import re
import subprocess
import sys
from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest
from numpy.typing import ArrayLike, NDArray

from chart_reader import dots_of, number, rows_of_ticks, x_scale, y_scale
from gan_tui.drawing.cells import DEFAULT, Cells
from gan_tui.drawing.plots.charts import draw_charts
from gan_tui.drawing.plots.curves import Along, Curve, Mark, Panel, Reference
from gan_tui.drawing.terminal import ColorDepth, Terminal
from gan_tui.drawing.tones import Tones
from gan_tui.run.bins import Bins, bin_width, span_of
from gan_tui.run.series import Series, smoothed

BLUE, ORANGE = 0x56B4E9, 0xE69F00


def curve(y: ArrayLike, name: str = "loss", color: int = BLUE, first: float = 1) -> Curve:
    values = np.asarray(y, dtype=np.float64)
    return Curve(name, np.arange(len(values)) + first, values, color)


def chart(
    curves: Sequence[Curve],
    columns: int,
    rows: int,
    log_y: bool = False,
    terminal: Terminal | None = None,
    **of_panel: Any,
) -> Cells:
    """One panel over all steps of its curves."""
    last = max([1.0, *(float(one.x[-1]) for one in curves if len(one.x))])
    panel = Panel("loss", curves, log_y=log_y, **of_panel)
    return draw_charts([panel], Along(0, last), columns, rows, terminal=terminal).cells


def drawn(cells: Cells, color: int = BLUE) -> NDArray[np.bool_]:
    """Where a curve itself is, without its name beside it."""
    marks: NDArray[np.bool_] = (cells.foreground == color) & (cells.characters != " ")
    letters = np.char.isalpha(cells.characters) | np.isin(cells.characters, ["━", "_"])
    return marks & ~letters


def marks(cells: Cells, color: int) -> list[tuple[float, float]]:
    """The (down, across) in dots of the middles of a curve's marks: blocks of three rows of dots, as wide as a cell."""
    whole = np.zeros((4 * cells.rows, cells.columns), np.bool_)
    for row, column in np.argwhere(cells.foreground == color):
        bits = ord(str(cells.characters[row, column])) - 0x2800
        whole[4 * row : 4 * row + 4, column] = [0 < bits < 256 and bits & pair == pair for pair in (9, 18, 36, 192)]
    middles = np.argwhere(whole[:-2] & whole[1:-1] & whole[2:])
    return [(down + 1.5, 2 * column + 1.0) for down, column in middles.tolist()]


@pytest.mark.parametrize("value", [0.0, 0.2, 0.6, 1.0])
def test_a_level_line_lies_on_its_tick(value: float) -> None:
    cells = chart([curve(np.full(50, value)), curve([0.0, 1.0], "b", ORANGE)], 60, 24)
    scale = y_scale(cells)
    assert np.abs(dots_of(cells, BLUE)[-4:, 0] - scale.place(value)).max() <= 0.51


def test_a_spike_of_one_point_survives() -> None:
    y = np.zeros(5000)
    y[2500] = 9.0
    cells = chart([curve(y)], 60, 20)
    assert dots_of(cells, BLUE)[:, 0].min() <= y_scale(cells).place(8.9)


def test_nan_leaves_a_gap_and_infinity_too() -> None:
    y = np.ones(100)
    y[30:50], y[70:80] = np.nan, np.inf
    cells = chart([curve(y)], 100, 20)
    scale, columns = x_scale(cells), dots_of(cells, BLUE)[:, 1]
    near = [bool(np.abs(columns - scale.place(step)).min() <= 1) for step in (10, 40, 60, 75, 90)]
    assert near == [True, False, True, False, True]


def test_a_point_between_gaps_is_still_seen() -> None:
    cells = chart([curve([1.0, 2.0, np.nan, 5.0, np.nan, 1.0, 1.0])], 60, 20)
    (mark,) = marks(cells, BLUE)  # larger than a dot, which nobody would see
    assert abs(mark[0] - y_scale(cells).place(5.0)) <= 0.51 and abs(mark[1] - x_scale(cells).place(4)) <= 1.01


# Names and values ----------------------------------------------------------


def ends(cells: Cells) -> str:
    """What stands to the right of the canvas, in reading order."""
    _title, *rows = cells.text().split("\n")
    line = next(row for row in rows if "└" in row)
    return " ".join(row[len(line.rstrip()) :] for row in rows)


def test_names_and_newest_values_stand_at_the_ends_of_their_curves() -> None:
    two = [curve([1, 0.25], "d_loss"), curve([2, np.nan, 1.5], "g_loss", ORANGE)]
    cells = chart(two, 80, 20)
    assert ends(cells).split() == ["g_loss", "1.50", "d_loss", "0.250"]
    for name, color, value in (("d_loss", BLUE, 0.25), ("g_loss", ORANGE, 1.5)):
        row = next(row for row in range(20) if name in "".join(cells.characters[row]))
        column = "".join(cells.characters[row]).index(name)
        assert set(cells.foreground[row, column : column + 6]) == {color}
        assert abs(row * 4 + 2 - y_scale(cells).place(value)) <= 4, "level with the end of its curve"


def test_ends_that_meet_are_moved_apart() -> None:
    cells = chart([curve([1, 0.5], "a"), curve([2, 0.5], "b", ORANGE), curve([0, 0.5], "c", 0x808080)], 80, 20)
    assert sorted(ends(cells).split()) == sorted(["a", "0.500", "b", "0.500", "c", "0.500"])


def test_a_long_name_stands_above_its_value_and_a_longer_one_in_the_title() -> None:
    two = [curve([1, 0.25], "discriminator"), curve([2, 1.5], "generator", ORANGE)]
    assert ends(chart(two, 64, 20)).split() == ["generator", "1.50", "discriminator", "0.250"]
    narrow = chart(two, 40, 12)
    assert ends(narrow).split() == ["1.50", "0.250"]
    assert narrow.text().split("\n")[0].split() == ["loss", "━━", "discriminator", "━━", "generator"]


def test_a_gap_at_the_end_is_said_and_no_old_value_shown() -> None:
    for rows in (20, 4):
        text = chart([curve([1, 0.25, np.nan])], 60, rows).text()
        assert "NaN" in text and "0.250" not in text


@pytest.mark.parametrize("value", [3.3e-10, -1.9e-22, 1e-100, 1.5e-22, 2e15, -0.5, 123456.0, 9.99e-3])
@pytest.mark.parametrize("columns", [40, 64, 120])
def test_a_number_is_never_cut(value: float, columns: int) -> None:
    two = [curve([1, value], "discriminator"), curve([2, 2], "generator", ORANGE)]
    found = {
        float(word.rstrip("kMGT"))
        for word in ends(chart(two, columns, 20)).split()
        if word[-1].isdigit() or word[-1] in "kM"
    }
    scales = [1.0, 1e3, 1e6]
    assert any(number * scale == pytest.approx(value, rel=0.06) for number in found for scale in scales), found


def test_what_is_written_at_an_end_may_be_told() -> None:
    told = Curve("loss", np.array([1.0, 2.0]), np.array([1.0, 0.25]), BLUE, value=0.75)
    assert ends(chart([told], 80, 20)).split() == ["loss", "0.750"]


@pytest.mark.parametrize("columns", [40, 64, 120])
@pytest.mark.parametrize(
    ("values", "written"),
    [
        ([0.99991, 0.99994, 0.99993], "0.99993"),
        ([-0.99991, -0.99994, -0.99993], "-0.99993"),
        ([0.3, 2.0, 1.234], "1.23"),
        ([100.02, 100.08, 100.06], "100.06"),
        ([12_345.1, 12_345.9, 12_345.6], "12345.6"),
        ([1.0, 0.5, 0.0047], "0.0047"),
        ([1.0, 0.5, -0.0047], "-0.0047"),
        ([1.0, 0.5, 0.00047], "4.7e-4"),
        ([1.0, 0.5, 0.00995], "0.010"),
    ],
)
def test_a_value_has_at_least_the_decimals_of_the_ticks_beside_it(
    values: list[float], written: str, columns: int
) -> None:
    cells = chart([curve(values)], columns, 20)
    (text,) = (word for word in ends(cells).split() if word != "loss")
    ticks = rows_of_ticks(cells)
    assert decimals(text) >= max(map(decimals, ticks)), (text, ticks)
    assert number(text) == pytest.approx(number(written), abs=0.6 * 10.0 ** -decimals(written))
    if abs(values[0]) <= 2:
        assert text.startswith(written), text


def decimals(text: str) -> int:
    """How many a number has, in whole units: 12.34k has none, 4.7e-4 has five."""
    mantissa, _, exponent = text.partition("e")
    power = int(exponent or 0) + {"k": 3, "M": 6}.get(mantissa[-1], 0)
    return max(0, len(mantissa.rstrip("kM").partition(".")[2]) - power)


def test_values_of_a_fine_axis_stand_in_one_column_whatever_they_are() -> None:
    plots = [draw_charts([Panel("", [curve([0.99991, 0.99998, last])])], Along(0, 3), 80, 20).plots[0]
             for last in (0.99992, 0.999955, 0.99998)]  # fmt: skip
    assert len({(plot.left, plot.columns) for plot in plots}) == 1


# Axes ----------------------------------------------------------


def test_log_ticks_are_powers_of_ten_at_equal_distances() -> None:
    y = 10 ** np.linspace(0.5, -2.5, 200)
    y[100] = 0.0
    ticks = rows_of_ticks(chart([curve(y)], 80, 25, log_y=True))
    assert list(ticks) == ["1", "0.1", "0.01"]
    assert ticks["0.1"] - ticks["1"] == ticks["0.01"] - ticks["0.1"]


@pytest.mark.parametrize("rows", [7, 9, 12, 20])
def test_a_log_axis_always_says_its_scale(rows: int) -> None:
    for values in ([0.31, 1.7], [0.9, 1.1], [0.3, 0.6], [1e-9, 2e-9], [3, 7]):
        assert len(rows_of_ticks(chart([curve(values)], 60, rows, log_y=True))) >= 2, values


@pytest.mark.parametrize(
    ("low", "high"),
    [(1_234_567, 1_234_690), (4e12, 6e12), (9_500, 9_900), (0.95, 1.05), (0.0042, 0.0055), (1.1e-7, 1.2e-7),
     (3.1e20, 3.9e20), (0.017, 0.9)],
)  # fmt: skip
@pytest.mark.parametrize("rows", [9, 13, 30, 60])
def test_a_log_axis_is_written_as_a_linear_one(low: float, high: float, rows: int) -> None:
    """With a suffix or a short exponent, and all values of it with as many decimals."""
    for log_y in (False, True):
        labels = list(rows_of_ticks(chart([curve([low, high])], 60, rows, log_y=log_y)))
        assert not any("e+" in label or "e-0" in label for label in labels), labels
        parts = [re.fullmatch(r"[\d]+(?:\.(\d+))?(|[kMGT]|e-?\d+)", label) for label in labels]
        assert all(parts), labels
        round_ones = all(set(label) <= set("0.125kMGT") for label in labels)
        assert round_ones or len({len(part[1] or "") for part in parts if part}) == 1, labels


def test_a_log_axis_between_powers_of_ten_has_the_digits_that_tell_where_its_ticks_are() -> None:
    ticks = rows_of_ticks(chart([curve([1_234_567, 1_234_690])], 60, 12, log_y=True))
    assert list(ticks) == ["1701k", "1425k", "1194k", "1000k"]  # 10 ** (n / 13)


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
    assert words in chart([curve(values)], 60, 21, log_y=log_y).text()


def test_without_metrics_it_waits() -> None:
    rows = draw_charts([], Along(0, 1), 60, 21).cells.text().split("\n")
    assert rows[10].strip() == "waiting for the first step" and not "".join(rows[:10] + rows[11:]).strip()


@pytest.mark.parametrize(
    ("last", "expected"),
    [(100, ["0", "50", "100"]), (2000, ["0", "1k", "2k"]), (3_000_000, ["0", "1M", "2M", "3M"]), (4, ["0", "2", "4"])],
)
def test_step_labels_are_short(last: int, expected: list[str]) -> None:
    cells = chart([Curve("loss", np.linspace(1, last, 50), np.zeros(50), BLUE)], 45, 20)
    assert set(expected) <= set(cells.text().split("\n")[-2].split())


def test_labels_of_thousands_are_all_short_or_all_whole() -> None:
    cells = draw_charts([Panel("", [curve([1, 2], first=1200)])], Along(1200, 1300), 60, 20).cells
    assert {"1200", "1250", "1300"} <= set(cells.text().split("\n")[-2].split())


def test_panels_share_one_x_axis_and_a_left_margin() -> None:
    panels = [Panel("loss", [curve([1234, 5678])]), Panel("accuracy", [curve([0.1, 0.9])])]
    drawing = draw_charts(panels, Along(0, 2, "step, smoothing 0.9"), 60, 30)
    text = drawing.cells.text()
    assert text.count("└") == 1 and text.count("step, smoothing 0.9") == 1
    assert {row.index("┤") for row in text.split("\n") if "┤" in row} == {drawing.plots[0].left - 1}
    assert len({(plot.left, plot.columns) for plot in drawing.plots}) == 1


def test_what_the_axis_counts_is_said_only_where_there_is_room() -> None:
    assert "step" in chart([curve([1, 2])], 60, 20).text()
    assert "step" not in chart([curve([1, 2])], 60, 8).text()


# Spreads, references, marks ----------------------------------------------------------


def spread_curve(color: int, low: float, high: float) -> Curve:
    x = np.repeat(np.arange(1.0, 101), 2)
    extremes = np.tile([low, high], 100)
    return Curve("a", np.arange(1.0, 101), np.full(100, (low + high) / 2), color, (x, extremes))


def test_a_spread_is_behind_its_curve_and_both_are_seen_in_one_cell() -> None:
    cells = chart([spread_curve(BLUE, 0.2, 0.8)], 60, 20)
    row = int(y_scale(cells).place(0.5) // 4)
    inside = (cells.foreground[row] == BLUE) & (cells.background[row] != DEFAULT)
    assert inside.sum() > 30, "the curve in the foreground, the spread in the background"
    scale = y_scale(cells)
    rows = np.flatnonzero((cells.background[1:-3] != DEFAULT).any(axis=1)) + 1
    assert abs(4 * rows[0] - scale.place(0.8)) <= 4 and abs(4 * (rows[-1] + 1) - scale.place(0.2)) <= 4


def test_where_spreads_overlap_neither_hides_the_other() -> None:
    cells = chart([spread_curve(BLUE, 0.0, 0.7), spread_curve(ORANGE, 0.3, 1.0)], 60, 30)
    column = cells.background[1:-3, 30]
    shades = [int(color) for color in dict.fromkeys(column.tolist()) if color != DEFAULT]
    assert len(shades) == 3, "one of each, and their mixture between them"


@pytest.mark.parametrize("colors", [ColorDepth.MONO, ColorDepth.COLORS_16])
def test_with_few_colours_there_are_no_spreads(colors: ColorDepth) -> None:
    cells = chart([spread_curve(BLUE, 0.2, 0.8)], 60, 20, terminal=Terminal(colors))
    assert set(cells.background.flat) == {DEFAULT}


def band(cells: Cells, column: int, ground: int = Tones().background) -> list[tuple[float, float]]:
    """What is shaded in a column, from above: stretches (first, end) in rows, to an eighth."""
    shades = list[bool]()
    inside = (part[1:-3, column] for part in (cells.characters, cells.foreground, cells.background))
    for character, ink, back in zip(*inside, strict=True):
        filled = "▁▂▃▄▅▆▇█".find(character) + 1
        shades += [back != DEFAULT] * (8 - filled) + [ink not in (ground, DEFAULT)] * filled
    edges = np.flatnonzero(np.diff([False, *shades, False]))
    return [(1 + start / 8, 1 + end / 8) for start, end in zip(edges[::2], edges[1::2], strict=True)]


def spread_over(lows: ArrayLike, highs: ArrayLike, level: float, color: int = BLUE) -> Curve:
    """A level curve of 100 steps whose spread changes along it."""
    low, high = (np.broadcast_to(np.asarray(ends, np.float64), 100) for ends in (lows, highs))
    x = np.arange(1.0, 101)
    return Curve("a", x, np.full(100, level), color, (np.repeat(x, 2), np.stack([low, high], axis=1).ravel()))


FRAME = Curve("c", np.array([1.0, 2.0]), np.array([0.0, 1.0]), 0x808080)


def test_a_spread_of_less_than_half_a_row_is_not_drawn() -> None:
    """Whether it would cross half of a cell says nothing: it would come and go along a level curve."""
    cells = chart([FRAME, spread_over(0.47, 0.49 + 0.002 * np.arange(100) % 0.01, 0.48)], 80, 20)
    assert set(cells.background[:, 12:60].flat) == {DEFAULT}


@pytest.mark.parametrize("steps", [900, 1500, 2304, 2900, 3071, 3500, 4100, 5000, 7800])
def test_a_spread_has_no_holes_where_the_extremes_of_bins_stand_in_the_columns_beside(steps: int) -> None:
    noise = np.random.default_rng(steps).uniform(0.2, 0.8, steps)
    bins = Bins(bin_width(steps, 90)).of(Series.empty().extended(np.arange(1, steps + 1), noise))
    level = Curve("a", *bins.means, BLUE, bins.points)
    cells = draw_charts([Panel("loss", [FRAME, level])], Along(0, span_of(steps)), 64, 20).cells
    shaded = np.flatnonzero([bool(band(cells, column)) for column in range(cells.columns)])
    assert len(shaded) > 25
    assert set(np.diff(shaded).tolist()) == {1}


def test_a_gap_of_what_was_measured_is_one_of_its_spread() -> None:
    x = np.arange(1.0, 101)
    values = np.where((x > 50) & (x < 53), np.nan, np.tile([0.2, 0.8], 50))
    whole = Curve("a", x, np.full(100, 0.5), BLUE, (np.repeat(x, 2), np.repeat(values, 2)))
    cells = chart([FRAME, whole], 110, 20)
    shaded = np.flatnonzero([bool(band(cells, column)) for column in range(cells.columns)])
    assert max(np.diff(shaded).tolist()) > 1


@pytest.mark.parametrize("rows", [9, 12, 20, 31, 40])
def test_a_spread_never_reaches_beyond_what_was_measured(rows: int) -> None:
    for low, high, level in ((0.0, 0.4, 0.05), (0.6, 1.0, 0.97), (0.0, 1.0, 0.5), (0.13, 0.87, 0.2)):
        cells = chart([FRAME, spread_over(low, high, level)], 80, rows)
        scale = y_scale(cells)
        for column in range(20, 50):
            found = band(cells, column)
            assert 4 * found[0][0] >= scale.place(high) - 0.01, (low, high, level)
            assert 4 * found[-1][1] <= scale.place(low) + 0.01, (low, high, level)


def test_the_edges_of_two_spreads_that_meet_are_where_their_values_are() -> None:
    """They are no straight line that a row of cells draws."""
    wave = 0.02 * np.sin(np.arange(100) / 5)
    for apart in (0.01, -0.01):
        above, below = spread_over(0.467 + apart + wave, 0.9, 0.7), spread_over(0.1, 0.467 - apart + wave, 0.3, ORANGE)
        cells = chart([FRAME, above, below], 80, 20)
        row = int(y_scale(cells).place(0.467) // 4)
        assert len(set(cells.characters[row, 15:60])) >= 3, "both end in these cells, here higher, there lower"


@pytest.mark.parametrize("rows", [9, 14, 20, 31])
def test_no_spread_claims_what_was_not_measured_even_in_the_cells_of_its_curve(rows: int) -> None:
    """Of four examples, an accuracy is a quarter, a half, three quarters or all: 0.53 would be none of them."""
    lows = np.where(np.arange(100) < 70, 0.5, 0.0)
    for level in (0.5, 0.52, 0.6, 0.7, 0.75):
        one = spread_over(lows, np.where(np.arange(100) < 70, 0.75, 1.0), level)
        cells = chart([FRAME, one], 80, rows)
        highest, lowest = (y_scale(cells).place(value) / 4 for value in (0.75, 0.5))
        for column in range(20, 40):
            for start, end in band(cells, column):
                assert highest - start <= 0.126 and end - lowest <= 0.126, (level, column)


@pytest.mark.parametrize("value", [11.0, -3.0, 0.1, 0.7, 1e-3, 123_456.0])
@pytest.mark.parametrize("rows", [9, 20, 33])
def test_a_smoothed_constant_is_a_straight_line(value: float, rows: int) -> None:
    for frame in ([], [curve([value - abs(value), value + abs(value)], "b", ORANGE)]):
        cells = chart([curve(smoothed(np.full(300, value), 0.9)), *frame], 80, rows)
        assert len(set(dots_of(cells, BLUE)[:, 0])) == 1


def reference_columns(cells: Cells, value: float) -> tuple[list[int], int]:
    """In which columns the line of a value has a dot, and the row of cells that it is on."""
    row = int(y_scale(cells).place(value) // 4)
    found = {int(column // 2) for down, column in dots_of(cells, Tones().dim) if down // 4 == row}
    return sorted(found), row


def test_a_reference_is_on_its_value_and_says_what_it_means_in_the_title() -> None:
    level = [curve([1.9, 2.0]), curve([0, 0.1], "b", ORANGE)]
    cells = chart(level, 60, 20, references=[Reference(0.693, "ln 2: guessing")])
    (down,) = {row for row, _ in dots_of(cells, Tones().dim) if row > 4}
    assert abs(down - y_scale(cells).place(0.693)) <= 0.51
    assert cells.text().split("\n")[0].rstrip() == "loss  ⠄⠄ ln 2: guessing", "its dots amid the line of the title"
    assert "ln 2" not in "\n".join(cells.text().split("\n")[1:])


def test_a_reference_is_seen_wherever_no_curve_is_from_the_axis_to_the_newest_step() -> None:
    """Over spreads too, and never in the future alone: it would seem to be a forecast."""
    data = [FRAME, spread_over(0.4, 0.7, 0.6), spread_over(0.1 + 0.005 * (np.arange(100) % 9), 0.52, 0.2, ORANGE)]
    panel = Panel("output", data, [Reference(0.5, "0.5: cannot tell")])
    drawing = draw_charts([panel], Along(0, 150), 90, 20)
    cells, left = drawing.cells, drawing.plots[0].left
    columns, row = reference_columns(cells, 0.5)
    newest = int(x_scale(cells).place(100) // 2)
    free = [column for column in range(left, newest + 1) if cells.foreground[row, column] not in (BLUE, ORANGE)]
    assert columns[0] - left <= 1 and newest - 1 <= columns[-1] <= newest
    assert np.diff(columns).max() <= 2 and len(columns) >= len(free) // 2
    assert (cells.background[row, columns] != DEFAULT).sum() > 10


@pytest.mark.parametrize("columns", range(30, 90, 3))
def test_each_reference_that_is_drawn_has_its_words_and_no_other_has(columns: int) -> None:
    two = [curve([0, 0.9], "discriminator"), curve([1, 0.05], "generator", ORANGE)]
    references = [Reference(0.5, "0.5: cannot tell", "0.5"), Reference(0.25, "best 0.25 at 1,500", "best")]
    cells = chart(two, columns, 14, references=references)
    title = cells.text().split("\n")[0]
    for reference in references:
        drawn_columns, _row = reference_columns(cells, reference.value)
        assert bool(drawn_columns) == (f" {reference.short}" in title), title
    assert "discriminator" in title or columns < 45 or "discriminator" in ends(cells)


@pytest.mark.parametrize("terminal", [Terminal(), Terminal(ColorDepth.MONO), Terminal(unicode=False)])
def test_each_reference_is_told_from_others_by_its_dots_in_the_title_and_along_its_line(terminal: Terminal) -> None:
    references = [Reference(level, f"level {level}") for level in (0.2, 0.5, 0.8)]
    cells = chart([curve([0, 1])], 80, 20, references=references, terminal=terminal)
    title, dot = cells.text().split("\n")[0], "⠄" if terminal.unicode else "."
    assert title.rstrip() == f"loss  {dot}{dot} level 0.2  {dot}{dot} {dot}{dot} level 0.5  {dot}  {dot} level 0.8"
    ends_of_scale = row_of(cells, "0.0"), row_of(cells, "1.0")
    scale = [int(row + 0.5) for row in np.interp([0.2, 0.5, 0.8], [0, 1], ends_of_scale).tolist()]
    lines = ["".join(" " if sign == " " else "." for sign in cells.characters[row, 6:12]) for row in scale]
    assert [line in 3 * sign for line, sign in zip(lines, ["......", ".. .. ", ".  .  "], strict=True)] == [True] * 3


def row_of(cells: Cells, label: str) -> int:
    """Where a label of the y axis stands."""
    return next(row for row, line in enumerate(cells.text().split("\n")) if line.startswith(label))


def test_a_reference_all_behind_curves_is_not_named_until_some_of_it_is_seen() -> None:
    """And not again and again while a curve goes on: what is seen of a line stays to be seen."""
    losses = 0.69 + 0.002 * np.random.default_rng(0).normal(size=200)
    losses[120:] += 2.0
    frame = Curve("c", np.array([1.0, 2.0]), np.array([0.0, 5.0]), 0x808080)
    named = []
    for last in range(4, 200, 4):
        along = [Panel("loss", [frame, curve(losses[:last])], [Reference(0.69, "ln 2: guessing")])]
        cells = draw_charts(along, Along(0, 200), 80, 20).cells
        named.append("ln 2" in cells.text())
        assert named[-1] == bool(reference_columns(cells, 0.69)[0])
    assert not any(named[:30]) and all(named[35:])
    assert sorted(named) == named


def test_a_reference_out_of_sight_is_left_out() -> None:
    assert "ln 10" not in chart([curve([0, 1])], 60, 20, references=[Reference(2.3, "ln 10")]).text()


def test_marks_stand_on_the_axis_where_they_happened() -> None:
    marks = [Mark(50.0, "◆", "c", ORANGE), Mark(500.0, "‖", "p", ORANGE)]
    for terminal, sign in ((Terminal(), "◆"), (Terminal(unicode=False), "c")):
        cells = draw_charts(
            [Panel("", [curve(np.ones(100))])], Along(0, 100, marks=marks), 60, 20, terminal=terminal
        ).cells
        line = next(row for row in cells.text().split("\n") if ("└" if terminal.unicode else "+--") in row)
        assert (
            line.count(sign) == 1
            and abs(line.index(sign) - (line.index("└" if terminal.unicode else "+") + len(line.rstrip())) / 2) <= 2
        )


def test_values_beyond_the_scale_are_counted_at_its_edge() -> None:
    y = np.array([*np.linspace(0, 1, 50), 9.0, 8.0, 7.0])
    cells = chart([curve(y)], 60, 20, ends=(0.0, 1.0), values=y)
    assert "3 above" in cells.text() and "below" not in cells.text()
    assert y_scale(cells).values.max() < 2


def test_a_cursor_goes_through_all_panels() -> None:
    panels = [Panel("a", [curve(np.ones(100))]), Panel("b", [curve(np.ones(100))])]
    drawing = draw_charts(panels, Along(0, 100, cursor=50.0), 60, 30)
    (column,) = {int(c) for r, c in np.argwhere(drawing.cells.characters == "│") if c > drawing.plots[0].left}
    assert abs(drawing.plots[0].x_at(column) - 50) <= 100 / drawing.plots[0].columns
    assert (drawing.cells.characters[:, column] == "│").sum() > 15


def test_a_cursor_is_unbroken_but_for_curves_and_has_the_colour_of_what_is_said_of_it() -> None:
    data = [FRAME, spread_over(0.4, 0.7 + 0.005 * (np.arange(100) % 9), 0.6), spread_over(0.1, 0.52, 0.2, ORANGE)]
    panel = Panel("output", data, [Reference(0.5, "0.5: cannot tell")])
    drawing = draw_charts([panel], Along(0, 100, cursor=50.0, at="at 50"), 90, 20)
    cells, plot = drawing.cells, drawing.plots[0]
    column = int(x_scale(cells).place(50) // 2)
    rows = slice(plot.top, plot.top + plot.rows)
    curves = np.isin(cells.foreground[rows, column], [BLUE, ORANGE]) & (cells.characters[rows, column] >= "\u2801")
    assert 1 <= curves.sum() <= 3
    assert set(cells.characters[rows, column][~curves]) == {"│"}
    assert set(cells.foreground[rows, column][~curves]) == {Tones().text}


def test_what_step_the_values_are_of_stands_above_them() -> None:
    panels = [Panel(name, [curve(np.linspace(0.2, 0.9, 100), "discriminator")]) for name in ("loss", "accuracy")]
    drawing = draw_charts(panels, Along(0, 100, "step 50", cursor=50.0, at="at 50"), 80, 30)
    for plot in drawing.plots:
        title = drawing.cells.text().split("\n")[plot.top - 1]
        assert title.index("at 50") == plot.left + plot.columns + 1
        assert drawing.cells.foreground[plot.top - 1, title.index("at 50")] == Tones().text
    assert " at " not in draw_charts(panels, Along(0, 100), 80, 30).cells.text()


def test_the_marks_that_are_on_show_are_named_where_there_is_room() -> None:
    marks = [
        Mark(50.0, "◆", "c", ORANGE, "saved"),
        Mark(80.0, "┴", "+", BLUE, "epoch"),
        Mark(300, "‖", "p", 1, "paused"),
    ]
    along = Along(0, 100, "step", "tab cursor  + zoom", marks=marks)

    def last_row(columns: int, one: Curve, terminal: Terminal | None = None) -> str:
        cells = draw_charts([Panel("", [one])] * 2, along, columns, 14, terminal=terminal).cells
        return cells.text().split("\n")[-1].strip()

    spread = spread_over(0.1, 0.9, 0.5)
    assert last_row(80, spread).startswith("step  ◆ saved  ┴ epoch  ▒ least to most   ")
    assert last_row(80, spread).endswith("   tab cursor  + zoom")
    assert re.fullmatch("step  ◆ saved  ┴ epoch  ▒ least to most +tab cursor", last_row(62, spread))
    assert re.fullmatch(r"step  ◆ saved  ┴ epoch +tab cursor  \+ zoom", last_row(50, spread)), "a key goes before signs"
    assert re.fullmatch("step  ◆ saved +tab cursor", last_row(36, spread))
    assert re.fullmatch(r"step  ◆ saved  ┴ epoch +tab cursor  \+ zoom", last_row(80, curve(np.ones(100))))
    assert last_row(80, spread, Terminal(unicode=False)).startswith("step  c saved  + epoch   ")


# Terminals and sizes ----------------------------------------------------------


def test_a_tiny_pane_gets_the_values_as_text() -> None:
    assert chart([curve([1, 0.1234])], 14, 1).text().strip() == "loss 0.123"
    two = chart([curve([0.5], "d_loss"), curve([0.25], "g_loss", ORANGE)], 14, 3).text().split("\n")
    assert [row.strip() for row in two] == ["d_loss 0.500", "g_loss 0.250", ""]
    three = [Panel(name, [curve([0.5])]) for name in ("loss", "accuracy", "output")]
    assert "accuracy  loss 0.500" in draw_charts(three, Along(0, 1), 60, 8).cells.text()


@pytest.mark.parametrize(
    "values", [[0.5], [0.5, 0.5], [0.0], [1e300, -1e300], [1e-310, 0], [5e8, 5e8 + 1], [-3, -2], [1e-5, 1.0001e-5]]
)
@pytest.mark.parametrize("size", [(20, 5), (21, 6), (20, 9), (60, 15), (200, 60)])
@pytest.mark.parametrize("log_y", [False, True])
def test_any_values_fit_any_size(values: list[float], size: tuple[int, int], log_y: bool) -> None:
    cells = chart([curve(values)], *size, log_y=log_y)
    assert cells.characters.shape == (size[1], size[0])
    assert drawn(cells).any() or "no value above 0" in cells.text()


def test_where_curves_cross_neither_seems_torn() -> None:
    cells = chart([curve(np.full(100, 0.4)), curve(np.linspace(0, 1, 100), "b", ORANGE)], 80, 20)
    row = int(y_scale(cells).place(0.4) // 4)
    both = drawn(cells)[row] | drawn(cells, ORANGE)[row]
    filled = np.flatnonzero(both)
    assert np.diff(filled).max() == 1 and drawn(cells, ORANGE)[row].any()


def owners(cells: Cells, columns: slice) -> NDArray[np.bool_]:
    """(columns, 2): whether the first and the second curve have a dot of their own in each column."""
    return np.array(
        [[drawn(cells, color)[:, column].any() for color in (BLUE, ORANGE)] for column in range(200)[columns]]
    )


def test_curves_that_meet_take_turns_and_none_has_dots_in_the_colour_of_another() -> None:
    """On one row of cells, a quarter of a row apart: each is seen, and its dots are where its values are."""
    blue, orange = curve(np.full(200, 0.48), "a"), curve(np.full(200, 0.44), "b", ORANGE)
    frame = curve([0.0, 1.0], "c", 0x808080)
    cells = chart([frame, blue, orange], 80, 20)
    scale, alone = y_scale(cells), [chart([frame, one], 80, 20) for one in (blue, orange)]
    assert scale.place(0.48) // 4 == scale.place(0.44) // 4, "in the same cells"
    both = owners(cells, slice(20, 60))
    assert np.all(both[1:] | both[:-1]), "each curve is seen in every second column"
    for color, single in zip((BLUE, ORANGE), alone, strict=True):
        shown, all_dots = ({(y, x) for y, x in dots_of(one, color) if x > 40} for one in (cells, single))
        assert shown and shown <= all_dots, "no dot is another's"


def test_what_is_measured_at_every_step_is_not_painted_over_by_a_line_between_two_epochs() -> None:
    """Validation has a value each epoch: those are seen, and the training's curve between them."""
    steps = np.arange(1.0, 1001)
    training = Curve("training", steps, 0.48 + 0.01 * np.sin(steps / 9), BLUE)
    validation = Curve("validation", np.arange(100.0, 1001, 100), np.full(10, 0.46), ORANGE)
    cells = chart([training, curve([0.0, 1.0], "c", 0x808080), validation], 120, 20)
    seen, across = owners(cells, slice(0, 120)), x_scale(cells)
    for step in range(100, 1001, 100):
        assert seen[int(across.place(step) // 2), 1], "each epoch has its dot"
    first, last = (int(across.place(step) // 2) for step in (100, 950))
    assert seen[first:last, 0].mean() > 0.85, "and between them the training is seen"


@pytest.mark.parametrize("colors", [ColorDepth.TRUECOLOR, ColorDepth.MONO])
@pytest.mark.parametrize("rows", [9, 20, 33])
def test_each_value_of_an_epoch_is_a_mark_on_its_very_dot_amid_the_training(rows: int, colors: ColorDepth) -> None:
    steps, epochs = np.arange(1.0, 1001), np.arange(100.0, 1001, 100)
    noise = 0.1 * np.random.default_rng(0).normal(size=1000)
    losses = 0.3 + 0.4 * np.exp(-epochs / 300)
    training = Curve("training", steps, 0.3 + 0.5 * np.exp(-steps / 300) + noise, BLUE)
    cells = chart([training, Curve("validation", epochs, losses, ORANGE)], 120, rows, terminal=Terminal(colors))
    down, across = y_scale(cells), x_scale(cells)
    found = np.array(marks(cells, ORANGE if colors is ColorDepth.TRUECOLOR else DEFAULT))
    for epoch, loss in zip(epochs, losses, strict=True):
        off = np.abs(found - (down.place(loss), across.place(epoch)))
        assert ((off[:, 0] <= 0.51) & (off[:, 1] <= 1.01)).any(), (epoch, loss)


def test_in_ascii_what_was_measured_at_epochs_has_capitals() -> None:
    training = curve(np.linspace(0.8, 0.2, 1000))
    validation = Curve("validation", np.array([250.0, 500.0, 750.0]), np.array([0.9, 0.5, 0.1]), ORANGE)
    cells = chart([training, validation], 120, 20, terminal=Terminal(unicode=False))
    assert int((cells.characters == "O").sum()) == 3
    assert int((cells.characters == "o").sum()) > 20, "the line between them"


@pytest.mark.parametrize("epochs", [40, 60, 100])
def test_values_of_many_epochs_are_a_line_without_marks(epochs: int) -> None:
    training = curve(np.full(1000, 0.9))
    steps = np.linspace(1000 / epochs, 1000, epochs)
    cells = chart([training, Curve("validation", steps, 0.4 + 0.2 * np.sin(steps / 90), ORANGE)], 120, 20)
    assert marks(cells, ORANGE) == []


def test_of_a_line_between_two_epochs_all_is_seen_where_nothing_else_is() -> None:
    training = curve(np.full(1000, 0.9))
    validation = Curve("validation", np.array([100.0, 500.0, 900.0]), np.array([0.2, 0.4, 0.3]), ORANGE)
    cells = chart([training, validation], 120, 20)
    across = x_scale(cells)
    first, last = (int(across.place(step) // 2) for step in (100, 900))
    assert owners(cells, slice(0, 120))[first:last, 1].all()


def test_frame_and_text_have_the_dim_tone_and_no_background() -> None:
    cells = draw_charts([Panel("loss", [curve([1, 2])])], Along(0, 2), 60, 20, tones=Tones(dim=0x111111)).cells
    axis = np.isin(cells.characters, ["│", "─", "┤", "┬", "└"])
    assert set(cells.foreground[axis]) == {0x111111}
    assert set(cells.background.flat) == {DEFAULT}


def test_without_unicode_and_colors_it_is_plain() -> None:
    two = [curve(np.arange(50)), curve(np.arange(50)[::-1], "b", ORANGE)]
    cells = chart(two, 60, 20, terminal=Terminal(ColorDepth.MONO, unicode=False), references=[Reference(20, "ref")])
    assert cells.text().isascii() and {"*", "o", "|", "+"} <= set(cells.characters.flat)
    assert set(cells.foreground.flat) == {DEFAULT}


def test_in_ascii_a_curve_is_drawn_with_the_mark_beside_its_name() -> None:
    curves = [curve(np.full(50, level), name, ORANGE) for name, level in (("a", 0), ("b", 1))]
    cells = chart(curves, 60, 20, terminal=Terminal(unicode=False))
    assert "** a" in cells.text() and "oo b" in cells.text()
    ticks = {row.split("+")[0].strip(): number for number, row in enumerate(cells.text().split("\n")) if "+" in row}
    for label, mark in (("1.0", "o"), ("0.0", "*")):
        assert set("".join(cells.characters[ticks[label], 6:30])) == {mark}


def test_without_colors_curves_differ_by_their_dashes() -> None:
    cells = chart([curve(np.zeros(200)), curve(np.ones(200), "b", ORANGE)], 60, 20, terminal=Terminal(ColorDepth.MONO))
    ticks = rows_of_ticks(cells)
    solid, dashed = (set(cells.characters[ticks[label], 10:30]) for label in ("0.0", "1.0"))
    assert solid != dashed
    assert "━━ loss" in cells.text() and "╍╍ b" in cells.text()


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
        drawing = chart([curve([1, 2], name), curve([0, 0], "b", ORANGE)], 80, 20, terminal=Terminal(unicode=unicode))
        row = next(row for row in drawing.characters.tolist() if "2.00" in "".join(row))
        starts = [n for n in range(60, 80) if row[n : n + len(expected)] == list(expected)]
        assert starts and row[-4:] == list("2.00"), "and values stand in one column"


def test_nothing_waits_for_plotext_before_the_first_chart() -> None:
    code = (
        "import sys, gan_tui.drawing.plots.surface, gan_tui.drawing.pictures.tiles\n"
        "from gan_tui.drawing.plots.charts import draw_charts\n"
        "from gan_tui.drawing.plots.curves import Along\n"
        "draw_charts([], Along(0, 1), 60, 20)\n"
        "assert not {'plotext', 'textual', 'rich', 'keras'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_a_chart_is_the_same_whatever_was_drawn_before() -> None:
    lines = [curve(np.linspace(0, 1, 50))]
    first = chart(lines, 60, 20)
    chart(lines, 60, 20, terminal=Terminal(unicode=False))
    again = chart(lines, 60, 20)
    assert again.text() == first.text() and np.array_equal(again.foreground, first.foreground)


# Curves of several runs ----------------------------------------------------------


def test_a_faint_curve_is_paler_and_gives_way_and_one_without_a_name_says_nothing() -> None:
    solid = chart([curve(np.linspace(0, 1, 50), "1 run")], 90, 20)
    behind = Curve("", np.arange(50.0), np.linspace(1, 0, 50), ORANGE, faint=True)
    cells = chart([curve(np.linspace(0, 1, 50), "1 run"), behind], 90, 20)
    assert np.array_equal(drawn(solid), drawn(cells)), "no cell of it is the other's"
    colors = set(cells.foreground[(cells.characters >= "\u2801") & (cells.characters <= "\u28ff")].tolist())
    assert BLUE in colors and ORANGE not in colors and len(colors - {BLUE}) >= 1
    assert cells.text().count("1 run") == 1


@pytest.mark.parametrize("terminal", [Terminal(unicode=False), Terminal(ColorDepth.MONO)], ids=["ascii", "mono"])
def test_a_curve_keeps_its_sign_when_another_goes(terminal: Terminal) -> None:
    """Where colours do not tell: by its number, and not by its place."""
    one, other = (Curve(f"{n} run", np.arange(9.0), np.full(9, n), BLUE, number=n - 1) for n in (1, 2))
    both, alone = (chart(some, 90, 20, terminal=terminal).text() for some in ([one, other], [other]))
    sign = re.search(r"(\S\S) 2 run", both)
    assert sign and re.search(rf"{re.escape(sign[1])} 2 run", alone)


def test_a_faint_curve_is_dashed_where_colours_cannot_fade() -> None:
    lines = [Curve("1 run", np.arange(99.0), np.linspace(0, 1, 99), BLUE, faint=faint) for faint in (False, True)]
    dots = [dots_of(chart([line], 90, 20, terminal=Terminal(ColorDepth.COLORS_16)), 0x00AAAA) for line in lines]
    assert 0 < len(dots[1]) < 0.7 * len(dots[0])
