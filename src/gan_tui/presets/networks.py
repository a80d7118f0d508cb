"""Networks as layers that take what others give: read from a preset's tables, with their layer tables worked out."""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from gan_tui.presets import graphs
from gan_tui.presets.checks import shown
from gan_tui.presets.layers import (
    KINDS,
    LayerRow,
    Merging,
    Shape,
    UnlikeShapesError,
    checked_arguments,
    ends_in,
    instead_of,
    layer_row,
)
from gan_tui.run import names
from gan_tui.text import harmless, nearest

MOST_LAYERS = 1000
"""In one network: EfficientNetB7 has 813."""


@dataclass(frozen=True)
class Layer:
    """One layer of a network: a Keras class name, its name in the network, its checked arguments."""

    kind: str
    name: str
    arguments: Mapping[str, Any]
    sources: tuple[str, ...] = ()
    """The layers and inputs whose outputs it takes, by name; none: the layer before it."""


_WITHIN = ("Average", "Maximum", "Minimum")
"""Kinds that give nothing beyond what they are given."""


@dataclass(frozen=True)
class Network:
    """Layers over inputs, each of which takes what the one before it gives, or what others above it do.

    What the last layer gives is its output.
    """

    name: str
    inputs: Mapping[str, Shape]
    layers: tuple[Layer, ...]

    @property
    def input(self) -> Shape:
        """The shape of its first input."""
        return next(iter(self.inputs.values()))

    @cached_property
    def sources(self) -> Mapping[str, tuple[str, ...]]:
        """Each layer's name → the layers and inputs whose outputs it takes, by name."""
        before = [next(iter(self.inputs)), *(layer.name for layer in self.layers)]
        return {layer.name: layer.sources or (name,) for layer, name in zip(self.layers, before, strict=False)}

    @property
    def is_stack(self) -> bool:
        """Whether it has one input, and each layer takes what the one before it gives, and nothing else."""
        plain = not any(layer.sources or isinstance(KINDS[layer.kind], Merging) for layer in self.layers)
        return plain and len(self.inputs) == 1

    @cached_property
    def rows(self) -> tuple[LayerRow, ...]:
        """The layer table. Raises ValueError where a layer does not fit what it takes."""
        rows: dict[str, LayerRow] = {}
        shapes = dict(self.inputs)
        for position, layer in enumerate(self.layers, start=1):
            sources = self.sources[layer.name]
            given = [shapes[source] for source in sources]
            try:
                rows[layer.name] = layer_row(layer.name, layer.kind, given, layer.arguments)
            except UnlikeShapesError as error:
                raise ValueError(f"networks.{self.name}, layer {position}: {error.told(layer.kind, sources)}") from None
            except ValueError as error:
                raise ValueError(f"networks.{self.name}, layer {position}: {error}") from None
            shapes[layer.name] = rows[layer.name].output_shape
        return tuple(rows.values())

    @property
    def output(self) -> Shape:
        return self.rows[-1].output_shape

    @property
    def activation(self) -> str:
        """What its output went through last, but for layers that only move, average or choose among numbers; "linear"
        where it came several ways that differ.
        """
        ends = dict.fromkeys(self.inputs, "linear")
        for row in self.rows:
            ends[row.name] = self._end(row, {ends[source] for source in self.sources[row.name]})
        return ends[self.layers[-1].name]

    def _end(self, row: LayerRow, before: Collection[str]) -> str:
        """What a layer's output went through last, where what it takes went through these."""
        if KINDS[row.kind].moves or row.kind in _WITHIN:
            (*others, last) = before
            mixed = bool(others) or (last == "softmax" and row.kind in ("Maximum", "Minimum"))  # which sum to 1 no more
            return "linear" if mixed else last
        whole = row.output_shape[-1] == self.output[-1]  # else softmax was taken over other numbers
        return ends_in(row.kind, row.arguments) if whole else "linear"

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
        where = f"networks.{name}"
        only(table, ("input", "inputs", "layers"), f"{where}: ")
        inputs = graphs.inputs_of(table, where)
        network = Network(name, inputs, tuple(_joined(inputs, table.get("layers"), where)))
        assert network.rows  # works the shapes out, and says which layer does not fit
        graphs.refuse_unused(network.sources, inputs, where)
        yield network


