"""Several runs over each other on the screen: curves, what differs, pictures side by side, the ways there and back."""

import re
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from textual.pilot import Pilot

from gan_tui.dashboard.app import GanTui
from gan_tui.dashboard.navigation import CompareRuns
from gan_tui.dashboard.screens.compare import CompareScreen
from gan_tui.dashboard.screens.menu import MenuScreen
from gan_tui.dashboard.screens.training import TrainingScreen
from gan_tui.dashboard.widgets.line_input import LineInput
from gan_tui.run.events import Metrics
from gan_tui.run.folder import RunFolder
from on_screen import LOW, WIDE, back_to, press, running, screen_text, seen, soon
from recorded import append, epoch, held, picture, recorded_run
from script_runs import script_run


def classifier(runs: Path, steps: int = 120, **settings: object) -> RunFolder:
    """A run that was validated, of an epoch of 39 steps each."""
    folder = recorded_run(runs, "fashion-cnn", steps=steps, **settings)
    append(folder, *(epoch(n, 39 * n, val_loss=1 / n, val_accuracy=1 - 1 / (n + 1)) for n in (1, 2, 3)))
    return folder


@asynccontextmanager
async def comparing(runs: Path, folders: Sequence[RunFolder], size: tuple[int, int] = WIDE) -> AsyncIterator[Pilot]:
    async with running(GanTui(runs), size, notifications=True) as pilot:
        await seen(pilot, "Presets")
        pilot.app.post_message(CompareRuns(folders))
        await soon(lambda: isinstance(pilot.app.screen, CompareScreen))
        yield pilot


async def read(pilot: Pilot, count: int) -> str:
    """Wait until all runs were read; what is on the screen then."""
    await seen(pilot, f"{count} runs compared")
    await soon(lambda: "being read" not in screen_text(pilot) and "└" in screen_text(pilot), 15)
    return screen_text(pilot)


async def test_curves_lie_over_each_other_with_their_names_and_a_table_of_what_differs(runs: Path) -> None:
    folders = [classifier(runs, learning_rate=0.01), classifier(runs, steps=90, learning_rate=0.02)]
    async with comparing(runs, folders) as pilot:
        text = await read(pilot, 2)
        assert "loss: validation" in text and "accuracy: validation" in text
        assert re.search(r"1 fashion-cnn-1 +0\.333", text) and re.search(r"2 fashion-cnn-2 +0\.333", text)
        assert re.search(r"learning_rate +loss +accuracy +step", text) and "batch_size" not in text
        assert re.search(r"fashion-cnn-1 +0\.01 +0\.0103 +0\.9897 +120", text), "means of the last whole epoch"
        assert re.search(r"fashion-cnn-2 +0\.02 +0\.0119 +0\.9881 +117", text)


@pytest.mark.slow
async def test_v_shows_training_as_well_then_alone(runs: Path) -> None:
    async with comparing(runs, [classifier(runs), classifier(runs, learning_rate=0.5)]) as pilot:
        await read(pilot, 2)
        await seen(pilot, "v Training too")
        press(pilot, "v")
        await seen(pilot, "loss: validation, training faint")
        assert screen_text(pilot).count("1 fashion-cnn-1 ") == 2, "named once a chart"
        press(pilot, "v")
        await seen(pilot, "loss: training")
        press(pilot, "v")
        await seen(pilot, "loss: validation ")


@pytest.mark.slow
async def test_a_run_is_hidden_and_shown_by_its_number_but_not_the_last_one(runs: Path) -> None:
    async with comparing(runs, [classifier(runs), classifier(runs, learning_rate=0.5)]) as pilot:
        await read(pilot, 2)
        press(pilot, "2")
        await seen(pilot, "2 finished; 1 hidden")
        await soon(lambda: not re.search(r"2 fashion-cnn-2 +0\.", screen_text(pilot)))
        press(pilot, "1")
        await seen(pilot, "1 does nothing now: it is the last run on show")
        press(pilot, "2")
        await soon(lambda: re.search(r"2 fashion-cnn-2 +0\.", screen_text(pilot)))
        press(pilot, "5")
        await seen(pilot, "5 does nothing now: there are 2 runs")


