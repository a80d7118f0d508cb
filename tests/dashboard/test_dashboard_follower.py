"""What a screen is told of a run, and when: at once what somebody waits for, whatever else at a bounded rate."""

from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path

import pytest

from gan_tui import presets
from gan_tui.dashboard.follower import FIRST_SECONDS, ScreenFollower
from gan_tui.dashboard.redraw_rate import REDRAW_SECONDS
from gan_tui.run import lock as run_lock
from gan_tui.run.event_log import EventReader
from gan_tui.run.events import Metrics, State
from gan_tui.run.folder import RunFolder
from gan_tui.run.holder import Standing
from gan_tui.run.state import RunState


@pytest.fixture
def live(tmp_path: Path) -> Iterator[RunFolder]:
    """A run that is held, as by a trainer, and paused."""
    folder = presets.new_run(presets.find("xor"), tmp_path)
    descriptor = run_lock.taken(folder.lock_file)
    assert descriptor is not None
    run_lock.describe(descriptor, {"mode": "train"})
    folder.writer().write(State("training"), State("paused"))
    yield folder


class Watched:
    """A follower whose clock only waiting moves on, and what it has handed over until some time."""

    def __init__(self, folder: RunFolder, reader: EventReader | None = None) -> None:
        self.now = 0.0
        self.handed: list[tuple[float, RunState, bool, str]] = []
        """(when, what)"""
        self._plans: list[tuple[float, Callable[[], object]]] = []
        self.follower = ScreenFollower(folder, self._hand_over, reader, clock=lambda: self.now, wait=self._wait)

    def at(self, seconds: float, action: Callable[[], object]) -> None:
        """Have something happen at a time, in order."""
        self._plans.append((seconds, action))

    def until(self, seconds: float) -> list[float]:
        """Follow for so long; returns when something was handed over."""
        self.at(seconds, self.follower.stop)
        self.follower.run()
        return [when for when, *_ in self.handed]

    def states(self) -> list[str]:
        return [state.state for _, state, *_ in self.handed]

    def _hand_over(self, state: RunState, standing: Standing, trouble: str) -> None:
        self.handed.append((self.now, state, standing.alive, trouble))

    def _wait(self, seconds: float) -> None:
        self.now += seconds
        while self._plans and self._plans[0][0] <= self.now:
            self._plans.pop(0)[1]()


def test_a_history_is_handed_over_whole_and_then_nothing_until_something_changes(live: RunFolder) -> None:
    watched = Watched(live)
    watched.at(5, lambda: live.writer().write(State("training")))
    first, second = watched.until(10)
    assert watched.states() == ["paused", "training"]
    assert first == 0 and 5 <= second <= 5.5
    assert all(alive and not trouble for _, _, alive, trouble in watched.handed)


def test_parts_of_a_history_that_takes_long_to_read_are_handed_over_as_of_a_run_that_is_alive(tmp_path: Path) -> None:
    ended = presets.new_run(presets.find("xor"), tmp_path)
    ended.writer().write(*(Metrics([step], {"loss": [0.5]}) for step in range(1, 41)), State("finished"))

    class SlowReader(EventReader):
        def read(self) -> list:
            watched.now += 0.3
            return super().read()

    watched = Watched(ended, SlowReader(ended.events_file, 500))
    first, *_ = watched.until(20)
    assert FIRST_SECONDS <= first < FIRST_SECONDS + 0.5
    *parts, last = watched.handed
    assert parts and all(alive for _, _, alive, _ in parts), "its last state is not known yet"
    assert (last[1].state, last[1].step, last[2]) == ("finished", 40, False)


def test_what_a_training_brings_comes_at_a_bounded_rate_and_all_of_it_in_the_end(live: RunFolder) -> None:
    writer, watched = live.writer(), Watched(live)
    for step in range(1, 101):
        watched.at(2 + step / 10, lambda step=step: writer.write(Metrics([step], {"loss": [0.5]})))
    times = [when for when in watched.until(20) if when > 2]
    assert 15 <= len(times) <= 21
    assert min(later - sooner for sooner, later in pairwise(times)) >= REDRAW_SECONDS - 1e-6
    assert watched.handed[-1][1].step == 100


def test_what_waits_for_the_next_redraw_comes_no_later_than_it_may(
    live: RunFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GAN_TUI_REDRAW_SECONDS", "0.6")
    writer, watched = live.writer(), Watched(live)
    for seconds in (2.0, 2.25):
        watched.at(seconds, lambda: writer.write(Metrics([int(100 * watched.now)], {"loss": [0.5]})))
    *_, first, second = watched.until(5)
    assert second - first == pytest.approx(0.6), "the log is not looked at just then"


def test_what_somebody_waits_for_does_not_wait_for_the_next_redraw(live: RunFolder) -> None:
    writer, watched = live.writer(), Watched(live)
    watched.at(3, lambda: (writer.write(Metrics([1], {"loss": [0.5]})), watched.follower.look_soon()))
    watched.at(3.2, lambda: writer.write(State("saving")))
    _, measured, said = watched.until(6)
    assert watched.states()[-1] == "saving"
    assert 3 <= measured < 3.3 and 3.2 <= said < 3.4 < measured + REDRAW_SECONDS


def test_what_no_event_can_say_is_handed_over_while_it_lasts(live: RunFolder) -> None:
    watched = Watched(live)
    watched.at(2, lambda: live.tell_trouble("The disk is full."))
    watched.at(4, lambda: live.events_file.open("ab").write(b"garbage\n"))
    watched.at(6, lambda: live.tell_trouble(""))
    watched.until(8)
    damaged = "1 line of events.jsonl is damaged and was skipped."
    troubles = ["", "The disk is full.", f"The disk is full. {damaged}", damaged]
    assert [trouble for *_, trouble in watched.handed] == troubles


def test_a_run_whose_processes_have_gone_is_handed_over_as_one_that_is_not_alive(tmp_path: Path) -> None:
    folder = presets.new_run(presets.find("xor"), tmp_path)
    folder.writer().write(State("training"))
    watched = Watched(folder)
    assert watched.until(5) == [0]
    assert [(state.live, alive) for _, state, alive, _ in watched.handed] == [(True, False)]


def test_as_a_thread_it_stops_when_it_is_told_to_and_closes_what_it_reads(live: RunFolder) -> None:
    class Reader(EventReader):
        closed = False

        def close(self) -> None:
            self.closed = True

    reader = Reader(live.events_file)
    follower = ScreenFollower(live, lambda *news: None, reader)
    follower.start()
    follower.stop()
    follower.join(5)
    assert not follower.is_alive() and reader.closed
