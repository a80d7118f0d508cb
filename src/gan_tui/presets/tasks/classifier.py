"""Image classifiers: one network, validated on pictures that it does not learn from."""

from collections.abc import Mapping
from typing import Any

from gan_tui.presets.checks import choice, flag, number, whole
from gan_tui.presets.networks import listed
from gan_tui.presets.settings import Setting
from gan_tui.presets.tasks.base import Described
from gan_tui.presets.tasks.images import DATA_FOLDER, IMAGE_RANGE
from gan_tui.presets.tasks.supervised import CLASS_NUMBERS, SUPERVISED, SupervisedRules

_TAPE = {"loss": CLASS_NUMBERS, "metrics": ("accuracy",), "optimizer": "sgd", "learning_rate_decay": 0.0}
"""All that the tape engine can be asked for."""
_TAPE_LAYERS = ("Conv2D", "MaxPooling2D", "Flatten", "Dense")


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

    def check_changes(self, changes: Mapping[str, Any], preset: Described) -> None:
        if changes.get("engine") == "keras" and not preset.ends_in("softmax"):
            raise ValueError('engine: "keras" needs a network that ends in softmax')


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
    if not preset.ends_in("linear"):
        raise ValueError("engine: the tape engine needs a network that ends in logits, without softmax")


def _toml(value: object) -> str:
    return f'"{value}"' if isinstance(value, str) else str(listed(value)).replace("'", '"')
