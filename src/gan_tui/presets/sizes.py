"""Sizes of networks that follow the data: "data" for an input, and products such as "height/4 * width/4 * 128".

A preset that writes them fits any data; they are put in before its layers are checked, so that all else knows numbers
alone.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from gan_tui.presets.datasets import DatasetFacts

_SIZED = ("units", "filters", "target_shape", "output_shape", "output_size", "height", "width", "n")
"""What of a layer may follow the data."""
_TERM = re.compile(r"\s*([*/]?)\s*([a-z]+|\d{1,9})\s*", re.ASCII)

_LONGEST = 100
"""Characters of a product."""

Sizes = Mapping[str, int]


def of_data(facts: DatasetFacts) -> Sizes:
    """What a preset may name: height, width, channels and pixels of images, inputs of all, classes."""
    height, width, channels = facts.shape if len(facts.shape) == 3 else (0, 0, 0)
    inputs = 1
    for length in facts.shape:
        inputs *= length
    images = {"height": height, "width": width, "channels": channels} if height else {}
    return {**images, "inputs": inputs, "classes": facts.classes}


def put_in(tables: Mapping[str, Any], facts: DatasetFacts) -> dict[str, Any]:
    """The tables of networks with numbers for sizes that follow the data; what is no table stays for others to refuse.

    Raises ValueError with a sentence that says where, when a name is unknown or a division leaves a rest.
    """
    return {name: _network(f"networks.{name}", table, facts) for name, table in tables.items()}


def follow_data(tables: Mapping[str, Any]) -> bool:
    """Whether any size in the tables of networks follows the data."""
    return any(
        isinstance(size, str)
        for table in tables.values()
        for given in (*_inputs(table).values(), *_sized(table["layers"]))
        for size in (given if isinstance(given, list) else [given])
    )


def _sized(layers: Sequence[Mapping[str, Any]]) -> Iterator[object]:
    """What may follow the data of layers, and of those that they hold."""
    for layer in layers:
        for each in (layer, layer.get("wraps", {})):
            yield from (each.get(key) for key in _SIZED)


def _network(where: str, table: object, facts: DatasetFacts) -> object:
    if not isinstance(table, dict):
        return table
    sizes = of_data(facts)
    layers = table.get("layers")
    changed = dict(table)
    if "input" in table:
        changed["input"] = _shape(f"{where}: input", table["input"], facts)
    if isinstance(inputs := table.get("inputs"), dict):
        changed["inputs"] = {name: _shape(f"{where}: inputs.{name}", given, facts) for name, given in inputs.items()}
    if isinstance(layers, list):
        changed["layers"] = [
            _layer(f"{where}, layer {position}", layer, sizes) for position, layer in enumerate(layers, start=1)
        ]
    return changed


def _inputs(table: Mapping[str, Any]) -> Mapping[str, Any]:
    """Its inputs by name, of a table that is checked."""
    return table.get("inputs") or {"input": table.get("input")}


def _shape(where: str, given: object, facts: DatasetFacts) -> object:
    """What comes in: all of an example, or as it is written."""
    return list(facts.shape) if given == "data" else _value(where, given, of_data(facts))


def _layer(where: str, layer: object, sizes: Sizes) -> object:
    if not isinstance(layer, dict):
        return layer
    held = layer.get("wraps")
    wraps = {"wraps": _sized_table(where, held, sizes)} if isinstance(held, dict) else {}
    return {**_sized_table(where, layer, sizes), **wraps}


def _sized_table(where: str, table: Mapping[str, Any], sizes: Sizes) -> dict[str, Any]:
    return {key: _value(f"{where}: {key}", value, sizes) if key in _SIZED else value for key, value in table.items()}


def _value(where: str, value: object, sizes: Sizes) -> object:
    if isinstance(value, list):
        return [_value(where, item, sizes) for item in value]
    return _product(where, value, sizes) if isinstance(value, str) else value


def _product(where: str, text: str, sizes: Sizes) -> int:
    """The value of a product, from left to right."""
    result, place = 1, 0
    while place < len(text) or not place:
        term = _TERM.match(text, place) if len(text) <= _LONGEST else None
        if term is None or bool(term[1]) != bool(place):
            raise ValueError(f'{where} "{text[:60]}" is no product of sizes, as "height/4 * width/4 * 128" is one')
        number = int(term[2]) if term[2].isdigit() else _named(where, term[2], sizes)
        if term[1] == "/" and (not number or result % number):
            raise ValueError(f'{where} "{text[:60]}" is no whole number for these data')
        result = result // number if term[1] == "/" else result * number
        place = term.end()
    return result


def _named(where: str, name: str, sizes: Sizes) -> int:
    if name not in sizes:
        raise ValueError(f'{where} must be a number, or a product of {", ".join(sizes)} of the data, not "{name}"')
    if not sizes[name]:
        raise ValueError(
            f'{where} "{name}" is for labels, and these data have none; give each class a folder of its own'
        )
    return sizes[name]
