"""The layers of any Keras model as rows, for the table and the diagram.

A model that is a graph (Sequential, functional) tells what takes what, also through models within it. A subclassed one
tells its layers in the order in which it got them; how its `call` uses them, nobody knows without running it.
"""

import itertools
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from math import prod
from typing import Any

from gan_tui.integrations.scripts.bounded import plain_name
from gan_tui.integrations.scripts.layer_arguments import arguments_of
from gan_tui.run.layer_words import described
from gan_tui.run.weights import is_kind

MOST_PARTS = 4
"""Models in a subclassed one that are shown as networks of their own: a generator and a discriminator, say."""


@dataclass
class Row:
    """A layer, or another use of one, with its place among others."""

    name: str
    """Unlike any other's of its network; of a layer in a model within it, both names: "encoder.dense"."""
    layer: Any
    shape: Sequence[int | None]
    """Of its output, without the batch."""
    takes: tuple[str, ...] | None = None
    """The rows that it takes; None: the one before it."""
    again: bool = False
    """Whether the layer was in a row before: its weights are counted there."""

    def as_event(self, before: str) -> dict[str, Any]:
        """As `Started.networks` has it."""
        layer, kind = self.layer, type(self.layer).__name__
        arguments: dict[str, Any] = {}
        if isinstance(layer, _OwnWeights):
            kind, words = "weights", "own weights"
        elif kind == "InputLayer":
            kind, words = "Input", "input"
        else:
            arguments = arguments_of(layer)
            words = described(kind, arguments)
        weights = [] if self.again else getattr(layer, "weights", [])
        trainable = [] if self.again else getattr(layer, "trainable_weights", [])
        row = {
            "name": self.name, "kind": kind, "layer": words, "arguments": arguments,
            "output_shape": [int(size or 0) for size in self.shape][:8],
            "parameters": _count(weights), "trainable": _count(trainable),
        }  # fmt: skip
        return row if self.takes is None or self.takes == (before,) else {**row, "from": list(self.takes)}


@dataclass
class Network:
    """A network's rows, under a name that an event may have."""

    name: str
    rows: list[Row] = field(default_factory=list)

    def layers(self) -> Iterator[tuple[str, Any]]:
        """Each layer once, under its row's name."""
        return ((row.name, row.layer) for row in self.rows if not row.again)

    def as_events(self) -> list[dict[str, Any]]:
        """The whole table, as `Started.networks` has it."""
        before = itertools.chain([""], (row.name for row in self.rows))
        return [row.as_event(name) for row, name in zip(self.rows, before, strict=False)]


def networks_of(model: Any) -> list[Network]:
    """The networks that a model is: itself, or the models that a subclassed one is made of."""
    parts = [] if _graph_of(model) else [layer for layer in model.layers if is_kind(layer, "Model")]
    if not 2 <= len(parts) <= MOST_PARTS:
        return [_network(model)]
    others = [layer for layer in model.layers if layer not in parts and layer.weights]
    return [*map(_network, parts), *([_ordered(model, others)] if others else [])]


def _network(model: Any) -> Network:
    graph = _graph_of(model)
    if graph is not None:
        with suppress(AttributeError, KeyError, TypeError):  # a Keras to come, whose graphs are kept in another way
            return _Walk(model.name).through(graph)
    return _ordered(model, model.layers)


def _graph_of(model: Any) -> Any | None:
    """What knows a model's graph, where it is one."""
    if is_kind(model, "Sequential"):
        return getattr(model, "_functional", None)
    return model if is_kind(model, "Functional") else None


# Subclassed models ------------------------------------------------------------------------------------------------


def _ordered(model: Any, layers: Sequence[Any]) -> Network:
    """Layers as they were given to a model; and the weights that it has itself."""
    names, network = Names(), Network(plain_name(model.name))
    found = list(_leaves(layers, ""))
    network.rows = [Row(names.another(path), layer, _output_shape(layer)) for path, layer in found]
    held = {id(weight) for _, layer in found for weight in layer.weights}
    own = [weight for weight in model.weights if id(weight) not in held]
    if own and len(layers) == len(model.layers):
        network.rows.append(Row(names.another(model.name), _OwnWeights(own), ()))
    return network


