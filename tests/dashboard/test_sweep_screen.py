"""A sweep's screen: who trains what, curves over each other, the best, the table, failures; trainings open as runs."""

import re
import shutil
import threading
from pathlib import Path

import pytest
from textual.pilot import Pilot

from files import OLD_RUNS
from gan_tui.dashboard.app import GanTui
from gan_tui.dashboard.screens import sweep as sweep_screen
from gan_tui.dashboard.screens.menu import MenuScreen
from gan_tui.dashboard.screens.runs import RunsScreen
from gan_tui.dashboard.screens.sweep import SweepScreen
from gan_tui.dashboard.screens.training import TrainingScreen
from gan_tui.run.folder import RunFolder
from gan_tui.sweep.folder import SweepFolder
from gan_tui.sweep.sweep import Job
from gan_tui.sweep.trainings import folder_of
from on_screen import LOW, WIDE, cells_at, press, running, screen_text, seen, soon
from recorded_sweeps import Busy, RecordedSweep, done

pytestmark = pytest.mark.slow


@pytest.fixture(autouse=True)
def often(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sweep_screen, "LOOK_SECONDS", 0.1)


@pytest.fixture
def swept(runs: Path) -> RecordedSweep:
    """Four of six trainings are done, and one has failed."""
    found = RecordedSweep(runs)
    for number, seed in ((0, 42), (0, 43), (1, 42)):
        found.train(Job(number, seed))
    found.train(Job(1, 43), done(Job(1, 43), reached=120, epochs=120, steps=120, ended="reached"))
    found.fail(Job(2, 42), "its process was killed (SIGKILL)", "ssh box1")
    return found


def on_sweep(runs: Path, folder: SweepFolder) -> GanTui:
    """As `gan-tui attach SWEEP` has it."""
    app = GanTui(runs)
    app.first_sweep = folder
    return app


def table(pilot: Pilot) -> list[str]:
    return cells_at(pilot, pilot.app.screen.query_one("SweepTable").region).text().split("\n")


@pytest.mark.parametrize("size", [LOW, WIDE])
async def test_a_sweep_that_is_over_shows_its_trainings_the_best_first(
    swept: RecordedSweep, runs: Path, size: tuple[int, int]
) -> None:
    async with running(on_sweep(runs, swept.folder), size) as pilot:
        await seen(pilot, "4 of 6 trainings done")
        text = await seen(pilot, "best: batch_size=2 seed=43 reached accuracy >= 1 at epoch 120")
        assert text
        lines = table(pilot)
        assert re.search(r"batch_size +seed +epoch +accuracy +took", lines[0])
        assert re.match(r" ▸ +\d .*✓ +2 +43 +120 ", lines[1]), lines[1]
        if size == WIDE:
            assert any(re.search(r"✗ +ssh box1 +4 +42 .*killed", line) for line in lines), lines
        await seen(pilot, "accuracy .* guessing")


async def test_a_training_that_is_over_says_where_it_was(swept: RecordedSweep, runs: Path) -> None:
    swept.train(Job(2, 43), where="ssh box7")
    async with running(on_sweep(runs, swept.folder), WIDE) as pilot:
        await seen(pilot, "5 of 6 trainings done")
        assert any(re.search(r"✓ +1 ssh box7 +4 +43 ", line) for line in table(pilot)), table(pilot)


async def test_enter_opens_a_training_as_a_run_and_escape_leads_back(swept: RecordedSweep, runs: Path) -> None:
    async with running(on_sweep(runs, swept.folder), WIDE) as pilot:
        await seen(pilot, "4 of 6 trainings done")
        press(pilot, "down", "enter")
        await soon(lambda: isinstance(pilot.app.screen, TrainingScreen))
        await seen(pilot, r"1-seed-4\d  XOR")
        await seen(pilot, "finished  step 300")
        await seen(pilot, "A sweep keeps no pictures of its trainings.")
        press(pilot, "r")
        await seen(pilot, "r does nothing now: gan-tui sweep --resume goes on with a sweep")
        press(pilot, "question_mark")
        await seen(pilot, "Train it again, from another seed")
        assert "Pause" not in screen_text(pilot)
        press(pilot, "escape")
        await soon(lambda: isinstance(pilot.app.screen, TrainingScreen))
        press(pilot, "escape")
        await soon(lambda: isinstance(pilot.app.screen, SweepScreen))
        press(pilot, "escape")
        await soon(lambda: isinstance(pilot.app.screen, MenuScreen))


