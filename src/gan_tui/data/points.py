"""Points with classes for first networks: named sets in the unit square, and CSV files of `x,y,class`.

Everything but arrays themselves works without numpy, so that a menu can name the sets and count a file's classes
at once.
"""

from __future__ import annotations

import errno
import os
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

from gan_tui.errors import UserError
from gan_tui.system import untrusted_files
from gan_tui.text import harmless

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]

LARGEST_FILE = 1_000_000
"""Bytes; a longer CSV is refused unread."""
MOST_POINTS = 10_000
CLASSES = 10
"""A CSV's classes are whole numbers below this."""
COLUMNS = ("x", "y", "class")


@dataclass(frozen=True)
class Extent:
    """How many points a set has, and how many classes."""

    count: int
    classes: int


PLANE = {
    "xor": Extent(4, 2),
    "simple": Extent(2, 2),
    "circle": Extent(400, 2),
    "ring": Extent(400, 2),
    "spiral": Extent(400, 2),
    "checkerboard": Extent(400, 2),
    "smiley": Extent(600, 3),
}
"""The named sets that lie in the unit square."""

CLASS_NAMES = {
    "circle": ("outside", "inside"),
    "ring": ("off the ring", "on the ring"),
    "smiley": ("face", "eyes and mouth", "outside"),
}
"""Names of classes, for the sets whose classes are more than numbers."""


@dataclass(frozen=True, eq=False)
class Points:
    """x (n, d) float32, and classes (n,) of whole numbers from 0."""

    x: NDArray[np.float32]
    classes: NDArray[np.int64]

    @property
    def count_classes(self) -> int:
        """One more than the highest class: a class number between that no point has counts, too."""
        return int(self.classes.max()) + 1


# Named sets --------------------------------------------------------------


def make(name: str) -> Points:
    """A named set, the same at every call: one of `PLANE`, or "triples" (three inputs, three classes).

    Raises KeyError for another name.
    """
    import numpy as np

    x, classes = _MAKERS[name]()
    return Points(np.clip(np.asarray(x, np.float32), 0, 1), np.asarray(classes, np.int64))


def _xor() -> tuple[object, object]:
    return [[0, 0], [0, 1], [1, 0], [1, 1]], [0, 1, 1, 0]


def _simple() -> tuple[object, object]:
    return [[0, 1], [1, 0]], [0, 1]


def _triples() -> tuple[object, object]:
    """001 is class 0, 100 class 1, 010 class 2."""
    return [[0, 0, 1], [1, 0, 0], [0, 1, 0]], [0, 1, 2]


def _circle() -> tuple[Floats, Ints]:
    """Whether a point lies in the disc of radius 0.35 around the middle; none lies near its edge."""
    points = _scattered(20, seed=1)
    return _away_from_edges(points, (0.35,)), (_radius(points) < 0.35).astype("int64")


def _ring() -> tuple[Floats, Ints]:
    """Whether a point lies on the ring of radii 0.2 to 0.38; none lies near its edges."""
    points = _scattered(20, seed=2)
    radius = _radius(points)
    return _away_from_edges(points, (0.2, 0.38)), ((radius > 0.2) & (radius < 0.38)).astype("int64")


def _spiral() -> tuple[Floats, Ints]:
    """Two arms of 200 points, one and a half turns each, a little shaken."""
    import numpy as np

    along = np.sqrt(np.linspace(0.004, 1, 200))  # as many points to a length everywhere
    angle = np.concatenate([3 * np.pi * along, 3 * np.pi * along + np.pi])
    arms = 0.5 + 0.46 * np.tile(along, 2)[:, None] * np.stack([np.cos(angle), np.sin(angle)], axis=1)
    return arms + np.random.default_rng(3).normal(0, 0.006, arms.shape), np.repeat([0, 1], 200)


def _checkerboard() -> tuple[Floats, Ints]:
    """4 x 4 fields of 25 points each, every other field of the other class."""
    points = _scattered(20, seed=4)
    fields = (points * 4).astype("int64")
    return points, fields.sum(axis=1) % 2


