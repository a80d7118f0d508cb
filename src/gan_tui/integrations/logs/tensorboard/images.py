"""Images in events of TensorBoard: how large they say they are, and what they show."""

import io
import struct
import zlib
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from gan_tui.integrations.logs.tensorboard.found import Span, event
from gan_tui.integrations.logs.tensorboard.tensors import tensor
from gan_tui.integrations.logs.tensorboard.tf_records import record_at
from gan_tui.integrations.logs.tensorboard.wire import BYTES, VARINT, fields
from gan_tui.run.pictures import COLOR, GREY, LARGEST_FILE, MOST_LEVELS, Tiles, tiles_across

FORMATS = ("PNG", "JPEG", "GIF")
MOST_TILES = 256
Pixels = NDArray[np.uint8]


class Images:
    """Equal images of one event, not unpacked yet."""

    def __init__(self, height: int, width: int, encoded: list[Span]) -> None:
        self.height, self.width, self.encoded = height, width, encoded

    @property
    def count(self) -> int:
        """How many of them may be shown together: the first few, where all would take much memory."""
        one = self.height * self.width * COLOR
        most = min(len(self.encoded), MOST_TILES, MOST_LEVELS // one if one else 0)
        return next((count for count in range(most, 0, -1) if _sheet(count) * one <= MOST_LEVELS), 0)


def _sheet(count: int) -> int:
    """How many tiles a sheet has room for that holds so many."""
    across = tiles_across(count)
    return across * -(-count // across)


def of_summary(data: bytes, start: int, end: int) -> Images:
    """Of an image as the first version of summaries has it. Raises ValueError."""
    height, width, encoded = 0, 0, (0, 0)
    for number, wire, begin, after, value in fields(data, start, end):
        if number == 1 and wire == VARINT:
            height = value
        elif number == 2 and wire == VARINT:
            width = value
        elif number == 4 and wire == BYTES:
            encoded = begin, after
    return Images(height, width, [encoded])


def of_tensor(data: bytes, start: int, end: int) -> Images:
    """Of a tensor of strings: width, height, and the images. Raises ValueError."""
    width, height, *encoded = tensor(data, start, end).strings
    return Images(_side(data, height), _side(data, width), encoded)


def _side(data: bytes, written: Span) -> int:
    begin, end = written
    side = int(data[begin : min(end, begin + 12)])
    if side < 0:
        raise ValueError("an image of less than nothing")
    return side


def is_video(data: bytes, encoded: Span) -> bool:
    return data[encoded[0] : encoded[0] + 4] == b"GIF8"


def pixels(data: bytes, images: Images) -> Pixels:
    """(count, height, width, 1 or 3) of the first images, as many as may be shown. Raises ValueError."""
    found = [_unpacked(data[begin:end], images) for begin, end in images.encoded[: images.count]]
    if not found:
        raise ValueError("larger than any picture that is shown")
    channels = max(one.shape[2] for one in found)
    return np.stack([one if one.shape[2] == channels else np.repeat(one, COLOR, axis=2) for one in found])


def _unpacked(encoded: bytes, images: Images) -> Pixels:
    try:
        with Image.open(io.BytesIO(encoded), formats=FORMATS) as image:
            if image.size != (images.width, images.height):
                raise ValueError("not as large as it says")
            return _in_channels(image)
    except (OSError, SyntaxError, EOFError, struct.error, zlib.error, Image.DecompressionBombError) as error:
        raise ValueError(f"a broken image: {error}") from None  # all of which Pillow raises


def _in_channels(image: Image.Image) -> Pixels:
    """Grey or in three colours; what is clear is white, as TensorBoard's page is."""
    if image.mode.startswith("I;16"):
        return (np.asarray(image) >> 8).astype(np.uint8)[..., None]
    if image.mode in ("1", "L"):
        return np.asarray(image.convert("L")).reshape(image.height, image.width, GREY)
    if image.mode != "RGB":
        clear = image.convert("RGBA")
        white = Image.new("RGBA", image.size, "white")
        image = Image.alpha_composite(white, clear)
    return np.asarray(image.convert("RGB"))


def tiles_at(path: Path, offset: int, index: int) -> Tiles:
    """The images of the record at a place of a file. Raises ValueError, OSError."""
    data, begin, end = record_at(path, offset, LARGEST_FILE)
    values = event(data, begin, end).values
    if not 0 <= index < len(values) or values[index].kind not in ("image", "tensor"):
        raise ValueError("no image")
    value = values[index]
    found = (of_tensor if value.kind == "tensor" else of_summary)(data, *value.span)
    return Tiles(value.tag, "samples", pixels(data, found), 0.0, 1.0)
