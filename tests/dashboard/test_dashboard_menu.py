"""The menu, driven by keys, looked at as a person would."""

import time
from pathlib import Path

import pytest
from textual.pilot import Pilot
from textual.widgets import Input, OptionList, Static

from gan_tui import presets
from gan_tui.dashboard.app import GanTui
from gan_tui.dashboard.screens.confirm import ConfirmScreen
from gan_tui.dashboard.screens.menu import MenuScreen
from gan_tui.dashboard.screens.training import TrainingScreen
from gan_tui.dashboard.widgets.preset_list import PresetList
from gan_tui.dashboard.widgets.run_list import RunList
from gan_tui.dashboard.widgets.settings_form import SettingsForm
from gan_tui.presets import Preset
from gan_tui.run.events import State
from gan_tui.run.folder import RunFolder
from gan_tui.supervision import starting
from on_screen import screen_text, soon
from recorded import append, recorded_run


def lines_of(options: OptionList) -> list[str]:
    return [str(options.get_option_at_index(n).prompt) for n in range(options.option_count)]


def outcome(pilot: Pilot) -> str:
    return str(pilot.app.screen.query_one("#outcome", Static).content)


async def test_every_preset_is_listed_under_its_task_with_its_parameters(runs: Path) -> None:
    async with GanTui(runs).run_test(size=(120, 40)) as pilot:
        lines = lines_of(pilot.app.screen.query_one("#presets", OptionList))
    assert lines.index("First networks on the plane") < lines.index("Image classifiers")
    assert [line.split() for line in lines if line.startswith("  gan ")] == [["gan", "1.49M", "+", "1.46M"]]
    assert any(line.split() == ["fashion-cnn", "334k"] for line in lines)


async def test_the_chosen_preset_shows_its_layers_and_totals_to_the_number(runs: Path) -> None:
    async with GanTui(runs).run_test(size=(120, 40)) as pilot:
        await soon(lambda: "1,460,225" in screen_text(pilot))
        text = screen_text(pilot)
    for words in ("Dense 784 tanh", "803,600", "1,486,352", "1,460,225", "mnist, 5,000 examples, embedded"):
        assert words in text


async def test_moving_down_shows_the_next_preset(runs: Path) -> None:
    async with GanTui(runs).run_test(size=(120, 40)) as pilot:
        await soon(lambda: bool(outcome(pilot)))
        await pilot.press("down")
        await soon(lambda: "2,394,241" in screen_text(pilot))
        assert "25,536" in screen_text(pilot)  # not trainable


async def test_settings_are_checked_while_they_are_typed(runs: Path) -> None:
    async with GanTui(runs).run_test(size=(120, 40)) as pilot:
        await soon(lambda: outcome(pilot) == "7,800 steps, 39 an epoch; 5,000 examples")
        await pilot.press("e", "1", "0")
        assert outcome(pilot).startswith("390 steps")
        pilot.app.screen.query_one("#batch_size", Input).value = "0"
        await pilot.pause()
        assert outcome(pilot) == "batch_size must be a whole number from 1 to 1,000,000, not 0"
        pilot.app.screen.query_one("#batch_size", Input).value = "6000"
        await pilot.pause()
        assert "more than the 5,000 training examples" in outcome(pilot)
        assert pilot.app.screen.query_one(SettingsForm).preset is None


async def test_a_wrong_setting_starts_nothing(runs: Path) -> None:
    async with GanTui(runs).run_test(size=(120, 40)) as pilot:
        await pilot.press("e")
        pilot.app.screen.query_one("#learning_rate", Input).value = "fast"
        await pilot.press("enter")
        await pilot.pause()
        assert isinstance(pilot.app.screen, MenuScreen)
    assert not runs.exists() or not list(runs.iterdir())


async def test_runs_are_listed_with_their_states_and_open_on_enter(runs: Path) -> None:
    recorded_run(runs)
    async with GanTui(runs).run_test(size=(120, 40)) as pilot:
        await soon(lambda: "✓ gan-1" in screen_text(pilot))
        (line,) = lines_of(pilot.app.screen.query_one("#runs", OptionList))
        assert line.split() == ["✓", "gan-1", "finished", "30", "%"]
        await pilot.press("tab", "enter")
        await soon(lambda: isinstance(pilot.app.screen, TrainingScreen))
        await pilot.press("escape")
        await soon(lambda: isinstance(pilot.app.screen, MenuScreen))


