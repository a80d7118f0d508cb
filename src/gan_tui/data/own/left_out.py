"""What was left out of a set of images and why, and what is in it twice, in words."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path

from gan_tui.data.own.found import MOST_TOLD
from gan_tui.data.own.listing import Listing
from gan_tui.data.own.sampling import named
from gan_tui.errors import TRAINING_FAILED, UserError
from gan_tui.text import shown_path

MOST_BROKEN = 0.1
"""The share of images that may be broken: where there are more, something else is wrong."""


class Out:
    """The images that could not be read, of a listing."""

    def __init__(self, root: Path, listing: Listing) -> None:
        self.root, self._listing = root, listing
        self.broken: dict[int, str] = {}
        """Position of the file → why."""

    def add(self, number: int, reason: str) -> None:
        self.broken[number] = reason

    @property
    def too_many(self) -> bool:
        return len(self.broken) > MOST_BROKEN * len(self._listing.files)

    def notes(self) -> Iterator[str]:
        if self.broken:
            one = len(self.broken) == 1
            yield f"{len(self.broken):,} broken image{' is' if one else 's are'} left out: {self.words()}"

    def words(self) -> str:
        """'cat/a.jpg (cut short), cat/b.jpg (damaged) and 4 more'"""
        told = [f"{self._named(number)} ({why})" for number, why in list(self.broken.items())[:MOST_TOLD]]
        more = f" and {len(self.broken) - MOST_TOLD:,} more" if len(self.broken) > MOST_TOLD else ""
        return ", ".join(told) + more

    def twice(self, kept: Sequence[int], digests: Sequence[bytes]) -> Iterator[str]:
        """What is there of the same pixels, in the form that they were read."""
        first: dict[bytes, int] = {}
        same: defaultdict[int, list[int]] = defaultdict(list)
        for number, digest in zip(kept, digests, strict=True):
            if (before := first.setdefault(digest, number)) != number:
                same[before].append(number)
        if count := sum(map(len, same.values())):
            yield f"{count:,} image{' has' if count == 1 else 's have'} the same pixels as another"
        labels, held = self._listing.labels, self._listing.kept
        apart = [(one, other) for one, rest in same.items() for other in rest if labels[one] != labels[other]]
        if apart:
            yield f"{len(apart):,} of them in two classes: {self._pairs(apart)}"
        leaked = [(one, other) for one, rest in same.items() for other in rest if one < held <= other]
        if leaked:
            yield f"{len(leaked):,} of those held back to train on, too: {self._pairs(leaked)}"

    def _pairs(self, pairs: Sequence[tuple[int, int]]) -> str:
        told = [f"{self._named(one)} and {self._named(other)}" for one, other in pairs[:MOST_TOLD]]
        return "; ".join(told) + (f" and {len(pairs) - MOST_TOLD:,} more" if len(pairs) > MOST_TOLD else "")

    def _named(self, number: int) -> str:
        return named(self._listing.files[number], self.root)


def refuse_many(out: Out) -> None:
    """Raises UserError where more images are broken than a share of them all."""
    if out.too_many:
        raise UserError(
            f"More than {MOST_BROKEN:.0%} of the images in {shown_path(out.root)} cannot be read, "
            f"{out.words()} among them: restore them, or remove them.".replace("%", " %", 1),
            TRAINING_FAILED,
        )
