"""What is composed is what Textual's own compositor composes, with less asked of what nobody sees."""

import gc
from collections.abc import AsyncIterator, Callable

import pytest
from rich.color import ColorType
from textual._compositor import Compositor
from textual.geometry import Region
from textual.pilot import Pilot
from textual.strip import Strip
from textual.widget import Widget

from gan_tui.dashboard.app import GanTui
from gan_tui.dashboard.screens.menu import MenuScreen
from gan_tui.dashboard.screens.training import TrainingScreen
from gan_tui.dashboard.terminal.visible import VisibleCompositor
from on_screen import WIDE, back_to, press, running, screen_text, seen, shown, soon
from recorded import recorded_run

SIZES = (WIDE, (60, 18))


@pytest.fixture(scope="module")
async def opened(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Pilot]:
    """One app for all, opened on a finished run."""
    folder = recorded_run(tmp_path_factory.mktemp("runs"))
    async with running(GanTui(folder.path.parent, folder), notifications=True) as pilot:
        yield pilot


@pytest.fixture
async def run(opened: Pilot) -> Pilot:
    """The run's screen, at its first size."""
    await back_to(opened, TrainingScreen)
    if tuple(opened.app.size) != WIDE:
        await opened.resize_terminal(*WIDE)
    await shown(opened)
    return opened


@pytest.fixture
async def menu(opened: Pilot) -> Pilot:
    """The menu, which is beneath the run's screen for all tests that come after."""
    await back_to(opened, MenuScreen)
    if tuple(opened.app.size) != WIDE:
        await opened.resize_terminal(*WIDE)
    await seen(opened, "✓ gan-1")
    return opened


def composed(pilot: Pilot, crop: Region, is_wanted: Callable[[int], bool]) -> tuple[list[Strip], list[Strip]]:
    """Lines of a part of the screen, by our compositor and by Textual's."""
    ours = pilot.app.screen._compositor
    assert isinstance(ours, VisibleCompositor)
    found = []
    for lines in (ours._render_chops(crop, is_wanted), Compositor._render_chops(ours, crop, is_wanted)):
        found.append([Strip.join(lines[y].values()).simplify() for y in crop.line_range if is_wanted(y)])
    return found[0], found[1]


async def compare(pilot: Pilot) -> None:
    await pilot.pause()
    whole = pilot.app.size.region
    parts = [
        (whole, lambda y: True),
        (whole, lambda y: y % 3 == 1),
        (Region(20, 5, 30, 6), lambda y: 5 <= y < 11),
    ]
    for crop, is_wanted in parts:
        ours, theirs = composed(pilot, crop, is_wanted)
        assert ours == theirs, pilot.app.size


def with_terminal_colours(pilot: Pilot) -> list[str]:
    """Texts whose colour the terminal chooses: no filter of ours makes a colour of it."""
    found = []
    for line in pilot.app.screen._compositor.render_strips():
        for text, style, _ in line:
            colours = [style.color, style.bgcolor] if style else []
            if any(colour is not None and colour.type is not ColorType.TRUECOLOR for colour in colours):
                found.append(text)
    return found


async def look_at_colours(pilot: Pilot, *keys: str) -> None:
    """Press keys in both themes, under a notification each time; the last opens the help."""
    for theme in ("dark", "light"):
        pilot.app.notify("a word", severity="error")
        for key in ("", *keys):
            if key:
                press(pilot, key)
            await pilot.pause()
            assert with_terminal_colours(pilot) == [], (theme, key)
        await pilot.press("escape", "t")
    pilot.app.clear_notifications()


# A run ---------------------------------------------------------------------------------------------------


async def test_what_is_covered_is_not_asked_for(run: Pilot, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: dict[bool, int] = {True: 0, False: 0}
    render, ours = Widget.render_lines, True

    def counted(widget: Widget, crop: Region) -> list[Strip]:
        asked[ours] += crop.height
        return render(widget, crop)

    monkeypatch.setattr(Widget, "render_lines", counted)
    screen = run.app.screen
    screen._compositor._render_chops(screen.region, lambda y: True)
    ours = False
    Compositor._render_chops(screen._compositor, screen.region, lambda y: True)
    assert asked[True] < 0.6 * asked[False]


async def test_what_was_drawn_goes_with_the_next_drawing(run: Pilot) -> None:
    def lines_alive() -> int:
        return sum(isinstance(thing, Strip) for thing in gc.get_objects())

    async def turn_the_axis(times: int) -> None:
        for _ in range(times):
            before = screen_text(run)
            press(run, "l")
            await soon(lambda before=before: screen_text(run) != before)

    await turn_the_axis(2)
    gc.collect()
    gc.disable()  # nothing may wait for it: it is far between, and memory grows until then
    try:
        before = lines_alive()
        await turn_the_axis(10)
        assert lines_alive() - before < 30, "lines of former drawings are still there"
    finally:
        gc.enable()


async def test_a_run_is_composed_as_by_textual(run: Pilot) -> None:
    for size in reversed(SIZES):
        await run.resize_terminal(*size)
        for key in ("1", "2", "f", "3", "f", "1"):
            press(run, key)
            await compare(run)


async def test_every_colour_of_a_run_is_one_of_ours(run: Pilot) -> None:
    await look_at_colours(run, "2", "3", "question_mark")


# The menu ------------------------------------------------------------------------------------------------


@pytest.mark.slow
async def test_the_menu_is_composed_as_by_textual(menu: Pilot) -> None:
    for size in reversed(SIZES):
        await menu.resize_terminal(*size)
        await compare(menu)
        press(menu, "down", "down", "tab")
        await compare(menu)
        press(menu, "escape", "home")


async def test_what_is_scrolled_or_lies_over_it_is_composed_as_by_textual(menu: Pilot) -> None:
    await menu.resize_terminal(60, 18)
    details, options = menu.app.screen.query_one("PresetDetails"), menu.app.screen.query_one("#presets")
    details.scroll_to(y=3, animate=False)
    options.scroll_to(y=2, animate=False)
    menu.app.notify("a word over all of it")
    await compare(menu)
    await menu.press("question_mark")
    await menu.press("escape")
    details.styles.background = "red"  # what was painted before is of no use now
    await compare(menu)


@pytest.mark.slow
async def test_every_colour_of_the_menu_is_one_of_ours(menu: Pilot) -> None:
    await look_at_colours(menu, "tab", "question_mark")
