"""W&B's files: `run-ID.wandb`, which W&B writes offline and online alike, in a folder of their own."""

import os
import time
from contextlib import suppress
from pathlib import Path
from typing import Any, BinaryIO

from gan_tui.integrations.logs import text_files
from gan_tui.integrations.logs.base import READ_SECONDS, Format, Log, LogReader
from gan_tui.integrations.logs.json_rows import numbers_of
from gan_tui.integrations.logs.rows import Rows, Steps
from gan_tui.integrations.logs.telling import Teller
from gan_tui.integrations.logs.tensorboard import wire
from gan_tui.integrations.logs.text_files import head
from gan_tui.integrations.logs.wandb_blocks import BLOCK as BLOCK_OF_PIECES
from gan_tui.integrations.logs.wandb_blocks import HEAD, HEAD_LENGTH, Pieces
from gan_tui.integrations.logs.wandb_history import STEP, History
from gan_tui.run.events import Record
from gan_tui.system.untrusted_files import opened
from gan_tui.text import harmless

NAME = "W&B"
BLOCK = 1 << 20
"""Bytes read at once: W&B writes up to 300 of them for a number."""
_END = 1 << 17
"""Bytes at its end that are searched for its last step."""
_TELLING = 64
"""Bytes at both ends of what was read; where the file has others there, it is another one."""
_HISTORY, _CONFIG, _RUN = 2, 5, 17
_HISTORY_KEY, _SUMMARY_KEY = 0x12, 0x1A
"""How these fields begin on the wire."""
RUNTIME = "_runtime"
_NOT_SHOWN = {
    3: "updates of the summary", 4: "lines of output", 6: "lists of files", 7: "measurements of the machine",
    8: "artifacts", 9: "TensorBoard files", 10: "alerts", 13: "lines of output", 25: "artifacts",
    12: "axes and goals of metrics, which are all over W&B's own steps",
}  # fmt: skip
"""Field of a record → what it is."""
_CONFIG_OF_RUN = 4
_MOST_SETTINGS = 256
_MOST_VALUES = 1 << 20
"""That are told at once."""


