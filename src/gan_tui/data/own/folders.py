"""Images in folders, a folder for each class, or images alone."""

from __future__ import annotations

import hashlib
import os
import time
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from gan_tui.data.own import cache
from gan_tui.data.own.found import Form, Found
from gan_tui.data.own.listing import Listing, listed
from gan_tui.data.own.sampling import sampled
from gan_tui.errors import TRAINING_FAILED, UserError
from gan_tui.text import harmless, shown_path

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from gan_tui.data.arrays import StoredArray
    from gan_tui.data.own.image_rows import ImageRows, OnRead, Wish

VERSION = 1
"""Of what becomes of an image: sets that were made otherwise are made anew."""
REMEMBERED = 8
"""Folders of which the answer is remembered: a menu asks at each key."""
SETTLED_NS = 2_000_000_000
"""A folder that was changed as lately as this may be changed again within the same tick of its file system's clock."""

_answers: OrderedDict[Path, tuple[Listing, Found]] = OrderedDict()


def look(path: Path, label: str) -> Found | None:
    """What a folder of images holds; None where it holds none. Raises UserError."""
    if not path.is_dir():
        return None
    path = path.absolute()
    if answer := _answer(path):
        return answer[1]
    began = time.time_ns()
    if (listing := listed(path)) is None:
        return None
    found = _found(path, listing)
    if max(listing.folders.values()) < began - SETTLED_NS:
        _answers[path] = listing, found
        while len(_answers) > REMEMBERED:
            _answers.popitem(last=False)
    return found


def _answer(path: Path) -> tuple[Listing, Found] | None:
    """What was answered of a folder in which nothing has been added, removed or renamed since."""
    answer = _answers.get(path)
    return answer if answer and _is_as_then(answer[0].folders) else None


def _is_as_then(folders: Mapping[str, int]) -> bool:
    """Whether no folder was changed."""
    try:
        return all(os.stat(folder).st_mtime_ns == changed for folder, changed in folders.items())  # noqa: PTH116
    except OSError:
        return False


def _found(path: Path, listing: Listing) -> Found:
    seen, counts = sampled(path, listing.files), [0] * len(listing.names)
    for label in listing.labels if counts else ():
        counts[label] += 1
    says = _with_part(seen.words(len(listing.files), counts, bool(counts)), listing.held_back, listing.part)
    name = harmless(path.name, 80) or "images"
    return Found(
        path, name, Form.IMAGES, len(listing.files), listing.names, listing.held_back, seen.sides, seen.channels,
        says=says, notes=listing.notes,
    )  # fmt: skip


def _with_part(says: str, held_back: int, part: str) -> str:
    return f"{says}, {held_back:,} of them held back ({part})" if held_back else says


def rows(found: Found, wish: Wish, on_read: OnRead | None = None) -> ImageRows:
    """The images of what `look` found, read unless they were before; left in their file where they are too many.

    Raises UserError.
    """
    import numpy as np

    from gan_tui.data.arrays import Damaged, StoredArray, check_length, read
    from gan_tui.data.images import array_or_rows
    from gan_tui.data.own.image_rows import ImageRows
    from gan_tui.data.own.making import HEADER

    listing = _listing(found.path)
    for _ in range(2):
        kept, known = _kept(found, listing, wish, on_read)
        shape = known.count, wish.height, wish.width, wish.channels
        stored = StoredArray(kept.folder / cache.IMAGES, "", HEADER, shape, "|u1")
        numbers = StoredArray(kept.folder / cache.LABELS, "", HEADER, shape[:1], "<i8")
        try:
            check_length(stored)
            images, labels = array_or_rows(stored), read(numbers)
            _check_labels(numbers, labels, known)
        except Damaged:
            cache.discard(kept.folder.name)  # it is made anew
            continue
        held = np.arange(known.count - known.held_back, known.count) if known.held_back else None
        return ImageRows(images, labels if known.names else None, known, held)
    raise UserError(f"{shown_path(kept.folder)} cannot be kept sound: check its disk.", TRAINING_FAILED)


def _check_labels(stored: StoredArray, labels: NDArray[np.int64], known: Found) -> None:
    """Raises Damaged where a label is that of no class."""
    from gan_tui.data.arrays import Damaged

    if known.names and len(labels) and not 0 <= labels.min() <= labels.max() < len(known.names):
        raise Damaged(stored.file, "has labels of no class")


def read_once(found: Found, wish: Wish, on_read: OnRead | None = None) -> Found:
    """Have the images read, unless they were before; returns what there really is of them. Raises UserError."""
    return _kept(found, _listing(found.path), wish, on_read)[1]


def _listing(path: Path) -> Listing:
    if answer := _answer(path.absolute()):
        return answer[0]
    if not (listing := listed(path.absolute())):
        raise UserError(f"{shown_path(path)} holds no images any more: restore them.")
    return listing


def _kept(found: Found, listing: Listing, wish: Wish, on_read: OnRead | None) -> tuple[cache.Kept, Found]:
    """The set of the images in a form, made where it is not there, and what there really is."""
    root, key = found.path.absolute(), _key(found.path.absolute(), listing, wish)
    if (kept := cache.find(key)) is None:
        from gan_tui.data.own.making import HEADER, make

        need = len(listing.files) * (wish.height * wish.width * wish.channels + 8) + 2 * HEADER
        wait = partial(on_read, 0, len(listing.files)) if on_read else lambda: None
        kept = cache.made(key, need, lambda folder: make(folder, root, listing, wish, on_read), wait)
    kept.used()
    about = kept.about
    sides = (about["sides"][0], about["sides"][1]) if len(about["sides"]) == 2 else None
    says = _with_part(about["says"], about["held_back"], listing.part)
    return kept, replace(
        found, count=about["count"], names=listing.names, held_back=about["held_back"], sides=sides,
        channels=about["channels"], says=says, notes=(*listing.notes, *about["notes"]),
    )  # fmt: skip


def _key(root: Path, listing: Listing, wish: Wish) -> str:
    """A name for all that rows follow from: the form, and of each file its place, which it is, and its last change.

    Not the time alone that a program may set: a file that was replaced has another number, or another `ctime`.
    """
    parts = [repr((VERSION, str(root), listing.names, listing.held_back, wish))]
    for file in listing.files:
        try:
            found = os.stat(file)  # noqa: PTH116 (of very many)
            changed = found.st_size, found.st_ino, found.st_mtime_ns, found.st_ctime_ns
            parts.append("\0".join((file, *map(str, changed))))
        except OSError:
            parts.append(f"{file}\0\0")  # a link that leads nowhere
    return hashlib.sha256(os.fsencode("\n".join(parts))).hexdigest()[:32]
