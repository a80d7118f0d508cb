"""The list of runs comes back as it was left, at another start: its filter, its marks, the chosen run."""

import shutil
from pathlib import Path

import pytest
from test_typed_ahead import type_at_once

from gan_tui.dashboard import kept_choices, kept_place
from gan_tui.dashboard.app import GanTui
from gan_tui.dashboard.screens.menu import MenuScreen
from gan_tui.dashboard.screens.run_edits import NameScreen
from gan_tui.dashboard.screens.runs import FilterInput, RunsScreen
from gan_tui.dashboard.widgets.line_input import LineInput
from gan_tui.dashboard.widgets.run_list import RunList
from on_screen import press, running, seen, soon
from recorded import recorded_run

pytestmark = pytest.mark.slow  # whole screens


@pytest.fixture(autouse=True)
def nothing_chosen() -> None:
    """As a program starts: what another test has sorted by is not the order here."""
    kept_choices.begin()


async def _in_list(app: GanTui) -> RunsScreen:
    await soon(lambda: isinstance(app.screen, RunsScreen) and app.screen._shown.is_read and app.screen.listed)
    assert isinstance(app.screen, RunsScreen)
    return app.screen


async def test_who_quits_in_the_list_comes_back_to_it_as_it_was(runs: Path) -> None:
    for seed in range(4):
        recorded_run(runs, "xor", 20, seed=seed)
    recorded_run(runs, "gan", 20)
    app = GanTui(runs, place=kept_place.read())
    async with running(app) as pilot:
        await soon(lambda: isinstance(app.screen, MenuScreen) and app.screen.query_one(RunList).is_read)
        press(pilot, "l")
        await _in_list(app)
        type_at_once(pilot, "slash", *"xor", "enter", "a", "down")
        screen = await _in_list(app)
        await soon(lambda: len(screen._look.marked) == 4 and screen.chosen and screen.chosen.listed.name == "xor-3")
        assert app.keep_place()
    shutil.rmtree(runs / "xor-1")
    recorded_run(runs, "gan", 20).path.rename(runs / "xor-1")  # another run, of its name
    again = GanTui(runs, place=kept_place.read())
    async with running(again) as pilot:
        screen = await _in_list(again)
        assert screen.query_one(FilterInput).value == "xor"
        await soon(lambda: sorted(run.folder.name for run in screen.marked()) == ["xor-2", "xor-3", "xor-4"])
        await soon(lambda: screen.chosen and screen.chosen.listed.name == "xor-3")
        press(pilot, "escape", "escape")
        await soon(lambda: isinstance(again.screen, MenuScreen))
        assert again.keep_place()
    assert not kept_place.read().look.is_open, "who left from the menu comes back to the menu"


async def test_a_name_that_is_taken_keeps_the_question(runs: Path) -> None:
    recorded_run(runs, "xor", 20)
    recorded_run(runs, "gan", 20)
    app = GanTui(runs)
    async with running(app) as pilot:
        await soon(lambda: isinstance(app.screen, MenuScreen) and app.screen.query_one(RunList).is_read)
        press(pilot, "l")
        screen = await _in_list(app)
        await soon(lambda: screen.chosen and screen.chosen.listed.name == "gan-1")
        type_at_once(pilot, "R", "ctrl+u", "x", "o", "r", "minus", "1", "enter", *"dn")
        await seen(pilot, 'A run is called "xor-1" already')
        assert isinstance(app.screen, NameScreen) and isinstance(app.focused, LineInput)
        await soon(lambda: app.focused.value == "xor-1dn")
        press(pilot, "enter")
        await soon(lambda: (runs / "xor-1dn").exists())