def _smiley() -> tuple[Floats, Ints]:
    """A face with two eyes and a smile, y upwards: 200 points each of face, features and the outside."""
    import numpy as np

    random, found = np.random.default_rng(5), []
    candidates = random.permutation(_scattered(140, seed=5))
    radius, features = _radius(candidates), _is_feature(candidates, 0.0)
    parts = (
        (radius < 0.44) & ~_is_feature(candidates, 0.025),
        features,
        (radius > 0.48),
    )
    for part in parts:
        found.append(_spread(candidates[part], 200))
    return np.concatenate(found), np.repeat([0, 1, 2], 200)


def _is_feature(points: Floats, margin: float) -> NDArray[np.bool_]:
    """Whether points lie in the eyes or the mouth, or within a margin around them."""
    import numpy as np

    eyes = [np.hypot(*(points - eye).T) < 0.075 + margin for eye in ((0.34, 0.64), (0.66, 0.64))]
    below = np.arctan2(points[:, 1] - 0.5, points[:, 0] - 0.5)  # -π/2 is straight down
    mouth = (np.abs(_radius(points) - 0.27) < 0.04 + margin) & (np.abs(below + np.pi / 2) < 1.1 + 3 * margin)
    return np.asarray(eyes[0] | eyes[1] | mouth)


_MAKERS: dict[str, Callable[[], tuple[object, object]]] = {
    "xor": _xor, "simple": _simple, "circle": _circle, "ring": _ring, "spiral": _spiral,
    "checkerboard": _checkerboard, "smiley": _smiley, "triples": _triples,
}  # fmt: skip


def _scattered(side: int, seed: int) -> Floats:
    """(side², 2) points, each somewhere in a field of its own: at random, yet without holes."""
    import numpy as np

    corner = np.stack(np.meshgrid(np.arange(side), np.arange(side)), axis=-1).reshape(-1, 2)
    return (corner + np.random.default_rng(seed).uniform(0.1, 0.9, corner.shape)) / side


def _radius(points: Floats) -> Floats:
    """Distances from the middle of the unit square."""
    import numpy as np

    return np.asarray(np.hypot(*(points - 0.5).T))


def _away_from_edges(points: Floats, radii: tuple[float, ...], margin: float = 0.015) -> Floats:
    """Points that lie nearer to a circle than the margin, moved off it, each on its own side."""
    import numpy as np

    radius = _radius(points)
    for edge in radii:
        near = np.abs(radius - edge) < margin
        radius_after = np.where(near, np.where(radius < edge, edge - margin, edge + margin), radius)
        points = 0.5 + (points - 0.5) * (radius_after / radius)[:, None]
    return points


def _spread(candidates: Floats, count: int) -> Floats:
    """So many of the candidates, each the farthest from those before it."""
    import numpy as np

    chosen = [0]
    distance = np.full(len(candidates), np.inf)
    for _ in range(count - 1):
        distance = np.minimum(distance, np.hypot(*(candidates - candidates[chosen[-1]]).T))
        chosen.append(int(distance.argmax()))
    return candidates[chosen]


# CSV files --------------------------------------------------------------


def read_csv(path: Path) -> Points:
    """The points of a CSV file of `x,y,class`, a header line or none.

    x and y lie in 0…1, classes are 0…9. Raises UserError: one sentence with the file, and where one can be named
    the line and the column, and what was expected.
    """
    import numpy as np

    rows = _rows(path)
    return Points(np.array([row[:2] for row in rows], np.float32), np.array([row[2] for row in rows], np.int64))


def extent(path: Path) -> Extent:
    """What a CSV file holds, without numpy. Raises UserError as `read_csv` does."""
    try:
        state = path.stat()
    except (OSError, ValueError):
        return _extent(path, None)  # says why
    return _extent(path, (state.st_ino, state.st_size, state.st_mtime_ns))


@lru_cache(maxsize=8)
def _extent(path: Path, version: tuple[int, ...] | None) -> Extent:
    """The extent of a file in one of its versions; a form asks at every key."""
    rows = _rows(path)
    return Extent(len(rows), max(row[2] for row in rows) + 1)


