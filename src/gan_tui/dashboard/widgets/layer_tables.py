"""A network as a table of layers."""

from collections.abc import Mapping, Sequence
from typing import Any

from textual.content import Content

from gan_tui.presets import layer_table
from gan_tui.text import aligned, clipped, width

Cells = tuple[str, str, str, str]
"""What a layer is, its place in a graph, its output shape, its parameters."""


def layer_cells(rows: Sequence[Mapping[str, Any]]) -> list[Cells]:
    return [
        (*words, layer_table.shape(row["output_shape"]), f"{row['parameters']:,}" if row["parameters"] else "")
        for words, row in zip(layer_table.in_words(rows), rows, strict=True)
    ]


def fitted(cells: Sequence[Cells], columns: int) -> list[str]:
    """A line a layer: where there is no room for all, what it is is cut, then its place, never its numbers."""
    joined = [(kind + place, *numbers) for kind, place, *numbers in cells]
    most = [max(map(width, column)) for column in zip(*joined, strict=True)]
    if sum(most) + 4 > columns:
        cells = [(kind, place, shape.replace(" × ", "×"), parameters) for kind, place, shape, parameters in cells]
        most[1] = max(len(shape) for _, _, shape, _ in cells)
    room = max(_LEAST_NAME, columns - most[1] - most[2] - 4)
    short = [
        (clipped(clipped(kind, max(_LEAST_NAME, room - width(place))) + place, room), *numbers)
        for kind, place, *numbers in cells
    ]
    return aligned(short, right=(2,)).split("\n")


_LEAST_NAME = 8
"""Columns of what a layer is."""


def network_table(name: str, rows: Sequence[Mapping[str, Any]]) -> Content:
    """The totals, and a line a layer: what it is, its output shape, its parameters."""
    cells = [(kind + place, *numbers) for kind, place, *numbers in layer_cells(rows)]
    head, *lines = aligned([("layer", "output", "parameters"), *cells], right=(2,)).split("\n")
    total, trainable = (sum(int(row[key]) for row in rows) for key in ("parameters", "trainable"))
    parts = f"{trainable:,} trainable, {total - trainable:,} non-trainable"
    return Content("\n").join(
        [
            Content.assemble((name, "bold"), f"  {total:,} parameters"),
            Content.styled(parts, "$dim"),
            Content(),
            Content.styled(head, "$dim"),
            *map(Content, lines),
        ]
    )
