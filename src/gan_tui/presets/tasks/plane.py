"""First networks on the plane: a small classifier of a few points, given by a preset or drawn by a person."""

from collections.abc import Mapping
from typing import Any

from gan_tui.data.points import PLANE
from gan_tui.presets import keras_names
from gan_tui.presets.checks import choice, numbers, path
from gan_tui.presets.datasets import facts_of, is_csv
from gan_tui.presets.layers import ACTIVATIONS
from gan_tui.presets.networks import Network, read_networks
from gan_tui.presets.settings import BATCH_SIZE, Setting, or_zero
from gan_tui.presets.tasks.base import Described
from gan_tui.presets.tasks.supervised import SUPERVISED, SupervisedRules

_ON_POINTS = ("points",)
_ACTIVATION = choice(*ACTIVATIONS, of_keras=keras_names.ACTIVATIONS)


def _points(value: object) -> str:
    """The name of a set of points, or the path of a CSV file, made absolute."""
    if is_csv(value):
        return str(path(value))
    try:
        return str(choice(*PLANE)(value))
    except ValueError as error:
        raise ValueError(f"{error} (the path of a CSV file works, too)") from None


class PlaneRules(SupervisedRules):
    name = "plane"
    heading = "First networks on the plane"
    datasets = ("xor", "simple", "triples", "points")
    same_on_one_thread = True
    settings = (
        Setting(BATCH_SIZE.name, BATCH_SIZE.about, BATCH_SIZE.default, or_zero(BATCH_SIZE.check)),
        *SUPERVISED,
        Setting("points", "what to learn: a named set of points, or the path of a CSV file of x,y,class",
                "circle", _points, _ON_POINTS, is_file=is_csv),
        Setting("hidden", "units of each hidden layer", (16, 16), numbers(0, 8, 1, 1000), _ON_POINTS),
        Setting("activation", "activation of the hidden layers", "tanh", _ACTIVATION, _ON_POINTS),
    )  # fmt: skip

    def network_settings(self, dataset: str) -> tuple[str, ...]:
        return ("hidden", "activation") if dataset in _ON_POINTS else ()

    def made_networks(self, values: Mapping[str, Any]) -> tuple[Network, ...]:
        """Hidden layers, then softmax with an output a class."""
        layers: list[dict[str, Any]] = [
            {"layer": "Dense", "units": units, "activation": values["activation"]} for units in values["hidden"]
        ]
        layers.append({"layer": "Dense", "units": facts_of("points", values).classes, "activation": "softmax"})
        return tuple(read_networks({"classifier": {"input": [2], "layers": layers}}, self.networks))

    def check_settings(self, preset: Described) -> None:
        super().check_settings(preset)
        if not preset.settings["batch_size"] and preset.dataset not in _ON_POINTS:
            raise ValueError("batch_size must be a whole number from 1 to 1,000,000, not 0")
