"""What is told beside everything else stays until it can have been read; what failed, until a key."""

import time
from pathlib import Path

import pytest

from gan_tui.dashboard import toasts
from gan_tui.dashboard.app import GanTui
from on_screen import press, running, screen_text, seen, soon, words_of
from recorded import recorded_run

LONG = "It did not work, for reasons that are told at some length. " * 3


async def test_an_error_stays_until_a_key_that_comes_when_it_can_have_been_read(
    runs: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(GanTui, "NOTIFICATION_TIMEOUT", 0.1)
    monkeypatch.setattr(toasts, "LEAST_SECONDS", 0.1)
    app = GanTui(runs)
    async with running(app, notifications=True) as pilot:
        await seen(pilot, "q Quit")
        app.screen.notify("Deleted it.", markup=False)
        app.screen.notify(LONG, severity="error", markup=False, timeout=0.1)
        await seen(pilot, "It did not work")
        press(pilot, "down")
        await soon(lambda: "Deleted it" not in screen_text(pilot))
        assert " ".join(LONG.split()) in words_of(pilot, "Toast").replace("▌ ", ""), "there was no time to read it"
        monkeypatch.setattr(toasts, "LETTERS_A_SECOND", 1e9)
        app.screen.notify("Another.", severity="error", markup=False)
        await seen(pilot, "Another")
        assert "It did not work" in screen_text(pilot)
        monkeypatch.setattr(app, "_read_at", time.monotonic() - 1)
        press(pilot, "down")
        await soon(lambda: "It did not work" not in screen_text(pilot) and "Another" not in screen_text(pilot))
        await pilot.pause()  # until the key has gone all its way


async def test_the_more_there_is_to_read_the_longer_it_stays(runs: Path) -> None:
    app = GanTui(runs)
    async with running(app, notifications=True) as pilot:
        await seen(pilot, "q Quit")
        for words, seconds in (("Saved it.", 5), ("x" * 300, 20)):
            app.notify(words, severity="warning", markup=False)
            await soon(lambda: len(app._notifications) == 1)
            assert [told.timeout for told in app._notifications] == [seconds]
            app.clear_notifications()


@pytest.mark.parametrize("key", ["r", "o"])
async def test_why_a_run_is_not_started_is_there_until_it_is_read(
    key: str, runs: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(GanTui, "NOTIFICATION_TIMEOUT", 0.1)
    folder = recorded_run(runs, state="stopped")
    folder.preset_file.write_text("broken")
    app = GanTui(runs, folder)
    async with running(app, notifications=True) as pilot:
        await seen(pilot, "stopped")
        press(pilot, key, *("y" if key == "o" else ""))
        await seen(pilot, "preset.toml")
        await pilot.pause(0.4)
        assert "preset.toml" in screen_text(pilot)
