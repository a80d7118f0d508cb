"""Looking at the charts of a run by keys and mouse: cursor, range, enlarged, smoothed, over steps, epochs or time."""

import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from textual.pilot import Pilot

from gan_tui.dashboard.app import GanTui
from gan_tui.dashboard.widgets.metric_charts import MetricCharts
from gan_tui.run.events import Alert, Metrics, Setting, State
from on_screen import WIDE, press, running, screen_text, seen, shown, soon
from recorded import append, held, metrics, recorded_run


@pytest.fixture
async def pilot(runs: Path) -> AsyncIterator[Pilot]:
    folder = recorded_run(runs, steps=400)
    async with running(GanTui(runs, folder), WIDE) as pilot:
        await shown(pilot, 400)
        yield pilot


def charts(pilot: Pilot) -> MetricCharts:
    return pilot.app.screen.query_one(MetricCharts)


async def show_steps(pilot: Pilot, answer: str) -> None:
    """Have a range of steps shown, by typing it."""
    press(pilot, "i")
    await seen(pilot, "Steps to show")
    press(pilot, *answer, "enter")


def steps_on_axis(pilot: Pilot) -> list[float]:
    """What the ticks of the x axis say."""
    cells = charts(pilot)._cells
    assert cells is not None
    rows = cells.text().split("\n")
    line = next(row for row, text in enumerate(rows) if "└" in text)
    return [float(label.replace("k", "e3")) for label in rows[line + 1].split()]


@pytest.mark.slow
async def test_the_cursor_tells_the_values_at_its_step_in_all_charts(pilot: Pilot) -> None:
    press(pilot, "tab")
    await seen(pilot, "step 400 · ")
    assert screen_text(pilot).count(" at 400 ") == len(charts(pilot)._drawing.plots), "said of each chart's values"
    press(pilot, "m", "m", "m", "m")  # round to none: what is shown is what was measured
    await show_steps(pilot, "0-100")
    await seen(pilot, "q Quit")
    await soon(lambda: charts(pilot).look.ends == (0, 100))
    for _ in range(20):
        press(pilot, "left")
    await soon(lambda: (charts(pilot).look.cursor or 999) <= 70)
    step = charts(pilot).look.cursor or 0
    await soon(lambda: f"step {step} · " in screen_text(pilot) or f"step {step}" in screen_text(pilot))
    assert f"{1 / step:.3f}" in screen_text(pilot) and f"{1 - 1 / step:.3f}" in screen_text(pilot)
    press(pilot, "escape")
    await soon(lambda: charts(pilot).look.cursor is None)
    assert "step 400 of" in screen_text(pilot)


async def test_before_a_curve_begins_the_cursor_tells_no_value_of_it(pilot: Pilot) -> None:
    """Not the newest one, as if it had been so from the first step on."""
    newest = re.findall(r"0\.9\d+|2\.\de-3", screen_text(pilot))
    assert newest
    press(pilot, "tab", *["shift+left"] * 40)
    await soon(lambda: charts(pilot).look.cursor == 0)
    await soon(lambda: " at 0 " in screen_text(pilot))
    assert not [value for value in newest if value in screen_text(pilot)]


async def test_where_all_steps_are_shown_there_are_none_earlier_or_later(pilot: Pilot) -> None:
    for key, sign in (("less_than_sign", "<"), ("greater_than_sign", ">")):
        press(pilot, key)
        await seen(pilot, re.escape(f"{sign} does nothing now: all steps are shown; + zooms in"))


async def test_zeros_do_not_scale_a_logarithmic_axis_without_outliers(runs: Path) -> None:
    folder = recorded_run(runs, steps=10)
    steps = list(range(11, 401))
    with held(folder):
        append(folder, Metrics(steps, {"d_loss": [max(0.0, 1.0 - step / 200) for step in steps]}))
        async with running(GanTui(runs, folder), WIDE) as pilot:
            await shown(pilot, 400)
            press(pilot, "l", "y")
            await soon(lambda: charts(pilot).look.log_y and not charts(pilot).look.all_values)
            await soon(lambda: "0.1" in screen_text(pilot))
            panel = charts(pilot)._drawing.plots[0]
            assert panel.y_axis.low <= 0.02, "the least value above zero, not a made-up one"


@pytest.mark.slow
async def test_a_range_of_steps_is_typed_zoomed_into_and_left(pilot: Pilot) -> None:
    whole = screen_text(pilot)
    await show_steps(pilot, "ab")
    await seen(pilot, "Give the first and the last step, as 1000-2000.")
    press(pilot, "escape")
    await soon(lambda: "Steps to show" not in screen_text(pilot))
    await show_steps(pilot, "100-200")
    await seen(pilot, "step, from step 100 to 200")
    ticks = steps_on_axis(pilot)
    assert 80 <= min(ticks) <= 110 and 190 <= max(ticks) <= 220
    press(pilot, "plus")
    await seen(pilot, "from step 125 to 175")
    assert " at 175 " in screen_text(pilot), "these are not the newest values"
    press(pilot, "greater_than_sign")
    await seen(pilot, "from step 150 to 200")
    press(pilot, "minus")
    await seen(pilot, "from step 125 to 225")
    press(pilot, "0")
    await soon(lambda: screen_text(pilot) == whole)


