"""A task trained by us, and what Keras's own `fit` makes of the same weights and the same batches."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import keras
import numpy as np

from gan_tui import presets
from gan_tui.presets import Preset
from gan_tui.training.tasks import Task, task_of
from training_tasks import assert_same_arrays, in_chunks, positions_seen, preset_with

schedules, losses, optimizers = keras.optimizers.schedules, keras.losses, keras.optimizers
STEPS, BATCH = 50, 16
RATE = 0.002
"""At 0.01, the rounding of a step may set a ReLU to its other side, and whatever follows differs."""


@dataclass(frozen=True)
class Choice:
    """What a preset says, and what Keras is told for it."""

    settings: dict[str, Any]
    keras: Callable[..., Any]


OPTIMIZERS = [
    Choice({"optimizer": "adam", "beta_2": 0.99, "epsilon": 1e-6},
           lambda rate: optimizers.Adam(rate, beta_2=0.99, epsilon=1e-6)),
    Choice({"optimizer": "adam", "amsgrad": True, "clip_norm": 0.1},
           lambda rate: optimizers.Adam(rate, amsgrad=True, clipnorm=0.1)),
    Choice({"optimizer": "adamw"}, optimizers.AdamW),
    Choice({"optimizer": "adamw", "weight_decay": 0.1, "beta_1": 0.8},
           lambda rate: optimizers.AdamW(rate, weight_decay=0.1, beta_1=0.8)),
    Choice({"optimizer": "adamax", "weight_decay": 0.01}, lambda rate: optimizers.Adamax(rate, weight_decay=0.01)),
    Choice({"optimizer": "nadam"}, optimizers.Nadam),
    Choice({"optimizer": "lamb"}, optimizers.Lamb),
    Choice({"optimizer": "lion"}, optimizers.Lion),
    Choice({"optimizer": "muon"}, optimizers.Muon),
    Choice({"optimizer": "muon", "weight_decay": 0, "nesterov": False, "momentum": 0.9},
           lambda rate: optimizers.Muon(rate, weight_decay=None, adam_weight_decay=None, nesterov=False, momentum=0.9)),
    Choice({"optimizer": "sgd", "clip_value": 0.01}, lambda rate: optimizers.SGD(rate, clipvalue=0.01)),
    Choice({"optimizer": "sgd", "momentum": 0.9, "nesterov": True},
           lambda rate: optimizers.SGD(rate, momentum=0.9, nesterov=True)),
    Choice({"optimizer": "rmsprop", "momentum": 0.5}, lambda rate: optimizers.RMSprop(rate, momentum=0.5)),
    Choice({"optimizer": "rmsprop", "rho": 0.95, "centered": True},
           lambda rate: optimizers.RMSprop(rate, rho=0.95, centered=True)),
    Choice({"optimizer": "rmsprop", "global_clip_norm": 0.5},
           lambda rate: optimizers.RMSprop(rate, global_clipnorm=0.5)),
    Choice({"optimizer": "adagrad", "initial_accumulator": 0.01},
           lambda rate: optimizers.Adagrad(rate, initial_accumulator_value=0.01)),
    Choice({"optimizer": "adadelta", "rho": 0.9}, lambda rate: optimizers.Adadelta(rate, rho=0.9)),
    Choice({"optimizer": "adafactor", "beta_2_decay": -0.5},
           lambda rate: optimizers.Adafactor(rate, beta_2_decay=-0.5)),
    Choice({"optimizer": "adam", "accumulate": 3}, lambda rate: optimizers.Adam(rate, gradient_accumulation_steps=3)),
    Choice({"optimizer": "adam", "ema": 0.9}, lambda rate: optimizers.Adam(rate, use_ema=True, ema_momentum=0.9)),
    Choice({"optimizer": "sgd", "ema": 0.8, "ema_every": 7},
           lambda rate: optimizers.SGD(rate, use_ema=True, ema_momentum=0.8, ema_overwrite_frequency=7)),
    Choice({"optimizer": "ftrl", "ftrl_l1": 0.001, "ftrl_beta": 0.1},
           lambda rate: optimizers.Ftrl(rate, l1_regularization_strength=0.001, beta=0.1)),
]  # fmt: skip
SCHEDULES = [
    Choice({}, lambda: RATE),
    Choice({"learning_rate_decay": 0.1}, lambda: schedules.InverseTimeDecay(RATE, 1, 0.1)),
    Choice({"schedule": "exponential", "schedule_rate": 0.5}, lambda: schedules.ExponentialDecay(RATE, STEPS, 0.5)),
    Choice({"schedule": "exponential", "schedule_steps": 20, "schedule_stairs": True},
           lambda: schedules.ExponentialDecay(RATE, 20, 0.1, staircase=True)),
    Choice({"schedule": "cosine", "schedule_end": 0.1}, lambda: schedules.CosineDecay(RATE, STEPS, 0.1)),
    Choice({"schedule": "cosine", "warmup_steps": 10},
           lambda: schedules.CosineDecay(0.0, STEPS - 10, warmup_target=RATE, warmup_steps=10)),
    Choice({"schedule": "cosine-restarts", "schedule_steps": 15},
           lambda: schedules.CosineDecayRestarts(RATE, 15, t_mul=1.0)),
    Choice({"schedule": "piecewise", "schedule_at": [20, 40], "schedule_factors": [0.1, 0.5]},
           lambda: schedules.PiecewiseConstantDecay([19, 39], [RATE, RATE * 0.1, RATE * 0.5])),
]  # fmt: skip
LOSSES = [
    (3, "softmax", Choice({"loss": "sparse_categorical_crossentropy"}, lambda: "sparse_categorical_crossentropy")),
    (3, "linear", Choice({"loss": "sparse_categorical_crossentropy"},
                         lambda: losses.SparseCategoricalCrossentropy(from_logits=True))),
    (3, "softmax", Choice({"loss": "categorical_crossentropy", "label_smoothing": 0.1},
                          lambda: losses.CategoricalCrossentropy(label_smoothing=0.1))),
    (3, "linear", Choice({"loss": "categorical_focal_crossentropy", "focal_gamma": 1.5, "focal_alpha": 0.5},
                         lambda: losses.CategoricalFocalCrossentropy(0.5, 1.5, from_logits=True))),
    (2, "sigmoid", Choice({"loss": "binary_crossentropy", "label_smoothing": 0.2},
                          lambda: losses.BinaryCrossentropy(label_smoothing=0.2))),
    (2, "linear", Choice({"loss": "binary_crossentropy"}, lambda: losses.BinaryCrossentropy(from_logits=True))),
    (2, "sigmoid", Choice({"loss": "binary_focal_crossentropy", "focal_balanced": True},
                          lambda: losses.BinaryFocalCrossentropy(apply_class_balancing=True))),
]  # fmt: skip
"""(classes, how the network ends, what is minimized)"""
LAYERS: list[list[dict[str, Any]]] = [
    [{"layer": "Flatten"}, {"layer": "Dense", "units": 12, "activation": "tanh"}],
    [{"layer": "Conv2D", "filters": 4, "kernel_size": 3, "activation": "relu"}, {"layer": "Flatten"}],
    [{"layer": "Conv2D", "filters": 4, "kernel_size": 3, "use_bias": False}, {"layer": "BatchNormalization"},
     {"layer": "ReLU"}, {"layer": "MaxPooling2D", "pool_size": 2}, {"layer": "Flatten"}],
    [{"layer": "AveragePooling2D", "pool_size": 2}, {"layer": "Flatten"},
     {"layer": "Dense", "units": 10, "activation": "gelu"}, {"layer": "BatchNormalization"}],
]  # fmt: skip
"""No bias stands right before a normalization: its gradients are rounding alone, of which Adam makes whole steps."""


def images(folder: Path, classes: int) -> Path:
    """96 images of so many classes, whose brightness tells them apart, nearly."""
    random, labels = np.random.default_rng(classes), np.arange(96) % classes
    pixels = random.integers(0, 160, (96, 8, 8)) + 40 * labels[:, None, None]
    np.savez(folder / f"of-{classes}.npz", images=pixels.astype(np.uint8), labels=labels)
    return folder / f"of-{classes}.npz"


def classifier(data: Path, layers: list[dict[str, Any]], units: int, end: str, **settings: Any) -> Preset:
    """A preset of these layers and one more, on these images."""
    document = presets.find("shapes").as_document()
    last = {"layer": "Dense", "units": units, "activation": end}
    document["networks"] = {"classifier": {"input": "data", "layers": [*layers, last]}}
    same = {"data": str(data), "validation_split": 0.0, "steps": STEPS, "batch_size": BATCH, "learning_rate": RATE}
    document["settings"] |= {**same, **settings}
    return presets.from_document(document, "drawn")


def of_choices(folder: Path, optimizer: Choice, schedule: Choice, loss: Any, layers: list[dict[str, Any]]) -> Preset:
    classes, end, chosen = loss
    units = 1 if chosen.settings["loss"].startswith("binary") else classes
    settings = {**optimizer.settings, **schedule.settings, **chosen.settings}
    return classifier(images(folder, classes), layers, units, end, **settings)


def apart(preset: Preset, optimizer: Choice, schedule: Choice, loss: Choice) -> tuple[float, float]:
    """How far weights are from those of `fit` after all steps, and how far the mean loss of the steps, at most."""
    task = task_of(preset)
    model = keras.models.clone_model(task.networks[0])
    model.set_weights(task.networks[0].get_weights())
    model.compile(optimizer.keras(schedule.keras()), loss.keras(), jit_compile=False)
    x, y = in_order(task, STEPS)
    told = model.fit(x, y, BATCH, 1, verbose=0, shuffle=False).history["loss"][0]
    rows = in_chunks(task, STEPS, 7)
    task.learner.end()
    pairs = zip(task.networks[0].get_weights(), model.get_weights(), strict=True)
    return max(float(np.abs(one - other).max()) for one, other in pairs), abs(float(rows[:, 0].mean()) - told)


def in_order(task: Task, steps: int) -> tuple[np.ndarray, np.ndarray]:
    """The examples of a task's next steps, one after the other, without training on them."""
    places = np.concatenate(positions_seen(task, steps))
    task.steps.go_to(0)
    train = task.dataset.train
    return train.numbers(places), train.y[places]


