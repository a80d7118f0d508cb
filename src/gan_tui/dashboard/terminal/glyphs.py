"""What the terminal can show of a text: nothing that acts, and no character it lacks."""

import re
from functools import lru_cache

from gan_tui.dashboard.terminal.placeholders import PLACEHOLDER, is_part
from gan_tui.drawing.terminal import Terminal
from gan_tui.text import DISPUTED, NEW_BLOCKS, plain, width

_ASCII = re.compile("[ -~]*")
_NARROW = re.compile(f"[ -~─-▟⠀-⣿{NEW_BLOCKS}]*")
"""Characters that every Unicode terminal draws in one cell: letters, boxes, blocks, braille."""


@lru_cache(maxsize=4096)
def is_one_cell(cell: str) -> bool:
    """Whether every terminal's cursor is in the next cell after it; of pictographs, flags and accents some disagree."""
    if cell.startswith(PLACEHOLDER) or is_part(cell):
        return True
    known = _NARROW.fullmatch(cell) or "\xa1" <= cell <= "\xff" or "\u2010" <= cell <= "\u2026" or cell.isalpha()
    return len(cell) == 1 and bool(known)


class Glyphs:
    """Turns text into characters that one kind of terminal has, cell for cell."""

    def __init__(self, terminal: Terminal) -> None:
        self._unicode, self._encoding = terminal.unicode, terminal.encoding
        self._others = lru_cache(maxsize=512)(self._cells)

    def cells(self, text: str) -> tuple[str, ...]:
        """One string a cell; a wide character has "" in its second."""
        if (_NARROW if self._unicode else _ASCII).fullmatch(text):
            return tuple(text)  # what charts and pictures are drawn with is hardly ever the same twice
        return self._others(text)

    def _cells(self, text: str) -> tuple[str, ...]:
        cells: list[str] = []
        for character in DISPUTED.sub("", text):
            wide = width(character)
            if wide:
                shown = self._shown(character, wide)
                cells += shown if shown.isascii() else [shown, ""][:wide]
            elif cells and self._unicode and character.isprintable():
                cells[-1 if cells[-1] else -2] += character  # an accent joins the letter it stands on
        return tuple(cells)

    def _shown(self, character: str, wide: int) -> str:
        """What arrives, as wide."""
        if not character.isprintable():
            return " " * wide
        return character if self._unicode else plain(character, self._encoding)
