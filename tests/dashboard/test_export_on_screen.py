"""A run taken along from its screen: X asks what and where, and says where it lies."""

from pathlib import Path

import pytest
from PIL import Image
from textual.pilot import Pilot
from textual.widgets import Input

from gan_tui.dashboard.app import GanTui
from gan_tui.dashboard.screens.ask import NewFileScreen
from gan_tui.dashboard.screens.training import TrainingScreen
from gan_tui.dashboard.widgets.key_line import KeyLine
from gan_tui.run.folder import RunFolder
from on_screen import opened, press, running, screen_text, seen, shown, soon, turned_to
from recorded_views import recorded_classifier, recorded_pair


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


async def asked(pilot: Pilot) -> Input:
    """The line in which the file is to be typed."""
    await soon(lambda: isinstance(pilot.app.screen, NewFileScreen) and pilot.app.screen.query(Input))
    return pilot.app.screen.query_one(Input)


@pytest.mark.slow
async def test_the_page_of_the_run(tmp_path: Path) -> None:
    run = recorded_pair(tmp_path / "runs")
    async with opened(run) as pilot:
        assert "X Export" in screen_text(pilot)
        press(pilot, "X")
        await seen(pilot, "All that was measured")
        assert "One page to send: charts, pictures, settings (HTML)" in screen_text(pilot)
        press(pilot, "enter")
        assert (await asked(pilot)).value == f"{run.folder.stem}.html"
        press(pilot, "enter")
        await soon((tmp_path / f"{run.folder.stem}.html").exists)
        await soon(lambda: isinstance(pilot.app.screen, TrainingScreen))
    text = (tmp_path / f"{run.folder.stem}.html").read_text()
    assert text.startswith("<!DOCTYPE html>")
    assert run.folder.name in text


@pytest.mark.slow
async def test_the_picture_on_show(tmp_path: Path) -> None:
    run = recorded_classifier(tmp_path / "runs")
    async with opened(run) as pilot:
        await turned_to(pilot, "input image")
        press(pilot, "X")
        await seen(pilot, "The picture on show, large: input image")
        press(pilot, "down", "down", "enter")
        (await asked(pilot)).value = "picture"
        press(pilot, "enter")
        await soon((tmp_path / "picture.png").exists)
    with Image.open(tmp_path / "picture.png") as image:
        assert max(image.size) >= 1000


@pytest.mark.slow
async def test_what_is_there_is_never_replaced(tmp_path: Path) -> None:
    run = recorded_pair(tmp_path / "runs")
    (tmp_path / f"{run.folder.stem}.csv").write_text("mine")
    async with opened(run) as pilot:
        press(pilot, "X")
        await seen(pilot, "All that was measured")
        press(pilot, "down", "enter")
        assert (await asked(pilot)).value == f"{run.folder.stem}-2.csv"
        pilot.app.screen.query_one(Input).value = f"{run.folder.stem}.csv"
        press(pilot, "enter")
        await seen(pilot, "exists already; choose")
        press(pilot, "escape")
        await soon(lambda: isinstance(pilot.app.screen, TrainingScreen))
    assert (tmp_path / f"{run.folder.stem}.csv").read_text() == "mine"


async def test_a_folder_that_is_not_there_is_said(tmp_path: Path) -> None:
    run = recorded_pair(tmp_path / "runs")
    async with opened(run) as pilot:
        press(pilot, "X")
        await seen(pilot, "All that was measured")
        press(pilot, "enter")
        (await asked(pilot)).value = "none/page.html"
        press(pilot, "enter")
        await seen(pilot, "There is no folder")


async def test_the_key_is_told_in_80_columns_too(tmp_path: Path) -> None:
    async with opened(recorded_pair(tmp_path / "runs"), (80, 24)) as pilot:
        line = pilot.app.screen.query_one(KeyLine).render_line(0).text
        assert "X Export" in line, line


async def test_a_name_is_no_markup(tmp_path: Path) -> None:
    run = recorded_pair(tmp_path / "runs")
    named = run.folder.path.rename(tmp_path / "runs" / "[@click=app.quit]a")
    async with running(GanTui(tmp_path / "runs", RunFolder(named)), (120, 40)) as pilot:
        await shown(pilot)
        press(pilot, "X")
        assert await seen(pilot, r"Export \[@click=app\.quit\]a")
        press(pilot, "enter")
        assert (await asked(pilot)).value == "click-app-quit-a.html"
