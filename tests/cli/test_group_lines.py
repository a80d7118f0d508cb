"""What is said of a group where a run is followed as text."""

from gan_tui.cli.group_lines import GroupLines
from gan_tui.run.events import Event, Group, Record, State
from gan_tui.run.state import RunState
from recorded_groups import worker_row


def said(*events: Event) -> list[str]:
    """In turn, after each of them."""
    state, lines, text = RunState(), GroupLines(), list[str]()
    for number, event in enumerate(events):
        state = state.apply(Record(number, float(number), event))
        text += lines.lines(state)
    return text


def test_who_is_loading_is_told_without_alarm() -> None:
    loading = Group([worker_row(0, state="waiting", devices=[]), worker_row(1, state="loading", devices=[])])
    assert said(State("starting", "a"), loading, Group([worker_row(0), worker_row(1)])) == [
        "group: worker 0 on box0, worker 1 on box1",
        "group: worker 0 on box0 is waiting",
        "group: worker 1 on box1 is loading",
        "group: worker 0 on box0 is training",
        "group: worker 1 on box1 is training",
    ]


def test_a_run_that_has_ended_or_goes_on_alone_has_no_line_of_nobody() -> None:
    begun = (State("starting", "a"), Group([worker_row(0), worker_row(1)]), State("training"))
    whole = said(*begun)
    assert len(whole) == 1
    assert said(*begun, State("stopped"), State("starting", "b"), State("training"), State("finished")) == whole
    assert said(*begun, State("stopped"), *begun) == whole * 2


def test_who_is_lost_is_the_only_news_of_a_run_that_fails() -> None:
    lost = Group([worker_row(1, state="lost", reason="was killed")])
    lines = said(
        State("starting", "a"), Group([worker_row(0), worker_row(1)]), State("training"), lost, State("failed")
    )
    assert len(lines) == 2 and lines[1].startswith("WARNING: Worker 1 on box1 is lost (was killed)")
