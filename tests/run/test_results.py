"""What a run has come to, in a line of a list."""

import json
import math

import pytest

from gan_tui.run.events import Epoch, Metrics, Record, Setting
from gan_tui.run.metrics import guessed
from gan_tui.run.results import CURVE_LENGTH, from_document, judging, of_state
from gan_tui.run.state import RunState


def _state(*events: Metrics | Epoch | Setting) -> RunState:
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
    found = of_state(_state(Metrics(list(range(1, 65)), {"loss": [math.nan, *([2.0] * 31), 1.0, 1.0, *([3.0] * 30)]})))
    assert (found.newest, found.best, found.best_step) == (3.0, 1.0, 34)
    assert len(found.curve) == CURVE_LENGTH and found.curve[0] == 2.0 and found.curve[-1] == 3.0


def test_a_run_that_has_measured_nothing_has_come_to_nothing() -> None:
    found = of_state(RunState())
    assert (found.judged_by, found.newest, found.best, found.curve) == (None, None, None, ())


@pytest.mark.parametrize(
    ("names", "judged_by"),
    [
        (("loss", "accuracy", "val_loss", "val_accuracy"), "val_accuracy"),
        (("loss", "accuracy", "val_loss"), "val_loss"),
        (("loss", "mae"), "loss"),
        (("learning_rate", "train/loss", "eval/acc"), "eval/acc"),
        (("lr", "epoch_time", "reward"), "reward"),
        (("d_loss", "d_accuracy", "g_loss", "g_accuracy"), "d_accuracy"),
        (("d_loss", "g_loss", "real_output", "generated_output", "wasserstein", "penalty"), "wasserstein"),
        (("d_loss", "g_loss", "real_output", "generated_output"), "d_loss"),
    ],
)
def test_what_says_most_of_a_training_judges_it(names: tuple[str, ...], judged_by: str) -> None:
    found = judging(map(guessed, names))
    assert found is not None and found.name == judged_by


def test_a_loss_of_any_name_is_better_where_it_is_less() -> None:
    found = judging([guessed("test_reconstruction_loss")])
    assert found is not None and found.falls


def test_of_a_pair_no_value_is_the_best() -> None:
    found = of_state(_state(Metrics([1, 2], {"d_loss": [0.7, 0.1], "g_loss": [0.7, 4.0], "d_accuracy": [0.5, 0.75]})))
    assert (found.newest, found.best, found.best_step, found.curve) == (0.75, None, 0, (0.5, 0.75))


def test_results_are_the_same_once_they_were_kept_as_json() -> None:
    steps = list(range(1, 101))
    state = _state(
        Metrics(steps, {"loss": [1 / step for step in steps], "accuracy": [math.nan] * 100}),
        Setting("learning_rate", 0.5, 100),
    )
    found = of_state(state)
    assert found.values["accuracy"] is None and found.set_later == {"learning_rate": 0.5}
    assert from_document(json.loads(json.dumps(found.as_document()))) == found


@pytest.mark.parametrize("wrong", [{}, {"judged_by": None}, {"judged_by": {"name": 3}}])
def test_what_was_not_kept_by_us_is_refused(wrong: dict[str, object]) -> None:
    with pytest.raises((ValueError, TypeError, KeyError)):
        from_document(wrong)
