"""At 80 × 24 and at 120 columns numbers are whole, and nothing lies over what it speaks of."""

import re
import time
from pathlib import Path

import pytest
from textual.widgets import Input, OptionList, Static

from files import old_run
from gan_tui import presets
from gan_tui.dashboard.app import GanTui
from gan_tui.dashboard.screens.confirm import ConfirmScreen
from gan_tui.dashboard.screens.help import HelpScreen
from gan_tui.dashboard.widgets.layer_tables import fitted, layer_cells
from gan_tui.dashboard.widgets.start_progress import StartProgress
from gan_tui.presets import layer_table
from gan_tui.run import lock as run_lock
from gan_tui.run.events import Record, State, Usage, to_line
from gan_tui.run.holder import Holder
from on_screen import LOW, WIDE, cells_at, lines_of, press, running, screen_text, seen, shown, soon, words_of
from recorded import append, epoch, held, metrics, recorded_run

NOISE = (
    "WARNING: All log messages before absl::InitializeLog() is called are written to STDERR\n"
    "I0000 00:00:1795791596.459246    5482 port.cc:153] oneDNN custom operations are on.\n"
    "2026-11-27 10:11:12.345678: I tensorflow/core/platform/cpu_feature_guard.cc:210] This binary is optimized\n"
    "To enable the following instructions: AVX2 FMA, in other operations, rebuild TensorFlow.\n"
    "E0000 00:00:1795791606.233229    5495 cuda_platform.cc:52] failed call to cuInit: INTERNAL: CUDA error\n"
)


@pytest.mark.parametrize("size", [LOW, pytest.param(WIDE, marks=pytest.mark.slow)])
async def test_a_run_that_trains_shows_how_far_it_is_in_percent_and_its_newest_values(
    runs: Path, size: tuple[int, int]
) -> None:
    folder = recorded_run(runs, "fashion-cnn", steps=100, state="training")
    append(folder, epoch(1, 100, val_loss=0.4321, val_accuracy=0.8765), epoch(2, 100, val_loss=0.5, val_accuracy=0.8))
    with held(folder):
        async with running(GanTui(runs, folder), size) as pilot:
            await shown(pilot, 100)
            append(folder, State("training"), Usage(90.0, 600_000_000), metrics("classifier", 101, 120))
            await seen(pilot, r"step 120( of |/)400 .* 30 %")
            top = screen_text(pilot)
    for value in ("0.500", "0.800"):
        assert value in top, "the newest of validation"
    assert "training" in top


async def test_what_is_not_done_has_no_full_bar(runs: Path) -> None:
    folder = recorded_run(runs, steps=399, state="training")
    with held(folder):
        async with running(GanTui(runs, folder), WIDE) as pilot:
            await seen(pilot, "━─ +99 %|━─  99 %")
            append(folder, metrics("gan", 400, 400))
            await seen(pilot, "━━ 100 %")


async def test_the_parameters_of_a_long_layer_are_whole(runs: Path) -> None:
    folder = recorded_run(runs, "dcgan")
    async with running(GanTui(runs, folder), WIDE) as pilot:
        await shown(pilot)
        press(pilot, "2")
        await seen(pilot, "Conv2DTranspose")
        pane = pilot.app.screen.query_one("LayersPane OptionList", OptionList)
        text = "\n".join(line.rstrip() for line in cells_at(pilot, pane.region).text().split("\n"))
    for number in ("1,266,944", "819,328", "204,864", "51,232", "801"):
        assert re.search(rf" {number}\b", text), number


def test_what_a_layer_is_is_cut_before_its_numbers() -> None:
    cells = layer_cells(layer_table.layer_rows(presets.find("dcgan").network("generator")))
    lines = fitted(cells, 34)
    assert max(map(len, lines)) == 34
    assert lines[1].split() == ["Dense", "12544", "12544", "1,266,944"]
    assert [line.split()[-1] for line in lines if "14×14×128" in line] == ["819,328", "512", "14×14×128"]


@pytest.mark.slow
async def test_what_is_said_of_a_setting_does_not_lie_over_the_settings(runs: Path) -> None:
    for size in (LOW, WIDE):
        async with running(GanTui(runs), size, notifications=True) as pilot:
            await seen(pilot, "by epochs")
            pilot.app.screen.query_one("#seed", Input).value = "x"
            press(pilot, "enter")
            await seen(pilot, "Not started")
            toast = pilot.app.screen.query_one("Toast").region
            for what in ("SettingsForm", "KeyLine", "#presets"):
                assert not toast.overlaps(pilot.app.screen.query_one(what).region), (what, size)


