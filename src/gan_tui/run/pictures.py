"""Pictures of a run: equal tiles on one scale of numbers, and how they lie side by side in a PNG.

Only this module knows the second. Pictures may come from anybody: reading one takes bounded memory.
"""

import io
import math
import struct
import zlib
from dataclasses import dataclass
from enum import Enum
from itertools import groupby
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from gan_tui.run.events import Picture
from gan_tui.run.folder import RunFolder
from gan_tui.system import untrusted_files
from gan_tui.system.paths import keep_private

LARGEST_FILE = 64_000_000
"""Bytes; a longer file is not read."""
MOST_LEVELS = 1 << 24
"""In a picture, one for each channel of each pixel; one that says it has more is not unpacked: it would need much
memory."""
GREY, COLOR = 1, 3
"""Channels."""

_MODES = {"1": GREY, "L": GREY, "I;16": GREY, "RGB": COLOR}
"""Pillow's names of the forms that a PNG of ours may have."""

Levels = NDArray[np.uint8] | NDArray[np.uint16]


class Meaning(Enum):
    """What the numbers of a picture are."""

    IMAGE = "image"
    FEATURE_MAP = "feature map"
    SIGNED_WEIGHT = "signed weight"
    PROBABILITY = "probability"


_MEANINGS = {"features": Meaning.FEATURE_MAP, "kernels": Meaning.SIGNED_WEIGHT, "surface": Meaning.PROBABILITY}
"""By the kind of an event; all other kinds are images."""


@dataclass(frozen=True, eq=False)
class Tiles:
    """Equal pictures of one kind, as they are written and read.

    Raises ValueError where `levels` is not (count, height, width, channels) of uint8 or, for grey alone, uint16.
    """

    tag: str
    kind: str
    """As in the event."""
    levels: Levels
    """(count, height, width, channels), one channel (grey) or three (red, green, blue): 0 stands for `low`, and 255,
    or 65,535 where they are `fine`, for `high`."""
    low: float
    high: float
    labels: tuple[str, ...] = ()
    """What each tile is called; none where they have no names."""

    def __post_init__(self) -> None:
        shape, kind = self.levels.shape, self.levels.dtype
        if len(shape) != 4 or shape[3] not in (GREY, COLOR):
            raise ValueError(f"not (count, height, width, 1 or 3 channels): {shape}")
        if kind != np.uint8 and (kind != np.uint16 or shape[3] != GREY):
            raise ValueError(f"levels of {kind} in {shape[3]} channels")

    @classmethod
    def of_numbers(
        cls,
        tag: str,
        kind: str,
        numbers: NDArray[Any],
        low: float,
        high: float,
        *,
        fine: bool = False,
        labels: tuple[str, ...] = (),
    ) -> "Tiles":
        """Tiles of (count, height, width, channels) numbers; what lies beyond `low` and `high` is drawn as these.

        `fine` is for numbers that are read off and not only looked at. Raises ValueError for another shape.
        """
        span, most = max(high - low, 1e-12), 65535 if fine else 255
        wide = numbers.astype(np.float64)  # the span of what has exploded may be too large for float32
        rounded = np.nan_to_num((wide - low) * (most / span)).clip(0, most).round()
        levels: Levels = rounded.astype(np.uint16) if fine else rounded.astype(np.uint8)
        return cls(tag, kind, levels, low, high, labels)

    def __len__(self) -> int:
        return len(self.levels)

    @property
    def fine(self) -> bool:
        """Whether there are 65,536 levels instead of 256."""
        return self.levels.dtype == np.uint16

    @property
    def meaning(self) -> Meaning:
        return _MEANINGS.get(self.kind, Meaning.IMAGE)

    @property
    def shares(self) -> NDArray[np.float32]:
        """(count, height, width, channels) of 0…1: how far from `low` to `high` each number is."""
        return self.levels.astype(np.float32) / np.float32(np.iinfo(self.levels.dtype).max)

    @property
    def numbers(self) -> NDArray[np.float64]:
        """(count, height, width, channels) of `low`…`high`."""
        return self.low + self.levels / np.iinfo(self.levels.dtype).max * (self.high - self.low)

    @property
    def pixels(self) -> NDArray[np.uint8]:
        """(count, height, width, channels) of 0…255, as they are looked at."""
        return (self.levels >> 8).astype(np.uint8) if self.fine else self.levels.astype(np.uint8, copy=False)


