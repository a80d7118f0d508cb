"""Image classifiers: one network, validated on pictures that it does not learn from."""

from collections.abc import Iterator, Mapping
from typing import Any

from gan_tui.presets import optimizers, schedules
from gan_tui.presets.checks import choice
from gan_tui.presets.losses import CLASS_NUMBERS
from gan_tui.presets.networks import listed
from gan_tui.presets.settings import Setting
from gan_tui.presets.tasks import images
from gan_tui.presets.tasks.base import Described, TaskRules
from gan_tui.presets.tasks.images import AUGMENT, IMAGE_RANGE, IMAGES, PRECISION
from gan_tui.presets.tasks.supervised import LEARNING, MEASURED, SUPERVISED, SupervisedRules, validated

_TAPE = {
    "loss": CLASS_NUMBERS, "metrics": ("accuracy",), "optimizer": "sgd", "learning_rate_decay": 0.0,
    "class_weight": "none",
    **{one.name: one.default for one in (*optimizers.SETTINGS, *schedules.SETTINGS, *LEARNING, PRECISION)},
}  # fmt: skip
"""All that the tape engine can be asked for."""
_TAPE_LAYERS = ("Conv2D", "MaxPooling2D", "Flatten", "Dense")
_TAPE_ARGUMENTS = (
    "filters", "kernel_size", "strides", "padding", "activation", "use_bias", "pool_size", "units", "data_format",
)  # fmt: skip
TAPE_ACTIVATIONS = ("relu", "tanh", "linear")


class ClassifierRules(SupervisedRules):
    name = "classifier"
    heading = "Image classifiers"
    ends = (("image", ""),)
    datasets = ("shapes", "flowers", "mnist", "fashion-mnist")
    settings = (
        *SUPERVISED,
        IMAGE_RANGE,
        Setting("class_weight", "balanced: in the loss of training, each class counts as much as any other",
                "none", choice("none", "balanced")),
        *validated(metrics=MEASURED),
        *IMAGES,
        AUGMENT,
        Setting("engine", "what computes a step: Keras's layers, or TensorFlow's own operations on raw variables",
                "keras", choice("keras", "tape")),
        *LEARNING,
        PRECISION,
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
        yield from images.without_effect(preset.settings)


def _check_tape(preset: Described) -> None:
    """The tape engine computes few layers, and steps in one way."""
    for name, value in _TAPE.items():
        if preset.settings[name] != value:
            raise ValueError(f"{name}: the tape engine needs {name} = {_toml(value)}")
    if not preset.network("classifier").is_stack:
        raise ValueError("engine: the tape engine takes a network whose layers follow each other, without from")
    for layer in preset.network("classifier").layers:
        if layer.kind not in _TAPE_LAYERS or not layer.arguments.get("use_bias", True):
            has = ", ".join(_TAPE_LAYERS)
            raise ValueError(
                f"engine: the tape engine does not support {layer.kind} ({layer.name}); it supports {has} with biases"
            )
        if lacking := next((key for key in layer.arguments if not _has_tape(key)), ""):
            raise ValueError(f"engine: the tape engine has no {lacking} ({layer.name}); leave it out")
    if preset.networks[-1].activation != "linear":
        raise ValueError("engine: the tape engine needs a network that ends in logits, without softmax")
    for layer in preset.networks[-1].layers:
        activation = layer.arguments.get("activation", "linear")
        if activation not in TAPE_ACTIVATIONS:
            has = ", ".join(TAPE_ACTIVATIONS)
            raise ValueError(
                f"engine: the tape engine does not support the activation {activation} ({layer.name}); it has {has}"
            )


def _has_tape(argument: str) -> bool:
    return argument in _TAPE_ARGUMENTS or argument.endswith("_initializer")


def _toml(value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return f'"{value}"' if isinstance(value, str) else str(listed(value)).replace("'", '"')
