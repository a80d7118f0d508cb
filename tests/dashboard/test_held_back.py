"""Keys that wait for a change of the list: not for what never comes, and for nothing older than the change."""

import shutil
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from test_runs_screen import chosen, listed, opened, typed
from test_typed_ahead import type_at_once

from gan_tui.dashboard.app import GanTui
from gan_tui.dashboard.listed.entries import Entries, Found
from gan_tui.dashboard.screens.ask import AskScreen
from gan_tui.dashboard.screens.confirm import ConfirmScreen
from gan_tui.dashboard.screens.menu import MenuScreen
from gan_tui.dashboard.screens.run_edits import NameScreen, NoteScreen
from gan_tui.dashboard.screens.runs import RunsScreen
from gan_tui.dashboard.terminal import typed_ahead
from gan_tui.dashboard.widgets.run_table import RunTable
from gan_tui.run import notes
from gan_tui.run.folder import RunFolder
from on_screen import press, running, seen, soon
from recorded import recorded_run

pytestmark = pytest.mark.slow  # whole screens

SECONDS = 15.0


@pytest.fixture
def several(runs: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """What is held back until the list shows it is held back for good, else."""
    monkeypatch.setattr(typed_ahead, "HELD_SECONDS", 1000.0)
    for name in ("flag", "pair", "shapes", "tape"):
        recorded_run(runs, "xor", 20).path.rename(runs / name)
    return runs


async def test_a_run_that_leaves_the_filter_by_its_new_name_keeps_no_key_back(several: Path) -> None:
    async with running(GanTui(several)) as pilot:
        await opened(pilot)
        await typed(pilot, "name=*a*")
        press(pilot, "enter", "s")
        await soon(lambda: listed(pilot) == ["flag", "pair", "shapes", "tape"])
        await typed(pilot, "name=*p*")
        press(pilot, "enter")
        await soon(lambda: listed(pilot) == ["pair", "shapes", "tape"] and isinstance(pilot.app.focused, RunTable))
        await soon(lambda: chosen(pilot) == "pair")
        press(pilot, "R")
        await soon(lambda: isinstance(pilot.app.screen, NameScreen))
        type_at_once(pilot, "ctrl+u", *"zebra", "enter", "n", *"next", "enter")
        await soon(lambda: notes.of(RunFolder(several / "shapes")) == "next", SECONDS)
        assert (several / "zebra").is_dir() and listed(pilot) == ["shapes", "tape"]
        await soon(lambda: isinstance(pilot.app.screen, RunsScreen))
        type_at_once(pilot, "n", *"now", "enter", "down", "n", *"last", "enter")
        await soon(lambda: notes.of(RunFolder(several / "tape")) == "last", SECONDS)
        assert notes.of(RunFolder(several / "shapes")) == "now", "what was noted is chosen, and typed over"


async def test_a_chosen_run_that_went_elsewhere_keeps_no_key_back(several: Path) -> None:
    async with running(GanTui(several)) as pilot:
        await opened(pilot)
        press(pilot, "s", "down", "down", "down")
        await soon(lambda: chosen(pilot) == "tape")
        press(pilot, "escape")
        await soon(lambda: isinstance(pilot.app.screen, MenuScreen))
        shutil.rmtree(several / "tape")
        await opened(pilot)
        await soon(lambda: chosen(pilot) == "flag")
        press(pilot, "d")
        await soon(lambda: isinstance(pilot.app.screen, ConfirmScreen))
        type_at_once(pilot, "y", "n", *"next", "enter")
        await soon(lambda: notes.of(RunFolder(several / "pair")) == "next", SECONDS)
        assert not (several / "flag").exists()


async def test_a_list_that_was_read_before_a_deletion_does_not_take_the_next_key(
    several: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    filled, is_long, begun, go_on = Entries.filled, threading.Event(), threading.Event(), threading.Event()

    def slowly(entries: Entries) -> Iterator[Found]:
        """As where many runs are still to be read: the same runs are told again, later."""
        for found in filled(entries):
            yield found
            if is_long.is_set():
                begun.set()
                go_on.wait(60)
                yield found

    monkeypatch.setattr(Entries, "filled", slowly)
    async with running(GanTui(several)) as pilot:
        await opened(pilot)
        press(pilot, "s")
        await soon(lambda: chosen(pilot) == "flag")
        screen = pilot.app.screen
        assert isinstance(screen, RunsScreen)
        is_long.set()
        await soon(begun.is_set)
        press(pilot, "d")
        await soon(lambda: isinstance(pilot.app.screen, ConfirmScreen))
        type_at_once(pilot, "y", "n", *"next", "enter")
        await soon(lambda: not (several / "flag").exists() and not screen.is_changing)
        is_long.clear()
        go_on.set()
        await soon(lambda: notes.of(RunFolder(several / "pair")) == "next", SECONDS)


async def test_a_change_that_fails_in_an_unknown_way_keeps_no_key_back(
    several: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write = notes.write

    def fails(folder: RunFolder, text: str) -> str:
        if text == "one":
            raise OSError(5, "Input/output error")
        return write(folder, text)

    monkeypatch.setattr(notes, "write", fails)
    async with running(GanTui(several), notifications=True) as pilot:
        await opened(pilot)
        press(pilot, "s", "n")
        await soon(lambda: isinstance(pilot.app.screen, NoteScreen))
        type_at_once(pilot, *"one", "enter", "down", "n", *"two", "enter")
        await soon(lambda: notes.of(RunFolder(several / "pair")) == "two", SECONDS)
        await seen(pilot, "the disk cannot read or write it")
        assert not isinstance(pilot.app.screen, AskScreen)
