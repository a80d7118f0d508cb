"""What is composed is what Textual's own compositor composes, with less asked of what nobody sees."""

import gc
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from rich.color import ColorType
from textual._compositor import Compositor
from textual.geometry import Region
from textual.pilot import Pilot
from textual.strip import Strip
from textual.widget import Widget

from gan_tui.dashboard.app import GanTui
from gan_tui.dashboard.terminal.visible import VisibleCompositor
from on_screen import screen_text, shown, soon
from recorded import recorded_run

SIZES = [(120, 40), (80, 24), (60, 18)]


def composed(pilot: Pilot[Any], crop: Region, is_wanted: Callable[[int], bool]) -> tuple[list[Strip], list[Strip]]:
    """Lines of a part of the screen, by our compositor and by Textual's."""
    ours = pilot.app.screen._compositor
    assert isinstance(ours, VisibleCompositor)
    found = []
    for lines in (ours._render_chops(crop, is_wanted), Compositor._render_chops(ours, crop, is_wanted)):
        found.append([Strip.join(lines[y].values()).simplify() for y in crop.line_range if is_wanted(y)])
    return found[0], found[1]


async def compare(pilot: Pilot[Any]) -> None:
    await pilot.pause()
    whole = pilot.app.size.region
    parts = [
        (whole, lambda y: True),
        (whole, lambda y: y % 3 == 1),
        (Region(20, 5, 30, 6), lambda y: 5 <= y < 11),
    ]
    for crop, is_wanted in parts:
        ours, theirs = composed(pilot, crop, is_wanted)
        assert ours == theirs


@pytest.mark.parametrize("size", SIZES)
async def test_the_menu_is_composed_as_by_textual(runs: Path, size: tuple[int, int]) -> None:
    recorded_run(runs)
    async with GanTui(runs).run_test(size=size) as pilot:
        await soon(lambda: pilot.app.screen.query("OptionList"))
        await compare(pilot)
        await pilot.press("down", "down", "tab")
        await compare(pilot)


@pytest.mark.parametrize("size", SIZES)
async def test_a_run_is_composed_as_by_textual(runs: Path, size: tuple[int, int]) -> None:
    async with GanTui(runs, recorded_run(runs)).run_test(size=size) as pilot:
        await shown(pilot)
        for key in ("1", "2", "f", "3"):
            await pilot.press(key)
            await compare(pilot)


async def test_what_is_scrolled_or_lies_over_it_is_composed_as_by_textual(runs: Path) -> None:
    recorded_run(runs)
    async with GanTui(runs).run_test(size=(60, 18), notifications=True) as pilot:
        await soon(lambda: pilot.app.screen.query("PresetDetails"))
        details, options = pilot.app.screen.query_one("PresetDetails"), pilot.app.screen.query_one("#presets")
        details.scroll_to(y=3, animate=False)
        options.scroll_to(y=2, animate=False)
        pilot.app.notify("a word over all of it")
        await compare(pilot)
        await pilot.press("question_mark")
        await pilot.press("escape")
        details.styles.background = "red"  # what was painted before is of no use now
        await compare(pilot)


def with_terminal_colours(pilot: Pilot[Any]) -> list[str]:
    """Texts whose colour the terminal chooses: no filter of ours makes a colour of it."""
    found = []
    for line in pilot.app.screen._compositor.render_strips():
        for text, style, _ in line:
            colours = [style.color, style.bgcolor] if style else []
            if any(colour is not None and colour.type is not ColorType.TRUECOLOR for colour in colours):
                found.append(text)
    return found


@pytest.mark.parametrize("theme", ["dark", "light"])
async def test_every_colour_is_one_of_ours(runs: Path, theme: str) -> None:
    folder = recorded_run(runs)
    for app, keys in ((GanTui(runs), ("tab", "question_mark")), (GanTui(runs, folder), ("2", "3", "question_mark"))):
        async with app.run_test(size=(120, 40), notifications=True) as pilot:
            await soon(lambda pilot=pilot: "q Leave" in screen_text(pilot))
            if theme == "light":
                await pilot.press("t")
            for key in keys:
                pilot.app.notify("a word", severity="error")
                await pilot.pause()
                assert with_terminal_colours(pilot) == []
                await pilot.press(key)
            assert with_terminal_colours(pilot) == []


async def test_what_is_covered_is_not_asked_for(runs: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: dict[bool, int] = {True: 0, False: 0}
    async with GanTui(runs, recorded_run(runs)).run_test(size=(120, 40)) as pilot:
        await shown(pilot)
        render, ours = Widget.render_lines, True

        def counted(widget: Widget, crop: Region) -> list[Strip]:
            asked[ours] += crop.height
            return render(widget, crop)

        monkeypatch.setattr(Widget, "render_lines", counted)
        screen = pilot.app.screen
        screen._compositor._render_chops(screen.region, lambda y: True)
        ours = False
        Compositor._render_chops(screen._compositor, screen.region, lambda y: True)
    assert asked[True] < 0.6 * asked[False]


async def test_what_was_drawn_goes_with_the_next_drawing(runs: Path) -> None:
    def lines_alive() -> int:
        return sum(isinstance(thing, Strip) for thing in gc.get_objects())

    async with GanTui(runs, recorded_run(runs)).run_test(size=(120, 40)) as pilot:
        await shown(pilot)
        await pilot.press("l", "l")
        gc.collect()
        gc.disable()  # nothing may wait for it: it is far between, and memory grows until then
        try:
            before = lines_alive()
            for _ in range(10):
                await pilot.press("l")
                await pilot.pause()
            assert lines_alive() - before < 30, "lines of former drawings are still there"
        finally:
            gc.enable()
