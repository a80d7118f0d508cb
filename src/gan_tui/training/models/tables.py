"""Tables made ready for training: parted, put on the scale of the training part, and what is told of them."""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gan_tui.data import temperatures
from gan_tui.data.own import tables
from gan_tui.data.own.columns import Column, Kind
from gan_tui.data.own.table_rows import Scaling, TableRows, is_one_value
from gan_tui.presets import Preset
from gan_tui.presets.own_data import found_again
from gan_tui.presets.plan import batch_size, made_by
from gan_tui.text import counted
from gan_tui.training.models.examples import Dataset, Examples, lacking, parted, stratified, targets

COLUMNS_FILE = "columns.json"
"""What was done to each column, in a run's folder and beside its networks; `Scaling.as_document` says what is in it."""
MOST_TOLD, MOST_POINTS, MOST_COLUMNS = 64, 2000, 8
"""Rows whose answers are told one by one, points on a plane, and columns that are told of a row."""
MARGIN = 0.04
"""Of a range, at either end, so that no point lies on an edge."""


@dataclass(frozen=True)
class TableDataset(Dataset):
    """A table's rows, and how they became what they are."""

    scaling: Scaling | None = None
    training: NDArray[np.intp] | None = None
    """The places of the training part among all rows."""
    held_back: NDArray[np.intp] | None = None

    def sha256(self) -> str:
        """Of all examples, and of what was done to each column."""
        return hashlib.sha256(super().sha256().encode() + self.document()).hexdigest()

    def sum(self) -> int:
        """Of all numbers as the file has them: what a network is given follows from which rows it learns."""
        assert self.scaling is not None
        rows = self.scaling.rows
        parts = (np.ascontiguousarray(part).view(np.uint8) for part in (rows.x, rows.labels, rows.classes))
        return sum(int(part.sum(dtype=np.uint64)) for part in parts)

    def document(self) -> bytes:
        """The content of `COLUMNS_FILE`."""
        assert self.scaling is not None
        return json.dumps(self.scaling.as_document(), indent=1, ensure_ascii=False).encode() + b"\n"


def table_dataset(preset: Preset) -> TableDataset:
    """The table of a preset. Raises UserError where it is not the one that a run began with, or has too few rows."""
    rows, name, origin = _rows(preset)
    share, seed = preset.settings["validation_split"], preset.settings["seed"]
    held_back = stratified(rows.classes, share, seed)
    training = np.setdiff1d(np.arange(len(rows)), held_back)
    scaling = Scaling.of(rows, training)
    whole = Examples(scaling.inputs(), targets(preset, rows.classes) if rows.names else scaling.targets())
    train, validation = parted(whole, held_back)
    batch = batch_size(preset, len(train))
    notes = (
        *rows.notes, *lacking(rows.classes, held_back, rows.names), *_all_the_same(rows, held_back),
        *_vary_elsewhere(rows, training),
    )  # fmt: skip
    return TableDataset(
        name, origin, train, validation, batch, notes=notes, scaling=scaling, training=training,
        held_back=held_back,
    )  # fmt: skip


def _all_the_same(rows: TableRows, held_back: NDArray[np.intp]) -> Iterator[str]:
    """A note where the numbers that are held back do not differ: then there is nothing of them to explain."""
    if not rows.names and len(held_back) > 1 and np.ptp(rows.labels[held_back]) == 0:
        alike = f"{counted(len(held_back), 'row')} held back all have the same {rows.label.name}"
        yield f"the {alike}, so R² says nothing of them; another seed, or a greater validation_split, holds others back"


def _vary_elsewhere(rows: TableRows, training: NDArray[np.intp]) -> Iterator[str]:
    """A note where numbers are all the same in the training part, and others in what is held back."""
    of = zip(rows.input_names, rows.x.T, rows.is_number, strict=True)
    if names := [name for name, column, number in of if number and _varies_elsewhere(column, training)]:
        more = f" and {len(names) - 5:,} more" if len(names) > 5 else ""
        elsewhere = "are all the same in the training part, and others are held back"
        yield f"nothing can be learnt from {', '.join(names[:5])}{more}: the numbers {elsewhere}"
    if not rows.names and _varies_elsewhere(rows.labels, training):
        yield f"{rows.label.name} is the same in all of the training part, so there is nothing to learn"


def _varies_elsewhere(column: NDArray[np.float64], training: NDArray[np.intp]) -> bool:
    return is_one_value(column[training]) and not is_one_value(column)


