"""Fits of Keras that are watched, on each of its backends: what is told of them, what they obey, what they lose by it:
nothing. The fits themselves are in `watched_fits`, which runs once a backend."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from frameworks import SUPPORT, python_with, told

Told = dict[str, Any]
PROGRAM = str(SUPPORT / "watched_fits.py")
ALL = ("nothing_changes", "own_values", "commands", "goes_on", "pair", "shapes_of_fits", "tables", "what_fails")
pytestmark = pytest.mark.timeout(900)  # one process for all, on machines that have much else to do
AT_LENGTH = [pytest.mark.slow, pytest.mark.prove]


@pytest.fixture(
    scope="module",
    params=[
        pytest.param("tensorflow", marks=AT_LENGTH), pytest.param("jax", marks=AT_LENGTH),
        pytest.param("torch", marks=AT_LENGTH),
    ],
)  # fmt: skip
def fits(request: pytest.FixtureRequest, folders: Iterator[Path]) -> Told:
    """What became of all fits, on one backend."""
    backend = str(request.param)
    python = python_with(*([backend] if backend == "tensorflow" else [backend, "keras"]))
    runs = str(next(folders))
    found = told(python, PROGRAM, *ALL, KERAS_BACKEND=backend, GAN_TUI_RUNS=runs)
    return {**found, "backend": backend}


def test_weights_and_history_are_the_same_to_the_bit_with_and_without_it(fits: Told) -> None:
    found = fits["nothing_changes"]
    assert found["weights"] and found["history"]
    assert found["replies"] == ["checkpoints/000000005"]  # though it was saved in between


def test_all_there_is_to_see_is_told_under_the_names_that_screens_know(fits: Told) -> None:
    found = fits["nothing_changes"]
    kinds = [tag.partition("-")[0] for tag in found["pictures"]]
    assert kinds == ["features", "input", "kernels", "mistakes"] and found["confusion"] == 40
    assert found["alerts"] == [] and found["names"] == ["a", "b", "c", "d"]
    assert found["rows"] == ["input", "Conv2D 4 3×3 relu", "Dropout 0.3", "Flatten", "Dense 4 softmax"]
    parts = [name.split("/") for name in found["weights shown"]]
    assert [(network, weight) for network, _, weight in parts] == 2 * [("net", "bias"), ("net", "kernel")]
    assert (found["steps"], found["total"], found["epochs"], found["val_loss"]) == (60, 60, 2, True)


def test_what_it_obeys_is_told(fits: Told) -> None:
    found = fits["nothing_changes"]
    assert sorted(found["obeys"]) == ["pause", "resume", "save", "set", "step", "stop"]
    assert found["settable"] == ["learning_rate", "image"]


def test_each_step_has_its_own_values_also_the_last_of_an_epoch_which_is_smaller(fits: Told) -> None:
    found = fits["own_values"]
    assert found["undone loss steps"] == found["exact loss steps"] == 68
    assert found["undone loss"] < 1e-4 and found["undone accuracy"] < 1e-5
    assert found["exact loss"] < 1e-6 and found["exact accuracy"] < 1e-6


def test_several_steps_at_once_are_told_each_for_itself_where_asked_to_be_exact(fits: Told) -> None:
    if fits["backend"] == "torch":
        pytest.skip("Keras runs one step at a time there")
    assert fits["own_values"]["at once loss steps"] == 68 and fits["own_values"]["at once loss"] < 1e-6


def test_it_pauses_steps_is_set_saves_goes_on_and_stops(fits: Told) -> None:
    found = fits["commands"]
    assert found["replies"] == [
        "paused at step 3",
        "paused at step 6",
        "learning_rate is 0.5",
        "not ok: Cannot set learning_rate: learning_rate must be a number from 1e-12 to 1,000.",
        "checkpoints/000000006",
        "training from step 6",
        "stopped at step 20",
    ]
    assert found["rate"] == 0.5 and found["state"] == "stopped" and found["step"] == 20
    assert found["validated"] == 1  # fit validates what it has when it is told to stop
    assert found["later"] == {}  # and a run that was stopped trains no more
    assert found["saved"] == ["000000006", "000000020"]
    assert found["places"] == [[0, 6], [0, 20]]  # within the first epoch, which is to begin anew
    assert found["files"] == ["manifest.json", "net.keras", "state.safetensors"]


def test_a_run_that_goes_on_ends_with_the_weights_of_one_that_was_never_stopped(fits: Told) -> None:
    found = fits["goes_on"]
    assert found["alike"] == [0.0, 0.0, 0.0, 0.0]
    assert (found["epochs"], found["step"], found["total"], found["loss"]) == (2, 136, 136, 136)
    (said,) = set(found["alerts"])
    assert said.startswith("Goes on from step 68 with epoch 3. ") and "order of its data" in said
    assert found["left"] is None  # fit begins as it is told to, the next time


def test_after_a_fit_that_went_on_and_failed_others_train_all_of_their_epochs(fits: Told) -> None:
    assert fits["goes_on"]["after an error"] == [[0, 1], [0, 1]]


def test_a_pair_has_two_networks_and_a_wall(fits: Told) -> None:
    found = fits["pair"]
    assert found["networks"] == {"g": 3, "d": 3}
    assert (found["tiles"], found["tile"], found["alerts"]) == (100, [8, 8], [])


def test_fits_one_after_the_other_are_one_run(fits: Told) -> None:
    assert fits["shapes_of_fits"]["several"] == [102, 3, 102, []]


def test_a_model_that_is_not_built_and_data_of_unknown_length(fits: Told) -> None:
    step, total, networks, metrics, pictures, confusion, said = fits["shapes_of_fits"]["unknown"]
    assert (step, total, networks, said) == (10, 10, {"unbuilt": 2}, [])
    assert "loss" in metrics and "input" in pictures and confusion


def test_several_outputs_share_the_charts_of_loss_and_accuracy(fits: Told) -> None:
    groups, settable, _, said = fits["shapes_of_fits"]["outputs"]
    losses = {"loss", "class_loss", "size_loss"}
    assert {name for name, group in groups.items() if group == "loss"} == losses | {f"val_{name}" for name in losses}
    assert groups["class_accuracy"] == groups["val_class_accuracy"] == "accuracy"
    assert "learning_rate" not in settable and groups["learning_rate"] == "learning_rate"  # a schedule has it
    assert said == []


def test_tables_have_what_takes_what_also_through_models_in_models(fits: Told) -> None:
    assert fits["tables"]["graph"] == [
        ["x", "input", [6], 0, 0, None],
        ["inner.one", "Dense 4", [4], 28, 28, None],
        ["inner.two", "Dense 4", [4], 20, 20, None],
        ["twice", "Dense 4 relu no bias", [4], 16, 16, None],
        ["twice.2", "Dense 4 relu no bias", [4], 0, 0, None],
        ["fixed", "Dense 4 fixed", [4], 20, 0, None],
        ["sum", "Add", [4], 0, 0, ["inner.two", "fixed"]],
        ["multiply", "Multiply", [4], 0, 0, None],
        ["end", "Dense 2 softmax", [2], 10, 10, None],
    ]
    assert sum(row[3] for row in fits["tables"]["graph"]) == fits["tables"]["graph counts"]


def test_tables_of_subclassed_models_have_their_layers_in_order_and_their_own_weights(fits: Told) -> None:
    assert fits["tables"]["block"] == [
        ["inner.one", "Dense 4", [4], 28, 28, None],
        ["inner.two", "Dense 4", [4], 20, 20, None],
        ["norm", "BatchNormalization", [4], 16, 8, None],
        ["block", "own weights", [], 3, 3, None],
    ]


def test_layers_are_told_in_the_words_of_presets(fits: Told) -> None:
    assert [row[1] for row in fits["tables"]["windows"]] == [
        "input", "Conv2D 2 3×1/2 same", "MaxPooling2D 2×2", "Reshape 4×2", "Bidirectional(LSTM 3)", "Dropout 0.25",
    ]  # fmt: skip
    assert fits["tables"]["deep"] == 821


def test_what_cannot_be_shown_is_said_once_and_the_training_goes_on(fits: Told) -> None:
    assert fits["what_fails"]["step"] == 34
    assert sorted(fits["what_fails"]["views"]) == [
        "Generated images cannot be shown: what the generator takes is not known: give latents, an array of what it is "
        "called with.",
        "The inputs cannot be shown: labels must be classes: whole numbers from 0, or a column for each class.",
    ]


def test_after_ctrl_c_another_fit_goes_on_in_the_same_run(fits: Told) -> None:
    assert fits["what_fails"]["after ctrl-c"] == [38, "finished", []]


def test_two_in_one_fit_have_a_run_each_and_ranks_that_are_not_the_first_have_none(fits: Told) -> None:
    assert fits["what_fails"]["two"] == ["two", "two-2", 34, 34]
    assert fits["what_fails"]["rank"] == [1, None]
