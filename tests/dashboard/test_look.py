"""How a person looks at charts: ranges, cursor, smoothing. No screen is needed for it."""

import pytest

from gan_tui.dashboard.charts.look import SMOOTHINGS, Look

LAST = 1000


def test_zooming_keeps_what_it_is_around_in_its_place() -> None:
    look = Look().zoomed(2, LAST, around=250)
    assert look.ends == (125, 625)
    assert look.zoomed(2, LAST, around=250).ends == (188, 438)
    assert look.zoomed(0.5, LAST, around=250).ends is None, "all steps again, also those to come"


def test_zooming_is_around_the_cursor_where_there_is_one_in_sight() -> None:
    assert Look(cursor=900).zoomed(2, LAST).ends == (450, 950)
    assert Look(cursor=900, ends=(0, 100)).zoomed(2, LAST).ends == (25, 75)


def test_the_closest_look_is_at_a_few_steps() -> None:
    look = Look()
    for _ in range(30):
        look = look.zoomed(2, LAST, around=LAST)
    assert look.ends == (996, 1000)


def test_a_short_run_cannot_be_zoomed_into_nothing() -> None:
    assert Look().zoomed(2, 3).ends is None
    assert Look().zoomed(2, 1).ends is None


def test_panning_stops_at_the_first_and_the_last_step() -> None:
    look = Look(ends=(100, 300))
    assert look.panned(0.5, LAST).ends == (200, 400)
    assert look.panned(-5, LAST).ends == (0, 200)
    assert look.panned(50, LAST).ends == (800, 1000)
    assert Look().panned(0.5, LAST) == Look()


def test_the_range_follows_the_cursor() -> None:
    look = Look(ends=(100, 300))
    assert look.at(200, LAST).ends == (100, 300)
    assert look.at(310, LAST).ends == (110, 310)
    assert look.at(-5, LAST) == Look(ends=(0, 200), cursor=0)
    assert look.at(5000, LAST).cursor == LAST


def test_a_range_that_is_typed_is_brought_to_what_there_is() -> None:
    assert Look().showing(200, 300, LAST).ends == (200, 300)
    assert Look().showing(900, 5000, LAST).ends == (900, 1000)
    assert Look().showing(0, 5000, LAST).ends is None
    assert Look().showing(500, 501, LAST).ends == (500, 504)


def test_going_back_is_one_step_of_what_was_chosen() -> None:
    look = Look(ends=(1, 2), cursor=1, enlarged=True)
    seen = [look]
    while seen[-1].is_nested:
        seen.append(seen[-1].back())
    assert [(one.enlarged, one.cursor, one.ends) for one in seen] == [
        (True, 1, (1, 2)), (False, 1, (1, 2)), (False, None, (1, 2)), (False, None, None),
    ]  # fmt: skip


def test_smoothing_goes_round_from_none_to_nearly_all() -> None:
    look, seen = Look(), []
    for _ in SMOOTHINGS:
        look = look.smoother(1)
        seen.append(look.smoothing)
    assert sorted(seen) == sorted(SMOOTHINGS) and look == Look()
    assert Look().smoother(1).smoother(-1) == Look()
    assert 0.0 in SMOOTHINGS and 0.99 in SMOOTHINGS


@pytest.mark.parametrize("start", ["step", "epoch", "time"])
def test_the_x_axis_counts_one_after_another(start: str) -> None:
    look = Look(unit=start)
    assert look.next_unit().next_unit().next_unit() == look != look.next_unit()
