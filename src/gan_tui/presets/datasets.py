"""The data sets a preset may train on, and what a network must be to fit them."""

import dataclasses
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from gan_tui.data import class_names, flowers, points, shapes, temperatures
from gan_tui.data.layout import is_file
from gan_tui.presets.layers import Shape


def _numbered(count: int) -> tuple[str, ...]:
    return tuple(f"class {n}" for n in range(1, count + 1))


@dataclass(frozen=True)
class DatasetFacts:
    """What a network must fit."""

    shape: Shape
    """One example, channels last."""
    names: tuple[str, ...]
    """What each class is called."""
    count: int | None = None
    """Examples, where gan-tui makes them itself; None where it depends on which files are at hand."""
    make: Callable[[], tuple[Any, Any]] | None = None
    """Makes pictures, (count, height, width) of bytes, in colour with a fourth axis, and the class of each."""
    label: str = ""
    """What the number that is learnt is called, where one is."""

    @property
    def classes(self) -> int:
        return len(self.names)


def _shapes() -> tuple[Any, Any]:
    return shapes.make(shapes.COUNT, shapes.SEED)


def _flowers() -> tuple[Any, Any]:
    return flowers.make(flowers.COUNT, flowers.SEED)


DATASETS = {
    "xor": DatasetFacts((2,), _numbered(2), 4),
    "simple": DatasetFacts((2,), _numbered(2), 2),
    "triples": DatasetFacts((3,), _numbered(3), 3),
    "points": DatasetFacts((2,), _numbered(2)),
    "temperatures": DatasetFacts((1,), (), temperatures.COUNT, label=temperatures.LABEL),
    "shapes": DatasetFacts((8, 8, 1), shapes.NAMES, shapes.COUNT, _shapes),
    "flowers": DatasetFacts((flowers.SIDE, flowers.SIDE, 3), flowers.NAMES, flowers.COUNT, _flowers),
    "mnist": DatasetFacts((28, 28, 1), class_names.DIGITS),
    "fashion-mnist": DatasetFacts((28, 28, 1), class_names.CLOTHES),
}
"""The data sets there are. How many points and classes `points` has depends on a setting: `facts` tells."""


def is_csv(value: object, folder: Path | None = None) -> bool:
    """Whether a value of the setting `points` is the path of a file, within a folder, rather than the name of a set."""
    if not isinstance(value, str) or value in points.PLANE:
        return False
    return value.lower().endswith(".csv") or "/" in value or is_file((folder or Path()) / value)


def facts_of(dataset: str, values: Mapping[str, Any]) -> DatasetFacts:
    known = DATASETS[dataset]
    if dataset != "points":
        return known
    name = values["points"]
    if is_csv(name):
        extent = points.extent(Path(name))
        names = tuple(f"class {n}" for n in range(extent.classes))  # by the numbers in the file
    else:
        extent = points.PLANE[name]
        names = points.CLASS_NAMES.get(name, _numbered(extent.classes))
    return dataclasses.replace(known, names=names, count=extent.count)