class _OwnWeights:
    """Weights that a model has beside those of its layers."""

    def __init__(self, weights: list[Any]) -> None:
        self.weights, self.trainable_weights = weights, [weight for weight in weights if weight.trainable]


def _leaves(layers: Sequence[Any], within: str) -> Iterator[tuple[str, Any]]:
    """Layers, and those of models among them, which are seen through."""
    for layer in layers:
        if is_kind(layer, "Model") and layer.layers:
            yield from _leaves(layer.layers, f"{within}{layer.name}.")
        else:
            yield f"{within}{layer.name}", layer


def _output_shape(layer: Any) -> Sequence[int | None]:
    """Without the batch; () where the layer does not tell it."""
    with suppress(AttributeError, ValueError):
        output = layer.output
        return tuple((output[0] if isinstance(output, list | tuple) else output).shape)[1:]
    with suppress(Exception):  # somebody's own layer may raise anything
        taken = list(layer.get_build_config()["input_shape"])
        return tuple(layer.compute_output_shape(tuple(taken)))[1:]
    return ()


# Graphs -----------------------------------------------------------------------------------------------------------


class _Walk:
    """Goes through a graph, and through the graphs of models in it, in the order in which Keras runs them."""

    def __init__(self, name: str) -> None:
        self._network, self._names = Network(plain_name(name)), Names()
        self._made: dict[int, str] = {}
        """Tensor → the row that gives it."""
        self._seen: set[int] = set()

    def through(self, graph: Any) -> Network:
        self._go(graph, "")
        return self._network

    def _go(self, graph: Any, within: str) -> None:
        by_depth = graph._nodes_by_depth
        for node in (node for depth in sorted(by_depth, reverse=True) for node in by_depth[depth]):
            if node.is_input:
                self._enter(node, within)
            else:
                self._step(node, within)

    def _enter(self, node: Any, within: str) -> None:
        """An input: a row of the whole model's alone; that of a model within it is what is given to that."""
        for tensor in node.outputs:
            if id(tensor) not in self._made:
                self._made[id(tensor)] = self._row(node.operation, within, tensor, None)

    def _step(self, node: Any, within: str) -> None:
        layer, sources = node.operation, [self._made[id(tensor)] for tensor in node.arguments.keras_tensors]
        inner = _graph_of(layer)
        if inner is not None:
            for tensor, name in zip(inner.inputs, sources, strict=False):
                self._made[id(tensor)] = name
            self._go(inner, f"{within}{layer.name}.")
            given = [self._made[id(tensor)] for tensor in inner.outputs]
            self._made |= {id(tensor): name for tensor, name in zip(node.outputs, given, strict=True)}
            return
        name = self._row(layer, within, node.outputs[0], tuple(dict.fromkeys(sources)))
        self._made |= {id(tensor): name for tensor in node.outputs}

    def _row(self, layer: Any, within: str, output: Any, takes: tuple[str, ...] | None) -> str:
        name = self._names.another(f"{within}{layer.name}")
        again = id(layer) in self._seen
        self._seen.add(id(layer))
        self._network.rows.append(Row(name, layer, tuple(output.shape)[1:], takes, again))
        return name


# Names ------------------------------------------------------------------------------------------------------------


class Names:
    """Names that events may have, each of them once."""

    def __init__(self) -> None:
        self._taken: Counter[str] = Counter()

    def another(self, wanted: str) -> str:
        """A name like the wanted one: "dense", then "dense.2"."""
        name = plain_name(wanted)
        while self._taken[name]:
            self._taken[name] += 1
            name = plain_name(f"{name}.{self._taken[name]}")
        self._taken[name] += 1
        return name


def _count(weights: Sequence[Any]) -> int:
    return sum(prod(weight.shape) for weight in weights)
