"""Keys that can do nothing at a moment of a run say why, on the status line, for a while."""

import threading
from pathlib import Path

import pytest
from textual.pilot import Pilot

from gan_tui.dashboard.app import GanTui
from gan_tui.dashboard.screens import menu
from gan_tui.dashboard.screens.training import TrainingScreen
from gan_tui.dashboard.widgets import refusing
from gan_tui.run.events import State
from gan_tui.run.follower import Follower
from gan_tui.run.summaries import summary_of
from on_screen import press, running, screen_text, seen, shown, soon, words_of
from recorded import append, held, recorded_run
from recorded_views import recorded_classifier, recorded_plane


def said(pilot: Pilot) -> str:
    return words_of(pilot, "StatusLines")


async def test_a_key_that_does_nothing_says_why_on_the_status_line(runs: Path) -> None:
    folder = recorded_run(runs, steps=400)
    async with running(GanTui(runs, folder)) as pilot:
        await seen(pilot, "✓ finished")
        for key, shown_key in (("space", "space"), ("s", "s"), ("c", "c"), ("x", "x"), ("a", "a")):
            press(pilot, key)
            words = f"{shown_key} does nothing now: the run is finished, and r trains it longer"
            await soon(lambda w=words: w in said(pilot))
        press(pilot, "b")
        await soon(lambda: "b does nothing now: n alone does something here: it takes a new" in said(pilot))
        append(folder, State("stopped", "asked to stop"))
        await seen(pilot, "■ stopped")
        press(pilot, "x")
        await soon(lambda: "x does nothing now: the run is stopped, and r resumes it" in said(pilot))


@pytest.mark.slow
@pytest.mark.parametrize(
    ("state", "key"), [("finished", "o"), ("finished", "x"), ("stopped", "r"), ("paused", "space")]
)
async def test_a_key_before_the_run_is_read_says_that_and_asks_nothing(
    state: str, key: str, runs: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder, go_on, read = recorded_run(runs, steps=400, state=state), threading.Event(), Follower.news
    monkeypatch.setattr(Follower, "news", lambda self: (go_on.wait(20), read(self))[1])  # a disk that is slow
    async with running(GanTui(runs, folder)) as pilot:
        await soon(lambda: isinstance(pilot.app.screen, TrainingScreen) and "being read" in said(pilot))
        press(pilot, key)
        await soon(lambda: f"… being read {key} does nothing now: the run is still being read" in said(pilot))
        go_on.set()
        await soon(lambda: state in said(pilot) or "interrupted" in said(pilot))
        assert "being read" not in said(pilot), "that is over, and so is why the key did nothing"
        assert not pilot.app._notifications, "nothing was asked of the run"


async def test_what_early_stopping_has_ended_does_not_train_longer_by_a_key(runs: Path) -> None:
    folder = recorded_run(runs, steps=400)
    append(folder, State("finished", "early stopping: no better validation loss for 1 epoch"))  # at the last step asked
    async with running(GanTui(runs, folder)) as pilot:
        await shown(pilot, 400)
        press(pilot, "r")
        await soon(lambda: "r does nothing now: early stopping ended the run, and would again" in said(pilot))
        press(pilot, "x")
        await soon(lambda: "x does nothing now: the run is finished" in said(pilot))
        assert "trains it longer" not in said(pilot)
    for action in ("resume", "longer"):
        assert menu.why_not(action, None, summary_of(folder)) == "early stopping ended gan-1, and would again"
    assert menu.why_not("longer", None, summary_of(recorded_run(runs, steps=400))) == ""


async def test_keys_of_a_run_that_is_alive_say_what_keeps_them(runs: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(refusing, "REFUSED_SECONDS", 0.3)
    folder = recorded_run(runs, state="paused")
    with held(folder):
        async with running(GanTui(runs, folder)) as pilot:
            await shown(pilot)
            press(pilot, "r")
            await soon(lambda: "r does nothing now: the run is paused" in said(pilot))
            await soon(lambda: "does nothing" not in said(pilot))
            assert "step 120 of 400" in said(pilot), "how far it has come is there again"
            press(pilot, "a")
            await soon(lambda: "a does nothing now: this run does not learn from painted points" in said(pilot))
            append(folder, State("saving"))
            await seen(pilot, "↓ saving")
            press(pilot, "r")
            await soon(lambda: "still saving; r resumes it once it has stopped" in said(pilot))


async def test_painting_is_not_offered_where_the_run_would_refuse_each_stroke(runs: Path) -> None:
    run = recorded_plane(runs, state="paused", batch_size=3)
    with held(run.folder):
        async with running(GanTui(runs, run.folder)) as pilot:
            await seen(pilot, "arrows read")
            assert "a paint" not in screen_text(pilot)
            press(pilot, "a")
            await soon(lambda: "a does nothing now: painting needs batch_size 0, all points in one step" in said(pilot))


async def test_keys_of_a_view_that_has_no_use_for_them_say_so(runs: Path) -> None:
    run = recorded_classifier(runs)
    async with running(GanTui(runs, run.folder)) as pilot:
        await seen(pilot, "q Quit")
        press(pilot, "P")
        await seen(pilot, "worst mistakes")
        for key, why in (("v", "what is on show is drawn in one way only"), ("k", "no feature maps are on show")):
            press(pilot, key)
            await soon(lambda key=key, why=why: f"{key} does nothing now: {why}" in said(pilot))
        press(pilot, "3")
        await seen(pilot, "trainer.log")
        press(pilot, "enter")
        await soon(lambda: "enter does nothing now: no tiles are on show" in said(pilot))


async def test_keys_of_the_menu_say_what_they_are_for(runs: Path) -> None:
    recorded_run(runs)
    async with running(GanTui(runs), notifications=True) as pilot:
        await seen(pilot, "✓ gan-1")
        for key, words in (("r", "choose a run first"), ("w", "painted points are for the preset plane")):
            press(pilot, key)
            await soon(lambda k=key, w=words: any(f"{k} does nothing now: {w}" in said for said in told(pilot)))


def told(pilot: Pilot) -> list[str]:
    return [notification.message for notification in pilot.app._notifications]
