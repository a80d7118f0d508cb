"""Painting points: with mouse and keys, taken back, kept as a file, trained on, and given to a run that trains."""

import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import numpy as np
import pytest
from textual.events import MouseDown, MouseMove, MouseUp
from textual.geometry import Offset
from textual.pilot import Pilot
from textual.widgets import Input, Static

from gan_tui import presets
from gan_tui.dashboard.app import GanTui
from gan_tui.dashboard.painting import MOST_STROKES, Painting
from gan_tui.dashboard.screens import draw
from gan_tui.dashboard.screens.confirm import DiscardScreen
from gan_tui.dashboard.screens.draw import DrawScreen
from gan_tui.dashboard.screens.help import HelpScreen
from gan_tui.dashboard.screens.menu import MenuScreen
from gan_tui.dashboard.screens.training import TrainingScreen
from gan_tui.dashboard.terminal.keys import Keyboard
from gan_tui.dashboard.widgets.plane_canvas import PlaneCanvas, line
from gan_tui.dashboard.widgets.settings_form import SettingsForm
from gan_tui.data.points import read_csv
from gan_tui.drawing.plots.surface import cell_of, place_of
from gan_tui.run.commands import Command
from gan_tui.run.events import Setting
from gan_tui.run.folder import RunFolder
from gan_tui.supervision import launching
from on_screen import LOW, WIDE, cells_at, mouse, press, running, screen_text, seen, soon
from recorded import append
from recorded_views import LAST, POINTS, recorded_plane
from serving import Serving

Cell = tuple[int, int]


@pytest.fixture(scope="module")
async def opened(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Pilot]:
    """One app for all that paint on a canvas of their own."""
    async with running(GanTui(tmp_path_factory.mktemp("menu") / "runs"), LOW, notifications=True) as pilot:
        yield pilot


@asynccontextmanager
async def canvas_of(pilot: Pilot, size: tuple[int, int] = LOW) -> AsyncIterator[Pilot]:
    """An empty canvas."""
    await pilot.resize_terminal(*size)
    pilot.app.clear_notifications()
    drawn = DrawScreen(Painting(), train=lambda points: None)
    pilot.app.push_screen(drawn)
    await opened_canvas(pilot)
    yield pilot
    while drawn in pilot.app.screen_stack:
        pilot.app.pop_screen()


async def opened_canvas(pilot: Pilot) -> None:
    """Wait until there is a canvas that keys go to."""
    await soon(lambda: isinstance(pilot.app.focused, PlaneCanvas) and pilot.app.focused.region.height > 10)


def canvas(pilot: Pilot) -> PlaneCanvas:
    return pilot.app.screen.query_one(PlaneCanvas)


def cell(pilot: Pilot, column: int, row: int) -> Cell:
    """The canvas's cell at a place in its square."""
    first_column, first_row = cell_of(0, 1, *canvas(pilot).size)
    return first_column + column, first_row + row


def offset(pilot: Pilot, place: Cell) -> Offset:
    region = canvas(pilot).region
    return Offset(region.x + place[0], region.y + place[1])


def stroke(pilot: Pilot, *places: Cell) -> None:
    """Draw from cell to cell with the mouse."""
    mouse(pilot, offset(pilot, places[0]), MouseDown)
    for place in places[1:]:
        mouse(pilot, offset(pilot, place), MouseMove)
    mouse(pilot, offset(pilot, places[-1]), MouseUp)


def painted(pilot: Pilot) -> dict[Cell, int]:
    """Cell → class, of the points that the canvas holds; each lies amid its cell."""
    size, found = canvas(pilot).size, {}
    for x, y, kind in canvas(pilot).points:
        place = cell_of(x, y, *size)
        assert place_of(*place, *size) == pytest.approx((x, y), abs=1e-4)
        assert place not in found, "one point a cell"
        found[place] = kind
    return found


async def holds(pilot: Pilot, expected: dict[Cell, int]) -> None:
    """Wait until the canvas holds these points and no others."""
    await soon(lambda: painted(pilot) == expected)


def dots(pilot: Pilot) -> dict[Cell, int]:
    """Cell → colour, of the points that are on the screen."""
    cells = cells_at(pilot, canvas(pilot).region)
    return {(c, r): int(cells.foreground[r, c]) for r, c in np.argwhere(cells.characters == "●").tolist()}


