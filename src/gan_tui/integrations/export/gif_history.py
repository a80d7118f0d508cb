"""The history of a run's pictures of one tag as an animated GIF, with the step in each frame.

Pillow keeps all frames of an animation until it is saved. Here each is written as it is made: its blocks are taken out
of the GIF of that image alone (https://www.w3.org/Graphics/GIF/spec-gif89a.txt).
"""

import io
import struct
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import BinaryIO

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from gan_tui.drawing.colors import unpack
from gan_tui.errors import TRAINING_FAILED, UserError
from gan_tui.integrations.export.ink import Ink
from gan_tui.integrations.export.new_file import written
from gan_tui.integrations.export.png_picture import in_few_colors
from gan_tui.integrations.export.sheets import Pixels, Sheets, on_ground
from gan_tui.integrations.export.whole_run import WholeRun
from gan_tui.run.events import Picture

MOST_FRAMES = 200
LEAST = 480
"""Pixels of the longer side of a picture."""
_SECONDS, _SHORTEST, _LONGEST, _LAST = 12.0, 0.06, 0.6, 2.0
"""Of all frames, of one, and of the last."""
_STRIP, _LETTERS = 26, 2
"""Pixels below a picture for words, and how large each of a letter's is."""
Progress = Callable[[int, int], object]
"""Is told how many frames are done, and of how many."""


def export(
    run: WholeRun, tag: str, path: Path, ink: Ink, replace: bool = False, progress: Progress | None = None
) -> int:
    """Raises UserError where there are no pictures, or it cannot be written; returns how many could not be read."""
    sheets, chosen = Sheets(run, tag, ink), evenly(run.history(tag), MOST_FRAMES)
    sizes = [size for picture in chosen if (size := _size(sheets, picture))]
    if not sizes:
        raise UserError(f"No picture of {tag} can be read.", TRAINING_FAILED)
    size, left_out = (max(height for height, _ in sizes), max(width for _, width in sizes)), 0
    with written(path, replace) as file:
        file.write(_head(size[1], size[0] + _STRIP))
        for number, picture in enumerate(chosen, 1):
            try:
                pixels = sheets.draw(picture, LEAST)
            except (OSError, ValueError):
                left_out += 1
            else:
                seconds = min(_LONGEST, max(_SHORTEST, _SECONDS / len(chosen)))
                _write_frame(file, _framed(pixels, size, picture, ink), _LAST if number == len(chosen) else seconds)
            if progress:
                progress(number, len(chosen))
        if left_out == len(chosen):
            raise UserError(f"No picture of {tag} can be read.", TRAINING_FAILED)
        file.write(b";")
    return left_out


def _size(sheets: Sheets, picture: Picture) -> tuple[int, int] | None:
    """(height, width) of a frame's picture; None where it is none, or has no room in a GIF."""
    try:
        size = sheets.size(picture, LEAST)
    except ValueError:
        return None
    return size if max(size) < 1 << 15 else None


def evenly(some: Sequence[Picture], most: int) -> list[Picture]:
    """At most so many, the first and the last among them, the others evenly between."""
    places = np.linspace(0, len(some) - 1, min(most, len(some))).round().astype(int)
    return [some[place] for place in places.tolist()]


def _framed(pixels: Pixels, size: tuple[int, int], picture: Picture, ink: Ink) -> Image.Image:
    """A picture in the middle of (height, width) pixels, and its step in words below."""
    (high, wide), (height, width) = pixels.shape[:2], size
    ground, letters = (_grey(color) if _is_grey(pixels) else unpack(color) for color in (ink.background, ink.text))
    frame = Image.new("RGB", (width, height + _STRIP), ground)
    frame.paste(Image.fromarray(on_ground(pixels, ground)), ((width - wide) // 2, (height - high) // 2))
    words = _written(f"step {picture.step:,}")
    place = ((width - words.width) // 2, height + (_STRIP - words.height) // 2)
    frame.paste(Image.new("RGB", words.size, letters), place, words)
    exact = in_few_colors(np.asarray(frame))
    return exact if exact.mode == "P" else frame.quantize(256, Image.Quantize.MEDIANCUT)


def _is_grey(pixels: Pixels) -> bool:
    """Whether 256 greys are all that a frame needs."""
    return bool((pixels[..., :1] == pixels[..., 1:3]).all())


def _grey(color: int) -> tuple[int, int, int]:
    level = sum(unpack(color)) // 3
    return level, level, level


def _written(words: str) -> Image.Image:
    """Words in Pillow's own bitmap letters, enlarged without smoothing, as a mask."""
    usual = getattr(ImageFont, "load_default_imagefont", ImageFont.load_default)()
    left, top, right, bottom = (int(end) for end in usual.getbbox(words))
    mask = Image.new("1", (right - left, bottom - top))
    ImageDraw.Draw(mask).text((-left, -top), words, 1, font=usual)
    return mask.resize((mask.width * _LETTERS, mask.height * _LETTERS), Image.Resampling.NEAREST)


# The file ----------------------------------------------------------------------------------------------------


def _head(width: int, height: int) -> bytes:
    """What a GIF without a palette for all frames begins with, which is shown again and again."""
    return b"GIF89a" + struct.pack("<HHBBB", width, height, 0, 0, 0) + b"!\xff\x0bNETSCAPE2.0\x03\x01\x00\x00\x00"


def _write_frame(file: BinaryIO, frame: Image.Image, seconds: float) -> None:
    """A frame with a palette of its own. Raises OSError."""
    alone = io.BytesIO()
    frame.save(alone, "GIF", interlace=0)
    content, at = alone.getvalue(), 13
    size = content[10] & 7
    palette = content[at : at + 3 * (2 << size)]
    at += len(palette)
    while content[at : at + 1] == b"!":  # what is said beside the image
        at += 2
        while length := content[at]:
            at += 1 + length
        at += 1
    described = content[at : at + 9] + bytes([content[at + 9] & 0x40 | 0x80 | size])
    file.write(struct.pack("<BBBBHBB", 0x21, 0xF9, 4, 0, round(seconds * 100), 0, 0))
    file.write(described + palette + content[at + 10 : -1])
