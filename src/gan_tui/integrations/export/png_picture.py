"""A picture of a run as PNG, in true colours and large; the ground between its tiles is left to where it is shown."""

from pathlib import Path

import numpy as np
from PIL import Image

from gan_tui.errors import TRAINING_FAILED, UserError
from gan_tui.integrations.export.ink import Ink
from gan_tui.integrations.export.new_file import written
from gan_tui.integrations.export.sheets import Pixels, Sheets
from gan_tui.integrations.export.whole_run import WholeRun

LEAST = 1000
"""Pixels of the longer side."""
MOST_COLORS = 256
"""Of a palette."""


def export(run: WholeRun, tag: str, step: int | None, path: Path, ink: Ink, replace: bool = False) -> None:
    """The newest picture of a tag, or that of a step. Raises UserError where there is none, or it cannot be written."""
    picture = run.picture(tag, step)
    try:
        pixels = Sheets(run, tag, ink).draw(picture, LEAST)
    except (OSError, ValueError):
        words = f"The picture {tag} of step {picture.step:,} cannot be read; name another step: {tag}@STEP."
        raise UserError(words, TRAINING_FAILED) from None
    with written(path, replace) as file:
        in_few_colors(pixels).save(file, "PNG")


def in_few_colors(pixels: Pixels) -> Image.Image:
    """The image of (height, width, 3 or 4) pixels; with a palette where that holds all of its colours."""
    channels = pixels.shape[2]
    packed = np.ascontiguousarray(pixels).astype(np.uint32) @ (1 << 8 * np.arange(channels, dtype=np.uint32))
    colors, places = np.unique(packed, return_inverse=True)
    mode = "RGBA" if channels == 4 else "RGB"
    if len(colors) > MOST_COLORS:
        return Image.fromarray(np.ascontiguousarray(pixels), mode)
    image = Image.fromarray(places.reshape(packed.shape).astype(np.uint8), "P")
    image.putpalette(bytes(colors.astype("<u4").view(np.uint8).reshape(-1, 4)[:, :channels].tobytes()), mode)
    return image
