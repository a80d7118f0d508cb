"""The last line of a screen: the keys that do something now."""

from pathlib import Path

import pytest
from textual.events import MouseDown, MouseMove, MouseUp
from textual.geometry import Offset
from textual.pilot import Pilot

from gan_tui.dashboard.app import GanTui
from gan_tui.dashboard.screens.help import HelpScreen
from gan_tui.dashboard.widgets.key_line import KeyLine
from gan_tui.run.events import State
from on_screen import cells_at, mouse, press, running, seen, shown, soon
from recorded import append, held, recorded_run


def words(pilot: Pilot) -> str:
    return cells_at(pilot, pilot.app.screen.query_one(KeyLine).region).text()


@pytest.mark.slow
async def test_a_click_presses_the_key_that_it_is_on(runs: Path) -> None:
    async with running(GanTui(runs)) as pilot:
        await seen(pilot, "q Quit")
        for within in (1, 5):  # the key, its word
            place = Offset(words(pilot).index(" ? Help ") + within, pilot.app.size.height - 1)
            mouse(pilot, place, MouseMove, MouseDown, MouseUp)
            await soon(lambda: isinstance(pilot.app.screen, HelpScreen))
            press(pilot, "escape")
            await soon(lambda: not isinstance(pilot.app.screen, HelpScreen))
        mouse(pilot, Offset(pilot.app.size.width - 1, pilot.app.size.height - 1), MouseDown, MouseUp)  # beside all keys
        await pilot.pause()
        assert not isinstance(pilot.app.screen, HelpScreen)


@pytest.mark.slow
async def test_the_key_under_the_mouse_stands_out_and_says_what_it_does(runs: Path) -> None:
    async with running(GanTui(runs)) as pilot:
        await seen(pilot, "q Quit")
        line, column = pilot.app.screen.query_one(KeyLine), words(pilot).index(" q Quit ")
        ground = cells_at(pilot, line.region).background[0].copy()
        mouse(pilot, Offset(column + 1, line.region.y), MouseMove)
        await soon(lambda: (cells_at(pilot, line.region).background[0] != ground).any())
        changed = (cells_at(pilot, line.region).background[0] != ground).nonzero()[0]
        assert changed.tolist() == list(range(column, column + len(" q Quit ")))
        assert line.tooltip == "Quit gan-tui; training continues in the background"
        mouse(pilot, Offset(0, 0), MouseMove)
        await soon(lambda: (cells_at(pilot, line.region).background[0] == ground).all())


@pytest.mark.slow
async def test_keys_come_and_go_with_what_they_do(runs: Path) -> None:
    folder = recorded_run(runs, state="training")
    with held(folder):
        async with running(GanTui(runs, folder)) as pilot:
            await shown(pilot)
            await seen(pilot, "space Pause")
            assert "r Resume" not in words(pilot)
            append(folder, State("stopped", "asked to stop"))
            await soon(lambda: "r Resume" in words(pilot) and "space" not in words(pilot))


async def test_no_key_is_cut_in_two_where_there_is_no_room(runs: Path) -> None:
    folder = recorded_run(runs, state="paused")
    with held(folder):
        async with running(GanTui(runs, folder)) as pilot:
            await shown(pilot)
            await seen(pilot, "q Quit")
            whole = words(pilot).rstrip()
            line = pilot.app.screen.query_one(KeyLine)
            line.styles.width = len(whole) - 2
            kept = " esc Menu  ? Help  q Quit"
            assert whole.endswith(kept)
            *others, left_out = whole.removesuffix(kept).split("  ")
            await soon(lambda: left_out.strip() not in words(pilot))
            assert words(pilot).rstrip() == "  ".join(others) + " " + kept, "help and leaving are kept, all else whole"
