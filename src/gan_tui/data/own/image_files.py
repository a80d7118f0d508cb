"""Which files are images, and folders walked for them: within bounds, and never in circles."""

from __future__ import annotations

import os
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from gan_tui.errors import UserError, told
from gan_tui.text import shown_path

ENDINGS = frozenset(
    ("png", "jpg", "jpeg", "jpe", "jfif", "webp", "bmp", "dib", "gif", "tif", "tiff", "ppm", "pgm", "pbm", "pnm")
)
"""Of files that are images, in small letters."""
OTHER_IMAGES = frozenset(
    ("heic", "heif", "avif", "jp2", "jxl", "svg", "psd", "dng", "cr2", "cr3", "nef", "arw", "raw", "ico", "tga")
)
"""Of images that are not read: it is said what to do about them."""
MOST_IMAGES = 5_000_000
MOST_OTHERS = 20_000
"""So many files and folders that are no images, and two more for each image, are looked through: a set may come with a
file of labels for each of its images, but a person's whole disk is no set."""

_PASSED_OVER = frozenset({"__macosx", "thumbs.db", "desktop.ini", "@eadir", "lost+found"})
"""What systems put beside a person's files."""
_DIGITS = re.compile(r"(\d+)")


def is_image(name: str) -> bool:
    """Whether a file is called as images are that are read."""
    return _ending(name) in ENDINGS


def _ending(name: str) -> str:
    return name.rpartition(".")[2].lower()


def in_natural_order(name: str) -> tuple[list[str | int], str]:
    """A key to sort by: "class2" before "class10"."""
    parts = _DIGITS.split(name.casefold())
    return [int(part) if n % 2 else part for n, part in enumerate(parts)], name


class Walk:
    """What lies below a folder, counted as it is walked through."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.others: Counter[str] = Counter()
        """Files that are no images, by their endings."""
        self.folders: dict[str, int] = {}
        """Each folder that was looked into, and when it was changed (ns)."""
        self._images = self._no_images = 0
        self._tops: set[tuple[int, int]] = set()
        """The folders whose folders are classes: no link leads back to them."""

    def inside(self, folder: str, around: frozenset[tuple[int, int]] = frozenset()) -> tuple[list[str], list[str]]:
        """The folders and the images directly inside a folder, unordered; none where it leads back to one `around` it.

        One that nothing is around has classes inside.
        """
        folders: list[str] = []
        images: list[str] = []
        try:
            if (this := self.identity(folder)) in around:
                return [], []
            if not around:
                self._tops.add(this)
            with os.scandir(folder) as entries:
                for entry in entries:
                    self._sort(entry, folders, images)
        except FileNotFoundError:
            return [], []  # deleted meanwhile
        except OSError as error:
            raise UserError(f"{shown_path(folder)} cannot be looked into: {told(error)}.") from None
        self._images += len(images)
        self._no_images += len(folders)
        self._refuse_too_many()
        return folders, images

    def identity(self, folder: str) -> tuple[int, int]:
        """What a folder is, whatever it is called; noted with the time when it was changed. Raises OSError."""
        found = os.stat(folder)  # noqa: PTH116 (of very many: a Path for each would take as long as the call)
        self.folders[folder] = found.st_mtime_ns
        return found.st_dev, found.st_ino

    def _sort(self, entry: os.DirEntry[str], folders: list[str], images: list[str]) -> None:
        name = entry.name
        if name[0] == "." or name.lower() in _PASSED_OVER:
            return
        if entry.is_dir():
            folders.append(entry.path)
        elif (ending := _ending(name)) in ENDINGS:
            images.append(entry.path)
        else:
            self.others[ending if len(ending) < min(len(name), 8) else ""] += 1
            self._no_images += 1
            if not self._no_images % 1000:
                self._refuse_too_many()

    def below(self, folder: str) -> list[str]:
        """The images at any depth below a folder, by their names within each; links are followed, though not back."""
        found: list[str] = []
        for images in self._below(folder):
            images.sort()
            found += images
        return found

    def _below(self, top: str) -> Iterator[list[str]]:
        waiting: list[tuple[str, frozenset[tuple[int, int]]]] = [(top, frozenset(self._tops))]
        while waiting:
            folder, around = waiting.pop()
            folders, images = self.inside(folder, around)
            if images:
                yield images
            if folders:
                within = around | {self._known(folder)}
                waiting += [(inner, within) for inner in sorted(folders, key=in_natural_order, reverse=True)]

    def _known(self, folder: str) -> tuple[int, int]:
        try:
            return self.identity(folder)
        except OSError:
            return -1, -1  # deleted meanwhile

    def _refuse_too_many(self) -> None:
        if self._no_images > MOST_OTHERS + 2 * self._images:
            raise UserError(
                f"{shown_path(self.root)} holds more than {self._no_images - 1:,} files and folders that are no "
                "images: name the folder in which there is a folder of images for each class."
            )
        if self._images > MOST_IMAGES:
            raise UserError(
                f"{shown_path(self.root)} holds more than {MOST_IMAGES:,} images: name a folder with fewer of them."
            )
