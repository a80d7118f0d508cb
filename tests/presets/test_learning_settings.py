"""Optimizers, schedules, losses and metrics as presets ask for them: what is refused, and what is told."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from files import old_run
from gan_tui import presets
from gan_tui.errors import UserError
from gan_tui.presets import Preset
from gan_tui.presets.plan import memory_needed, planned
from gan_tui.supervision import starting
from gan_tui.system import machine
from gan_tui.training.models.rates import rates


def preset(name: str, end: dict[str, Any] | None = None, **settings: Any) -> Preset:
    """A bundled preset with other settings, and with another last layer where one is given."""
    document = presets.find(name).as_document()
    document["settings"] |= settings
    if end:
        document["networks"]["classifier"]["layers"][-1] = end
    return presets.from_document(document, name)


def ending(activation: str, units: int = 2) -> dict[str, Any]:
    return {"layer": "Dense", "units": units, "activation": activation}


BROKEN: list[tuple[str, dict[str, Any], str]] = [
    ("xor", {"optimizer": "adm"}, 'settings: optimizer cannot be "adm", did you mean "adam"?'),
    ("xor", {"optimizer": "Adam"}, 'settings: optimizer cannot be "Adam", did you mean "adam"?'),
    ("xor", {"beta_2": "high"},
     'settings: beta_2 must be a number from 0 to 0.999999, not "high" (or "auto": as Keras has it)'),
    ("xor", {"momentum": 1},
     'settings: momentum must be a number from 0 to 0.9999, not 1 (or "auto": as Keras has it)'),
    ("xor", {"nesterov": 1}, 'settings: nesterov must be true or false, not 1 (or "auto": as Keras has it)'),
    ("xor", {"weight_decay": -0.1},
     'settings: weight_decay must be a number from 0 to 1, not -0.1 (or "auto": as Keras has it)'),
    ("shapes", {"ema": 0.99, "restore_best": True, "patience": 3, "validation_split": 0.2},
     "settings: ema: a run ends with the average of its weights or with the best; set ema to 0, or no restore_best"),
    ("xor", {"clip_norm": 1.0, "clip_value": 0.5},
     "settings: clip_norm: gradients are clipped in one way; set clip_value or clip_norm to 0"),
    ("xor", {"optimizer": "lion", "beta_1": 0},
     "settings: beta_1: lion needs one above 0; without it, it would follow the sign of each gradient alone"),
    ("xor", {"optimizer": "ftrl", "warmup_steps": 10},
     "settings: optimizer: ftrl divides by the learning rate, so no warm-up or schedule may bring it to 0"),
    ("xor", {"optimizer": "ftrl", "schedule": "cosine"},
     "settings: optimizer: ftrl divides by the learning rate, so no warm-up or schedule may bring it to 0"),
    ("xor", {"schedule": "linear"}, 'settings: schedule cannot be "linear", choose from constant, exponential, cosine'),
    ("xor", {"schedule": "cosine", "learning_rate_decay": 0.1},
     "settings: learning_rate_decay: it is a schedule of its own; make it 0, or leave out schedule cosine"),
    ("xor", {"schedule": "cosine-restarts"},
     "settings: schedule_steps: cosine-restarts needs to know after how many steps it starts again"),
    ("xor", {"schedule": "exponential", "schedule_stairs": True},
     "settings: schedule_steps: with schedule_stairs, it must be as long as one of them"),
    ("xor", {"schedule": "piecewise"},
     "settings: schedule_at: piecewise needs the steps after which the rate is another, such as [1000, 2000]"),
    ("xor", {"schedule": "piecewise", "schedule_at": [10, 20], "schedule_factors": [0.1]},
     "settings: schedule_factors must be as many as schedule_at has steps, 2, not 1"),
    ("xor", {"schedule_at": [20, 10]}, "settings: schedule_at must rise from one to the next, not be [20, 10]"),
    ("xor", {"schedule_at": [0]}, "settings: schedule_at must be a whole number from 1 to 1,000,000,000, not 0"),
    ("xor", {"schedule_factors": 0.1},
     "settings: schedule_factors must be a list of at most 100 numbers, such as [0.1, 0.01], not 0.1"),
    ("xor", {"warmup_steps": -1}, "settings: warmup_steps must be a whole number from 0 to 1,000,000,000, not -1"),
    ("xor", {"label_smoothing": 1}, "settings: label_smoothing must be a number from 0 to 0.99, not 1"),
    ("xor", {"loss": "binary_crossentropy"},
     "settings: loss: binary_crossentropy takes one output, and networks.classifier ends in 2; give it units = 1, or "
     "choose categorical_crossentropy"),
    ("three-class", {"loss": "binary_focal_crossentropy"},
     "settings: loss: binary_focal_crossentropy is for two classes, and these data have 3; choose "
     "categorical_crossentropy"),
    ("three-class", {"metrics": ["top_k"]},
     "settings: top_k must be less than 3, the number of classes: else it is always right"),
    ("shapes", {"metrics": ["acuracy"]}, 'settings: metrics cannot be "acuracy", did you mean "accuracy"?'),
    ("shapes", {"validation_split": 0.2, "monitor": "val_f1"},
     'settings: monitor: val_f1 is not measured; add "f1" to metrics'),
    ("shapes", {"monitor": "f1"}, 'settings: monitor cannot be "f1", choose from val_loss, val_accuracy, '),
    ("shapes", {"precision": "float16"},
     'settings: precision cannot be "float16", choose from float32, mixed_bfloat16'),
    ("conv10-tape", {"momentum": 0.9}, 'settings: momentum: the tape engine needs momentum = "auto"'),
    ("conv10-tape", {"schedule": "cosine"}, 'settings: schedule: the tape engine needs schedule = "constant"'),
    ("regression", {"loss": "huber", "huber_delta": 0},
     "settings: huber_delta must be a number from 1e-06 to 1e+06, not 0"),
    ("regression", {"metrics": ["r2"], "monitor": "val_mae"},
     'settings: monitor: val_mae is not measured; add "mae" to metrics'),
    ("autoencoder", {"loss": "focal"}, 'settings: loss cannot be "focal", choose from mse, binary_crossentropy, mae'),
]  # fmt: skip


@pytest.mark.parametrize(("name", "settings", "sentence"), BROKEN, ids=lambda value: str(value)[:40])
def test_what_cannot_be_is_refused_in_a_sentence(name: str, settings: dict[str, Any], sentence: str) -> None:
    with pytest.raises(ValueError) as caught:
        preset(name, **settings)
    assert str(caught.value).startswith(sentence)


@pytest.mark.parametrize(
    ("end", "settings", "sentence"),
    [
        (ending("relu"), {}, "networks.classifier must end in softmax, not in relu: its outputs are taken for "
         "probabilities (or in linear, and they are taken for logits)"),
        (ending("sigmoid"), {}, "networks.classifier must end in softmax, not in sigmoid: "),
        (ending("softmax", 1), {"loss": "binary_crossentropy"},
         "networks.classifier must end in sigmoid, not in softmax: "),
        (ending("sigmoid", 1), {}, "settings: loss: categorical_crossentropy takes an output a class, and "
         "networks.classifier ends in one; choose binary_crossentropy, or give it 2"),
        (ending("sigmoid", 1), {"loss": "binary_crossentropy", "metrics": ["top_k"], "top_k": 1},
         'settings: metrics: "top_k" needs an output a class; leave it out, or choose loss "categorical_crossentropy"'),
        (ending("linear"), {"metrics": ["mae"]},
         'settings: metrics: "mae" is of probabilities; end networks.classifier in softmax, or leave it out'),
    ],
)  # fmt: skip
def test_a_network_that_ends_in_no_probabilities_and_no_logits_is_refused(
    end: dict[str, Any], settings: dict[str, Any], sentence: str
) -> None:
    with pytest.raises(ValueError) as caught:
        preset("xor", end, **settings)
    assert str(caught.value).startswith(sentence)


@pytest.mark.parametrize(
    ("end", "loss"),
    [
        (ending("linear"), "categorical_crossentropy"),
        (ending("linear"), "sparse_categorical_crossentropy"),
        (ending("softmax"), "categorical_focal_crossentropy"),
        (ending("sigmoid", 1), "binary_crossentropy"),
        (ending("linear", 1), "binary_focal_crossentropy"),
        ({"layer": "Activation", "activation": "softmax"}, "categorical_crossentropy"),
    ],
)
def test_every_end_that_a_loss_can_take_is_taken(end: dict[str, Any], loss: str) -> None:
    layers = [end] if end["layer"] == "Dense" else [ending("linear"), end]
    document = presets.find("xor").as_document()
    document["networks"]["classifier"]["layers"][-1:] = layers
    document["settings"]["loss"] = loss
    assert presets.from_document(document, "xor").settings["loss"] == loss


def test_networks_that_settings_make_end_as_their_loss_takes_it() -> None:
    made = presets.find("plane").with_settings({"points": "circle", "loss": "binary_crossentropy"})
    assert (made.networks[0].output, made.networks[0].activation) == ((1,), "sigmoid")
    assert made.metrics[0].references == ((pytest.approx(np.log(2)), "ln 2: guessing"),)


@pytest.mark.parametrize(
    ("name", "settings", "told"),
    [
        ("xor", {"ema_every": 5}, ["ema_every does nothing without ema."]),
        ("xor", {"momentum": 0.9, "amsgrad": True}, ["amsgrad does nothing with the optimizer rmsprop."]),
        ("xor", {"optimizer": "sgd", "rho": 0.9, "nesterov": True},
         ["rho does nothing with the optimizer sgd.", "nesterov does nothing without momentum."]),
        ("xor", {"optimizer": "muon", "momentum": 0.9, "nesterov": True, "weight_decay": 0.1}, []),
        ("xor", {"optimizer": "adagrad", "beta_1": 0.5}, ["beta_1 does nothing with the optimizer adagrad."]),
        ("xor", {"schedule_end": 0.1, "warmup_steps": 5}, ["schedule_end does nothing with the schedule constant."]),
        ("xor", {"schedule": "cosine", "schedule_rate": 0.5}, ["schedule_rate does nothing with the schedule cosine."]),
        ("xor", {"focal_gamma": 1, "label_smoothing": 0.1},
         ["focal_gamma does nothing with the loss categorical_crossentropy."]),
        ("shapes", {"validation_split": 0, "metrics": ["accuracy", "f1", "auc"]},
         ["metrics does nothing for f1, auc without a validation_split."]),
        ("shapes", {"monitor": "val_accuracy", "patience": 0, "restore_best": False},
         ["monitor does nothing without a validation_split, and patience or restore_best."]),
        ("shapes", {"top_k": 2}, ["top_k does nothing without top_k among the metrics."]),
        ("regression", {"huber_delta": 2.0}, ["huber_delta does nothing with the loss mse."]),
    ],
)  # fmt: skip
def test_what_changes_nothing_is_told(name: str, settings: dict[str, Any], told: list[str]) -> None:
    assert preset(name, **settings).without_effect() == told


def test_auto_and_numbers_are_typed_alike() -> None:
    rules = presets.TASKS["plane"]
    assert rules.from_text("beta_2", "auto") == "auto"
    assert rules.from_text("beta_2", "0.99") == 0.99
    assert rules.from_text("nesterov", "true") is True
    assert rules.from_text("schedule_at", "[100, 200]") == (100, 200)
    assert rules.from_text("schedule_factors", "[0.1, 0]") == (0.1, 0.0)


@pytest.mark.parametrize(
    ("settings", "at", "wanted"),
    [
        ({}, [0, 99], [0.1, 0.1]),
        ({"learning_rate_decay": 0.5}, [0, 2, 8], [0.1, 0.05, 0.02]),
        ({"schedule": "exponential", "schedule_steps": 10, "schedule_rate": 0.5}, [0, 10, 15, 20],
         [0.1, 0.05, 0.1 * 0.5**1.5, 0.025]),
        ({"schedule": "exponential", "schedule_steps": 10, "schedule_rate": 0.5, "schedule_stairs": True},
         [0, 9, 10, 19, 20], [0.1, 0.1, 0.05, 0.05, 0.025]),
        ({"schedule": "exponential", "schedule_rate": 0.01}, [0, 50, 100], [0.1, 0.01, 0.001]),
        ({"schedule": "cosine"}, [0, 25, 50, 75, 100], [0.1, 0.0853553, 0.05, 0.0146447, 0.0]),
        ({"schedule": "cosine", "schedule_steps": 50, "schedule_end": 0.2}, [0, 25, 50, 99], [0.1, 0.06, 0.02, 0.02]),
        ({"schedule": "cosine-restarts", "schedule_steps": 50}, [0, 25, 50, 75], [0.1, 0.05, 0.1, 0.05]),
        ({"schedule": "piecewise", "schedule_at": [10, 20], "schedule_factors": [0.5, 0.1]}, [0, 9, 10, 19, 20, 99],
         [0.1, 0.1, 0.05, 0.05, 0.01, 0.01]),
        ({"warmup_steps": 10}, [0, 5, 10, 99], [0.0, 0.05, 0.1, 0.1]),
        ({"schedule": "cosine", "warmup_steps": 20}, [0, 10, 20, 60, 100], [0.0, 0.05, 0.1, 0.05, 0.0]),
    ],
)  # fmt: skip
def test_the_rate_of_each_step(settings: dict[str, Any], at: list[int], wanted: list[float]) -> None:
    """By hand, of a run of 100 steps at a rate of 0.1; the first step is 0."""
    values = preset("xor", learning_rate=0.1, **settings).settings
    np.testing.assert_allclose(rates(values, np.array(at), 100), wanted, rtol=1e-5, atol=1e-9)


def test_the_rate_is_measured_where_a_schedule_is_named_and_only_there() -> None:
    assert [metric.name for metric in preset("xor", learning_rate_decay=0.1).metrics] == ["loss", "accuracy"]
    (*_, rate) = preset("xor", schedule="cosine").metrics
    assert (rate.name, rate.unit, rate.each, rate.low) == ("learning_rate", "learning rate", "step", 0.0)
    names = [metric.name for metric in preset("shapes", validation_split=0.2, warmup_steps=10).metrics]
    assert names == ["loss", "accuracy", "learning_rate", "val_loss", "val_accuracy"]


def test_a_warm_up_that_leaves_no_step_for_its_schedule_is_refused() -> None:
    with pytest.raises(
        UserError, match=r"^warmup_steps 1,000 leave none of the run's 1,000 steps for the schedule; make"
    ):
        planned(preset("xor", schedule="cosine", warmup_steps=1000, epochs=1000))
    planned(preset("xor", warmup_steps=1000, epochs=1000))


def test_what_is_measured_says_its_unit_range_and_direction() -> None:
    chosen = preset("shapes", validation_split=0.2, metrics=["accuracy", "top_k", "precision", "f1", "auc"], top_k=2)
    metrics = {metric.name: metric for metric in chosen.metrics}
    assert list(metrics) == [
        "loss", "accuracy", "top_k", "val_loss", "val_accuracy", "val_top_k", "val_precision", "val_f1", "val_auc",
    ]  # fmt: skip
    assert metrics["top_k"].unit == metrics["val_top_k"].unit == "top-2 accuracy"
    assert metrics["val_f1"].group == metrics["val_auc"].group == "by class"
    assert {metrics[name].each for name in ("val_precision", "val_f1", "val_auc")} == {"epoch"}
    assert all((metrics[name].low, metrics[name].high, metrics[name].falls) == (0, 1, False) for name in metrics
               if "loss" not in name)  # fmt: skip
    assert metrics["top_k"].references == ((pytest.approx(2 / 3), "0.67: guessing"),)


@pytest.mark.parametrize(
    ("loss", "guessing"),
    [
        ("sparse_categorical_crossentropy", (np.log(3), "ln 3: guessing")),
        ("categorical_focal_crossentropy", (0.25 * (2 / 3) ** 2 * np.log(3), "0.122: guessing")),
    ],
)
def test_a_loss_stands_beside_that_of_guessing(loss: str, guessing: tuple[float, str]) -> None:
    value, words = guessing
    assert preset("shapes", loss=loss).metrics[0].references == ((pytest.approx(value), words),)


def test_memory_of_a_pair_is_what_both_optimizers_and_the_average_keep() -> None:
    """D's Lion keeps one number less than Adam; an average of G is another of each of its parameters."""
    gan = presets.find("gan")
    generator, discriminator = (network.trainable for network in gan.networks)
    plain, averaged, lion = (
        memory_needed(gan.with_settings(settings), 1)
        for settings in ({}, {"generator_average": 0.99}, {"d_optimizer": "lion"})
    )
    assert averaged - plain == 4 * generator and plain - lion == 4 * discriminator