def are_by_class(picture: Picture) -> bool:
    """Whether tiles are labelled class by class, equally many of each."""
    runs = [len([*run]) for _, run in groupby(picture.labels)]
    return len(picture.labels) == picture.count and len(runs) > 1 and len(set(runs)) == 1


_NAMES = {
    "samples": "generated", "one": "one latent vector", "real": "real images", "input": "input image",
    "mistakes": "worst mistakes",
}  # fmt: skip
_BY_LAYER = {"features-": "feature maps of ", "kernels-": "kernels of "}


def name_of(tag: str) -> str:
    """What the pictures of a tag are, in words; the tag itself where a script or a log has chosen it."""
    begins = next((start for start in _BY_LAYER if tag.startswith(start)), "")
    return _NAMES.get(tag) or _BY_LAYER.get(begins, "") + tag.removeprefix(begins)


# To and from a file --------------------------------------------------------------------------------------------


def write(tiles: Tiles, step: int, file: Path, root: Path) -> Picture:
    """Write tiles as one PNG, and return the event that says so, with the file's name relative to `root`.

    Raises OSError when the disk is full or gone.
    """
    file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    making = file.with_name(f".{file.name}")
    try:
        Image.fromarray(_sheet(tiles.levels)).save(making, "PNG", compress_level=3)
        keep_private(making)
        making.rename(file)
    except OSError:
        making.unlink(missing_ok=True)  # half a picture only takes room
        raise
    count, height, width, _ = tiles.levels.shape
    name, labels = str(file.relative_to(root)), list(tiles.labels)
    return Picture(tiles.tag, step, name, tiles.kind, [height, width], count, tiles.low, tiles.high, labels)


def read(folder: RunFolder, picture: Picture) -> Tiles:
    """The tiles of a picture of a run, whoever wrote it.

    Raises ValueError when the file does not hold what its event promised, OSError when it cannot be read.
    """
    path = folder.inside(picture.file)
    if path is None or len(picture.tile) != 2 or not 0 < min(picture.tile) <= max(picture.tile) <= MOST_LEVELS:
        raise ValueError("not a picture of this run")
    levels = _cut(_unpacked(path), *picture.tile)
    if not 0 < picture.count <= len(levels):
        raise ValueError("fewer tiles than promised")
    labels = tuple(picture.labels)
    return Tiles(picture.tag, picture.kind, levels[: picture.count], picture.low, picture.high, labels)


def _sheet(levels: Levels) -> Levels:
    """Tiles side by side in reading order, as Pillow takes them: (height, width), and 3 channels where there are."""
    count, height, width, channels = levels.shape
    across = tiles_across(count)
    down = -(-count // across)
    places = np.zeros((down * across, height, width, channels), levels.dtype)
    places[:count] = levels
    sheet = places.reshape(down, across, height, width, channels).swapaxes(1, 2)
    return sheet.reshape(down * height, across * width, *([channels] if channels > 1 else []))


def tiles_across(count: int) -> int:
    """Tiles in a row of a sheet: 10 for a wall of 100, 8 for 32 or 64 feature maps, else about as many as rows."""
    for columns in (10, 8):
        if count % columns == 0 and count // columns <= columns:
            return columns
    return math.isqrt(count - 1) + 1


def _cut(sheet: Levels, height: int, width: int) -> Levels:
    """The tiles of a sheet (height, width, channels) in reading order, all that it has whole: its width says how many
    lie in a row."""
    down, across = sheet.shape[0] // height, sheet.shape[1] // width
    whole = sheet[: down * height, : across * width].reshape(down, height, across, width, -1)
    return whole.swapaxes(1, 2).reshape(-1, height, width, sheet.shape[2])


def _unpacked(path: Path) -> Levels:
    """The (height, width, channels) levels of a PNG.

    Raises ValueError for anything else, OSError when it cannot be read.
    """
    content = io.BytesIO(untrusted_files.read(path, LARGEST_FILE, follow=False))
    try:
        with Image.open(content, formats=["PNG"]) as image:
            channels = _MODES.get(image.mode)
            if channels is None:
                raise ValueError("neither grey nor in three colours, as pictures of runs are")
            if image.width * image.height * channels > MOST_LEVELS:
                raise ValueError("larger than any picture of a run")
            pixels = np.asarray(image.convert("L") if image.mode == "1" else image)
            return pixels.reshape(*pixels.shape[:2], channels)
    except (SyntaxError, EOFError, struct.error, zlib.error, Image.DecompressionBombError) as error:
        raise ValueError(f"a broken picture: {error}") from None  # all of which Pillow raises
