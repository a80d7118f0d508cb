"""The screen as it should be and as the terminal shows it; what is sent is the difference.

Only cells that differ are sent, and those with ink and paper exchanged where that says it in fewer colours. What is
drawn within half a second of a key goes before all else, span by span: sent by whole rows, a picture beside a chart
came along, and a key waited up to 3 s at 56 kbit/s.
"""

from collections.abc import Iterable, Sequence
from io import StringIO

from rich.segment import Segment
from textual._compositor import ChopsUpdate, CompositorUpdate, LayoutUpdate

from gan_tui.dashboard.terminal.cell_writer import CellWriter, Row
from gan_tui.dashboard.terminal.glyphs import Glyphs
from gan_tui.dashboard.terminal.images import number_shown
from gan_tui.dashboard.terminal.placeholders import as_placeholders
from gan_tui.dashboard.terminal.styles import Look, Looks

_MOST_SPANS = 16
"""In a row, on the average."""
Span = tuple[int, int, int]
"""(row, first column, column after the last)"""
Rank = tuple[int, int, int]
"""The least is sent first."""


def _is_of_a_key(rank: Rank) -> bool:
    return rank[0] < 0


def _is_same(new: str, old: str, look: Look | None, seen: Look | None) -> bool:
    return new == old and look is seen


