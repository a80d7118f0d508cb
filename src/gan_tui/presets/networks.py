"""Networks as stacks of layers: read from a preset's tables, with their layer tables worked out."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from gan_tui.presets import keras_names
from gan_tui.presets.layers import KINDS, LayerRow, Shape, checked_arguments, layer_row
from gan_tui.run import names
from gan_tui.text import harmless, nearest


@dataclass(frozen=True)
class Layer:
    """One layer of a network: a Keras class name, its name in the network, its checked arguments."""

    kind: str
    name: str
    arguments: Mapping[str, Any]


_MOVES = ("Flatten", "Reshape", "GlobalAveragePooling2D")


@dataclass(frozen=True)
class Network:
    """A stack of layers over an input shape."""

    name: str
    input: Shape
    layers: tuple[Layer, ...]

    @cached_property
    def rows(self) -> tuple[LayerRow, ...]:
        """The layer table. Raises ValueError where a layer does not fit the one before it."""
        rows: list[LayerRow] = []
        for position, layer in enumerate(self.layers, start=1):
            shape = rows[-1].output_shape if rows else self.input
            try:
                rows.append(layer_row(layer.name, layer.kind, shape, layer.arguments))
            except ValueError as error:
                raise ValueError(f"networks.{self.name}, layer {position}: {error}") from None
        return tuple(rows)

    @property
    def output(self) -> Shape:
        return self.rows[-1].output_shape

    @property
    def activation(self) -> str:
        """What its output went through last, but for layers that only move or average numbers."""
        for row in reversed(self.rows):
            if row.kind not in _MOVES:
                whole = row.output_shape[-1] == self.output[-1]  # else softmax was taken over other numbers
                named = {"ReLU": "relu", "LeakyReLU": "leaky_relu"}.get(row.kind, "linear")
                return str(row.arguments.get("activation", named)) if whole else "linear"
        return "linear"

    @property
    def parameters(self) -> int:
        return sum(row.parameters for row in self.rows)

    @property
    def trainable(self) -> int:
        return sum(row.trainable for row in self.rows)

    @property
    def fixed(self) -> int:
        return sum(row.fixed for row in self.rows)


def read_networks(tables: Mapping[str, Any], names: Sequence[str]) -> Iterator[Network]:
    """The networks of those names out of a preset's tables. Raises ValueError with a sentence that says where."""
    only(tables, names, "networks: ")
    for name in names:
        if name not in tables:
            raise ValueError(f"networks.{name} is missing; this task trains " + " and ".join(names))
        table = table_at(tables[name], f"networks.{name}")
        only(table, ("input", "layers"), f"networks.{name}: ")
        try:
            shape = KINDS["Reshape"].arguments["target_shape"](table.get("input"))
        except ValueError as error:
            raise ValueError(f"networks.{name}: input {error}") from None
        network = Network(name, shape, tuple(_layers(table.get("layers"), f"networks.{name}")))
        assert network.rows  # works the shapes out, and says which layer does not fit
        yield network


def _layers(value: object, where: str) -> Iterator[Layer]:
    if not isinstance(value, list) or not 1 <= len(value) <= 200:
        raise ValueError(f'{where}: layers must be a list of 1 to 200 layers such as {{layer = "Dense", units = 2}}')
    taken = {"input"}  # what the table calls its first row
    for position, entry in enumerate(value, start=1):
        spot = f"{where}, layer {position}"
        table = dict(table_at(entry, spot))
        kind = table.pop("layer", None)
        if not isinstance(kind, str):
            raise ValueError(f'{spot}: layer is missing; say which, as in {{layer = "Dense", units = 2}}')
        if kind not in KINDS:
            raise ValueError(f'{spot}: unknown layer "{harmless(kind, 60)}", {_instead_of(kind)}')
        name = table.pop("name", None) or _free_name(kind, taken)
        if refusal := names.LAYER.refusal(name):
            raise ValueError(f"{spot}: {refusal}")
        if name in taken:
            raise ValueError(f'{spot}: the name "{name}" is taken in its network; choose another')
        taken.add(name)
        try:
            yield Layer(kind, name, checked_arguments(kind, table))
        except ValueError as error:
            raise ValueError(f"{spot}: {error}") from None


def _instead_of(kind: str) -> str:
    """What to write for a layer that there is not."""
    if same := keras_names.OTHER_NAMES.get(kind):
        return f'write "{same}"'
    return keras_names.lacked(kind, keras_names.LAYERS, KINDS) or nearest(kind, KINDS)


def _free_name(kind: str, taken: set[str]) -> str:
    """Keras's own way of naming: dense, dense_1, dense_2, …"""
    stem = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", kind).lower().replace("2_d", "2d")
    stem = {"leaky_re_lu": "leaky_relu", "re_lu": "relu"}.get(stem, stem)
    return next(name for n in range(1000) if (name := f"{stem}_{n}" if n else stem) not in taken)


def only(table: Mapping[str, Any], known: Sequence[str], where: str) -> None:
    for key in table:
        if key not in known:
            raise ValueError(f'{where}unknown key "{harmless(key, 60)}", {nearest(key, known)}')


def table_at(value: object, where: str) -> Mapping[str, Any]:
    if not isinstance(value, dict):
        raise ValueError(f"{where} must be a table: [{where}]")
    return value


def network_document(network: Network) -> dict[str, Any]:
    layers = [
        {
            "layer": layer.kind,
            "name": layer.name,
            **{key: listed(value) for key, value in layer.arguments.items()},
        }
        for layer in network.layers
    ]
    return {"input": list(network.input), "layers": layers}


def listed(value: object) -> object:
    return list(value) if isinstance(value, tuple) else value
