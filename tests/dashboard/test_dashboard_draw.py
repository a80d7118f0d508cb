"""Painting points: with mouse and keys, taken back, kept as a file, trained on, and given to a run that trains."""

import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import numpy as np
import pytest
from on_screen import LOW, WIDE, cells_at, seen
from recorded import append
from recorded_views import LAST, POINTS, recorded_plane
from test_dashboard_menu import screen_text, until
from textual.geometry import Offset
from textual.pilot import Pilot
from textual.widgets import Input

from gan_tui import control, supervisor
from gan_tui.dashboard.app import GanTui
from gan_tui.dashboard.screens.draw import DrawScreen
from gan_tui.dashboard.screens.menu import MenuScreen
from gan_tui.dashboard.screens.training import TrainingScreen
from gan_tui.dashboard.widgets.plane_canvas import PlaneCanvas
from gan_tui.data.points import read_csv
from gan_tui.drawing.surface import cell_of, place_of
from gan_tui.events import Answer, Command, Setting
from gan_tui.run_folder import RunFolder

Cell = tuple[int, int]


@pytest.fixture(autouse=True)
def colors(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GAN_TUI_COLORS", "truecolor")


@asynccontextmanager
async def canvas_of(runs: Path, size: tuple[int, int] = LOW) -> AsyncIterator[Pilot]:
    """An empty canvas."""
    async with GanTui(runs).run_test(size=size, notifications=True) as pilot:
        pilot.app.push_screen(DrawScreen([], train=lambda points: None))
        await until(pilot, lambda: isinstance(pilot.app.screen, DrawScreen) and pilot.app.screen.query(PlaneCanvas))
        await until(pilot, lambda: canvas(pilot).region.height > 10)
        yield pilot


def canvas(pilot: Pilot) -> PlaneCanvas:
    return pilot.app.screen.query_one(PlaneCanvas)


def cell(pilot: Pilot, column: int, row: int) -> Cell:
    """The canvas's cell at a place in its square."""
    size = canvas(pilot).size
    there = [(c, r) for r in range(size.height) for c in range(size.width) if place_of(c, r, *size)]
    return there[0][0] + column, there[0][1] + row


def offset(pilot: Pilot, place: Cell) -> Offset:
    region = canvas(pilot).region
    return Offset(region.x + place[0], region.y + place[1])


async def stroke(pilot: Pilot, *places: Cell) -> None:
    """Draw from cell to cell with the mouse."""
    await pilot.mouse_down(offset=offset(pilot, places[0]))
    for place in places[1:]:
        await pilot.hover(offset=offset(pilot, place))
    await pilot.mouse_up(offset=offset(pilot, places[-1]))


def painted(pilot: Pilot) -> dict[Cell, int]:
    """Cell → class, of the points that the canvas holds; each lies amid its cell."""
    size, found = canvas(pilot).size, {}
    for x, y, kind in canvas(pilot).points:
        (place,) = [
            (c, r)
            for r in range(size.height)
            for c in range(size.width)
            if (at := place_of(c, r, *size)) and max(abs(at[0] - x), abs(at[1] - y)) < 1e-4
        ]
        assert place not in found, "one point a cell"
        found[place] = kind
    return found


def dots(pilot: Pilot) -> dict[Cell, int]:
    """Cell → colour, of the points that are on the screen."""
    cells = cells_at(pilot, canvas(pilot).region)
    return {(c, r): int(cells.foreground[r, c]) for r, c in np.argwhere(cells.characters == "●").tolist()}


async def test_the_mouse_paints_strokes_that_are_taken_back_one_by_one(runs: Path) -> None:
    async with canvas_of(runs) as pilot:
        first = [cell(pilot, 3 + n, 4) for n in range(5)]
        second = [cell(pilot, 3, 5 + n) for n in range(3)]
        beside = (0, 0)
        assert place_of(*beside, *canvas(pilot).size) is None
        await stroke(pilot, *first)
        await pilot.press("2")
        await stroke(pilot, *second)
        both = {**dict.fromkeys(first, 0), **dict.fromkeys(second, 1)}
        assert painted(pilot) == both
        assert "class 1: 5  class 2: 3" in screen_text(pilot) and "painting class 2" in screen_text(pilot)
        await pilot.press("right", "right", "right")  # the cursor's arms would hide its neighbours
        shown = dots(pilot)
        assert set(shown) == set(both)
        assert len({shown[place] for place in first}) == len({shown[place] for place in second}) == 1
        assert shown[first[0]] != shown[second[0]]
        await stroke(pilot, *second)  # the same class again, and a click beside the square: nothing to take back
        await stroke(pilot, beside)
        await pilot.press("c")
        assert painted(pilot) == {} == dots(pilot)
        for expected in (both, dict.fromkeys(first, 0), {}, {}):
            await pilot.press("u")
            assert painted(pilot) == expected


async def test_painting_over_points_of_another_class_replaces_them(runs: Path) -> None:
    async with canvas_of(runs) as pilot:
        place, other = cell(pilot, 6, 6), cell(pilot, 7, 6)
        await stroke(pilot, place, other)
        await pilot.press("3")
        await stroke(pilot, place)
        assert painted(pilot) == {place: 2, other: 0}
        await pilot.press("1", "space")  # the cursor is where was painted last
        assert painted(pilot) == {place: 0, other: 0}
        await pilot.press("space", "u")
        assert painted(pilot) == {place: 2, other: 0}, "a point more of the same class is no stroke"
        crowd = [(*place_of(*place, *canvas(pilot).size), kind) for kind in (0, 1, 0)]
        canvas(pilot).points = crowd
        await pilot.press("1")
        await stroke(pilot, place)
        assert painted(pilot) == {place: 0}, "whatever else was in the cell"


async def test_keys_move_by_a_cell_each_and_paint_nine_classes(runs: Path) -> None:
    async with canvas_of(runs, WIDE) as pilot:
        size = canvas(pilot).size
        there = [(c, r) for r in range(size.height) for c in range(size.width) if place_of(c, r, *size)]
        (left, top), (right, bottom) = there[0], there[-1]
        column, row = cell_of(*canvas(pilot).cursor, *size)
        expected = {}
        for n in range(9):
            await pilot.press(str(n + 1), "space", "right", "up")
            expected[column + n, row - n] = n
        assert painted(pilot) == expected and set(dots(pilot)) == set(expected)
        assert len(set(dots(pilot).values())) == 9
        for across, up, corner in ((-1, 1, (left, top)), (1, -1, (right, bottom))):
            for _ in range(size.width):
                canvas(pilot).action_move(across, 0)
                canvas(pilot).action_move(0, up)
            await pilot.press("space")
            assert painted(pilot)[corner] == 8, "it moves a cell each time, and stays within the square"


async def test_a_file_holds_the_points_as_they_were_painted(runs: Path, tmp_path: Path) -> None:
    async with canvas_of(runs) as pilot:
        await pilot.press("w")
        await seen(pilot, "no points to save yet")
        await stroke(pilot, cell(pilot, 2, 3), cell(pilot, 4, 5))
        await pilot.press("2", "space", "9")
        await stroke(pilot, cell(pilot, 9, 9))
        for path, words in ((tmp_path / "mine.csv", "Saved 3 points"), (tmp_path / "no" / "mine.csv", "Cannot save")):
            await pilot.press("w")
            await until(pilot, lambda: bool(pilot.app.screen.query(Input)))
            pilot.app.screen.query_one(Input).value = str(path)
            await pilot.press("enter")
            await until(pilot, lambda words=words: any(n.message.startswith(words) for n in pilot.app._notifications))
        drawn = np.array(canvas(pilot).points)
    read = read_csv(tmp_path / "mine.csv")
    assert (read.x == drawn[:, :2].astype(np.float32)).all() and read.classes.tolist() == drawn[:, 2].tolist() == [
        0,
        1,
        8,
    ]
    assert not (tmp_path / "no").exists()


async def test_w_on_the_menu_paints_what_the_plane_preset_learns(runs: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    launched: list[RunFolder] = []
    monkeypatch.setattr(supervisor, "launch", launched.append)
    async with GanTui(runs).run_test(size=WIDE, notifications=True) as pilot:
        await until(pilot, lambda: "Leave" in screen_text(pilot))
        assert "w Draw" not in screen_text(pilot), "only where points are learnt"
        await pilot.press("w", "home")
        assert isinstance(pilot.app.screen, MenuScreen)
        for _ in range(12):
            if "w Draw" in screen_text(pilot):
                break
            await pilot.press("down")
            await pilot.pause()
        await pilot.press("w")
        await until(pilot, lambda: isinstance(pilot.app.screen, DrawScreen) and canvas(pilot).region.height > 10)
        await seen(pilot, "no points yet")
        await pilot.press("enter")
        await stroke(pilot, cell(pilot, 10, 10), cell(pilot, 11, 10))
        await pilot.press("enter")
        await until(pilot, lambda: sum("two classes" in n.message for n in pilot.app._notifications) == 2)
        assert not launched and not runs.exists(), "one class is nothing to learn"
        await pilot.press("2")
        await stroke(pilot, cell(pilot, 20, 20))
        drawn = np.array(canvas(pilot).points)
        batch_size = pilot.app.screen_stack[-2].query_one("#batch_size", Input)
        batch_size.value = "500"
        await pilot.press("enter")
        await until(pilot, lambda: any("3 training examples" in n.message for n in pilot.app._notifications))
        assert isinstance(pilot.app.screen, DrawScreen) and not launched, "what cannot train is not lost"
        batch_size.value = "0"
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(pilot.app.screen, TrainingScreen))
    (folder,) = launched
    preset = folder.preset()
    assert (folder.name, preset.name, preset.networks[0].output) == ("plane-1", "plane", (2,))
    read = read_csv(folder.path / "points.csv")
    assert (read.x == drawn[:, :2].astype(np.float32)).all() and read.classes.tolist() == [0, 0, 1]


async def test_a_run_that_trains_gets_each_stroke_and_shows_its_surface_below(
    runs: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = recorded_plane(runs, state="training")
    asked: list[list[list[float]]] = []

    def ask(folder: RunFolder, command: Command) -> Answer:
        assert (command.name, command.setting) == ("set", "points")
        time.sleep(0.05)
        asked.append(command.value)
        return Answer(0, True, "points: 6")

    monkeypatch.setattr(control, "ask", ask)
    monkeypatch.setattr(RunFolder, "is_held", lambda folder: True)
    app = GanTui(runs, run.folder)
    async with app.run_test(size=WIDE) as pilot:
        await seen(pilot, "a paint")
        await pilot.press("a")
        await until(pilot, lambda: isinstance(pilot.app.screen, DrawScreen) and canvas(pilot).region.height > 10)
        assert [list(point) for point in canvas(pilot).points] == POINTS
        await until(pilot, lambda: canvas(pilot).probabilities is not None)
        np.testing.assert_allclose(canvas(pilot).probabilities, run.arrays["surface", LAST], atol=1 / 65535)
        assert len(np.unique(cells_at(pilot, canvas(pilot).region).background)) > 50
        await pilot.press("2")
        await pilot.pause(0.5)
        assert not asked, "another brush is no other points"
        place = cell(pilot, 30, 5)
        await stroke(pilot, place, cell(pilot, 31, 5))
        await until(pilot, lambda: len(asked) == 1)
        added = [list(point) for point in canvas(pilot).points[-2:]]
        assert asked == [[*POINTS, *added]] and [point[2] for point in added] == [1, 1]
        await pilot.press("u", "escape")  # before the stroke's pause is over
        await until(pilot, lambda: len(asked) == 2)
        assert asked[-1] == POINTS
        append(run.folder, Setting("points", POINTS[:3], LAST))
        await until(pilot, lambda: len(app.screen.state.settings.get("points", [])) == 3)
        await pilot.press("a")
        await until(pilot, lambda: isinstance(pilot.app.screen, DrawScreen) and canvas(pilot).region.height > 10)
        await pilot.press("c")
        await stroke(pilot, place)
        await pilot.pause(0.5)
        assert len(asked) == 2, "points of one class are not given to a run"
        await pilot.press("q")
    assert "plane-1 goes on in the background" in app.parting_words
