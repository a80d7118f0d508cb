"""The menu's list of runs: what stands in it, and what keys do to a run."""

import asyncio
from pathlib import Path

import pytest
from textual.widgets import OptionList

from files import old_run
from gan_tui.dashboard.app import GanTui
from gan_tui.dashboard.screens.confirm import ConfirmScreen
from gan_tui.dashboard.screens.menu import MenuScreen
from gan_tui.dashboard.screens.training import TrainingScreen
from gan_tui.dashboard.widgets.preset_list import PresetList
from gan_tui.dashboard.widgets.run_list import RunList
from gan_tui.run.events import State
from on_screen import LOW, lines_of, notice, press, running, screen_text, seen, soon, words_of
from recorded import append, recorded_run


@pytest.mark.slow
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
        for key, kept in (("escape", True), ("y", False)):
            press(pilot, "escape", "tab", "d")
            await soon(lambda: isinstance(pilot.app.screen, ConfirmScreen))
            assert folder.path.exists(), "not before it is asked again"
            press(pilot, key)
            await soon(lambda: isinstance(pilot.app.screen, MenuScreen))
            await soon(lambda kept=kept: folder.path.exists() is kept)
        await soon(lambda: "gan-1 " not in screen_text(pilot))


@pytest.mark.slow
async def test_a_key_that_is_held_down_deletes_nothing(runs: Path) -> None:
    folders = [old_run("finished", "xor", runs / "old").path.rename(runs / f"xor-{n}") for n in range(1, 7)]
    async with running(GanTui(runs)) as pilot:
        await soon(lambda: pilot.app.screen.query_one(RunList).option_count == 6)
        press(pilot, "tab")
        for _ in range(12):
            press(pilot, "d")
            await asyncio.sleep(0.02)
        press(pilot, *"dddddd")
        await seen(pilot, "This cannot be undone")
        await pilot.pause(0.1)
        assert [type(screen) for screen in pilot.app.screen_stack[1:]] == [ConfirmScreen]
        assert all(folder.exists() for folder in folders)


@pytest.mark.slow
async def test_what_follows_a_deleted_run_is_chosen_next_and_after_the_last_one_what_is_before_it(runs: Path) -> None:
    for n in range(5, 0, -1):
        recorded_run(runs / "made", "xor").path.rename(runs / f"xor-{n}")
    async with running(GanTui(runs)) as pilot:
        listed = pilot.app.screen.query_one(RunList)
        await soon(lambda: listed.option_count == 5)
        press(pilot, "tab", "down", "down", "down")
        for deleted, chosen in ((4, 5), (5, 3)):
            await soon(lambda deleted=deleted: listed.chosen and listed.chosen.folder.name == f"xor-{deleted}")
            press(pilot, "d")
            await seen(pilot, f"Delete the run xor-{deleted}")
            press(pilot, "y")
            await soon(lambda deleted=deleted: f"xor-{deleted}" not in str(lines_of(listed)))
            await soon(lambda chosen=chosen: listed.chosen and listed.chosen.folder.name == f"xor-{chosen}")


@pytest.mark.slow
async def test_what_else_lies_in_a_runs_folder_is_named_before_it_is_deleted(runs: Path) -> None:
    folder = recorded_run(runs)
    (folder.path / "paper").mkdir()
    (folder.path / "notes.txt").write_text("mine")
    async with running(GanTui(runs)) as pilot:
        await seen(pilot, folder.name)
        press(pilot, "tab", "d")
        await seen(pilot, "Delete the run gan-1")
        said = " ".join(words_of(pilot, "ConfirmScreen Static").split())
        assert "checkpoints and pictures, and what else lies in its folder (notes.txt, paper)? This cannot" in said


@pytest.mark.slow
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


@pytest.mark.slow
async def test_runs_whose_names_read_alike_are_told_apart(runs: Path) -> None:
    first, second = (recorded_run(runs, "xor", steps) for steps in (20, 40))
    ends = {" ": first, "\u00a0": second}
    for end, folder in ends.items():
        folder.path.rename(runs / f"same{end}")
    async with running(GanTui(runs)) as pilot:
        listed = pilot.app.screen.query_one(RunList)
        await soon(lambda: listed.option_count == 2)
        assert [line.split()[1] for line in lines_of(listed)] == ["same", "same"]
        press(pilot, "tab", "down", "enter")
        await soon(lambda: isinstance(pilot.app.screen, TrainingScreen) and pilot.app.screen.state.step in (20, 40))
        below = pilot.app.screen.state.step
        press(pilot, "escape")
        await soon(lambda: isinstance(pilot.app.screen, MenuScreen))
        await soon(lambda: [one.option_count for one in pilot.app.screen.query(RunList)] == [2])
        press(pilot, "up", "enter")
        await soon(lambda: isinstance(pilot.app.screen, TrainingScreen) and pilot.app.screen.state.step == 60 - below)


async def test_what_is_drawn_in_cells_is_not_copied_as_the_name_of_a_widget(runs: Path) -> None:
    folder = recorded_run(runs)
    async with running(GanTui(runs, folder)) as pilot:
        await seen(pilot, "generated")
        screen = pilot.app.screen
        screen.text_select_all()
        assert screen.get_selected_text() == notice(screen), "what is written there, and no widget's name"
