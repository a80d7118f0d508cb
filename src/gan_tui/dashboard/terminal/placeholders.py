"""Cells that show parts of images, as the Kitty protocol has them (its "Unicode placeholders").

A placeholder says by diacritics which row and column of its image it shows, and by its ink which image; one without
diacritics shows what follows on the cell to its left. Multiplexers keep, cut and move them as they do all text.
Described at https://sw.kovidgoyal.net/kitty/graphics-protocol/#unicode-placeholders.
"""

from collections.abc import Sequence

from gan_tui.drawing.symbols import PARTS, PARTS_A_SIDE

PLACEHOLDER = "\U0010eeee"
_MARKS = (
    "305 30d-30e 310 312 33d-33f 346 34a-34c 350-352 357 35b 363-36f 483-487 592-595 597-599 59c-5a1 5a8-5a9 5ab-5ac "
    "5af 5c4 610-617 657-65b 65d-65e 6d6-6dc 6df-6e2 6e4 6e7-6e8 6eb-6ec 730 732-733 735-736 73a 73d 73f-741 743 745 "
    "747 749-74a 7eb-7f1 7f3 816-819 81b-823 825-827 829-82d 951 953-954 f82-f83 f86-f87 135d-135f 17dd 193a 1a17 "
    "1a75-1a7c 1b6b 1b6d-1b73 1cd0-1cd2 1cda-1cdb 1ce0 1dc0-1dc1 1dc3-1dc9 1dcb-1dcc 1dd1-1de6 1dfe 20d0-20d1 "
    "20d4-20d7 20db-20dc 20e1 20e7 20e9 20f0 2cef-2cf1 2de0-2dff a66f a67c-a67d a6f0-a6f1 a8e0-a8f1 aab0 aab2-aab3 "
    "aab7-aab8 aabe-aabf aac1 fe20-fe26 10a0f 10a38 1d185-1d189 1d1aa-1d1ad 1d242-1d244"
)
"""The diacritics of the numbers from 0 on: those above a letter in Unicode 6 that no letter is composed with."""


def _listed(ranges: str) -> list[str]:
    ends = (part.partition("-") for part in ranges.split())
    return [chr(code) for first, _, last in ends for code in range(int(first, 16), int(last or first, 16) + 1)]


DIACRITICS = _listed(_MARKS)
_NUMBERS = {mark: number for number, mark in enumerate(DIACRITICS)}


def is_part(cell: str) -> bool:
    """Whether a drawn cell shows a part of an image."""
    return len(cell) == 1 and ord(cell) in PARTS


def place_of(part: str) -> tuple[int, int]:
    """The (row, column) of its image that a part is at."""
    return divmod(ord(part) - PARTS.start, PARTS_A_SIDE)


def as_placeholders(cells: Sequence[str], high: int) -> list[str]:
    """Parts, neighbours in a row, as they are sent. `high` is the upper byte of the image's number."""
    sent, before = [], -1
    for part in cells:
        sent.append(PLACEHOLDER if ord(part) == before + 1 else _head(part, high))
        before = ord(part)
    return sent


def headed(characters: Sequence[str], column: int) -> str:
    """What a bare placeholder becomes that nothing will be left of: with its own diacritics."""
    first = column
    while characters[first] == PLACEHOLDER:
        first -= 1
    _, row, start, high = list(characters[first])
    return PLACEHOLDER + row + DIACRITICS[_NUMBERS[start] + column - first] + high


def _head(part: str, high: int) -> str:
    row, column = place_of(part)
    return PLACEHOLDER + DIACRITICS[row] + DIACRITICS[column] + DIACRITICS[high]
