"""Reads a long log in a process of its own, while the program that will show it still starts on another core.

The process turns lines into records, which takes nearly all of the time, and hands them over in a file without a name:
what was measured as arrays, anything else as its line. A pipe would not do, since it is full long before anybody reads.
The end of the log, and whatever the process did not come to, is read as any log is.
"""

import io
import itertools
import json
import os
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import IO, Any, cast

import numpy as np

from gan_tui.run import kept_logs
from gan_tui.run.event_log import EventReader
from gan_tui.run.events import Metrics, Record, from_line, to_line
from gan_tui.run.metric_arrays import metric_names, numbers_of, steps_of
from gan_tui.system import machine

WORTH = 1 << 22
"""Bytes of a log: a shorter one is read sooner than another process has started."""
REST = 1 << 20
"""Bytes at its end that are left, so that the pace of the last seconds is worked out as ever."""


def reader(path: Path) -> EventReader:
    """A reader of a log from its beginning, for the program to use once it has started."""
    try:
        version = kept_logs.version_of(path)
        end = version[0] - REST
        if end < WORTH - REST:
            return EventReader(path)
        if known := kept_logs.kept(version):
            return _KeptReader(path, known)
        return _HelpedReader(path, end, version) if machine.processors() > 1 else EventReader(path)
    except OSError:
        return EventReader(path)


class _HelpedReader(EventReader):
    """Reads what the process has read, and goes on from there by itself."""

    def __init__(self, path: Path, end: int, version: kept_logs.LogVersion) -> None:
        """Have the log read up to about `end`, which is as `version` says. Raises OSError."""
        super().__init__(path)
        self._version, self._blocks = version, list[kept_logs.Block]()
        self._handed, self._taken = tempfile.TemporaryFile(), 0  # noqa: SIM115 (open as long as it is read)
        module = ("-P", "-m", "gan_tui.run.log_prefetch")
        words = (sys.executable, *module, str(path), str(end), str(self._handed.fileno()))
        quiet = subprocess.DEVNULL
        self._process: subprocess.Popen[bytes] | None = subprocess.Popen(
            words, stdin=quiet, stdout=subprocess.PIPE, stderr=quiet, pass_fds=(self._handed.fileno(),)
        )

    def read(self) -> list[Record]:
        while self._process is not None:
            if records := self._handed_over(self._process):
                return records
        return super().read()

    def _handed_over(self, process: "subprocess.Popen[bytes]") -> list[Record]:
        """The records of the next block; [] once there are no more, or the process has died in the middle of one."""
        assert process.stdout is not None
        try:
            said = process.stdout.readline()
            if not said and process.wait() == 0:
                self._keep()
            there = int(said)
            block = os.pread(self._handed.fileno(), there - self._taken, self._taken)
            records, self.offset, self.damaged = _block_from(io.BytesIO(block))
            self._taken, self._last = there, records[-1].seq if records else self._last
            self._blocks.append(kept_logs.Block.of(block, there))
            return records
        except (OSError, ValueError, KeyError):
            self.close()
            return []

    def _keep(self) -> None:
        """For the next time, where the log has not grown meanwhile; in a thread, as nobody waits for it."""
        if kept_logs.version_of(self.path) == self._version:
            copy = os.fdopen(os.dup(self._handed.fileno()), "rb")
            threading.Thread(target=_kept, args=(copy, self._blocks, self._version), daemon=True).start()

    def close(self) -> None:
        process, self._process = self._process, None
        if process is not None:
            process.kill()
            process.communicate()
            self._handed.close()


def _kept(file: IO[bytes], blocks: Sequence[kept_logs.Block], version: kept_logs.LogVersion) -> None:
    with file:
        kept_logs.keep(file, blocks, version)


class _KeptReader(EventReader):
    """Reads what was read at another time, and goes on from there by itself."""

    def __init__(self, path: Path, known: kept_logs.KeptLog) -> None:
        super().__init__(path)
        self._past: kept_logs.KeptLog | None = known

    def read(self) -> list[Record]:
        while self._past is not None:
            try:
                records, self.offset, self.damaged = _block_from(io.BytesIO(self._past.next()))
            except (OSError, ValueError, KeyError, TypeError):
                self.close()
            else:
                if records:
                    self._last = records[-1].seq
                    return records
        return super().read()

    def close(self) -> None:
        known, self._past = self._past, None
        if known is not None:
            known.close()


def _block_from(stream: IO[bytes]) -> tuple[list[Record], int, int]:
    """(records, bytes of the log that they end at, lines of it that were damaged). Raises ValueError at the end."""
    records: list[Record] = []
    while True:
        said = json.loads(stream.readline())
        if "offset" in said:
            return records, said["offset"], said["damaged"]
        if "line" in said:
            records.append(from_line(_exactly(stream, said["line"])))
        else:
            count = said["count"]
            steps = np.frombuffer(_exactly(stream, 8 * count), np.int64)
            values: Any = {name: np.frombuffer(_exactly(stream, 4 * count), np.float32) for name in said["names"]}
            measured = Metrics(cast(Sequence[int], steps), values)
            records.append(Record(said["seq"], said["time"], measured, said["clock"]))


def _exactly(stream: IO[bytes], count: int) -> bytes:
    data = stream.read(count)
    if len(data) < count:
        raise ValueError("the process has ended")
    return data


def _frames(records: Iterable[Record]) -> Iterator[bytes]:
    for names, group in itertools.groupby(records, metric_names):
        together = list(group)
        if names is None:
            for record in together:
                line = to_line(record)
                yield from (_said(line=len(line)), line)
        else:
            last, steps = together[-1], steps_of(together)
            yield _said(seq=last.seq, time=last.time, clock=last.clock, count=len(steps), names=names)
            yield steps.tobytes()
            yield from (numbers_of(together, name, len(steps)).tobytes() for name in names)


def _said(**facts: object) -> bytes:
    return json.dumps(facts).encode() + b"\n"


def main(path: Path, end: int, out: IO[bytes]) -> None:
    """Read a log up to about a place in it, hand over what was read, block by block, and say how far that goes."""
    reader = EventReader(path)
    while reader.offset < end and (records := reader.read()):
        out.write(b"".join(_frames(records)) + _said(offset=reader.offset, damaged=reader.damaged))
        out.flush()
        print(out.tell(), flush=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), os.fdopen(int(sys.argv[3]), "wb"))
