"""A run once more by a key, on its own screen and in the menu: as it was, or from another seed."""

from pathlib import Path

import pytest
from textual.pilot import Pilot

from gan_tui import presets
from gan_tui.dashboard.app import GanTui
from gan_tui.dashboard.screens.training import TrainingScreen
from gan_tui.dashboard.widgets.run_list import RunList
from gan_tui.run.events import State
from gan_tui.run.folder import RunFolder
from gan_tui.run.script_command import ScriptCommand
from gan_tui.supervision import anew, launching, script_runs
from on_screen import press, running, seen, soon, words_of
from recorded import recorded_run
from script_runs import STARTED, add


@pytest.fixture(autouse=True)
def nothing_trains(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(launching, "spawn", lambda *_: None)


async def among_runs(pilot: Pilot) -> None:
    """With the first run chosen."""
    await seen(pilot, "-1 ")
    press(pilot, "tab")
    await soon(lambda: isinstance(pilot.app.focused, RunList))


async def shows(pilot: Pilot, folder: Path) -> None:
    await soon(lambda: isinstance(pilot.app.screen, TrainingScreen) and pilot.app.screen.folder.path == folder)


@pytest.mark.parametrize(
    ("in_menu", "key", "seed"),
    [
        (False, "A", 5),
        (False, "o", 6),
        pytest.param(True, "A", 5, marks=pytest.mark.slow),
        pytest.param(True, "O", 6, marks=pytest.mark.slow),
    ],
)
async def test_a_run_is_trained_once_more(in_menu: bool, key: str, seed: int, runs: Path) -> None:
    folder = recorded_run(runs, "xor", seed=5, batch_size=2)
    async with running(GanTui(runs, None if in_menu else folder), (160, 40)) as pilot:
        await (among_runs(pilot) if in_menu else seen(pilot, "✓ finished"))
        await soon(lambda: f"{key} {'Again' if key == 'A' else 'Other seed'}" in words_of(pilot, "KeyLine"))
        press(pilot, key)
        await seen(pilot, f"Train xor-1 once more, {'as it was' if key == 'A' else 'from another seed'}?")
        assert not (runs / "xor-2").exists(), "a letter starts no training"
        press(pilot, "y")
        await shows(pilot, runs / "xor-2")
    before, after = presets.of_run(folder), presets.of_run(RunFolder(runs / "xor-2"))
    assert after == before.with_settings({"seed": seed})


async def test_a_run_on_painted_points_is_trained_on_its_own_copy_of_them(runs: Path, tmp_path: Path) -> None:
    points = tmp_path / "mine.csv"
    points.write_text("x,y,class\n0.1,0.2,0\n0.8,0.9,1\n")
    folder = recorded_run(runs, "plane", points=str(points))
    content = (folder.path / "points.csv").read_bytes()
    points.unlink()
    async with running(GanTui(runs, folder)) as pilot:
        await seen(pilot, "✓ finished")
        press(pilot, "A", "y")
        await shows(pilot, runs / "plane-2")
    assert (runs / "plane-2" / "points.csv").read_bytes() == content


async def test_a_key_that_starts_no_other_run_says_why(runs: Path) -> None:
    recorded_run(runs, "xor")
    async with running(GanTui(runs), notifications=True) as pilot:
        await seen(pilot, "xor-1 ")
        press(pilot, "A")
        await seen(pilot, "A does nothing now: choose a run first")


@pytest.fixture
def script(runs: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> RunFolder:
    """A run of a script that has ended."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "train.py").write_text("print(1)\n")
    folder = script_runs.made(script_runs.command_of(["train.py", "--lr", "0.1"]), runs, None)
    add(folder, STARTED, State("training"), State("finished", "its script has ended"))
    return folder


@pytest.mark.slow
async def test_a_script_is_run_anew_and_its_seed_is_its_own(runs: Path, script: RunFolder) -> None:
    async with running(GanTui(runs), (160, 40), notifications=True) as pilot:
        await among_runs(pilot)
        await seen(pilot, "train-1: train.py")
        press(pilot, "O")
        await seen(pilot, "O does nothing now: the seed of train-1 is its script's")
        press(pilot, "A", "y")
        await shows(pilot, runs / "train-2")
    again = ScriptCommand.of_run(RunFolder(runs / "train-2"))
    before = ScriptCommand.of_run(script)
    assert again and before and (again.words, again.folder, again.is_own) == (before.words, before.folder, True)


def test_the_script_of_somebody_elses_run_is_not_run_by_a_key(runs: Path, script: RunFolder) -> None:
    text = script.preset_file.read_text()
    script.preset_file.write_text("".join(line for line in text.splitlines(True) if not line.startswith("mark")))
    with pytest.raises(Exception, match="it was not you who made it here"):
        anew.begin(script, runs)
    assert not (runs / "train-2").exists()
