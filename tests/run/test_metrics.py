"""What is known of a metric without looking at its name."""

import pytest

from gan_tui.run.metrics import ACCURACY, LOSS, MAE, Metric, declared, guessed


@pytest.mark.parametrize(
    ("metric", "gains"),
    [
        (LOSS, True),
        (MAE, True),
        (ACCURACY.validated(), False),
        (guessed("d_loss"), True),
        (guessed("g_accuracy"), False),
        (guessed("d_real_output"), True),
        (Metric("psnr", "psnr", "dB", "training"), True),
    ],
)
def test_all_but_accuracies_gain_by_powers_of_ten(metric: Metric, gains: bool) -> None:
    assert metric.gains_by_log_axis is gains


def test_no_unit_repeats_what_the_axis_says_also_of_runs_of_before() -> None:
    told = {**ACCURACY.as_row(), "unit": "accuracy, 0–1"}
    assert declared([told])["accuracy"].unit == "accuracy" == ACCURACY.unit
    assert guessed("real_output").unit == "D's mean output"
