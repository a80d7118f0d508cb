"""Keys that come before what they are meant for is there: as a paste, over a slow link, on a machine that trains."""

from pathlib import Path

import pytest

from gan_tui.dashboard.app import GanTui
from gan_tui.dashboard.screens.menu import MenuScreen
from gan_tui.dashboard.screens.run_edits import NoteScreen
from gan_tui.dashboard.screens.runs import FilterInput, RunsScreen
from gan_tui.dashboard.screens.training import TrainingScreen
from gan_tui.dashboard.widgets.line_input import LineInput
from gan_tui.dashboard.widgets.run_list import RunList
from gan_tui.run.folder import RunFolder
from on_screen import press, running, soon
from recorded import recorded_run

pytestmark = pytest.mark.slow  # whole screens

FILTER = ("p", "r", "e", "s", "e", "t", "equals_sign", "x", "o", "r")
CHARACTERS = {"equals_sign": "=", "space": " ", "slash": "/", "minus": "-"}


def type_at_once(pilot: object, *keys: str) -> None:
    """All at once, as a terminal brings them."""
    from textual.events import Key

    for key in keys:
        event = Key(key, CHARACTERS.get(key, key if len(key) == 1 else None))
        event.set_sender(pilot.app)  # type: ignore[attr-defined]
        pilot.app.post_message(event)  # type: ignore[attr-defined]


async def test_a_filter_that_is_typed_in_the_menu_is_the_list_s_and_starts_nothing(runs: Path) -> None:
    recorded_run(runs, "xor", 20)
    recorded_run(runs, "gan", 20)
    async with running(GanTui(runs)) as pilot:
        await soon(lambda: isinstance(pilot.app.screen, MenuScreen) and pilot.app.screen.query_one(RunList).is_read)
        type_at_once(pilot, "l", "slash", *FILTER, "enter", "space")
        await soon(lambda: isinstance(pilot.app.screen, RunsScreen) and pilot.app.screen.query(FilterInput))
        screen = pilot.app.screen
        assert isinstance(screen, RunsScreen)
        await soon(lambda: not len(pilot.app.typed_ahead) and screen.query_one(FilterInput).value)  # type: ignore[attr-defined]
        await soon(lambda: screen.query_one(FilterInput).value == "preset=xor")
        await soon(lambda: [row.listed.name for row in screen.listed] == ["xor-1"])
        await soon(lambda: pilot.app.focused is screen.table)
        assert screen._look.sort == "" and sorted(path.name for path in runs.iterdir()) == ["gan-1", "xor-1"]


async def test_a_filter_that_is_begun_in_the_menu_is_typed_at_once(runs: Path) -> None:
    recorded_run(runs, "xor", 20)
    async with running(GanTui(runs)) as pilot:
        await soon(lambda: isinstance(pilot.app.screen, MenuScreen) and pilot.app.screen.query_one(RunList).is_read)
        type_at_once(pilot, "slash", *FILTER)
        await soon(lambda: isinstance(pilot.app.screen, RunsScreen) and pilot.app.screen.query(FilterInput))
        await soon(lambda: pilot.app.screen.query_one(FilterInput).value == "preset=xor")


async def test_what_is_typed_behind_the_key_of_a_question_is_its_answer(runs: Path) -> None:
    folder = recorded_run(runs, "xor", 20)
    async with running(GanTui(runs)) as pilot:
        await soon(lambda: isinstance(pilot.app.screen, MenuScreen) and pilot.app.screen.query_one(RunList).is_read)
        press(pilot, "l")
        await soon(lambda: isinstance(pilot.app.screen, RunsScreen) and pilot.app.screen.listed)
        type_at_once(pilot, "n", *"dxsA", "space", "o")
        await soon(lambda: isinstance(pilot.app.screen, NoteScreen) and isinstance(pilot.app.focused, LineInput))
        await soon(lambda: isinstance(pilot.app.focused, LineInput) and pilot.app.focused.value == "dxsA o")
        assert folder.is_there()


async def test_what_is_typed_behind_the_key_that_opens_a_run_is_the_run_s(runs: Path) -> None:
    """d deletes in the list, and does nothing on a run."""
    recorded_run(runs, "xor", 20)
    async with running(GanTui(runs)) as pilot:
        await soon(lambda: isinstance(pilot.app.screen, MenuScreen) and pilot.app.screen.query_one(RunList).is_read)
        press(pilot, "l")
        await soon(lambda: isinstance(pilot.app.screen, RunsScreen) and pilot.app.screen.listed)
        type_at_once(pilot, "enter", "d", "y")
        await soon(lambda: isinstance(pilot.app.screen, TrainingScreen))
        await pilot.pause()
        assert isinstance(pilot.app.screen, TrainingScreen) and RunFolder(runs / "xor-1").is_there()
