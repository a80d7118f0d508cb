"""Pairs: their losses, what is measured with each, and what is refused."""

# ruff: noqa: E501 (a table reads best with a row a line)

import copy
import math
from pathlib import Path
from typing import Any

import pytest

from gan_tui import presets
from gan_tui.data.own import Form, Found
from gan_tui.errors import UserError
from gan_tui.presets import Preset, fitting
from gan_tui.presets.plan import batch_size, planned


def pair(**settings: Any) -> Preset:
    """The `gan` preset with the loss that is asked for, its discriminator ending as that wants it."""
    document = copy.deepcopy(presets.find("gan").as_document())
    if settings.get("loss", "cross-entropy") != "cross-entropy":
        document["networks"]["discriminator"]["layers"][-1]["activation"] = "linear"
    document["settings"] |= settings
    return presets.from_document(document, "mine")


def refused(**settings: Any) -> str:
    with pytest.raises(ValueError) as caught:
        presets.find("gan").with_settings(settings)
    return str(caught.value)


# What is measured ------------------------------------------------------------------------------------------

BOTH = ["d_loss", "d_accuracy", "g_loss", "g_accuracy", "real_output", "generated_output"]


@pytest.mark.parametrize(("loss", "names", "guessing", "cannot_tell", "ranges"), [
    ("cross-entropy", BOTH, math.log(2), 0.5, [(0, None), (0, 1), (0, None), (0, 1), (0, 1), (0, 1)]),
    ("least-squares", BOTH, 0.2025, 0.45, [(0, None), (0, 1), (0, None), (0, 1), (None, None), (None, None)]),
    ("hinge", BOTH, 2.0, 0.0, [(0, None), (0, 1), (None, None), (0, 1), (None, None), (None, None)]),
    ("wasserstein", ["d_loss", "g_loss", "real_output", "generated_output", "wasserstein", "penalty"], None, None,
     [(None, None)] * 5 + [(0, None)]),
])  # fmt: skip
def test_each_loss_measures_what_means_something_with_it(
    loss: str, names: list[str], guessing: float | None, cannot_tell: float | None, ranges: list[Any]
) -> None:
    metrics = {metric.name: metric for metric in pair(loss=loss).metrics}  # real_label is 0.9
    assert list(metrics) == names
    assert [(metric.low, metric.high) for metric in metrics.values()] == ranges
    assert all(metric.unit for metric in metrics.values())
    values = {name: [value for value, _ in metrics[name].references] for name in ("d_loss", "real_output")}
    assert values == {
        "d_loss": [] if guessing is None else [pytest.approx(guessing)],
        "real_output": [] if cannot_tell is None else [pytest.approx(cannot_tell)],
    }


def test_without_a_penalty_none_is_measured() -> None:
    assert "penalty" not in [metric.name for metric in pair(loss="wasserstein", gradient_penalty=0).metrics]


# What is refused -------------------------------------------------------------------------------------------

REFUSED = [
    ({"loss": "wgan"}, 'loss cannot be "wgan", choose from cross-entropy, least-squares, hinge, wasserstein'),
    ({"loss": "Hinge"}, 'loss cannot be "Hinge", did you mean "hinge"?'),
    ({"gradient_penalty": -1}, "gradient_penalty must be a number from 0 to 1000, not -1"),
    ({"gradient_penalty": "ten"}, 'gradient_penalty must be a number from 0 to 1000, not "ten"'),
    ({"d_steps": 0}, "d_steps must be a whole number from 1 to 100, not 0"),
    ({"d_steps": 1.5}, "d_steps must be a whole number from 1 to 100, not 1.5"),
    ({"fake_label": 0.6}, "fake_label must be a number from 0 to 0.5, not 0.6"),
    ({"fake_label": 0.5, "real_label": 0.5}, "fake_label 0.5 must be less than real_label 0.5; make one of them another"),
    ({"label_noise": 0.51}, "label_noise must be a number from 0 to 0.5, not 0.51"),
    ({"instance_noise": -0.1}, "instance_noise must be a number from 0 to 1e+06, not -0.1"),
    ({"generator_average": 1}, "generator_average must be a number from 0 to 0.99999, not 1"),
    ({"d_learning_rate": -1}, "d_learning_rate must be a number from 1e-12 to 1000, not -1"),
    ({"d_learning_rate": True}, "d_learning_rate must be a number from 1e-12 to 1000, not true"),
    ({"d_optimizer": "adm"}, 'd_optimizer cannot be "adm", did you mean "adam"?'),
    ({"d_beta_1": -0.5}, "d_beta_1 must be a number from 0 to 0.9999, not -0.5"),
    ({"d_optimizer": "lion", "d_beta_1": 0.0}, "beta_1: lion needs one above 0; without it, it would follow the sign of each gradient alone"),
    ({"d_beta": 0.5}, 'unknown setting "d_beta" for this task, did you mean "d_beta_1"?'),
]  # fmt: skip


