"""What a terminal with the Kitty graphics protocol shows of the bytes that it was sent, read a second time.

https://sw.kovidgoyal.net/kitty/graphics-protocol/
"""

import base64
import io
import re
from dataclasses import dataclass, field

import numpy as np
import pyte
from numpy.typing import NDArray
from PIL import Image

QUERY = b"\x1b_Gi=31,s=1,v=1,a=q,t=d,f=24;AAAA\x1b\\"
YES = b"\x1b_Gi=31;OK\x1b\\"
REPLIES = {QUERY: YES, b"\x1b[>0q": b"\x1bP>|kitty(0.35.2)\x1b\\", b"\x1b[c": b"\x1b[?62;c"}
"""What it answers, beside what every terminal does."""
PLACEHOLDER = "\U0010eeee"
MARKS = "\u0305\u030d\u030e\u0310\u0312\u033d\u033e\u033f\u0346\u034a\u034b\u034c\u0350\u0351\u0352\u0357\u035b"
"""The first of the protocol's table."""
_COMMAND = re.compile(rb"\x1b_G([^;\x1b]*)(?:;([^\x1b]*))?\x1b\\")


@dataclass
class Kept:
    """An image that the terminal has."""

    picture: Image.Image
    columns: int = 0
    rows: int = 0


@dataclass
class KittyGraphics:
    """What is left of all graphics commands in an output."""

    images: dict[int, Kept] = field(default_factory=dict)
    largest: int = 0
    """Bytes of the largest transmission, with all that is around it."""
    transmissions: int = 0

    @classmethod
    def of(cls, output: bytes) -> "KittyGraphics":
        graphics, data, started = cls(), b"", 0
        first: dict[str, str] = {}
        for command in _COMMAND.finditer(output):
            keys = dict(pair.split("=") for pair in command[1].decode().split(","))
            payload = command[2] or b""
            assert len(payload) <= 4096, "a chunk has 4096 characters at most"
            action = keys.get("a", "" if first else "t")
            if action in ("t", ""):
                if not first:
                    first, data, started = keys, b"", command.start()
                data += payload
                if keys.get("m") == "1":
                    continue
                assert first["f"] == "100" and first["q"] == "2"
                graphics.images[int(first["i"])] = Kept(Image.open(io.BytesIO(base64.b64decode(data))).convert("RGBA"))
                graphics.transmissions += 1
                first = {}
            elif action == "p":
                kept = graphics.images[int(keys["i"])]
                assert keys["U"] == "1" and keys["q"] == "2"
                kept.columns, kept.rows = int(keys["c"]), int(keys["r"])
                graphics.largest = max(graphics.largest, command.end() - started)
            elif action == "d":
                assert keys["d"] == "I"
                graphics.images.pop(int(keys["i"]), None)
        assert not first, "an image was begun and not ended"
        return graphics

    @staticmethod
    def has_ended(output: bytes) -> bool:
        """Whether no image is under way."""
        commands = _COMMAND.findall(output)
        return not commands or b"m=1" not in commands[-1][0]

    def shown_on(self, screen: pyte.Screen, cell: tuple[int, int]) -> NDArray[np.uint8]:
        """(height, width, 4): the pixels over the screen's cells, which are (wide, high) of them; clear elsewhere."""
        wide, high = cell
        canvas = Image.new("RGBA", (screen.columns * wide, screen.lines * high))
        for row in range(screen.lines):
            before: tuple[int, int, int] | None = None
            for column in range(screen.columns):
                char = screen.buffer[row][column]
                before = self.part(char, before) if char.data.startswith(PLACEHOLDER) else None
                if before and (kept := self.images.get(before[0])):
                    place = column * wide, row * high
                    canvas.paste(_cut(kept, before[1], before[2], cell), place)
        return np.asarray(canvas)

    @staticmethod
    def part(char: pyte.screens.Char, before: tuple[int, int, int] | None) -> tuple[int, int, int] | None:
        """(image, row, column)"""
        low = _PALETTE.index(char.fg, 16)
        if len(char.data) == 1:
            return (before[0], before[1], before[2] + 1) if before and before[0] & 255 == low else None
        row, column, high = (_number(mark) for mark in char.data[1:4])
        return high << 24 | low, row, column


def _number(mark: str) -> int:
    from gan_tui.dashboard.terminal.placeholders import DIACRITICS

    return DIACRITICS.index(mark)


def _cut(kept: Kept, row: int, column: int, cell: tuple[int, int]) -> Image.Image:
    """The part of an image: it keeps its proportions, in the middle of all its cells."""
    size = kept.columns * cell[0], kept.rows * cell[1]
    scale = min(size[0] / kept.picture.width, size[1] / kept.picture.height)
    wide, high = (max(1, round(side * scale)) for side in kept.picture.size)
    fitted = kept.picture.resize((wide, high), Image.Resampling.NEAREST)
    whole = Image.new("RGBA", size)
    whole.paste(fitted, ((size[0] - fitted.width) // 2, (size[1] - fitted.height) // 2))
    left, top = column * cell[0], row * cell[1]
    return whole.crop((left, top, left + cell[0], top + cell[1]))


_PALETTE = pyte.graphics.FG_BG_256
"""Colours by their numbers; those below 16 have names elsewhere."""
