"""The rows of a table as numbers, and what the training part makes of them: means, deviations, words as inputs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gan_tui.data.own.columns import Column, Kind, shown_word
from gan_tui.data.own.table import Table
from gan_tui.data.own.table_text import MISSING, TableText, read_text

Floats = NDArray[np.float64]

VERSION = 1
"""Of what `Scaling.as_document` gives."""


@dataclass(frozen=True, eq=False)
class TableRows:
    """Rows that have a label."""

    inputs: tuple[Column, ...]
    label: Column
    names: tuple[str, ...]
    """Of the classes; none where numbers are learnt."""
    x: Floats
    """(rows, inputs): numbers as they are, NaN where one is missing; of words a 1 at the one that is there."""
    labels: Floats
    """(rows,) as the file has them; NaN for words."""
    classes: NDArray[np.int64]
    """(rows,) numbers of classes; 0 where numbers are learnt."""
    notes: tuple[str, ...] = ()

    def __len__(self) -> int:
        return len(self.x)

    @property
    def input_names(self) -> tuple[str, ...]:
        return tuple(name for column in self.inputs for name in column.inputs)

    @property
    def is_number(self) -> NDArray[np.bool_]:
        """(inputs,) which of them are numbers, and no words."""
        return np.array([c.kind is Kind.NUMBERS for c in self.inputs for _ in c.inputs], bool)

    def with_notes(self, notes: tuple[str, ...]) -> TableRows:
        return replace(self, notes=notes)

    def words(self, row: int) -> list[str]:
        """What a row has in each column, as a person may read it."""
        at, said = 0, []
        for column in self.inputs:
            values = self.x[row, at : at + len(column.inputs)]
            at += len(column.inputs)
            said.append(_number(float(values[0])) if column.kind is Kind.NUMBERS else _word(column, values))
        return said


def _number(value: float) -> str:
    return "?" if np.isnan(value) else f"{value:.6g}"


def _word(column: Column, values: Floats) -> str:
    place = int(values.argmax()) if len(values) else 0
    return column.words[place] if place < len(column.words) else "?"


def read(table: Table) -> TableRows:
    """All rows of a table that have a label. Raises UserError where the file is not what it was."""
    content = read_text(table.text.path)
    x = np.empty((table.count, len(table.input_names)))
    labels, classes = np.full(table.count, np.nan), np.zeros(table.count, np.int64)
    done = 0
    for rows in table.text.chunks(content):
        chosen = [row for row in rows if row[table.label.position].lower() not in MISSING]
        end = done + len(chosen)
        if chosen:
            cells = list(zip(*chosen, strict=True))
            _fill(x[done:end], table, cells)
            labels[done:end], classes[done:end] = _targets(table, cells[table.label.position])
        done = end
    return TableRows(table.inputs, table.label, table.names, x, labels, classes)


def _fill(x: Floats, table: Table, cells: Sequence[Sequence[str]]) -> None:
    at = 0
    for column in table.inputs:
        wide = len(column.inputs)
        if column.kind is Kind.NUMBERS:
            x[:, at] = _numbers(table.text, cells[column.position])
        else:
            places = {word: place for place, word in enumerate(column.words)}
            codes = np.array([places.get(_plain(cell), wide - 1) for cell in cells[column.position]])
            x[:, at : at + wide] = codes[:, None] == np.arange(wide)
        at += wide


def _plain(cell: str) -> str:
    """A word as columns have it; nothing where it is missing."""
    return "" if cell.lower() in MISSING else shown_word(cell)


def _numbers(text: TableText, cells: Sequence[str]) -> list[float]:
    if (numbers := text.all_numbers(cells)) is not None:
        return numbers
    found = [text.number(cell) for cell in cells]
    return [np.nan if number is None else number for number in found]


def _targets(table: Table, cells: Sequence[str]) -> tuple[Any, Any]:
    """(numbers, classes) of a label's cells."""
    if table.label.kind is Kind.WORDS:
        places = {word: place for place, word in enumerate(table.names)}
        return np.nan, [places[shown_word(cell)] for cell in cells]
    numbers = _numbers(table.text, cells)
    places = {word: place for place, word in enumerate(table.names)}
    return numbers, [places[str(int(number))] for number in numbers] if table.names else 0


