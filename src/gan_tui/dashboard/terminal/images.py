"""The images that cells show parts of, by their numbers.

A widget's images keep their numbers, so that a wall of new digits is one image sent again, and no cell.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Protocol

from rich.color import Color, ColorType
from rich.style import Style

if TYPE_CHECKING:  # numpy loads with the first picture, not before the menu
    from gan_tui.drawing.cells import Image

NUMBERS = range(16, 256)
"""The 256 colours that are no theme's, so that a cell's ink can say one through every multiplexer."""


def style_of(number: int, background: str) -> Style:
    """How a cell looks that shows a part of an image; nothing else here has a colour by its number."""
    return Style(color=Color.from_ansi(number), bgcolor=background)


def number_shown(style: Style | None) -> int | None:
    """The image that a cell of this style shows a part of; None where it is none, or dimmed behind something."""
    color = style.color if style else None
    return color.number if color and color.type is ColorType.EIGHT_BIT else None


class Way(Protocol):
    """How images reach the terminal."""

    def changed(self, number: int, image: Image) -> None:
        """This is the image of a number from now on, unless it is like the one before."""

    def freed(self, number: int) -> None:
        """No cell shows parts of it any more."""

    def lost(self, number: int) -> None:
        """The terminal may not have it any more."""

    def size(self, number: int) -> int:
        """How many characters of it were sent last."""


class Images:
    """Who shows which."""

    def __init__(self, way: Way) -> None:
        self.way = way
        self.wanted: dict[int, Image] = {}
        self._owners: dict[object, list[int]] = {}

    def show(self, owner: object, images: Sequence[Image]) -> list[int]:
        """The numbers by which cells of a widget show these images: the same as before, for as many as there were."""
        numbers = self._owners.setdefault(owner, [])
        while len(numbers) > len(images):
            self._free(numbers.pop())
        while len(numbers) < len(images):
            numbers.append(next(number for number in NUMBERS if number not in self.wanted))
            self.wanted[numbers[-1]] = images[len(numbers) - 1]
        for number, image in zip(numbers, images, strict=True):
            self.wanted[number] = image
            self.way.changed(number, image)
        if not numbers:
            del self._owners[owner]
        return list(numbers)

    def numbers(self, owner: object) -> Sequence[int]:
        """Of the images that a widget shows."""
        return self._owners.get(owner, ())

    def _free(self, number: int) -> None:
        del self.wanted[number]
        self.way.freed(number)
