"""A network as a table of layers."""

from collections.abc import Mapping, Sequence
from typing import Any

from textual.content import Content

from gan_tui.presets import layer_table
from gan_tui.text import aligned, clipped, width


def layer_cells(rows: Sequence[Mapping[str, Any]]) -> list[tuple[str, str, str]]:
    """(what it is, its output shape, its parameters) of each layer."""
    return [
        (
            str(row.get("layer", row["kind"])),
            layer_table.shape(row["output_shape"]),
            f"{row['parameters']:,}" if row["parameters"] else "",
        )
        for row in rows
    ]


def fitted(cells: Sequence[tuple[str, str, str]], columns: int) -> list[str]:
    """A line a layer: where there is no room for all, what it is is cut, never its numbers."""
    wide = [max(width(row[n]) for row in cells) for n in range(3)]
    if sum(wide) + 4 > columns:
        cells = [(name, shape.replace(" × ", "×"), parameters) for name, shape, parameters in cells]
        wide[1] = max(len(shape) for _, shape, _ in cells)
    room = max(_LEAST_NAME, columns - wide[1] - wide[2] - 4)
    short = [(clipped(name, room), *numbers) for name, *numbers in cells]
    return aligned(short, right=(2,)).split("\n")


_LEAST_NAME = 8
"""Columns of what a layer is."""


def network_table(name: str, rows: Sequence[Mapping[str, Any]]) -> Content:
    """The totals, and a line a layer: what it is, its output shape, its parameters."""
    head, *lines = aligned([("layer", "output", "parameters"), *layer_cells(rows)], right=(2,)).split("\n")
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
