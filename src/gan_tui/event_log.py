"""events.jsonl: appended by one process at a time, followed by any number from any offset."""

import os
import time
from collections.abc import Callable, Iterable
from pathlib import Path

from gan_tui.events import Event, Record, from_line, to_line

BLOCK = 1 << 20
"""Bytes read at once while following, so that a long history never stalls a reader."""


class EventWriter:
    """Appends events, several in one write; a kill at any instant tears at most the last line."""

    def __init__(self, path: Path) -> None:
        self._file = os.open(path, os.O_RDWR | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC, 0o600)
        tail = read_tail(path)
        self._seq = max((record.seq for record in tail), default=-1) + 1
        if not _ends_in_newline(self._file):
            os.write(self._file, b"\n")  # seal a torn line, so that it costs itself alone

    def write(self, *events: Event) -> None:
        """Append events with the present time. Raises OSError when the disk is full or gone."""
        now = time.time()
        lines = b"".join(to_line(Record(self._seq + n, now, event)) for n, event in enumerate(events))
        written = os.write(self._file, lines)
        while written < len(lines):
            written += os.write(self._file, lines[written:])
        self._seq += len(events)

    def sync(self) -> None:
        """Wait until what was written is on the disk."""
        os.fsync(self._file)

    def close(self) -> None:
        os.close(self._file)


class EventReader:
    """Reads events from where it last stopped."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self.offset = 0
        """Bytes read and understood so far."""
        self.damaged = 0
        """Lines that were no events."""

    def read(self) -> list[Record]:
        """The next records, from at most about BLOCK bytes; [] when there is nothing new."""
        while lines := self._next_lines():
            if records := list(self._records(lines)):
                return records
        return []

    def _next_lines(self) -> list[bytes]:
        try:
            with self._path.open("rb") as file:
                file.seek(self.offset)
                data = file.read(BLOCK)
                while data and b"\n" not in data and (more := file.read(BLOCK)):
                    data += more
        except OSError:
            return []  # not there yet, or its disk does not answer: there is nothing new
        end = data.rfind(b"\n") + 1
        self.offset += end
        return data[:end].splitlines()

    def _records(self, lines: Iterable[bytes]) -> Iterable[Record]:
        for line in lines:
            try:
                yield from_line(line)
            except ValueError:
                self.damaged += bool(line.strip())


Kinds = tuple[type[Event], ...]
LONGEST_LOOK = 1 << 24
"""Bytes at either end of a log that are searched for an event, at most."""


def read_tail(path: Path, kinds: Kinds = (Event,), length: int = 1 << 16) -> list[Record]:
    """The records in the last `length` bytes of a log, or in as many more as hold one of the kinds."""
    try:
        size = path.stat().st_size
    except OSError:
        return []
    return _grown(path, kinds, length, min(size, LONGEST_LOOK), lambda length: size - length)


def read_head(path: Path, kinds: Kinds = (Event,), length: int = 1 << 16) -> list[Record]:
    """The records in the first `length` bytes of a log, or in as many more as hold one of the kinds."""
    try:
        size = path.stat().st_size
    except OSError:
        return []
    return _grown(path, kinds, length, min(size, LONGEST_LOOK), lambda length: 0)


def _grown(path: Path, kinds: Kinds, length: int, most: int, start: Callable[[int], int]) -> list[Record]:
    records = _records_at(path, start(length), length)
    while length < most and not any(isinstance(record.event, kinds) for record in records):
        length *= 8
        records = _records_at(path, start(length), length)
    return records


def _records_at(path: Path, start: int, length: int) -> list[Record]:
    try:
        with path.open("rb") as file:
            file.seek(max(0, start))
            lines = file.read(length).splitlines()
    except OSError:
        return []
    records = []
    for line in lines:
        try:
            records.append(from_line(line))
        except ValueError:
            continue  # a line cut by either end of the block, or a torn one
    return records


def _ends_in_newline(file: int) -> bool:
    length = os.lseek(file, 0, os.SEEK_END)
    return length == 0 or os.pread(file, 1, length - 1) == b"\n"
