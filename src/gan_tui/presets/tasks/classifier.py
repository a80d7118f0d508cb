"""Image classifiers: one network, validated on pictures that it does not learn from."""

from collections.abc import Iterator, Mapping
from typing import Any

from gan_tui.presets.checks import choice, flag, number, whole
from gan_tui.presets.networks import listed
from gan_tui.presets.settings import Setting
from gan_tui.presets.tasks.base import Described, TaskRules
from gan_tui.presets.tasks.images import DATA_FOLDER, IMAGE_RANGE
from gan_tui.presets.tasks.supervised import CLASS_NUMBERS, SUPERVISED, SupervisedRules

_TAPE = {"loss": CLASS_NUMBERS, "metrics": ("accuracy",), "optimizer": "sgd", "learning_rate_decay": 0.0}
"""All that the tape engine can be asked for."""
_TAPE_LAYERS = ("Conv2D", "MaxPooling2D", "Flatten", "Dense")
TAPE_ACTIVATIONS = ("relu", "tanh", "linear")


class ClassifierRules(SupervisedRules):
    name = "classifier"
    heading = "Image classifiers"
    datasets = ("shapes", "mnist", "fashion-mnist")
    settings = (
        *SUPERVISED,
        IMAGE_RANGE,
        Setting("validation_split", "share of the data kept for validation", 0.0, number(0, 0.9)),
        Setting("patience", "epochs without a better validation loss before stopping early; 0 means never",
                0, whole(0, 100_000), may_change=True),
        Setting("restore_best", "end with the weights of the best epoch", False, flag),
        DATA_FOLDER,
        Setting("engine", "what computes a step: Keras's layers, or TensorFlow's own operations on raw variables",
                "keras", choice("keras", "tape")),
    )  # fmt: skip

    def whole_batches(self, values: Mapping[str, Any]) -> bool:
        return bool(values["engine"] == "tape")

    def check_settings(self, preset: Described) -> None:
        super().check_settings(preset)
        if preset.settings["engine"] == "tape":
            _check_tape(preset)

    def check_trains(self, preset: Described) -> None:
        if preset.settings["engine"] == "tape":
            TaskRules.check_trains(self, preset)  # that one has softmax in its loss
        else:
            super().check_trains(preset)

    def without_effect(self, preset: Described) -> Iterator[tuple[str, str]]:
        yield from super().without_effect(preset)
        if not preset.settings["validation_split"]:
            for name in ("patience", "restore_best"):
                if preset.settings[name]:
                    yield name, "without a validation_split"


def _check_tape(preset: Described) -> None:
    """The tape engine computes few layers, and steps in one way."""
    for name, value in _TAPE.items():
        if preset.settings[name] != value:
            raise ValueError(f"{name}: the tape engine needs {name} = {_toml(value)}")
    for layer in preset.network("classifier").layers:
        if layer.kind not in _TAPE_LAYERS or not layer.arguments.get("use_bias", True):
            has = ", ".join(_TAPE_LAYERS)
            raise ValueError(
                f"engine: the tape engine does not support {layer.kind} ({layer.name}); it supports {has} with biases"
            )
    if preset.networks[-1].activation != "linear":
        raise ValueError("engine: the tape engine needs a network that ends in logits, without softmax")
    for layer in preset.networks[-1].layers:
        activation = layer.arguments.get("activation", "linear")
        if activation not in TAPE_ACTIVATIONS:
            has = ", ".join(TAPE_ACTIVATIONS)
            raise ValueError(
                f"engine: the tape engine does not support the activation {activation} ({layer.name}); it has {has}"
            )


def _toml(value: object) -> str:
    return f'"{value}"' if isinstance(value, str) else str(listed(value)).replace("'", '"')
