"""The images in a folder: of which class each is, and which are held back. Told from names alone."""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from gan_tui.data.own.found import MOST_CLASSES, some
from gan_tui.data.own.image_files import OTHER_IMAGES, Walk, in_natural_order
from gan_tui.errors import UserError
from gan_tui.text import harmless, shown_path

PARTS = {
    "train": "train", "training": "train", "val": "val", "valid": "val", "validation": "val",
    "test": "test", "testing": "test",
}  # fmt: skip
"""Names of folders, in small letters, that say what is inside them is for."""

clean = partial(harmless, limit=80)


@dataclass(frozen=True)
class Listing:
    """Images, and what their folders say of them."""

    files: tuple[str, ...]
    """Those to train on, then those held back; each by class, and in a class by name."""
    labels: tuple[int, ...]
    """Numbers of their classes; all 0 where there are no class folders."""
    names: tuple[str, ...]
    """Of the classes; empty where there are no class folders."""
    held_back: int
    """So many of the last files."""
    part: str
    """The folder that those held back are in; "" where there are none."""
    notes: tuple[str, ...]
    folders: Mapping[str, int]
    """All that were looked into, and when each was changed (ns): while this is so, they hold the same names."""

    @property
    def kept(self) -> int:
        """So many of the first files are to train on."""
        return len(self.files) - self.held_back


@dataclass(frozen=True)
class _Part:
    """A folder with class folders, or with images directly inside."""

    folder: str
    classes: Mapping[str, list[str]]
    """Name of a folder → images, in natural order."""
    loose: list[str]
    """Images directly inside."""
    empty: tuple[str, ...]
    """Folders without images."""

    @property
    def name(self) -> str:
        return clean(Path(self.folder).name)


def listed(root: Path) -> Listing | None:
    """The images in a folder; None where there are none. Raises UserError where they are no set, or cannot be told."""
    walk = Walk(root)
    folders, images = walk.inside(str(root))
    parts = _parts(root, folders)
    if not parts:
        return _listing(root, walk, _part(walk, str(root), folders, images), None, ())
    held = parts.get("val") or parts.get("test")
    train, rest = _whole(walk, parts["train"]), _whole(walk, held) if held else None
    return _listing(root, walk, train, rest, tuple(_left_alone(parts, held, folders, images)))


def _parts(root: Path, folders: list[str]) -> dict[str, str]:
    """Which folder is for what; empty where they are no such parts, but classes."""
    found: dict[str, list[str]] = {}
    for folder in sorted(folders):
        if part := PARTS.get(Path(folder).name.lower()):
            found.setdefault(part, []).append(folder)
    if not found or ("train" in found and len(found) == 1 < len(folders)):
        return {}  # of things that are called so
    if "train" not in found:
        if len(folders) > sum(map(len, found.values())):
            return {}
        there = " and ".join(_names(folders))
        raise UserError(f"{shown_path(root)} holds {there} and no train: name it, or put what to train on into train.")
    for same in found.values():
        if len(same) > 1:
            raise UserError(f"{shown_path(root)} holds both {' and '.join(_names(same))}: put them into one folder.")
    return {part: same[0] for part, same in found.items()}


def _left_alone(parts: Mapping[str, str], held: str | None, folders: list[str], images: list[str]) -> Iterator[str]:
    if held and held == parts.get("test"):
        yield f"there is no val, so {_names([held])[0]} is held back to validate on"
    elif "test" in parts:
        yield f"the folder {_names([parts['test']])[0]} is left alone"
    if others := sorted(set(folders) - set(parts.values()), key=in_natural_order):
        yield f"beside train, {some(_names(others))} {_is(others)} left alone"
    if images:
        yield f"{_images(len(images))} beside train {_is(images)} left out"


def _whole(walk: Walk, folder: str) -> _Part:
    return _part(walk, folder, *walk.inside(folder))


def _part(walk: Walk, folder: str, folders: list[str], images: list[str]) -> _Part:
    inside = {name: walk.below(each) for name, each in _named(folders)}
    classes = {name: found for name, found in inside.items() if found}
    return _Part(folder, classes, sorted(images), tuple(clean(name) for name in inside if name not in classes))


def _named(folders: list[str]) -> list[tuple[str, str]]:
    """(name, folder) in natural order: systems write the same letters with accents in several ways."""
    composed = {folder: unicodedata.normalize("NFC", Path(folder).name) for folder in folders}
    there = Counter(composed.values())
    named = [(name if there[name] == 1 else Path(folder).name, folder) for folder, name in composed.items()]
    return sorted(named, key=lambda pair: in_natural_order(pair[0]))


