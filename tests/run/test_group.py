"""What is told of the workers that take a run's steps together."""

from typing import Any

import pytest

from gan_tui.run import group
from gan_tui.run.events import Event, Group, Record, Started, State, from_line, to_line
from gan_tui.run.state import RunState
from recorded_groups import worker_row

STARTED = Started("gan", "GAN", "gan", 42, {}, {"name": "mnist"}, ["CPU"], {}, 1000, 50, 128)


def fold(*events: Event, state: RunState | None = None) -> RunState:
    state = state or RunState()
    for number, event in enumerate(events):
        state = state.apply(from_line(to_line(Record(number, float(number), event)).rstrip()))
    return state


def told(*rows: dict[str, Any]) -> tuple[group.Worker, ...]:
    return fold(Group([*rows])).workers


def test_the_newest_of_each_worker_is_kept_by_number() -> None:
    state = fold(Group([worker_row(1), worker_row(0)]), Group([worker_row(1, state="lost", reason="it was killed")]))
    assert [(each.worker, each.state) for each in state.workers] == [(0, "training"), (1, "lost")]
    assert state.workers[1].called == "worker 1 on box1"
    assert state.workers[0].devices == ("CPU",)


def test_a_start_begins_with_nobody_and_what_ends_a_run_leaves_them() -> None:
    state = fold(State("starting", "a"), Group([worker_row(0), worker_row(1)]), State("training"), State("stopped"))
    assert len(state.workers) == 2
    again = fold(State("starting", "Starting"), State("starting", "Loading"), state=state)
    assert again.workers == ()
    waits = fold(Group([worker_row(0), worker_row(1, state="missing")]), State("starting", "Waiting"), state=again)
    assert len(waits.workers) == 2


@pytest.mark.parametrize("end", ["finished", "stopped", "failed"])
def test_who_took_part_has_ended_with_the_run_and_uses_nothing(end: str) -> None:
    both = Group([worker_row(0), worker_row(1, state="lost", reason="killed")])
    ended = fold(State("starting", "a"), both, State("training"), State(end))
    assert [each.state for each in ended.workers] == ["ended", "lost"]
    first = ended.workers[0]
    assert (first.reducing, first.cpu, first.memory) == (None, None, None) and first.devices == ("CPU",)
    assert group.headline(ended.workers[:1], None, 128) == ["1 device"]


def test_who_is_loading_is_no_alarm() -> None:
    two = told(worker_row(0, state="waiting"), worker_row(1, state="loading"))
    assert group.how_many(two) == "1 loading of 2 workers" and group.advice(two) == ""
    assert group.how_many(told(worker_row(0, state="waiting"), worker_row(1, state="waiting"))) == "2 workers"


@pytest.mark.parametrize(
    "rows",
    [
        "two", [{"state": "training"}], [{"worker": 0}], [worker_row(0, state="asleep")], [worker_row(-1)],
        [worker_row(0), worker_row(0)], [worker_row(2000)], [worker_row(0, reducing=1.5)],
        [worker_row(0, cpu="much")], [worker_row(0, devices="CPU")], [worker_row(0, host=7)],
        [worker_row(n) for n in range(2000)],
    ],
)  # fmt: skip
def test_rows_of_another_shape_are_refused(rows: Any) -> None:
    with pytest.raises(ValueError, match="workers has the wrong shape"):
        from_line(to_line(Record(0, 0.0, Group(rows))).rstrip())


def test_what_is_not_known_may_be_left_out_and_words_are_harmless() -> None:
    line = to_line(Record(0, 0.0, Group([{"worker": 3, "state": "missing", "host": "a\x1b[2J"}])))
    workers = RunState().apply(from_line(line.rstrip())).workers
    assert "\x1b" not in workers[0].host
    assert (workers[0].cpu, workers[0].devices, workers[0].reason) == (None, (), "")


def test_a_group_in_a_line() -> None:
    both = told(worker_row(0, reducing=0.1), worker_row(1, reducing=0.14))
    assert group.headline(both, 26.6, 128) == ["2 workers", "3,405 examples/s", "≤ 12 % reducing"]
    assert group.headline(both, None, 128) == ["2 workers", "≤ 12 % reducing"]
    assert group.advice(both) == ""
    one = told(worker_row(0, devices=["GPU: A", "GPU: B"], reducing=None))
    assert group.headline(one, 0.5, 4) == ["2 devices", "2.0 examples/s"]


def test_who_is_not_there_comes_first_with_what_to_do() -> None:
    four = told(
        worker_row(0), worker_row(1), worker_row(2, state="missing"),
        worker_row(3, state="lost", reason="no word for 12 s."),
    )  # fmt: skip
    assert [each.worker for each in group.most_urgent_first(four)] == [3, 2, 0, 1]
    assert group.how_many(four) == "1 lost, 1 missing of 4 workers"
    assert group.advice(four) == (
        "Worker 3 on box3 is lost (no word for 12 s): the run ends where it saved last; "
        "resume it to start all workers again. "
        "Worker 2 on box2 is missing: start it by the same command as here, or stop the run."
    )
    gone = told(*(worker_row(number, state="missing") for number in range(3)))
    assert group.advice(gone) == (
        "Worker 0 on box0 and 2 more are missing: start them by the same command as here, or stop the run."
    )
