"""One image of a file, whatever its format, depth and colours, as pixels of the form that is wished.

Only these formats are tried: others of Pillow's run programs (EPS) or are read by libraries with a longer history of
holes. An image is judged by its header before any pixel of it is unpacked.
"""

from __future__ import annotations

import errno
import warnings
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from PIL import (  # plugins, so that the formats are known
    BmpImagePlugin,
    GifImagePlugin,
    Image,
    ImageOps,
    JpegImagePlugin,
    PngImagePlugin,
    PpmImagePlugin,
    TiffImagePlugin,
    UnidentifiedImageError,
    WebPImagePlugin,
)

from gan_tui.data.own.resizing import fitted
from gan_tui.errors import UserError, told, why
from gan_tui.system import untrusted_files
from gan_tui.text import shown_path

if TYPE_CHECKING:
    from typing import Any

    from numpy.typing import NDArray

    from gan_tui.data.own.image_rows import Wish

FORMATS = tuple(
    plugin.format
    for plugin in (
        JpegImagePlugin.JpegImageFile, PngImagePlugin.PngImageFile, WebPImagePlugin.WebPImageFile,
        BmpImagePlugin.BmpImageFile, GifImagePlugin.GifImageFile, TiffImagePlugin.TiffImageFile,
        PpmImagePlugin.PpmImageFile,
    )
)  # fmt: skip
MOST_PIXELS = 100_000_000
"""Of an image as it is unpacked, at 4 bytes each: more is taken for an attack. A larger JPEG is unpacked smaller."""
_GREY = frozenset({"1", "L", "LA", "La", "I", "I;16", "I;16B", "I;16L", "I;16N", "F"})
_ALPHA = frozenset({"LA", "La", "PA", "RGBA", "RGBa"})
_OF_THE_FILE = frozenset({errno.ENOENT, errno.ELOOP, errno.EINVAL, errno.EISDIR, errno.ENXIO})
"""A link that leads nowhere, a pipe: what the file is, and not what the system can do at the moment."""
_TURNED = range(5, 9)
"""EXIF's orientations in which width and height change places."""
_ORIENTATION = 0x0112

warnings.filterwarnings("ignore", module=r"PIL\.")  # they would be printed over a screen; what matters is an error here
warnings.filterwarnings("ignore", category=Image.DecompressionBombWarning)


class Broken(Exception):  # noqa: N818 - the state of a file
    """An image that cannot be read; the message is a word or two about why."""


@dataclass(frozen=True)
class Header:
    """What an image says of itself."""

    height: int
    width: int
    grey: bool


def header(path: str | Path) -> Header:
    """Of an image's file, without its pixels. Raises Broken, or UserError where the system cannot read it."""
    try:
        with untrusted_files.opened(Path(path)) as file, Image.open(file, formats=FORMATS) as image:
            return _header(image)
    except Exception as error:  # noqa: BLE001 (decoders raise whatever a spoilt file leads them to)
        raise _broken(error, path) from None


def decoded(path: str | Path, wish: Wish) -> tuple[NDArray[np.uint8], Header]:
    """The pixels (height, width, channels) of an image's first frame, and what it was. Raises as `header`."""
    try:
        with untrusted_files.opened(Path(path)) as file, Image.open(file, formats=FORMATS) as image:
            said = _header(image)
            if image.format in ("JPEG", "MPO"):
                side = 2 * max(wish.height, wish.width)
                image.draft("L" if wish.channels == 1 else "RGB", (side, side))  # unpacked to a half, a 4th or an 8th
            if image.width * image.height > MOST_PIXELS:
                raise Broken(f"{image.width:,} × {image.height:,} pixels are too many")
            ImageOps.exif_transpose(image, in_place=True)
            flat = _flat(image).convert("L" if wish.channels == 1 else "RGB")
            pixels = np.asarray(fitted(flat, wish), np.uint8)
    except Exception as error:  # noqa: BLE001 (as above)
        raise _broken(error, path) from None
    return pixels.reshape(wish.height, wish.width, wish.channels), said


def _header(image: Any) -> Header:
    width, height = image.size
    if "exif" in image.info and image.getexif().get(_ORIENTATION) in _TURNED:
        width, height = height, width
    return Header(height, width, _is_grey(image))


def _is_grey(image: Any) -> bool:
    if image.mode == "P" and (palette := image.getpalette()):
        return bool(palette[0::3] == palette[1::3] == palette[2::3])
    return str(image.mode) in _GREY


def _flat(image: Any) -> Any:
    """8 bits a channel, and what shines through is white."""
    if image.mode.startswith("I") or image.mode == "F":
        return Image.fromarray(_eight_bits(np.asarray(image), image.mode))
    if image.mode in _ALPHA or "transparency" in image.info:
        over = image.convert("RGBA")
        return Image.alpha_composite(Image.new("RGBA", over.size, "white"), over)
    return image if image.mode in ("L", "RGB") else image.convert("L" if image.mode == "1" else "RGB")


def _eight_bits(numbers: NDArray[Any], mode: str) -> NDArray[np.uint8]:
    """Whole numbers are of 16 bits; fractions go up to 1, or to 255 where one is larger than 1."""
    wide = np.nan_to_num(numbers.astype(np.float32))
    factor = 1 / 257 if mode != "F" else 1 if wide.max(initial=0) > 1 else 255
    eight: NDArray[np.uint8] = np.clip(wide * np.float32(factor) + np.float32(0.5), 0, 255).astype(np.uint8)
    return eight


def _broken(error: Exception, path: str | Path) -> Exception:
    """What is wrong with a file; what is wrong with the system must not leave images out."""
    if isinstance(error, Broken):
        return error
    if isinstance(error, MemoryError):
        return UserError(f"{shown_path(path)} needs more memory to be read than there is: close other programs.")
    if isinstance(error, UnidentifiedImageError):
        return Broken("no image that gan-tui reads")
    if isinstance(error, Image.DecompressionBombError):
        return Broken("far too many pixels")
    if isinstance(error, OSError) and error.errno is not None:
        if error.errno in _OF_THE_FILE:
            return Broken(why(error))
        return UserError(f"{shown_path(path)} cannot be read: {told(error, 'check the file')}.")
    cut = isinstance(error, EOFError) or "truncated" in str(error).lower()
    return Broken("cut short" if cut else "damaged")