@pytest.mark.slow
async def test_the_keys_of_charts_do_here_what_they_do_for_a_run(runs: Path) -> None:
    async with comparing(runs, [classifier(runs), classifier(runs, steps=90, learning_rate=0.5)]) as pilot:
        await read(pilot, 2)
        press(pilot, "e")
        await seen(pilot, "epoch, smoothing 0.9")
        press(pilot, "e")
        await seen(pilot, "of training, smoothing 0.9")
        press(pilot, "e", "l")
        await seen(pilot, "loss: validation, log scale")
        press(pilot, "l", "m", "M", "tab")
        await seen(pilot, "step 120, values as measured, smoothing")
        press(pilot, "down", "enter")
        await soon(lambda: "learning_rate" not in screen_text(pilot))
        press(pilot, "escape", "escape", "plus")
        await seen(pilot, "from step 30 to 90")
        press(pilot, "escape")
        await seen(pilot, "step, smoothing")
        assert isinstance(pilot.app.screen, CompareScreen)


@pytest.mark.slow
async def test_the_cursor_tells_what_was_measured_and_stays_in_sight(runs: Path) -> None:
    async with comparing(runs, [recorded_run(runs, "xor", 200), recorded_run(runs, "xor", 200, seed=9)]) as pilot:
        await read(pilot, 2)
        press(pilot, "tab", "i")
        await soon(lambda: isinstance(pilot.app.focused, LineInput))
        press(pilot, *"100-110", "enter")
        await seen(pilot, "step 110, values as measured")
        assert re.search(r"1 xor-1 +0\.0091 ", screen_text(pilot)), "1/110, where the smoothed value is 0.0096"


@pytest.mark.slow
async def test_a_run_that_had_ended_before_the_cursor_tells_no_value(runs: Path) -> None:
    async with comparing(runs, [recorded_run(runs, "xor", 200), recorded_run(runs, "xor", 50, seed=9)]) as pilot:
        await read(pilot, 2)
        assert re.search(r"2 xor-2 +0\.0", screen_text(pilot))
        press(pilot, "tab")
        await seen(pilot, " at 200 ")
        assert re.search(r"1 xor-1 +[05]", screen_text(pilot))
        await soon(lambda: not re.search(r"2 xor-2 +0\.0\d+ *\n", screen_text(pilot)))


@pytest.mark.slow
async def test_pictures_stand_side_by_side_at_the_steps_that_runs_share(runs: Path) -> None:
    one, other = recorded_run(runs), recorded_run(runs, seed=7)
    append(one, picture(one, 130), picture(one, 140))
    append(other, picture(other, 130), picture(other, 150))
    async with comparing(runs, [one, other]) as pilot:
        await read(pilot, 2)
        press(pilot, "p")
        await seen(pilot, "generated, step 130")
        await soon(lambda: screen_text(pilot).count("step 130") == 3)
        press(pilot, "right")
        await seen(pilot, "generated, the newest of each")
        await soon(lambda: "step 140" in screen_text(pilot) and "step 150" in screen_text(pilot))
        press(pilot, "left")
        await seen(pilot, "generated, step 130")
        press(pilot, "left")
        await seen(pilot, "generated, step 120")
        await soon(lambda: screen_text(pilot).count("step 120") == 3)
        press(pilot, "left", "left")
        await seen(pilot, "← does nothing now: there are no earlier pictures")
        press(pilot, "l")
        await seen(pilot, "l does nothing now: pictures are on show")
        press(pilot, "escape")
        await seen(pilot, "loss: discriminator")


async def test_pictures_open_where_all_have_learnt_something(runs: Path) -> None:
    """One run has pictures of its beginning and of its end, which no other has."""
    one, other = recorded_run(runs, steps=100), recorded_run(runs, steps=200)
    async with comparing(runs, [one, other]) as pilot:
        await read(pilot, 2)
        press(pilot, "p")
        await seen(pilot, "generated, the newest of each")
        await soon(lambda: "step 100" in screen_text(pilot) and "step 200" in screen_text(pilot))


@pytest.mark.slow
async def test_the_nearest_picture_says_of_which_step_it_is(runs: Path) -> None:
    one, other = recorded_run(runs, steps=100), recorded_run(runs, steps=60)
    append(one, picture(one, 30))
    other.sample_file("samples", 60).write_bytes(b"no picture")
    async with comparing(runs, [one, other]) as pilot:
        await read(pilot, 2)
        press(pilot, "2", "p")  # the other's steps are none of them then
        await seen(pilot, "generated, step 100")
        press(pilot, "left")
        await seen(pilot, "generated, step 30")
        press(pilot, "2")
        await seen(pilot, "generated, step 0")
        await soon(lambda: screen_text(pilot).count("step 0") == 3)


