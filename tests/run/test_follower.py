"""Following a run: all that its log says, whether it is alive, what is wrong, and how seldom it is looked at."""

import itertools
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from gan_tui import presets
from gan_tui.run import lock as run_lock
from gan_tui.run.event_log import EventReader
from gan_tui.run.events import Metrics, State
from gan_tui.run.folder import RunFolder
from gan_tui.run.follower import Cadence, Follower, News


class CountingReader(EventReader):
    """Knows how often it was asked."""

    looks = 0

    def read(self) -> list:
        self.looks += 1
        return super().read()


class Clock:
    """A clock that waiting alone moves on."""

    now = 100.0

    def __call__(self) -> float:
        return self.now

    def wait(self, seconds: float) -> None:
        self.now += seconds


@pytest.fixture
def live(tmp_path: Path) -> Iterator[RunFolder]:
    """A run that is held, as by a trainer, and paused."""
    folder = presets.new_run(presets.find("xor"), tmp_path)
    descriptor = run_lock.taken(folder.lock_file)
    assert descriptor is not None
    run_lock.describe(descriptor, {"mode": "train"})
    folder.writer().write(State("training"), State("paused"))
    yield folder


@pytest.fixture
def ended(tmp_path: Path) -> RunFolder:
    """A run of 40 steps that nobody holds any more."""
    folder = presets.new_run(presets.find("xor"), tmp_path)
    steps = [Metrics([step], {"loss": [1 / step]}) for step in range(1, 41)]
    folder.writer().write(State("training"), *steps, State("finished", "all steps are done"))
    return folder


def looks_in(seconds: float, follower: Follower, reader: CountingReader, clock: Clock) -> int:
    """How often the log is read while so much time passes and nothing comes."""
    before, until = reader.looks, clock.now + seconds
    while clock.now < until:
        assert not follower.news().records
        follower.rest()
    return reader.looks - before


def read_on(follower: Follower) -> Iterator[News]:
    """The news of what is there."""
    return itertools.takewhile(lambda news: news.records, iter(follower.news, None))


def test_a_history_comes_in_blocks_each_folded_at_once(ended: RunFolder) -> None:
    follower = Follower(ended, EventReader(ended.events_file, 1000))
    blocks = list(read_on(follower))
    assert len(blocks) > 2 and sum(len(news.records) for news in blocks) == 42
    assert follower.caught_up
    state = follower.news().state
    assert (state.state, state.step, state.series["loss"].length) == ("finished", 40, 40)
    assert not follower.news().alive


def test_it_is_not_caught_up_before_there_is_nothing_more_to_read(ended: RunFolder) -> None:
    follower = Follower(ended, EventReader(ended.events_file, 1000))
    while follower.news().records:
        assert not follower.caught_up
    assert follower.caught_up


def test_one_by_one_each_event_comes_with_the_state_that_it_made_and_without_what_is_past(ended: RunFolder) -> None:
    follower = Follower(ended, one_by_one=True)
    steps = []
    for news in read_on(follower):
        (record,) = news.records
        if isinstance(record.event, Metrics):
            steps.append(news.state.step)
            assert news.state.step == record.event.steps[-1]
            assert news.state.series["loss"].length == 1
    assert steps == list(range(1, 41))


def test_what_is_wrong_is_told_while_it_lasts_and_damaged_lines_are_counted(live: RunFolder) -> None:
    clock = Clock()
    follower = Follower(live, clock=clock, wait=clock.wait)

    def after(change: Callable[[], object]) -> News:
        change()
        clock.now += Cadence().folder
        return follower.news()

    assert follower.news().trouble == ""
    assert after(lambda: live.tell_trouble("The disk is full.")).trouble == "The disk is full."
    assert after(lambda: live.tell_trouble("")).trouble == ""
    with live.events_file.open("ab") as file:
        file.write(b"garbage\n" * 3)
    assert follower.news().damaged == 3
    assert follower.news().alive


def test_a_paused_run_is_looked_at_seldom_and_often_after_somebody_has_done_something(live: RunFolder) -> None:
    clock, reader = Clock(), CountingReader(live.events_file)
    follower = Follower(live, reader, clock=clock, wait=clock.wait)
    follower.news()
    assert looks_in(2, follower, reader, clock) <= 10
    follower.look_soon()
    assert looks_in(1, follower, reader, clock) >= 10
    clock.now += 3
    assert looks_in(2, follower, reader, clock) <= 10, "nobody waits any more"


@pytest.mark.parametrize("state", ["starting", "saving"])
def test_a_run_is_looked_at_often_while_it_starts_or_saves(live: RunFolder, state: str) -> None:
    live.writer().write(State(state))
    clock, reader = Clock(), CountingReader(live.events_file)
    follower = Follower(live, reader, clock=clock, wait=clock.wait)
    follower.news()
    assert looks_in(1, follower, reader, clock) >= 10


def test_a_run_that_has_ended_is_looked_at_least_of_all(ended: RunFolder) -> None:
    clock, reader = Clock(), CountingReader(ended.events_file)
    follower = Follower(ended, reader, clock=clock, wait=clock.wait)
    follower.news()
    assert looks_in(10, follower, reader, clock) <= 21


def test_nobody_rests_beyond_what_is_due(live: RunFolder) -> None:
    clock = Clock()
    follower = Follower(live, clock=clock, wait=clock.wait)
    follower.news()
    before = clock.now
    follower.rest(due=before + 0.1)
    assert clock.now == pytest.approx(before + 0.1)


def test_a_run_that_is_moved_is_followed_and_one_that_is_deleted_is_said_so(live: RunFolder, tmp_path: Path) -> None:
    folder, clock = live.held(), Clock()
    follower = Follower(folder, clock=clock, wait=clock.wait)
    list(read_on(follower))
    live.path.rename(tmp_path / "better")
    RunFolder(tmp_path / "better").writer().write(State("training"))
    clock.now += 1
    (news,) = read_on(follower)
    assert (news.state.state, news.alive, folder.name) == ("training", True, "better")
    shutil.rmtree(tmp_path / "better")
    clock.now += 1
    assert follower.news().standing.shown("training") == "deleted"
