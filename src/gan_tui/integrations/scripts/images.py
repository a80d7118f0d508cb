"""Arrays of a script as tiles: which axis is what, which numbers are black and white, and how many fit."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from gan_tui.run.event_schema import MOST_TILES
from gan_tui.run.pictures import COLOR, GREY, MOST_LEVELS, Tiles, tiles_across
from gan_tui.text import harmless

_FORMS = "(height, width), (height, width, channels), (n, height, width) or (n, height, width, channels)"
_CHANNELS = (GREY, COLOR, 4)
"""The fourth, how opaque a pixel is, is left out."""


def as_array(values: Any) -> NDArray[Any]:
    """An array of any framework as numpy's. Raises ValueError for what is none."""
    for ask in ("detach", "cpu"):  # torch
        values = getattr(values, ask, lambda given=values: given)()
    array = np.asarray(values.float() if str(getattr(values, "dtype", "")) == "torch.bfloat16" else values)
    if array.dtype.kind not in "biuf" and array.dtype.name != "bfloat16":
        raise ValueError(f"it has values of the type {array.dtype}, and numbers are needed")
    return array


def tiles_of(
    tag: str, values: Any, low: float | None, high: float | None, labels: tuple[str, ...]
) -> tuple[Tiles, str]:
    """The tiles of one or several images, and what was cut of them, in a sentence; empty where nothing was.

    Raises ValueError where it is none of the forms that images have.
    """
    array = _four_axes(as_array(values))
    array, cut = _fitting(tag, array)
    if array.dtype == np.bool_:
        array = array.astype(np.uint8) * 255
    named = tuple(harmless(str(label), 80) for label in labels[: len(array)])
    if array.dtype == np.uint8 and low is None and high is None:
        return Tiles(tag, "samples", np.ascontiguousarray(array), 0.0, 255.0, named), cut
    finite = array[np.isfinite(array)].astype(np.float64)
    least = float(low) if low is not None else float(finite.min()) if finite.size else 0.0
    most = float(high) if high is not None else float(finite.max()) if finite.size else 1.0
    return Tiles.of_numbers(tag, "samples", array, least, most, labels=named), cut


def _four_axes(array: NDArray[Any]) -> NDArray[Any]:
    """(n, height, width, 1 or 3 channels)"""
    if array.ndim == 2:
        array = array[None, :, :, None]
    elif array.ndim == 3:
        array = array[None] if array.shape[-1] in _CHANNELS else array[..., None]
    elif array.ndim == 4 and array.shape[-1] not in _CHANNELS and array.shape[1] in _CHANNELS:
        array = np.moveaxis(array, 1, -1)  # as torch has them
    if array.ndim != 4 or array.shape[-1] not in _CHANNELS or not array.size:
        raise ValueError(f"its shape is {array.shape}; images are {_FORMS}, with 1 or 3 channels")
    return array[..., :COLOR] if array.shape[-1] == 4 else array


def _fitting(tag: str, array: NDArray[Any]) -> tuple[NDArray[Any], str]:
    """As many images as a picture may have, and as large."""
    count, height, width, channels = array.shape
    every = 1
    while -(-height // every) * -(-width // every) * channels > MOST_LEVELS:
        every += 1
    if every > 1:
        array = array[:, ::every, ::every]
    fits = min(count, MOST_TILES)
    while fits > 1 and _levels(fits) * array[0].size > MOST_LEVELS:
        fits = min(fits - 1, fits * MOST_LEVELS // (_levels(fits) * array[0].size) + 1)
    if every > 1:
        return array[:fits], f"The picture {tag} has {height:,} × {width:,} pixels: one in {every} each way is shown."
    return array[:fits], f"The picture {tag} has {count:,} images: {fits:,} are shown." if fits < count else ""


def _levels(count: int) -> int:
    """Places on a sheet of so many tiles."""
    across = tiles_across(count)
    return across * -(-count // across)
