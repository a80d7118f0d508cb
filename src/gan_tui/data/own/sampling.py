"""What images are like, from the headers of some of them; and in a line for a person."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from gan_tui.data.own.found import COLOR, GREY
from gan_tui.errors import UserError
from gan_tui.text import harmless, shown_path

SAMPLED = 100
"""Headers that are looked at."""


@dataclass
class Seen:
    """Sizes and colours, of as many images as were seen."""

    smallest: tuple[int, int] | None = None
    """(height, width)"""
    largest: tuple[int, int] | None = None
    grey: bool = False
    """Whether any is."""
    colour: bool = False

    def add(self, height: int, width: int, grey: bool) -> None:
        sides = height, width
        if self.smallest is None or self.largest is None:
            self.smallest = self.largest = sides
        elif sides not in (self.smallest, self.largest):
            self.smallest = min(self.smallest, sides, key=_by_area)
            self.largest = max(self.largest, sides, key=_by_area)
        self.grey, self.colour = self.grey or grey, self.colour or not grey

    @property
    def sides(self) -> tuple[int, int] | None:
        """Of every image; None where they differ."""
        return self.smallest if self.smallest == self.largest else None

    @property
    def channels(self) -> int:
        return COLOR if self.colour else GREY

    def words(self, count: int, shares: Sequence[int], classed: bool) -> str:
        """'1,203 colour images, 64 × 48 to 640 × 480, in 5 classes, 12 % in the smallest'.

        `shares` are the numbers of images of the classes.
        """
        kind = " and ".join(["grey"] * self.grey + ["colour"] * self.colour)
        parts = [f"{count:,} {kind} image{'s' * (count != 1)}"]
        if self.smallest and self.largest:
            ends = [f"{width} × {height}" for height, width in dict.fromkeys((self.smallest, self.largest))]
            parts.append(" to ".join(ends))
        if classed:
            parts.append("in 1 class" if len(shares) == 1 else f"in {len(shares):,} classes")
        whole: int = sum(shares)
        if len(shares) > 1 and whole:
            least = 100 * min(shares) / whole
            parts.append(f"{least:.0f} % in the smallest" if least >= 1 else f"{least:.1g} % in the smallest")
        return ", ".join(parts)


def _by_area(sides: tuple[int, int]) -> tuple[int, tuple[int, int]]:
    return sides[0] * sides[1], sides


def sampled(root: Path, files: Sequence[str]) -> Seen:
    """What the headers of some images say. Raises UserError where not one of them is an image."""
    from gan_tui.data.own.decoding import Broken, header  # brings Pillow

    seen, reasons = Seen(), list[str]()
    for file in _some(files):
        try:
            found = header(file)
        except Broken as broken:
            reasons.append(f"{named(file, root)}: {broken}")
        else:
            seen.add(found.height, found.width, found.grey)
    if seen.smallest is None:
        raise UserError(
            f"{shown_path(root)} holds {len(files):,} files that are called images, and none of the {len(reasons):,} "
            f"looked at can be read ({reasons[0]}): restore them."
        )
    return seen


def _some(files: Sequence[str]) -> Iterable[str]:
    """Some of the files, evenly apart, the first and the last among them."""
    if len(files) <= SAMPLED:
        return files
    return [files[n * (len(files) - 1) // (SAMPLED - 1)] for n in range(SAMPLED)]


def named(file: str, root: Path) -> str:
    """What to call a file to a person."""
    return harmless(file.removeprefix(f"{root}/"), 120)