@pytest.mark.slow
async def test_enter_opens_the_chosen_run_and_escape_comes_back(runs: Path) -> None:
    async with comparing(runs, [classifier(runs), classifier(runs, learning_rate=0.5)]) as pilot:
        await read(pilot, 2)
        press(pilot, "v", "down", "enter")
        await soon(lambda: isinstance(pilot.app.screen, TrainingScreen))
        assert pilot.app.screen.folder.name == "fashion-cnn-2"
        await seen(pilot, "esc Menu")
        press(pilot, "escape")
        await soon(lambda: isinstance(pilot.app.screen, CompareScreen))
        assert "training faint" in screen_text(pilot), "as it was"
        press(pilot, "escape")
        await soon(lambda: isinstance(pilot.app.screen, MenuScreen))


async def test_a_runs_own_screen_asks_with_which_other_one(runs: Path) -> None:
    one, _ = classifier(runs), classifier(runs, learning_rate=0.5)
    async with running(GanTui(runs, one)) as pilot:
        await seen(pilot, "esc Menu")
        press(pilot, "C")
        await seen(pilot, "Compare fashion-cnn-1 with")
        await seen(pilot, r"fashion-cnn-2 +finished +117 steps")
        press(pilot, "enter")
        await read(pilot, 2)
        press(pilot, "escape")
        await soon(lambda: isinstance(pilot.app.screen, TrainingScreen))


async def test_where_there_is_no_other_run_the_key_says_so(runs: Path) -> None:
    async with running(GanTui(runs, recorded_run(runs))) as pilot:
        await seen(pilot, "esc Menu")
        press(pilot, "C")
        await seen(pilot, "C does nothing now: there is no other run to compare with")


@pytest.mark.slow
async def test_a_live_run_goes_on_growing_in_it(runs: Path) -> None:
    one, other = recorded_run(runs, "xor", 50), recorded_run(runs, "xor", 100, "training", seed=9)
    with held(other):
        async with comparing(runs, [one, other]) as pilot:
            await read(pilot, 2)
            append(other, Metrics([101, 102], {"loss": [0.5, 0.75], "accuracy": [0.5, 0.5]}))
            await seen(pilot, r"xor-2.* 0\.7500 .* 102")


@pytest.mark.slow
async def test_a_preset_a_script_and_eight_runs_fit_a_small_window(runs: Path) -> None:
    folders = [classifier(runs, learning_rate=n / 100) for n in range(1, 7)]
    steps = list(range(1, 40))
    folders += [script_run(runs, Metrics(steps, {"loss": [1 / n for n in steps]})), recorded_run(runs)]
    async with comparing(runs, folders, LOW) as pilot:
        await read(pilot, 8)
        rows = screen_text(pilot).split("\n")
        assert all(any(re.match(rf" [▸ ]{number} ━━ ", row) for row in rows) for number in range(1, 9))
        press(pilot, "right")
        await seen(pilot, "← [0-9]")
        press(pilot, "f")
        await soon(lambda: "┤" not in screen_text(pilot))
        press(pilot, "l")
        await seen(pilot, "l does nothing now: the table is on show")
        press(pilot, "f")
        await soon(lambda: "┤" in screen_text(pilot))


@pytest.mark.slow
@pytest.mark.parametrize("count", [1, 9])
async def test_one_run_or_nine_are_refused_in_a_sentence(count: int, runs: Path) -> None:
    folders = [recorded_run(runs, "xor", 3, seed=n) for n in range(count)]
    async with running(GanTui(runs), notifications=True) as pilot:
        await seen(pilot, "Presets")
        pilot.app.post_message(CompareRuns(folders))
        await seen(pilot, "two runs at least" if count == 1 else "up to 8 runs")


@pytest.mark.slow
async def test_a_run_keeps_its_colour_in_the_next_comparison(runs: Path) -> None:
    a, b, c = (recorded_run(runs, "xor", 5, seed=n) for n in range(3))
    async with comparing(runs, [b, c]) as pilot:
        before = {run.folder.name: run.laid.color for run in pilot.app.screen._runs}
        await back_to(pilot, MenuScreen)
        pilot.app.post_message(CompareRuns([a, c]))
        await soon(lambda: isinstance(pilot.app.screen, CompareScreen))
        after = {run.folder.name: run.laid.color for run in pilot.app.screen._runs}
    assert after["xor-3"] == before["xor-3"] and after["xor-1"] != after["xor-3"]


@pytest.mark.slow
async def test_help_and_palette_name_its_keys(runs: Path) -> None:
    async with comparing(runs, [recorded_run(runs), recorded_run(runs)]) as pilot:
        await read(pilot, 2)
        press(pilot, "question_mark")
        await seen(pilot, "Hide or show the run with that number")
        await seen(pilot, "Show the runs' pictures side by side")
