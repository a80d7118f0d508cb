"""What a person has chosen, typed and painted is there when they come back, and escape goes back one step at a time."""

import dataclasses
import os
import time
from pathlib import Path
from types import SimpleNamespace

import pytest
from textual.pilot import Pilot
from textual.screen import Screen
from textual.widgets import Input

from gan_tui import presets
from gan_tui.dashboard import run_requests
from gan_tui.dashboard.app import GanTui
from gan_tui.dashboard.screens import draw
from gan_tui.dashboard.screens.ask import NewFileScreen
from gan_tui.dashboard.screens.confirm import ConfirmScreen
from gan_tui.dashboard.screens.draw import DrawScreen
from gan_tui.dashboard.screens.menu import MenuScreen
from gan_tui.dashboard.screens.training import TrainingScreen
from gan_tui.dashboard.widgets.plane_canvas import PlaneCanvas
from gan_tui.dashboard.widgets.preset_list import PresetList
from gan_tui.dashboard.widgets.run_list import RunList
from gan_tui.dashboard.widgets.settings_form import FIELDS, SettingsForm
from gan_tui.run.commands import Command, Reply
from gan_tui.run.events import Metrics, State
from gan_tui.run.folder import RunFolder
from gan_tui.run.handover import Assignment
from gan_tui.supervision import launching
from on_screen import LOW, caption, opened, press, running, screen_text, seen, soon
from recorded import append, recorded_run, started
from recorded_views import POINTS, recorded_pair, recorded_plane


def choose(pilot: Pilot, name: str) -> None:
    """Move the menu's cursor to a preset."""
    listed = pilot.app.screen.query_one(PresetList)
    places = [n for n in range(listed.option_count) if str(listed.get_option_at_index(n).prompt).split()[0] == name]
    listed.highlighted = places[0]


def typed(pilot: Pilot) -> list[str]:
    """What stands in the fields of numbers."""
    return [pilot.app.screen.query_one(SettingsForm).query_one(f"#{name}", Input).value for name in FIELDS]


async def type_epochs(pilot: Pilot, *keys: str) -> None:
    """Into the first field of the settings."""
    press(pilot, "e")
    await soon(lambda: isinstance(pilot.app.focused, Input))
    press(pilot, *keys)
    await soon(lambda: typed(pilot)[0] == "".join(keys))


@pytest.mark.slow
async def test_the_menu_is_as_it_was_left(runs: Path) -> None:
    for name in ("xor", "shapes", "gan"):
        recorded_run(runs, name)
    async with running(GanTui(runs)) as pilot:
        await seen(pilot, "gan-1")
        choose(pilot, "plane")
        await seen(pilot, " plane: ")
        await type_epochs(pilot, "1", "7")
        press(pilot, "escape")
        await soon(lambda: isinstance(pilot.app.focused, PresetList))
        press(pilot, "tab")
        await soon(lambda: isinstance(pilot.app.focused, RunList))
        chosen = str(pilot.app.screen.query_one(RunList).get_option_at_index(1).id)
        press(pilot, "down", "enter")
        await soon(lambda: isinstance(pilot.app.screen, TrainingScreen))
        press(pilot, "escape")
        await soon(lambda: isinstance(pilot.app.screen, MenuScreen))
        await seen(pilot, " plane: ")
        assert typed(pilot) == ["17", "", "0", "0.01", "42"]
        await soon(lambda: str(getattr(pilot.app.screen.query_one(RunList).highlighted_option, "id", "")) == chosen)
        await soon(lambda: isinstance(pilot.app.focused, RunList))


