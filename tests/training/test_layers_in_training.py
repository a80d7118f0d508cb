"""Layers of many kinds in a run: what stands still, what counts in the loss, what is drawn of them."""

from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest

from gan_tui import presets
from gan_tui.presets import Preset
from gan_tui.run.weights import kernels_of
from gan_tui.training.models.gan import AdversarialPair
from gan_tui.training.snapshots.weights import WeightStatistics
from gan_tui.training.tasks import Task, task_of
from training_tasks import in_chunks, preset_with

LAYERS: list[dict[str, Any]] = [
    {"layer": "Conv2D", "filters": 4, "kernel_size": 3, "strides": 2, "name": "fixed", "trainable": False},
    {"layer": "BatchNormalization", "name": "fixed_norm", "trainable": False},
    {"layer": "DepthwiseConv2D", "kernel_size": 3, "depth_multiplier": 2, "name": "depthwise"},
    {"layer": "SeparableConv2D", "filters": 5, "kernel_size": 2, "name": "separable"},
    {"layer": "Conv2DTranspose", "filters": 3, "kernel_size": 2, "name": "transposed",
     "kernel_constraint": {"name": "MaxNorm", "max_value": 0.01, "axis": [0, 1, 2]}},
    {"layer": "SpectralNormalization", "name": "spectral",
     "wraps": {"layer": "Conv2D", "filters": 2, "kernel_size": 3}},
    {"layer": "BatchNormalization", "name": "norm"},
    {"layer": "Reshape", "target_shape": [9, 18]},
    {"layer": "Bidirectional", "name": "both", "wraps": {"layer": "LSTM", "units": 3}},
    {"layer": "Dense", "units": 10, "activation": "softmax", "kernel_regularizer": {"name": "L2", "l2": 0.5}},
]  # fmt: skip


def classifier(folder: Path, layers: list[dict[str, Any]]) -> Preset:
    document = presets.find("fashion-cnn").as_document()
    document["settings"] |= {"batch_size": 16, "data_folder": str(folder), "validation_split": 0.2}
    document["networks"]["classifier"]["layers"] = layers
    return presets.from_document(document, "many")


@pytest.fixture(scope="module")
def trained(few_images: Path) -> tuple[Task, dict[str, np.ndarray]]:
    """A task of many kinds of layers, trained for some steps, and its arrays before."""
    task = task_of(classifier(few_images, LAYERS))
    before = {name: np.array(array) for name, array in task.arrays().items()}
    losses = in_chunks(task, 12, 4)
    assert np.isfinite(losses).all()
    return task, before


def test_what_is_fixed_stands_still_and_all_else_learns(trained: tuple[Task, dict[str, np.ndarray]]) -> None:
    task, before = trained
    moved = {
        name.rpartition(".")[0].split("/")[1]
        for name, array in task.arrays().items()
        if name.startswith("classifier/") and array.tobytes() != before[name].tobytes()
    }
    assert moved == {"depthwise", "separable", "transposed", "spectral", "norm", "both", "dense"}
    slots = [name for name in before if name.startswith("optimizer/")]
    trainable = task.networks[0].trainable_variables
    assert len(slots) == 2 + 2 * len(trainable), "what stands still has no momentum"


def test_constraints_hold_and_regularizers_count(trained: tuple[Task, dict[str, np.ndarray]]) -> None:
    network = trained[0].networks[0]
    norms = np.sqrt((np.asarray(network.get_layer("transposed").kernel) ** 2).sum(axis=(0, 1, 2)))
    assert norms.max() <= 0.0101
    (penalty,) = network.losses
    assert float(penalty) == pytest.approx(0.5 * float((np.asarray(network.layers[-1].kernel) ** 2).sum()), rel=1e-5)


def test_kernels_of_all_that_slides_over_images_are_drawn(trained: tuple[Task, dict[str, np.ndarray]]) -> None:
    task, _ = trained
    drawn = {layer.name: found.shape for layer in task.networks[0].layers if (found := kernels_of(layer)) is not None}
    assert drawn == {
        "fixed": (4, 3, 3), "depthwise": (8, 3, 3), "separable": (8, 2, 2), "transposed": (3, 2, 2),
        "spectral": (2, 3, 3),
    }  # fmt: skip
    pictures = {
        content.tag: content for snapshot in task.snapshots for content in snapshot.draw() if hasattr(content, "tag")
    }
    assert {f"kernels-{name}" for name in drawn} <= pictures.keys()
    assert {f"features-{name}" for name in drawn} <= pictures.keys()


def test_weights_that_are_called_the_same_are_told_apart(trained: tuple[Task, dict[str, np.ndarray]]) -> None:
    (content,) = WeightStatistics(trained[0].networks).draw()
    names = [name.split("/", 1)[1] for name in content(1).layers]
    assert names[:2] == ["fixed/kernel", "fixed/bias"]
    assert [name for name in names if name.startswith("both/")] == [
        "both/forward_lstm.kernel", "both/forward_lstm.recurrent_kernel", "both/forward_lstm.bias",
        "both/backward_lstm.kernel", "both/backward_lstm.recurrent_kernel", "both/backward_lstm.bias",
    ]  # fmt: skip
    assert "spectral/vector_u" in names and "spectral/kernel" in names


# Pairs ------------------------------------------------------------


def pair(folder: Path, **changed: object) -> AdversarialPair:
    """The `gan` preset, its discriminator's first Dense layer changed."""
    document = preset_with("gan", batch_size=16, data_folder=str(folder)).as_document()
    layers = document["networks"]["discriminator"]["layers"]
    place = next(n for n, layer in enumerate(layers) if layer["layer"] == "Dense")
    layers[place] = changed if "layer" in changed else {**layers[place], **changed}
    learner = task_of(presets.from_document(document, "pair")).learner
    assert isinstance(learner, AdversarialPair)
    return learner


def test_a_pairs_penalties_count_in_its_losses(few_images: Path) -> None:
    real = np.zeros((16, 784), np.float32)
    plain, penalized = (
        pair(few_images, **changed) for changed in ({}, {"kernel_regularizer": {"name": "L2", "l2": 0.25}})
    )
    kernel = np.asarray(next(layer for layer in penalized.discriminator.layers if "dense" in layer.name).kernel)
    without, with_it = (float(each.train_step((real, None))["d_loss"]) for each in (plain, penalized))
    assert with_it - without == pytest.approx(0.25 * float((kernel**2).sum()), rel=1e-3)


def test_spectral_normalization_keeps_a_discriminators_layer_at_norm_one(few_images: Path) -> None:
    held = {"layer": "Dense", "units": 64}
    learner = pair(few_images, layer="SpectralNormalization", name="normed", wraps=held, power_iterations=30)
    layer = learner.discriminator.get_layer("normed")
    assert isinstance(layer, keras.layers.SpectralNormalization)
    for _ in range(2):
        learner.train_step((np.random.default_rng(0).normal(size=(16, 784)).astype(np.float32), None))
    assert np.linalg.norm(np.asarray(layer.layer.kernel), 2) == pytest.approx(1, abs=0.02)