async def test_the_mouse_paints_strokes_that_are_taken_back_one_by_one(opened: Pilot) -> None:
    async with canvas_of(opened) as pilot:
        first = [cell(pilot, 3 + n, 4) for n in range(5)]
        second = [cell(pilot, 3, 5 + n) for n in range(3)]
        beside = (0, 0)
        assert place_of(*beside, *canvas(pilot).size) is None
        stroke(pilot, *first)
        press(pilot, "2")
        stroke(pilot, *second)
        both = {**dict.fromkeys(first, 0), **dict.fromkeys(second, 1)}
        await holds(pilot, both)
        await seen(pilot, "painting class 2 .* class 1: 5  class 2: 3")
        press(pilot, "right", "right", "right")  # the cursor's arms would hide its neighbours
        await soon(lambda: set(dots(pilot)) == set(both))
        shown = dots(pilot)
        assert len({shown[place] for place in first}) == len({shown[place] for place in second}) == 1
        assert shown[first[0]] != shown[second[0]]
        stroke(pilot, *second)  # the same class again, and a click beside the square: nothing to take back
        stroke(pilot, beside)
        press(pilot, "c")
        await holds(pilot, {})
        assert dots(pilot) == {}
        for expected in (both, dict.fromkeys(first, 0), {}):
            press(pilot, "u")
            await holds(pilot, expected)


async def test_a_stroke_has_no_holes_however_fast_the_mouse_is(opened: Pilot) -> None:
    async with canvas_of(opened) as pilot:
        stroke(pilot, cell(pilot, 2, 2), cell(pilot, 7, 2), cell(pilot, 7, 6), cell(pilot, 4, 3))
        level = {(column, 2) for column in range(2, 8)}
        down, back = {(7, row) for row in range(2, 7)}, {(6, 5), (5, 4), (4, 3)}
        await holds(pilot, {cell(pilot, *place): 0 for place in level | down | back})
        press(pilot, "u")
        await holds(pilot, {})
        left, top = cell(pilot, 0, 0)
        stroke(pilot, (left - 1, top + 4), (left + 2, top + 4))  # from beside the square into it
        await holds(pilot, {cell(pilot, column, 4): 0 for column in range(3)})


def test_the_way_to_where_no_window_reaches_has_an_end() -> None:
    assert len(line((3, 3), (10**11, 4))) < 20_000


async def test_a_button_that_was_let_go_of_elsewhere_paints_no_more(opened: Pilot) -> None:
    async with canvas_of(opened) as pilot:
        first, second, third = (cell(pilot, 3 * n, 4) for n in range(3))
        mouse(pilot, offset(pilot, first), MouseDown, MouseMove)
        mouse(pilot, offset(pilot, second), MouseMove, button=0)
        mouse(pilot, offset(pilot, third), MouseMove, button=0)
        await pilot.pause()
        await holds(pilot, {first: 0})
        assert pilot.app.mouse_captured is None
        mouse(pilot, offset(pilot, second), MouseDown)  # no movement without a button is told, either
        mouse(pilot, offset(pilot, third), MouseDown, MouseUp)
        await holds(pilot, dict.fromkeys((first, second, third), 0))
        for expected in ({first: 0, second: 0}, {first: 0}, {}):
            press(pilot, "u")
            await holds(pilot, expected)


async def test_only_the_left_button_paints(opened: Pilot) -> None:
    async with canvas_of(opened) as pilot:
        places = [cell(pilot, 2 + n, 4) for n in range(3)]
        for button in (2, 3):
            for place in places:
                mouse(pilot, offset(pilot, place), MouseDown, MouseMove, MouseUp, button=button)
        mouse(pilot, offset(pilot, places[0]), MouseDown)
        mouse(pilot, offset(pilot, places[0]), MouseDown, MouseUp, button=3)
        mouse(pilot, offset(pilot, places[1]), MouseMove, MouseUp)
        await holds(pilot, dict.fromkeys(places[:2], 0))
        press(pilot, "u")
        await holds(pilot, {})


async def test_painting_over_points_of_another_class_replaces_them(opened: Pilot) -> None:
    async with canvas_of(opened) as pilot:
        place, other = cell(pilot, 6, 6), cell(pilot, 7, 6)
        stroke(pilot, place, other)
        press(pilot, "3")
        stroke(pilot, place)
        await holds(pilot, {place: 2, other: 0})
        press(pilot, "1", "space")  # the cursor is where was painted last
        await holds(pilot, {place: 0, other: 0})
        press(pilot, "space", "u")  # a point more of the same class is no stroke
        await holds(pilot, {place: 2, other: 0})
        crowd = [(*place_of(*place, *canvas(pilot).size), kind) for kind in (0, 1, 0)]
        canvas(pilot).painting.points = crowd
        press(pilot, "1")
        stroke(pilot, place)
        await soon(lambda: len(canvas(pilot).points) == 1)
        assert painted(pilot) == {place: 0}, "whatever else was in the cell"


