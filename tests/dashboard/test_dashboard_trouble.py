"""What no event can say is on the training screen: a full disk, a damaged log; and what is kept of a run."""

from pathlib import Path

import pytest

from gan_tui.dashboard.app import GanTui
from gan_tui.dashboard.widgets import notice as notice_widget
from gan_tui.run.events import Alert, Checkpoint, State
from on_screen import notice, press, running, screen_text, seen, shown, soon, words_of
from recorded import append, held, metrics, recorded_run

FULL = "The disk is full: metrics are kept in memory and written once there is space; free some space."


async def test_trouble_is_said_at_once_no_longer_than_it_lasts_and_beside_what_became_of_the_run(runs: Path) -> None:
    folder = recorded_run(runs, state="training")
    async with running(GanTui(runs, folder)) as pilot:
        screen = await shown(pilot)
        with held(folder):
            await seen(pilot, "▶ training")
            folder.tell_trouble(FULL)
            await seen(pilot, "The disk is full")
            assert FULL in notice(screen)
            assert screen.query_one("Notice").has_class("bad")
            folder.tell_trouble("")
            await soon(lambda: not notice(screen) and "The disk is full" not in screen_text(pilot))
            assert folder.socket_path() == Path("/nowhere"), "the lock file still says where the run is reached"
            folder.tell_trouble(FULL)
            await seen(pilot, "The disk is full")
        await soon(lambda: "processes were killed" in notice(screen))
        assert notice(screen).startswith(f"Before it ended: {FULL}")
        assert notice(screen).endswith("Press r to resume from step 120.")


async def test_damaged_lines_are_counted_and_the_log_pane_says_what_is_kept_why_and_how_large(runs: Path) -> None:
    folder = recorded_run(runs)
    for step, why, size in ((50, "autosave", 2_000_000), (60, "best", 1_500_000), (70, "autosave", 0)):
        name = f"checkpoints/{step:09d}"
        append(folder, Checkpoint(step, name, why))
        if size:  # the last one was deleted since
            (folder.path / name).mkdir()
            (folder.path / name / "state.safetensors").write_bytes(bytes(size))
    (folder.path / "checkpoints/000000120/manifest.json").write_bytes(bytes(500))
    with folder.events_file.open("ab") as file:
        file.write(b"garbage\n" * 3)
    append(folder, State("finished", "all steps are done"))
    async with running(GanTui(runs, folder)) as pilot:
        screen = await shown(pilot)
        await soon(lambda: "3 lines of events.jsonl are damaged and were skipped." in notice(screen))
        assert "inished" not in notice(screen), "it stands above already"
        press(pilot, "3")
        kept = ("3 checkpoints, 3.5 MB", "120 (asked), 500 B", "050 (autosave), 2 MB", "060 (best), 1.5 MB")
        await soon(lambda: all(line in words_of(pilot, "LogTail") for line in kept))
        assert "000000070" not in words_of(pilot, "LogTail")


@pytest.mark.slow
async def test_an_alert_stays_for_as_long_as_a_person_needs_however_fast_the_run_is(
    runs: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(notice_widget, "ALERT_SECONDS", 1.5)
    folder, words = recorded_run(runs, state="training"), "classes are counted from 0, and no point has 0"
    with held(folder):
        async with running(GanTui(runs, folder)) as pilot:
            screen = await shown(pilot, 120)
            append(folder, Alert("data", words, 120), metrics("gan", 121, 9_000))
            await shown(pilot, 9_000)
            assert notice(screen) == words
            append(folder, State("finished", "all steps are done"))
            await seen(pilot, "✓ finished")
            assert notice(screen).endswith(words)
            await soon(lambda: words not in notice(screen))
    async with running(GanTui(runs, folder)) as pilot:
        assert words not in notice(await shown(pilot, 9_000)), "it was long ago"
