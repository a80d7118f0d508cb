"""Cells as bytes: the terminal's cursor and pen, and what moves and changes them least."""

from collections.abc import Sequence
from io import StringIO

from gan_tui.dashboard.terminal.glyphs import is_one_cell
from gan_tui.dashboard.terminal.placeholders import PLACEHOLDER, headed, is_part
from gan_tui.dashboard.terminal.styles import Look, Looks, Pen
from gan_tui.drawing.symbols import OPPOSITES
from gan_tui.text import width

_NEAR = 3
"""So many cells that did not change are written again rather than jumped over: the jump takes as many bytes."""


class Row:
    """The cells of a row: their characters, and how they look."""

    __slots__ = ("characters", "looks")

    def __init__(self, columns: int, character: str, look: Look | None) -> None:
        self.characters, self.looks = [character] * columns, [look] * columns

    def write(self, start: int, cells: Sequence[str], look: Look) -> tuple[int, int]:
        """Put cells there; of a wide character that is cut in two, a blank stays. Returns where anything changed."""
        stop, characters = start + len(cells), self.characters
        cut = start > 0 and characters[start] == "", stop < len(characters) and characters[stop] in ("", PLACEHOLDER)
        if start and characters[start] == "":
            characters[start - 1] = " "
        if stop < len(characters) and characters[stop] == "":
            characters[stop] = " "
        if stop < len(characters) and characters[stop] == PLACEHOLDER:
            characters[stop] = headed(characters, stop)
        characters[start:stop] = cells
        self.looks[start:stop] = [look] * len(cells)
        if characters[start] == "":
            characters[start] = " "
        if width(characters[stop - 1]) > 1:
            characters[stop - 1] = " "
        return start - cut[0], stop + cut[1]


class CellWriter:
    """Writes cells of a row, and knows where the terminal is then and what it draws with."""

    def __init__(self, looks: Looks) -> None:
        self._looks, self._pen = looks, Pen()
        self._at = (-1, -1)
        """(column, row) of the terminal's cursor; negative when it is not known."""

    def take_links(self) -> None:
        """The terminal takes links."""
        self._pen.links = True

    def lift(self) -> None:
        """Something else has drawn on the terminal: nothing is known of it."""
        self._at = (-1, -1)
        self._pen.lift()

    def write(self, x: int, y: int, row: Row, out: StringIO) -> None:
        self._go(x, y, row, out)
        look, character = row.looks[x], row.characters[x]
        assert look is not None
        reversed_look = self._looks.reversed(look) if character in OPPOSITES else None
        if reversed_look is not None and self._pen.cost(reversed_look) < self._pen.cost(look):
            look, character = reversed_look, OPPOSITES[character]
        out.write(self._pen.take(look))
        out.write(" " if is_part(character) else character)
        wide = x + 1 < len(row.characters) and row.characters[x + 1] == ""
        known = not wide and is_one_cell(character) and x + 1 < len(row.characters)
        self._at = (x + 1, y) if known else (-1, -1)  # terminals disagree about wide characters, too

    def write_alike(self, x: int, y: int, row: Row, out: StringIO, same: Sequence[bool]) -> int:
        """Send the cells after a sent one that need nothing but their characters; returns the column after them.

        `same` says of that cell and of each that may follow whether the terminal shows it already.
        """
        look, characters, looks, stop = row.looks[x], row.characters, row.looks, x + 1
        if self._at != (stop, y) or look is None or not self._pen.fits(look):
            return stop
        last = min(x + len(same), len(row.characters) - 1)  # where the cursor is after the last column is not known
        while (
            stop < last
            and not same[stop - x]
            and looks[stop] is look
            and is_one_cell(characters[stop])
            and characters[stop + 1] != ""
        ):
            stop += 1
        out.write(" " * (stop - x - 1) if is_part(characters[x]) else "".join(characters[x + 1 : stop]))
        self._at = (stop, y)
        return stop

    def place(self, x: int, y: int) -> str:
        """What puts the terminal's cursor there, for something that leaves it elsewhere."""
        self._at = (-1, -1)
        return f"\x1b[{y + 1};{x + 1}H"

    def _go(self, x: int, y: int, row: Row, out: StringIO) -> None:
        column, line = self._at
        if line == y and column == x:
            return
        gap = x - column
        if line == y and 0 < gap <= _NEAR and self._alike(row, column, x):
            out.write("".join(row.characters[column:x]))
        elif line == y and gap > 0:
            out.write(f"\x1b[{gap}C" if gap > 1 else "\x1b[C")
        elif x == 0 and line == y - 1 and line >= 0:
            out.write("\r\n")
        else:
            out.write(f"\x1b[{y + 1};{x + 1}H" if x else f"\x1b[{y + 1}H")

    def _alike(self, row: Row, start: int, stop: int) -> bool:
        """Whether the cells between can be written with the pen as it is."""
        return all(
            row.characters[x].isascii()
            and row.characters[x] != ""
            and (look := row.looks[x]) is not None
            and self._pen.fits(look)
            for x in range(start, stop)
        )
