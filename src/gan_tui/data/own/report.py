"""What there is to see of data before anything is trained on them: classes, examples, columns, what was left out."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from gan_tui.data.arrays import Damaged
from gan_tui.data.own import table_report
from gan_tui.data.own.counted import ClassCount, ColumnReport
from gan_tui.data.own.found import Form, Found
from gan_tui.data.own.image_rows import Wish
from gan_tui.data.own.reading import image_rows
from gan_tui.data.rows import StoredRows
from gan_tui.errors import UserError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from gan_tui.data.own.image_rows import ImageRows, OnRead

EXAMPLES = 12
"""Of each class, as many as are kept to be looked at."""
MOST_SHOWN = 240
"""Of all classes together."""
_SAMPLE = 512
"""Images whose levels are looked at, from all over the data."""


@dataclass(frozen=True)
class Levels:
    """How dark and how light images are, 0 to 255, in a sample of them."""

    low: int
    high: int
    mean: float


@dataclass(frozen=True, eq=False)
class Report:
    """Data as a person may look at them."""

    found: Found
    """With exact numbers, and notes of what was left out."""
    classes: tuple[ClassCount, ...] = ()
    columns: tuple[ColumnReport, ...] = ()
    levels: Levels | None = None
    """None for tables."""
    examples: tuple[NDArray[np.uint8], ...] = field(default=())
    """(count, height, width, channels) of each class in its order; of data without classes, of all."""
    form: tuple[int, int, int] | None = None
    """(height, width, channels) in which images are trained on unless a preset says another; None for tables.

    It follows from what a look tells, as in training: what all headers say may be something else.
    """

    def as_document(self) -> dict[str, Any]:
        """All but the pictures, as JSON holds it."""
        found = self.found
        return {
            "path": str(found.path), "name": found.name, "says": found.says, "form": found.form.value,
            "count": found.count, "held_back": found.held_back,
            "sides": list(found.sides) if found.sides else None,
            "channels": found.channels if found.form is Form.IMAGES else None,
            "taken_as": list(self.form) if self.form else None,
            "levels": {"low": self.levels.low, "high": self.levels.high, "mean": round(self.levels.mean, 2)}
            if self.levels else None,
            "label": found.label or None,
            "classes": [{"name": one.name, "count": one.count, "share": round(one.share, 6)} for one in self.classes],
            "columns": [
                {"name": one.name, "kind": one.kind, "values": one.values, "missing": round(one.missing, 6),
                 "histogram": list(one.histogram)} for one in self.columns
            ],
            "notes": list(found.notes),
        }  # fmt: skip


def report(found: Found, on_read: OnRead | None = None) -> Report:
    """All that is to be seen of data that were found; images are read for it, once.

    Raises UserError as `image_rows`.
    """
    if found.form is Form.TABLE:
        classes, columns = table_report.described(found)
        return Report(found, classes, columns)
    form = (*found.usual_sides, found.channels)
    return _of_images(image_rows(found, Wish(*form), on_read), form)


def various(report: Report, most: int) -> NDArray[np.uint8]:
    """Some of the examples, (count, height, width, channels): the first of each class, then the second, and so on."""
    import numpy as np

    there = [examples for examples in report.examples if len(examples)]
    rounds = range(max(map(len, there), default=0))
    images = [examples[n] for n in rounds for examples in there if n < len(examples)]
    return np.array(images[:most], np.uint8)


def _of_images(rows: ImageRows, form: tuple[int, int, int]) -> Report:
    import numpy as np

    found, labels = rows.found, rows.labels
    if labels is None or not found.names:
        every = _taken(rows.images, np.arange(len(rows.images)))
        return Report(found, (), (), _levels(rows.images), (every,), form)
    counts = np.bincount(labels, minlength=len(found.names)).tolist()
    classes = tuple(
        ClassCount(name, count, count / max(1, len(labels))) for name, count in zip(found.names, counts, strict=False)
    )
    most = max(1, MOST_SHOWN // len(classes))
    order = np.argsort(labels, kind="stable")
    ends = np.cumsum(counts)
    examples = tuple(_taken(rows.images, order[end - n : end], most) for n, end in zip(counts, ends, strict=True))
    return Report(found, classes, (), _levels(rows.images), examples, form)


def _taken(images: NDArray[np.uint8] | StoredRows, places: NDArray[np.intp], most: int = EXAMPLES) -> NDArray[np.uint8]:
    """A few of the images at some places, from all over them: neighbours are often much alike."""
    import numpy as np

    count = min(len(places), most, EXAMPLES)
    spread = np.arange(count) * len(places) // max(1, count)
    return _read(images, places[spread])


def _levels(images: NDArray[np.uint8] | StoredRows) -> Levels:
    import numpy as np

    count = min(len(images), _SAMPLE)
    sample = _read(images, np.arange(count) * len(images) // max(1, count))
    return Levels(int(sample.min()), int(sample.max()), float(sample.mean())) if sample.size else Levels(0, 0, 0.0)


def _read(images: NDArray[np.uint8] | StoredRows, places: NDArray[np.intp]) -> NDArray[np.uint8]:
    if not isinstance(images, StoredRows):
        return images[places]
    try:
        return images.read(places).astype("uint8", copy=False)
    except Damaged as damaged:
        raise UserError(damaged.told("replace it")) from damaged
