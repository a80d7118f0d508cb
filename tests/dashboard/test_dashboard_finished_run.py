"""A finished run on the training screen, looked at from all sides: what is on it, against what was recorded."""

import re
from collections.abc import AsyncIterator
from typing import Any

import numpy as np
import pytest
from textual._compositor import LayoutUpdate
from textual.command import CommandList, CommandPalette
from textual.events import Resize
from textual.geometry import Region, Size
from textual.pilot import Pilot
from textual.timer import Timer
from textual.widgets import Static

from gan_tui.dashboard.app import GanTui
from gan_tui.dashboard.screens.help import HelpScreen
from gan_tui.dashboard.screens.training import TrainingScreen
from gan_tui.dashboard.widgets.cells_view import CellsView
from gan_tui.dashboard.widgets.layers_pane import LayersPane
from gan_tui.dashboard.widgets.metric_charts import MetricCharts
from gan_tui.dashboard.widgets.status import StatusLines
from gan_tui.run.events import Alert
from on_screen import (
    LOW,
    WIDE,
    at_size,
    back_to,
    drawing,
    greys,
    likest,
    picture_parts,
    pixels_of,
    press,
    running,
    screen_text,
    seen,
    shown,
    soon,
)
from recorded import append, picture, recorded_run, tile_numbers


@pytest.fixture(scope="module")
async def opened(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Pilot]:
    """One app for all: a finished pair, with pictures of two tags, an alert, and a trainer's log."""
    folder = recorded_run(tmp_path_factory.mktemp("runs"))
    folder.trainer_log.write_bytes(b"hello from the trainer\n\x1b]52;c;aGVsbG8=\x07evil\n[@click=app.quit]x[/]\n")
    append(folder, Alert("save", "Cannot save: no space left", 100), picture(folder, 100, "features-conv2d"))
    async with running(GanTui(folder.path.parent, folder)) as pilot:
        await shown(pilot)
        yield pilot


@pytest.fixture
async def pilot(opened: Pilot) -> AsyncIterator[Pilot]:
    """The app as it was opened, whatever a test before has left."""
    await back_to(opened, TrainingScreen)
    press(opened, "1")
    if tuple(opened.app.size) != WIDE:
        await opened.resize_terminal(*WIDE)
    await soon(lambda: "generated  step 120" in screen_text(opened))
    await opened.pause()
    yield opened


def screen_of(pilot: Pilot) -> TrainingScreen:
    assert isinstance(pilot.app.screen, TrainingScreen)
    return pilot.app.screen


async def test_a_finished_run_shows_state_charts_and_picture(pilot: Pilot) -> None:
    text = screen_text(pilot)
    charts = pilot.app.screen.query_one(MetricCharts)
    assert charts._cells is not None
    titles = [row.split()[0] for row in charts._cells.text().split("\n") if row[:1].isalpha()]
    assert titles == ["loss", "accuracy"]
    for words in ("gan-1", "finished", "step 120 of 400", "discriminator", "generator", "generated  step 120"):
        assert words in text
    assert "30 %" in text


async def test_the_picture_on_the_screen_is_the_array_it_came_from(pilot: Pilot) -> None:
    tiles = tile_numbers(120) / 255
    parts = [greys(part) for part in picture_parts(pixels_of(drawing(pilot)))]
    assert [likest(part, tiles) for part in parts] == [0, 1, 2, 3], "all four, in their order"
    for part, tile in zip(parts, tiles, strict=True):
        off = np.abs(part - at_size(tile, part.shape))
        assert off.mean() < 0.015 and off.max() < 0.06, "but for what two colours a cell leave out"


async def test_log_axis_and_smoothing_are_on_keys_and_in_words(pilot: Pilot) -> None:
    before = screen_text(pilot)
    press(pilot, "l")
    await soon(lambda: "loss, log" in screen_text(pilot))
    press(pilot, "l")
    await soon(lambda: screen_text(pilot) == before)
    press(pilot, "m")
    await soon(lambda: "smoothing 0.95" in screen_text(pilot))
    press(pilot, "m", "m", "m")
    await soon(lambda: "smoothing" not in screen_text(pilot))
    press(pilot, "M", "M", "M", "M")
    await soon(lambda: screen_text(pilot) == before)