class ScreenDiff:
    """Takes what the interface wants to show; gives the bytes that make the terminal show it."""

    def __init__(self, looks: Looks, glyphs: Glyphs) -> None:
        self._looks, self._glyphs, self._writer = looks, glyphs, CellWriter(looks)
        self.high = 1
        """The upper byte of the numbers that images have."""
        self._columns = self._rows = 0
        self._wanted: list[Row] = []
        self._shown: list[Row] = []
        self._touched: dict[Span, Rank] = {}
        """Where something may differ, and when it is sent."""
        self._updates = 0
        self.paints_parts = False
        """Whether images are painted over cells, which are blank there; else cells name their parts."""
        self.written: list[Span] = []
        """What was sent since this was emptied, where images are painted over cells."""

    @property
    def size(self) -> tuple[int, int]:
        """(columns, rows) of what is shown."""
        return self._columns, self._rows

    @property
    def rows(self) -> Sequence[Row]:
        """What should be shown."""
        return self._wanted

    def resize(self, columns: int, rows: int) -> None:
        """The terminal has another size; what it shows is not known."""
        self._columns, self._rows = columns, rows
        blank = self._looks.of_blank(None)
        self._wanted = [Row(columns, " ", blank) for _ in range(rows)]
        self.forget()

    def forget(self) -> None:
        """Something else has drawn on the terminal: all of it must be sent again."""
        self._shown = [Row(self._columns, "?", None) for _ in range(self._rows)]
        self._touched = {(y, 0, self._columns): (0, 0, y) for y in range(self._rows)}
        self._writer.lift()

    # What should be shown ----------------------------------------------------------

    def want(self, update: CompositorUpdate, columns: int, rows: int, press: int = 0) -> bool:
        """Take in what the interface has drawn on a screen of that size.

        Returns False for a part of it where the size is another than before: nothing is known of the rest.

        `press` is the number of the key that it was probably drawn for, 0 for none. What a key does is sent before all
        else, and before what an earlier key did; of the rest, what was drawn last comes first.
        """
        if (columns, rows) != (self._columns, self._rows):
            if isinstance(update, ChopsUpdate):
                return False
            self.resize(columns, rows)
        self._updates += 1
        order = (-press, self._updates) if press else (0, -self._updates)
        if isinstance(update, LayoutUpdate):
            for y, line in enumerate(update.strips, update.region.y):
                x = update.region.x
                for strip in line:
                    x = self._put(x, y, strip, order)
        elif isinstance(update, ChopsUpdate):
            for y, start, end in update.spans:
                for stop, (x, chop) in zip(update.chop_ends[y], update.chops[y].items(), strict=False):
                    if chop is not None and x < end and stop > start:  # beyond a span chops may be stale
                        self._put(x, y, chop, order, min(stop, end))
        return True

    def _put(self, x: int, y: int, strip: Iterable[Segment], order: tuple[int, int], end: int | None = None) -> int:
        """Write a strip's cells, up to column `end`; returns the column after them."""
        if not 0 <= y < self._rows:
            return x
        row, end = self._wanted[y], self._columns if end is None else min(end, self._columns)
        first, last = self._columns, 0
        for text, style, _ in strip:
            shows_image = number_shown(style) is not None
            cells = tuple(text) if shows_image else self._glyphs.cells(text)
            look = self._looks.of_blank(style) if text.isspace() else self._looks.of(style)
            start, stop = max(x, 0), min(x + len(cells), end)
            if start < stop:
                piece: Sequence[str] = cells[start - x : stop - x]
                if shows_image and not self.paints_parts:
                    piece = as_placeholders(piece, self.high)
                changed = row.write(start, piece, look)
                first, last = min(first, changed[0]), max(last, changed[1])
            x += len(cells)
        if first < last:
            self._touch((y, first, last), (*order, y))
        return x

    def _touch(self, span: Span, rank: Rank) -> None:
        row = (span[0], 0, self._columns)
        if row in self._touched and not _is_of_a_key(rank):
            span = row  # what is sent anyway need not be compared twice
        self._touched[span] = min(rank, self._touched.get(span, rank))
        if len(self._touched) > _MOST_SPANS * self._rows:  # nothing was taken for long: whole rows will do
            ranks: dict[int, Rank] = {}
            for (y, _, _), waiting in self._touched.items():
                ranks[y] = min(waiting, ranks.get(y, waiting))
            self._touched = {(y, 0, self._columns): waiting for y, waiting in ranks.items()}

    # What is sent ----------------------------------------------------------

    def place(self, x: int, y: int) -> str:
        """What puts the terminal's cursor there, for something that leaves it elsewhere."""
        return self._writer.place(x, y)

    def take_links(self) -> bool:
        """The terminal takes links: those that it was shown as mere words are sent once more. Whether there are any."""
        self._writer.take_links()
        any_are = False
        for y, (wanted, shown) in enumerate(zip(self._wanted, self._shown, strict=True)):
            leading = [x for x, look in enumerate(wanted.looks) if look is not None and look.link]
            for x in leading:
                shown.looks[x] = None
            if leading:
                any_are = True
                self._touch((y, leading[0], leading[-1] + 1), (0, 0, y))
        return any_are

    @property
    def is_behind(self) -> bool:
        """Whether there is more to send."""
        return bool(self._touched)

    def difference(self, most: int = 1 << 30) -> str:
        """What to send so that the terminal shows what should be shown; empty when it does.

        Not much more than `most` characters: the rest remains for the next time.
        """
        out = StringIO()
        for span in sorted(self._touched, key=self._touched.__getitem__):
            if out.tell() >= most or not self._send_span(span, out, most):
                break
            del self._touched[span]
        return out.getvalue()

    def _send_span(self, span: Span, out: StringIO, most: int) -> bool:
        """Send what differs there; False when there was room for a part of it alone."""
        y, start, stop = span
        wanted, shown = self._wanted[y], self._shown[y]
        characters, looks = wanted.characters[start:stop], wanted.looks[start:stop]
        same = list(map(_is_same, characters, shown.characters[start:stop], looks, shown.looks[start:stop]))
        if all(same):
            return True
        x = start
        while x < stop:
            unchanged = same[x - start]
            if characters[x - start] == "":
                if not unchanged and (x == start or same[x - start - 1]):  # it comes with the first cell of its two
                    self._writer.write(x - 1, y, wanted, out)
                x += 1
            elif out.tell() >= most:
                stop = x
                break
            elif unchanged:
                x += 1
            else:
                self._writer.write(x, y, wanted, out)
                room = max(1, most - out.tell())
                x = self._writer.write_alike(x, y, wanted, out, same[x - start : min(stop - start, x - start + room)])
        if self.paints_parts:
            self.written.append((y, start, stop))
        shown.characters[start:stop], shown.looks[start:stop] = characters[: stop - start], looks[: stop - start]
        return stop == span[2]
