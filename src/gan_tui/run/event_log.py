"""events.jsonl: appended by one process at a time, followed by any number from any offset.

Metrics that follow each other are folded at once, in blocks that stay in the processor's cache, and checked by
functions that loop in C. Not taken: SQLite (its write-ahead log does not work on network file systems), and metrics
through the control socket (a slow viewer would hold up the trainer).
"""

import os
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from gan_tui.run.event_lines import records_in, sealed_line
from gan_tui.run.events import Event, Record, Started, State
from gan_tui.run.growing_lines import BLOCK, LONGEST_LINE, GrowingLines
from gan_tui.system.fsync import sync
from gan_tui.system.untrusted_files import opened

LAST_SEQ = 1 << 52
"""Higher numbers come from nobody who counted; going on from them would soon be past what a line may say."""
_FLAGS = os.O_RDWR | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC


class EventWriter:
    """Appends events, several in one write; a kill at any instant tears at most the last line."""

    def __init__(self, path: Path) -> None:
        """Raises OSError when the file cannot be made."""
        new = not path.exists()
        self._file = os.open(path, _FLAGS, 0o600)
        if new:
            sync(path.parent)  # else a power cut could lose the file with all that was synced into it
        tail = read_tail(path)
        self._seq = max((record.seq for record in tail if record.seq < LAST_SEQ), default=-1) + 1
        # a torn line is sealed by a line end before the first event, so that it costs itself alone
        self._waiting = bytearray(b"" if ends_in_newline(self._file) else b"\n")
        self._torn = 0
        """Bytes of the first waiting line that are in the file already."""
        self._path, self._end = path, os.fstat(self._file).st_size
        self._facts: dict[type[Event], Event] = {}
        """What everything else is told by, as it was said last."""

    @property
    def waiting(self) -> int:
        """Bytes that are not in the file yet."""
        return len(self._waiting)

    def write(self, *events: Event) -> None:
        """Append events with the present time. Raises OSError as `flush` does."""
        self.add(*events)
        self.flush()

    def add(self, *events: Event) -> None:
        """Note events with the present time; `flush` writes them."""
        now, clock = time.time(), time.monotonic()
        for event in events:
            self._waiting += sealed_line(Record(self._seq, now, event, clock))
            self._seq += 1
            if isinstance(event, Started | State):
                self._facts[type(event)] = event

    def flush(self) -> None:
        """Write what waits.

        Raises OSError when the disk is full or gone: then there are whole lines alone in the file, and the rest
        waits, in order, for the next time.
        """
        while self._waiting:
            try:
                written = os.write(self._file, self._waiting[self._torn : self._torn + BLOCK])
            except OSError:
                self._take_back()
                raise
            self._end += written
            there = self._torn + written
            whole = self._waiting.rfind(b"\n", 0, there) + 1
            del self._waiting[:whole]
            self._torn = there - whole

    def _take_back(self) -> None:
        """Cut off the beginning of a line that the disk did not take whole."""
        if self._torn:
            with suppress(OSError):  # where files cannot be cut, the line goes on where it broke off
                self._end = os.fstat(self._file).st_size - self._torn
                os.ftruncate(self._file, self._end)
                self._torn = 0

    def is_in_place(self) -> bool:
        """Whether the log is found under its name. Raises OSError where that cannot be looked at."""
        try:
            return os.path.samestat(self._path.stat(), os.fstat(self._file))
        except FileNotFoundError:
            return False

    def put_back(self) -> str:
        """Write the log anew where another program has moved, deleted or replaced it: what is open here is all of it.

        Returns what has happened, in a sentence. Raises OSError where that cannot be.
        """
        name = self._path.name
        making, aside = (self._path.with_name(f"{name}.{end}") for end in ("making", "replaced"))
        replaced = os.path.lexists(self._path)
        try:
            whole = self._copied_to(making)
            if replaced:
                self._path.rename(aside)
            making.rename(self._path)
            sync(self._path.parent)
        except OSError:
            making.unlink(missing_ok=True)
            raise
        os.close(self._file)
        self._file = whole
        if replaced:
            return f"Another program replaced {name}: it is whole again; what was put there is {aside.name} now."
        return f"Another program moved or deleted {name}: it is whole again."

    def _copied_to(self, path: Path) -> int:
        """The descriptor of a copy of all that was written, which is on the disk. Raises OSError."""
        copy, at = os.open(path, _FLAGS | os.O_TRUNC, 0o600), 0
        try:
            while block := os.pread(self._file, BLOCK, at):
                at += os.write(copy, block)
            os.fsync(copy)
        except OSError:
            os.close(copy)
            raise
        return copy

    def was_cut(self) -> bool:
        """Whether another program has emptied the log, or cut it: then the next event says anew what all is told by."""
        size = os.fstat(self._file).st_size
        if size >= self._end:
            return False
        self._end, self._torn = size, 0
        if not ends_in_newline(self._file):
            self._waiting[:0] = b"\n"
        self.add(*self._facts.values())
        return True

    def sync(self) -> None:
        """Wait until what was written is on the disk."""
        os.fdatasync(self._file)

    def close(self) -> None:
        os.close(self._file)


