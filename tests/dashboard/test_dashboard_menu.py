"""The menu's presets and settings, driven by keys, looked at as a person would. (Its runs: test_dashboard_runs.)"""

import time
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from textual.pilot import Pilot
from textual.widgets import Input, OptionList, Static

from gan_tui import presets
from gan_tui.dashboard.app import GanTui
from gan_tui.dashboard.screens.help import HelpScreen
from gan_tui.dashboard.screens.menu import MenuScreen
from gan_tui.dashboard.screens.training import TrainingScreen
from gan_tui.dashboard.widgets.preset_list import PresetList
from gan_tui.dashboard.widgets.settings_form import FIELDS, SettingsForm
from gan_tui.presets import Preset
from gan_tui.run.folder import RunFolder
from gan_tui.supervision import launching, starting
from on_screen import LOW, WIDE, back_to, lines_of, press, running, screen_text, seen, soon
from recorded import recorded_run

AS_OPENED = "7,800 steps, 39 per epoch; 5,000 examples"
"""What the first preset's settings come to."""


def outcome(pilot: Pilot) -> str:
    return str(pilot.app.screen.query_one("#outcome", Static).content)


@dataclass
class Opened:
    """One app for all: a menu without runs, with a user's two presets, one of them broken."""

    pilot: Pilot
    told: list[str]
    """The notifications when it was opened."""


@pytest.fixture(scope="module")
async def opened(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Opened]:
    own, text = tmp_path_factory.mktemp("presets"), (presets.bundled_folder() / "xor.toml").read_text()
    (own / "mine.toml").write_text(text.replace('"XOR"', '"My own"'))
    (own / "broken.toml").write_text(text.replace("units = 4", "unit = 4"))
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("GAN_TUI_PRESETS", str(own))
        environment.setattr(launching, "spawn", lambda *_: pytest.fail("nothing here is to be trained"))
        app = GanTui(tmp_path_factory.mktemp("menu") / "runs")
        async with running(app, notifications=True) as pilot:
            await soon(lambda: outcome(pilot) == AS_OPENED)
            yield Opened(pilot, [notification.message for notification in app._notifications])


@pytest.fixture
async def pilot(opened: Opened) -> Pilot:
    """The app with the preset chosen that it begins with, whatever a test before has left."""
    pilot, app = opened.pilot, opened.pilot.app
    app.clear_notifications()
    await back_to(pilot, MenuScreen)
    if tuple(app.size) != WIDE:
        await pilot.resize_terminal(*WIDE)
    if outcome(pilot) != AS_OPENED:
        await pilot.press("escape", "home")  # out of the settings, and away from the preset
        gan = next(number for number, line in enumerate(listed(pilot)) if line.startswith("  gan "))
        app.screen.query_one(PresetList).highlighted = gan
        await seen(pilot, " gan: ")
        for own in app.screen.query(Input):
            own.value = ""
    await soon(lambda: outcome(pilot) == AS_OPENED and "1,460,225" in screen_text(pilot))
    await pilot.pause()  # until the fields are those of this preset
    return pilot


def listed(pilot: Pilot) -> list[str]:
    return lines_of(pilot.app.screen.query_one("#presets", OptionList))


def field(pilot: Pilot, name: str) -> Input:
    return pilot.app.screen.query_one(f"#{name}", Input)


@pytest.mark.slow
async def test_every_preset_is_listed_under_its_task_with_its_parameters(pilot: Pilot) -> None:
    lines = listed(pilot)
    assert lines.index("First networks on the plane") < lines.index("Image classifiers")
    assert [line.split() for line in lines if line.startswith("  gan ")] == [["gan", "1.49M", "+", "1.46M"]]
    assert any(line.split() == ["fashion-cnn", "334k"] for line in lines)


async def test_a_users_own_preset_is_in_the_menu_and_a_broken_one_is_named(pilot: Pilot, opened: Opened) -> None:
    assert any(line.split()[0] == "mine" for line in listed(pilot))
    (problem,) = opened.told
    assert "broken.toml" in problem
    assert 'did you mean "units"?' in problem


async def test_the_chosen_preset_shows_its_layers_and_totals_to_the_number(pilot: Pilot) -> None:
    text = screen_text(pilot)
    for words in ("Dense 784 tanh", "803,600", "1,486,352", "1,460,225", "mnist, 5,000 examples, embedded"):
        assert words in text


async def test_moving_down_shows_the_next_preset(pilot: Pilot) -> None:
    press(pilot, "down")
    await seen(pilot, "2,394,241")
    assert "25,536" in screen_text(pilot), "not trainable"


@pytest.mark.slow
async def test_settings_are_checked_while_they_are_typed(pilot: Pilot) -> None:
    press(pilot, "e")
    await soon(lambda: field(pilot, "epochs").has_focus)
    press(pilot, "1", "0")
    await soon(lambda: outcome(pilot).startswith("390 steps"))
    field(pilot, "batch_size").value = "0"
    await soon(lambda: outcome(pilot) == "batch_size must be a whole number from 1 to 1,000,000, not 0")
    field(pilot, "batch_size").value = "6000"
    await soon(lambda: "more than the 5,000 training examples" in outcome(pilot))
    assert pilot.app.screen.query_one(SettingsForm).preset is None


