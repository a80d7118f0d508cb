"""Networks as tables of layers."""

from collections.abc import Mapping, Sequence
from typing import Any

from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Static

from gan_tui import tables


def network_table(name: str, rows: Sequence[Mapping[str, Any]]) -> Content:
    """The totals, and a line a layer: what it is, its output shape, its parameters."""
    cells = [
        (
            str(row.get("layer", row["kind"])),
            tables.shape(row["output_shape"]),
            f"{row['parameters']:,}" if row["parameters"] else "",
        )
        for row in rows
    ]
    head, *lines = tables.aligned([("layer", "output", "parameters"), *cells], right=(2,)).split("\n")
    total, trainable = (sum(int(row[key]) for row in rows) for key in ("parameters", "trainable"))
    parts = f"trainable {trainable:,}, not trainable {total - trainable:,}"
    return Content("\n").join(
        [
            Content.assemble((name, "bold"), f"  {total:,} parameters"),
            Content.styled(parts, "$dim"),
            Content(),
            Content.styled(head, "$dim"),
            *map(Content, lines),
        ]
    )


class LayerTables(VerticalScroll):
    """The layer tables of a run, one below the other."""

    DEFAULT_CSS = """
    LayerTables { padding: 0 1; }
    LayerTables Static { width: auto; padding-bottom: 1; }
    """

    def __init__(self) -> None:
        super().__init__()
        self._networks: Mapping[str, Any] | None = None

    def compose(self) -> ComposeResult:
        yield Static("The layers come once the networks are built.", markup=False)

    def show(self, networks: Mapping[str, Any]) -> None:
        if networks is self._networks:
            return
        self._networks = networks
        shown = Content("\n\n").join([network_table(name, rows) for name, rows in networks.items()])
        self.query_one(Static).update(shown)
