"""What is marked and not listed is not deleted; what is typed after a rename acts on the list as it stands then."""

from pathlib import Path

import pytest
from test_runs_screen import chosen, listed, opened, typed
from test_typed_ahead import type_at_once

from gan_tui.dashboard.app import GanTui
from gan_tui.dashboard.listed.deletion import deletion, room_in
from gan_tui.dashboard.screens.ask import AskScreen
from gan_tui.dashboard.screens.confirm import ConfirmScreen
from gan_tui.dashboard.screens.run_edits import NameScreen, NoteScreen
from gan_tui.dashboard.screens.runs import RunsScreen
from gan_tui.dashboard.widgets.run_table import RunTable
from gan_tui.run import notes
from gan_tui.run.folder import RunFolder
from gan_tui.run.summaries import summaries
from on_screen import press, running, screen_text, seen, soon
from recorded import recorded_run


@pytest.fixture
def several(runs: Path) -> Path:
    for name in ("flag", "pair", "shapes", "tape"):
        recorded_run(runs, "xor", 20).path.rename(runs / name)
    return runs


async def test_d_takes_what_is_listed_and_says_what_else_is_marked(several: Path) -> None:
    async with running(GanTui(several)) as pilot:
        table = await opened(pilot)
        press(pilot, "s", "space", "down", "space")
        await soon(lambda: "2 marked" in str(table.border_subtitle))
        await typed(pilot, "name=*a*")
        press(pilot, "enter")
        await typed(pilot, "name=tape")
        press(pilot, "enter")
        await soon(lambda: listed(pilot) == ["tape"] and isinstance(pilot.app.focused, RunTable))
        assert "2 marked, 2 not listed" in str(table.border_subtitle)
        press(pilot, "d")
        await soon(lambda: isinstance(pilot.app.screen, ConfirmScreen))
        await seen(pilot, "Delete the run tape")
        assert "not listed now, and kept: flag, pair" in " ".join(screen_text(pilot).replace("│", " ").split())
        press(pilot, "y")
        await soon(lambda: not (several / "tape").exists())
        assert (several / "flag").exists() and (several / "pair").exists()


def test_the_question_names_as_many_as_have_room(runs: Path) -> None:
    for _ in range(30):
        recorded_run(runs, "xor", 1)
    every = summaries(runs)
    named = deletion(every, room=room_in(40))
    assert all(run.folder.name in named for run in every) and "more" not in named
    assert "and 9 more" in deletion(every, room=21 * 8)
    assert "kept: xor-1, xor-2" in deletion(every, ["xor-1", "xor-2"])


@pytest.mark.slow
async def test_a_key_right_after_a_rename_goes_to_the_list_as_it_is_then(several: Path) -> None:
    async with running(GanTui(several)) as pilot:
        await opened(pilot)
        press(pilot, "s", "down", "down")
        await soon(lambda: chosen(pilot) == "shapes")
        press(pilot, "R")
        await soon(lambda: isinstance(pilot.app.screen, NameScreen))
        type_at_once(pilot, "ctrl+u", *"zebra", "enter", "up", "n", *"above", "enter")
        await soon(lambda: (several / "zebra").is_dir())
        await soon(lambda: notes.of(RunFolder(several / "tape")) == "above")
        assert not notes.of(RunFolder(several / "zebra")), "it is the last one now, and ↑ was pressed"
        await soon(lambda: isinstance(pilot.app.screen, RunsScreen) and chosen(pilot) == "tape")


@pytest.mark.slow
async def test_a_key_right_after_a_note_or_a_deletion_goes_to_what_is_there(several: Path) -> None:
    async with running(GanTui(several)) as pilot:
        await opened(pilot)
        press(pilot, "s")
        await soon(lambda: chosen(pilot) == "flag")
        press(pilot, "n")
        await soon(lambda: isinstance(pilot.app.screen, NoteScreen))
        type_at_once(pilot, *"one", "enter", "down", "n", *"two", "enter", "down", "d")
        await soon(lambda: isinstance(pilot.app.screen, ConfirmScreen))
        await seen(pilot, "Delete the run shapes")
        assert [notes.of(RunFolder(several / name)) for name in ("flag", "pair")] == ["one", "two"]
        type_at_once(pilot, "y", "n", *"three", "enter")
        await soon(lambda: notes.of(RunFolder(several / "tape")) == "three")
        assert not isinstance(pilot.app.screen, AskScreen) and not (several / "shapes").exists()