def _listing(root: Path, walk: Walk, train: _Part, held: _Part | None, notes: tuple[str, ...]) -> Listing | None:
    if not (train.classes or train.loose):
        _refuse_other_images(root, walk)
        return None
    _check_names(train)
    if held:
        _check_agrees(train, held)
    numbers = {name: number for number, name in enumerate(train.classes)}
    files: list[str] = []
    labels: list[int] = []
    kept = 0
    for part in filter(None, (train, held)):
        for name, found in (part.classes or {"": part.loose}).items():
            files += found
            labels += [numbers.get(name, 0)] * len(found)
        kept = kept or len(files)
    said = (*notes, *_notes(train), *(_notes(held) if held else ()), *_lacking(train, held), *_others(walk))
    part_name, names = held.name if held and len(files) > kept else "", tuple(map(clean, train.classes))
    return Listing(tuple(files), tuple(labels), names, len(files) - kept, part_name, said, walk.folders)


def _check_names(train: _Part) -> None:
    """Raises UserError where classes could not be told apart by their names, or are too many."""
    if len(train.classes) > MOST_CLASSES:
        raise UserError(
            f"{shown_path(train.folder)} holds {len(train.classes):,} folders of images, more than the "
            f"{MOST_CLASSES:,} classes that can be told apart: name a folder with fewer of them."
        )
    seen: dict[str, str] = {}
    for name in train.classes:
        shown = clean(name)
        if not shown or shown in seen:
            what = f"two folders whose names look alike, {shown}" if shown else "a folder whose name cannot be shown"
            raise UserError(f"{shown_path(train.folder)} holds {what}: rename it.")
        seen[shown] = name


def _check_agrees(train: _Part, held: _Part) -> None:
    """Raises UserError where the classes held back are others than those to train on."""
    if bool(train.classes) != bool(held.classes) and (held.classes or held.loose):
        with_classes, without = (train, held) if train.classes else (held, train)
        raise UserError(
            f"{shown_path(train.folder)} and {shown_path(held.folder)} must be alike, and only {with_classes.name} has "
            f"a folder for each class: make such folders in {without.name}, too."
        )
    if unknown := [clean(name) for name in held.classes if name not in train.classes]:
        raise UserError(
            f"{shown_path(held.folder)} has the class {some(unknown)}, and {train.name} has not: add images of it to "
            f"{train.name}, or remove it from {held.name}."
        )


def _refuse_other_images(root: Path, walk: Walk) -> None:
    unread = {ending: count for ending, count in walk.others.items() if ending in OTHER_IMAGES}
    if unread:
        ending, count = max(unread.items(), key=lambda pair: pair[1])
        files = f"{count:,} files .{ending}" if count > 1 else f"a file .{ending}"
        raise UserError(f"{shown_path(root)} holds {files} and no image that gan-tui reads: convert to JPEG or PNG.")


def _notes(part: _Part) -> Iterator[str]:
    if part.classes and part.loose:
        yield f"{_images(len(part.loose))} in no class folder of {part.name} {_is(part.loose)} left out"
    if part.empty:
        one = len(part.empty) == 1
        hold = "holds no image, and is no class" if one else "hold no images, and are no classes"
        yield f"the folder{'' if one else 's'} {some(part.empty)} in {part.name} {hold}"


def _lacking(train: _Part, held: _Part | None) -> Iterator[str]:
    if held and not (held.classes or held.loose):
        yield f"the folder {held.name} holds no images"
    elif held and (lacking := [clean(name) for name in train.classes if name not in held.classes]):
        yield f"the folder {held.name} has no image of {some(lacking)}"


def _others(walk: Walk) -> Iterator[str]:
    """Other files, by their endings."""
    if count := sum(walk.others.values()):
        order = sorted(walk.others.items(), key=lambda pair: (pair[0] not in OTHER_IMAGES, -pair[1], pair[0]))
        endings = [f".{clean(ending)}" if ending else "without an ending" for ending, _ in order]
        convert = "; convert them to JPEG or PNG" if any(ending in OTHER_IMAGES for ending in walk.others) else ""
        yield f"{count:,} other file{'s' * (count > 1)} ({some(endings)}) {_is(range(count))} passed over{convert}"


def _names(folders: list[str]) -> list[str]:
    return [clean(Path(folder).name) for folder in folders]


def _images(count: int) -> str:
    return f"{count:,} image{'s' * (count > 1)}"


def _is(things: object) -> str:
    return "is" if len(things) == 1 else "are"  # type: ignore[arg-type]
