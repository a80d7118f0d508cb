"""Published sets, by their names: the digits and clothes of the package, and CIFAR where it was fetched."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from gan_tui.data import cifar, sources
from gan_tui.data.arrays import Damaged
from gan_tui.data.class_names import OF_SETS
from gan_tui.data.images import load
from gan_tui.data.layout import SIDE
from gan_tui.data.own import arrays
from gan_tui.data.own.array_form import Axes
from gan_tui.data.own.array_pixels import Range, in_form
from gan_tui.data.own.found import COLOR, GREY, Form, Found
from gan_tui.data.rows import StoredRows
from gan_tui.errors import UserError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from gan_tui.data.own.image_rows import ImageRows, OnRead, Wish

NAMES: tuple[str, ...] = tuple(OF_SETS)
AT_ONCE = 1000
"""Images that take another form together."""


def is_of_set(found: Found) -> bool:
    """Whether what was found is a published set, asked for by its name."""
    return found.name in NAMES and str(found.path) == found.name


def look(name: str, origin: str = "") -> Found:
    """What is at hand of a published set, at its `origin` first. Raises UserError where it must be fetched first."""
    if name in sources.NAMES:
        at_hand = sources.find(name, None, origin)
        return _found(name, at_hand.count, SIDE, GREY, at_hand.origin, at_hand.notes)
    source = _of_cifar(name)
    return _found(name, source.count, cifar.SIDE, COLOR, source.origin)


def _of_cifar(name: str) -> sources.Source:
    """Raises UserError where the set must be fetched first."""
    if source := sources.of_cifar(name):
        return source
    raise UserError(f"{name} is not at hand: fetch it with `gan-tui data fetch {name}`.")


def _found(name: str, count: int, side: int, channels: int, origin: str, notes: tuple[str, ...] = ()) -> Found:
    names, colour = OF_SETS[name], "grey" if channels == GREY else "colour"
    says = f"{count:,} {colour} images, {side} × {side}, in {len(names)} classes ({origin})"
    return Found(
        Path(name), name, Form.IMAGES, count, names, 0, (side, side), channels, says=says, origin=origin, notes=notes
    )


def rows(found: Found, wish: Wish, on_read: OnRead | None = None) -> ImageRows:
    """The images of what `look` found. Raises UserError where their files are damaged."""
    from gan_tui.data.own.image_rows import ImageRows

    images, labels = _stored(found.name, found.origin)
    return ImageRows(_in_form(images, wish, on_read), labels.astype("int64"), found)


def _stored(name: str, origin: str) -> tuple[NDArray[np.uint8] | StoredRows, NDArray[Any]]:
    """All images and labels, as they are stored."""
    if name in sources.NAMES:
        stored = load(sources.find(name, None, origin))
        return stored.images, stored.labels
    source = _of_cifar(name)
    try:
        if source.path.is_dir():
            return cifar.of_pickles(name, source.path)
    except Damaged as damaged:
        raise UserError(damaged.told(source.remedy)) from damaged
    from gan_tui.data.own.image_rows import Wish

    kept = arrays.look(source.path, "")
    assert kept is not None
    read = arrays.rows(kept, Wish(cifar.SIDE, cifar.SIDE, COLOR))
    assert read.labels is not None
    return read.images, read.labels


def _in_form(
    images: NDArray[np.uint8] | StoredRows, wish: Wish, on_read: OnRead | None
) -> NDArray[np.uint8] | StoredRows:
    import numpy as np

    count, height, width, channels = (*images.shape, GREY)[:4]
    if (height, width, channels) == (wish.height, wish.width, wish.channels):
        return images.reshape(-1, height, width, channels)
    axes, made = Axes(height, width, channels), np.empty((count, wish.height, wish.width, wish.channels), np.uint8)
    for start in range(0, count, AT_ONCE):
        positions = np.arange(start, min(start + AT_ONCE, count))
        block = images.read(positions) if isinstance(images, StoredRows) else images[positions]
        made[positions] = in_form(block, axes, Range(0, 255), wish)
        if on_read:
            on_read(int(positions[-1]) + 1, count)
    return made
