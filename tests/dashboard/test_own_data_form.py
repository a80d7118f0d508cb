"""Data of one's own in the menu's settings: completed, looked at, and what follows from them."""

import threading
import time
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from textual.pilot import Pilot
from textual.widgets import Input

from gan_tui.dashboard.app import GanTui
from gan_tui.dashboard.screens.menu import MenuScreen
from gan_tui.dashboard.screens.training import TrainingScreen
from gan_tui.dashboard.widgets import own_data
from gan_tui.dashboard.widgets.settings_form import SettingsForm
from gan_tui.data import own
from gan_tui.data.own.found import Found
from gan_tui.presets import Preset
from gan_tui.run.folder import RunFolder
from gan_tui.supervision import launching, starting
from on_screen import LOW, WIDE, press, running, screen_text, seen, soon, words_of
from recorded import recorded_run
from shapes_of_colour import squares

OWN_FOUND = "200 colour images, 16 × 16, in 3 classes"
OWN_OUTCOME = "200 steps, 1 per epoch; 200 examples"


@pytest.fixture
def place(tmp_path: Path) -> Path:
    (tmp_path / "my data").mkdir()
    return squares(tmp_path / "my data" / "squares.npz", (60, 60, 80))


@pytest.fixture
async def pilot(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Pilot]:
    """The menu on `gan`, with the field of its data in the settings."""
    (tmp_path / "presets").mkdir()
    monkeypatch.setenv("GAN_TUI_PRESETS", str(tmp_path / "presets"))
    monkeypatch.setattr(launching, "spawn", lambda *_: pytest.fail("nothing here is to be trained"))
    monkeypatch.setattr(own_data, "PAUSE_SECONDS", 0.02)
    async with running(GanTui(tmp_path / "runs"), notifications=True) as pilot:
        await seen(pilot, "7,800 steps, 39 per epoch; 5,000 examples")
        yield pilot


def field(pilot: Pilot, name: str = "data") -> Input:
    return pilot.app.screen.query_one(f"#{name}", Input)


def typed(pilot: Pilot, text: str) -> None:
    field(pilot).focus()
    field(pilot).value = text
    field(pilot).cursor_position = len(text)


@pytest.mark.slow
async def test_what_is_recognized_is_said_and_the_networks_follow(pilot: Pilot, place: Path) -> None:
    assert not field(pilot, "image_size").region, "what means nothing without own data is not there"
    typed(pilot, str(place))
    await seen(pilot, OWN_FOUND)
    assert OWN_OUTCOME in screen_text(pilot)
    await seen(pilot, "Dense 768 tanh")  # 16 × 16 × 3
    assert "data squares.npz, 200 examples, " in words_of(pilot, "#words")
    assert all(field(pilot, name).region for name in ("image_size", "color", "resize"))
    field(pilot, "image_size").value = "20"
    await seen(pilot, "Dense 1200 tanh")
    field(pilot, "color").value = "grey"
    await seen(pilot, "Dense 400 tanh")
    typed(pilot, "")
    await seen(pilot, "Dense 784 tanh")
    assert "7,800 steps, 39 per epoch; 5,000 examples" in screen_text(pilot)
    assert not field(pilot, "image_size").region


async def test_what_is_no_data_is_refused_in_a_sentence_and_nothing_starts(pilot: Pilot, tmp_path: Path) -> None:
    typed(pilot, str(tmp_path / "nothing"))
    refusal = f"There is nothing at {tmp_path}/nothing: check the path."
    await soon(lambda: words_of(pilot, "#outcome").replace(" ", "") == refusal.replace(" ", ""))
    press(pilot, "enter")
    await soon(lambda: [said.message for said in pilot.app._notifications] == [f"Not started: {refusal}"])
    assert isinstance(pilot.app.screen, MenuScreen)


@pytest.mark.slow
async def test_a_path_that_no_disk_could_hold_is_refused_in_a_sentence(pilot: Pilot) -> None:
    typed(pilot, f"/tmp/{'x' * 300}")
    await soon(lambda: "File name too long; use a shorter name." in " ".join(words_of(pilot, "#outcome").split()))
    press(pilot, "tab", "enter")
    await soon(lambda: any("use a shorter name" in said.message for said in pilot.app._notifications))
    assert isinstance(pilot.app.screen, MenuScreen)


