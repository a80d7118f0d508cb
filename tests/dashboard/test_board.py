"""The charts of a run from its state, without a screen."""

import re
from collections.abc import Sequence

import numpy as np
import pytest

from gan_tui.dashboard.charts.board import Board
from gan_tui.dashboard.charts.curves import Curves, Window
from gan_tui.dashboard.charts.look import Look
from gan_tui.dashboard.themes import inks
from gan_tui.drawing.cells import Cells
from gan_tui.drawing.terminal import Terminal
from gan_tui.run.events import Alert, Checkpoint, Event, Metrics, Record
from gan_tui.run.series import Series
from gan_tui.run.state import RunState


def charts_of(events: Sequence[Event], look: Look, columns: int = 70, rows: int = 20) -> Cells:
    state = RunState().apply_all(Record(number, float(number), event) for number, event in enumerate(events))
    ink = inks(True)
    return Board().draw(state, look, columns, rows, growing=False, ink=ink, terminal=Terminal()).cells


@pytest.mark.parametrize(
    ("losses", "smoothing", "written", "said"),
    [
        ([5.0, 1.0], 0.9, "1.00", "step, smoothing 0.9 from step 10 on"),
        ([5.0] * 8 + [1.0], 0.9, "1.00", "step, smoothing 0.9 from step 10 on"),
        ([5.0] * 9 + [1.0], 0.9, "4.39", "step, smoothing 0.9"),  # 5 - 4 * (1 - 0.9) / (1 - 0.9 ** 10)
        ([5.0] * 98 + [1.0], 0.99, "1.00", "step, smoothing 0.99 from step 100 on"),
        ([5.0] * 99 + [1.0], 0.99, "4.94", "step, smoothing 0.99"),
        ([5.0, 1.0], 0.0, "1.00", "step"),
    ],
)
def test_what_has_fewer_values_than_smoothing_reaches_over_is_as_measured(
    losses: list[float], smoothing: float, written: str, said: str
) -> None:
    text = charts_of([Metrics(range(1, len(losses) + 1), {"loss": losses})], Look(smoothing)).text()
    assert re.findall(r"training +(\S+)", text) == [written]
    assert said in re.split(r" {2,}|\n", text)


@pytest.mark.parametrize(
    ("steps", "written"),
    [
        (range(10), "4.39"),  # 5 - 4 * (1 - 0.9) / (1 - 0.9 ** 10)
        (range(0, 100, 10), "2.39"),  # of ten steps each: 5 - 4 * (1 - 0.9 ** 10) / (1 - 0.9 ** 91)
    ],
)
def test_steps_that_begin_at_nought_are_smoothed_likewise(steps: Sequence[int], written: str) -> None:
    """Other tools count from there. What a value stands for is the steps since the one before."""
    text = charts_of([Metrics(list(steps), {"loss": [5.0] * 9 + [1.0]})], Look(0.9)).text()
    assert re.findall(r"training +(\S+)", text) == [written]


def test_validation_after_each_of_very_many_steps_is_drawn_in_as_few_points_as_any_curve() -> None:
    """Other tools measure it so; each point of a curve costs time, and a million of them cost seconds."""
    values = Series.empty().extended(range(100_000), np.linspace(5, 1, 100_000))
    state, window = RunState(series={"val_loss": values}), Window(None, dots=140)
    curve = Curves().of("val_loss", state, 0, window, Look(0.9), 99_999)
    assert len(curve.x) <= 140
    assert curve.y[0] == pytest.approx(5, abs=0.1) and curve.y[-1] == pytest.approx(1, abs=0.1)


HINTS = ("tab cursor", "l log scale", "m smooth", "+ zoom")


@pytest.mark.parametrize(("size", "panels", "said"), [
    ((64, 36), 3, 4),  # beside a picture on 120 × 40 cells
    ((43, 21), 2, 3),  # on 80 × 24
    ((43, 21), 3, 1),  # where charts are too low to give a row away
    ((43, 14), 2, 1),
    ((160, 14), 2, 4),
    ((28, 14), 2, 0),
])  # fmt: skip
def test_keys_are_told_beside_all_signs_or_before_them(size: tuple[int, int], panels: int, said: int) -> None:
    """The first ones, whole; signs are in the help, too, so they give way to the first key."""
    steps = range(1, 301)
    metrics = Metrics(steps, {name: [1 / step for step in steps] for name in ("loss", "accuracy", "mae")[:panels]})
    happened = Checkpoint(100, "checkpoints/000000100", "epoch"), Alert("loss", "The loss rises.", 200)
    rows = charts_of([metrics, *happened], Look(), *size).text().split("\n")
    assert [hint for hint in HINTS if hint in "".join(rows[-2:])] == list(HINTS[:said])
    assert "step, smoothing 0.9" in "".join(rows[-2:])
    if size[1] > 30:
        assert all(sign in rows[-2] for sign in ("◆ saved", "▒ least to most", "▲ alert"))
