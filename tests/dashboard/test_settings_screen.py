"""All settings of a preset in the menu: found by typing, explained, changed, checked, kept and started."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from textual.pilot import Pilot
from textual.widgets import Input, Static

from gan_tui import presets
from gan_tui.dashboard.app import GanTui
from gan_tui.dashboard.screens.confirm import ConfirmScreen
from gan_tui.dashboard.screens.menu import MenuScreen
from gan_tui.dashboard.screens.settings import SettingsScreen
from gan_tui.dashboard.widgets.setting_list import SettingList
from gan_tui.dashboard.widgets.typed_preset import TypedPreset
from gan_tui.errors import UserError
from gan_tui.presets import Preset
from gan_tui.run.folder import RunFolder
from gan_tui.supervision import launching, starting
from on_screen import LOW, back_to, cells_at, lines_of, press, running, screen_text, seen, soon, words_of


@pytest.fixture(scope="module")
async def opened(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Pilot]:
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(launching, "spawn", lambda *_: pytest.fail("nothing here is to be trained"))
        async with running(GanTui(tmp_path_factory.mktemp("menu") / "runs"), notifications=True) as pilot:
            await seen(pilot, "7,800 steps")
            yield pilot


@pytest.fixture
async def pilot(opened: Pilot) -> Pilot:
    """The screen of all settings of `gan`, as it is before anything is changed."""
    await back_to(opened, MenuScreen)
    opened.app.screen._place._typed.clear()
    press(opened, "a")
    await soon(lambda: opened.app.screen.query(SettingList) and listed(opened))
    await opened.pause()
    return opened


def listed(pilot: Pilot) -> list[str]:
    return lines_of(pilot.app.screen.query_one(SettingList))


def value(pilot: Pilot) -> Input:
    return pilot.app.screen.query_one("#value", Input)


def chosen(pilot: Pilot) -> str:
    line = pilot.app.screen.query_one(SettingList).chosen
    return line.setting.name if line else ""


def row_of(pilot: Pilot, name: str) -> str:
    return next((" ".join(line.split()) for line in listed(pilot) if name in line.split()), "")


@pytest.mark.slow
async def test_every_setting_is_there_with_its_value_and_what_it_means(pilot: Pilot) -> None:
    gan = presets.find("gan")
    assert all(row_of(pilot, name) for name in gan.settings)
    assert row_of(pilot, "latent") == "latent normal normal distribution of the latent vectors"
    assert row_of(pilot, "save_epochs") == "save_epochs [1] [] epochs after which the networks are saved"
    assert [line for line in listed(pilot) if not line.startswith("  ")] == [
        "How long", "Each step", "The task", "The learning rate", "The optimizer", "The data", "What is kept"
    ]  # fmt: skip
    assert f"{EVERY} settings" in screen_text(pilot)


EVERY = len(presets.find("gan").settings)
FOUND = {
    "amsgrad": ["amsgrad"],
    "passes over": ["epochs"],
    "LATENT vectors": ["latent"],
    "checkpoints keep": ["autosave_keep"],
    "no such thing": [],
}


@pytest.mark.slow
async def test_what_is_typed_finds_by_name_and_by_meaning(pilot: Pilot) -> None:
    for typed, found in FOUND.items():
        pilot.app.screen.query_one("#find", Input).value = typed
        await seen(pilot, f"{len(found)} of {EVERY} settings")
        assert [line.split()[0] for line in listed(pilot) if line.startswith("  ")] == found, typed
    press(pilot, "escape")
    await soon(lambda: f" {EVERY} settings" in screen_text(pilot))
    assert isinstance(pilot.app.screen, SettingsScreen), "the first escape gives up the finding"
    press(pilot, *"real")
    await soon(lambda: chosen(pilot) == "real_label")  # it goes before those that are about real images


@pytest.mark.slow
async def test_the_chosen_setting_says_what_it_takes_and_what_it_is_otherwise(pilot: Pilot) -> None:
    press(pilot, *"learning_rate")
    await soon(lambda: chosen(pilot) == "learning_rate")
    words = words_of(pilot, "SettingDetails")
    for part in ("size of an update", "a number from 1e-12 to 1000", "0.0002; by default 0.001"):
        assert part in words
    press(pilot, "escape", *"autosave", "down")
    await soon(lambda: chosen(pilot) == "autosave_epochs")
    await soon(lambda: "0, as by default" in words_of(pilot, "#facts"))


@pytest.mark.slow
async def test_a_change_is_checked_at_each_key_marked_and_taken_back(pilot: Pilot) -> None:
    press(pilot, *"autosave_keep", "enter", "0")
    refusal = "autosave_keep must be a whole number from 1 to 1,000, not 0"
    await soon(lambda: refusal in words_of(pilot, "#said"))
    assert value(pilot).has_class("-invalid")
    press(pilot, "backspace", "7")
    await soon(lambda: words_of(pilot, "#said").startswith("7,800 steps"))
    await soon(lambda: row_of(pilot, "autosave_keep").startswith("● autosave_keep 7 3 "))
    assert f"1 changed · 1 of {EVERY} settings" in screen_text(pilot)
    press(pilot, "ctrl+r")
    await soon(lambda: row_of(pilot, "autosave_keep").startswith("autosave_keep 3 3 "))
    assert value(pilot).value == "3" and "changed" not in screen_text(pilot).splitlines()[0]


@pytest.mark.slow
async def test_choices_are_gone_through_with_the_arrows_and_what_then_does_nothing_says_so(pilot: Pilot) -> None:
    press(pilot, *"optimizer", "enter", "up", "down", "down")
    await soon(lambda: value(pilot).value == "rmsprop")
    press(pilot, "escape", "escape", *"beta_1")
    await soon(lambda: row_of(pilot, "beta_1").endswith("does nothing with the optimizer rmsprop"))
    await soon(lambda: "It does nothing with the optimizer rmsprop." in words_of(pilot, "#facts"))


@pytest.mark.slow
async def test_epochs_do_nothing_where_steps_are_set_here_as_in_the_form(pilot: Pilot) -> None:
    press(pilot, *"steps", "enter", *"400", "escape", "escape", *"epochs", "enter", "5")
    await seen(pilot, "2 changed")
    await soon(lambda: words_of(pilot, "#said").startswith("400 steps"))
    assert row_of(pilot, "epochs").endswith("does nothing where steps are set")
    await back_to(pilot, MenuScreen)
    await soon(lambda: words_of(pilot, "#outcome").startswith("400 steps"))


def test_steps_of_the_preset_go_before_epochs_that_are_typed() -> None:
    typed = TypedPreset(Static())
    typed.read(presets.find("gan").with_settings({"steps": 400}), {"epochs": "5"})
    assert typed.outcome == "400 steps, 39 per epoch; 5,000 examples" and not typed.problem


async def test_settings_that_do_not_fit_each_other_are_told_in_one_sentence(pilot: Pilot) -> None:
    press(pilot, *"image_range", "enter")
    await soon(lambda: value(pilot).has_focus)
    value(pilot).value = "[-5, 5]"
    await soon(lambda: "cannot reach all of image_range [-5, 5]; change one of them" in words_of(pilot, "#said"))


@pytest.mark.slow
async def test_what_is_changed_is_counted_in_the_menu_kept_there_and_started(
    pilot: Pilot, monkeypatch: pytest.MonkeyPatch
) -> None:
    started: list[Preset] = []

    def start(preset: Preset, folder: Path, *_: object) -> RunFolder:
        started.append(preset)
        raise UserError("It was asked for.")

    press(pilot, *"epochs", "enter", "5", "escape", "escape", *"latent", "enter", "down", "escape", "escape")
    press(pilot, *"real_label", "enter", "1")
    await seen(pilot, "3 changed")
    await back_to(pilot, MenuScreen)
    await soon(lambda: words_of(pilot, "#others") == "2 more changed: latent uniform, real_label 1")
    assert pilot.app.screen.query_one("#epochs", Input).value == "5"
    assert words_of(pilot, "#outcome").startswith("195 steps")
    press(pilot, "down")  # to another preset, and back
    await soon(lambda: not pilot.app.screen.query_one("#others").display)
    press(pilot, "up")
    await soon(lambda: words_of(pilot, "#others").startswith("2 more changed"))
    press(pilot, "e")
    await soon(lambda: pilot.app.screen.query_one("#epochs").has_focus)
    press(pilot, "6")
    await soon(lambda: words_of(pilot, "#outcome").startswith("234 steps"))
    press(pilot, "ctrl+s")
    await seen(pilot, "3 changed")
    await back_to(pilot, MenuScreen)
    monkeypatch.setattr(starting, "start", start)
    press(pilot, "escape", "enter")
    await soon(lambda: started)
    (preset,) = started
    gan = presets.find("gan")
    assert {name: value for name, value in preset.settings.items() if value != gan.settings[name]} == {
        "epochs": 6, "latent": "uniform", "real_label": 1.0
    }  # fmt: skip


async def test_a_wrong_value_starts_nothing_and_is_named(pilot: Pilot) -> None:
    press(pilot, *"restarts", "enter", *"often")
    await seen(pilot, 'restarts must be a whole number from 0 to 1,000, not "often"')
    press(pilot, "escape", "escape", "escape")
    await soon(lambda: isinstance(pilot.app.screen, MenuScreen))
    press(pilot, "enter")
    told = "Not started: restarts must be a whole number"
    await soon(lambda: any(said.message.startswith(told) for said in pilot.app._notifications))
    assert isinstance(pilot.app.screen, MenuScreen)


async def test_all_are_taken_back_after_a_question(pilot: Pilot) -> None:
    press(pilot, *"latent", "enter", "down", "escape")
    await seen(pilot, "1 changed")
    press(pilot, "ctrl+g")
    await soon(lambda: isinstance(pilot.app.screen, ConfirmScreen))
    await seen(pilot, r"Take 1 setting back to what gan has\?")
    press(pilot, "y")
    await soon(lambda: isinstance(pilot.app.screen, SettingsScreen) and " changed" not in screen_text(pilot))
    assert row_of(pilot, "latent").startswith("latent normal ")


async def test_data_of_ones_own_are_looked_at_here_too(pilot: Pilot, tmp_path: Path) -> None:
    pilot.app.screen.query_one("#find", Input).value = "your own images"
    await seen(pilot, f"1 of {EVERY}")
    press(pilot, "enter")
    await soon(lambda: chosen(pilot) == "data")
    value(pilot).value = str(tmp_path / "nothing")
    await seen(pilot, f"There is nothing at {tmp_path}"[:60])


@pytest.mark.slow
async def test_help_names_the_keys_and_nothing_is_cut_off_in_a_small_window(pilot: Pilot) -> None:
    press(pilot, "question_mark")
    await seen(pilot, "Take all back to the preset's own")
    press(pilot, "escape")
    await soon(lambda: isinstance(pilot.app.screen, SettingsScreen))
    for size in (LOW, (60, 18)):
        await pilot.resize_terminal(*size)
        await soon(lambda size=size: pilot.app.screen.query_one("KeyLine").region.bottom == size[1])
        press(pilot, "down")
        await pilot.pause()
        text = screen_text(pilot)
        assert "takes" in text and "find" in text and "7,800 steps" in text, size
        assert pilot.app.screen.query_one(SettingList).region.height >= 5, size
        assert cells_at(pilot, value(pilot).region).text().strip(), size