@pytest.mark.slow
async def test_keys_move_by_a_cell_each_and_paint_nine_classes(opened: Pilot) -> None:
    async with canvas_of(opened, WIDE) as pilot:
        size = canvas(pilot).size
        (left, top), (right, bottom) = cell_of(0, 1, *size), cell_of(1, 0, *size)
        column, row = cell_of(*canvas(pilot).cursor, *size)
        expected = {}
        for n in range(9):
            press(pilot, str(n + 1), "space", "right", "up")  # all at once, as a slow link brings them
            expected[column + n, row - n] = n
        await holds(pilot, expected)
        await soon(lambda: set(dots(pilot)) == set(expected))
        assert len(set(dots(pilot).values())) == 9
        for across, up, corner in ((-1, 1, (left, top)), (1, -1, (right, bottom))):
            canvas(pilot).cursor = place_of(corner[0] - across, corner[1] + up, *size)
            for _ in range(3):
                canvas(pilot).action_move(across, 0)
                canvas(pilot).action_move(0, up)
            press(pilot, "space")
            await soon(lambda corner=corner: painted(pilot).get(corner) == 8)  # it stays within the square


@pytest.mark.slow
async def test_a_file_holds_the_points_as_they_were_painted(opened: Pilot, tmp_path: Path) -> None:
    async with canvas_of(opened) as pilot:
        press(pilot, "w")
        await seen(pilot, "No points to save yet")
        stroke(pilot, cell(pilot, 2, 3), cell(pilot, 3, 4))
        press(pilot, "2", "space", "9")
        stroke(pilot, cell(pilot, 9, 9))
        await soon(lambda: len(canvas(pilot).points) == 3)
        for path, words in ((tmp_path / "mine.csv", "Saved 3 points"), (tmp_path / "no" / "mine.csv", "Cannot save")):
            press(pilot, "w")
            await soon(lambda: bool(pilot.app.screen.query(Input)))
            pilot.app.screen.query_one(Input).value = str(path)
            press(pilot, "enter")
            await soon(lambda words=words: any(n.message.startswith(words) for n in pilot.app._notifications))
        drawn = np.array(canvas(pilot).points)
    read = read_csv(tmp_path / "mine.csv")
    assert (read.x == drawn[:, :2].astype(np.float32)).all()
    assert read.classes.tolist() == drawn[:, 2].tolist() == [0, 1, 8]
    assert not (tmp_path / "no").exists()


@pytest.mark.slow
@pytest.mark.parametrize("size", [(60, 18), (80, 24), WIDE])
async def test_leaving_and_help_are_shown_on_the_smallest_window_and_nothing_is_cut_in_secret(
    opened: Pilot, size: tuple[int, int]
) -> None:
    async with canvas_of(opened, size) as pilot:
        await seen(pilot, "no points yet")
        caption, *_, keys = screen_text(pilot).splitlines()
        assert all(key in keys for key in (" space Paint ", " esc Back ", " ? Help ", " q Quit ")), keys
        assert caption.rstrip().endswith("…" if size[0] < 120 else "press space")
        press(pilot, "question_mark")
        await soon(lambda: isinstance(pilot.app.screen, HelpScreen) and bool(pilot.app.screen.query(Static)))
        page = str(pilot.app.screen.query_one(Static).content)
        for key in ("space", "u ", "c ", "⏎", "w ", "esc", "? "):
            assert f"\n  {key}" in page, key
        assert "1 to 9" in page and "arrows" in page and "classes" in page
        press(pilot, "escape")
        await opened_canvas(pilot)


@pytest.mark.slow
async def test_a_file_of_points_is_named_as_one(opened: Pilot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "taken.csv").write_text("precious")
    async with canvas_of(opened, WIDE) as pilot:
        stroke(pilot, cell(pilot, 2, 3))
        await soon(lambda: len(canvas(pilot).points) == 1)
        for name, saved in (("abd0", "abd0.csv"), ("a.txt", "a.txt.csv"), ("UP.CSV", "UP.CSV")):
            press(pilot, "w")
            await soon(lambda: bool(pilot.app.screen.query(Input)))
            pilot.app.screen.query_one(Input).value = name
            press(pilot, "enter")
            words = f"Saved 1 point as {tmp_path / saved}"
            await soon(lambda words=words: any(n.message == words for n in pilot.app._notifications))
        press(pilot, "w")
        await soon(lambda: bool(pilot.app.screen.query(Input)))
        pilot.app.screen.query_one(Input).value = "taken"
        press(pilot, "enter")
        sentence = f"{tmp_path / 'taken.csv'} exists already; choose another name."
        await soon(lambda: pilot.app.screen.query_one("#problem", Static).content == sentence)
        press(pilot, "escape")
        await opened_canvas(pilot)
    assert (tmp_path / "taken.csv").read_text() == "precious"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["UP.CSV", "a.txt.csv", "abd0.csv", "taken.csv"]


