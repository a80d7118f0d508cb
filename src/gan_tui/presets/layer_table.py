"""A network as a table of layers: in words, and as plain values for events and screens."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from gan_tui.presets.layers import LayerRow
from gan_tui.presets.networks import Network, listed
from gan_tui.run.layer_words import described


def shape(dimensions: Sequence[int]) -> str:
    """28 × 28 × 1"""
    return " × ".join(str(n) for n in dimensions)


def in_words(rows: Sequence[Mapping[str, Any]]) -> list[tuple[str, str]]:
    """What each row of a layer table is, and what tells where it stands in a graph, which is empty for most.

    ('Conv2D 8 3×3', ' (stem)') where another takes it by its name, ('Add', ' ← stem, body') where it takes others.
    """
    named = {name for row in rows for name in row.get("from", ())}
    return [(str(row.get("layer", row["kind"])), _place(row, named)) for row in rows]


def _place(row: Mapping[str, Any], named: Collection[str]) -> str:
    name = f" ({row['name']})" if row["name"] in named and row["kind"] != "Input" else ""
    return f"{name} ← {', '.join(row['from'])}" if row.get("from") else name


def layer_rows(network: Network) -> list[dict[str, Any]]:
    """The layer table as plain values, for events and screens; the inputs are its first rows.

    A row that takes anything but what the row before it gives has `from`, the names of the rows that it takes.
    """
    rows = [_input(name, list(shape)) for name, shape in network.inputs.items()]
    before = rows[-1]["name"]
    for row in network.rows:
        taken = list(network.sources[row.name])
        rows.append({**_layer(row), **({} if taken == [before] else {"from": taken})})
        before = row.name
    return rows


def _input(name: str, dimensions: list[int]) -> dict[str, Any]:
    return {
        "name": name, "kind": "Input", "layer": name, "output_shape": dimensions, "parameters": 0, "trainable": 0,
    }  # fmt: skip


def _layer(row: LayerRow) -> dict[str, Any]:
    return {
        "name": row.name,
        "kind": row.kind,
        "layer": described(row.kind, row.arguments),
        "arguments": {name: listed(value) for name, value in row.arguments.items()},
        "output_shape": list(row.output_shape),
        "parameters": row.parameters,
        "trainable": row.trainable,
    }
