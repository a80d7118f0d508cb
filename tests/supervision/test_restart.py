"""Resuming a run that has just ended: its processes take a moment to be gone."""

import os
import threading
from pathlib import Path

import pytest

from files import old_run
from gan_tui.errors import UserError
from gan_tui.run.folder import RunFolder
from gan_tui.run.hold import Hold
from gan_tui.supervision import launching, starting


def test_a_run_that_is_resumed_as_soon_as_it_has_stopped_waits_for_its_processes_to_be_gone(
    runs: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder, was_held = old_run("stopped", "xor", runs), list[bool]()
    monkeypatch.setattr(launching, "launch", lambda folder, *_: was_held.append(folder.is_held()))
    lock = Hold(folder, "train").lock
    ending = threading.Timer(0.6, lambda: os.close(lock))
    ending.start()
    starting.restart(folder)
    ending.join()
    assert was_held == [False]


def test_a_run_that_is_gone_is_not_resumed(runs: Path) -> None:
    folder = old_run("stopped", "xor", runs).held()
    folder.path.rename(runs / "better")
    assert RunFolder(runs / "better").is_there() and folder.is_there()
    for file in folder.path.iterdir():
        file.unlink() if file.is_file() else None
    with pytest.raises(UserError, match=r"The run better was deleted: it is no longer in .*/runs/better\."):
        starting.restart(folder)


def test_of_two_who_train_a_run_longer_at_once_the_second_writes_nothing_into_it(
    runs: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = old_run("finished", "xor", runs)
    folder.trainer_log.touch()
    lock = Hold(folder, "train").lock  # the first has it, and has not said anything yet
    monkeypatch.setattr(starting, "_wait_until_let_go", lambda *_: None)  # as it was let go, an instant ago
    before = {path: path.read_bytes() for path in folder.path.rglob("*") if path.is_file()}
    with pytest.raises(UserError, match="xor is already running; gan-tui attach xor shows it"):
        starting.train_longer(folder, "epochs", 5000)
    assert {path: path.read_bytes() for path in folder.path.rglob("*") if path.is_file()} == before
    os.close(lock)
