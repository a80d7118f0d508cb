"""Images in .npz, .npy and IDX files, of any height and width.

Looking reads headers and labels, once for each version of the files; reading goes through the images in blocks. What
nobody reads may be damaged.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from gan_tui.data.array_blocks import blocks
from gan_tui.data.arrays import Damaged, StoredArray, check_length
from gan_tui.data.images import HELD
from gan_tui.data.own.array_files import NAMES_FILE, Parts, files_at, parts_at
from gan_tui.data.own.array_form import Axes, axes_of, refused
from gan_tui.data.own.array_labels import Classes, classes_of, given_names
from gan_tui.data.own.array_pixels import extremes, in_form, range_of
from gan_tui.data.own.found import COLOR, GREY, Form, Found, some
from gan_tui.data.rows import StoredRows, rows_of
from gan_tui.data.stand_ins import EMPTY, of_file
from gan_tui.errors import UserError
from gan_tui.system import machine
from gan_tui.text import harmless, shown_path, size

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from gan_tui.data.own.image_rows import ImageRows, OnRead, Wish

T = TypeVar("T")


def look(path: Path, label: str) -> Found | None:
    """What an archive or array holds; None where the path is none. Raises UserError."""
    looked = _looked(path, _versions(path))
    return looked and looked[0]


def rows(found: Found, wish: Wish, on_read: OnRead | None = None) -> ImageRows:
    """The images of what `look` found. Raises UserError as `look`, and where numbers are not finite."""
    import numpy as np

    from gan_tui.data.own.image_rows import ImageRows

    now, parts, classes = _again(found)
    images, notes = _told(found.path, lambda: _images(parts, wish, on_read))
    held_back = np.arange(now.count - now.held_back, now.count) if now.held_back else None
    labels = None if classes is None else classes.numbers
    return ImageRows(images, labels, replace(now, notes=(*now.notes, *notes)), held_back)


def read_once(found: Found, wish: Wish, on_read: OnRead | None = None) -> Found:
    """Have the images gone through as `rows` goes, so that it will raise nothing; returns what there is of them now."""
    now, parts, _ = _again(found)
    _told(found.path, lambda: _gone_through(parts, wish, on_read))
    return now


def _again(found: Found) -> tuple[Found, Parts, Classes | None]:
    if looked := _looked(found.path, _versions(found.path)):
        return looked
    raise UserError(f"{shown_path(found.path)} holds no arrays any more: put them back.")


def _versions(path: Path) -> tuple[tuple[str, int, int, int], ...]:
    """Which files there are now, so that what was told of others is forgotten."""
    found = []
    for file in files_at(path):
        try:
            state = file.stat()
        except OSError:
            continue
        found.append((str(file), state.st_ino, state.st_size, state.st_mtime_ns))
    return tuple(found)


@lru_cache(maxsize=8)
def _looked(path: Path, versions: object) -> tuple[Found, Parts, Classes | None] | None:
    return _told(path, lambda: _look(path))


def _told(path: Path, work: Callable[[], T]) -> T:
    """What work gives. Raises UserError where a file turns out to be damaged."""
    try:
        return work()
    except Damaged as damaged:
        what = of_file(damaged.file)
        if what and what != EMPTY:
            raise UserError(f"{shown_path(damaged.file)} {what}.") from None
        again = Damaged(damaged.file, what) if what else damaged
        raise UserError(again.told("save it again, or name another")) from damaged
    except MemoryError as error:
        raise UserError(f"{shown_path(path)} holds more than fits into memory: use a smaller set.") from error


def _look(path: Path) -> tuple[Found, Parts, Classes | None] | None:
    parts = parts_at(path)
    if parts is None:
        return None
    forms = [axes_of(stored) for stored in parts.all_images]
    if len({(form.height, form.width, form.channels) for form in forms}) > 1:
        raise refused(parts.all_images[1], "images of another form than those to train on", "give both the same")
    for stored in parts.all_images:
        check_length(stored)
    counts = [stored.shape[0] for stored in parts.all_images]
    classes, notes = _classes(path, parts, counts)
    held_back = sum(counts[1:])
    grey = forms[0].channels == GREY
    says = _says(sum(counts), forms[0], classes) + (f", {held_back:,} of them held back" if held_back else "")
    found = Found(
        path, harmless(path.name, 80), Form.IMAGES, sum(counts), classes.names if classes else (), held_back,
        (forms[0].height, forms[0].width), GREY if grey else COLOR, says=says,
        notes=(*forms[0].notes, *notes, *_left(parts.left)),
    )  # fmt: skip
    return found, parts, classes


def _classes(path: Path, parts: Parts, counts: Sequence[int]) -> tuple[Classes | None, tuple[str, ...]]:
    if not parts.all_labels:
        return None, ()
    for labels, count in zip(parts.all_labels, counts, strict=True):
        if labels.shape[:1] != (count,):
            raise refused(labels, f"labels of shape {labels.shape} for {count:,} images", "give each image one label")
    folder = path if path.is_dir() else path.parent
    names, where, notes = given_names(parts.class_names, folder / NAMES_FILE)
    classes = classes_of(parts.all_labels, names, where)
    return classes, (*notes, *classes.notes, *_empty(classes), *_not_held_back(classes, counts))


def _empty(classes: Classes) -> tuple[str, ...]:
    import numpy as np

    counts = np.bincount(classes.numbers, minlength=len(classes.names))
    empty = [name for name, count in zip(classes.names, counts.tolist(), strict=True) if not count]
    return (f"no image is of {some(empty)}",) if empty else ()


def _not_held_back(classes: Classes, counts: Sequence[int]) -> tuple[str, ...]:
    """What classes none of the images is of that are held back."""
    if not (held_back := sum(counts[1:])):
        return ()
    there, held = set(classes.numbers.tolist()), set(classes.numbers[-held_back:].tolist())
    lacking = [classes.names[number] for number in sorted(there - held)]
    return (f"no image that is held back is of {some(lacking)}",) if lacking else ()


def _left(names: Sequence[str]) -> tuple[str, ...]:
    said = f"the array {some(names)} is" if len(names) == 1 else f"the arrays {some(names)} are"
    return (f"{said} left alone",) if names else ()


def _says(count: int, form: Axes, classes: Classes | None) -> str:
    colour = "grey" if form.channels == GREY else "colour"
    number = f"{count:,} {colour} image{'s' if count != 1 else ''}"
    groups = (
        "no labels" if classes is None else f"in {len(classes.names)} class{'es' if len(classes.names) != 1 else ''}"
    )
    return f"{number}, {form.width} × {form.height}, {groups}"


# Reading ----------------------------------------------------------


def _images(parts: Parts, wish: Wish, on_read: OnRead | None) -> tuple[NDArray[np.uint8] | StoredRows, tuple[str, ...]]:
    """All images in the form that is wished, and what is to be said of it."""
    if rows := _too_many_for_memory(parts, wish):
        return rows, ()
    return _read(parts, wish, _count(parts), on_read)


def _gone_through(parts: Parts, wish: Wish, on_read: OnRead | None) -> None:
    """Raises what `_images` would."""
    if _too_many_for_memory(parts, wish):
        return
    done, count = 0, _count(parts)

    def on_rows(more: int) -> None:
        nonlocal done
        done += more
        if on_read:
            on_read(done, count)

    for stored in parts.all_images:
        extremes(stored, on_rows)


def _count(parts: Parts) -> int:
    return sum(stored.shape[0] for stored in parts.all_images)


def _too_many_for_memory(parts: Parts, wish: Wish) -> StoredRows | None:
    """The images left in their file, where they are too many; None where all are to be read.

    Raises UserError where neither can be.
    """
    need, free = _count(parts) * wish.height * wish.width * wish.channels, machine.free_memory()
    if need > free / HELD:
        if rows := _in_their_file(parts, wish):
            return rows
        raise _too_many(parts, wish, need, free)
    _refuse_unfolded(parts, free)
    return None


def _read(parts: Parts, wish: Wish, count: int, on_read: OnRead | None) -> tuple[NDArray[np.uint8], tuple[str, ...]]:
    import numpy as np

    known, notes = range_of(parts.all_images)
    made, done = np.empty((count, wish.height, wish.width, wish.channels), np.uint8), 0
    for stored in parts.all_images:
        axes = axes_of(stored)
        for block in blocks(stored):
            made[done : done + len(block)] = in_form(block, axes, known, wish)
            done += len(block)
            if on_read:
                on_read(done, count)
    return made, notes


def _in_their_file(parts: Parts, wish: Wish) -> StoredRows | None:
    """The images as they are stored, where that is as they are wished."""
    axes, stored = axes_of(parts.images), parts.images
    as_wished = (axes.height, axes.width, axes.channels) == (wish.height, wish.width, wish.channels)
    if parts.held_back or not as_wished or stored.dtype[1:] != "u1" or (axes.is_first and axes.channels > 1):
        return None
    rows = rows_of(stored)
    return rows and rows.reshape(-1, wish.height, wish.width, wish.channels)


def _too_many(parts: Parts, wish: Wish, need: int, free: int) -> UserError:
    shape = (parts.images.shape[0], wish.height, wish.width, *((wish.channels,) if wish.channels > 1 else ()))
    return UserError(
        f"{shown_path(parts.images.file)} holds {size(need)} of images in the form that is trained on, too much for "
        f"the {size(free)} of free memory: save them alone as uint8 of shape {shape} with numpy.savez, not compressed, "
        "and they are read as needed."
    )


def _refuse_unfolded(parts: Parts, free: int) -> None:
    """Raises UserError where an array must be read whole, and is too large for that."""
    for stored in parts.all_images:
        if stored.fortran and math.prod(stored.shape) * stored.itemsize > free / HELD:
            raise _not_in_order(stored, free)


def _not_in_order(stored: StoredArray, free: int) -> UserError:
    what = f"{size(stored.nbytes)} in Fortran's order, too much for the {size(free)} of free memory"
    return refused(stored, what, "save numpy.ascontiguousarray(x), which is read in parts")