class EventReader(GrowingLines):
    """Reads events from where it last stopped."""

    unfinished = False
    """It reads on until there is something to tell."""

    def __init__(self, path: Path, block: int = BLOCK) -> None:
        """`block` is how many bytes are read at once, unless a line is longer."""
        super().__init__(path, block, LONGEST_LINE)
        self._last = self._known = -1
        """The numbers of the last record, and of the last that was read before the log was begun again."""

    def read(self) -> list[Record]:
        """The next records, from about a block at most; [] when there is nothing new."""
        while (lines := self._next_lines()) is not None:
            records = self._records(lines)
            if self._known >= 0:
                records = [record for record in records if record.seq > self._known]
            if records:
                self._last, self._known = records[-1].seq, -1
                return records
        return []

    def _begin_again(self) -> None:
        """What was read is there no more: go on after what is known of the log, or with another history."""
        super()._begin_again()
        if max((record.seq for record in read_tail(self.path)), default=self._last) < self._last:
            self.histories += 1
            self._last = -1
        self._known = self._last

    def _records(self, lines: list[bytes]) -> list[Record]:
        records = []
        for line in lines:
            sound, damaged = records_in(line) if len(line) <= LONGEST_LINE else ([], True)
            records += sound
            self.damaged += damaged
        return records


def damage(lines: int) -> str:
    """A sentence about the damaged lines of a log; empty without any."""
    if not lines:
        return ""
    what = "line of events.jsonl is damaged and was" if lines == 1 else "lines of events.jsonl are damaged and were"
    return f"{lines:,} {what} skipped."


Kinds = tuple[type[Event], ...]
LONGEST_LOOK = 1 << 24
"""Bytes at either end of a log that are searched for an event, at most."""


def read_tail(path: Path, kinds: Kinds = (Event,), also: Kinds = (), length: int = 1 << 16) -> list[Record]:
    """The records of some kinds in the last `length` bytes of a log, or in as many more as hold one.

    Those of other kinds come along that are in `also`.
    """
    return _grown(path, kinds, also, length, lambda size, length: size - length)


def read_head(path: Path, kind: type[Event], length: int = 1 << 16) -> list[Record]:
    """The records of a kind in the first `length` bytes of a log, or in as many more as hold one."""
    return _grown(path, (kind,), (), length, lambda size, length: 0)


def begins_with(path: Path, kind: type[Event], length: int = 1 << 16) -> bool:
    """Whether there is any of a kind in the first `length` bytes of a log."""
    return bool(_records_at(path, 0, length, (kind,)))


def _grown(path: Path, kinds: Kinds, also: Kinds, length: int, start: Callable[[int, int], int]) -> list[Record]:
    try:
        size = path.stat().st_size
    except OSError:
        return []
    most = min(size, LONGEST_LOOK)
    records = _records_at(path, start(size, length), length, (*kinds, *also))
    while length < most and not any(isinstance(record.event, kinds) for record in records):
        length = min(8 * length, most)
        records = _records_at(path, start(size, length), length, (*kinds, *also))
    return records


def _records_at(path: Path, start: int, length: int, kinds: Kinds) -> list[Record]:
    """The sound records of some kinds in a block; a line cut by either end of it gives none."""
    try:
        with opened(path, follow=False) as file:
            file.seek(max(0, start))
            lines = file.read(length).split(b"\n")
    except OSError:
        return []
    # A line without one of these words is none of them, and need not be understood, which takes most of the time.
    words = [b""] if Event in kinds else [f'"{kind.type}"'.encode() for kind in kinds]
    found = (record for line in lines if any(word in line for word in words) for record in records_in(line)[0])
    return [record for record in found if isinstance(record.event, kinds)]


def ends_in_newline(file: int) -> bool:
    """Whether an open file is empty or its last line is whole."""
    length = os.lseek(file, 0, os.SEEK_END)
    return length == 0 or os.pread(file, 1, length - 1) == b"\n"
