"""Random series at random sizes, scales and ranges: every tick and every point is read back within half a dot."""

import numpy as np
import pytest
from numpy.typing import NDArray

from chart_reader import dots_of, x_scale, y_scale
from gan_tui.drawing.plots.charts import draw_charts
from gan_tui.drawing.plots.curves import Along, Curve, Panel

BLUE, ORANGE = 0x56B4E9, 0xE69F00
HALF = 0.5 + 1e-6
OFF = 0.5
"""Of a dot: what two ticks of a log axis, whose labels have few digits, may be off by together."""


def drawn_at_random(seed: int) -> tuple[NDArray[np.float64], NDArray[np.float64], bool, int, int, float]:
    """Steps and values, and how they are drawn."""
    random = np.random.default_rng(seed)
    count = int(random.integers(2, 60))
    log_y = bool(random.random() < 0.4)
    kind = int(random.integers(0, 5))
    level, size = 10 ** random.uniform(-4, 6), 10 ** random.uniform(-3, 1)
    walk = np.cumsum(random.normal(0, 1, count))
    shapes = [
        walk,
        np.exp(-np.arange(count) / 9),
        np.ones(count),
        (np.arange(count) == count // 2),
        random.random(count),
    ]
    y = level * (1 + size * np.asarray(shapes[kind], np.float64))
    y = np.abs(y) + level * 1e-3 if log_y else y - level * float(random.integers(0, 3))
    first = float(random.choice([1, 1, 50, 4000, 10**6]))
    apart = int(random.integers(1, 400))
    x = first + np.arange(count) * float(apart)
    return x, y, log_y, int(random.integers(28, 200)), int(random.integers(9, 60)), first


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(80))
def test_every_tick_and_point_is_within_half_a_dot_of_its_value(seed: int) -> None:
    x, y, log_y, columns, rows, first = drawn_at_random(seed)
    low = first if first > 1 else 0
    curve = Curve("loss", x, y, BLUE)
    cells = draw_charts([Panel("loss", [curve], log_y=log_y)], Along(low, float(x[-1])), columns, rows).cells
    across, down = x_scale(cells), y_scale(cells, log_y)
    for scale in (across, down):
        assert len(scale.places) >= 2, "an axis tells its scale"
        read = [scale.place(value) for value in scale.values]
        assert np.abs(read - scale.places).max() <= OFF, "equal steps are equally far apart"
    dots = dots_of(cells, BLUE)
    points = np.array(
        [(down.place(value), across.place(step)) for step, value in zip(x, np.log10(y) if log_y else y, strict=True)]
    )
    for point in points:
        assert np.abs(dots - point).max(axis=1).min() <= HALF + OFF * log_y, point
    assert far_from_line(dots, points) <= 1.25 + OFF * log_y, "no dot is far from the line"


@pytest.mark.parametrize("seed", range(20))
def test_of_curves_that_meet_no_dot_is_far_from_the_line_whose_colour_it_has(seed: int) -> None:
    x, y, log_y, columns, rows, first = drawn_at_random(seed)
    random = np.random.default_rng(seed)
    near = y * (1 + random.uniform(0, 0.05) * random.random(len(y)))
    every = int(random.integers(1, 8))
    lines = {BLUE: (x, y), ORANGE: (x[::every], near[::every])}
    curves = [Curve("", *line, color) for color, line in lines.items()]
    low = first if first > 1 else 0
    cells = draw_charts([Panel("", curves, log_y=log_y)], Along(low, float(x[-1])), columns, rows).cells
    across, down = x_scale(cells), y_scale(cells, log_y)
    for color, line in lines.items():
        values = np.log10(line[1]) if log_y else line[1]
        points = np.array(
            [(down.place(value), across.place(step)) for step, value in zip(line[0], values, strict=True)]
        )
        dots = dots_of(cells, color)
        assert len(dots), "both are seen"
        if len(points) > 1:
            of_marks = (np.abs(dots[:, None] - points) <= [1.5 + OFF * log_y, 1.5]).all(axis=2).any(axis=1)
            assert far_from_line(dots[~of_marks], points) <= 1.25 + OFF * log_y


def far_from_line(dots: NDArray[np.float64], points: NDArray[np.float64]) -> float:
    """How far the dot that is furthest from a line through points is from it."""
    start, way = points[:-1], np.diff(points, axis=0)
    share = ((dots[:, None] - start) * way).sum(axis=2) / np.maximum((way**2).sum(axis=1), 1e-9)
    nearest = start + np.clip(share, 0, 1)[..., None] * way
    return float(np.hypot(*np.moveaxis(dots[:, None] - nearest, 2, 0)).min(axis=1).max(initial=0))


@pytest.mark.slow
@pytest.mark.parametrize("log_y", [False, True])
@pytest.mark.parametrize(("low", "high"), [(0.4, 3.95), (0.31, 1.7), (1e-5, 0.3), (12_345, 98_765), (0.69, 0.7)])
def test_a_level_is_read_off_within_half_a_dot(low: float, high: float, log_y: bool) -> None:
    """A discriminator's 0.457 must not stand where guessing's 0.69 is."""
    for rows in (9, 12, 21, 60):
        for share in np.linspace(0, 1, 9):
            value = low + share * (high - low)
            frame = Curve("other", np.array([0.0, 50.0, 100.0]), np.array([low, np.nan, high]), 0xE69F00)
            level = Curve("level", np.array([40.0, 60.0]), np.full(2, value), BLUE)
            cells = draw_charts([Panel("", [frame, level], log_y=log_y)], Along(0, 100), 60, rows).cells
            scale, dots = y_scale(cells, log_y), dots_of(cells, BLUE)
            (down,) = {row for row, column in dots if 2 * 22 < column < 2 * 24}
            assert abs(down - scale.place(np.log10(value) if log_y else value)) <= HALF + OFF * log_y