def of_xor(place: int) -> Task:
    """XOR in shuffled batches with the optimizer of a place, and the schedule and the loss that fall to it."""
    losses_of_softmax = [chosen.settings for _, end, chosen in LOSSES if end == "softmax"]
    more = {**SCHEDULES[place % len(SCHEDULES)].settings, **losses_of_softmax[place % len(losses_of_softmax)]}
    return task_of(preset_with("xor", steps=STEPS, batch_size=3, **more, **OPTIMIZERS[place].settings))


def assert_goes_on_bit_for_bit(task: Task) -> np.ndarray:
    """Twelve steps, and from what a checkpoint holds of the fifth the rest once more: the rows of all.

    Whatever it lacks would be left of what was trained after it.
    """
    first, saved = in_chunks(task, 5, 2), _copied(task.arrays())
    rest, ended = in_chunks(task, 7, 3), _copied(task.arrays())
    type(task)(task.preset, task.dataset).restore(saved)  # of another process it has the same names
    task.restore(saved)
    task.steps.go_to(5)
    assert in_chunks(task, 7, 7).tobytes() == rest.tobytes()
    assert_same_arrays(task.arrays(), ended)
    return np.vstack([first, rest])


def _copied(arrays: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
    return {name: array.copy() for name, array in arrays.items()}
