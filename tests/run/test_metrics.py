"""What is known of a metric without looking at its name."""

import pytest

from gan_tui.run.metrics import ACCURACY, LOSS, MAE, Metric, guessed


@pytest.mark.parametrize(
    ("metric", "gains"),
    [
        (LOSS, True),
        (MAE, True),
        (ACCURACY.validated(), False),
        (guessed("d_loss"), True),
        (guessed("g_accuracy"), False),
        (Metric("psnr", "psnr", "dB", "training"), True),
        (Metric("ssim", "ssim", "SSIM, 0–1", "training", low=0.0, high=1.0), False),
    ],
)
def test_what_rises_towards_a_bound_gains_nothing_by_powers_of_ten(metric: Metric, gains: bool) -> None:
    assert metric.gains_by_log_axis is gains
