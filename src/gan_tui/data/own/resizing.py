"""An image fitted into a form of other proportions: its middle cut out, padded, or stretched."""

from __future__ import annotations

from typing import Any

from PIL import Image

from gan_tui.data.own.image_rows import Wish


def fitted(image: Any, wish: Wish) -> Any:
    """The image in the size that is wished; the same bits every time."""
    size = width, height = wish.width, wish.height
    if image.size == size:
        return image
    if wish.resize == "stretch":
        return image.resize(size, Image.Resampling.BILINEAR, reducing_gap=3.0)
    across, down = image.width / width, image.height / height
    if wish.resize == "pad":
        scale = max(across, down)
        inner = max(1, round(image.width / scale)), max(1, round(image.height / scale))
        whole = Image.new(image.mode, size)
        small = image.resize(inner, Image.Resampling.BILINEAR, reducing_gap=3.0)
        whole.paste(small, ((width - inner[0]) // 2, (height - inner[1]) // 2))
        return whole
    scale = min(across, down)
    left, top = (image.width - width * scale) / 2, (image.height - height * scale) / 2
    middle = (max(left, 0), max(top, 0), min(image.width - left, image.width), min(image.height - top, image.height))
    return image.resize(size, Image.Resampling.BILINEAR, box=middle, reducing_gap=3.0)