async def test_tabs_show_layers_and_log(pilot: Pilot) -> None:
    press(pilot, "2")
    await seen(pilot, "Dense 784 tanh")
    assert "803,600" in screen_text(pilot)
    assert pilot.app.screen.query_one(LayersPane).region
    press(pilot, "3")
    await seen(pilot, "hello from the trainer")
    text = screen_text(pilot)
    for words in ("saved checkpoints/000000120 (asked)", "Cannot save: no space left"):
        assert words in text
    assert "[@click=app.quit]x[/]" in text, "shown, not obeyed"
    assert "\x1b" not in text


async def test_p_turns_to_the_next_kind_of_picture(pilot: Pilot) -> None:
    press(pilot, "p")
    await seen(pilot, "step 100  ")
    press(pilot, "P")
    await seen(pilot, "generated  step 120")


@pytest.mark.parametrize("size", [WIDE, LOW])
async def test_help_tells_every_key_and_the_palette_those_that_do_something(
    pilot: Pilot, size: tuple[int, int]
) -> None:
    screen = screen_of(pilot)
    await pilot.resize_terminal(*size)
    titles = [command.title for command in pilot.app.get_system_commands(screen)]
    press(pilot, "question_mark")
    await seen(pilot, "dotted")
    await pilot.pause()
    page = pilot.app.screen.query(Static).first()
    text = str(page.content)
    for words, does_something in {
        "Switch the y axis between linear and logarithmic": True, "Switch to the next theme: dark": True,
        "The next image, or a new latent vector": True, "Back to the menu": True, "Train exactly one step": False,
        "Save a checkpoint": False, "Pause the training": False, "Resume a paused run": False, "A random image": False,
    }.items():  # fmt: skip
        assert any(title.startswith(words) for title in titles) is does_something, words
        assert words.lower() in " ".join(text.lower().split())
    seen_first, *groups = [part.split("\n") for part in text.partition("With the mouse")[0].strip().split("\n\n")]
    assert [line.split()[0] for line in seen_first if line[2] != " "] == ["curve", "band", "dotted", "◆", "pictures"]
    assert [heading for heading, *_ in groups] == ["Training", "Charts", "Pictures, layers, log", "Everywhere"]
    lines = [line for _, *group in groups for line in group]
    assert all(line.startswith("  ") and len(line) <= page.size.width for line in lines), "wrapped to the edge"
    keys = [re.split(r" {2,}", line.strip())[0] for line in lines if line[2] != " "]
    assert {"+ -", "m M", "< >", "PgDn PgUp", "↑ ↓ ← →", "shift+← →", "p P", "space", "r", "esc", "s", "c"} <= set(keys)
    single = [key for entry in keys for key in entry.split() if "shift" not in entry]
    assert len(single) == len(set(single)), "none is there twice"


async def test_a_palette_that_is_closed_while_it_searches_ends_nothing(pilot: Pilot) -> None:
    screen = screen_of(pilot)
    press(pilot, "ctrl+p")
    await soon(lambda: isinstance(pilot.app.screen, CommandPalette) and pilot.app.screen.query(CommandList))
    palette = pilot.app.screen
    assert isinstance(palette, CommandPalette)
    await palette.query(CommandList).remove()  # as when it is being closed
    palette._gather_commands("s")
    await pilot.pause(0.1)
    press(pilot, "escape")
    await soon(lambda: pilot.app.screen is screen)