def _rows(preset: Preset) -> tuple[TableRows, str, str]:
    """(rows, name, origin)"""
    if not preset.found:
        return _made(), preset.dataset, made_by(preset)
    found = found_again(preset.rules, preset.settings, preset.found)
    rows = tables.rows(Path(preset.settings["data"]), preset.settings["label"], as_numbers=not found.names)
    return rows.with_notes(found.notes), found.name, str(found.path)


def _made() -> TableRows:
    """The table that gan-tui makes."""
    hours, measured = temperatures.make()
    columns = (
        Column(name, place, Kind.NUMBERS, 0, len(hours), float(values.min()), float(values.max()))
        for place, (name, values) in enumerate(((temperatures.INPUT, hours), (temperatures.LABEL, measured)))
    )
    hour, temperature = columns
    return TableRows((hour,), temperature, (), hours[:, None], measured, np.zeros(len(hours), np.int64))


# What is told of it --------------------------------------------------------------


@dataclass(frozen=True)
class Axis:
    """A range of a column in its own units."""

    name: str
    low: float
    high: float


def axes_of(dataset: TableDataset) -> list[Axis]:
    """The ranges of a table's inputs, a little beyond all rows, where they are one or two numbers; else none."""
    assert dataset.scaling is not None
    rows = dataset.scaling.rows
    if not rows.is_number.all() or len(rows.inputs) > 2:
        return []
    return [_axis(column.name, rows.x[:, place]) for place, column in enumerate(rows.inputs)]


def _axis(name: str, values: NDArray[np.float64]) -> Axis:
    known = values[~np.isnan(values)]
    low, high = (float(known.min()), float(known.max())) if len(known) else (0.0, 1.0)
    beyond = MARGIN * (high - low) or 1.0
    return Axis(name, low - beyond, high + beyond)


def shown_places(dataset: TableDataset, most: int) -> NDArray[np.intp]:
    """The places, among all rows, of those whose answers are told: held back, where some are, and evenly chosen."""
    part = dataset.held_back if dataset.validation is not None else dataset.training
    assert part is not None
    return part[np.linspace(0, len(part) - 1, min(len(part), most)).astype(np.intp)]


def shown_examples(dataset: TableDataset, most: int) -> Examples:
    """Those rows as a network takes them."""
    assert dataset.scaling is not None
    inputs, places = dataset.scaling.inputs(), shown_places(dataset, most)
    return Examples(inputs[places], np.zeros(len(places), np.float32))


def told(dataset: TableDataset, most: int = MOST_TOLD) -> dict[str, Any]:
    """What a run tells of its table: rows whose answers it tells, in their own units, and how to read an answer."""
    assert dataset.scaling is not None
    rows, places = dataset.scaling.rows, shown_places(dataset, most)
    axes = [vars(axis) for axis in axes_of(dataset)]
    about = {
        "label": rows.label.name, "held_back": dataset.validation is not None, "axes": axes,
        "columns": [column.name for column in rows.inputs[:MOST_COLUMNS]],
    }  # fmt: skip
    if rows.names:
        texts = [rows.words(place)[:MOST_COLUMNS] for place in places.tolist()]
        return {**about, "rows": texts, "truth": rows.classes[places].tolist()}
    numbers = {"mean": dataset.scaling.label_mean, "deviation": dataset.scaling.label_deviation}
    over = {"x": np.nan_to_num(rows.x[places, 0], nan=dataset.scaling.mean[0]).tolist()} if len(axes) == 1 else {}
    return {**about, **numbers, **over, "truth": rows.labels[places].tolist()}


def points_of(dataset: TableDataset) -> list[list[float]] | None:
    """[x, y, class] of rows of the training part, x and y as shares of their axes; None where there is no plane."""
    axes = axes_of(dataset)
    assert dataset.scaling is not None and dataset.training is not None
    rows, part = dataset.scaling.rows, dataset.training
    if len(axes) != 2 or not rows.names:
        return None
    places = part[np.linspace(0, len(part) - 1, min(len(part), MOST_POINTS)).astype(np.intp)]
    places = places[~np.isnan(rows.x[places]).any(axis=1)]
    low, high = (np.array([getattr(axis, end) for axis in axes]) for end in ("low", "high"))
    shares = ((rows.x[places] - low) / (high - low)).round(5)
    return np.column_stack([shares, rows.classes[places]]).tolist() or None
