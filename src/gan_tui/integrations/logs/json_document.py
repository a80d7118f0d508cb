"""Logs that are one JSON document, written anew each time: lists of objects, and Keras's `history.history`.

Of what is read again only rows that are new are told, as long as those before are as they were.
"""

import os
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, ClassVar

import orjson

from gan_tui.integrations.logs.base import Format, Log, LogReader
from gan_tui.integrations.logs.json_rows import Row, columns_of, parts_of
from gan_tui.integrations.logs.rows import Rows, Steps
from gan_tui.integrations.logs.step_column import last_of
from gan_tui.integrations.logs.telling import Teller
from gan_tui.integrations.logs.text_files import BOM, head, logs_at
from gan_tui.run.events import Record
from gan_tui.system.untrusted_files import opened, read

LARGEST = 1 << 28
"""Bytes; a larger document is not read."""
_LARGEST_IN_FOLDER = 1 << 22
"""Of a document that nobody named: it must be read to know what it is."""
_WRITTEN_SECONDS = 5.0
"""For so long after its last change, a document that is none yet may still be being written."""
NAME = "JSON"


class DocumentReader(LogReader):
    """Reads a document whenever it has changed."""

    tool: ClassVar[str] = NAME

    def __init__(self, path: Path, block: int = 0) -> None:
        """However large `block` is, a document is read whole."""
        super().__init__(path)
        self._seen: tuple[object, ...] = ()
        self._changed, self._broken = 0.0, False
        self._told: list[Row] = []
        self._steps = Steps()
        self._begin()

    def read(self) -> list[Record]:
        content = self._new_content()
        self.damaged = int(self._broken and time.time() - self._changed > _WRITTEN_SECONDS)
        if content is None:
            return []
        try:
            document = orjson.loads(content.removeprefix(BOM))
        except orjson.JSONDecodeError:
            self._broken = True
            return []
        self._broken = False
        self._take(rows_of(document), document)
        return self._teller.records(self._changed)

    def _file(self) -> Path:
        """The document, which may be another one each time."""
        return self.path

    def _new_content(self) -> bytes | None:
        """What the file holds, where that is not what was read last."""
        try:
            with opened(self._file()) as file:
                found = os.fstat(file.fileno())
                seen = (found.st_dev, found.st_ino, found.st_size, found.st_mtime_ns)
                if seen == self._seen or not found.st_size or found.st_size > LARGEST:
                    return None
                self._seen, self._changed = seen, found.st_mtime
                return file.read(LARGEST)
        except OSError:
            return None

    def _take(self, rows: list[Row], document: Any) -> None:
        """Tell the rows that are new; all of them, where those before are not as they were."""
        if rows[: len(self._told)] != self._told:
            self._begin_again()
        while not self._tell(rows[len(self._told) :]):  # each time a column less may be the step
            self._begin_again()
        self._told = rows

    def _begin_again(self) -> None:
        if self._told:
            self.histories += 1
        self._begin()

    def _begin(self) -> None:
        self.not_shown.clear()
        self._told = []
        self._teller = Teller(self.tool, f"{self.tool} log", self.not_shown)
        self._rows = Rows(self._teller, self.not_shown, self._steps)

    def _tell(self, rows: Sequence[Row]) -> bool:
        return all(self._rows.take_columns(columns_of(part, self.not_shown)) for part in parts_of(rows))


def rows_of(document: Any) -> list[Row]:
    """The rows of a log in a document; none in any other."""
    if isinstance(document, list):
        return [row for row in document if isinstance(row, dict)]
    if isinstance(document, dict) and _is_columns(document):
        return [dict(zip(document, row, strict=True)) for row in zip(*document.values(), strict=True)]
    return []


def _is_columns(document: Mapping[str, Any]) -> bool:
    """Whether it holds nothing but lists of numbers that are all as long."""
    lists = [value for value in document.values() if isinstance(value, list)]
    return (
        len(lists) == len(document) > 0
        and len({len(value) for value in lists}) == 1
        and all(type(number) in (int, float, type(None)) for value in lists for number in value)
    )


def _columns_in(path: Path, largest: int) -> dict[str, Any]:
    """The columns of the document in a file; none where it is no log, or too large."""
    if head(path, 64).removeprefix(BOM).lstrip()[:1] not in (b"{", b"["):
        return {}
    try:
        return dict(columns_of(rows_of(orjson.loads(read(path, largest).removeprefix(BOM))), Counter()))
    except (OSError, orjson.JSONDecodeError):
        return {}


def is_document(path: Path, largest: int) -> bool:
    """Whether a file holds rows with numbers, two at least."""
    return any(len(column) > 1 for column in _columns_in(path, largest).values())


def last_step(path: Path) -> int:
    columns = _columns_in(path, _LARGEST_IN_FOLDER)
    return last_of(list(columns), list(columns.values()), lambda: 0)


def _logs_at(path: Path) -> list[Log]:
    return logs_at(path, (".json",), lambda file: is_document(file, LARGEST if file == path else _LARGEST_IN_FOLDER))


FORMAT = Format(NAME, _logs_at, DocumentReader, last_step=last_step)
