"""The screen as it should be and as the terminal shows it; what is sent is the difference."""

from collections.abc import Iterable, Sequence
from io import StringIO

from rich.cells import cell_len
from rich.segment import Segment
from textual._compositor import ChopsUpdate, CompositorUpdate, LayoutUpdate

from gan_tui.dashboard.terminal.glyphs import Glyphs
from gan_tui.dashboard.terminal.pen import Look, Looks, Pen

_NEAR = 3
"""So many cells that did not change are written again rather than jumped over: the jump takes as many bytes."""


_OPPOSITES = dict(zip("▘▝▀▖▌▞▛▗▚▐▜▄▙▟", "▟▙▄▜▐▚▗▛▞▌▖▀▝▘", strict=True))
"""Block characters that show the same with ink and paper exchanged: the one is sent that needs fewer colours."""


class _Row:
    """The cells of a row: their characters, and how they look."""

    __slots__ = ("characters", "looks")

    def __init__(self, columns: int, character: str, look: Look | None) -> None:
        self.characters, self.looks = [character] * columns, [look] * columns

    def write(self, start: int, cells: Sequence[str], look: Look) -> None:
        """Put cells there; of a wide character that is cut in two, a blank stays."""
        stop, characters = start + len(cells), self.characters
        if start and characters[start] == "":
            characters[start - 1] = " "
        if stop < len(characters) and characters[stop] == "":
            characters[stop] = " "
        characters[start:stop] = cells
        self.looks[start:stop] = [look] * len(cells)
        if characters[start] == "":
            characters[start] = " "
        if cell_len(characters[stop - 1]) > 1:
            characters[stop - 1] = " "


class ScreenImage:
    """Takes what the interface wants to show; gives the bytes that make the terminal show it."""

    def __init__(self, looks: Looks, glyphs: Glyphs) -> None:
        self._looks, self._glyphs, self._pen = looks, glyphs, Pen()
        self._columns = self._rows = 0
        self._wanted: list[_Row] = []
        self._shown: list[_Row] = []
        self._touched: dict[int, None] = {}
        """Rows that may differ, those that changed last at first: what a key does goes before the rest of a picture."""
        self._at = (-1, -1)
        """(column, row) of the terminal's cursor; negative when it is not known."""

    def resize(self, columns: int, rows: int) -> None:
        """The terminal has another size; what it shows is not known."""
        self._columns, self._rows = columns, rows
        blank = self._looks.of_blank(None)
        self._wanted = [_Row(columns, " ", blank) for _ in range(rows)]
        self.forget()

    def forget(self) -> None:
        """Something else has drawn on the terminal: all of it must be sent again."""
        self._shown = [_Row(self._columns, "?", None) for _ in range(self._rows)]
        self._touched = dict.fromkeys(range(self._rows))
        self._at = (-1, -1)
        self._pen.lift()

    # What should be shown ----------------------------------------------------------

    def want(self, update: CompositorUpdate, columns: int, rows: int) -> None:
        """Take in what the interface has drawn on a screen of that size."""
        if (columns, rows) != (self._columns, self._rows):
            self.resize(columns, rows)
        before, self._touched = self._touched, {}
        if isinstance(update, LayoutUpdate):
            for y, line in enumerate(update.strips, update.region.y):
                x = update.region.x
                for strip in line:
                    x = self._put(x, y, strip)
        elif isinstance(update, ChopsUpdate):
            for y, start, end in update.spans:
                for stop, (x, chop) in zip(update.chop_ends[y], update.chops[y].items(), strict=False):
                    if chop is not None and x < end and stop > start:  # beyond a span chops may be stale
                        self._put(x, y, chop, min(stop, end))
        self._touched |= {y: None for y in before if y not in self._touched}

    def _put(self, x: int, y: int, strip: Iterable[Segment], end: int | None = None) -> int:
        """Write a strip's cells, up to column `end`; returns the column after them."""
        if not 0 <= y < self._rows:
            return x
        row, end = self._wanted[y], self._columns if end is None else min(end, self._columns)
        for text, style, _ in strip:
            cells = self._glyphs.cells(text)
            look = self._looks.of_blank(style) if text.isspace() else self._looks.of(style)
            start, stop = max(x, 0), min(x + len(cells), end)
            if start < stop:
                row.write(start, cells[start - x : stop - x], look)
            x += len(cells)
        self._touched[y] = None
        return x

    # What is sent ----------------------------------------------------------

    @property
    def is_behind(self) -> bool:
        """Whether there is more to send."""
        return bool(self._touched)

    def difference(self, most: int = 1 << 30) -> str:
        """What to send so that the terminal shows what should be shown; empty when it does.

        Not much more than `most` characters: the rest remains for the next time.
        """
        out = StringIO()
        while self._touched and out.tell() < most:
            y = next(iter(self._touched))
            wanted, shown = self._wanted[y], self._shown[y]
            alike = wanted.characters == shown.characters and wanted.looks == shown.looks
            if alike or self._send_row(y, wanted, shown, out, most):
                del self._touched[y]
        return out.getvalue()

    def _send_row(self, y: int, wanted: _Row, shown: _Row, out: StringIO, most: int) -> bool:
        """Send what differs in a row; False when there was room for a part of it alone."""
        characters, looks = wanted.characters, wanted.looks
        same = [
            new == old and look is seen
            for new, old, look, seen in zip(characters, shown.characters, looks, shown.looks, strict=True)
        ]
        for x, unchanged in enumerate(same):
            if out.tell() >= most and characters[x] != "":
                shown.characters[:x], shown.looks[:x] = characters[:x], looks[:x]
                return False
            if unchanged or characters[x] == "":  # the second cell of a wide character comes with its first
                if characters[x] == "" and not unchanged and same[x - 1]:
                    self._send_cell(x - 1, y, wanted, out)
                continue
            self._send_cell(x, y, wanted, out)
        shown.characters[:], shown.looks[:] = characters, looks
        return True

    def _send_cell(self, x: int, y: int, row: _Row, out: StringIO) -> None:
        self._go(x, y, row, out)
        look, character = row.looks[x], row.characters[x]
        assert look is not None
        reversed_look = self._looks.reversed(look) if character in _OPPOSITES else None
        if reversed_look is not None and self._pen.cost(reversed_look) < self._pen.cost(look):
            look, character = reversed_look, _OPPOSITES[character]
        out.write(self._pen.take(look))
        out.write(character)
        wide = x + 1 < self._columns and row.characters[x + 1] == ""
        known = not wide and row.characters[x].isprintable() and x + 1 < self._columns
        self._at = (x + 1, y) if known else (-1, -1)  # terminals disagree about what a wide character does

    def _go(self, x: int, y: int, row: _Row, out: StringIO) -> None:
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

    def _alike(self, row: _Row, start: int, stop: int) -> bool:
        """Whether the cells between can be written with the pen as it is."""
        return all(
            row.characters[x].isascii()
            and row.characters[x] != ""
            and (look := row.looks[x]) is not None
            and self._pen.fits(look)
            for x in range(start, stop)
        )
