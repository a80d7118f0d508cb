"""Series grow without changing the snapshots before, and are reduced without losing a spike or a gap."""

import math

import numpy as np
import pytest

from gan_tui.run.bins import Bins, bin_width
from gan_tui.run.series import Series, average_at, smoothed


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


# In bins -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("width", [1, 2, 3, 64, 1000])
@pytest.mark.parametrize("length", [1, 10, 999, 20_000])
def test_bins_keep_the_extremes_and_the_mean_of_every_stretch(width: int, length: int) -> None:
    steps = np.arange(1, length + 1)
    values = np.random.default_rng(length).standard_normal(length).astype(np.float32)
    binned = Bins(width).of(series(values))
    x, y = binned.points
    assert np.all(np.diff(x) > 0)
    np.testing.assert_array_equal(values[x.astype(int) - 1], y.astype(np.float32))
    ends, means = binned.means
    count = length // width + 1
    for n in {0, 1, count - 2, count - 1, *np.random.default_rng(1).integers(0, count, 300).tolist()}:
        inside, of_bin = values[steps // width == n], y[x // width == n]
        if len(inside):
            assert set(of_bin) == {float(inside.max()), float(inside.min())}
            assert means[ends // width == n] == pytest.approx([inside.mean(dtype=np.float64)])


@pytest.mark.parametrize("place", [0, 1, 4_999, 9_998, 9_999])
@pytest.mark.parametrize("spike", [50.0, -50.0])
def test_a_spike_of_one_step_survives(place: int, spike: float) -> None:
    values = np.zeros(10_000, np.float32)
    values[place] = spike
    x, y = Bins(96).of(series(values)).points
    assert y[x == place + 1] == [spike]


def test_a_stretch_without_finite_values_is_a_gap() -> None:
    values = np.ones(1000, np.float32)
    values[400:600] = np.nan
    binned = Bins(20).of(series(values))
    for x, y in (binned.points, binned.means):
        inside = (x > 420) & (x < 580)
        assert inside.any() and np.isnan(y[inside]).all()
        assert np.isfinite(y[(x < 380) | (x > 620)]).all()


def test_binning_what_grew_in_parts_is_binning_the_whole() -> None:
    values = np.random.default_rng(3).standard_normal(5000).astype(np.float32)
    values[1000:1100] = np.nan
    grown, bins = Series.empty(), Bins(48)
    for start in range(0, 5000, 61):
        part = values[start : start + 61]
        grown = grown.extended(range(start + 1, start + 1 + len(part)), part)
        binned = bins.of(grown)
    whole = Bins(48).of(series(values))
    for one, other in zip((*binned.points, *binned.means), (*whole.points, *whole.means), strict=True):
        np.testing.assert_array_equal(one, other)


@pytest.mark.parametrize("back", [0, 10, 47, 48, 300])
def test_a_resumed_run_is_binned_anew_from_where_it_went_on(back: int) -> None:
    first, bins = series(np.zeros(500)), Bins(48)
    bins.of(first)
    resumed = first.up_to(back)
    bins.of(resumed)
    resumed = resumed.extended(range(back + 1, 701), np.ones(700 - back))
    _, values = bins.of(resumed).points
    steps, _ = bins.of(resumed).points
    assert np.all(values[steps <= back] == 0) and np.all(values[steps > back] == 1)
    assert steps[-1] > 670


def test_a_resumed_run_that_is_as_long_again_is_not_taken_for_the_first_attempt() -> None:
    first, bins = series(np.zeros(500)), Bins(8)
    bins.of(first)
    resumed = first.up_to(100).extended(range(101, 501), np.ones(400))
    assert bins.of(resumed).points[1][-1] == 1


def test_bins_change_their_width_seldom_and_always_reach_the_last_step() -> None:
    widths = [bin_width(last, 200) for last in range(1, 100_000, 7)]
    assert all(last // width < 200 for last, width in zip(range(1, 100_000, 7), widths, strict=True))
    assert widths == sorted(widths) and len(set(widths)) < 25
    assert all(
        last // width >= 200 * 0.6 for last, width in zip(range(1, 100_000, 7), widths, strict=True) if width > 2
    )


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


def test_what_is_not_finite_stays_a_gap_in_what_is_smoothed() -> None:
    smooth = smoothed(np.array([np.nan, 2.0, np.nan, np.inf, 4.0], np.float32), 0.5)
    assert np.isnan(smooth).tolist() == [True, False, True, True, False]
    assert smooth[[1, 4]] == pytest.approx([2.0, 10 / 3]), "what was before the gap still counts"


def test_steps_that_do_not_rise_end_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """A log may come from anybody."""
    monkeypatch.setattr("gan_tui.run.bins.BLOCK", 10)
    series = Series.empty()
    for _ in range(100):
        series = series.extended([5], [1.0])
    assert Bins(4).of(series).points[1].tolist() == [1.0]


def test_a_long_series_is_binned_in_blocks_as_in_one(monkeypatch: pytest.MonkeyPatch) -> None:
    random = np.random.default_rng(3)
    steps = np.cumsum(random.integers(1, 4, 5000))
    values = np.where(random.random(5000) < 0.01, np.nan, random.random(5000))
    long = Series.empty().extended(steps, values)
    whole = Bins(16).of(long)
    monkeypatch.setattr("gan_tui.run.bins.BLOCK", 100)
    blocks = Bins(16).of(long)
    for one, other in zip((*whole.points, *whole.means), (*blocks.points, *blocks.means), strict=True):
        assert np.array_equal(one, other, equal_nan=True)


# What stands at the end of a smoothed curve ----------------------------------------------------------


@pytest.mark.parametrize("weight", [0.0, 0.6, 0.9, 0.99])
@pytest.mark.parametrize("step", [None, 1, 7, 400])
def test_the_average_at_a_step_is_that_of_all_steps_until_it(weight: float, step: int | None) -> None:
    values = np.random.default_rng(3).random(1000)
    series = Series.empty().extended(np.arange(1, 1001), values)
    expected = smoothed(series.values[: step or 1000].astype(float), weight)[-1]
    assert average_at(series, weight, step) == pytest.approx(expected, rel=1e-5)


def test_the_average_of_a_gap_is_a_gap_and_before_the_first_step_there_is_none() -> None:
    series = Series.empty().extended([5, 6, 7], [1.0, 0.5, np.nan])
    assert np.isnan(average_at(series, 0.9) or 0.0) and average_at(series, 0.9, 4) is None
    assert average_at(series, 0.0, 6) == 0.5


def test_a_bin_counts_for_as_many_steps_as_it_has() -> None:
    values = np.random.default_rng(4).random(602)
    whole = smoothed(values, 0.9)
    means = np.array([values[n : n + 6].mean() for n in range(0, 602, 6)])
    counts = np.array([6.0] * 100 + [2.0])
    assert abs(smoothed(means, 0.9, counts)[-1] - whole[-1]) < abs(smoothed(means, 0.9**6)[-1] - whole[-1]) + 0.02
    assert np.abs(smoothed(means, 0.9, counts)[-1] - whole[-1]) < 0.06


def test_the_average_of_what_is_measured_seldom_is_where_its_curve_ends() -> None:
    """After 50 steps nothing is left of an earlier value at 0.9: 0.9 ** 50 is 0.005."""
    steps, values = np.arange(50, 1101, 50), np.linspace(1.0, 0.2, 22)
    found = average_at(Series.empty().extended(steps, values), 0.9)
    assert found == pytest.approx(0.2, abs=0.001)
    assert found == pytest.approx(smoothed(values, 0.9, np.diff(steps, prepend=0))[-1], rel=1e-5)