# What the training part makes of them --------------------------------------------------------------


@dataclass(frozen=True, eq=False)
class Scaling:
    """Means and deviations of a training part; where a column has one value there, its deviation is 1."""

    rows: TableRows
    mean: Floats
    deviation: Floats
    """(inputs,) each; 0 and 1 for words."""
    label_mean: float = 0.0
    label_deviation: float = 1.0
    """Of a label that is a number."""

    @staticmethod
    def of(rows: TableRows, training: NDArray[np.intp]) -> Scaling:
        """That of the rows at some positions."""
        numbers = rows.is_number
        mean, deviation = np.zeros(len(numbers)), np.ones(len(numbers))
        for column in np.flatnonzero(numbers):
            mean[column], deviation[column] = _spread(rows.x[training, column])
        label = (0.0, 1.0) if rows.names else _spread(rows.labels[training])
        return Scaling(rows, mean, deviation, *label)

    def inputs(self) -> NDArray[np.float32]:
        """(rows, inputs) as a network takes them: missing numbers are at the mean."""
        scaled = np.empty(self.rows.x.shape, np.float32)
        scaled[:, ~self.rows.is_number] = self.rows.x[:, ~self.rows.is_number]
        for column in np.flatnonzero(self.rows.is_number):
            values = (self.rows.x[:, column] - self.mean[column]) / self.deviation[column]
            scaled[:, column] = np.where(np.isnan(values), 0.0, values)
        return scaled

    def targets(self) -> NDArray[np.float32]:
        """(rows, 1) of a label that is a number."""
        return ((self.rows.labels - self.label_mean) / self.label_deviation).astype(np.float32)[:, None]

    def as_document(self) -> dict[str, Any]:
        """What was done to each column, as `columns.json` has it beside a network.

        `version` is 1. `inputs` are the columns in the order of the network's inputs: each has its `name`, its `type`
        ("number" or "words"), and `missing`, the share of rows where nothing is known. A number has the `mean` and the
        `deviation` of the training part: the network takes (value - mean) / deviation, and 0 where it is missing. Words
        have `words`: the network takes an input for each, 1 at the one that is there and 0 elsewhere; where `unknown`
        is true, a last one is 1 where the word is missing. `label` has its `name` and `type`: "classes" with `classes`,
        in the order of the network's outputs, or "number" with `mean` and `deviation`: what the network gives, times
        the deviation, plus the mean, is in the label's own units.
        """
        return {"version": VERSION, "inputs": list(self._inputs()), "label": self._label()}

    def _inputs(self) -> Iterator[dict[str, Any]]:
        at = 0
        for column in self.rows.inputs:
            about = {"name": column.name, "missing": round(column.missing / max(column.rows, 1), 6)}
            if column.kind is Kind.NUMBERS:
                numbers = {"mean": float(self.mean[at]), "deviation": float(self.deviation[at])}
                yield {**about, "type": "number", **numbers}
            else:
                yield {**about, "type": "words", "words": list(column.words), "unknown": bool(column.missing)}
            at += len(column.inputs)

    def _label(self) -> dict[str, Any]:
        label = self.rows.label
        if self.rows.names:
            return {"name": label.name, "type": "classes", "classes": list(self.rows.names)}
        return {"name": label.name, "type": "number", "mean": self.label_mean, "deviation": self.label_deviation}


def _spread(values: Floats) -> tuple[float, float]:
    """(mean, deviation) of the values that are known."""
    known = values[~np.isnan(values)]
    if not len(known):
        return 0.0, 1.0
    scale = float(np.abs(known).max()) or 1.0  # so that squares of very large and very small numbers are numbers
    deviation = float((known / scale).std()) * scale
    return float((known / scale).mean()) * scale, 1.0 if is_one_value(known) else deviation


def is_one_value(values: Floats) -> bool:
    """Whether the values that are known are all the same, as far as can be told, or none is known."""
    known = values[~np.isnan(values)]
    if not len(known):
        return True
    scale = float(np.abs(known).max()) or 1.0
    return float((known / scale).std()) <= 1e-12