@pytest.mark.slow
async def test_tab_completes_a_path_and_offers_what_there_is(
    pilot: Pilot, place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (place.parent / "square").mkdir()
    (place.parent / ".hidden").mkdir()
    monkeypatch.setenv("HOME", str(place.parent.parent))
    typed(pilot, "~/my")
    press(pilot, "tab")
    await soon(lambda: field(pilot).value == "~/my data/")
    press(pilot, "tab")
    await soon(lambda: field(pilot).value == "~/my data/square")
    press(pilot, "tab")
    await soon(lambda: words_of(pilot, "#found") == "square/, squares.npz")
    press(pilot, "s")
    press(pilot, "tab")
    await soon(lambda: field(pilot).value == "~/my data/squares.npz")
    await seen(pilot, OWN_OUTCOME)
    press(pilot, "tab")
    await soon(lambda: field(pilot, "image_size").has_focus)


@pytest.mark.slow
async def test_what_is_offered_stays_until_more_is_typed_also_where_the_disk_is_slow(
    pilot: Pilot, place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    answers = threading.Event()
    monkeypatch.setattr(own, "look", lambda at, *more: answers.wait(20) and _look(at, *more))
    (place.parent / "square").mkdir()
    typed(pilot, str(place.parent / "squ"))
    press(pilot, "tab")
    await soon(lambda: words_of(pilot, "#found") == "square/, squares.npz")
    answers.set()
    await soon(lambda: pilot.app.screen.query_one("#outcome").has_class("bad"))  # it was looked at
    assert words_of(pilot, "#found") == "square/, squares.npz"
    press(pilot, "s")
    await soon(lambda: words_of(pilot, "#found") != "square/, squares.npz")


async def test_tab_in_an_empty_field_goes_on_as_everywhere(pilot: Pilot) -> None:
    field(pilot).focus()
    press(pilot, "tab")
    await soon(lambda: not field(pilot).has_focus)


@pytest.mark.slow
async def test_it_is_looked_at_when_typing_pauses_and_not_at_each_key(
    pilot: Pilot, place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked: list[str] = []
    monkeypatch.setattr(own_data, "PAUSE_SECONDS", 2.0)
    monkeypatch.setattr(own, "look", lambda at, *more: looked.append(at) or _look(at, *more))
    typed(pilot, str(place)[:-4])
    press(pilot, *str(place)[-4:])
    await seen(pilot, OWN_OUTCOME)
    assert looked == [str(place)]


_look = own.look


@pytest.mark.slow
async def test_a_disk_that_does_not_answer_holds_nothing_up(
    pilot: Pilot, place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    silent = threading.Event()

    def look(at: str, *more: str) -> Found:
        if at == "/silent":
            silent.wait(20)
        return _look(at, *more)

    monkeypatch.setattr(own, "look", look)
    typed(pilot, "/silent")
    await seen(pilot, "Looking at /silent …")
    typed(pilot, str(place))
    await seen(pilot, OWN_OUTCOME)
    silent.set()
    await pilot.pause(0.1)
    assert OWN_OUTCOME in screen_text(pilot), "an old answer is none to what is asked now"


@pytest.mark.slow
async def test_enter_starts_on_the_data_once_they_were_looked_at_and_the_menu_keeps_what_was_typed(
    pilot: Pilot, place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    started: list[Preset] = []

    def start(preset: Preset, runs: Path, *_: object) -> RunFolder:
        started.append(preset)
        return recorded_run(runs)

    monkeypatch.setattr(starting, "start", start)
    monkeypatch.setattr(own, "look", lambda at, *more: (time.sleep(0.1), _look(at, *more))[1])
    typed(pilot, str(place))
    press(pilot, "enter")
    await soon(lambda: isinstance(pilot.app.screen, TrainingScreen))
    assert [(preset.settings["data"], preset.facts.shape) for preset in started] == [(str(place), (16, 16, 3))]
    await soon(lambda: "gan" in screen_text(pilot))
    press(pilot, "escape")
    await soon(lambda: isinstance(pilot.app.screen, MenuScreen))
    await seen(pilot, OWN_OUTCOME)
    assert field(pilot).value == str(place)


@pytest.mark.slow
async def test_it_fits_every_usual_size(pilot: Pilot, place: Path) -> None:
    typed(pilot, str(place))
    await seen(pilot, OWN_OUTCOME)
    for size in (LOW, (60, 18), WIDE):
        await pilot.resize_terminal(*size)
        form = pilot.app.screen.query_one(SettingsForm)
        await soon(lambda size=size, form=form: form.region.bottom == size[1] - 1)
        text = screen_text(pilot)
        assert all(words in text for words in ("image size", "color", "resize")), size
        assert (words_of(pilot, "#found"), words_of(pilot, "#outcome")) == (OWN_FOUND, OWN_OUTCOME), size
        assert field(pilot).region.width >= 14, size


@pytest.mark.slow
async def test_a_preset_that_takes_no_data_has_no_field_for_them(pilot: Pilot) -> None:
    press(pilot, "escape", "home")
    await seen(pilot, " simple: ")
    await soon(lambda: not field(pilot).region)
