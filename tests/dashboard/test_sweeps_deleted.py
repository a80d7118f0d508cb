"""A sweep is deleted from the list as a run is: after a question, and never while it is trained."""

from pathlib import Path

import pytest
from test_runs_screen import chosen, listed, opened
from textual.pilot import Pilot

from gan_tui.dashboard.app import GanTui
from gan_tui.dashboard.screens.confirm import ConfirmScreen
from gan_tui.dashboard.screens.runs import RunsScreen
from on_screen import press, running, screen_text, seen, soon
from recorded import recorded_run
from recorded_sweeps import RecordedSweep

pytestmark = pytest.mark.slow  # whole screens


async def choose(pilot: Pilot, name: str) -> None:
    """From the first line of the list."""
    press(pilot, *["down"] * listed(pilot).index(name))
    await soon(lambda: chosen(pilot) == name)


async def test_the_chosen_sweep_goes_after_a_question_and_not_while_it_is_trained(runs: Path) -> None:
    swept = RecordedSweep(runs)
    for job in swept.sweep.jobs[:2]:
        swept.train(job)
    recorded_run(runs, "xor", 20).path.rename(runs / "other")
    name = swept.folder.name
    async with running(GanTui(runs), notifications=True) as pilot:
        with swept.folder.held():
            await opened(pilot)
            await choose(pilot, name)
            press(pilot, "d")
            await seen(pilot, f"d does nothing now: {name} is still being trained")
        await soon(lambda: (row := pilot.app.screen.chosen) and not row.sweep.under_way)  # type: ignore[attr-defined]
        press(pilot, "d")
        await soon(lambda: isinstance(pilot.app.screen, ConfirmScreen))
        await seen(pilot, f"Delete the sweep {name} with all its")
        press(pilot, "n")
        await soon(lambda: isinstance(pilot.app.screen, RunsScreen))
        assert swept.folder.path.is_dir()
        press(pilot, "d")
        await soon(lambda: isinstance(pilot.app.screen, ConfirmScreen))
        press(pilot, "y")
        await seen(pilot, f"Deleted the sweep {name}.")
        await soon(lambda: listed(pilot) == ["other"])
    assert not swept.folder.path.exists()


async def test_marked_runs_go_before_the_chosen_sweep(runs: Path) -> None:
    swept = RecordedSweep(runs)
    swept.train(swept.sweep.jobs[0])
    recorded_run(runs, "xor", 20).path.rename(runs / "other")
    async with running(GanTui(runs)) as pilot:
        await opened(pilot)
        await choose(pilot, "other")
        press(pilot, "space", "home")
        await choose(pilot, swept.folder.name)
        press(pilot, "d")
        await seen(pilot, "Delete the run other")
        assert swept.folder.name not in screen_text(pilot).split("Delete the run")[1]