BURSTS = {
    "to the next field": ("e backspace 7 7 tab 5", {"epochs": "77", "steps": "5"}),
    "and back": ("e 7 tab 5 shift+tab backspace 9 left 8 tab right 6", {"epochs": "89", "steps": "56"}),
    "through many": ("e tab 5 tab 6 4 tab tab 1 2", {"steps": "5", "batch_size": "64", "seed": "12"}),
    "left and entered again": ("e 8 escape e 9 tab 5 escape", {"epochs": "9", "steps": "5"}),
}


@pytest.mark.slow
@pytest.mark.parametrize(("keys", "typed"), BURSTS.values(), ids=BURSTS)
async def test_keys_of_one_burst_go_where_they_would_one_by_one(keys: str, typed: dict[str, str], pilot: Pilot) -> None:
    whole = {name: field(pilot, name).value for name in FIELDS} | typed
    press(pilot, *keys.split())
    await soon(lambda: {name: field(pilot, name).value for name in FIELDS} == whole)


@pytest.mark.slow
async def test_what_follows_the_settings_in_a_burst_is_a_key_and_not_typed(pilot: Pilot) -> None:
    press(pilot, "e", "8", "escape", "h")
    await soon(lambda: isinstance(pilot.app.screen, HelpScreen))
    press(pilot, "escape")
    await soon(lambda: isinstance(pilot.app.screen, MenuScreen))
    assert field(pilot, "epochs").value == "8"


@pytest.mark.slow
async def test_a_click_chooses_and_only_a_second_one_starts(pilot: Pilot, monkeypatch: pytest.MonkeyPatch) -> None:
    started = []
    presets_list = pilot.app.screen.query_one("#presets", OptionList)
    monkeypatch.setattr(presets_list, "action_select", lambda: started.append(presets_list.highlighted))
    row = next(row for row, line in enumerate(screen_text(pilot).splitlines()) if " dcgan-small " in line)
    for button in (3, 1):
        await pilot.click(offset=(6, row), button=button)
        assert not started
    await soon(lambda: "dcgan-small:" in screen_text(pilot))
    await pilot.click(offset=(6, row), times=2)
    assert len(started) == 1


@pytest.mark.slow
async def test_a_wrong_setting_starts_nothing(pilot: Pilot) -> None:
    press(pilot, "e")
    await soon(lambda: field(pilot, "epochs").has_focus)
    field(pilot, "learning_rate").value = "fast"
    press(pilot, "enter")
    told = "Not started: learning_rate must be a number"
    await soon(lambda: any(said.message.startswith(told) for said in pilot.app._notifications))
    assert isinstance(pilot.app.screen, MenuScreen)
    runs = pilot.app.runs_folder
    assert not runs.exists() or not list(runs.iterdir())


@pytest.mark.slow
async def test_an_empty_list_of_runs_says_what_to_do(pilot: Pilot) -> None:
    runs = pilot.app.screen.query_one("#runs", OptionList)
    await soon(lambda: runs.option_count == 1)
    assert "enter starts one" in lines_of(runs)[0]


@pytest.mark.slow
async def test_nothing_is_cut_off_at_any_usual_size(pilot: Pilot) -> None:
    for size in (LOW, (60, 18), (200, 60), WIDE):
        await pilot.resize_terminal(*size)
        footer = pilot.app.screen.query_one("KeyLine")
        await soon(lambda size=size, footer=footer: footer.region.bottom == size[1] and "Quit" in screen_text(pilot))
        assert pilot.app.screen.query_one(SettingsForm).region.bottom < size[1], size
        shown = [field for field in pilot.app.screen.query(Input) if field.parent and field.parent.display]
        assert len(shown) == 6 and all(field.region.width >= 7 for field in shown), size
        for words in ("Presets", "Settings", "batch size", "seed", "Help", "Quit"):
            assert words in screen_text(pilot), size


@pytest.mark.slow
async def test_help_names_every_key(pilot: Pilot) -> None:
    press(pilot, "question_mark")
    await seen(pilot, "Change settings before starting")
    press(pilot, "end")
    await soon(lambda: str(presets.user_folder())[:20] in screen_text(pilot))
    press(pilot, "escape")
    await soon(lambda: isinstance(pilot.app.screen, MenuScreen))


async def test_a_second_enter_does_not_start_a_second_run(pilot: Pilot, monkeypatch: pytest.MonkeyPatch) -> None:
    started: list[str] = []

    def slowly(preset: Preset, folder: Path, *_: object) -> RunFolder:
        started.append(preset.name)
        time.sleep(0.3)
        return recorded_run(folder)

    monkeypatch.setattr(starting, "start", slowly)
    press(pilot, "enter", "enter", "enter")
    await soon(lambda: isinstance(pilot.app.screen, TrainingScreen))
    await pilot.pause()
    assert started == ["gan"]
