"""Rows of an array that stay in their file and are read as they are asked for, because memory is for other things.

They are read, not mapped: a file that is cut short while training is then a sentence, not a signal that ends the
process. The position of every example in every step is worked out as ever, so bits are those of examples in memory.
"""

from __future__ import annotations

import math
import os
import weakref
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from gan_tui.data.arrays import Damaged, StoredArray, contents_begin

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


class Opened:
    """A file that is open for as long as anybody has rows of it: one that is deleted meanwhile can still be read."""

    def __init__(self, path: Path) -> None:
        """Raises OSError."""
        self.descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
        weakref.finalize(self, os.close, self.descriptor)


@dataclass(frozen=True)
class StoredRows:
    """What an array offers that is used of one: its length, its shape, and rows by their positions.

    A row is read with `pread`, not from a mapping: a file that gets shorter meanwhile is then an error in words, no
    signal that kills.
    """

    stored: StoredArray
    file: Opened
    begin: int
    """Of the contents, in bytes from the file's beginning."""
    shape: tuple[int, ...]
    chosen: NDArray[np.intp] | None = None
    """Which rows of the file these are; None for all."""

    def __len__(self) -> int:
        return self.shape[0]

    def reshape(self, *shape: int) -> StoredRows:
        """Rows of another shape and as many numbers, the first size given as -1."""
        return replace(self, shape=(len(self), *shape[1:]))

    def part(self, positions: NDArray[np.intp]) -> StoredRows:
        """Some of the rows, still in their file."""
        chosen = positions if self.chosen is None else self.chosen[positions]
        return replace(self, shape=(len(chosen), *self.shape[1:]), chosen=chosen)

    def read(self, positions: NDArray[np.intp]) -> NDArray[Any]:
        """(len(positions), …) rows. Raises Damaged when the file is shorter than it was, or cannot be read."""
        import numpy as np

        rows = positions if self.chosen is None else self.chosen[positions]
        size = math.prod(self.shape[1:]) * int(self.stored.dtype[2:])
        try:
            parts = [os.pread(self.file.descriptor, size, self.begin + row * size) for row in rows.tolist()]
        except OSError as error:
            raise Damaged(self.stored.file, f"cannot be read ({error.strerror})") from error
        if len(contents := b"".join(parts)) < size * len(parts):
            raise Damaged(self.stored.file, "became shorter while being read")
        return np.frombuffer(contents, self.stored.dtype).reshape(len(parts), *self.shape[1:])


def rows_of(stored: StoredArray) -> StoredRows | None:
    """The rows of an array; None where they do not lie in the file one after the other, as in a compressed one.

    Raises Damaged where the file cannot be read.
    """
    begin = contents_begin(stored)
    if begin is None or stored.fortran:
        return None
    try:
        return StoredRows(stored, Opened(stored.file), begin, stored.shape)
    except OSError as error:
        raise Damaged(stored.file, f"cannot be read ({error.strerror})") from error
