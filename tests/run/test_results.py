"""What a run has come to, in a line of a list."""

import math

from gan_tui.run.events import Epoch, Metrics, Record
from gan_tui.run.results import CURVE_LENGTH, of_state
from gan_tui.run.state import RunState


def _state(*events: Metrics | Epoch) -> RunState:
    return RunState().apply_all([Record(seq, 10.0 + seq, event) for seq, event in enumerate(events, 1)])


def test_a_run_is_judged_by_what_was_held_back_and_tells_its_best() -> None:
    steps, losses = list(range(1, 101)), [1 / step for step in range(1, 101)]
    state = _state(
        Metrics(steps, {"loss": losses, "accuracy": losses}),
        Epoch(1, 50, {"val_loss": 0.5, "val_accuracy": 0.75}),
        Epoch(2, 100, {"val_loss": 0.6, "val_accuracy": 0.5}),
    )
    found = of_state(state)
    assert found.judged_by is not None
    assert (found.judged_by.name, found.newest, found.best, found.best_step) == ("val_accuracy", 0.5, 0.75, 50)
    assert found.curve == (0.75, 0.5)


def test_a_loss_is_best_where_it_is_least_and_what_is_no_number_counts_for_nothing() -> None:
    found = of_state(_state(Metrics(list(range(1, 65)), {"loss": [math.nan, *([2.0] * 31), 1.0, *([3.0] * 31)]})))
    assert (found.newest, found.best, found.best_step) == (3.0, 1.0, 33)
    assert len(found.curve) == CURVE_LENGTH and found.curve[0] == 2.0 and found.curve[-1] == 3.0


def test_a_run_that_has_measured_nothing_has_come_to_nothing() -> None:
    found = of_state(RunState())
    assert (found.judged_by, found.newest, found.best, found.curve) == (None, None, None, ())
