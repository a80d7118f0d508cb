"""How a folder or an archive holds a set of 28x28 images in ten classes, and whether it holds it soundly."""

from __future__ import annotations

import os
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path

from gan_tui.data.arrays import Damaged, StoredArray, check_length, first_bytes, idx, npz, numbers
from gan_tui.data.stand_ins import of_file

SIDE, CLASSES = 28, 10
MOST_IMAGES = 10_000_000
"""More than this is taken for a damaged header (or an attack), not for data: it would be 7.8 GB."""

FIRST_LABELS = {
    "mnist": bytes([5, 0, 4, 1, 9, 2, 1, 3, 1, 4]),
    "fashion-mnist": bytes([9, 0, 0, 3, 0, 2, 7, 2, 5, 5]),
}
"""How the original training labels begin. Both sets use the same file names: this tells them apart."""

ARCHIVE_NAMES = (("x_train", "y_train"), ("images", "labels"))


@dataclass(frozen=True)
class Layout:
    """Where the training images and their labels lie, of equal number. Test images are never used, nor looked at."""

    images: StoredArray
    labels: StoredArray
    classes: frozenset[float] = frozenset()
    """Those that any image is of."""

    @property
    def count(self) -> int:
        """Images usable for training."""
        return self.images.shape[0]


def locate(folder: Path, name: str) -> Path | None:
    """What holds the set: an archive of its name, IDX files (the folder itself), or the only archive."""
    if not os.access(folder, os.R_OK | os.X_OK):
        return None
    for stem in (name, name.replace("-", "_")):
        if is_file(folder / f"{stem}.npz"):
            return folder / f"{stem}.npz"
    if _idx_file(folder, "train-images", 3) or _idx_file(folder, "train-labels", 1):
        return folder
    archives = [file for file in sorted(folder.glob("*.npz")) if file.stem.replace("_", "-") not in FIRST_LABELS]
    return archives[0] if len(archives) == 1 else None


def held_of(folder: Path, name: str) -> Path | None:
    """What bears a set's name in a folder that may hold others: an archive, or what a subfolder holds."""
    if name not in FIRST_LABELS:
        return None
    stems = (name, name.replace("-", "_"))
    archive = next((folder / f"{stem}.npz" for stem in stems if is_file(folder / f"{stem}.npz")), None)
    return locate(folder / name, name) or archive


def describe(path: Path) -> Layout:
    """The layout of an .npz file or a folder of IDX files, from headers and labels alone.

    Raises Damaged where something is missing, unreadable, too short, or of another shape or type, and where there are
    other labels than 0 to 9.
    """
    try:
        layout = _usual(_in_archive(path) if is_file(path) else _in_folder(path))
        _check(layout)
        return replace(layout, classes=_classes(layout.labels))
    except Damaged as damaged:
        if what := of_file(damaged.file):
            raise Damaged(damaged.file, what) from None
        raise


def other_name(path: Path, name: str) -> str | None:
    """The set whose original training labels lie at `path`, if that is another one than `name`."""
    try:
        labels = describe(path).labels
        start = first_bytes(labels, 10) if labels.dtype[1:] == "u1" else b""
    except Damaged:
        return None  # whoever uses the files will say so
    return next((other for other, first in FIRST_LABELS.items() if other != name and start == first), None)


def is_file(path: Path) -> bool:
    """As `Path.is_file`, but what cannot be looked at is none, instead of an error."""
    try:
        return path.is_file()
    except OSError:
        return False


def _in_archive(file: Path) -> Layout:
    stored = npz(file, tuple(name for pair in ARCHIVE_NAMES for name in pair))
    for images, labels in ARCHIVE_NAMES:
        if {images, labels} <= stored.keys():
            return Layout(stored[images], stored[labels])
    raise Damaged(file, "holds neither x_train and y_train nor images and labels")


def _in_folder(folder: Path) -> Layout:
    images, labels = _idx_file(folder, "train-images", 3), _idx_file(folder, "train-labels", 1)
    if not images or not labels:
        raise Damaged(folder, "lacks train-images-idx3-ubyte or train-labels-idx1-ubyte (.gz or not)")
    return Layout(idx(images), idx(labels))


def _idx_file(folder: Path, stem: str, dimensions: int) -> Path | None:
    names = [f"{stem}{mark}idx{dimensions}-ubyte{end}" for end in ("", ".gz") for mark in "-."]
    return next((folder / name for name in names if is_file(folder / name)), None)


def _usual(layout: Layout) -> Layout:
    """The layout without what changes nothing: an axis of length 1, and pixels in rows of 784."""
    images, labels = layout.images, layout.labels
    if images.shape[1:] in ((SIDE, SIDE, 1), (1, SIDE, SIDE), (SIDE * SIDE,)):
        images = images.in_shape((images.shape[0], SIDE, SIDE))
    if labels.shape[1:] == (1,):
        labels = labels.in_shape(labels.shape[:1])
    return Layout(images, labels)


_AS_BYTES = "np.interp(x, (x.min(), x.max()), (0, 255)).round().astype('uint8')"
"""Keeps a picture, whatever its range and its type: nothing wraps round, and nothing is cut off."""


def _check(layout: Layout) -> None:
    images, labels = layout.images, layout.labels
    count = images.shape[0] if images.shape else 0
    demands = (
        (images, images.shape[1:] == (SIDE, SIDE), f"of shape {images.shape}, not (n, {SIDE}, {SIDE})"),
        (
            images, images.dtype[1:] == "u1",
            f"of type {images.type_name}; pixels must be uint8 (0 to 255): make them with {_AS_BYTES}",
        ),
        (images, 0 < count <= MOST_IMAGES, f"of {count:,} images; 1 to {MOST_IMAGES:,} are possible"),
        (
            labels, labels.shape != (count, CLASSES),
            f"of shape {labels.shape}, a row for each image; labels must be numbers, as y.argmax(axis=1) is",
        ),
        (labels, labels.shape == (count,), f"of shape {labels.shape} for {count:,} images"),
        (
            labels, labels.dtype[1] in "iu" or labels.dtype[1:] in ("f4", "f8"),
            f"of type {labels.type_name}; labels must be whole numbers",
        ),
    )  # fmt: skip
    for stored, met, complaint in demands:
        if not met:
            raise Damaged(stored.file, f"holds {stored.name} {complaint}")
    check_length(images)
    check_length(labels)


def _classes(labels: StoredArray) -> frozenset[float]:
    """The labels that there are. Raises Damaged where one of them stands for no class, or they cannot be read."""
    try:
        state = labels.file.stat()
    except OSError:
        return _classes_of(labels, None)  # says why
    return _classes_of(labels, (state.st_ino, state.st_size, state.st_mtime_ns))


@lru_cache(maxsize=8)
def _classes_of(labels: StoredArray, version: tuple[int, ...] | None) -> frozenset[float]:
    """As above, of a file in one of its versions; a form asks at every key."""
    found = frozenset(numbers(labels))
    for label in found:
        if not 0 <= label < CLASSES or label % 1:
            raise Damaged(labels.file, f"holds the label {label} where labels run from 0 to {CLASSES - 1}")
    return found