@pytest.mark.slow
async def test_a_path_that_was_pasted_without_a_mark_is_in_the_field(opened: Pilot, tmp_path: Path) -> None:
    async with canvas_of(opened) as pilot:
        stroke(pilot, cell(pilot, 2, 3))
        await soon(lambda: canvas(pilot).points)
        press(pilot, "w")
        await soon(lambda: bool(pilot.app.screen.query(Input)))
        pilot.app.screen.query_one(Input).value = ""
        path = f"{tmp_path}/{'long-' * 20}name.csv"
        for event in Keyboard().events(path.encode()):
            event.set_sender(pilot.app)
            pilot.app.post_message(event)
        await soon(lambda: pilot.app.screen.query_one(Input).value == path)
        press(pilot, "escape")
        await opened_canvas(pilot)


async def test_no_file_is_replaced_and_no_name_ends_the_painting(
    opened: Pilot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "points.csv").write_text("precious")
    (tmp_path / "link.csv").symlink_to(tmp_path / "elsewhere.csv")
    async with canvas_of(opened) as pilot:
        stroke(pilot, cell(pilot, 2, 3))
        await soon(lambda: len(canvas(pilot).points) == 1)
        press(pilot, "w")
        await soon(lambda: bool(pilot.app.screen.query(Input)))
        asked = pilot.app.screen.query_one(Input)
        assert asked.value == "points-2.csv", "a name that is free"
        for name in ("points.csv", "link.csv", "/"):
            asked.value = name
            press(pilot, "enter")
            sentence = f"{tmp_path / name} exists already; choose another name."
            await soon(lambda sentence=sentence: pilot.app.screen.query_one("#problem", Static).content == sentence)
        asked.value = "~nobody-is-called-that/p.csv"
        press(pilot, "enter")
        await seen(pilot, "Cannot save")
        press(pilot, "w")
        await soon(lambda: bool(pilot.app.screen.query(Input)))
        press(pilot, "enter")
        await seen(pilot, "Saved 1 point")
        assert len(canvas(pilot).points) == 1
    assert (tmp_path / "points.csv").read_text() == "precious"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["link.csv", "points-2.csv", "points.csv"]


