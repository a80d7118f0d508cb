"""Curves of several runs on one axis, without a screen: where each lies by step, epoch and time."""

import numpy as np
import pytest

from gan_tui.dashboard.charts.curves import Window
from gan_tui.dashboard.charts.look import Look
from gan_tui.dashboard.charts.overlay import Laid, Overlay, Which
from gan_tui.dashboard.charts.overlay_axis import OverlayAxis
from gan_tui.dashboard.charts.overlay_board import OverlayBoard
from gan_tui.dashboard.themes import inks
from gan_tui.drawing.plots.curves import Curve
from gan_tui.drawing.terminal import Terminal
from gan_tui.run.events import Epoch, Event, Metrics, Record, Started, State
from gan_tui.run.state import RunState


def laid(number: int, steps: int, seconds: float, per_epoch: int = 10, *more: Event) -> Laid:
    """A run of so many steps that took so many seconds."""
    began = Started("xor", "XOR", "plane", 1, {}, {}, [], {}, steps, per_epoch, 4)
    ends = range(1, steps + 1, 10)
    reports = [Metrics(list(range(n, n + 10)), {"loss": [1 / k for k in range(n, n + 10)]}) for n in ends]
    events = [began, State("training"), *reports]
    times = [0.0, 0.0, *np.linspace(seconds / len(reports), seconds, len(reports)).tolist()]
    records = [Record(n, time, event, time) for n, (time, event) in enumerate(zip(times, events, strict=True))]
    records += [Record(99 + n, seconds, event, seconds) for n, event in enumerate(more)]
    return Laid(number, f"run-{number}", number - 1, RunState().apply_all(records))


def lies(axis: OverlayAxis, run: Laid, step: int) -> float:
    """Where a step of a run is."""
    return float(axis.curve(run, Curve("", np.array([float(step)]), np.zeros(1), 0)).x[0])


@pytest.mark.parametrize(
    ("unit", "places", "last"), [("step", (100, 50), 100), ("epoch", (10, 10), 100), ("time", (20, 40), 50)]
)
def test_each_run_ends_where_the_axis_has_its_last_step(unit: str, places: tuple[float, float], last: int) -> None:
    many, slow = laid(1, 100, 20.0, 10), laid(2, 50, 40.0, 5)
    axis = OverlayAxis([many, slow], Look(unit=unit))
    assert (lies(axis, many, 100), lies(axis, slow, 50)) == pytest.approx(places, rel=1e-3)
    assert axis.last == last, "of the run that reaches furthest"


def test_a_range_and_a_cursor_are_at_one_place_of_the_axis_for_all() -> None:
    many, slow = laid(1, 100, 20.0), laid(2, 50, 40.0)
    axis = OverlayAxis([many, slow], Look(unit="time", ends=(10, 20), cursor=15))
    own = axis.own(many, Window((10, 20), 100))
    assert own.window.ends == (40, 80) and own.look.cursor == pytest.approx(60, abs=1)
    assert not own.is_over
    later = OverlayAxis([many, slow], Look(unit="time", cursor=40))
    assert later.own(many, Window(None, 100)).is_over and not later.own(slow, Window(None, 100)).is_over


def test_a_chart_a_metric_and_a_curve_a_run() -> None:
    both = laid(1, 100, 20.0, 10, Epoch(1, 50, {"val_loss": 0.5}), Epoch(2, 100, {"val_loss": 0.25}))
    runs = (both, laid(2, 50, 40.0))
    for which, lines in (
        (Which.HELD_BACK, [("val_loss", 1, True, False), ("loss", 2, True, True)]),
        (Which.BOTH, [("val_loss", 1, True, False), ("loss", 1, False, True), ("loss", 2, True, True)]),
        (Which.TRAINING, [("loss", 1, True, False), ("loss", 2, True, False)]),
    ):
        (chart,) = Overlay(runs, which).charts(Look())
        found = [(line.metric.name, line.run.number, line.is_named, line.faint) for line in chart.lines]
        assert found == lines, which
    assert Overlay(runs).has_both and not Overlay(runs[1:]).has_both


def test_what_was_put_into_bins_is_not_looked_at_again() -> None:
    runs = [laid(n, 2000, 20.0) for n in range(1, 9)]
    board, overlay = OverlayBoard(), Overlay(tuple(runs))
    drawn = [
        board.draw(overlay, Look(log_y=log), 100, 30, growing=False, ink=inks(True), terminal=Terminal())
        for log in (False, True, False)
    ]
    assert drawn[0].cells.text() == drawn[2].cells.text()
    assert all(f"{run.number} {run.name}" in drawn[0].cells.text() for run in runs)


def ran_away(number: int) -> Laid:
    """A run whose loss grows beyond all measure, and which is said to have failed for it."""
    losses = [10.0 ** (6 * step) for step in range(6)]
    return laid(number, 10, 1.0, 10, Metrics(list(range(11, 17)), {"loss": losses}), State("failed", "not finite"))


def scale(*runs: Laid, look: Look | None = None) -> tuple[float, float]:
    """What the axis of the losses says, the least and the most of its numbers."""
    board, ink = OverlayBoard(), inks(None)
    drawing = board.draw(Overlay(runs), look or Look(), 80, 20, growing=False, ink=ink, terminal=Terminal())
    words = [line.partition("┤")[0].split()[-1] for line in drawing.cells.text().split("\n") if "┤" in line]
    return min(map(float, words)), max(map(float, words))


def test_a_run_that_failed_and_ran_away_does_not_flatten_the_others() -> None:
    one, other = laid(1, 100, 20.0), laid(2, 100, 20.0)
    assert scale(one, ran_away(2), Laid(3, "run-3", 2, other.state))[1] <= 2
    assert scale(one, ran_away(2), look=Look(all_values=False))[1] <= 2
    assert scale(ran_away(1))[1] > 1e20, "alone, they are all there is"
