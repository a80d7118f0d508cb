"""What the terminal can show of a text: nothing that acts, and no character it lacks."""

import re
from functools import lru_cache

from rich.cells import cell_len

from gan_tui.drawing.terminal import Terminal

_PLAIN = {
    ord(character): plain
    for plain, characters in {
        "-": "─━┄┅┈═╴╶╸╺–—▔▀", "|": "│┃┆║╵╷▏▎▍▌▐▕▋▊▉", "+": "╭╮╯╰┌┐┘└├┤┬┴┼┏┓┗┛╔╗╚╝±", "_": "▁▂", "=": "▃▄▅▆▇‖",
        "#": "█■▓", ".": "░·…°⋅", ":": "▒", "*": "•●◉▪◆✦", "o": "○◯□▫◇", "^": "▲△↑⌃⇧", "v": "▼▽▾↓✓✔√",
        ">": "▶▸►▷→≥", "<": "◀◂◁←↵⏎≤", "x": "×✕✗✘", "/": "÷", '"': "“”", "~": "≈", "u": "µ",
    }.items()
    for character in characters
}  # fmt: skip
"""ASCII that stands for what interfaces are drawn with."""


_ASCII = re.compile("[ -~]*")
_NARROW = re.compile("[ -~─-▟⠀-⣿]*")
"""Characters that every Unicode terminal draws in one cell: letters, boxes, blocks, braille."""


class Glyphs:
    """Turns text into characters that one kind of terminal has, cell for cell."""

    def __init__(self, terminal: Terminal, encoding: str) -> None:
        """`encoding` is the terminal's; without Unicode, ASCII and what the encoding has."""
        self._unicode, self._encoding = terminal.unicode, encoding
        self._others = lru_cache(maxsize=512)(self._cells)

    def cells(self, text: str) -> tuple[str, ...]:
        """One string a cell; a wide character has "" in its second."""
        if (_NARROW if self._unicode else _ASCII).fullmatch(text):
            return tuple(text)  # what charts and pictures are drawn with is hardly ever the same twice
        return self._others(text)

    def _cells(self, text: str) -> tuple[str, ...]:
        cells: list[str] = []
        for character in text:
            width = cell_len(character)
            if width == 0 and cells and character.isprintable() and self._unicode:
                cells[-1] += character  # an accent joins the letter it stands on
            elif width:
                shown = self._shown(character)
                cells += [shown] if width == 1 else [shown, ""] if self._unicode else [shown, " "]
        return tuple(cells)

    def _shown(self, character: str) -> str:
        if not character.isprintable():
            return " "
        if self._unicode:
            return character
        plain = character.translate(_PLAIN)
        if plain.isascii():
            return plain
        try:
            plain.encode(self._encoding)
        except (UnicodeEncodeError, LookupError):
            return "?"
        return plain
