"""Every key in the footer can be clicked, on every screen, whatever has the focus there."""

from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from textual.dom import DOMNode
from textual.events import MouseDown, MouseUp
from textual.geometry import Offset
from textual.pilot import Pilot

from gan_tui import presets
from gan_tui.dashboard.app import GanTui
from gan_tui.dashboard.menu_place import MenuPlace
from gan_tui.dashboard.screens.draw import DrawScreen
from gan_tui.dashboard.screens.menu import MenuScreen
from gan_tui.dashboard.screens.training import TrainingScreen
from gan_tui.dashboard.widgets.key_line import KeyLine
from on_screen import LOW, WIDE, back_to, mouse, press, running, seen, shown, soon
from recorded import held, recorded_run

Open = Callable[[Pilot], Awaitable[object]]


def keyed(*steps: str) -> Open:
    """Presses keys, and waits after each for a word on the screen: "key>word"."""

    async def open_it(pilot: Pilot) -> None:
        for step in steps:
            key, _, word = step.partition(">")
            press(pilot, key)
            await seen(pilot, word)

    return open_it


@contextmanager
def in_name_alone(app: GanTui) -> Iterator[list[str]]:
    """The actions that keys ask for, which are not carried out meanwhile."""
    actions: list[str] = []

    async def note(action: str, namespace: DOMNode | None = None, *_: object) -> bool:
        does_something = bool(app._check_action_state(action, namespace or app))
        if does_something:
            actions.append(action)
        return does_something

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(app, "run_action", note)
        yield actions


async def click_all(pilot: Pilot, where: str) -> None:
    """Click each key of the last line; each asks for its action, or has moved the focus by itself."""
    app = pilot.app
    assert isinstance(app, GanTui)
    await soon(lambda: any(line.region and line._fitting() for line in app.screen.query(KeyLine)))
    line = app.screen.query_one(KeyLine)
    column = line.region.x
    for key in line._fitting():
        wanted = {each.binding.action for each in app.screen.active_bindings.values() if each.binding.key == key.key}
        with in_name_alone(app) as actions:
            focused = app.focused
            mouse(pilot, Offset(column + 1, line.region.y), MouseDown, MouseUp)
            try:
                await soon(lambda wanted=wanted, had=focused: wanted & set(actions) or app.focused is not had, 10)
            except AssertionError:
                raise AssertionError(f"{where}: a click on {key.shown} {key.description} does nothing") from None
            if focused is not None:
                app.screen.set_focus(focused)
        column += key.width
    assert column <= app.size.width, "what is shown is shown whole"


ON_THE_MENU: dict[str, Open] = {
    "presets": keyed(),
    "a setting that is typed": keyed("e>q Quit"),
    "runs": keyed("tab>⏎ Open"),
    "deletion": keyed("tab>⏎ Open", "d>cannot be undone"),
    "all settings": keyed("a>esc"),
    "about": keyed("h>WHAT"),
    "help": keyed("question_mark>Close"),
    "data": keyed("o>esc"),
}
ON_A_RUN: dict[str, Open] = {
    "run": keyed(),
    "cursor": keyed("tab>cursor"),
    "layers": keyed("2>generator"),
    "log": keyed("3>trainer.log"),
    "steps to show": keyed("i>Steps to show"),
    "views": keyed("V>esc"),
    "symbols": keyed("S>esc"),
    "help": keyed("question_mark>Close"),
}


SIZES = [LOW, pytest.param(WIDE, marks=pytest.mark.prove)]


@pytest.mark.slow
@pytest.mark.parametrize("size", SIZES, ids=["80", "120"])
async def test_on_the_menu(size: tuple[int, int], runs: Path) -> None:
    recorded_run(runs)
    async with running(GanTui(runs), size) as pilot:
        await seen(pilot, "q Quit")
        for where, open_it in ON_THE_MENU.items():
            await open_it(pilot)
            await click_all(pilot, where)
            await back_to(pilot, MenuScreen)
            press(pilot, "escape")
            await pilot.pause()


@pytest.mark.slow
@pytest.mark.parametrize("size", SIZES, ids=["80", "120"])
async def test_on_a_run(size: tuple[int, int], runs: Path) -> None:
    folder = recorded_run(runs, state="paused")
    with held(folder):
        async with running(GanTui(runs, folder), size) as pilot:
            await shown(pilot)
            for where, open_it in ON_A_RUN.items():
                await open_it(pilot)
                await click_all(pilot, where)
                await back_to(pilot, TrainingScreen)


@pytest.mark.slow
async def test_on_a_run_that_has_ended(runs: Path) -> None:
    async with running(GanTui(runs, recorded_run(runs)), LOW) as pilot:
        await shown(pilot)
        await click_all(pilot, "ended")
        press(pilot, "r")
        await soon(lambda: not isinstance(pilot.app.screen, TrainingScreen))
        await click_all(pilot, "longer")


@pytest.mark.slow
async def test_on_the_canvas(runs: Path) -> None:
    async with running(GanTui(runs, place=MenuPlace(preset=presets.find("plane"))), LOW) as pilot:
        await seen(pilot, "─ plane:")
        press(pilot, "w")
        await soon(lambda: isinstance(pilot.app.screen, DrawScreen))
        await click_all(pilot, "canvas")
