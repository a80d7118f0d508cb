"""The menu's list of runs: what stands in it, and what keys do to a run."""

from pathlib import Path

from textual.widgets import OptionList

from gan_tui.dashboard.app import GanTui
from gan_tui.dashboard.screens.confirm import ConfirmScreen
from gan_tui.dashboard.screens.menu import MenuScreen
from gan_tui.dashboard.screens.training import TrainingScreen
from gan_tui.dashboard.widgets.preset_list import PresetList
from gan_tui.dashboard.widgets.run_list import RunList
from gan_tui.run.events import State
from on_screen import LOW, lines_of, press, running, screen_text, seen, soon
from recorded import append, recorded_run


async def test_runs_are_listed_with_their_states_open_on_enter_and_are_deleted_when_asked_twice(runs: Path) -> None:
    folder = recorded_run(runs)
    async with running(GanTui(runs)) as pilot:
        await seen(pilot, "✓ gan-1")
        (line,) = lines_of(pilot.app.screen.query_one("#runs", OptionList))
        assert line.split() == ["✓", "gan-1", "finished", "30", "%"]
        press(pilot, "tab", "enter")
        await soon(lambda: isinstance(pilot.app.screen, TrainingScreen))
        press(pilot, "escape")
        await seen(pilot, "✓ gan-1")
        assert isinstance(pilot.app.screen, MenuScreen)
        for key, kept in (("escape", True), ("d", False)):
            press(pilot, "escape", "tab", "d")
            await soon(lambda: isinstance(pilot.app.screen, ConfirmScreen))
            assert folder.path.exists(), "not before it is asked again"
            press(pilot, key)
            await soon(lambda: isinstance(pilot.app.screen, MenuScreen))
            await soon(lambda kept=kept: folder.path.exists() is kept)
        await soon(lambda: "gan-1 " not in screen_text(pilot))


async def test_the_cursor_stays_on_a_run_when_others_come_and_the_window_changes(runs: Path) -> None:
    folder = recorded_run(runs, state="stopped")
    async with running(GanTui(runs)) as pilot:
        listed = pilot.app.screen.query_one(RunList)
        await seen(pilot, folder.name)
        assert listed.chosen and listed.chosen.folder.name == folder.name
        newer = recorded_run(runs, "xor", state="stopped")
        await seen(pilot, newer.name)
        assert [line.split()[1] for line in lines_of(listed)] == [newer.name, folder.name]
        assert listed.chosen.folder.name == folder.name
        append(newer, State("finished", "all steps are done"))
        await soon(lambda: "finished" in lines_of(listed)[0])
        chosen = pilot.app.screen.query_one(PresetList).chosen
        await pilot.resize_terminal(*LOW)
        await soon(lambda: len(lines_of(listed)[0]) < 30)
        assert listed.chosen.folder.name == folder.name
        assert pilot.app.screen.query_one(PresetList).chosen == chosen
