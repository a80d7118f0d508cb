"""What is checked is what is built: a preset that would fail in the trainer, or learn nothing, is refused at once.

And a setting that changes nothing is said to.
"""

# ruff: noqa: E501 (a table reads best with a row a line)

import copy
from pathlib import Path
from typing import Any

import pytest
import tomli_w

from gan_tui import presets
from gan_tui.cli.settings_given import configured
from gan_tui.errors import UserError
from gan_tui.presets import Preset
from gan_tui.presets.plan import planned
from gan_tui.supervision import starting
from gan_tui.sweep import sweep
from shell import said


def document(name: str, network: str, last: list[dict[str, Any]], first: list[dict[str, Any]] | None = None) -> Any:
    """A bundled preset with other last layers, or with all of its layers others."""
    made = copy.deepcopy(presets.find(name).as_document())
    layers = made["networks"][network]["layers"]
    made["networks"][network]["layers"] = [*(layers[:-1] if first is None else first), *last]
    return made


def dense(units: int, activation: str | None = None) -> dict[str, Any]:
    return {"layer": "Dense", "units": units, **({"activation": activation} if activation else {})}


NO_SOFTMAX = (
    "networks.classifier must end in softmax, not in {}: its outputs are taken for probabilities (or in linear, and they "
    "are taken for logits)"
)
NO_SIGMOID = "networks.discriminator must end in sigmoid, not in {}: its output is taken for the probability that an image is real"
OF_TAPE = "settings: engine: the tape engine does not support the activation {} (dense); it has relu, tanh, linear"
REFUSED = [
    (document("xor", "classifier", [dense(2, "sigmoid")]), NO_SOFTMAX.format("sigmoid")),
    (document("fashion-cnn", "classifier", [dense(10), {"layer": "ReLU"}]), NO_SOFTMAX.format("relu")),
    (document("xor", "classifier", [dense(2, "softmax"), {"layer": "Dropout", "rate": 0.5}]),
     NO_SOFTMAX.format("Dropout after it")),
    (document("fashion-cnn", "classifier", [{"layer": "Flatten"}],
              [{"layer": "Flatten"}, dense(10), {"layer": "Reshape", "target_shape": [2, 5]},
               {"layer": "Activation", "activation": "softmax"}]), NO_SOFTMAX.format("Flatten after it")),
    (document("gan", "discriminator", [dense(1)]), NO_SIGMOID.format("linear")),
    (document("gan", "discriminator", [dense(1, "tanh")]), NO_SIGMOID.format("tanh")),
    (document("gan", "discriminator", [dense(1, "softmax")]), NO_SIGMOID.format("softmax")),
    (document("gan", "generator", [dense(784, "sigmoid")]),
     "networks.generator ends in sigmoid, from 0 to 1, and cannot reach all of image_range [-1, 1]; change one of them"),
    (document("gan", "generator", [dense(784, "relu")]),
     "networks.generator ends in relu, from 0 to inf, and cannot reach all of image_range [-1, 1]; change one of them"),
    (document("conv10-tape", "classifier", [dense(10)], [{"layer": "Flatten"}, dense(10, "gelu")]), OF_TAPE.format("gelu")),
    (document("conv10-tape", "classifier", [dense(10)], [{"layer": "Flatten"}, dense(10, "sigmoid")]),
     OF_TAPE.format("sigmoid")),
    (document("conv10-tape", "classifier", [dense(10, "softmax")]),
     "settings: engine: the tape engine needs a network that ends in logits, without softmax"),
    (document("xor", "classifier", [{"layer": "Activation", "activation": "softmax"}], []),
     "networks.classifier has nothing to learn; give it a layer with weights"),
    (document("fashion-cnn", "classifier", [dense(10, "softmax")], [{"layer": "AveragePooling2D"}, {"layer": "Flatten"}]),
     "networks.classifier, layer 1: AveragePooling2D needs pool_size"),
]  # fmt: skip


