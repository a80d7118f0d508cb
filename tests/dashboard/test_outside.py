"""What is said of a run outside its screen."""

from gan_tui.dashboard.outside import news, progress, title
from gan_tui.dashboard.terminal.sign_words import Doing
from gan_tui.run.events import START, Alert, Event, Metrics, Record, Started, State
from gan_tui.run.holder import ALIVE, ENDED, READING, Standing
from gan_tui.run.state import RunState

STARTED = Started("xor", "XOR", "plane", 1, {}, {"name": "xor", "origin": "", "train": 4, "validation": 0},
                  ["CPU"], {}, 200, 1, 4)  # fmt: skip
LIVE, GONE = Standing(ALIVE), Standing(ENDED, "its processes were killed")


def state(*events: Event) -> RunState:
    return RunState().apply_all(Record(number, 1000.0 + number, event) for number, event in enumerate(events))


HALF = (STARTED, State("training"), Metrics([1, 99], {"loss": [1.0, 0.5]}))
TRAINING = state(*HALF)


def after(*events: Event, standing: Standing = LIVE) -> str:
    """What is told once these have come."""
    now = state(*HALF, *events)
    return news("xor-1", TRAINING, now, standing, standing.shown(now.state))


def test_the_title_has_the_name_and_how_far_it_has_come_or_how_it_stands() -> None:
    assert title("xor-1", RunState(), READING) == "xor-1"
    assert title("xor-1", TRAINING, "training") == "xor-1 49 %"
    assert title("xor-1", TRAINING, "paused") == "xor-1 paused"
    assert title("xor-1", TRAINING, "finished") == "xor-1 finished"
    endless = state(State("training"), Metrics([99], {"loss": [0.5]}))
    assert title("own", endless, "training") == "own training"


def test_progress_is_of_what_trains_and_how() -> None:
    assert progress(TRAINING, "training") == (Doing.TRAINING, 49)
    assert progress(TRAINING, "saving") == (Doing.TRAINING, 49)
    assert progress(TRAINING, "paused") == (Doing.PAUSED, 49)
    assert progress(TRAINING, "failed") == progress(TRAINING, ENDED) == (Doing.FAILED, 49)
    assert progress(TRAINING, "finished") == progress(TRAINING, "stopped") == (Doing.NOTHING, 0)
    assert progress(state(State("training")), "training") == (Doing.NOTHING, 0)


def test_ends_alerts_and_pauses_by_itself_are_news() -> None:
    assert after(Metrics([200], {"loss": [0.1]}), State("finished", "all")) == "xor-1 has finished at step 200."
    assert after(State("stopped", "asked to stop")) == "xor-1 was stopped at step 99."
    assert after(State("failed", "No memory is left.")) == "xor-1 has failed at step 99: No memory is left."
    assert after(standing=GONE) == "xor-1 was interrupted: its processes were killed."
    alert = Alert("non-finite", "loss became nan at step 100, so the run was paused.", 100)
    assert after(alert, State("paused", "loss is not a finite number")) == f"xor-1: {alert.text}"
    assert after(State("paused", "the cell failed")) == "xor-1 has paused: the cell failed."


def test_what_was_asked_for_or_is_as_before_is_none() -> None:
    assert after() == after(Metrics([100], {"loss": [0.5]})) == after(State("saving")) == ""
    assert after(State("paused", "asked to pause")) == after(State("paused", "stepping")) == ""
    assert after(Alert(START, "It begins with other weights.", 0)) == ""
    ended = state(*HALF, State("finished", "all"))
    assert news("xor-1", ended, ended, GONE, "finished") == ""
