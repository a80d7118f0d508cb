"""The images of a source, in memory."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from gan_tui.data.arrays import Damaged, StoredArray, read
from gan_tui.data.layout import CLASSES, describe
from gan_tui.data.sources import Source
from gan_tui.errors import UserError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


@dataclass(frozen=True)
class Images:
    """Images (n, 28, 28) of uint8, 0 (the background) to 255, read-only; labels (n,) of uint8, 0 to 9.

    The test split is None where a source has none, as the embedded sets.
    """

    images: NDArray[np.uint8]
    labels: NDArray[np.uint8]
    test_images: NDArray[np.uint8] | None = None
    test_labels: NDArray[np.uint8] | None = None


def load(source: Source) -> Images:
    """Read a source whole: up to 55 MB for the full sets, in under a second.

    Raises:
        UserError: its files are damaged, cut short, gone, or hold other labels than 0 to 9.
    """
    try:
        layout = describe(source.path)
        train = read(layout.train.images), _labels(layout.train.labels)
        test = (read(layout.test.images), _labels(layout.test.labels)) if layout.test else (None, None)
    except Damaged as damaged:
        raise UserError(f"{damaged}: {source.remedy}.") from damaged
    except MemoryError as error:
        raise UserError(f"{source.path} holds more images than memory can: use a smaller set.") from error
    return Images(*train, *test)


def _labels(stored: StoredArray) -> NDArray[np.uint8]:
    labels = read(stored)
    for extreme in (int(labels.min()), int(labels.max())):
        if not 0 <= extreme < CLASSES:
            raise Damaged(stored.file, f"holds the label {extreme} where labels run from 0 to {CLASSES - 1}")
    return labels.astype("uint8")
