"""What a terminal with sixels shows of the bytes that it was sent: pixels over cells, which writing erases."""

import re

import numpy as np
import pyte
from numpy.typing import NDArray

REPLIES = {b"\x1b[c": b"\x1b[?62;4;22c"}
"""What it answers when it is asked what it is, beside what every terminal does."""
_PAINTING = re.compile(rb"\x1bP0;1q\"1;1;(\d+);(\d+)((?:#\d+;2;\d+;\d+;\d+)*)([^\x1b]*)\x1b\\")
_OTHER_STRINGS = re.compile(rb"\x1b[_P\]](?:[^\x1b\x07])*(?:\x1b\\|\x07)|\x1b\[(?:[<=>][0-9;]*[@-~]|\?[0-9;]*\$p)")
_TOKEN = re.compile(rb"#(\d+)|!(\d+)([?-~])|([?-~])|([$-])")


class SixelScreen(pyte.Screen):
    """A screen that remembers the pixels on it."""

    def __init__(self, columns: int, rows: int, cell: tuple[int, int]) -> None:
        self.cell = cell
        self.pixels = np.zeros((rows * cell[1], columns * cell[0], 4), np.uint8)
        self.paintings: list[int] = []
        """How many bytes each image had that was painted."""
        super().__init__(columns, rows)

    @classmethod
    def of(cls, output: bytes, columns: int, rows: int, cell: tuple[int, int]) -> "SixelScreen":
        screen = cls(columns, rows, cell)
        stream, at = pyte.ByteStream(screen), 0
        for painting in _PAINTING.finditer(output):
            stream.feed(_OTHER_STRINGS.sub(b"", output[at : painting.start()]))
            screen.paint(painting)
            at = painting.end()
        stream.feed(_OTHER_STRINGS.sub(b"", output[at:].partition(b"\x1bP")[0]))
        return screen

    def paint(self, painting: re.Match[bytes]) -> None:
        wide, high = int(painting[1]), int(painting[2])
        drawn = decoded(painting[3], painting[4], wide, high)
        top, left = self.cursor.y * self.cell[1], self.cursor.x * self.cell[0]
        assert top + high < len(self.pixels), "what reaches the last row scrolls"
        area = self.pixels[top : top + high, left : left + wide]
        area[drawn[..., 3] > 0] = drawn[drawn[..., 3] > 0]
        self.paintings.append(len(painting[0]))

    def draw(self, data: str) -> None:
        for character in data:
            before = self.cursor.y, self.cursor.x
            super().draw(character)
            row, column = before if self.cursor.x > before[1] else (self.cursor.y, max(0, self.cursor.x - 1))
            self._clear(row, row + 1, column, column + 1)

    def erase_in_display(self, how: int = 0, *rest: object, **options: object) -> None:
        super().erase_in_display(how, *rest, **options)
        self._clear(0, self.lines, 0, self.columns)

    def _clear(self, top: int, bottom: int, left: int, right: int) -> None:
        wide, high = self.cell
        self.pixels[top * high : bottom * high, left * wide : right * wide] = 0


def decoded(registers: bytes, data: bytes, wide: int, high: int) -> NDArray[np.uint8]:
    """(height, width, 4)"""
    colors = {
        int(number): [round(int(part) * 255 / 100) for part in parts]
        for number, *parts in re.findall(rb"#(\d+);2;(\d+);(\d+);(\d+)", registers)
    }
    drawn = np.zeros((high, wide, 4), np.uint8)
    x = y = color = 0
    for number, count, repeated, single, control in _TOKEN.findall(data):
        if number:
            color = int(number)
        elif control:
            x, y = 0, y + 6 * (control == b"-")
        else:
            bits, times = (repeated or single)[0] - 63, int(count or 1)
            for bit in range(6):
                if bits >> bit & 1:
                    drawn[y + bit, x : x + times] = [*colors[color], 255]
            x += times
    return drawn
