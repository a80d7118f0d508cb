"""A window that is too small: what it says, how it is left, and that all is there again once it is large enough."""

import os
from pathlib import Path

import pytest
from textual.pilot import Pilot

from gan_tui.dashboard.app import GanTui
from gan_tui.dashboard.painting import Painting
from gan_tui.dashboard.screens.ask import AskScreen
from gan_tui.dashboard.screens.confirm import ConfirmScreen, DiscardScreen
from gan_tui.dashboard.screens.help import HelpScreen
from gan_tui.dashboard.screens.menu import MenuScreen
from gan_tui.dashboard.screens.too_small import TooSmallScreen
from gan_tui.dashboard.screens.training import TrainingScreen
from on_screen import WIDE, press, running, screen_text, seen, shown, soon
from recorded import held, recorded_run

SMALL = 40, 10


def left(pilot: Pilot) -> bool:
    return pilot.app._exit


async def test_q_quits_and_says_of_the_run_what_it_says_elsewhere(runs: Path) -> None:
    folder = recorded_run(runs, state="training")
    with held(folder):
        async with running(GanTui(runs, folder)) as pilot:
            await shown(pilot)
            await pilot.resize_terminal(*SMALL)
            await seen(pilot, "This window is 40 × 10; make it 60 × 18 ")
            assert "q quits" in screen_text(pilot)
            press(pilot, "q")
            await soon(lambda: left(pilot))
            assert isinstance(pilot.app, GanTui)
            assert pilot.app.parting_words.startswith("gan-1 continues in the background")


@pytest.mark.slow
async def test_what_would_be_lost_is_asked_about_first_where_it_can_be_read(
    runs: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", os.devnull)  # nothing that was painted can be kept there
    app = GanTui(runs)
    async with running(app) as pilot:
        await soon(lambda: isinstance(app.screen, MenuScreen))
        app._place.painting = Painting()
        app._place.painting.points = [(0.5, 0.5, 0)]
        await pilot.resize_terminal(*SMALL)
        await seen(pilot, "q quits")
        press(pilot, "q")
        await seen(pilot, "A question waits")
        press(pilot, "q", "d")
        await pilot.pause()
        await pilot.resize_terminal(*WIDE)
        await seen(pilot, "You painted 1 point")
        assert not left(pilot), "nothing is answered unseen"
        press(pilot, "escape")
        await soon(lambda: isinstance(app.screen, MenuScreen))
        press(pilot, "q")
        await soon(lambda: isinstance(app.screen, DiscardScreen))
        app.screen.dismiss(True)
        await soon(lambda: left(pilot))


@pytest.mark.slow
async def test_keys_do_nothing_unseen_and_news_do_not_lie_over_the_words(runs: Path) -> None:
    folder = recorded_run(runs)
    async with running(GanTui(runs), notifications=True) as pilot:
        await seen(pilot, "gan-1")
        press(pilot, "tab")
        await pilot.resize_terminal(*SMALL)
        await seen(pilot, "This window")
        pilot.app.notify("Happened")
        press(pilot, "d", "d", "r", "x", "space", "enter", "ctrl+p", "question_mark", "escape")
        await pilot.pause(0.2)
        assert isinstance(pilot.app.screen, TooSmallScreen)
        assert "Happened" not in screen_text(pilot)
        await pilot.resize_terminal(*WIDE)
        await soon(lambda: isinstance(pilot.app.screen, MenuScreen))
    assert folder.events_file.exists()


@pytest.mark.slow
@pytest.mark.parametrize("late", [False, True])
async def test_what_lay_over_a_screen_is_there_again_also_what_came_meanwhile(runs: Path, late: bool) -> None:
    folder = recorded_run(runs)
    async with running(GanTui(runs, folder)) as pilot:
        await shown(pilot)
        for over in (HelpScreen("Words."), ConfirmScreen("Sure?"), AskScreen("What?", "this")):
            if not late:
                pilot.app.push_screen(over)
                await pilot.pause()
            await pilot.resize_terminal(*SMALL)
            await soon(lambda: isinstance(pilot.app.screen, TooSmallScreen))
            if late:
                pilot.app.push_screen(over)
            await pilot.resize_terminal(30, 8)
            await seen(pilot, "30 × 8")
            await pilot.resize_terminal(*WIDE)
            await soon(lambda over=over: pilot.app.screen is over)
            press(pilot, "escape")
            await soon(lambda: isinstance(pilot.app.screen, TrainingScreen))
            await pilot.pause()
            assert isinstance(pilot.app.screen, TrainingScreen)