@pytest.mark.parametrize(("settings", "sentence"), REFUSED, ids=[str(row[0]) for row in REFUSED])
def test_what_no_pair_can_have_is_refused(settings: dict[str, Any], sentence: str) -> None:
    assert refused(**settings) == sentence


@pytest.mark.parametrize(("loss", "output"), [
    ("least-squares", "a number near the target for such an image"),
    ("hinge", "a score without bounds, above 0 for a real image"),
    ("wasserstein", "a score without bounds, higher for real images"),
])  # fmt: skip
def test_a_discriminator_that_does_not_end_as_its_loss_wants_is_told_what_to_write(loss: str, output: str) -> None:
    assert refused(loss=loss) == (
        f"networks.discriminator must end in linear, not in sigmoid: its output is taken for {output} with the loss "
        f'{loss}; leave sigmoid out at its end, or write loss = "cross-entropy"'
    )


def test_ends_are_looked_for_behind_what_only_moves_numbers() -> None:
    document = copy.deepcopy(pair(loss="hinge").as_document())
    document["networks"]["discriminator"]["layers"] += [
        {"layer": "Activation", "activation": "tanh"}, {"layer": "Flatten"},
    ]  # fmt: skip
    with pytest.raises(ValueError, match=r"linear, not in tanh: .* with the loss hinge; leave tanh out at its end$"):
        presets.from_document(document, "mine")


# Settings for the discriminator alone ----------------------------------------------------------------------


def test_what_stands_for_the_generators_may_be_written_as_any_number() -> None:
    preset = pair(d_learning_rate=0.0, d_beta_1=-1.0, d_optimizer="")
    assert [preset.settings[name] for name in ("d_learning_rate", "d_beta_1", "d_optimizer")] == [0, -1, ""]
    assert preset.rules.from_text("d_optimizer", "rmsprop") == "rmsprop"
    assert preset.rules.from_text("d_beta_1", "-1") == -1


@pytest.mark.parametrize(("settings", "sentences"), [
    ({"loss": "hinge"}, ["real_label does nothing with the loss hinge."]),  # gan's is 0.9
    ({"loss": "hinge", "fake_label": 0.1, "real_label": 1.0}, ["fake_label does nothing with the loss hinge."]),
    ({"gradient_penalty": 5}, ["gradient_penalty does nothing with the loss cross-entropy."]),
    ({"loss": "wasserstein", "real_label": 1.0, "gradient_penalty": 5}, []),
    ({"loss": "least-squares"}, []),
    ({"d_optimizer": "sgd", "d_beta_1": 0.0}, ["d_beta_1 does nothing with the optimizer sgd."]),
    ({"d_beta_1": 0.0, "d_learning_rate": 0.01}, []),
    ({"optimizer": "sgd", "d_optimizer": "adam"}, []),  # gan's beta_1 is 0.5
    ({"optimizer": "sgd", "d_optimizer": "rmsprop"}, ["beta_1 does nothing with the optimizer sgd."]),
])  # fmt: skip
def test_settings_without_effect_are_said(settings: dict[str, Any], sentences: list[str]) -> None:
    assert pair(**settings).without_effect() == sentences


# Several steps of the discriminator ------------------------------------------------------------------------


