"""The page of data in the menu: what lies at a path, its classes, and examples in their colours."""

import sys
import threading
from collections.abc import AsyncIterator
from pathlib import Path

import numpy as np
import pytest
from textual.containers import VerticalScroll
from textual.pilot import Pilot
from textual.widgets import Input

from gan_tui.dashboard.app import GanTui
from gan_tui.dashboard.screens.data import EMPTY, DataScreen
from gan_tui.dashboard.screens.menu import MenuScreen
from gan_tui.dashboard.widgets import own_data
from gan_tui.dashboard.widgets.data_view import DataView
from gan_tui.data import own
from gan_tui.data.own.image_rows import ImageRows
from gan_tui.data.own.report import Report
from on_screen import LOW, WIDE, cells_at, press, running, screen_text, seen, soon, words_of
from photos import photos
from shapes_of_colour import COLORS, squares


@pytest.fixture
async def pilot(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Pilot]:
    """The page, without data."""
    (tmp_path / "presets").mkdir()
    monkeypatch.setenv("GAN_TUI_PRESETS", str(tmp_path / "presets"))
    monkeypatch.setattr(own_data, "PAUSE_SECONDS", 0.02)
    async with running(GanTui(tmp_path / "runs"), notifications=True) as pilot:
        await seen(pilot, "5,000 examples")
        press(pilot, "o")
        await seen(pilot, "Type the path of your data above")
        await soon(lambda: pilot.app.screen.query_one(Input).has_focus)
        yield pilot


def look_at(pilot: Pilot, path: object) -> None:
    pilot.app.screen.query_one(Input).value = str(path)
    press(pilot, "enter")


def colors_on(pilot: Pilot) -> set[tuple[int, ...]]:
    """Of the page's grounds."""
    cells = cells_at(pilot, pilot.app.screen.query_one(VerticalScroll).region)
    return {(color >> 16, color >> 8 & 255, color & 255) for color in np.unique(cells.background).tolist()}


async def test_without_data_it_says_what_to_do(pilot: Pilot) -> None:
    assert words_of(pilot, "#said") == EMPTY
    assert pilot.app.screen.query_one(Input).has_focus


@pytest.mark.slow
async def test_it_shows_classes_with_their_counts_and_examples_in_their_colours(pilot: Pilot, tmp_path: Path) -> None:
    look_at(pilot, squares(tmp_path / "squares.npz", (20, 30, 50)))
    await seen(pilot, "100 colour images, 16 × 16, in 3 classes")
    page = words_of(pilot, "DataView")
    assert "class 0 20 20.0 %" in page and "class 2 50 50.0 %" in page
    assert "none set apart" in page
    await soon(lambda: set(COLORS) <= colors_on(pilot))


@pytest.mark.slow
async def test_at_any_size_it_scrolls_to_its_end(pilot: Pilot, tmp_path: Path) -> None:
    look_at(pilot, squares(tmp_path / "squares.npz"))
    await seen(pilot, "12 colour images")
    for size in (LOW, (60, 18), WIDE):
        await pilot.resize_terminal(*size)
        press(pilot, "end")
        await soon(lambda: COLORS[2] in colors_on(pilot))
        page = pilot.app.screen.query_one(DataView)
        await soon(lambda size=size, page=page: page.region.bottom <= size[1] - 1)
        press(pilot, "home")
        await seen(pilot, "12 colour images")


@pytest.mark.slow
@pytest.mark.parametrize(
    ("path", "sentence"),
    [
        ("/nowhere", "There is nothing at /nowhere: check the path."),
        ("/dev/null", "/dev/null holds no data that"),
        (f"/tmp/{'x' * 300}", "/tmp/xxxxx"),
    ],
)
async def test_what_is_no_data_gets_its_sentence(pilot: Pilot, path: str, sentence: str) -> None:
    look_at(pilot, path)
    await soon(lambda: words_of(pilot, "#said").startswith(sentence))
    assert pilot.app.screen.query_one(Input).value == path


async def test_escape_leaves_at_once_and_ends_what_is_being_read(
    pilot: Pilot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    reading, left, ended = threading.Event(), threading.Event(), threading.Event()
    read = own.image_rows

    def slowly(found: own.Found, wish: own.Wish, on_read: own.OnRead) -> ImageRows:
        try:
            reading.set()
            left.wait(20)
            on_read(1, 1000)
            return read(found, wish)
        finally:
            ended.set()

    monkeypatch.setattr(sys.modules["gan_tui.data.own.report"], "image_rows", slowly)
    reports: list[Report] = []
    report = own.report
    monkeypatch.setattr(own, "report", lambda *given: reports.append(report(*given)))
    look_at(pilot, squares(tmp_path / "squares.npz"))
    await soon(reading.is_set)
    press(pilot, "escape")
    await soon(lambda: isinstance(pilot.app.screen, MenuScreen))
    left.set()
    await soon(ended.is_set)
    await pilot.pause(0.1)
    assert not reports, "reading went on for nobody"


@pytest.mark.slow
async def test_u_takes_the_data_for_the_chosen_preset(pilot: Pilot, tmp_path: Path) -> None:
    assert "Use" not in screen_text(pilot)
    place = squares(tmp_path / "squares.npz", (60, 60, 80))
    look_at(pilot, place)
    await seen(pilot, "u Use")
    press(pilot, "u")
    await seen(pilot, "200 steps, 1 per epoch; 200 examples")
    press(pilot, "o")  # and now the page begins with them
    await soon(lambda: isinstance(pilot.app.screen, DataScreen))
    await seen(pilot, "200 colour images, 16 × 16, in 3 classes")
    assert pilot.app.screen.query_one(Input).value == str(place)


@pytest.mark.slow
async def test_help_names_its_keys(pilot: Pilot) -> None:
    press(pilot, "escape")
    await soon(lambda: isinstance(pilot.app.screen, MenuScreen))
    press(pilot, "question_mark")
    await seen(pilot, "Look at data: the chosen preset's, or what lies at a path")


async def test_what_is_missing_of_columns_stands_in_a_column(pilot: Pilot, tmp_path: Path) -> None:
    table = tmp_path / "flats.csv"
    rows = (f"{40 + n * 7 % 90},{'NS'[n % 2]},{500 + n}\n" for n in range(40))
    table.write_text("area,district,rent\n" + "".join(rows))
    look_at(pilot, table)
    await seen(pilot, "the label")
    lines = [line for line in screen_text(pilot).splitlines() if "% missing" in line]
    assert len(lines) == 3 and len({line.index("% missing") for line in lines}) == 1


async def test_nothing_said_of_the_data_is_cut(pilot: Pilot, tmp_path: Path) -> None:
    await pilot.resize_terminal(70, 20)
    look_at(pilot, photos(tmp_path / "pets", {"cat": 4, "dog": 4}, ((8, 6), (9, 9))))
    await seen(pilot, "8 colour images")
    await soon(lambda: pilot.app.screen.query_one(VerticalScroll).show_vertical_scrollbar)
    assert "unless image_size or color says another" in " ".join(words_of(pilot, "DataView").split())