@pytest.mark.parametrize(("made", "sentence"), REFUSED, ids=[row[1][:70] + str(n) for n, row in enumerate(REFUSED)])
def test_it_is_refused_at_every_way_in(
    made: Any, sentence: str, tmp_path: Path, runs: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "mine.toml"
    file.write_text(tomli_w.dumps(made))
    for command in (("show",), ("train",), ("sweep",)):
        code, _, err = said(capsys, *command, str(file))
        assert (code, err) == (2, f"gan-tui: {file}: {sentence}.\n"), command
    assert not runs.exists()


ACCEPTED = [
    document("xor", "classifier", [dense(2)]),
    document("fashion-cnn", "classifier", [dense(10), {"layer": "Dropout", "rate": 0.5}]),
    document("xor", "classifier", [dense(2), {"layer": "Activation", "activation": "softmax"}]),
    document("fashion-cnn", "classifier", [{"layer": "Conv2D", "filters": 10, "kernel_size": 1, "activation": "softmax"},
                                           {"layer": "GlobalAveragePooling2D"}], []),
    document("gan", "discriminator", [dense(1), {"layer": "Activation", "activation": "sigmoid"}]),
    document("gan", "discriminator", [dense(1, "sigmoid"), {"layer": "Reshape", "target_shape": [1]}]),
    document("gan", "generator", [dense(784)]),
    document("conv10-tape", "classifier", [dense(10), {"layer": "Flatten"}]),
]  # fmt: skip


@pytest.mark.parametrize("made", ACCEPTED, ids=range(len(ACCEPTED)))
def test_what_comes_to_the_same_is_taken(made: Any) -> None:
    presets.from_document(made, "mine")


def test_settings_that_do_not_go_with_the_networks_are_refused_too() -> None:
    with pytest.raises(ValueError, match=r"networks\.generator ends in tanh, from -1 to 1, and cannot reach all of"):
        presets.find("gan").with_settings({"image_range": [0, 255]})
    with pytest.raises(ValueError, match=r"networks\.classifier must end in sigmoid, not in softmax: its outputs are"):
        made = document("xor", "classifier", [dense(1, "softmax")])
        made["settings"]["loss"] = "binary_crossentropy"
        presets.from_document(made, "mine")


def test_a_run_of_before_goes_on_as_it_did(runs: Path) -> None:
    made = document("xor", "classifier", [dense(2, "sigmoid")])
    run = presets.new_run(presets.from_document(made, "mine", begun=True), runs)
    again = presets.of_run(run)
    assert again.network("classifier").activation == "sigmoid"
    assert again.with_settings({"epochs": 7}).settings["epochs"] == 7


# A split that rounds to nothing ------------------------------------------------------------------------------------


def test_a_split_without_an_example_is_refused_with_one_that_has_some(runs: Path) -> None:
    shapes = presets.find("shapes")
    with pytest.raises(UserError) as caught:
        starting.start(shapes.with_settings({"validation_split": 0.0003}), runs, None)
    assert str(caught.value) == (
        "validation_split 0.0003 of 1,500 examples is not a single one; make it at least 0.001, or 0."
    )
    assert not runs.exists()
    assert planned(shapes.with_settings({"validation_split": 0.001})).validation == 2
    with pytest.raises(UserError, match="validation_split 1e-05 of 1,500 examples is not a single one"):
        sweep.made(shapes, ["validation_split=0.2,1e-5"], None, 1)


# How long ------------------------------------------------------------------------------------------------------------


def by_steps() -> Preset:
    return presets.find("xor").with_settings({"steps": 300})


def test_epochs_that_are_asked_for_go_before_the_presets_steps() -> None:
    changed = configured(by_steps(), ["epochs=5"], None, None, None)
    assert (changed.settings["epochs"], changed.settings["steps"]) == (5, 0)
    assert planned(changed).steps_total == 5
    assert planned(configured(by_steps(), [], None, 7, None)).steps_total == 7
    assert planned(configured(by_steps(), ["seed=1"], None, None, None)).steps_total == 300
    assert planned(configured(by_steps(), ["epochs=5", "steps=0"], None, None, None)).steps_total == 5


TWICE = [
    (("--epochs", "5", "--set", "steps=7"), "--epochs and --set steps set the same; leave out one of them."),
    (("--steps", "5", "--set", "epochs=7"), "--steps and --set epochs set the same; leave out one of them."),
    (("--set", "steps=7", "--set", "epochs=5"), "--set steps and --set epochs set the same; leave out one of them."),
    (("--set", "batch_size=1", "--set", "batch_size=2"), "--set batch_size is given twice; leave out one of them."),
    (("--seed", "1", "--set", "seed=2"), "--seed and --set seed set the same; leave out one of them."),
    (("--restarts", "1", "--set", "restarts=2"), "--restarts and --set restarts set the same; leave out one of them."),
]


@pytest.mark.parametrize(("words", "sentence"), TWICE, ids=[" ".join(row[0]) for row in TWICE])
def test_two_words_for_the_same_are_refused(
    words: tuple[str, ...], sentence: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert said(capsys, "train", "xor", "--detach", *words) == (2, "", f"gan-tui: {sentence}\n")


# Settings without effect ------------------------------------------------------------------------------------------------

IDLE = [
    ("fashion-cnn", {"validation_split": 0.0}, ["patience does nothing without a validation_split.",
                                               "restore_best does nothing without a validation_split."]),
    ("fashion-cnn", {}, []),
    ("shapes", {"patience": 3}, []),
    ("gan", {"optimizer": "rmsprop"}, ["beta_1 does nothing with the optimizer rmsprop."]),
    ("xor", {"beta_1": 0.5}, ["beta_1 does nothing with the optimizer rmsprop."]),
    ("xor", {"autosave_minutes": 0, "autosave_keep": 9}, ["autosave_keep does nothing without automatic checkpoints."]),
    ("xor", {"autosave_minutes": 0, "autosave_epochs": 5, "autosave_keep": 9}, []),
]  # fmt: skip


@pytest.mark.parametrize(("name", "settings", "sentences"), IDLE, ids=[f"{row[0]}-{row[1]}" for row in IDLE])
def test_a_setting_that_changes_nothing_is_said(name: str, settings: dict[str, Any], sentences: list[str]) -> None:
    assert presets.find(name).with_settings(settings).without_effect() == sentences


def test_no_bundled_preset_has_one() -> None:
    assert [preset.without_effect() for preset in presets.every()[0]] == [[]] * len(presets.files())


def test_show_and_a_sweep_say_it(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    preset = presets.find("xor").with_settings({"beta_1": 0.5})
    (tmp_path / "mine.toml").write_text(tomli_w.dumps(preset.as_document()))
    code, out, _ = said(capsys, "show", str(tmp_path / "mine.toml"))
    assert code == 0 and out.endswith("\n\nbeta_1 does nothing with the optimizer rmsprop.\n")
    swept = sweep.made(preset, ["optimizer=adam,sgd,rmsprop"], None, 1)
    assert swept.without_effect() == [
        "beta_1 does nothing with the optimizer sgd.", "beta_1 does nothing with the optimizer rmsprop.",
    ]  # fmt: skip
