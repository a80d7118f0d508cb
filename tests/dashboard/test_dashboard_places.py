"""A run on the screen whose folder is moved, deleted, copied, or trained on another machine."""

import shutil
from pathlib import Path

import pytest

from gan_tui.dashboard.app import GanTui
from gan_tui.dashboard.screens.confirm import TrainHereScreen
from gan_tui.dashboard.screens.menu import MenuScreen
from gan_tui.dashboard.screens.training import TrainingScreen
from gan_tui.run import lock as run_lock
from gan_tui.run.events import State
from gan_tui.run.folder import RunFolder
from gan_tui.run.holder import Holder
from gan_tui.supervision import starting
from on_screen import back_to, notice, press, running, screen_text, seen, shown, soon
from recorded import append, held, metrics, recorded_run


async def test_a_run_that_is_moved_stays_on_the_screen_and_one_that_is_deleted_is_said_so(runs: Path) -> None:
    folder = recorded_run(runs, state="paused")
    with held(folder):
        async with running(GanTui(runs, folder)) as pilot:
            screen = await shown(pilot)
            await seen(pilot, "gan-1")
            folder.path.rename(runs / "better")
            append(RunFolder(runs / "better"), State("training"), metrics("gan", 121, 133), State("paused"))
            await shown(pilot, step=133)
            await soon(lambda: screen_text(pilot).lstrip().startswith("better"))
            assert "paused" in screen_text(pilot) and not notice(screen)
            shutil.rmtree(runs / "better")
            await soon(lambda: notice(screen).startswith("Deleted: its folder was deleted"))
            assert "deleted" in screen_text(pilot) and "r Resume" not in screen_text(pilot)
    assert not (runs / "gan-1").exists() and not (runs / "better").exists()


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["elsewhere", "copied"])
async def test_r_asks_before_it_trains_what_may_be_trained_elsewhere(
    kind: str, runs: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    started: list[bool] = []
    monkeypatch.setattr(starting, "restart", lambda folder, warm=None, here=False: started.append(here))
    folder = recorded_run(runs, state="training")
    with held(folder):
        facts = Holder.facts(run_lock.number(folder.lock_file) + (kind == "copied"), Path("/scratch/gan-1"))
        place = {"host": "node7", "boot": "another"} if kind == "elsewhere" else {}
        with folder.lock_file.open("r+b", buffering=0) as file:
            run_lock.describe(file.fileno(), {"mode": "train", **facts, **place})
    async with running(GanTui(runs, folder)) as pilot:
        screen = await shown(pilot)
        await seen(pilot, f"\\? {kind}")
        assert notice(screen).endswith("Press r to train here all the same.")
        said = "node7" if kind == "elsewhere" else "a copy of the run that was in /scratch/gan-1"
        assert said in notice(screen)
        for key in ("escape", "y"):
            press(pilot, *"rrrrrr")  # held down
            await pilot.pause(0.1)
            assert not started, "not without a clear word"
            await soon(lambda: isinstance(pilot.app.screen, TrainHereScreen))
            press(pilot, key)
            await soon(lambda: isinstance(pilot.app.screen, TrainingScreen))
        await soon(lambda: started == [True])
        await back_to(pilot, MenuScreen)  # a key that was held down may ask once more
        await seen(pilot, f"\\? gan-1 +{kind}")
