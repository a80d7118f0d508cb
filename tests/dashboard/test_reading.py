"""While a person's images are read before a run starts, the menu shows how far that is; escape leaves it."""

import threading
from pathlib import Path

import pytest

from gan_tui import presets
from gan_tui.dashboard.app import GanTui
from gan_tui.dashboard.screens import reading
from gan_tui.dashboard.screens.menu import MenuScreen
from gan_tui.dashboard.screens.reading import ReadingScreen
from gan_tui.dashboard.screens.training import TrainingScreen
from gan_tui.data.own import cache, making
from gan_tui.supervision import launching
from on_screen import running, screen_text, soon
from photos import photos


@pytest.fixture
def slow(monkeypatch: pytest.MonkeyPatch) -> threading.Event:
    """Images of which most are read only once this is set."""
    go, really = threading.Event(), making._read

    def read(files, wish, given_up):
        if not files[0].endswith("/cat/0.png"):
            assert go.wait(30)
        return really(files, wish, given_up)

    monkeypatch.setattr(making, "_read", read)
    monkeypatch.setattr(reading, "QUICK", 0)
    return go


@pytest.fixture
def menu(tmp_path: Path, own_presets: Path, monkeypatch: pytest.MonkeyPatch) -> GanTui:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    photos(tmp_path / "pets", {"cat": 32, "dog": 32})
    text = (presets.bundled_folder() / "fashion-cnn.toml").read_text().replace("batch_size = 32", "batch_size = 8")
    (own_presets / "fashion-cnn.toml").write_text(f'data = "{tmp_path}/pets"\n{text}')
    return GanTui(tmp_path / "runs")


async def begin(pilot) -> None:
    app = pilot.app
    await soon(lambda: isinstance(app.screen, MenuScreen) and "fashion-cnn" in screen_text(pilot))
    preset = presets.find("fashion-cnn")
    app.screen._starter.start(preset)
    await soon(lambda: isinstance(app.screen, ReadingScreen))


@pytest.mark.slow
async def test_how_far_it_is_is_shown_and_escape_leaves_nothing(menu: GanTui, slow, tmp_path: Path) -> None:
    async with running(menu, notifications=True) as pilot:
        await begin(pilot)
        await soon(lambda: "Reading 16 of 64 images" in screen_text(pilot))
        await pilot.press("escape")
        slow.set()
        await soon(lambda: isinstance(menu.screen, MenuScreen))
        await soon(lambda: not menu.screen._starter._starting.locked())
        assert not menu._notifications
    assert not (tmp_path / "runs").exists() and not cache.sets()


@pytest.mark.slow
async def test_once_it_is_read_the_run_starts(
    menu: GanTui, slow, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    started = []
    monkeypatch.setattr(launching, "spawn", lambda folder, *_: started.append(folder.name))
    async with running(menu) as pilot:
        await begin(pilot)
        slow.set()
        await soon(lambda: bool(started))
        await soon(lambda: isinstance(menu.screen, TrainingScreen))
        assert not any(isinstance(screen, ReadingScreen) for screen in menu.screen_stack)
    assert started == ["fashion-cnn-1"] and len(cache.sets()) == 1


@pytest.mark.slow
async def test_leaving_the_program_leaves_nothing(menu: GanTui, slow, tmp_path: Path) -> None:
    async with running(menu) as pilot:
        await begin(pilot)
        threading.Timer(3.0, slow.set).start()  # when it has been left, also on a machine with much to do
    assert not (tmp_path / "runs").exists() and not cache.sets()