@pytest.mark.slow
async def test_each_preset_keeps_what_was_typed_and_an_empty_field_is_its_own_value(runs: Path) -> None:
    async with running(GanTui(runs)) as pilot:
        await seen(pilot, " gan: ")
        await type_epochs(pilot, "9")
        press(pilot, "escape")
        choose(pilot, "xor")
        await soon(lambda: typed(pilot)[0] == "1000")
        choose(pilot, "gan")
        await soon(lambda: typed(pilot)[0] == "9")
        form = pilot.app.screen.query_one(SettingsForm)
        form.query_one("#epochs", Input).value = ""
        await soon(lambda: form.preset is not None and form.preset.settings["epochs"] == 200)
        await seen(pilot, "epochs  +200 ")


@pytest.mark.slow
async def test_the_menu_behind_a_run_that_was_opened_first_has_its_preset_chosen(runs: Path) -> None:
    folder = recorded_run(runs, "shapes")
    async with running(GanTui(runs, folder)) as pilot:
        await seen(pilot, "esc Menu")
        press(pilot, "escape")
        await seen(pilot, " shapes: ")


@pytest.mark.slow
async def test_escape_goes_back_from_a_tile_and_the_full_width_before_it_leaves_the_run(tmp_path: Path) -> None:
    async with opened(recorded_pair(tmp_path)) as pilot:
        whole = caption(pilot)
        press(pilot, "right", "right")
        await soon(lambda: "no. 2" in caption(pilot))
        wall = caption(pilot)
        press(pilot, "enter", "f")
        await soon(lambda: not pilot.app.screen.query_one("#charts").region)
        await seen(pilot, "esc Back")
        view = pilot.app.screen._side.picture_pane.view
        press(pilot, "escape")
        await soon(lambda: not view.enlarged)
        assert caption(pilot) == wall
        press(pilot, "escape")
        await soon(lambda: view.chosen is None)
        press(pilot, "escape")
        await soon(lambda: pilot.app.screen.query_one("#charts").region and caption(pilot) == whole)
        await seen(pilot, "esc Menu")
        press(pilot, "escape")
        await soon(lambda: isinstance(pilot.app.screen, MenuScreen))


async def test_escape_takes_the_cursor_off_a_surface_first(tmp_path: Path) -> None:
    async with opened(recorded_plane(tmp_path)) as pilot:
        press(pilot, "left")
        await seen(pilot, r"\(0\.50, 0\.50\) →")
        press(pilot, "escape")
        await seen(pilot, "by class")
        assert isinstance(pilot.app.screen, TrainingScreen)


# What was painted ------------------------------------------------------------------------------------------------


async def painted(pilot: Pilot, *keys: str) -> PlaneCanvas:
    """The canvas, once keys have painted on it."""
    await soon(lambda: isinstance(pilot.app.focused, PlaneCanvas) and pilot.app.focused.region.height > 10)
    canvas = pilot.app.screen.query_one(PlaneCanvas)
    before = canvas.points
    press(pilot, *keys)
    await soon(lambda: canvas.points is not before)
    await pilot.pause()
    return canvas


