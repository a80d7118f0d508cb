"""Series grow without changing the snapshots before, and are reduced without losing a spike or a gap."""

import math

import numpy as np
import pytest

from gan_tui.history import Series, reduced, smoothed


def series(values: object, first: int = 1) -> Series:
    values = np.asarray(values, np.float32)
    return Series.empty().extended(range(first, first + len(values)), values)


def test_growing_point_by_point_gives_the_same_as_all_at_once() -> None:
    values = np.random.default_rng(0).standard_normal(3000).astype(np.float32)
    whole, grown, place = series(values), Series.empty(), 0
    for count in np.random.default_rng(1).integers(0, 40, 500).tolist():
        part = values[place : place + count]
        grown = grown.extended(range(place + 1, place + 1 + len(part)), part)
        place += count
    np.testing.assert_array_equal(grown.values, whole.values)
    np.testing.assert_array_equal(grown.steps, whole.steps)
    assert grown.last == whole.last == values[-1]


def test_a_snapshot_never_changes_whatever_grows_from_it() -> None:
    old = series([1, 2, 3])
    one = old.extended([4], [4.0])
    other = old.extended([4, 5], [-4.0, -5.0])
    cut = one.up_to(2)
    again = cut.extended([3], [-3.0])
    assert old.values.tolist() == [1, 2, 3]
    assert one.values.tolist() == [1, 2, 3, 4]
    assert other.values.tolist() == [1, 2, 3, -4, -5]
    assert cut.values.tolist() == [1, 2]
    assert again.values.tolist() == [1, 2, -3]


def test_a_missing_number_is_nan_and_the_last_may_be_one() -> None:
    grown = series([1.0]).extended([2, 3], [None, 2.0]).extended([4], [None])
    assert np.isnan(grown.values).tolist() == [False, True, False, True]
    assert grown.last is not None and math.isnan(grown.last)
    assert Series.empty().last is None


@pytest.mark.filterwarnings("error")
def test_a_number_too_large_for_single_precision_makes_no_noise() -> None:
    assert not np.isfinite(series([1.0]).extended([2], [1e300]).last)


@pytest.mark.parametrize(("step", "kept"), [(0, []), (1, [1]), (2, [1, 2]), (3, [1, 2, 3]), (99, [1, 2, 3])])
def test_up_to_keeps_the_step_itself(step: int, kept: list[int]) -> None:
    assert series([1, 2, 3]).up_to(step).steps.tolist() == kept


# Reduced -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("columns", [1, 7, 40, 100, 1000])
@pytest.mark.parametrize("length", [1, 10, 999, 20_000])
def test_reduced_keeps_the_extremes_of_every_column_and_the_ends(columns: int, length: int) -> None:
    steps = np.arange(1, length + 1)
    values = np.random.default_rng(length).standard_normal(length).astype(np.float32)
    x, y = reduced(steps, values, columns)
    assert len(x) <= 2 * columns + 1
    assert np.all(np.diff(x) > 0)
    np.testing.assert_array_equal(values[x.astype(int) - 1], y.astype(np.float32))
    assert y.max() == values.max() and y.min() == values.min()
    assert x[-1] == length
    column = (x - 1) * columns // length
    for n in range(min(columns, length)):
        inside = values[(steps - 1) * columns // length == n]
        if len(inside):
            assert inside.max() in y[column == n] and inside.min() in y[column == n]


@pytest.mark.parametrize("place", [0, 1, 4_999, 9_998, 9_999])
@pytest.mark.parametrize("spike", [50.0, -50.0])
def test_a_spike_of_one_step_survives(place: int, spike: float) -> None:
    values = np.zeros(10_000, np.float32)
    values[place] = spike
    x, y = reduced(np.arange(1, 10_001), values, 60)
    assert y[x == place + 1] == [spike]


def test_a_stretch_without_finite_values_is_a_gap() -> None:
    values = np.ones(1000, np.float32)
    values[400:600] = np.nan
    x, y = reduced(np.arange(1, 1001), values, 50)
    inside = (x > 420) & (x < 580)
    assert inside.any() and np.isnan(y[inside]).all()
    assert np.isfinite(y[(x < 380) | (x > 620)]).all()


def test_values_that_were_never_finite_are_one_gap() -> None:
    _, y = reduced(np.arange(1, 1001), np.full(1000, np.nan, np.float32), 10)
    assert len(y) and np.isnan(y).all()


def test_steps_that_lie_far_apart_keep_their_places() -> None:
    steps = np.concatenate([np.arange(1, 500), np.arange(1_000_000, 1_000_500)])
    x, _ = reduced(steps, np.ones(len(steps), np.float32), 20)
    assert set(x.tolist()) <= set(steps.tolist())
    assert x[0] == 1 and x[-1] == 1_000_499


def test_few_points_stay_all() -> None:
    x, y = reduced(np.arange(1, 11), np.arange(10, dtype=np.float32), 5)
    assert x.tolist() == list(range(1, 11)) and y.tolist() == list(range(10))


def test_reducing_what_grew_in_parts_is_reducing_the_whole() -> None:
    values = np.random.default_rng(3).standard_normal(5000).astype(np.float32)
    grown = Series.empty()
    for start in range(0, 5000, 61):
        part = values[start : start + 61]
        grown = grown.extended(range(start + 1, start + 1 + len(part)), part)
    for one, other in zip(reduced(grown.steps, grown.values, 80), reduced(np.arange(1, 5001), values, 80), strict=True):
        np.testing.assert_array_equal(one, other)


# Smoothed ------------------------------------------------------------------------------------------------


def test_no_smoothing_returns_the_values() -> None:
    values = np.array([1, 5, 2], np.float32)
    assert smoothed(values, 0).tolist() == [1, 5, 2]


def test_smoothing_starts_at_the_first_value_and_follows() -> None:
    values = np.concatenate([np.zeros(5), np.ones(200)]).astype(np.float32)
    smooth = smoothed(values, 0.9)
    assert smooth[0] == 0
    assert np.all(np.diff(smooth) >= 0)
    assert smooth[-1] == pytest.approx(1, abs=1e-4)
    assert smoothed(np.full(50, 3.0, np.float32), 0.99) == pytest.approx(np.full(50, 3.0))


def test_smoothing_is_the_weighted_mean_of_what_was_seen() -> None:
    values, weight = np.array([4.0, 2.0, 8.0], np.float32), 0.5
    weights = np.array([0.25, 0.5, 1.0])
    assert smoothed(values, weight)[-1] == pytest.approx((values * weights).sum() / weights.sum())


def test_smoothing_passes_over_what_is_not_finite() -> None:
    smooth = smoothed(np.array([np.nan, 2.0, np.nan, np.inf, 2.0], np.float32), 0.9)
    assert np.isnan(smooth[0]) and smooth[1:] == pytest.approx([2.0, 2.0, 2.0, 2.0])
