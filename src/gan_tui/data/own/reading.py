"""Images of a person's own, read into rows of one form, however they lie."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from gan_tui.data.own import arrays, folders, named
from gan_tui.data.own.found import Form, Found
from gan_tui.data.own.image_rows import ImageRows, OnRead, Wish
from gan_tui.data.own.troubles import troubles_told

_told: OnRead | None = None


@contextmanager
def telling(on_read: OnRead) -> Iterator[None]:
    """Whatever is read meanwhile by whoever tells nobody himself is told to this one."""
    global _told
    before, _told = _told, on_read
    try:
        yield
    finally:
        _told = before


def read_once(found: Found, wish: Wish, on_read: OnRead | None = None) -> Found:
    """Have images read, unless they were before, so that `image_rows` refuses nothing; returns what there really is.

    Raises as `image_rows`.
    """
    assert found.form is Form.IMAGES
    if named.is_of_set(found):
        return found
    with troubles_told(found.path):
        if _is_folder(found):
            return folders.read_once(found, wish, on_read or _told)
        return arrays.read_once(found, wish, on_read or _told)


def is_exact(found: Found) -> bool:
    """Whether the number of examples is told by headers alone: not of images that have a file each."""
    return found.form is Form.TABLE or named.is_of_set(found) or not _is_folder(found)


def image_rows(found: Found, wish: Wish, on_read: OnRead | None = None) -> ImageRows:
    """The images of what was found. What was read before in this form is not read again.

    Raises UserError: too many are broken, the disk is full, a file is damaged.
    """
    assert found.form is Form.IMAGES
    on_read = on_read or _told
    with troubles_told(found.path):
        if named.is_of_set(found):
            return named.rows(found, wish, on_read)
        if _is_folder(found):
            return folders.rows(found, wish, on_read)
        return arrays.rows(found, wish, on_read)


def _is_folder(found: Found) -> bool:
    """Whether the images have a file each."""
    return found.path.is_dir() and not arrays.look(found.path, "")
