"""JSON lines: an object a row, as scripts of people's own and many libraries write them."""

from collections import Counter
from pathlib import Path

import numpy as np

from gan_tui.integrations.logs.base import Format
from gan_tui.integrations.logs.even_json import table_of
from gan_tui.integrations.logs.json_rows import columns_of, parts_of, rows_in
from gan_tui.integrations.logs.line_log import LineLog
from gan_tui.integrations.logs.step_column import last_of
from gan_tui.integrations.logs.text_files import BOM, first_lines, last_lines, lines_before, logs_at

NAME = "JSON lines"
_ENDINGS = (".jsonl", ".ndjson", ".json", ".jsonlines")
_ROW_SHARE = 0.8
"""Of the first lines, as many are objects, at least."""
_OF_RUNS = {"seq", "time", "type"}
"""What each line of a run of our own has, which is opened by its folder."""
_LOOKED_AT = 50


class JsonLinesReader(LineLog):
    """Reads objects as they are appended; names may come late, or be in some rows alone."""

    tool = NAME

    def _take(self, block: bytes) -> bool:
        if (even := table_of(block)) is not None:
            names, table = even
            return self._rows.take(names, list(np.ascontiguousarray(table.T)))
        rows, damaged = rows_in(block.removeprefix(BOM))
        self.damaged += damaged
        return all(self._rows.take_columns(columns_of(part, self.not_shown)) for part in parts_of(rows))


def is_json_lines(path: Path) -> bool:
    lines = [line for line in first_lines(path) if line.strip()][:_LOOKED_AT]
    if not lines or lines[0].lstrip()[:1] != b"{":
        return False
    if len(lines) > 1 and not rows_in(lines[-1] + b"\n")[0]:
        del lines[-1]  # it waits for its end
    rows, damaged = rows_in(b"\n".join(lines) + b"\n")
    if damaged > (1 - _ROW_SHARE) * len(lines) or not rows or rows[0].keys() >= _OF_RUNS:
        return False
    return bool(columns_of(rows, Counter()))


def last_step(path: Path) -> int:
    columns = columns_of(rows_in(last_lines(path))[0], Counter())
    return last_of(list(columns), list(columns.values()), lambda: lines_before(path))


FORMAT = Format(NAME, lambda path: logs_at(path, _ENDINGS, is_json_lines), JsonLinesReader, last_step=last_step)