@pytest.mark.slow
async def test_points_painted_in_the_menu_stay_and_quitting_asks_before_they_are_lost(
    runs: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", os.devnull)  # so that they are not there at the next start, either
    app = GanTui(runs)
    async with running(app, notifications=True) as pilot:
        await seen(pilot, " gan: ")
        choose(pilot, "plane")
        await seen(pilot, "w Draw")
        press(pilot, "w")
        points = (await painted(pilot, "space", "2", "right", "space")).points
        press(pilot, "escape")
        await soon(lambda: isinstance(pilot.app.screen, MenuScreen))
        press(pilot, "q")
        await seen(pilot, "You painted 2 points that nothing has kept")
        press(pilot, "escape")
        await soon(lambda: isinstance(pilot.app.screen, MenuScreen))
        press(pilot, "w")
        canvas = await painted(pilot, "c")
        press(pilot, "u")
        await soon(lambda: list(canvas.points) == list(points))
        press(pilot, "ctrl+q")
        await soon(lambda: isinstance(pilot.app.screen, ConfirmScreen))
        press(pilot, "escape", "w")
        await soon(lambda: bool(pilot.app.screen.query(Input)))
        pilot.app.screen.query_one(Input).value = str(tmp_path / "mine.csv")
        press(pilot, "enter")
        await soon(lambda: (tmp_path / "mine.csv").exists() and isinstance(pilot.app.screen, DrawScreen))
        press(pilot, "q")
        await soon(lambda: app._exit)


@pytest.mark.slow
async def test_points_that_a_run_was_started_on_are_kept_by_it(runs: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(launching, "spawn", lambda *_: None)
    app = GanTui(runs)
    async with running(app) as pilot:
        await seen(pilot, " gan: ")
        choose(pilot, "plane")
        await seen(pilot, "w Draw")
        press(pilot, "w")
        await painted(pilot, "space", "2", "right", "space")
        press(pilot, "enter")
        await soon(lambda: isinstance(pilot.app.screen, TrainingScreen))
        press(pilot, "q")
        await soon(lambda: app._exit)


class Run:
    """A run that trains and takes points, as slowly as it is told to; or refuses them."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, seconds: float = 0.0, refusal: str = "") -> None:
        self.took: list[list[list[float]]] = []
        self._seconds, self._refusal = seconds, refusal
        monkeypatch.setattr(draw, "SEND_SECONDS", 0.05)
        monkeypatch.setattr(run_requests, "Asked", self._asked)
        monkeypatch.setattr(RunFolder, "is_held", lambda folder: True)

    def _asked(self, folder: RunFolder, command: Command) -> SimpleNamespace:
        return SimpleNamespace(reply=lambda: self._reply(command))

    def _reply(self, command: Command) -> Reply:
        time.sleep(self._seconds / (1 + len(self.took)))  # later ones are answered sooner
        self.took.append(command.value)
        return Reply(0, not self._refusal, self._refusal)


async def test_only_the_classes_that_the_network_has_are_painted_while_it_trains(
    runs: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run, folder = Run(monkeypatch), recorded_plane(runs, state="training").folder
    async with running(GanTui(runs, folder), notifications=True) as pilot:
        await seen(pilot, "a paint")
        press(pilot, "a")
        await seen(pilot, "press 1–3 to change")
        canvas = await painted(pilot, "9", "right", "space", "2", "right", "space")
        await soon(lambda: bool(run.took))
        assert [kind for _, _, kind in canvas.points[len(POINTS) :]] == [0, 1]
        assert run.took[-1] == [list(point) for point in canvas.points]
        assert [n.message for n in pilot.app._notifications] == [
            "This network has 3 classes: press a number from 1 to 3."
        ]


async def test_of_strokes_that_come_fast_the_newest_is_what_the_run_has_in_the_end(
    runs: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run, folder = Run(monkeypatch, 0.3), recorded_plane(runs, state="training").folder
    async with running(GanTui(runs, folder)) as pilot:
        await seen(pilot, "a paint")
        press(pilot, "a")
        for _ in range(3):
            canvas = await painted(pilot, "right", "right", "space")
            await pilot.pause(0.1)
        press(pilot, "escape")
        await soon(lambda: isinstance(pilot.app.screen, TrainingScreen))
        assert run.took[-1] == [list(point) for point in canvas.points]
        assert sorted(run.took, key=len) == run.took


@pytest.mark.slow
async def test_points_that_the_run_does_not_take_are_not_left_unasked(
    runs: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run, folder = Run(monkeypatch, refusal="The run has ended."), recorded_plane(runs, state="training").folder
    app = GanTui(runs, folder)
    async with running(app, notifications=True) as pilot:
        await seen(pilot, "a paint")
        press(pilot, "a")
        await painted(pilot, "right", "space")
        press(pilot, "escape")
        await seen(pilot, "The run does not have this painting of 6 points")
        press(pilot, "escape")
        await soon(lambda: isinstance(pilot.app.screen, DrawScreen))
        await painted(pilot, "c", "space")
        took = len(run.took)
        press(pilot, "q")
        await seen(pilot, "painting of 1 point. A run")
        assert len(run.took) == took
        press(pilot, "y")
        await soon(lambda: app._exit)


async def test_a_painting_that_a_run_cannot_learn_is_said_so_while_it_is_painted(
    runs: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run, folder = Run(monkeypatch), recorded_plane(runs, state="training").folder
    monkeypatch.setattr(draw, "SEND_SECONDS", 0.05)
    async with running(GanTui(runs, folder), LOW) as pilot:
        await seen(pilot, "▶ training  step 120")
        press(pilot, "a")
        await painted(pilot, "c")
        words = "the run waits for two classes: press 1–3 for another"
        await seen(pilot, words + " +no points")
        await painted(pilot, "2", "space")
        await seen(pilot, words + " +class 1: 0  class 2: 1")
        assert not run.took
        await painted(pilot, "1", "right", "space")
        await seen(pilot, "painting class 1")
        await soon(lambda: bool(run.took))


@pytest.mark.slow
@pytest.mark.parametrize(("key", "asks"), [("escape", ConfirmScreen), ("w", NewFileScreen)])
@pytest.mark.parametrize("refusal", ["", "The run has ended."])
async def test_a_late_answer_of_the_run_closes_nothing_that_was_opened_meanwhile(
    runs: Path, monkeypatch: pytest.MonkeyPatch, key: str, asks: type[Screen[object]], refusal: str
) -> None:
    run, folder = Run(monkeypatch, 0.6, refusal), recorded_plane(runs, state="training").folder
    async with running(GanTui(runs, folder)) as pilot:
        await seen(pilot, "a paint")
        press(pilot, "a")
        await painted(pilot, "right", "space")
        press(pilot, "escape", key)
        await soon(lambda: isinstance(pilot.app.screen, asks))
        assert not run.took
        await soon(lambda: bool(run.took))
        await pilot.pause(0.05)
        assert isinstance(pilot.app.screen, asks)
        press(pilot, "escape")
        await soon(lambda: isinstance(pilot.app.screen, DrawScreen))


async def test_a_stroke_is_given_to_the_run_also_where_quitting_comes_at_once(
    runs: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run, folder = Run(monkeypatch, 0.1), recorded_plane(runs, state="training").folder
    monkeypatch.setattr(draw, "SEND_SECONDS", 3600.0)
    app = GanTui(runs, folder)
    async with running(app) as pilot:
        await seen(pilot, "a paint")
        press(pilot, "a")
        canvas = await painted(pilot, "right", "space")
        press(pilot, "q")
        await soon(lambda: app._exit)
    assert run.took == [[list(point) for point in canvas.points]]


# A preset's file that changes meanwhile --------------------------------------------------------------------------


@pytest.mark.slow
async def test_a_preset_that_was_edited_since_it_was_listed_is_shown_before_it_is_started(
    runs: Path, own_presets: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(launching, "spawn", lambda *_: None)
    file, xor = own_presets / "mine.toml", (presets.bundled_folder() / "xor.toml").read_text()
    assert "epochs = 1000" in xor
    file.write_text(xor)
    async with running(GanTui(runs), notifications=True) as pilot:
        await seen(pilot, " gan: ")
        choose(pilot, "mine")
        await seen(pilot, " mine: ")
        pilot.app.screen.query_one("#seed", Input).value = "64"
        file.write_text("epochs =")
        press(pilot, "enter")
        await seen(pilot, "mine.toml is not valid TOML")
        file.write_text(xor.replace("epochs = 1000", "epochs = 123"))
        press(pilot, "enter")
        await seen(pilot, "mine has changed: this is what its file says now")
        await soon(lambda: (typed(pilot)[0], typed(pilot)[-1]) == ("123", "64"))
        await pilot.pause(0.1)
        assert not runs.exists(), "nothing is started that was not shown"
        press(pilot, "enter")
        await soon(lambda: isinstance(pilot.app.screen, TrainingScreen))
    assert presets.of_run(RunFolder(runs / "mine-1")).settings["epochs"] == 123


# Training longer ------------------------------------------------------------------------------------------------


@pytest.mark.slow
async def test_a_finished_run_trains_longer_by_a_key(runs: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    begun: list[str] = []

    def spawn(folder: RunFolder, asked: Assignment, _: object) -> None:
        begun.append(f"{folder.name} {asked.mode} {asked.length}")
        presets.set_length(folder, *asked.length or ())

    monkeypatch.setattr(launching, "spawn", spawn)
    folder = recorded_run(runs, "xor", steps=400)
    async with running(GanTui(runs, folder)) as pilot:
        await seen(pilot, "r Train longer")
        press(pilot, "r")
        await seen(pilot, "steps in all, until now 400")
        asked = pilot.app.screen.query_one(Input)
        assert asked.value == "800"
        asked.value = "300"
        press(pilot, "enter")
        await seen(pilot, "Its length is 400 steps: give more.")
        assert not begun
        asked.value = "0x3e8  # a thousand"  # as it may be written in a file of settings
        press(pilot, "enter")
        await soon(lambda: begun == ["xor-1 train ('steps', 1000)"])
        press(pilot, "escape", "escape")
        await seen(pilot, "✓ xor-1 .* 40 %")


# Another seed ---------------------------------------------------------------------------------------------------


@pytest.mark.slow
async def test_a_run_that_learnt_nothing_says_so_and_o_trains_it_from_another_seed(
    runs: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(launching, "spawn", lambda *_: None)
    folder = recorded_run(runs, "xor", seed=2)
    xor = dataclasses.replace(started(presets.of_run(folder)), steps_per_epoch=1)
    measured = Metrics([400], {"loss": [0.69], "accuracy": [0.5]})
    append(folder, xor, measured, State("finished", "all steps are done"))
    async with running(GanTui(runs, folder)) as pilot:
        await seen(
            pilot,
            "Stuck at an accuracy of 0.5; trained longer or from another seed it may learn. Press o for another seed",
        )
        press(pilot, "o", "y", "o", "y")
        await soon(lambda: isinstance(pilot.app.screen, TrainingScreen) and pilot.app.screen.folder.name == "xor-2")
        await pilot.pause(0.2)
    assert not (runs / "xor-3").exists(), "a second press while it starts is no second run"
    before, after = presets.of_run(folder), presets.of_run(RunFolder(runs / "xor-2"))
    assert after == before.with_settings({"seed": 3})
    async with running(GanTui(runs, folder)) as pilot:
        await seen(pilot, "Press o for another seed")
        press(pilot, "o", "y")
        await soon(lambda: isinstance(pilot.app.screen, TrainingScreen) and pilot.app.screen.folder.name == "xor-3")
    assert presets.of_run(RunFolder(runs / "xor-3")).settings["seed"] == 4, "3 was trained"


async def test_o_on_a_run_from_elsewhere_trains_among_the_runs(
    runs: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(launching, "spawn", lambda *_: None)
    folder = recorded_run(tmp_path / "from a friend", "xor", state="finished")
    async with running(GanTui(runs, folder)) as pilot:
        await seen(pilot, "✓ finished")
        press(pilot, "o", "y")
        await soon(lambda: (runs / "xor-1").is_dir() and pilot.app.screen.folder.path == runs / "xor-1")
    assert [path.name for path in folder.path.parent.iterdir()] == ["xor-1"]


async def test_a_run_that_finished_as_it_should_says_so_once(runs: Path) -> None:
    folder = recorded_run(runs, "xor", state="finished")
    append(folder, Metrics([121], {"loss": [0.01], "accuracy": [1.0]}), State("finished", "all steps are done"))
    async with running(GanTui(runs, folder)) as pilot:
        await seen(pilot, "✓ finished  step 121")
        await pilot.pause()
        assert screen_text(pilot).lower().count("finished") == 1