@pytest.mark.parametrize(("words", "then"), [("zzz", "palette"), ("help", "help")])
async def test_enter_in_the_palette_means_what_the_words_find_however_soon_it_comes(
    words: str, then: str, pilot: Pilot
) -> None:
    screen = screen_of(pilot)
    press(pilot, "ctrl+p")
    await soon(lambda: any(found.option_count for found in pilot.app.screen.query(CommandList)))
    press(pilot, *words, "enter")
    if then == "help":
        await soon(lambda: isinstance(pilot.app.screen, HelpScreen))
    else:
        await pilot.pause(0.6)
        assert isinstance(pilot.app.screen, CommandPalette), "nothing was found, so nothing is done"
        press(pilot, "escape")
        await soon(lambda: pilot.app.screen is screen)


async def test_the_light_theme_paints_everything_in_its_own_colours(pilot: Pilot) -> None:
    charts = pilot.app.screen.query_one(MetricCharts).region

    def papers(region: Region) -> list[tuple[int, int, int]]:
        strips = pilot.app.screen._compositor.render_strips(pilot.app.size)[region.y : region.bottom]
        segments = [segment for strip in strips for segment in strip.crop(region.x, region.right)]
        return [segment.style.bgcolor.triplet for segment in segments]

    assert max(map(max, papers(charts))) < 128
    press(pilot, "t")
    await soon(lambda: min(map(max, papers(charts))) >= 128)
    press(pilot, "t")
    await soon(lambda: max(map(max, papers(charts))) < 128)


async def test_a_window_of_any_usual_size_is_filled_and_painted_once(
    pilot: Pilot, monkeypatch: pytest.MonkeyPatch
) -> None:
    screen, whole = screen_of(pilot), list[LayoutUpdate]()
    display = pilot.app._display
    monkeypatch.setattr(
        pilot.app, "_display",
        lambda at, update: (isinstance(update, LayoutUpdate) and whole.append(update), display(at, update)),
    )  # fmt: skip
    for size in ((80, 24), (60, 18), (300, 90), WIDE):
        whole.clear()
        await pilot.resize_terminal(*size)
        await soon(lambda size=size: screen.query_one("KeyLine").region.bottom == size[1])
        for view in screen.query(CellsView):
            if view.region:
                assert view._cells is not None and (view._cells.columns, view._cells.rows) == view.size
        await soon(lambda: "generated" in screen_text(pilot))
        text = screen_text(pilot)
        for words in ("finished", "step 120 of 400", "generated", "? Help", "q Quit"):
            assert words in text, size
        assert screen.query_one(MetricCharts).region.height >= 12, size
        assert screen.query_one(StatusLines).region.height == 2, size
        assert len(whole) == 1, size


async def test_charts_that_know_nothing_yet_can_be_laid_out(pilot: Pilot) -> None:
    charts = MetricCharts()
    await pilot.app.screen.query_one("#charts").mount(charts)
    await pilot.resize_terminal(100, 30)
    await soon(lambda: charts._cells is not None and "waiting for the first step" in charts._cells.text())
    await charts.remove()


async def test_the_first_of_a_windows_sizes_is_drawn_at_once_and_others_soon_after_wait_for_the_last(
    pilot: Pilot, monkeypatch: pytest.MonkeyPatch
) -> None:
    screen, set_timer = pilot.app.screen, GanTui.set_timer
    monkeypatch.setattr("gan_tui.dashboard.terminal.app.MOVING_SECONDS", 3600.0)
    pilot.app._resized_at = -1e9  # long ago

    def counted(app: GanTui, delay: float, *arguments: Any, **named: Any) -> Timer:
        return set_timer(app, 30.0, *arguments, **named)  # nobody waits so long

    with monkeypatch.context() as patience:
        patience.setattr(GanTui, "set_timer", counted)
        pilot.app.post_message(Resize(Size(100, 30), Size(100, 30)))
        await pilot.pause()
        assert screen.size == Size(100, 30)
        assert pilot.app._resize_timer is None
        pilot.app.post_message(Resize(Size(101, 30), Size(101, 30)))
        await pilot.pause()
        assert pilot.app._resize_timer is not None
    pilot.app._check_resize()