async def test_the_log_folds_what_tensorflow_says_of_itself(runs: Path) -> None:
    folder = recorded_run(runs)
    folder.trainer_log.write_text(f"{NOISE}ValueError: a real problem\n{NOISE}F0000 00:00:1 x.cc:1] the last words\n")
    async with running(GanTui(runs, folder)) as pilot:
        await shown(pilot)
        press(pilot, "3")
        await seen(pilot, "v shows 10 lines of TensorFlow's own")
        await soon(lambda: "the last words" in words_of(pilot, "LogTail"))  # once the pane is as high as that takes
        folded = words_of(pilot, "LogTail")
        assert "ValueError: a real problem" in folded
        assert "oneDNN" not in folded and "cuInit" not in folded
        press(pilot, "v")
        await seen(pilot, "oneDNN custom operations")
        await soon(lambda: all(line.split()[-1] in words_of(pilot, "LogTail") for line in NOISE.splitlines()[:2]))
        press(pilot, "v")
        await soon(lambda: "oneDNN" not in screen_text(pilot))


async def test_the_start_of_a_run_shows_its_seconds_and_its_words_also_where_there_is_little_room(runs: Path) -> None:
    folder = presets.new_run(presets.find("gan"), runs)
    append(folder, State("starting", "Loading TensorFlow"), State("starting", "Reading the data set mnist"))
    with held(folder):
        async with running(GanTui(runs, folder), LOW) as pilot:
            await seen(pilot, r"✓ Loading TensorFlow +\d\.\d s")
            await seen(pilot, r"▸ Reading the data set mnist +\d+ +s")
            assert "once the networks are built." in words_of(pilot, "PicturePane")
            assert pilot.app.screen.query_one(StartProgress).region.width < 45


async def test_a_run_that_ended_before_its_first_step_starts_no_more(runs: Path) -> None:
    folder = presets.new_run(presets.find("gan"), runs)
    append(folder, State("starting", "Loading TensorFlow"), State("stopped", "asked to stop"))
    async with running(GanTui(runs, folder)) as pilot:
        await seen(pilot, "It ended before its first step.")
        assert "▸" not in screen_text(pilot)


@pytest.mark.parametrize("wall", [0.0, 4e9])
async def test_the_seconds_of_a_start_do_not_depend_on_the_clock_on_the_wall(runs: Path, wall: float) -> None:
    folder, now = presets.new_run(presets.find("gan"), runs), time.monotonic()
    stages = ((now - 40, "Loading TensorFlow"), (now - 30, "Building the networks"))
    lines = [Record(n, wall, State("starting", stage), at) for n, (at, stage) in enumerate(stages)]
    folder.events_file.write_bytes(b"".join(map(to_line, lines)))
    with held(folder):
        async with running(GanTui(runs, folder)) as pilot:
            await seen(pilot, r"✓ Loading TensorFlow +10\.0 s")
            await seen(pilot, r"▸ Building the networks +3\d +s")


async def test_the_answers_name_the_true_class_also_where_there_is_little_room(runs: Path) -> None:
    folder = old_run("finished", "flag", runs)
    async with running(GanTui(runs, folder), LOW) as pilot:
        await seen(pilot, "surface  step 300")
        press(pilot, "p")
        await seen(pilot, "answers  step 300")
        await seen(pilot, r"0\.10 0\.20 +0 +")
        assert "cla…" not in screen_text(pilot)


@pytest.mark.parametrize("name", ["gan", "dcgan", "dcgan-small"])
def test_an_article_that_is_published_is_named_and_linked(name: str) -> None:
    page = presets.find(name).help.partition("## What the article found")[2]
    articles = (Path(__file__).parents[2] / "docs" / "articles.md").read_text()
    (author,) = re.findall(r"Rowel Atienza|Zackory Erickson", page)
    assert "docs/articles.md" in page
    assert re.search(rf"`{name}`.*{author}.*\]\(https://", articles)


SMALL = 60, 18


