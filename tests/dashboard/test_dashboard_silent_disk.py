"""A disk that does not answer, as where a network's lock server is gone: the interface goes on, and says so."""

import fcntl
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from gan_tui.dashboard.app import GanTui
from gan_tui.dashboard.screens import training
from gan_tui.dashboard.widgets import run_list
from gan_tui.dashboard.widgets.run_list import RunList
from on_screen import notice, press, running, seen, shown, soon
from recorded import held, recorded_run

SILENT = "The run's disk has not answered for"


@pytest.fixture
def answers(monkeypatch: pytest.MonkeyPatch) -> Iterator[threading.Event]:
    """While it is clear, no lock can be looked at."""
    answers, flock = threading.Event(), fcntl.flock
    answers.set()

    def late(*words: int) -> None:
        answers.wait(20)
        flock(*words)

    for module in (training, run_list):
        monkeypatch.setattr(module, "PATIENCE_SECONDS", 0.2)
    monkeypatch.setattr(training, "SILENCE_SECONDS", 0.05)
    with monkeypatch.context() as patched:
        patched.setattr(fcntl, "flock", late)
        yield answers
        answers.set()


@pytest.mark.slow
async def test_a_run_whose_disk_is_silent_is_said_to_be_and_can_be_looked_at_and_left(
    runs: Path, answers: threading.Event
) -> None:
    folder = recorded_run(runs, state="training")
    with held(folder):
        app = GanTui(runs, folder)
        async with running(app) as pilot:
            screen = await shown(pilot)
            await soon(lambda: screen.alive)
            answers.clear()
            await soon(lambda: notice(screen).startswith(SILENT))
            press(pilot, "3")
            await seen(pilot, "trainer.log")
            answers.set()
            await soon(lambda: SILENT not in notice(screen))
            answers.clear()
            await soon(lambda: notice(screen).startswith(SILENT))
            press(pilot, "q")
            await soon(lambda: app.parting_words)
            answers.set()
            assert app.parting_words.startswith("gan-1 continues in the background"), "as it was last seen"


@pytest.mark.slow
async def test_runs_whose_disk_is_silent_are_said_to_be_on_one(runs: Path, answers: threading.Event) -> None:
    recorded_run(runs)
    recorded_run(runs).lock_file.touch()
    async with running(GanTui(runs)) as pilot:
        await seen(pilot, "gan-2")
        answers.clear()
        listed = pilot.app.screen.query_one(RunList)
        await seen(pilot, "the disk does not answer")
        answers.set()
        await soon(lambda: not listed.border_subtitle)
