"""An array read some rows at a time, so that memory never holds it twice."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from gan_tui.data.arrays import Damaged, StoredArray, opened, read

if TYPE_CHECKING:
    from numpy.typing import NDArray

BLOCK = 8 << 20
"""Bytes that are read at once, about."""


def blocks(stored: StoredArray) -> Iterator[NDArray[Any]]:
    """All rows, in order, some at a time; at once where the first index varies fastest. Raises as `arrays.read`."""
    if stored.fortran:
        yield read(stored)
        return
    import numpy as np

    row = max(1, stored.itemsize * math.prod(stored.shape[1:]))
    left, at_once = stored.shape[0], max(1, BLOCK // row)
    with opened(stored.file, stored.member) as stream:
        stream.read(stored.start)
        while left:
            count = min(at_once, left)
            content = stream.read(count * row)
            if len(content) != count * row:
                raise Damaged(stored.file, "is truncated")
            left -= count
            yield np.frombuffer(content, stored.dtype).reshape(count, *stored.shape[1:])
        if stream.read(1):  # at its end, a compressed file is compared with its checksum
            raise Damaged(stored.file, "is longer than its header says")
