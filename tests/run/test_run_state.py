"""The fold: the same events always give the same state, and a state once given never changes."""

import copy
import dataclasses
import math
from collections.abc import Iterable

import numpy as np
import pytest

from gan_tui.run import state as run_state
from gan_tui.run.events import (
    Alert,
    Checkpoint,
    Epoch,
    Event,
    Metrics,
    Picture,
    Record,
    Resumed,
    Setting,
    Started,
    State,
    Usage,
    Weights,
)
from gan_tui.run.pace import SPEED_WINDOW
from gan_tui.run.state import RunState

STARTED = Started("gan", "GAN", "gan", 42, {}, {"name": "mnist"}, ["CPU"], {}, 1000, 50, 128)


def fold(events: Iterable[tuple[float, Event]], state: RunState | None = None) -> RunState:
    state = state or RunState()
    for number, (time, event) in enumerate(events):
        state = state.apply(Record(number, time, event))
    return state


def steps(first: int, last: int, value: float = 1.0) -> Metrics:
    return Metrics(
        list(range(first, last + 1)), {"d_loss": [value] * (last - first + 1), "g_loss": [2.0] * (last - first + 1)}
    )


def picture(step: int, tag: str = "samples") -> Picture:
    return Picture(tag, step, f"samples/{tag}/{step:09d}.png")


LIFE: list[tuple[float, Event]] = [
    (100.0, State("starting", "Starting the trainer")),
    (101.0, State("starting", "Loading TensorFlow")),
    (107.0, STARTED),
    (107.5, picture(0)),
    (108.0, steps(1, 1)),
    (108.0, Usage(99.0, 650_000_000)),
    (108.0, State("training")),
    (109.0, steps(2, 21)),
    (110.0, steps(22, 60)),
    (110.5, picture(60)),
    (111.0, Epoch(1, 50, {"d_loss": 1.0, "g_loss": 2.0})),
    (112.0, Checkpoint(60, "checkpoints/000000060", "asked")),
    (113.0, Setting("learning_rate", 0.001, 60)),
    (114.0, Alert("save", "Cannot save", 60)),
    (115.0, steps(61, 100)),
    (116.0, picture(100)),
    (117.0, Checkpoint(100, "checkpoints/000000100", "autosave")),
]


def test_a_run_as_its_events_tell_it() -> None:
    state = fold(LIFE)
    assert state.started == STARTED
    assert (state.state, state.live, state.step, state.epoch) == ("training", True, 100, 1)
    assert list(state.series) == ["d_loss", "g_loss"]
    assert state.series["d_loss"].steps.tolist() == list(range(1, 101))
    assert [p.step for p in state.pictures["samples"]] == [0, 60, 100]
    assert [c.step for c in state.checkpoints] == [60, 100]
    assert [a.text for a in state.alerts] == ["Cannot save"]
    assert state.settings == {"learning_rate": 0.001}
    assert state.usage == Usage(99.0, 650_000_000)
    assert (state.first_time, state.last_time) == (100.0, 117.0)
    assert state.current_epoch() == (2, 20)


def test_nothing_is_known_before_the_first_event() -> None:
    state = RunState()
    assert (state.state, state.step, state.speed, state.seconds_left) == ("starting", 0, None, None)
    assert state.current_epoch() == (1, 1)


def test_the_stages_of_a_start_are_kept_while_it_lasts() -> None:
    starting = fold(LIFE[:2])
    assert starting.reasons == ((100.0, "Starting the trainer"), (101.0, "Loading TensorFlow"))
    assert fold(LIFE).reasons == ()
    again = fold([(200.0, State("starting", "Starting the trainer"))], fold(LIFE))
    assert again.reasons == ((200.0, "Starting the trainer"),)


# Purity --------------------------------------------------------------------------------------------------


def observed(state: RunState) -> object:
    """Everything that can be seen of a state, copied."""
    fields = {name: value for name, value in vars(state).items() if name not in ("series", "course")}
    every = {**state.series, "times": state.course.times}
    series = {name: (s.steps.tolist(), s.values.tolist()) for name, s in every.items()}
    course = (state.course.seconds, state.course.marks)
    return copy.deepcopy(({k: dict(v) if hasattr(v, "keys") else v for k, v in fields.items()}, series, course))