class WandbReader(LogReader):
    """Reads what one run has logged."""

    def __init__(self, path: Path, block: int = BLOCK) -> None:
        super().__init__(path)
        self._begin()

    def _begin(self) -> None:
        self.damaged, self._broken = 0, 0
        self.not_shown.clear()
        self._offset, self._before, self._head = 0, b"", b""
        self._pieces, self._history = Pieces(), History((RUNTIME,))
        self._teller = Teller(NAME, f"{NAME} log", self.not_shown)
        self._rows = Rows(
            self._teller, self.not_shown, Steps(name=STEP, time="_timestamp", aside=frozenset((RUNTIME,)), chosen=True)
        )
        self._config: dict[str, Any] = {}

    def read(self) -> list[Record]:
        try:
            with opened(self.path) as file:
                return self._read(file)
        except OSError:
            return []

    def _read(self, file: BinaryIO) -> list[Record]:
        if not self._is_as_before(file):
            self.histories += 1
            self._begin()
        self.unfinished, until = False, time.monotonic() + READ_SECONDS
        while data := self._next(file):
            found, after = self._pieces.records(data, self._offset)
            if after == self._offset:
                return []
            self._before = data[: after - self._offset][-_TELLING:]
            self._offset = after
            self._take(found)
            if records := self._teller.records(os.fstat(file.fileno()).st_mtime):
                return records
            if self._has_to_stop(until):
                break
        return []

    def _is_as_before(self, file: BinaryIO) -> bool:
        head = file.read(_TELLING)
        if not head.startswith(self._head):
            return False
        self._head = head
        file.seek(max(0, self._offset - len(self._before)))
        return file.read(len(self._before)) == self._before

    def _next(self, file: BinaryIO) -> bytes:
        if not self._offset:
            file.seek(0)
            if not file.read(HEAD_LENGTH).startswith(HEAD):
                return b""
            self._offset = HEAD_LENGTH
        file.seek(self._offset)
        return file.read(BLOCK)

    def _take(self, records: list[bytes]) -> None:
        for record in records:
            try:
                self._take_record(record)
            except (ValueError, IndexError):
                self._broken += 1
            if self._history.size > _MOST_VALUES:
                self._tell()
        self._tell()
        self.damaged = self._pieces.damaged + self._broken

    def _tell(self) -> None:
        self._rows.take_columns(numbers_of(self._history.columns(), self.not_shown))

    def _take_record(self, record: bytes) -> None:
        """Nearly all records have their number first, and then what is new, or what that makes of the summary."""
        place = 1
        if record[:1] == b"\x08":
            while record[place] > 127:
                place += 1
            kind = record[place + 1]
            if kind == _HISTORY_KEY:
                length, begin = wire.varint(record, place + 2, len(record))
                self._history.take(record, begin, begin + length)
                return
            if kind == _SUMMARY_KEY:
                self.not_shown[_NOT_SHOWN[3]] += 1
                return
        self._take_any(record)

    def _take_any(self, record: bytes) -> None:
        for number, kind, begin, end, _ in wire.fields(record, 0, len(record)):
            if kind != wire.BYTES:
                continue
            if number == _HISTORY:
                self._history.take(record, begin, end)
            elif number == _RUN:
                self._take_run(record, begin, end)
            elif number == _CONFIG:
                self._take_config(record, begin, end)
            elif number in _NOT_SHOWN:
                self.not_shown[_NOT_SHOWN[number]] += 1

    def _take_run(self, record: bytes, start: int, stop: int) -> None:
        for number, kind, begin, end, _ in wire.fields(record, start, stop):
            if kind == wire.BYTES and number == _CONFIG_OF_RUN:
                self._take_config(record, begin, end)

    def _take_config(self, record: bytes, start: int, stop: int) -> None:
        """Settings, of which W&B's own are left out."""
        before = dict(self._config)
        for number, kind, begin, end, _ in wire.fields(record, start, stop):
            if number == 1 and kind == wire.BYTES:
                name, text = _setting(record[begin:end])
                if not name.startswith("_wandb") and len(self._config) < _MOST_SETTINGS:
                    self._config[name] = text
        if self._config != before:
            self._teller.text("config", 0, "\n".join(f"{name} = {text}" for name, text in self._config.items()))


def _setting(item: bytes) -> tuple[str, str]:
    parts, text = [], b""
    for number, _, begin, end, _ in wire.fields(item, 0, len(item)):
        if number in (1, 2):
            parts.append(item[begin:end].decode("utf-8", "replace"))
        elif number == 16:
            text = item[begin:end]
    return harmless(".".join(parts), 100), harmless(text.decode("utf-8", "replace"), 400)


def is_wandb(path: Path) -> bool:
    return head(path, len(HEAD)) == HEAD


def logs_at(path: Path) -> list[Log]:
    """What W&B puts beside a run's file belongs to it."""
    found = text_files.logs_at(path, (".wandb",), is_wandb)
    parts = tuple(path / name for name in ("files", "logs", "tmp")) if path.is_dir() else ()
    return [Log(log.path, parts) for log in found]


def last_step(path: Path) -> int:
    """Of the records at its end. Raises OSError."""
    size = path.stat().st_size
    start = max(HEAD_LENGTH, (size - _END) // BLOCK_OF_PIECES * BLOCK_OF_PIECES)
    with opened(path) as file:
        file.seek(start)
        records, _ = Pieces().records(file.read(2 * _END), start)
    reader = History((RUNTIME,))
    for record in reversed(records):
        with suppress(ValueError, IndexError):
            for number, kind, begin, end, _ in wire.fields(record, 0, len(record)):
                if number == _HISTORY and kind == wire.BYTES:
                    reader.take(record, begin, end)
                    step = reader.columns()[STEP][0]
                    return int(step) if type(step) in (int, float) else 0
    return 0


FORMAT = Format(NAME, logs_at, WandbReader, last_step=last_step)