def _joined(inputs: Mapping[str, Shape], value: object, where: str) -> Iterator[Layer]:
    """The layers, each with the sources that its `from` names."""
    layers, given = zip(*_layers(inputs, value, where), strict=True)
    sources = graphs.sources([layer.name for layer in layers], given, inputs, where)
    return map(lambda layer, taken: replace(layer, sources=taken), layers, sources)


def _layers(inputs: Mapping[str, Shape], value: object, where: str) -> Iterator[tuple[Layer, object]]:
    """Each layer by itself, and the value of its `from`."""
    if not isinstance(value, list) or not 1 <= len(value) <= MOST_LAYERS:
        such_as = '{layer = "Dense", units = 2}'
        raise ValueError(f"{where}: layers must be a list of 1 to {MOST_LAYERS:,} layers such as {such_as}")
    taken = set(inputs)  # what the table calls its first rows
    for position, entry in enumerate(value, start=1):
        spot = f"{where}, layer {position}"
        if not isinstance(entry, dict):
            raise ValueError(f'{spot} must be a table such as {{layer = "Dense", units = 2}}, not {shown(entry)}')
        table = dict(entry)
        kind = table.pop("layer", None)
        if why := instead_of(kind):
            raise ValueError(f"{spot}: {why}")
        name = table.pop("name", None) or _free_name(kind, taken)
        if refusal := names.LAYER.refusal(name):
            raise ValueError(f"{spot}: {refusal}")
        if name in taken:
            raise ValueError(f'{spot}: the name "{name}" is taken in its network; choose another')
        taken.add(name)
        sources = table.pop("from", None)
        try:
            yield Layer(kind, name, checked_arguments(kind, table)), sources
        except ValueError as error:
            raise ValueError(f"{spot}: {error}") from None


def _free_name(kind: str, taken: set[str]) -> str:
    """Keras's own way of naming: dense, dense_1, dense_2, …"""
    stem = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", kind).lower()
    stem = _STEMS.get(stem, re.sub(r"(\d)_d", r"\1d", stem))
    return next(name for n in range(1000) if (name := f"{stem}_{n}" if n else stem) not in taken)


_STEMS = {
    "leaky_re_lu": "leaky_relu", "re_lu": "relu", "pre_lu": "prelu",
    "contrast_limited_adaptive_histogram_equalization": "clahe",
}  # fmt: skip


def only(table: Mapping[str, Any], known: Sequence[str], where: str) -> None:
    for key in table:
        if key not in known:
            raise ValueError(f'{where}unknown key "{harmless(key, 60)}", {nearest(key, known)}')


def table_at(value: object, where: str) -> Mapping[str, Any]:
    if not isinstance(value, dict):
        raise ValueError(f"{where} must be a table: [{where}]")
    return value


def network_document(network: Network) -> dict[str, Any]:
    inputs = {name: list(shape) for name, shape in network.inputs.items()}
    return {
        **(inputs if list(inputs) == [graphs.INPUT] else {"inputs": inputs}),
        "layers": [*map(_written, network.layers)],
    }


def _written(layer: Layer) -> dict[str, Any]:
    one, *others = layer.sources or ("",)
    return {
        "layer": layer.kind,
        "name": layer.name,
        **({"from": [one, *others] if others else one} if one else {}),
        **{key: listed(value) for key, value in layer.arguments.items()},
    }


def listed(value: object) -> object:
    """With lists for tuples, also within, as documents have them."""
    if isinstance(value, dict):
        return {key: listed(each) for key, each in value.items()}
    return [listed(each) for each in value] if isinstance(value, list | tuple) else value