def test_the_same_events_give_the_same_state() -> None:
    assert observed(fold(LIFE)) == observed(fold(LIFE))


@pytest.mark.parametrize("size", [2, 3, 7, 100])
def test_events_taken_in_together_give_the_state_of_one_by_one(size: int) -> None:
    life = [
        *LIFE,
        *((120 + n / 8, steps(101 + n, 101 + n)) for n in range(200)),
        (150.0, Metrics([301], {"d_loss": [0.5], "another": [1.0]})),
        (150.5, Metrics([], {"d_loss": []})),
        (151.0, steps(302, 310)),
    ]
    records = [Record(number, time, event) for number, (time, event) in enumerate(life)]
    state = RunState()
    for start in range(0, len(records), size):
        state = state.apply_all(records[start : start + size])
    alone = fold(life)
    assert observed(dataclasses.replace(state, pace=())) == observed(dataclasses.replace(alone, pace=()))
    assert state.speed == pytest.approx(alone.speed, rel=0.05)


def test_no_state_changes_once_it_was_given() -> None:
    whole = [*LIFE, (120.0, Resumed(60)), (121.0, steps(61, 90, 7.0)), (122.0, Epoch(1, 90, {"val_loss": 1.0}))]
    state, states, seen = RunState(), [], []
    for number, (time, event) in enumerate(whole):
        state = state.apply(Record(number, time, event))
        states.append(state)
        seen.append(observed(state))
    assert [observed(state) for state in states] == seen


def test_two_futures_of_one_state_do_not_touch_each_other() -> None:
    now = fold(LIFE)
    one, other = fold([(120.0, steps(101, 110, 3.0))], now), fold([(120.0, steps(101, 110, 9.0))], now)
    assert one.series["d_loss"].values[-1] == 3.0
    assert other.series["d_loss"].values[-1] == 9.0
    assert now.step == 100


def test_what_a_state_holds_cannot_be_written_to() -> None:
    state = fold(LIFE)
    for mapping in (state.series, state.pictures, state.settings):
        with pytest.raises(TypeError):
            mapping["x"] = 1  # type: ignore[index]


# Resuming ------------------------------------------------------------------------------------------------


def test_resumed_drops_what_the_earlier_attempt_did_later() -> None:
    state = fold([(200.0, Resumed(60))], fold(LIFE))
    assert (state.step, state.epoch) == (60, 1)
    assert state.series["d_loss"].steps.tolist() == list(range(1, 61))
    assert [p.step for p in state.pictures["samples"]] == [0, 60]
    assert [c.step for c in state.checkpoints] == [60]
    state = fold([(201.0, steps(61, 70, 5.0)), (202.0, picture(70))], state)
    assert state.series["d_loss"].steps.tolist() == list(range(1, 71))
    assert state.series["d_loss"].values[60:].tolist() == [5.0] * 10
    assert [p.step for p in state.pictures["samples"]] == [0, 60, 70]


def test_why_it_was_restarted_is_kept_whatever_step_it_goes_on_from() -> None:
    late = [(120.0, Alert("save", "Cannot save", 90)), (121.0, Alert("restart", "It died.", 95))]
    resumed = fold([*late, (122.0, Resumed(60))], fold(LIFE))
    assert [(alert.text, alert.step) for alert in resumed.alerts] == [("Cannot save", 60), ("It died.", 95)]


def test_resumed_from_the_very_start_drops_every_step() -> None:
    state = fold([(200.0, Resumed(0)), (201.0, steps(1, 5))], fold(LIFE))
    assert state.series["d_loss"].steps.tolist() == [1, 2, 3, 4, 5]
    assert state.checkpoints == ()


def test_some_metrics_go_back_and_the_others_stay_as_they_are() -> None:
    state = fold([(200.0, Metrics([90], {"lr": [0.1]})), (201.0, Resumed(60, ["d_loss", "samples"]))], fold(LIFE))
    assert state.series["d_loss"].last_step == 60
    assert (state.series["g_loss"].last_step, state.series["lr"].last_step) == (100, 90)
    assert [p.step for p in state.pictures["samples"]] == [0, 60]
    assert state.step == 100
    assert [c.step for c in state.checkpoints] == [60, 100]