@pytest.mark.slow
async def test_w_on_the_menu_paints_what_the_plane_preset_learns(runs: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    launched: list[RunFolder] = []
    monkeypatch.setattr(launching, "spawn", lambda folder, *_: launched.append(folder))
    async with running(GanTui(runs), notifications=True) as pilot:
        await soon(lambda: "Quit" in screen_text(pilot))
        assert "w Draw" not in screen_text(pilot), "only where points are learnt"
        press(pilot, "w", "home")
        await seen(pilot, "simple: ")
        assert isinstance(pilot.app.screen, MenuScreen)
        for name in ("three-class", "xor", "plane"):
            press(pilot, "down")
            await seen(pilot, f" {name}: ")
            assert name == "plane" or "w Draw" not in screen_text(pilot)
        await seen(pilot, "w Draw")
        press(pilot, "h")
        await seen(pilot, "WHAT TO LOOK AT")
        press(pilot, "escape")
        await soon(lambda: isinstance(pilot.app.screen, MenuScreen))
        press(pilot, "w")
        await opened_canvas(pilot)
        await seen(pilot, "no points yet")
        press(pilot, "enter")
        stroke(pilot, cell(pilot, 10, 10), cell(pilot, 11, 10))
        press(pilot, "enter")
        await soon(lambda: sum("two classes" in n.message for n in pilot.app._notifications) == 2)
        assert not launched and not runs.exists(), "one class is nothing to learn"
        press(pilot, "2")
        stroke(pilot, cell(pilot, 20, 20))
        await soon(lambda: len(canvas(pilot).points) == 3)
        drawn = np.array(canvas(pilot).points)
        form = pilot.app.screen_stack[-2].query_one(SettingsForm)
        form.query_one("#batch_size", Input).value = "500"
        await soon(lambda: form.preset and form.preset.settings["batch_size"] == 500)
        press(pilot, "enter")
        await soon(lambda: any("3 training examples" in n.message for n in pilot.app._notifications))
        assert isinstance(pilot.app.screen, DrawScreen) and not launched, "what cannot train is not lost"
        form.query_one("#batch_size", Input).value = "0"
        await soon(lambda: form.preset and form.preset.settings["batch_size"] == 0)
        press(pilot, "enter")
        await soon(lambda: isinstance(pilot.app.screen, TrainingScreen))
    (folder,) = launched
    preset = presets.of_run(folder)
    assert (folder.name, preset.name, preset.networks[0].output) == ("plane-1", "plane", (2,))
    read = read_csv(folder.path / "points.csv")
    assert (read.x == drawn[:, :2].astype(np.float32)).all() and read.classes.tolist() == [0, 0, 1]


@pytest.mark.slow
async def test_a_temporary_folder_that_cannot_be_written_is_named(runs: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    gone = runs / "gone"
    monkeypatch.setattr(tempfile, "tempdir", str(gone))
    async with running(GanTui(runs), notifications=True) as pilot:
        await soon(lambda: "Quit" in screen_text(pilot))
        press(pilot, "home")
        for name in ("simple", "three-class", "xor", "plane"):
            await seen(pilot, f" {name}: ")
            press(pilot, *["down"] * (name != "plane"))
        press(pilot, "w")
        await opened_canvas(pilot)
        stroke(pilot, cell(pilot, 10, 10))
        press(pilot, "2")
        stroke(pilot, cell(pilot, 20, 20))
        await soon(lambda: len(canvas(pilot).points) == 2)
        press(pilot, "enter")
        sentence = (
            f"The points cannot be written into the temporary folder {gone}: No such file or directory; "
            "set TMPDIR to a folder with some room."
        )
        await soon(lambda: sentence in [n.message for n in pilot.app._notifications])
    assert not runs.exists()


@pytest.mark.slow
async def test_a_run_that_trains_gets_each_stroke_and_shows_its_surface_below(
    runs: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = recorded_plane(runs, state="training")
    asked: list[list[list[float]]] = []
    serving = Serving(run.folder)

    def behave(command: Command) -> None:
        assert (command.name, command.setting) == ("set", "points")
        asked.append(command.value)
        serving.do_it(command)

    serving.behave = behave
    monkeypatch.setattr(draw, "SEND_SECONDS", 0.05)
    app = GanTui(runs, run.folder)
    async with running(app) as pilot:
        await seen(pilot, "a paint")
        press(pilot, "a")
        await opened_canvas(pilot)
        assert [list(point) for point in canvas(pilot).points] == POINTS
        await soon(lambda: canvas(pilot).probabilities is not None)
        np.testing.assert_allclose(canvas(pilot).probabilities, run.arrays["surface", LAST], atol=1 / 65535)
        assert len(np.unique(cells_at(pilot, canvas(pilot).region).background)) > 50
        press(pilot, "2")
        await pilot.pause(0.15)
        assert not asked, "another brush is no other points"
        place = cell(pilot, 30, 5)
        stroke(pilot, place, cell(pilot, 31, 5))
        await soon(lambda: len(asked) == 1)
        added = [list(point) for point in canvas(pilot).points[-2:]]
        assert asked == [[*POINTS, *added]] and [point[2] for point in added] == [1, 1]
        press(pilot, "u", "escape")  # before the stroke's pause is over
        await soon(lambda: len(asked) == 2)
        assert asked[-1] == POINTS
        await soon(lambda: isinstance(app.screen, TrainingScreen))
        append(run.folder, Setting("points", POINTS[:3], LAST))
        await soon(lambda: len(app.screen.state.settings.get("points", [])) == 3)
        press(pilot, "a")
        await opened_canvas(pilot)
        press(pilot, "c")
        stroke(pilot, place)
        await soon(lambda: len(canvas(pilot).points) == 1)
        await pilot.pause(0.15)
        assert len(asked) == 2, "points of one class are not given to a run"
        press(pilot, "q")
        await soon(lambda: isinstance(app.screen, DiscardScreen))
        press(pilot, "y")
        await soon(lambda: app.parting_words)
    serving.close()
    assert serving.broken is None
    assert "plane-1 continues in the background" in app.parting_words


def test_so_many_strokes_are_taken_back_as_are_promised() -> None:
    painting = Painting()
    for number in range(MOST_STROKES + 5):
        painting.begin_stroke()
        painting.points = [*painting.points, (0.5, number / 1000, 0)]
        painting.end_stroke()
    for _ in range(MOST_STROKES + 5):
        painting.undo()
    assert len(painting.points) == 5
