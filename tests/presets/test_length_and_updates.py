"""How long a run is, beside how many batches make an update and what its learning rate needs: refused, or said."""

from typing import Any

import pytest

from gan_tui import presets
from gan_tui.errors import UserError
from gan_tui.presets import schedules
from gan_tui.presets.plan import planned
from gan_tui.sweep.sweep import Sweep

PIECES = {"schedule": "piecewise", "schedule_at": [50, 60], "schedule_factors": [0.5, 0.1]}


def said(steps: int, **settings: Any) -> list[str]:
    preset = presets.find("xor").with_settings({"steps": steps, **settings})
    planned(preset)
    return list(schedules.to_know(preset.settings, steps))


def test_a_run_that_would_change_no_weight_is_refused() -> None:
    wanted = r"^accumulate 7 is more than the run's 6 steps, so the weights would never change; make it smaller"
    with pytest.raises(UserError, match=wanted):
        said(6, accumulate=7)
    assert said(7, accumulate=7) == []


def test_warm_ups_are_held_against_updates_where_several_batches_make_one() -> None:
    wanted = r"^warmup_steps 30 leave none of the run's 25 updates in 100 steps for the schedule; make them fewer"
    with pytest.raises(UserError, match=wanted):
        said(100, accumulate=4, warmup_steps=30, schedule="cosine")
    assert said(100, accumulate=4, warmup_steps=24, schedule="cosine") == []


@pytest.mark.parametrize(
    ("steps", "settings", "sentences"),
    [
        (10, {"accumulate": 7},
         ["The last 3 steps of 10 will not change the weights: accumulate makes one update of 7."]),
        (75, {"warmup_steps": 75},
         ["warmup_steps 75 take all of the run's 75 steps: it ends before its learning rate has risen."]),
        (75, {"warmup_steps": 74}, []),
        (80, {"warmup_steps": 40, "accumulate": 2},
         ["warmup_steps 40 take all of the run's 40 updates in 80 steps: it ends before its learning rate has risen."]),
        (50, PIECES, ["schedule_at 50 is never reached: the run ends with its 50 steps."]),
        (51, PIECES, []),
        (60, PIECES | {"warmup_steps": 10},
         ["schedule_at 50 is never reached: the run ends with its 60 steps after its warm-up of 10."]),
        (100, {"schedule": "cosine", "warmup_steps": 20}, []),
    ],
)  # fmt: skip
def test_what_a_run_does_not_come_to_is_said(steps: int, settings: dict[str, Any], sentences: list[str]) -> None:
    assert said(steps, **settings) == sentences


def test_a_sweep_says_which_of_its_trainings_end_within_their_warm_up() -> None:
    sweep = Sweep(presets.find("xor").with_settings({"steps": 50}), (("warmup_steps", (10, 500)),), 1, None)
    assert sweep.without_effect() == [
        "warmup_steps 500 take all of the run's 50 steps: it ends before its learning rate has risen."
    ]