def test_a_metric_with_steps_of_its_own_does_not_take_a_run_back() -> None:
    state = fold([(120.0, Metrics([500], {"a": [1.0]})), (121.0, Metrics([30], {"b": [1.0]}))])
    assert state.step == 500


def test_validation_that_belongs_to_dropped_steps_is_dropped_too() -> None:
    state = fold([(1.0, Epoch(1, 50, {"val_loss": 0.9})), (2.0, Epoch(2, 100, {"val_loss": 0.5}))])
    assert state.series["val_loss"].steps.tolist() == [50, 100]
    state = fold([(3.0, Resumed(60)), (4.0, Epoch(2, 100, {"val_loss": 0.4, "loss": 1.0}))], state)
    assert state.series["val_loss"].steps.tolist() == [50, 100]
    assert state.series["val_loss"].values.tolist() == pytest.approx([0.9, 0.4])
    assert "loss" not in state.series, "the training loss is drawn from its steps"


def test_a_picture_drawn_again_at_its_step_takes_the_place_of_the_first() -> None:
    again = Picture("samples", 100, "samples/samples/000000100.png", count=99)
    state = fold([(120.0, again)], fold(LIFE))
    assert [p.step for p in state.pictures["samples"]] == [0, 60, 100]
    assert state.pictures["samples"][-1] == again


def test_a_checkpoint_saved_again_is_listed_once() -> None:
    state = fold([(120.0, Checkpoint(100, "checkpoints/000000100", "stop"))], fold(LIFE))
    assert [(c.step, c.why) for c in state.checkpoints] == [(60, "asked"), (100, "stop")]


# Speed ---------------------------------------------------------------------------------------------------


def training(reports: Iterable[tuple[float, int]]) -> RunState:
    """A state after reports of (time, step)."""
    state, last = fold([(0.0, STARTED), (0.0, State("training"))]), 0
    for time, step in reports:
        state = fold([(time, steps(last + 1, step))], state)
        last = step
    return state


def test_speed_and_time_left_of_steady_training() -> None:
    state = training((0.5 * n, 5 * n) for n in range(1, 41))
    assert state.speed == pytest.approx(10.0)
    assert state.seconds_left == pytest.approx(80.0)


def test_speed_is_of_late_and_not_of_the_whole_run() -> None:
    fast = [(n / 10, n) for n in range(1, 201)]
    slow = [(20 + n, 200 + n) for n in range(1, 31)]
    assert training([*fast, *slow]).speed == pytest.approx(1.0)


def test_speed_is_known_when_a_single_step_outlasts_the_window() -> None:
    state = training((3 * SPEED_WINDOW * n, n) for n in range(1, 5))
    assert state.speed == pytest.approx(1 / (3 * SPEED_WINDOW))


def test_many_reports_a_second_are_thinned_and_the_speed_stays_right() -> None:
    state = training((n / 200, n) for n in range(1, 1000))
    assert len(state.pace) <= 61
    assert state.speed == pytest.approx(200, rel=0.01)


def test_a_pause_does_not_count_as_slow_training() -> None:
    state = training((n, 10 * n) for n in range(1, 6))
    paused = fold([(5.0, State("paused", "asked to pause"))], state)
    assert paused.speed is None and paused.seconds_left is None
    going = fold([(500.0, State("training")), (501.0, steps(51, 60)), (502.0, steps(61, 70))], paused)
    assert going.speed == pytest.approx(10.0)


def test_speed_needs_time_to_pass() -> None:
    assert training([(0.0, 1)]).speed is None


# Odd events ----------------------------------------------------------------------------------------------


def test_a_number_that_was_not_finite_is_a_gap_in_its_series() -> None:
    state = fold([(1.0, Metrics([1, 2, 3], {"loss": [1.0, None, 3.0]}))])
    assert np.isnan(state.series["loss"].values).tolist() == [False, True, False]
    state = fold([(2.0, Epoch(1, 3, {"val_loss": None}))], state)
    assert math.isnan(state.series["val_loss"].last)


