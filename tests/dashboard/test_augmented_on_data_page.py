"""The page of data shows what training may see of images, as the settings of the chosen preset have it."""

import sys
from collections.abc import AsyncIterator
from pathlib import Path

import numpy as np
import psutil
import pytest
from textual.containers import VerticalScroll
from textual.pilot import Pilot
from textual.widgets import Input

from gan_tui import presets
from gan_tui.dashboard.app import GanTui
from gan_tui.dashboard.screens.menu import MenuScreen
from gan_tui.dashboard.themes import inks
from gan_tui.dashboard.typed_changes import Changes
from gan_tui.dashboard.views.data import DRAWING, Augmented, draw_augmented
from gan_tui.drawing.terminal import Terminal
from gan_tui.supervision import augmenting
from on_screen import LOW, back_to, cells_at, press, running, screen_text, seen, soon, words_of
from shapes_of_colour import squares

CNN, GAN = presets.find("fashion-cnn"), presets.find("gan")
LATE = """
import base64, json, os, pathlib, sys, time
asked = json.load(sys.stdin)
while not pathlib.Path(sys.argv[1]).exists():
    time.sleep(0.02)
size = len(data := base64.b64decode(asked["images"])) // asked["shape"][0]
images = [data[n * size : (n + 1) * size] for n in range(asked["shape"][0])]
rows = b"".join(image + asked["times"] * image[::-1] for image in images)
os.fdopen(int(sys.argv[2]), "w").write(json.dumps({"images": base64.b64encode(rows).decode()}))
"""
"""A process that answers once a file is there: each image back to front, so that red becomes blue."""
RED, BACK_TO_FRONT = (220, 40, 40), (40, 40, 220)
HEADING = "Each as it is, then as training may see it: flip."


# What is shown, and by which words --------------------------------------------------


def test_what_is_typed_goes_before_what_the_preset_has() -> None:
    own = CNN.with_settings({"augment": ["flip", "zoom 0.2"], "seed": 7})
    assert Changes.of(own, {}) == Changes(("flip", "zoom 0.2"), 7)
    assert Changes.of(own, {"augment": "rotate, shift .2", "seed": "9"}) == Changes(("rotate 0.1", "shift 0.2"), 9)
    assert Changes.of(own, {"augment": ""}) == Changes((), 7)
    assert Changes.of(own, {"augment": "flop", "seed": "x"}) == Changes(("flip", "zoom 0.2"), 7)


def test_where_images_are_not_changed_there_are_no_words() -> None:
    assert Changes.of(CNN, {}).words == () and Changes.of(None, {}).words == ()
    assert Changes.of(presets.find("xor"), {"augment": "flip"}).words == ()


def drawn(augmented: Augmented, columns: int = 60) -> list[str]:
    return [line.rstrip() for line in draw_augmented(augmented, columns, Terminal(), inks("dark")).text().splitlines()]


def test_until_they_are_drawn_it_says_so_and_why_where_they_never_are() -> None:
    assert drawn(Augmented(("flip",))) == ["augmented", HEADING, DRAWING]
    problem = "Augmented examples cannot be shown: No module named keras."
    assert drawn(Augmented(("flip",), problem=problem)) == ["augmented", HEADING, problem]


def test_each_example_has_a_row() -> None:
    rows = np.zeros((3, 8, 16, 16, 1), np.uint8)
    page = draw_augmented(Augmented(("flip",), rows), 200, Terminal(), inks("dark"))
    assert page.rows == 2 + 3 * 9 and page.columns == 200


# In the menu ------------------------------------------------------------------


@pytest.fixture
def answer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The file that lets the process answer."""
    monkeypatch.setattr(augmenting, "DRAW", (sys.executable, "-c", LATE, str(tmp_path / "answer")))
    return tmp_path / "answer"


@pytest.fixture
async def pilot(tmp_path: Path) -> AsyncIterator[Pilot]:
    async with running(GanTui(tmp_path / "runs"), notifications=True) as pilot:
        await seen(pilot, "5,000 examples")
        yield pilot


async def type_augment(pilot: Pilot) -> None:
    """Have the chosen preset flip its images, as a person does."""
    press(pilot, "a", *"augment", "enter", *"flip")
    await seen(pilot, "1 changed")
    await back_to(pilot, MenuScreen)


async def look_at(pilot: Pilot, place: Path) -> None:
    press(pilot, "o")
    await seen(pilot, "Type the path of your data above")
    await soon(lambda: pilot.app.screen.query_one(Input).has_focus)
    pilot.app.screen.query_one(Input).value = str(place)
    press(pilot, "enter")
    await seen(pilot, "12 colour images")


def processes(answer: Path) -> list[psutil.Process]:
    return [one for one in psutil.Process().children() if str(answer) in one.cmdline()]


def colors_on(pilot: Pilot) -> set[tuple[int, ...]]:
    cells = cells_at(pilot, pilot.app.screen.query_one(VerticalScroll).region)
    return {(color >> 16, color >> 8 & 255, color & 255) for color in np.unique(cells.background).tolist()}


@pytest.mark.slow
async def test_what_training_may_see_comes_late_and_holds_nothing_up(
    pilot: Pilot, answer: Path, tmp_path: Path
) -> None:
    await type_augment(pilot)
    await look_at(pilot, squares(tmp_path / "squares.npz"))
    press(pilot, "end")
    await soon(lambda: f"{HEADING} {DRAWING}" in words_of(pilot, "AugmentedView"))
    await soon(lambda: processes(answer))
    press(pilot, "home")
    await seen(pilot, "12 colour images")
    assert BACK_TO_FRONT not in colors_on(pilot)
    answer.touch()
    for size in (LOW, (120, 40)):
        await pilot.resize_terminal(*size)
        press(pilot, "end")
        await soon(lambda: {RED, BACK_TO_FRONT} <= colors_on(pilot))
    assert DRAWING not in screen_text(pilot) and not processes(answer)


@pytest.mark.slow
async def test_who_leaves_the_page_or_looks_elsewhere_ends_the_process(
    pilot: Pilot, answer: Path, tmp_path: Path
) -> None:
    await type_augment(pilot)
    await look_at(pilot, squares(tmp_path / "squares.npz"))
    await soon(lambda: processes(answer))
    (first,) = processes(answer)
    pilot.app.screen.query_one(Input).value = "/nowhere"
    pilot.app.screen.query_one(Input).focus()
    press(pilot, "enter")
    await seen(pilot, "There is nothing at /nowhere")
    await soon(lambda: not first.is_running() and not processes(answer))
    assert "augmented" not in screen_text(pilot)
    pilot.app.screen.query_one(Input).value = str(tmp_path / "squares.npz")
    press(pilot, "enter")
    await soon(lambda: processes(answer))
    press(pilot, "escape")
    await soon(lambda: isinstance(pilot.app.screen, MenuScreen))
    await soon(lambda: not processes(answer))


async def test_where_nothing_is_changed_the_page_is_as_ever(pilot: Pilot, answer: Path, tmp_path: Path) -> None:
    await look_at(pilot, squares(tmp_path / "squares.npz"))
    await soon(lambda: RED in colors_on(pilot))
    assert "augmented" not in screen_text(pilot) and not processes(answer)
    assert not pilot.app.screen.query_one("AugmentedView").size.height
