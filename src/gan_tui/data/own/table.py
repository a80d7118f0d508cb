"""A table whose columns are known, and which of them is learnt from which."""

from __future__ import annotations

from dataclasses import dataclass

from gan_tui.data.own.columns import Column
from gan_tui.data.own.table_text import TableText


@dataclass(frozen=True)
class Table:
    """A table whose columns are known."""

    text: TableText
    others: tuple[Column, ...]
    """All columns but the label, with those that are left out."""
    label: Column
    inputs: tuple[Column, ...]
    """Those that are learnt from."""
    names: tuple[str, ...]
    """Of the classes; none where numbers are learnt."""
    chosen: bool
    """Whether a person named the label."""

    @property
    def input_names(self) -> tuple[str, ...]:
        return tuple(name for column in self.inputs for name in column.inputs)

    @property
    def count(self) -> int:
        """Rows with a label."""
        return self.label.rows - self.label.missing