async def test_an_empty_list_of_runs_says_what_to_do(runs: Path) -> None:
    async with GanTui(runs).run_test(size=(120, 40)) as pilot:
        await soon(lambda: pilot.app.screen.query_one("#runs", OptionList).option_count == 1)
        assert "enter starts a preset" in lines_of(pilot.app.screen.query_one("#runs", OptionList))[0]


@pytest.mark.parametrize(("key", "kept"), [("escape", True), ("d", False)])
async def test_a_run_is_deleted_only_when_asked_twice(runs: Path, key: str, kept: bool) -> None:
    folder = recorded_run(runs)
    async with GanTui(runs).run_test(size=(120, 40)) as pilot:
        await soon(lambda: "✓ gan-1" in screen_text(pilot))
        await pilot.press("tab", "d")
        await soon(lambda: isinstance(pilot.app.screen, ConfirmScreen))
        assert folder.path.exists()
        await pilot.press(key)
        await soon(lambda: isinstance(pilot.app.screen, MenuScreen))
        await soon(lambda: folder.path.exists() is kept)


async def test_a_users_own_preset_is_in_the_menu_and_a_broken_one_is_named(runs: Path, tmp_path: Path) -> None:
    folder = presets.user_folder()
    text = (presets.bundled_folder() / "xor.toml").read_text()
    (folder / "mine.toml").write_text(text.replace('"XOR"', '"My own"'))
    (folder / "broken.toml").write_text(text.replace("units = 4", "unit = 4"))
    async with GanTui(runs).run_test(size=(120, 40), notifications=True) as pilot:
        lines = lines_of(pilot.app.screen.query_one("#presets", OptionList))
        assert any(line.split()[0] == "mine" for line in lines)
        (problem,) = [notification.message for notification in pilot.app._notifications]
    assert "broken.toml" in problem
    assert 'did you mean "units"?' in problem


@pytest.mark.parametrize("size", [(80, 24), (60, 18), (120, 40), (200, 60)])
async def test_nothing_is_cut_off_at_any_usual_size(runs: Path, size: tuple[int, int]) -> None:
    async with GanTui(runs).run_test(size=size) as pilot:
        await soon(lambda: "Leave" in screen_text(pilot))
        text = screen_text(pilot)
        form = pilot.app.screen.query_one(SettingsForm).region
        assert form.bottom < size[1]
        assert all(field.region.width >= 7 for field in pilot.app.screen.query(Input))
    for words in ("Presets", "Settings", "batch size", "seed", "Help", "Leave"):
        assert words in text


async def test_help_names_every_key(runs: Path) -> None:
    async with GanTui(runs).run_test(size=(120, 40)) as pilot:
        await pilot.press("question_mark")
        text = screen_text(pilot)
        assert "Change settings before the start" in text
        assert str(presets.user_folder())[:20] in text
        await pilot.press("escape")
        assert isinstance(pilot.app.screen, MenuScreen)


async def test_a_second_enter_does_not_start_a_second_run(runs: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    started: list[str] = []

    def slowly(preset: Preset, folder: Path, *_: object) -> RunFolder:
        started.append(preset.name)
        time.sleep(0.3)
        return recorded_run(folder)

    monkeypatch.setattr(starting, "start", slowly)
    async with GanTui(runs).run_test(size=(120, 40)) as pilot:
        await soon(lambda: bool(outcome(pilot)))
        await pilot.press("enter", "enter", "enter")
        await soon(lambda: isinstance(pilot.app.screen, TrainingScreen))
    assert started == ["gan"]


async def test_the_cursor_stays_on_a_run_when_others_come_and_the_window_changes(runs: Path) -> None:
    folder = recorded_run(runs, state="stopped")
    async with GanTui(runs).run_test(size=(120, 40)) as pilot:
        listed = pilot.app.screen.query_one(RunList)
        await soon(lambda: folder.name in screen_text(pilot))
        assert listed.chosen and listed.chosen.folder.name == folder.name
        newer = recorded_run(runs, "xor", state="stopped")
        await soon(lambda: newer.name in screen_text(pilot))
        assert [line.split()[1] for line in lines_of(listed)] == [newer.name, folder.name]
        assert listed.chosen.folder.name == folder.name
        append(newer, State("finished", "all steps are done"))
        await soon(lambda: "finished" in lines_of(listed)[0])
        chosen = pilot.app.screen.query_one(PresetList).chosen
        await pilot.resize_terminal(80, 24)
        await soon(lambda: len(lines_of(listed)[0]) < 30)
        assert listed.chosen.folder.name == folder.name
        assert pilot.app.screen.query_one(PresetList).chosen == chosen
