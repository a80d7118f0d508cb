"""Following a log costs little while nothing is asked, and shows at once what comes of what somebody did."""

import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from gan_tui import presets
from gan_tui.dashboard.follower import Follower
from gan_tui.run import lock as run_lock
from gan_tui.run.event_log import EventReader
from gan_tui.run.events import State
from gan_tui.run.folder import RunFolder


class CountingReader(EventReader):
    """Knows how often it was asked."""

    looks = 0

    def read(self) -> list:
        self.looks += 1
        return super().read()


@pytest.fixture
def live(tmp_path: Path) -> Iterator[RunFolder]:
    """A run that is held, as by a trainer, and paused."""
    folder = presets.new_run(presets.find("xor"), tmp_path)
    descriptor = run_lock.taken(folder.lock_file)
    assert descriptor is not None
    run_lock.describe(descriptor, {"mode": "train"})
    folder.writer().write(State("training"), State("paused"))
    yield folder


def test_a_paused_run_is_looked_at_seldom_and_often_after_somebody_has_done_something(live: RunFolder) -> None:
    reader, seen = CountingReader(live.events_file), list[str]()
    follower = Follower(live, lambda state, alive, trouble: seen.append(state.state), reader)

    def looks_in(seconds: float) -> int:
        before = reader.looks
        time.sleep(seconds)
        return reader.looks - before

    follower.start()
    time.sleep(0.5)
    assert looks_in(2) <= 10
    follower.hurry()
    assert looks_in(1) >= 10
    assert seen == ["paused"]
    live.writer().write(State("training"))
    time.sleep(0.5)
    assert seen == ["paused", "training"]
    follower.stop()
    follower.join(2)
    assert not follower.is_alive()
