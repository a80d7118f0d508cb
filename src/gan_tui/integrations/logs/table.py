"""Plain tables: CSV and TSV, as the CSVLogger of Keras and that of Lightning, pandas and people's own scripts write."""

from pathlib import Path

import numpy as np

from gan_tui.integrations.logs.base import Format
from gan_tui.integrations.logs.cells import Layout, cells_of, is_no_row, is_table, layout_of, parts
from gan_tui.integrations.logs.line_log import LineLog
from gan_tui.integrations.logs.rows import count_not_shown
from gan_tui.integrations.logs.step_column import last_of
from gan_tui.integrations.logs.text_files import BOM, first_lines, head, last_lines, lines_before, logs_at
from gan_tui.run.event_schema import MOST_CHARACTERS
from gan_tui.text import harmless

NAME = "CSV"
_ENDINGS = (".csv", ".tsv")
MOST_COLUMNS = 4096
HYPERPARAMETERS = "hparams.yaml"
"""What Lightning writes beside its table."""


class TableReader(LineLog):
    """Reads a table as it grows. Lightning writes it anew, with another column, when a name comes late."""

    tool = NAME

    def _begin(self) -> None:
        super()._begin()
        self._layout: Layout | None = None
        if about := head(self.path.parent / HYPERPARAMETERS, MOST_CHARACTERS, follow=False):
            lines = about.decode("utf-8", "replace").splitlines()
            self._teller.text("hparams", 0, "\n".join(harmless(line, 2000) for line in lines))

    def _take(self, block: bytes) -> bool:
        if self._layout is None:
            block = self._without_header(block.removeprefix(BOM))
            if self._layout is None:
                return True
        below_headers = parts(block, self._layout)
        self._layout = below_headers[-1][1]
        return all(self._take_rows(rows, layout) for rows, layout in below_headers if rows)

    def _take_rows(self, rows: bytes, layout: Layout) -> bool:
        """Those below one header; whether what was taken for granted so far still holds."""
        cells = cells_of(rows, layout)
        self.damaged += cells.damaged
        for n, count in cells.words.items():
            count_not_shown(self.not_shown, f"words in {layout.names[n] or 'a column without a name'}", count)
        names = layout.names[:MOST_COLUMNS]
        if len(names) < len(layout.names):
            self.not_shown[f"columns beyond the first {MOST_COLUMNS:,}"] = len(layout.names) - MOST_COLUMNS
        return self._rows.take(names, list(np.ascontiguousarray(cells.table.T[:MOST_COLUMNS])))

    def _without_header(self, block: bytes) -> bytes:
        """The rows of the first lines; without a layout where these are none."""
        lines = block.split(b"\n")[:-1]
        self._layout = layout_of(lines)
        if self._layout is None:
            self.damaged += len(lines)
            return b""
        return _below_header(block, lines, self._layout)


def _below_header(block: bytes, lines: list[bytes], layout: Layout) -> bytes:
    """The rows, without what stands before them."""
    skipped = 0
    for line in lines:
        text = line.rstrip(b"\r")
        is_header = bool(layout.header) and text == layout.header
        if not is_no_row(line) and not is_header:
            break
        skipped += len(line) + 1
        if is_header:
            break
    return block[skipped:]


def is_table_file(path: Path) -> bool:
    """Whether a file holds a table of numbers; where its name says so, a header is enough."""
    lines = first_lines(path)
    layout = layout_of(lines)
    if layout is None or lines[0][:1] in (b"{", b"[", b"<"):
        return False
    only_header = bool(layout.header) and sum(map(bool, map(bytes.strip, lines))) == 1
    if only_header:
        return path.name.lower().endswith(_ENDINGS) and len(layout.names) > 1 and layout.mark != " "
    return is_table(lines, layout)


def last_step(path: Path) -> int:
    """Of the rows at its end."""
    if (layout := layout_of(first_lines(path))) is None:
        return 0
    rows, below = parts(last_lines(path), layout)[-1]
    return last_of(below.names, list(cells_of(rows, below).table.T), lambda: _rows_before(path, layout))


def _rows_before(path: Path, layout: Layout) -> int | None:
    """Those that stand before the last ones; a header is none."""
    before = lines_before(path)
    return before and before - bool(layout.header)


FORMAT = Format(NAME, lambda path: logs_at(path, _ENDINGS, is_table_file), TableReader, last_step=last_step)