@pytest.mark.parametrize(
    ("settings", "numbers"),
    [
        ({"optimizer": "sgd"}, 2), ({"optimizer": "sgd", "momentum": 0.9}, 3), ({"optimizer": "lion"}, 3),
        ({"optimizer": "adam"}, 4), ({"optimizer": "adam", "ema": 0.9, "accumulate": 2}, 6),
        ({"optimizer": "adamw", "amsgrad": True}, 5), ({"optimizer": "ftrl"}, 4),
    ],
)  # fmt: skip
def test_memory_is_what_the_optimizer_keeps(
    settings: dict[str, Any], numbers: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Weights, gradients, and so much more for each of a million parameters."""
    document = presets.find("plane").with_settings({"hidden": (1000, 1000), "batch_size": 1}).as_document()
    document["settings"] |= settings
    large = presets.from_document(document, "large")
    trainable = large.networks[0].trainable
    monkeypatch.setattr(machine, "memory", lambda: 4 * trainable * numbers)
    with pytest.raises(UserError, match="of memory"):
        planned(large)
    monkeypatch.setattr(machine, "memory", lambda: 4 * (trainable * numbers + 3000))
    planned(large)


def test_a_run_whose_rates_follow_its_length_is_trained_for_no_other(tmp_path: Path) -> None:
    folder = old_run("stopped", "xor", tmp_path)
    written = folder.preset_file.read_text()
    folder.preset_file.write_text(written.replace("[settings]", '[settings]\nschedule = "cosine"', 1))
    with pytest.raises(UserError) as caught:
        starting.train_longer(folder, "epochs", 2000)
    assert str(caught.value) == (
        f"{folder.name} cannot be trained for another length, which its learning rate follows from the first step; "
        f"start another: gan-tui train {folder.preset_file} --epochs 2000."
    )