async def test_a_disk_that_does_not_answer_is_not_waited_for_by_the_keys(
    swept: RecordedSweep, runs: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    answers = threading.Event()

    class OnSilentDisk(RunFolder):
        def is_there(self) -> bool:
            return answers.wait(20) and super().is_there()

    monkeypatch.setattr(sweep_screen, "folder_of", lambda *of: OnSilentDisk(folder_of(*of).path))
    async with running(on_sweep(runs, swept.folder), WIDE) as pilot:
        await seen(pilot, "4 of 6 trainings done")
        press(pilot, "enter", "3")
        await seen(pilot, r"its process was killed \(SIGKILL\)")
        assert not answers.is_set() and isinstance(pilot.app.screen, SweepScreen)
        answers.set()
        await soon(lambda: isinstance(pilot.app.screen, TrainingScreen))


async def test_the_table_of_combinations_and_what_failed_have_keys(swept: RecordedSweep, runs: Path) -> None:
    async with running(on_sweep(runs, swept.folder), WIDE) as pilot:
        await seen(pilot, "4 of 6 trainings done")
        press(pilot, "2")
        await seen(pilot, "batch_size  repeats +median epoch")
        assert re.search(r"2 +reached 1 of 2", "\n".join(table(pilot)))
        press(pilot, "enter")
        await seen(pilot, "enter does nothing now: no training is chosen; 1 lists them")
        press(pilot, "3")
        await seen(pilot, r"batch_size=4 seed=42 +ssh box1 +its process was killed \(SIGKILL\)")
        press(pilot, "enter")
        await soon(lambda: isinstance(pilot.app.screen, TrainingScreen))
        await seen(pilot, "Its process was killed|its process was killed")


async def test_while_it_runs_it_says_who_trains_what_and_where(swept: RecordedSweep, runs: Path) -> None:
    busy = Busy(Job(2, 43), "ssh box1", epoch=40)
    with swept.under_way(busy, Busy(None, "ssh box2", ready=False)):
        async with running(on_sweep(runs, swept.folder), WIDE) as pilot:
            await seen(pilot, r"1 under way +1 loading TensorFlow")
            await seen(pilot, r"▶ +1 ssh box1 +4 +43 +40 ")
            press(pilot, "enter")
            await soon(lambda: isinstance(pilot.app.screen, TrainingScreen))
            await seen(pilot, r"▶ training +step 40")
            press(pilot, "space")
            await seen(pilot, "space does nothing now: its sweep trains it to its end")
            press(pilot, "escape")
            await soon(lambda: isinstance(pilot.app.screen, SweepScreen))
            busy.epoch = 80
            swept.keeper.look([busy], last=True)
            await seen(pilot, r"▶ +1 ssh box1 +4 +43 +80 ")
            swept.train(Job(2, 43))
            swept.keeper.look([], last=True)
            await seen(pilot, "5 of 6 trainings done")


async def test_a_sweep_opens_from_the_list_and_one_of_before_says_what_it_lacks(runs: Path) -> None:
    shutil.copytree(OLD_RUNS / "swept" / "sweeps", runs / "sweeps")
    async with running(GanTui(runs), WIDE) as pilot:
        press(pilot, "l")
        await soon(lambda: isinstance(pilot.app.screen, RunsScreen))
        await seen(pilot, "≡ old")
        press(pilot, "enter")
        await soon(lambda: isinstance(pilot.app.screen, SweepScreen))
        await seen(pilot, "4 of 4 trainings done")
        await seen(pilot, "no curves of it were kept")
        press(pilot, "enter")
        await seen(pilot, "enter does nothing now: an earlier version trained it, which kept no curves")
        press(pilot, "escape")
        await soon(lambda: isinstance(pilot.app.screen, RunsScreen))


async def test_a_sweep_that_cannot_be_read_says_so(swept: RecordedSweep, runs: Path) -> None:
    swept.folder.file.write_text("preset = 7")
    async with running(on_sweep(runs, SweepFolder(swept.folder.path)), WIDE) as pilot:
        await seen(pilot, "sweep.toml is damaged")
