"""What no event can say is on the training screen: a full disk, a damaged log; and what is kept of a run."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from gan_tui.dashboard.app import GanTui
from gan_tui.run import lock as run_lock
from gan_tui.run.events import Checkpoint
from gan_tui.run.folder import RunFolder
from on_screen import notice, screen_text, shown, soon
from recorded import append, recorded_run

FULL = "The disk is full: what is measured is kept in memory and written when there is room; free some space."


@contextmanager
def held(folder: RunFolder) -> Iterator[None]:
    """The run is alive for viewers: somebody has its lock."""
    lock = run_lock.taken(folder.lock_file)
    assert lock is not None
    run_lock.describe(lock, {"pid": os.getpid(), "socket": "/nowhere", "mode": "train"})
    yield
    fcntl.flock(lock, fcntl.LOCK_UN)
    os.close(lock)


async def test_a_full_disk_is_said_at_once_and_no_longer_than_it_lasts(runs: Path) -> None:
    folder = recorded_run(runs, state="training")
    with held(folder):
        async with GanTui(runs, folder).run_test(size=(120, 40)) as pilot:
            screen = await shown(pilot)
            folder.tell_trouble(FULL)
            await soon(lambda: FULL in notice(screen) and "The disk is full" in screen_text(pilot))
            assert screen.query_one("Notice").has_class("bad")
            folder.tell_trouble("")
            await soon(lambda: not notice(screen))
            assert folder.socket_path() == Path("/nowhere"), "the lock file still says where the run is reached"


async def test_what_was_wrong_when_a_run_was_killed_stands_beside_what_became_of_it(runs: Path) -> None:
    folder = recorded_run(runs, state="training")
    with held(folder):
        folder.tell_trouble(FULL)
    async with GanTui(runs, folder).run_test(size=(120, 40)) as pilot:
        screen = await shown(pilot)
        await soon(lambda: "processes are gone" in notice(screen))
        assert notice(screen).startswith(f"When it was last alive: {FULL}")
        assert notice(screen).endswith("Press r to resume from step 120.")


async def test_damaged_lines_are_counted_on_the_screen(runs: Path) -> None:
    folder = recorded_run(runs)
    with folder.events_file.open("ab") as file:
        file.write(b"garbage\n" * 3)
    async with GanTui(runs, folder).run_test(size=(120, 40)) as pilot:
        screen = await shown(pilot)
        await soon(lambda: "3 lines of events.jsonl are damaged and were passed over." in notice(screen))
        assert "Finished: all steps are done." in notice(screen)


async def test_the_log_pane_says_what_is_kept_why_and_how_large(runs: Path) -> None:
    folder = recorded_run(runs)
    for step, why, size in ((50, "autosave", 2_000_000), (60, "best", 1_500_000), (70, "autosave", 0)):
        name = f"checkpoints/{step:09d}"
        append(folder, Checkpoint(step, name, why))
        if size:  # the last one was deleted since
            (folder.path / name).mkdir()
            (folder.path / name / "state.safetensors").write_bytes(bytes(size))
    (folder.path / "checkpoints/000000120/manifest.json").write_bytes(bytes(500))
    async with GanTui(runs, folder).run_test(size=(120, 40)) as pilot:
        await shown(pilot)
        await pilot.press("3")
        await soon(lambda: "kept: 3 checkpoints, 3.5 MB" in screen_text(pilot))
        text = " ".join(screen_text(pilot).split())
    assert "kept: 3 checkpoints, 3.5 MB" in text
    for line in ("saved checkpoints/000000120 (asked), 500 B", "000000050 (autosave), 2 MB", "000000060 (best), 1.5"):
        assert all(word in text for word in line.split()), line
    assert "000000070" not in text
