"""A log that another program moves, deletes, replaces or cuts while its run trains and somebody follows it."""

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from gan_tui import presets
from gan_tui.run import buffered_log
from gan_tui.run import lock as run_lock
from gan_tui.run.buffered_log import BufferedLog
from gan_tui.run.events import Alert, Event, Metrics, Started, State
from gan_tui.run.folder import RunFolder
from gan_tui.run.follower import Follower
from product import events_of, state_of, wait_for

DATA = {"name": "xor", "origin": "made by gan-tui", "train": 4, "validation": 0}
STARTED = Started("xor", "XOR", "plane", 42, {}, DATA, ["CPU"], {}, 1000, 1, 4)


@pytest.fixture
def folder(runs: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[RunFolder]:
    """A run that is held."""
    monkeypatch.setattr(buffered_log, "SYNC_SECONDS", 0.01)
    folder = presets.new_run(presets.find("xor"), runs)
    lock = run_lock.taken(folder.lock_file)
    assert lock is not None
    run_lock.describe(lock, {"pid": 1, "mode": "train"})
    yield folder
    os.close(lock)


def steps(first: int, last: int) -> Metrics:
    return Metrics(list(range(first, last + 1)), {"loss": [1.0] * (last - first + 1)})


def steps_in(events: list[Event]) -> list[int]:
    return [step for event in events if isinstance(event, Metrics) for step in event.steps]


def saved_by_an_editor(log: Path) -> None:
    shutil.copy(log, log.parent / "new")
    (log.parent / "new").replace(log)


def restored_from_a_backup(log: Path) -> None:
    (log.parent / "old").write_bytes(log.read_bytes()[:200])
    (log.parent / "old").replace(log)


@pytest.mark.parametrize(
    ("replaced", "what"),
    [
        (lambda log: log.rename(f"{log}.1"), "moved or deleted events.jsonl: it is whole again."),
        (Path.unlink, "moved or deleted events.jsonl: it is whole again."),
        (saved_by_an_editor, "replaced events.jsonl: it is whole again; what was put there is events.jsonl.replaced "
                             "now."),
        (restored_from_a_backup, "replaced events.jsonl: it is whole again; what was put there is "
                                 "events.jsonl.replaced now."),
    ],
    ids=["moved", "deleted", "edited", "restored"],
)  # fmt: skip
@pytest.mark.parametrize("at_the_end", [False, True], ids=["amid", "at the end"])
def test_a_log_is_put_back_whole_and_who_follows_it_misses_nothing(
    replaced: Callable[[Path], object], what: str, at_the_end: bool, folder: RunFolder
) -> None:
    log, follower, seen = BufferedLog(folder), Follower(folder, clock=iter(range(10**6)).__next__), list[Event]()

    def follow() -> None:
        while records := follower.news().records:
            seen.extend(record.event for record in records)

    log.write(State("training"), STARTED, steps(1, 10))
    follow()
    replaced(folder.events_file)
    follow()
    log.write(steps(11, 20))
    if not at_the_end:
        wait_for(lambda: (follow(), any(isinstance(event, Alert) for event in seen))[1])
    log.write(State("stopped"))
    log.close()
    follow()
    assert steps_in(events_of(folder)) == list(range(1, 21))
    assert [alert.text for alert in events_of(folder, Alert)] == [f"Another program {what}"]
    state = follower.news().state
    assert (state.state, state.step, state.series["loss"].length) == ("stopped", 20, 20)
    if replaced is not restored_from_a_backup:  # which is another history for a moment
        assert steps_in(seen) == list(range(1, 21)), "nothing is said twice"


@pytest.mark.parametrize("length", [0, 300])
def test_what_another_program_cuts_off_is_said_and_who_comes_later_knows_the_run(
    length: int, folder: RunFolder
) -> None:
    log, follower = BufferedLog(folder), Follower(folder)
    log.write(State("training"), STARTED, steps(1, 10))
    follower.news()
    os.truncate(folder.events_file, length)
    wait_for(lambda: events_of_cut(folder, Alert))
    log.write(steps(11, 20), State("stopped"))
    log.close()
    said = "Another program has cut events.jsonl: what it told of steps before 10 is lost."
    late, now = state_of(folder), follower.news().state
    assert now.series["loss"].length == 20, "who has read it knows it"
    for state in (late, now):
        assert (state.state, state.step, state.steps_total) == ("stopped", 20, 1000)
        assert [alert.text for alert in state.alerts] == [said]


def events_of_cut(folder: RunFolder, kind: type[Event]) -> list[Event]:
    """The sound events of a kind in a log with a torn line."""
    reader = folder.reader()
    return [record.event for record in reader.read() if isinstance(record.event, kind)]


def test_a_log_that_goes_with_its_whole_run_is_not_made_again(folder: RunFolder) -> None:
    log = BufferedLog(folder)
    log.write(State("training"), steps(1, 10))
    folder.events_file.unlink()
    folder.preset_file.unlink()
    log.write(steps(11, 20))
    log.close()
    assert [path.name for path in folder.path.iterdir()] == ["lock"]


def test_another_history_in_the_same_place_is_read_from_its_beginning(folder: RunFolder) -> None:
    """As when the log of a run that had ended is deleted, and the run begins again."""
    folder.writer().write(State("training"), STARTED, steps(1, 10), steps(11, 20), State("stopped"))
    follower = Follower(folder)
    assert follower.news().state.step == 20
    folder.events_file.rename(folder.path / "before.jsonl")
    folder.writer().write(State("training"), steps(1, 3))
    state = follower.news().state
    assert (state.state, state.step, state.series["loss"].length) == ("training", 3, 3)