def write_csv(path: Path, points: Points) -> None:
    """Write points as `read_csv` reads them, to the last bit; the file is complete or as it was before.

    Raises OSError when the disk is full or the folder cannot be written.
    """
    import tempfile  # takes its time, and a menu never writes

    lines = [",".join(COLUMNS)]
    lines += [f"{x!s},{y!s},{kind}" for (x, y), kind in zip(points.x, points.classes.tolist(), strict=True)]
    descriptor, making = tempfile.mkstemp(prefix=f".{path.name[:40]}.", dir=path.parent)
    try:
        with os.fdopen(descriptor, "w", encoding="ascii", newline="") as file:
            file.write("\n".join(lines) + "\n")
        Path(making).replace(path)
    except BaseException:
        Path(making).unlink(missing_ok=True)
        raise


_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?", re.ASCII)
_Row = tuple[float, float, int]


def _rows(path: Path) -> list[_Row]:
    rows = list(_parsed(path, _text(path)))
    if not rows:
        _refuse(path, "is empty; expected a line x,y,class for each point, such as 0.25,0.75,1")
    if len({row[2] for row in rows}) < 2:
        _refuse(path, f"has only points of class {rows[0][2]}; expected at least two classes")
    return rows


def _text(path: Path) -> str:
    try:
        content = untrusted_files.read(path, LARGEST_FILE)
    except OSError as error:
        if error.errno == errno.EFBIG:
            _refuse(path, f"is larger than {LARGEST_FILE:,} bytes; expected at most {MOST_POINTS:,} points")
        if error.errno in (errno.EISDIR, errno.EINVAL):
            _refuse(path, "is not a file; expected a CSV file of x,y,class")
        raise UserError(f"Cannot read the points {harmless(str(path))}: {error.strerror}; check the path.") from None
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = "\0"
    if "\0" in text:
        _refuse(path, "is not text; expected a CSV file of x,y,class")
    return text


def _parsed(path: Path, text: str) -> Iterator[_Row]:
    """The rows of a file's text; blank lines are passed over, and so is a header before the first row."""
    count, first = 0, True
    for number, line in enumerate(re.split(r"\r\n|\r|\n", text), start=1):
        cells = [cell.strip().strip('"') for cell in line.split(",")]
        if not line.strip():
            continue
        if first and tuple(cell.lower() for cell in cells) == COLUMNS:
            first = False
            continue
        first = False
        if (count := count + 1) > MOST_POINTS:
            _refuse(path, f"has more than {MOST_POINTS:,} points", line=number)
        if len(cells) != 3:
            missing = COLUMNS[len(cells)] if len(cells) < 3 else "nothing more"
            _refuse(path, f"expected {missing} (a line is x,y,class)", number, min(len(cells), 3) + 1)
        yield (
            _coordinate(path, number, 1, cells[0]),
            _coordinate(path, number, 2, cells[1]),
            _class(path, number, cells[2]),
        )


def _coordinate(path: Path, line: int, column: int, cell: str) -> float:
    value = float(cell) if len(cell) <= 1000 and _NUMBER.fullmatch(cell) else -1.0
    if not 0 <= value <= 1:
        _refuse(path, f'expected {COLUMNS[column - 1]}, a number from 0 to 1, not "{harmless(cell, 40)}"', line, column)
    return value


def _class(path: Path, line: int, cell: str) -> int:
    if not re.fullmatch(r"\d", cell, re.ASCII):
        expected = f"expected a class, a whole number from 0 to {CLASSES - 1}"
        _refuse(path, f'{expected}, not "{harmless(cell, 40)}"', line, 3)
    return int(cell)


def _refuse(path: Path, what: str, line: int = 0, column: int = 0) -> NoReturn:
    where = f", line {line}" * bool(line) + f", column {column}" * bool(column)
    raise UserError(f"{harmless(str(path))}{where}{':' if line else ''} {what}.")
