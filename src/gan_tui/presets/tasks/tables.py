"""The settings of whatever learns tables, and the networks that are made from some of them."""

from collections.abc import Iterator, Mapping
from typing import Any

from gan_tui.presets import keras_names
from gan_tui.presets.checks import choice, column, numbers, path
from gan_tui.presets.datasets import DatasetFacts
from gan_tui.presets.layers import ACTIVATIONS
from gan_tui.presets.networks import Network, read_networks
from gan_tui.presets.settings import Setting
from gan_tui.presets.tasks.base import Described

_ACTIVATION = choice(*ACTIVATIONS, of_keras=keras_names.ACTIVATIONS)


def table_settings(*datasets: str) -> tuple[Setting, ...]:
    """What says which table is learnt, on some data sets; none named: all."""
    return (
        Setting("data", "your own table, a CSV or TSV file; empty means the preset's data",
                "", path, datasets, is_place=lambda value: True),
        Setting("label", "the column of your table to learn, by its name or number; empty means the last",
                "", column, datasets),
    )  # fmt: skip


def network_settings(*datasets: str) -> tuple[Setting, ...]:
    """What a network is made from where a preset writes none out."""
    return (
        Setting("hidden", "units of each hidden layer", (16, 16), numbers(0, 8, 1, 1000), datasets),
        Setting("activation", "activation of the hidden layers", "tanh", _ACTIVATION, datasets),
    )


def made_network(
    name: str, values: Mapping[str, Any], facts: DatasetFacts, outputs: int, ends_in: str
) -> tuple[Network, ...]:
    """A network of hidden layers and one with the outputs."""
    layers: list[dict[str, Any]] = [
        {"layer": "Dense", "units": units, "activation": values["activation"]} for units in values["hidden"]
    ]
    layers.append({"layer": "Dense", "units": outputs, "activation": ends_in})
    return tuple(read_networks({name: {"input": list(facts.shape), "layers": layers}}, (name,)))


def without_table(preset: Described) -> Iterator[tuple[str, str]]:
    """(setting, when) of what changes nothing without a table of a person's own."""
    if preset.settings.get("label") and not preset.settings["data"]:
        yield "label", "without data"