@pytest.mark.slow
@pytest.mark.parametrize("reason", ["what it found in the file, " * 16, "x" * 400, "誤り" * 100])
async def test_the_way_on_is_seen_however_much_there_is_to_say_and_all_of_it_is_in_the_log(
    runs: Path, reason: str
) -> None:
    folder = recorded_run(runs)
    append(folder, State("failed", f"The trainer failed: {reason} and THAT WAS IT."))
    async with running(GanTui(runs, folder), SMALL) as pilot:
        for size in (SMALL, LOW, SMALL):
            await pilot.resize_terminal(*size)
            await soon(lambda: words_of(pilot, "Notice").endswith("(3 shows all). Press r to resume from step 120."))
            assert words_of(pilot, "Notice").startswith("The trainer failed: ")
        press(pilot, "3", "f")
        await soon(lambda: words_of(pilot, "LogTail").startswith("! The trainer failed: "))
        await soon(lambda: "THAT WAS IT." in words_of(pilot, "LogTail"))
        append(folder, State("stopped", "asked to stop"))
        await soon(lambda: words_of(pilot, "Notice") == "Stopped at step 120. Press r to resume from step 120.")
        await soon(lambda: "asked to stop" not in words_of(pilot, "LogTail"))


@pytest.mark.parametrize("screen", ["menu", "run"])
async def test_help_says_how_text_is_selected_though_the_mouse_is_taken(screen: str, runs: Path) -> None:
    folder = recorded_run(runs)
    async with running(GanTui(runs, folder if screen == "run" else None)) as pilot:
        await seen(pilot, "q Quit")
        assert {"ctrl+c"} <= pilot.app.screen.active_bindings.keys()
        press(pilot, "question_mark")
        await soon(lambda: isinstance(pilot.app.screen, HelpScreen) and pilot.app.screen.query(Static))
        words = str(pilot.app.screen.query_one(Static).content)
    assert "ctrl+c copies" in words and "Shift held (Option on a Mac)" in words
    assert "{" not in words


@pytest.mark.parametrize("size", [SMALL, *(pytest.param(size, marks=pytest.mark.slow) for size in (LOW, WIDE))])
async def test_the_menu_tells_parameters_and_that_steps_go_by_epochs_also_where_there_is_little_room(
    size: tuple[int, int], runs: Path, own_presets: Path
) -> None:
    text = (presets.bundled_folder() / "gan.toml").read_text()
    (own_presets / "a-name-that-has-no-end.toml").write_text(text)
    async with running(GanTui(runs), size) as pilot:
        await seen(pilot, "learning rate 0.0002")
        await pilot.pause(0.1)
        assert re.search(r"steps +by epochs", screen_text(pilot))
        listed = lines_of(pilot.app.screen.query_one("#presets", OptionList))
        room = pilot.app.screen.query_one("#presets").size.width
    told = {line.split()[0]: line for line in listed}
    assert told["gan"].endswith(" 1.49M + 1.46M") and told["fashion-cnn-avgpool"].endswith(" 39.5k")
    assert told["conv10-tape"].endswith(" 19.8k")
    assert all(len(line) <= room for line in listed)
    assert any(line.startswith("  a-name") and line.endswith(" 1.49M + 1.46M") for line in listed)


@pytest.mark.slow
async def test_what_is_asked_and_that_it_cannot_be_undone_is_seen_however_long_the_place_is(tmp_path: Path) -> None:
    folder = recorded_run(tmp_path / ("a" * 200) / ("b" * 200), state="training")
    with held(folder), folder.lock_file.open("r+b", buffering=0) as file:
        facts = Holder.facts(run_lock.number(folder.lock_file), folder.path)
        run_lock.describe(file.fileno(), {"mode": "train", **facts, "host": "a-node-far-away", "boot": "another"})
    async with running(GanTui(folder.path.parent), SMALL) as pilot:
        await seen(pilot, r"\? gan-1")
        pilot.app.screen.query_one("#runs").focus()
        await soon(lambda: "r Resume" in screen_text(pilot) or "? Help" in screen_text(pilot))
        press(pilot, "d")
        await soon(lambda: isinstance(pilot.app.screen, ConfirmScreen) and pilot.app.screen.query(Static))
        await soon(lambda: "Delete the run gan-1" in words_of(pilot, "ConfirmScreen Static"))
        asked = words_of(pilot, "ConfirmScreen Static")
        await soon(lambda: "esc" in screen_text(pilot).splitlines()[-1])  # the keys
    assert "This cannot be undone." in asked and "a-node-far-away" in asked


def test_a_line_of_a_graph_that_is_cut_still_says_what_is_taken() -> None:
    """And where another takes it, its name."""
    cells = layer_cells(layer_table.layer_rows(presets.find("resnet-small").networks[0]))
    lines = fitted(cells, 50)
    assert any(line.startswith("Conv2D 3… (shortcut_2) ← block_1  14×14×32") for line in lines), lines
    assert any(line.startswith("Add ← stem, change_1 ") for line in lines)
    assert max(map(len, lines)) <= 50
