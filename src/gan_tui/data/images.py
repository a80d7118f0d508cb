"""The images of a source, in memory, or left in their file where they would take too much of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from gan_tui.data.arrays import Damaged, StoredArray, read
from gan_tui.data.layout import describe
from gan_tui.data.rows import StoredRows, rows_of
from gan_tui.data.sources import Source
from gan_tui.errors import UserError
from gan_tui.system import machine
from gan_tui.text import size

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


HELD = 4
"""Images that take up more than this part of the free memory stay in their file: on their way to where training wants
them they are there three times for a moment."""


@dataclass(frozen=True)
class Images:
    """Images (n, 28, 28) of uint8, 0 (the background) to 255, read-only; labels (n,) of uint8, 0 to 9."""

    images: NDArray[np.uint8] | StoredRows
    labels: NDArray[np.uint8]


def load(source: Source) -> Images:
    """Read what a source has to train on: 47 MB for the full sets, in under a second.

    Too many images stay in their file, whose length is checked, but not its checksums. Raises UserError where its files
    are damaged, cut short, gone, hold other labels than 0 to 9, or are compressed and more than memory can hold.
    """
    try:
        layout = describe(source.path)
        images, labels = array_or_rows(layout.images), read(layout.labels).astype("uint8")
    except Damaged as damaged:
        raise UserError(damaged.told(source.remedy)) from damaged
    except MemoryError as error:
        raise UserError(f"{source.path} holds more images than fit into memory: use a smaller set.") from error
    return Images(images, labels)


def array_or_rows(stored: StoredArray) -> NDArray[np.uint8] | StoredRows:
    """Images in memory, or in their file. Raises Damaged, and UserError where neither is possible."""
    free = machine.free_memory()
    if stored.nbytes <= free / HELD:
        return read(stored)
    if (rows := rows_of(stored)) is not None:
        return rows
    remedy = "numpy.savez instead of savez_compressed" if stored.member else "gunzip"
    raise UserError(
        f"{stored.file} unpacks to {size(stored.nbytes)}, too much for the {size(free)} of free memory: "
        f"unpack it ({remedy}), and its images are read as needed."
    )
