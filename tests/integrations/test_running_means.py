"""Running means undone: what each step gave, from what Keras hands out."""

import numpy as np
import pytest

from gan_tui.integrations.scripts.means import RunningMeans, columns_of, matches, tells_nothing


def handed_out(values: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """What a Mean of Keras gives after each batch: sums and result of 32 bits."""
    total = np.cumsum((values * weights).astype(np.float32), dtype=np.float32)
    return (total / np.cumsum(weights.astype(np.float32), dtype=np.float32)).astype(np.float64)


def undone(values: np.ndarray, weights: np.ndarray, at_once: int) -> tuple[np.ndarray, dict[int, float]]:
    """Each step's value, taken in so many at once; and what was told of the last of some alone, by step."""
    means, running, found, alone = handed_out(values, weights), RunningMeans(), [], {}
    running.weigh("loss", 2, float(weights[:2].sum()))
    for first in range(0, len(values), at_once):
        steps = np.arange(first, min(first + at_once, len(values))) + 1
        each, last = running.own(steps, {"loss": means[steps - 1]}, {"loss": float(weights[: steps[-1]].sum())})
        found += each.get("loss", np.array([])).tolist()
        alone |= {int(steps[-1]): float(value) for value in last.get("loss", [])}
    return np.array(found), alone


@pytest.mark.parametrize("at_once", [1, 7, 401])
def test_each_steps_own_value_comes_back_also_of_a_last_batch_that_has_fewer_examples(at_once: int) -> None:
    values = np.random.default_rng(0).uniform(0.2, 2, 401)
    weights = np.full(401, 32.0)
    weights[-1] = 5
    found, alone = undone(values, weights, at_once)
    assert not alone
    np.testing.assert_allclose(found[:-1], values[:-1], atol=2e-4)
    assert found[-1] == pytest.approx(values[-1], abs=2e-3)


def test_batches_that_weigh_differently_are_told_together_and_truly() -> None:
    random = np.random.default_rng(1)
    values, weights = random.uniform(0, 1, 60), random.integers(3, 90, 60).astype(float)
    found, alone = undone(values, weights, 10)
    assert len(found) == 0 and sorted(alone) == [10, 20, 30, 40, 50, 60]
    for step, value in alone.items():
        part = slice(step - 10, step)
        assert value == pytest.approx(np.average(values[part], weights=weights[part]), abs=1e-4)


def test_a_long_epoch_is_as_exact_as_24_bits_let_it_be() -> None:
    values = np.random.default_rng(2).uniform(0.2, 1, 10_000)
    found, _ = undone(values, np.ones(10_000), 100)
    assert np.abs(found - values).max() < 8e-3
    assert np.abs(found - values)[:400].max() < 1e-4


def test_no_more_digits_are_told_than_are_known() -> None:
    right = np.random.default_rng(3).integers(0, 33, 300) / 32
    found, _ = undone(right, np.full(300, 32.0), 50)
    assert np.abs(found - right).max() < 1e-4
    assert all(len(f"{value:.12f}".rstrip("0")) <= 9 for value in found)  # 0.84375, and not 0.8437487


def test_another_epoch_begins_anew_and_what_is_no_mean_is_told_as_it_is() -> None:
    running = RunningMeans()
    running.weigh("loss", 1, 1.0)
    for _ in range(2):
        running.begin()
        each, _ = running.own(np.array([1, 2]), {"loss": np.array([4.0, 3.0]), "g_loss": np.array([1.0, 9.0])}, {})
        assert each["loss"].tolist() == [4.0, 2.0] and each["g_loss"].tolist() == [1.0, 9.0]


def test_a_loss_that_is_no_number_is_one_and_those_after_it_too_until_the_epochs_end() -> None:
    running = RunningMeans()
    running.weigh("loss", 1, 1.0)
    each, _ = running.own(np.array([1, 2, 3]), {"loss": np.array([1.0, np.nan, np.nan])}, {})
    assert each["loss"][0] == 1 and np.isnan(each["loss"][1:]).all()
    running.begin()
    each, _ = running.own(np.array([1]), {"loss": np.array([5.0])}, {})
    assert each["loss"].tolist() == [5.0]


def test_several_steps_in_one_call_have_their_mean() -> None:
    values, running = np.array([1.0, 2, 3, 4, 5, 6]), RunningMeans()
    running.weigh("loss", 3, 3.0)
    means = handed_out(values, np.ones(6))
    each, _ = running.own(np.array([3, 6]), {"loss": means[[2, 5]]}, {"loss": 6.0})
    assert each["loss"] == pytest.approx([2, 5])


def test_which_logs_are_means() -> None:
    assert matches(0.5, 32.0, 64.0) and not matches(0.5, 33.0, 64.0) and not matches(0.0, 0.0, 0.0)
    assert tells_nothing(0.0) and tells_nothing(1.0) and tells_nothing(float("nan")) and not tells_nothing(0.25)


def test_logs_that_are_no_numbers_or_come_later_are_missing() -> None:
    columns = columns_of([{"loss": 1, "note": "x"}, {"loss": 2.0, "late": 3}])
    assert columns["loss"].tolist() == [1, 2]
    assert np.isnan(columns["note"]).all() and np.isnan(columns["late"][0]) and columns["late"][1] == 3


def test_a_mean_that_is_known_to_be_one_only_after_its_first_step_was_told_goes_on_from_that() -> None:
    running = RunningMeans()
    each, _ = running.own(np.array([1]), {"loss": np.array([4.0])}, {})
    assert each["loss"].tolist() == [4.0]
    running.weigh("loss", 2, 32.0)
    each, _ = running.own(np.array([2, 3]), {"loss": np.array([3.0, 3.0])}, {"loss": 48.0})
    assert each["loss"].tolist() == [2.0, 3.0]