@pytest.mark.slow
async def test_on_zooming_every_step_is_there(pilot: Pilot) -> None:
    for _ in range(4):
        press(pilot, "m")
    await soon(lambda: "smoothing" not in screen_text(pilot))
    await show_steps(pilot, "10-30")
    await seen(pilot, "from step 10 to 30")
    press(pilot, "tab", "left")
    await seen(pilot, "step 2[0-9]")
    step = charts(pilot).look.cursor or 0
    assert f"{1 / step:.3f}" in screen_text(pilot), "each step's own value, and no mean of several"


async def test_a_chart_is_enlarged_over_the_screen_and_shrinks_on_escape(pilot: Pilot) -> None:
    before = screen_text(pilot)
    press(pilot, "tab", "down", "down", "enter")
    await soon(lambda: charts(pilot).region.width > 110)
    text = screen_text(pilot)
    assert "accuracy" in text and not re.search(r"^ ?loss", text, re.M) and "generated  step" not in text
    press(pilot, "escape")
    await soon(lambda: charts(pilot).region.width < 80)
    press(pilot, "escape")
    await soon(lambda: screen_text(pilot) == before)


async def test_the_x_axis_counts_epochs_and_time_too(pilot: Pilot) -> None:
    press(pilot, "e")
    await seen(pilot, " epoch, smoothing 0.9")
    assert max(steps_on_axis(pilot)) == 10, "400 steps of 39 an epoch"
    press(pilot, "e")
    await seen(pilot, "seconds of training")
    press(pilot, "e")
    await seen(pilot, " step, smoothing 0.9")


async def test_outliers_leave_the_scale_and_are_counted(runs: Path) -> None:
    folder = recorded_run(runs, "fashion-cnn", steps=1)
    values = [0.5 + 0.001 * (n % 7) for n in range(600)]
    values[300] = values[301] = values[302] = 1e4
    append(folder, Metrics(list(range(2, 602)), {"loss": values, "accuracy": [0.5] * 600}))
    async with running(GanTui(runs, folder), WIDE) as pilot:
        await shown(pilot, 601)
        press(pilot, "m", "m", "m", "m")
        await soon(lambda: "10k" in screen_text(pilot) or "1e" in screen_text(pilot))
        press(pilot, "y")
        await seen(pilot, r"3 above")
        assert "without outliers" in screen_text(pilot) and "10k" not in screen_text(pilot)
        press(pilot, "y")
        await soon(lambda: "above" not in screen_text(pilot))


async def test_the_mouse_zooms_draws_a_range_and_puts_the_cursor(pilot: Pilot) -> None:
    plot = charts(pilot)._drawing.plots[0]
    middle = plot.left + plot.columns // 2, plot.top + 2
    await pilot.click(MetricCharts, offset=middle)
    await seen(pilot, r"step (19|20|21)\d · ")
    press(pilot, "escape")
    await pilot.mouse_down(MetricCharts, offset=(plot.left + 5, plot.top + 2))
    await pilot.mouse_up(MetricCharts, offset=middle)
    await soon(lambda: charts(pilot).look.ends is not None)
    low, high = charts(pilot).look.ends
    assert 20 <= low <= 60 and 180 <= high <= 220


async def test_what_happened_is_marked_and_told_under_the_cursor(runs: Path) -> None:
    folder = recorded_run(runs, steps=100, state="training")
    append(folder, Setting("learning_rate", 0.01, 100), State("paused", "asked"), State("training"))
    append(folder, metrics("gan", 101, 200), Alert("stuck", "The loss stands still.", 200), State("paused", "asked"))
    with held(folder):
        async with running(GanTui(runs, folder), WIDE) as pilot:
            await shown(pilot, 200)
            cells = charts(pilot)._cells
            assert cells is not None
            axis = next(row for row in cells.text().split("\n") if "└" in row)
            assert axis.count("‖") == 1 and axis.count("▲") == 1, "of several in a column the most important one"
            press(pilot, "tab")
            await seen(pilot, "step 200 · .*The loss stands still. · paused: asked")


async def test_a_range_stands_still_while_the_run_goes_on(runs: Path) -> None:
    folder = recorded_run(runs, steps=200, state="training")
    with held(folder):
        async with running(GanTui(runs, folder), WIDE) as pilot:
            await shown(pilot, 200)
            await show_steps(pilot, "50-100")
            await seen(pilot, "from step 50 to 100")
            before = charts(pilot)._cells
            assert before is not None
            append(folder, metrics("gan", 201, 300))
            await shown(pilot, 300)
            await pilot.pause()
            after = charts(pilot)._cells
            assert after is not None and after.text() == before.text()
