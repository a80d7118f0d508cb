"""What is known of a metric without looking at its name."""

import pytest

from gan_tui.run.metrics import ACCURACY, LOSS, MAE, Metric, declared, groups, guessed


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


@pytest.mark.parametrize(
    ("name", "group", "unit", "label"),
    [
        ("train/loss", "train", "train", "loss"),
        ("gpu/mem MB", "gpu", "gpu", "mem MB"),
        ("layers/3/grad norm", "layers", "layers", "3/grad norm"),
        ("val_loss", "loss", "loss", "validation"),
        ("val_top_k", "top_k", "top_k", "validation"),
        ("train_loss", "loss", "loss", "training"),
        ("eval_loss", "loss", "loss", "evaluation"),
        ("d_accuracy", "accuracy", "accuracy", "discriminator"),
        ("generated_output", "output", "D's mean output", "generated"),
        ("output", "output", "output", "output"),
        ("g_norm", "g_norm", "g_norm", "g_norm"),
        ("learning_rate", "learning_rate", "learning_rate", "learning_rate"),
        ("episode_reward_mean", "episode_reward_mean", "episode_reward_mean", "episode_reward_mean"),
        ("loss", "loss", "loss", "training"),
        ("/loss", "/loss", "/loss", "/loss"),
        ("loss/", "loss/", "loss/", "loss/"),
    ],
)
def test_names_that_say_nothing_more_are_grouped_by_their_first_part(
    name: str, group: str, unit: str, label: str
) -> None:
    metric = guessed(name)
    assert (metric.group, metric.unit, metric.label) == (group, unit, label)


@pytest.mark.parametrize(
    ("name", "falls"),
    [
        ("my loss", True), ("loss_train", True), ("eval/rmse", True), ("perplexity", True), ("test_error", True),
        ("train/error_rate", True), ("val_mae", True), ("eval/FID", True), ("reward", False), ("eval/acc", False),
        ("learning_rate", False), ("lossless", False), ("d_accuracy", False),
    ],
)  # fmt: skip
def test_of_what_a_name_says_to_be_wrong_less_is_better(name: str, falls: bool) -> None:
    assert guessed(name).falls is falls


def test_charts_of_losses_come_first_and_numbers_are_counted() -> None:
    names = ["gpu/mem", "layer10/norm", "layer2/norm", "lr", "train/loss", "val_accuracy", "loss"]
    assert groups(map(guessed, names)) == ["loss", "accuracy", "train", "gpu", "layer2", "layer10", "lr"]