def test_a_step_takes_a_batch_of_images_for_each_of_the_discriminators_steps() -> None:
    flowers = presets.find("dcgan-64")
    every = planned(flowers).train
    assert planned(flowers.with_settings({"batch_size": 10, "d_steps": 5})).steps_per_epoch == every // 50
    assert batch_size(flowers.with_settings({"batch_size": 10, "d_steps": 5}), 50) == 50
    with pytest.raises(UserError) as caught:
        batch_size(flowers.with_settings({"batch_size": 10, "d_steps": 5}), 49)
    assert str(caught.value) == (
        "batch_size 10 × d_steps 5 is more than the 49 training examples of flowers; choose a smaller one."
    )


# Told a class ----------------------------------------------------------------------------------------------

SENTENCES = [
    ({"conditional": False}, {}, "settings: conditional: networks.generator takes label beside latent; write true here, or leave label out of its inputs"),
    ({"conditional": "yes"}, {}, 'settings: conditional must be true or false, not "yes"'),
    ({}, {"generator": {"latent": [64], "label": [9]}}, 'networks.generator\'s input label [9] does not fit the 10 classes of mnist; write label = ["classes"]'),
    ({}, {"discriminator": {"image": [784], "label": [11]}}, 'networks.discriminator\'s input label [11] does not fit the 10 classes of mnist; write label = ["classes"]'),
    ({}, {"discriminator": {"image": [100], "label": [10]}}, "networks.discriminator's input [100] does not fit the generator's output [784]; write input = [784]"),
]  # fmt: skip


@pytest.mark.parametrize(("settings", "inputs", "sentence"), SENTENCES, ids=[row[2][:60] for row in SENTENCES])
def test_labels_that_fit_no_class_or_go_nowhere_are_refused(
    settings: dict[str, Any], inputs: dict[str, Any], sentence: str
) -> None:
    document = copy.deepcopy(presets.find("cgan").as_document())
    document["settings"] |= settings
    for name, given in inputs.items():
        document["networks"][name]["inputs"] = given
    with pytest.raises(ValueError) as caught:
        presets.from_document(document, "mine")
    assert str(caught.value) == sentence


def test_networks_without_a_place_for_labels_are_told_what_to_write() -> None:
    assert refused(conditional=True) == (
        'conditional: networks.generator takes no label; write inputs = {latent = [100], label = ["classes"]}, or false '
        "here"
    )


def test_more_than_a_label_has_no_place_in_a_pair() -> None:
    document = copy.deepcopy(presets.find("cgan").as_document())
    document["networks"]["generator"]["inputs"]["style"] = [3]
    document["networks"]["generator"]["layers"][0]["from"].append("style")
    with pytest.raises(
        ValueError, match=r"^networks.generator is given latent and label; leave style out of its inputs$"
    ):
        presets.from_document(document, "mine")


def of_images(classes: int) -> Found:
    names = tuple(f"kind {n}" for n in range(classes))
    return Found(Path("/photos"), "photos", Form.IMAGES, 500, names, 0, (32, 32), 3)


def test_labels_follow_the_data_and_are_missed_where_there_are_none() -> None:
    cgan = presets.find("cgan")
    networks = fitting.fitted(cgan.rules, cgan.dataset, cgan.settings, cgan.tables, of_images(3)).networks
    assert [dict(network.inputs) for network in networks] == [
        {"latent": (64,), "label": (3,)}, {"image": (3072,), "label": (3,)},
    ]  # fmt: skip
    with pytest.raises(ValueError) as caught:
        fitting.fitted(cgan.rules, cgan.dataset, cgan.settings, cgan.tables, of_images(0))
    assert str(caught.value) == (
        'networks.generator: inputs.label "classes" is for labels, and these data have none; give each class a folder of '
        "its own"
    )
    ten = presets.from_document(cgan.as_document(), "ten")
    with pytest.raises(ValueError) as caught:
        fitting.fitted(ten.rules, ten.dataset, ten.settings, ten.tables, of_images(0))
    assert str(caught.value) == (
        "networks.generator's input label is for labels, and photos has none; give each class a folder of its own, or "
        "take a pair that is not conditional"
    )
