"""The trainer's log: what a disk does not take is kept and said, and what it takes is soon durable."""

import os
import resource
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from gan_tui import presets
from gan_tui.run import buffered_log
from gan_tui.run import lock as run_lock
from gan_tui.run.buffered_log import BufferedLog
from gan_tui.run.events import Metrics, State
from gan_tui.run.folder import RunFolder
from product import events_of, wait_for

FULL = "The disk is full: metrics are kept in memory and written once there is space; free some space."


@pytest.fixture
def folder(runs: Path) -> Iterator[RunFolder]:
    folder = presets.new_run(presets.find("xor"), runs)
    lock = run_lock.taken(folder.lock_file)
    assert lock is not None
    run_lock.describe(lock, {"pid": 1, "socket": "/nowhere", "mode": "train"})
    yield folder
    os.close(lock)


@pytest.fixture
def room() -> Iterator[Callable[[int], None]]:
    """Says how large a file may become."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    yield lambda size: resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def steps(first: int, last: int) -> Metrics:
    return Metrics(list(range(first, last + 1)), {"loss": [1.0] * (last - first + 1)})


def test_events_wait_for_room_and_the_screen_is_told_meanwhile(
    folder: RunFolder, room: Callable[[int], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    now = [0.0]
    log = BufferedLog(folder, lambda: now[0])
    log.write(State("training"))
    size = folder.events_file.stat().st_size
    room(max(size, run_lock.LENGTH))
    for first in range(1, 1001, 10):
        log.write(steps(first, first + 9))
    assert log.waiting and "kept in memory" in folder.trouble()
    assert folder.socket_path() == Path("/nowhere")
    assert not log.is_full
    monkeypatch.setattr(buffered_log, "MOST_WAITING", 1000)
    assert log.is_full
    now[0] += buffered_log.RETRY_SECONDS
    log.write()
    assert "training waits" in folder.trouble()
    room(resource.RLIM_INFINITY)
    wait_for(lambda: not log.waiting and not folder.trouble(), 5.0)  # by itself, also while a run is paused
    assert log.close()
    assert [step for event in events_of(folder, Metrics) for step in event.steps] == list(range(1, 1001))


def test_the_disk_that_is_full_is_named_so(folder: RunFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    folder.events_file.symlink_to("/dev/full")
    log = BufferedLog(folder, lambda: 0.0)
    log.write(State("training"))
    assert (folder.trouble(), folder.standing().shown("training")) == (FULL, "training")
    monkeypatch.setattr(buffered_log, "MOST_WAITING", 1)
    log.sync()
    wait_for(lambda: folder.standing().shown("training") == "waiting: disk full")
    assert not log.close()
    assert folder.trouble().startswith("The disk is full: the last metrics, and how the run ended, ")


def test_what_was_written_is_durable_within_a_second(folder: RunFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    synced = []
    monkeypatch.setattr("gan_tui.run.event_log.os.fdatasync", lambda _: synced.append(time.monotonic()))
    assert buffered_log.SYNC_SECONDS <= 0.8, "which leaves a fifth of a second to the disk"
    monkeypatch.setattr(buffered_log, "SYNC_SECONDS", 0.05)  # so that nobody needs to wait for many of them
    log, began = BufferedLog(folder), time.monotonic()
    for step in range(1, 41):
        time.sleep(0.005)
        wrote = time.monotonic()
        log.write(steps(step, step))
    wait_for(lambda: synced and synced[-1] >= wrote)
    count = len(synced)
    assert 2 <= count <= 1 + (time.monotonic() - began) / 0.05, "many writes are made durable together"
    time.sleep(0.2)
    assert len(synced) == count, "nothing new, nothing to do"
    log.close()
