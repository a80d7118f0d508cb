"""Images that the terminal keeps, and shows where cells name their parts (`kitty.py`, `placeholders.py`)."""

from __future__ import annotations

import random
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from gan_tui.dashboard.terminal.encoding import Encoder, Soon
from gan_tui.dashboard.terminal.kitty import Kitty
from gan_tui.dashboard.terminal.rescue import Rescue

if TYPE_CHECKING:
    from gan_tui.drawing.cells import Image

MOST_BYTES = 8900
"""What an image should have at most: 12 kB arrive of it, coded and wrapped."""


class KittyImages:
    """What the terminal has of what is to be shown. Each image is sent whole, between two updates of cells."""

    def __init__(self, kitty: Kitty, soon: Soon, send: Callable[[], object]) -> None:
        """`send` is called when there is something `due`."""
        self._kitty, self._send = kitty, send
        self.high = random.randrange(1, 255)
        """The upper byte of all numbers, so that other programs in the same terminal have others."""
        self._encoder: Encoder[Image, bytes] = Encoder(soon, self._take)
        self._ready: dict[int, str] = {}
        self._sent: dict[int, int] = {}
        """How many characters the newest image of each number had, which the terminal keeps."""
        self._freed: set[int] = set()

    def changed(self, number: int, image: Image) -> None:
        """Encode it, unless that was done."""
        self._freed.discard(number)
        known = self._encoder.key(number)
        if known is None or not known.is_like(image):
            self._encoder.start(number, image, partial(_encoded, image))

    def _take(self, number: int, image: Image, png: bytes) -> None:
        self._ready[number] = self._kitty.transmission(self._whole(number), png, image.rows, image.columns)
        self._send()

    def freed(self, number: int) -> None:
        """Forget it; the terminal is to do the same."""
        self._encoder.forget(number)
        self._ready.pop(number, None)
        if number in self._sent:
            self._freed.add(number)
            self._send()

    def lost(self, number: int) -> None:
        """The terminal may not have it any more."""
        self._encoder.forget(number)

    def due(self) -> str:
        """What to send next, whole; empty where there is nothing."""
        if self._freed:
            sequence = self._kitty.deletion(map(self._whole, self._freed))
            for number in self._freed:
                del self._sent[number]
            self._freed = set()
        elif self._ready:
            number = next(iter(self._ready))
            sequence = self._ready.pop(number)
            self._sent[number] = len(sequence)
        else:
            return ""
        Rescue.farewells["images"] = self._kitty.deletion(map(self._whole, self._sent)).encode()
        return sequence

    def size(self, number: int) -> int:
        """How many characters of it were sent last."""
        return self._sent.get(number, 0)

    def _whole(self, number: int) -> int:
        return self.high << 24 | number


def _encoded(image: Image) -> bytes:
    from gan_tui.drawing.pictures.png import png

    return png(image, MOST_BYTES)