def test_metrics_without_steps_change_nothing() -> None:
    assert fold([(1.0, Metrics([], {}))]).step == 0


def test_alerts_keep_the_last_hundred() -> None:
    state = fold((float(n), Alert("save", f"alert {n}", n)) for n in range(150))
    assert len(state.alerts) == 100 and state.alerts[-1].text == "alert 149"


def test_a_failure_says_why() -> None:
    state = fold([*LIFE, (130.0, State("failed", "The trainer was killed (SIGKILL)."))])
    assert (state.state, state.live, state.reason) == ("failed", False, "The trainer was killed (SIGKILL).")


def test_a_log_of_endless_news_keeps_a_state_small(monkeypatch: pytest.MonkeyPatch) -> None:
    for limit, fewer in (("MOST_PICTURES", 16), ("MOST_NAMES", 32), ("MOST_CHECKPOINTS", 100)):
        assert getattr(run_state, limit) > fewer
        monkeypatch.setattr(run_state, limit, fewer)
    state = RunState()
    for number in range(600):
        step = number + 1
        for event in (
            Picture("wall", step, "wall.png"), Picture(f"tag {number}", step, "tag.png"),
            Checkpoint(step, f"checkpoints/{step}", "autosave"), Alert("a", "b", step), State("starting", str(number)),
            Setting(f"name {number}", 1, step), Metrics([step], {f"metric {number}": [1.0]}),
        ):  # fmt: skip
            state = state.apply(Record(number, float(number), event))
    shown = state.pictures["wall"]
    assert (shown[0].step, shown[-1].step, len(shown)) == (1, 600, 16)
    assert len(state.pictures) == len(state.settings) == len(state.series) == 32
    assert state.checkpoints[-1].step == 600 and len(state.checkpoints) == 100
    assert len(state.reasons) <= 32 and state.reasons[-1][1] == "599"


def test_who_follows_as_text_keeps_the_same_little_however_long_a_run_is() -> None:
    state = RunState()
    for step in range(1, 500):
        for event in (picture(step), steps(step, step), Checkpoint(step, f"checkpoints/{step}", "autosave")):
            state = state.apply(Record(step, float(step), event)).latest()
    assert [series.length for series in state.series.values()] == [1, 1]
    assert [picture.step for picture in state.pictures["samples"]] == [499]
    assert [checkpoint.step for checkpoint in state.checkpoints] == [499]


# Clocks that are set -------------------------------------------------------------------------------------------

DAY = 86_400.0


def trained(walls: dict[int, float], clock: bool, before: tuple[Record, ...] = ()) -> RunState:
    """20 steps/s for 15 s; from some steps on the clock on the wall is off by so many seconds."""
    off, records = 0.0, list(before)
    for step in range(1, 301):
        off = walls.get(step, off)
        time = step / 20
        event = Metrics([step], {"loss": [1.0]})
        records.append(Record(len(records), 1.7e9 + time + off, event, 5000 + time if clock else None))
    return RunState().apply_all(records)


BEGUN = (
    Record(0, 1.7e9, dataclasses.replace(STARTED, steps_total=1200, steps_per_epoch=1), 5000.0),
    Record(1, 1.7e9, State("training"), 5000.0),
)


@pytest.mark.parametrize(
    "walls", [{}, {150: -DAY}, {150: 5 * 3600.0}, {100: -DAY, 200: DAY}, {299: 5 * 3600.0}, {300: -DAY}]
)
def test_steps_a_second_and_the_time_left_do_not_depend_on_the_clock_on_the_wall(walls: dict[int, float]) -> None:
    state = trained(walls, True, BEGUN)
    assert state.speed == pytest.approx(20, rel=0.05)
    assert state.seconds_left == pytest.approx(900 / 20, rel=0.05)


def test_a_log_without_such_a_clock_has_its_speed_back_soon_after_the_day_went_back() -> None:
    begun = tuple(dataclasses.replace(record, clock=None) for record in BEGUN)
    assert trained({}, False, begun).speed == pytest.approx(20, rel=0.05)
    assert trained({150: -DAY}, False, begun).speed == pytest.approx(20, rel=0.05)


