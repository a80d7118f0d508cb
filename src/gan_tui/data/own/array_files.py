"""Which arrays lie at a path, and which of them are images, labels, and images held back for validation."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from gan_tui.data.arrays import Damaged, StoredArray, idx, npy, npz, npz_names
from gan_tui.data.layout import is_file
from gan_tui.data.own.image_files import is_image
from gan_tui.errors import UserError
from gan_tui.text import harmless, shown_path

PAIRS = (
    ("x_train", "y_train"), ("train_images", "train_labels"), ("images", "labels"), ("x", "y"), ("data", "target"),
    ("data", "targets"), ("data", "labels"), ("arr_0", "arr_1"),
)  # fmt: skip
"""What images and their labels are called, in any case of letters, the usual first."""
VALIDATION = (
    ("x_val", "y_val"), ("val_images", "val_labels"), ("x_valid", "y_valid"), ("x_validation", "y_validation"),
    ("validation_images", "validation_labels"),
)  # fmt: skip
CLASS_NAMES = ("class_names", "label_names", "names")
NAMES_FILE = "classes.txt"
_IDX = re.compile(r"(.*?)(images|labels)([-.])idx\d(.*)", re.IGNORECASE)
_TEST, _HELD_BACK = re.compile("t10k|test", re.IGNORECASE), re.compile("val", re.IGNORECASE)
MOST_LOOKED_AT = 2000
"""Entries of folders, to tell whether they hold pictures."""

Shelf = Mapping[str, Callable[[], StoredArray]]
"""Arrays by their names; each is looked at when it is called for: a damaged one that nobody uses does not matter."""


@dataclass(frozen=True)
class Parts:
    """The arrays that are used."""

    images: StoredArray
    labels: StoredArray | None
    held_back: tuple[StoredArray, StoredArray | None] | None
    class_names: Callable[[], StoredArray] | None
    left: tuple[str, ...]
    """The names of those that are not used."""

    @property
    def all_images(self) -> list[StoredArray]:
        return [self.images, *([self.held_back[0]] if self.held_back else [])]

    @property
    def all_labels(self) -> list[StoredArray]:
        return [] if self.labels is None else [self.labels, *filter(None, self.held_back[1:] if self.held_back else ())]


def parts_at(path: Path) -> Parts | None:
    """The arrays at a path; None where none lie there. Raises UserError where it cannot be told which is which, Damaged
    where one that is needed cannot be read."""
    shelf = shelf_at(path)
    return None if shelf is None else _chosen(path, shelf)


def files_at(path: Path) -> list[Path]:
    """All files that what is found depends on."""
    if path.is_dir():
        return [*_array_files(path), path / NAMES_FILE]
    around = [file for file in _beside(path).values() if file != path]
    return [path, *around, path.parent / NAMES_FILE]


def shelf_at(path: Path) -> Shelf | None:
    """All arrays at a path, by the names that they are used under; None where none lie there."""
    if path.is_dir():
        return _in_folder(path)
    if not is_file(path):
        return None
    if path.suffix.lower() == ".npz":
        return _in_archive(path)
    if path.suffix.lower() == ".npy":
        return {name: _npy(file) for name, file in _beside(path).items()}
    return {name: _idx(file) for name, file in _beside(path).items()} if _is_idx(path) else None


def _in_archive(file: Path) -> Shelf:
    return {name: _member(file, name) for name in npz_names(file)}


def _in_folder(folder: Path) -> Shelf | None:
    files = _array_files(folder)
    if not files or _holds_pictures(folder):
        return None
    if numbered := [file for file in files if file.suffix.lower() not in (".npz", ".npy")]:
        return _idx_files(folder, numbered)
    archives = [file for file in files if file.suffix.lower() == ".npz"]
    if len(archives) == 1:
        return _in_archive(archives[0])
    if archives:
        raise UserError(f"{shown_path(folder)} holds {_listed(archives)}: name one of them.")
    return {file.stem: _npy(file) for file in files}


def _idx_files(folder: Path, files: list[Path]) -> Shelf:
    """IDX files by what they are for."""
    images = [file for file in files if "images" in file.name.lower()]
    first = {file.name.removesuffix(".gz"): file for file in reversed(images)}  # packed and unpacked are one
    images = sorted(first.values())
    tests = [file for file in images if _TEST.search(file.name)]
    held_back = [file for file in images if file not in tests and _HELD_BACK.search(file.name)]
    train = [file for file in images if file not in tests and file not in held_back] or tests
    if not images:
        raise UserError(
            f"{shown_path(folder)} holds labels and no images: put the file of images there, such as "
            "train-images-idx3-ubyte.gz."
        )
    if len(train) > 1:
        raise UserError(f"{shown_path(folder)} holds {_listed(train)}: name one of them.")
    shelf = _beside(train[0]) if train else {}
    shelf |= {f"{name[0]}_val": file for name, file in (_beside(held_back[0]) if len(held_back) == 1 else {}).items()}
    shelf |= {file.name: file for file in tests if file not in train}
    named = {"images": "x_train", "labels": "y_train", "i_val": "x_val", "l_val": "y_val"}
    return {named.get(name, name): _idx(file) for name, file in shelf.items()}


def _beside(path: Path) -> dict[str, Path]:
    """A file of images, and that of their labels where one lies beside it."""
    candidates: list[str] = []
    if path.suffix.lower() == ".npy":
        stem = path.stem.lower()
        partners = [labels for images, labels in (*PAIRS, *VALIDATION) if images == stem]
        candidates = [f"{name}.npy" for name in (*partners, "labels", "y")]
    elif found := _IDX.fullmatch(path.name):
        before, what, mark, after = found.groups()
        labels = "LABELS" if what.isupper() else "labels"
        packed = after.removesuffix(".gz")
        ends = (after, packed, f"{packed}.gz")
        candidates = [f"{before}{labels}{each}idx1{end}" for each in (mark, "-", ".") for end in ends]
    labels_file = next((path.parent / name for name in candidates if is_file(path.parent / name)), None)
    return {"images": path, **({"labels": labels_file} if labels_file and labels_file != path else {})}


def _is_idx(path: Path) -> bool:
    """Whether a file is of this kind, by its name or how it begins. Raises Damaged where only its name says so."""
    try:
        idx(path)
    except Damaged:
        if _IDX.fullmatch(path.name) or "ubyte" in path.name.lower():
            raise
        return False
    return True


def _array_files(folder: Path) -> list[Path]:
    try:
        names = sorted(os.listdir(folder))  # noqa: PTH208 (names alone are needed, of very many at times)
    except OSError:
        return []
    kept = [name for name in names if name.lower().endswith((".npz", ".npy")) or _IDX.fullmatch(name)]
    return [folder / name for name in kept if name[0] != "." and is_file(folder / name)]


def _holds_pictures(folder: Path) -> bool:
    """Whether there are pictures below a folder, so that arrays beside them are something else."""
    seen = 0
    for _, _, names in os.walk(folder):
        if any(is_image(name) for name in names):
            return True
        seen += 1 + len(names)
        if seen > MOST_LOOKED_AT:
            break
    return False


def _member(file: Path, name: str) -> Callable[[], StoredArray]:
    return lambda: npz(file, (name,))[name]


def _npy(file: Path) -> Callable[[], StoredArray]:
    return lambda: npy(file)


def _idx(file: Path) -> Callable[[], StoredArray]:
    return lambda: idx(file)


def _chosen(path: Path, shelf: Shelf) -> Parts:
    """Which array is what, by their names."""
    lower = {name.lower(): name for name in sorted(shelf, reverse=True)}
    known, labels = _pair(lower, PAIRS)
    names = next((lower[name] for name in CLASS_NAMES if name in lower), None)
    images = known or _only(path, [name for name in shelf if name not in (labels, names)])
    x, y = _pair(lower, VALIDATION)
    held_back = (shelf[x](), shelf[y]() if labels and y else None) if x and (y or not labels) else None
    used = {images, labels, names, *((x, y) if held_back else ())}
    return Parts(
        shelf[images](), shelf[labels]() if labels else None, held_back, shelf[names] if names else None,
        tuple(harmless(name, 60) for name in shelf if name not in used),
    )  # fmt: skip


def _only(path: Path, names: list[str]) -> str:
    """The only array, whatever it is called. Raises UserError where there are none or several."""
    if len(names) == 1:
        return names[0]
    what = f"arrays {_quoted(names)}" if names else "no array"
    raise UserError(f"{shown_path(path)} holds {what}: call the images x and their labels y.")


def _pair(lower: Mapping[str, str], pairs: tuple[tuple[str, str], ...]) -> tuple[str | None, str | None]:
    """The names of images and of their labels: both of a pair, or else what there is of each."""
    for images, labels in pairs:
        if images in lower and labels in lower:
            return lower[images], lower[labels]
    alone = next((lower[images] for images, _ in pairs if images in lower), None)
    plain = [labels for _, labels in pairs if labels != "arr_1"]  # alone it is anything
    return alone, next((lower[labels] for labels in plain if labels in lower), None)


def _listed(files: list[Path]) -> str:
    return f"{len(files)} files of arrays, {_quoted([file.name for file in files])}"


def _quoted(names: list[str]) -> str:
    shown = [harmless(name, 60) for name in names[:6]]
    return ", ".join([*shown, *(["…"] if len(names) > 6 else [])])
