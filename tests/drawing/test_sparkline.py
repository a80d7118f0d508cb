"""A course in one line of characters."""

import math

import pytest

from gan_tui.drawing.plots.sparkline import sparkline
from gan_tui.drawing.terminal import Terminal

ANY, ASCII = Terminal(), Terminal(unicode=False)


def test_the_least_is_at_the_bottom_and_the_most_at_the_top() -> None:
    assert sparkline([0, 1, 2, 3, 4, 5, 6, 7], 8, ANY) == "▁▂▃▄▅▆▇█"
    assert sparkline([7.0, 0.0], 8, ANY) == "█▁"


def test_what_is_missing_or_no_number_is_a_blank() -> None:
    assert sparkline([0.0, None, math.nan, math.inf, 1.0], 8, ANY) == "▁   █"
    assert sparkline([None, math.nan], 8, ANY) == sparkline([], 8, ANY) == sparkline([1.0], 0, ANY) == ""


def test_more_values_than_columns_are_means_of_neighbours() -> None:
    line = sparkline([*[0.0] * 50, *[1.0] * 50], 10, ANY)
    assert line == "▁▁▁▁▁█████"


def test_values_that_are_the_same_lie_at_the_bottom() -> None:
    assert sparkline([3.0] * 4, 10, ANY) == "▁▁▁▁"


def test_what_has_exploded_is_drawn() -> None:
    assert sparkline([-1e308, 1e308], 2, ANY) == "▁█"


@pytest.mark.parametrize("count", [1, 3, 32, 1000])
def test_without_block_characters_it_is_ascii(count: int) -> None:
    line = sparkline([float(n % 7) for n in range(count)], 12, ASCII)
    assert line.isascii() and 0 < len(line) <= 12
