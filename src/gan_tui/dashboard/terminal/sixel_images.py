"""Images that are painted over cells, as sixels, and erased by what is written there.

They are large, so each is painted only when it or something within its corners has changed, and only those parts of it
that are on the screen.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING

from gan_tui.dashboard.terminal.encoding import Encoder, Soon
from gan_tui.dashboard.terminal.placeholders import is_part, place_of
from gan_tui.dashboard.terminal.screen_diff import ScreenDiff, Span

if TYPE_CHECKING:
    from gan_tui.drawing.cells import Image

Place = tuple[int, int]
"""(row, column)"""
Parts = dict[Place, Place]
"""Which cell of an image is at each place on the screen."""


class SixelImages:
    """What is painted where."""

    def __init__(self, diff: ScreenDiff, soon: Soon, send: Callable[[], object]) -> None:
        """`send` is called when there is something `due`."""
        self._diff, self._send = diff, send
        self.cell = (8, 16)
        """How many pixels it is wide and high."""
        self._encoder: Encoder[tuple[Image, Parts], str] = Encoder(soon, self._take)
        self._wanted: dict[int, Image] = {}
        self._coded: dict[int, str] = {}
        self._due: set[int] = set()
        """Images that are to be painted."""

    def changed(self, number: int, image: Image) -> None:
        """Paint it, unless that was done."""
        known = self._wanted.get(number)
        if known is None or not known.is_like(image):
            self._wanted[number] = image
            self.lost(number)
            self._send()

    def freed(self, number: int) -> None:
        """Forget it; blanks are written over it."""
        self._wanted.pop(number, None)
        self._coded.pop(number, None)
        self._due.discard(number)
        self._encoder.forget(number)

    def lost(self, number: int) -> None:
        """The terminal may not show it any more."""
        self._due.add(number)

    def due(self) -> str:
        """What to paint next, where all cells are as they should be; empty where there is nothing."""
        written, self._diff.written = self._diff.written, []
        for number in self._wanted:
            key = self._encoder.key(number)
            if key and written and _touches(key[1], written):
                self._due.add(number)
        for number in sorted(self._due):
            parts = self._parts_of(number)
            would_scroll = any(row + 1 >= self._diff.size[1] for row, _ in parts)
            if parts and not would_scroll and (painting := self._painting(number, parts)):
                return painting
        return ""

    def _painting(self, number: int, parts: Parts) -> str:
        """The image, ready to be sent; empty while it is being encoded."""
        key, image = self._encoder.key(number), self._wanted[number]
        if key is None or key[0] is not image or key[1] != parts:
            self._coded.pop(number, None)
            self._encoder.start(number, (image, parts), partial(_encoded, image, parts, self.cell))
        if number not in self._coded:
            return ""
        self._due.discard(number)
        top, left = _corner(parts)
        return self._diff.place(left, top) + self._coded[number]

    def _parts_of(self, number: int) -> Parts:
        ink, parts = f"38;5;{number}", {}
        for y, row in enumerate(self._diff.rows):
            for x, character in enumerate(row.characters):
                if is_part(character) and (look := row.looks[x]) is not None and look.ink == ink:
                    parts[y, x] = place_of(character)
        return parts

    def _take(self, number: int, _key: object, code: str) -> None:
        self._coded[number] = code
        self._send()

    def size(self, number: int) -> int:
        """How many characters it has."""
        return len(self._coded.get(number, ""))


def _touches(parts: Parts, written: Sequence[Span]) -> bool:
    """Whether something was written within the corners of what is shown: some terminals drop the whole image then."""
    (top, left), bottom, right = _corner(parts), max(row for row, _ in parts), max(column for _, column in parts)
    return any(top <= y <= bottom and start <= right and stop > left for y, start, stop in written)


def _corner(parts: Parts) -> Place:
    return min(row for row, _ in parts), min(column for _, column in parts)


def _encoded(image: Image, parts: Parts, cell: tuple[int, int]) -> str:
    from gan_tui.drawing.pictures.sixel import sixels

    top, left = _corner(parts)
    return sixels(image, {(row - top, column - left): part for (row, column), part in parts.items()}, cell)
