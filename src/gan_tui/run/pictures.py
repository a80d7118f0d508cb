"""Tiles of numbers, written as one grey PNG with the event that says what it holds."""

import math
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from gan_tui.run.events import Picture


@dataclass(frozen=True)
class Tiles:
    """(count, height, width) numbers; `low` is drawn black and `high` white."""

    tag: str
    kind: str
    numbers: NDArray[Any]
    low: float
    high: float
    fine: bool = False
    """65,536 levels instead of 256: for numbers that are read off and not only looked at."""
    labels: tuple[str, ...] = ()


def write(tiles: Tiles, step: int, file: Path, root: Path) -> Picture:
    """Write tiles side by side in reading order as one grey PNG, and return the event that says so.

    Raises OSError when the disk is full or gone.
    """
    count, height, width = tiles.numbers.shape
    columns = grid_columns(count)
    rows = -(-count // columns)
    span, levels = max(tiles.high - tiles.low, 1e-12), 65535 if tiles.fine else 255
    numbers = tiles.numbers.astype(np.float64)  # the span of what has exploded may be too large for float32
    grey = np.nan_to_num((numbers - tiles.low) * (levels / span)).clip(0, levels).round()
    sheet = np.zeros((rows * columns, height, width), np.uint16 if tiles.fine else np.uint8)
    sheet[:count] = grey
    sheet = sheet.reshape(rows, columns, height, width).swapaxes(1, 2).reshape(rows * height, columns * width)
    file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    making = file.with_name(f".{file.name}")
    try:
        Image.fromarray(sheet).save(making, "PNG", compress_level=3)
        making.chmod(0o600)
        making.rename(file)
    except OSError:
        making.unlink(missing_ok=True)  # half a picture only takes room
        raise
    name = str(file.relative_to(root))
    tile, labels = [height, width], list(tiles.labels)
    return Picture(tiles.tag, step, name, tiles.kind, tile, count, tiles.low, tiles.high, labels)


def grid_columns(count: int) -> int:
    """Tiles in a row: 10 for a wall of 100, 8 for 32 or 64 feature maps, else about as many as rows."""
    for columns in (10, 8):
        if count % columns == 0 and count // columns <= columns:
            return columns
    return math.isqrt(count - 1) + 1
