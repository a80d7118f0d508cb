"""The menu comes back where it was, at another start."""

import json
from pathlib import Path

import pytest
from test_keep_my_place import choose, painted, type_epochs, typed

from gan_tui import presets
from gan_tui.dashboard import kept_place
from gan_tui.dashboard.app import GanTui
from gan_tui.dashboard.menu_place import MenuPlace
from gan_tui.dashboard.painting import Painting
from gan_tui.dashboard.screens.confirm import ConfirmScreen
from gan_tui.dashboard.screens.menu import MenuScreen
from gan_tui.dashboard.widgets.preset_list import PresetList
from gan_tui.dashboard.widgets.run_list import RunList
from gan_tui.system.paths import own_folder
from on_screen import press, running, seen, soon
from recorded import recorded_run


def file() -> Path:
    folder = own_folder("config")
    assert folder is not None
    folder.mkdir(parents=True, exist_ok=True)
    return folder / "place.json"


@pytest.mark.slow
async def test_preset_pane_run_settings_and_points_are_there_at_the_next_start(runs: Path) -> None:
    for name in ("xor", "shapes", "gan"):
        recorded_run(runs, name)
    app = GanTui(runs)
    async with running(app) as pilot:
        await seen(pilot, " gan: ")
        choose(pilot, "plane")
        await seen(pilot, " plane: ")
        await type_epochs(pilot, "1", "7")
        press(pilot, "escape")
        await soon(lambda: isinstance(app.focused, PresetList))
        press(pilot, "w")
        points = (await painted(pilot, "space", "2", "right", "space")).points
        press(pilot, "escape")
        await soon(lambda: isinstance(app.screen, MenuScreen))
        press(pilot, "tab")
        await soon(lambda: isinstance(app.focused, RunList))
        press(pilot, "down", "down")
        runs_shown = app.screen.query_one(RunList)
        await soon(lambda: runs_shown.highlighted == 2)
        chosen = runs_shown.chosen.folder.path
        await soon(lambda: app._place.run == chosen)
        assert app.keep_place(), "as quitting does, or a lost connection"
    assert file().stat().st_mode & 0o777 == 0o600
    again = GanTui(runs, place=kept_place.read())
    async with running(again) as pilot:
        await seen(pilot, " plane: ")
        assert typed(pilot) == ["17", "", "0", "0.01", "42"]
        await soon(lambda: isinstance(again.focused, RunList))
        await soon(lambda: (run := again.screen.query_one(RunList).chosen) and run.folder.path == chosen)
        assert [list(point) for point in again._place.painting.points] == [list(point) for point in points]


@pytest.mark.slow
async def test_who_painted_is_asked_where_the_disk_keeps_nothing(runs: Path) -> None:
    config = file().parent
    config.rmdir()
    config.write_text("")
    app = GanTui(runs, place=MenuPlace(painting=_painted()))
    async with running(app, notifications=True) as pilot:
        await seen(pilot, " gan: ")
        press(pilot, "q")
        await seen(pilot, "You painted 1 point that nothing has kept")
        await soon(lambda: isinstance(app.screen, ConfirmScreen))
        press(pilot, "y")
        await soon(lambda: app._exit)


def _painted() -> Painting:
    painting = Painting()
    painting.points = ((0.5, 0.5, 1),)
    return painting


def kept_of(preset: presets.Preset, **typed: str) -> None:
    place = MenuPlace(preset=preset)
    place.remember(preset, typed)
    assert kept_place.keep(place)


@pytest.mark.slow
async def test_a_preset_that_has_changed_drops_what_was_typed_with_a_word(runs: Path, own_presets: Path) -> None:
    xor = (presets.bundled_folder() / "xor.toml").read_text()
    (own_presets / "mine.toml").write_text(xor)
    kept_of(presets.find("mine"), epochs="17")
    assert kept_place.read().typed(presets.find("mine")) == {"epochs": "17"}
    (own_presets / "mine.toml").write_text(xor.replace("epochs = 1000", "epochs = 123"))
    async with running(GanTui(runs, place=kept_place.read()), notifications=True) as pilot:
        await seen(pilot, " mine: ")
        await seen(pilot, "mine has changed; what was typed for it at")
        assert typed(pilot)[0] == "123"


@pytest.mark.slow
async def test_a_preset_that_is_gone_drops_what_was_typed_with_a_word(runs: Path, own_presets: Path) -> None:
    (own_presets / "mine.toml").write_text((presets.bundled_folder() / "xor.toml").read_text())
    kept_of(presets.find("mine"), epochs="17")
    (own_presets / "mine.toml").unlink()
    async with running(GanTui(runs, place=kept_place.read()), notifications=True) as pilot:
        await seen(pilot, " gan: ")
        await seen(pilot, "There is no preset mine any more")


def test_what_was_typed_before_stays_kept_for_a_preset_that_is_not_looked_at() -> None:
    kept_of(presets.find("xor"), epochs="17")
    place = kept_place.read()
    place.remember(presets.find("plane"), {"seed": "7"})
    assert kept_place.keep(place)
    again = kept_place.read()
    assert again.typed(presets.find("xor")) == {"epochs": "17"}
    assert again.typed(presets.find("plane")) == {"seed": "7"}


@pytest.mark.parametrize(
    "spoilt",
    [
        {"points": "[[0.5, 0.5, 0], [2, 0.5, 0]]"},
        {"points": "[[0.5, NaN, 0]]"},
        {"points": "[[0.5, 0.5, true]]"},
        {"points": "[" * 10_000},
        {"typed": '{"xor": 3, "gan": ["", 3], "plane": ["", {"epochs": 3}]}'},
        {"typed": "[]", "run": 3, "pane": []},
    ],
)
def test_what_somebody_has_made_of_the_file_is_as_at_first(spoilt: dict[str, object]) -> None:
    file().write_text(json.dumps(spoilt))
    place = kept_place.read()
    assert not place.painting.points and not place.among_runs and place.run is None
    assert not any(place.typed(presets.find(name)) for name in ("xor", "gan", "plane"))


def test_of_two_that_leave_the_last_one_wins() -> None:
    first, second = MenuPlace(preset=presets.find("xor")), MenuPlace(preset=presets.find("plane"))
    assert kept_place.keep(first) and kept_place.keep(second)
    assert kept_place.read().preset_name == "plane"