def test_a_run_that_goes_on_after_the_machine_was_started_again_has_the_speed_of_its_second_attempt() -> None:
    first = trained({}, True, BEGUN)
    again = [Record(900, 1.8e9, Resumed(300), 10.0), Record(901, 1.8e9, State("training"), 10.0)]
    again += [Record(902 + n, 1.8e9, Metrics([301 + n], {"loss": [1.0]}), 10.0 + n / 5) for n in range(1, 51)]
    assert first.apply_all(again).speed == pytest.approx(5, rel=0.05)


@pytest.mark.parametrize(("outputs", "names", "classes"), [(3, ("a", "b", "c"), 3), (1, ("a", "b"), 2), (1, (), 1)])
def test_one_output_for_two_classes_tells_both_apart(outputs: int, names: tuple[str, ...], classes: int) -> None:
    networks = {"classifier": [{"output_shape": [2]}, {"output_shape": [outputs]}]}
    begun = dataclasses.replace(STARTED, networks=networks, dataset={"name": "points", "names": list(names)})
    assert fold([(0, begun)]).classes == classes


def test_a_run_that_measures_each_epoch_alone_has_these_values_and_its_step() -> None:
    events = [Epoch(number, 100 * number, {"loss": 1 / number, "val/loss": 2 / number}) for number in (1, 2)]
    state = after(of_a_script(), *events)
    assert state.series["loss"].steps.tolist() == state.series["val/loss"].steps.tolist() == [100, 200]
    assert state.series["loss"].last == 0.5
    assert state.metric("loss").each == "epoch", "so that no point of them is smoothed away"
    assert (state.step, state.epoch) == (200, 2)


def test_means_of_an_epoch_are_no_points_among_those_of_its_steps() -> None:
    state = after(of_a_script(), Metrics([1, 2], {"loss": [4.0, 2.0]}), Epoch(1, 2, {"loss": 3.0, "val_loss": 2.5}))
    assert state.series["loss"].values.tolist() == [4.0, 2.0]
    assert state.series["val_loss"].values.tolist() == [2.5]


def test_a_run_has_come_as_far_as_its_last_step_in_whatever_order_it_tells() -> None:
    state = after(of_a_script(), Metrics([500], {"loss": [1.0]}), Metrics([3], {"val/loss": [2.0]}))
    assert state.step == 500
    assert after(of_a_script(), Metrics([500], {"loss": [1.0]}), Resumed(200)).step == 200


def test_a_run_of_unknown_length_that_goes_on_is_in_no_made_up_epoch() -> None:
    assert after(of_a_script(), Metrics([1, 500], {"loss": [2.0, 1.0]}), Resumed(200)).epoch == 0
    done = [Epoch(1, 100, {"loss": 1.0}), Epoch(2, 200, {"loss": 1.0})]
    assert after(of_a_script(), *done, Resumed(200)).epoch == 2


def after(*events: Event) -> RunState:
    """The state after these, a second each."""
    return fold((100.0 + number, event) for number, event in enumerate(events))


def of_a_script() -> Started:
    """Of a run that has told neither its length nor what it measures."""
    return Started(
        "train", "", "script", 0, {}, {"name": "", "origin": "", "train": 0, "validation": 0}, [], {}, 0, 1, 0
    )


def test_histograms_that_are_told_one_by_one_are_all_known_as_first_and_as_last() -> None:
    def told(mean: float) -> dict[str, object]:
        return {"shape": [2], "mean": mean, "std": 1.0, "low": 0.0, "high": 1.0, "counts": [1]}

    state = after(
        of_a_script(), Weights(1, {"a": told(1.0)}), Weights(1, {"b": told(2.0)}), Weights(9, {"a": told(3.0)})
    )
    assert state.weights is not None
    first, now = state.weights
    assert {name: facts["mean"] for name, facts in first.layers.items()} == {"a": 1.0, "b": 2.0}
    assert {name: facts["mean"] for name, facts in now.layers.items()} == {"a": 3.0, "b": 2.0}
    assert (first.step, now.step) == (1, 9)
