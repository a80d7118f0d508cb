"""Burn's folder of metrics, `train/epoch-1/Loss.log`, `valid/epoch-1/Loss.log`, …: a file an epoch, a line a batch.

A line is a number, or a number and how many examples it is the mean of. A training batch is a step. What a validation
gives is the mean of its batches, at the step where its epoch of training ended, once the next epoch has begun or
nobody writes any more.
"""

import re
import time
from contextlib import suppress
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from gan_tui.integrations.logs.base import READ_SECONDS, Format, Log, LogReader
from gan_tui.integrations.logs.log_folder import LIVE_SECONDS
from gan_tui.integrations.logs.telling import Teller
from gan_tui.integrations.logs.text_files import head
from gan_tui.run.events import Record
from gan_tui.run.growing_lines import BLOCK, GrowingLines
from gan_tui.system.untrusted_files import is_linked

NAME = "Burn"
TRAIN, VALID = "train", "valid"
MOST_EPOCHS, MOST_METRICS = 10_000, 256
LONGEST_LINE = 1 << 12
_EPOCH = re.compile(r"epoch-(\d{1,9})")
_LINE = re.compile(rb"([+-]?(?:\d+\.?\d*(?:[eE][+-]?\d+)?|NaN|inf))(?:,(\d{1,15}))?\r?")
_FINAL = b",final"
"""Behind what stands for the whole epoch: the mean of the lines before it."""
Numbers = NDArray[np.float64]


class BatchFile(GrowingLines):
    """One metric of one epoch."""

    def __init__(self, path: Path) -> None:
        super().__init__(path, longest=LONGEST_LINE)
        self.count = 0
        """Batches so far."""
        self.total = self.weight = 0.0

    def new_values(self) -> Numbers | None:
        """(count,) what the next lines hold, a block's at most; NaN in the place of one that is damaged; None when
        nothing is new."""
        lines = self._next_lines()
        if lines is None:
            return None
        values, weights = _plain(lines) or self._by_line(lines)
        there = np.isfinite(values)
        self.total += float((values[there] * weights[there]).sum())
        self.weight += float(weights[there].sum())
        self.count += len(values)
        return values

    def _by_line(self, lines: list[bytes]) -> tuple[Numbers, Numbers]:
        found: list[tuple[float, float]] = []
        for line in filter(bytes.strip, lines):
            if not line.rstrip().endswith(_FINAL):
                match = _LINE.fullmatch(line)
                self.damaged += match is None
                found.append((float(match[1]), float(match[2] or 1)) if match else (np.nan, 0.0))
        table = np.array(found, np.float64).reshape(-1, 2)
        return table[:, 0], table[:, 1]


def _plain(lines: list[bytes]) -> tuple[Numbers, Numbers] | None:
    """(values, weights) of lines that are numbers alone; None of any others."""
    try:
        values = np.array(list(map(float, lines)))
    except ValueError:
        return None
    return values, np.ones(len(values))


class BurnReader(LogReader):
    """Reads epoch after epoch; only the last one can grow."""

    def __init__(self, path: Path, block: int = 0) -> None:
        super().__init__(path)
        self._start()

    def _start(self) -> None:
        self._teller = Teller(NAME, f"{NAME} log", self.not_shown)
        self._epoch, self._begin = 1, 0
        """The epoch that is read, and the steps before it."""
        self._files: dict[Path, BatchFile] = {}
        self._damaged, self._told_at_rest = 0, False

    def read(self) -> list[Record]:
        if self._is_replaced():
            self.histories += 1
            self._start()
        self.unfinished, until = False, time.monotonic() + READ_SECONDS
        while True:
            changed, is_whole = self._read_epoch()
            is_over = is_whole and self._is_over()
            if is_over:
                self._tell_validation()
                self._next_epoch()
            elif is_whole and changed and time.time() - changed > LIVE_SECONDS and not self._told_at_rest:
                self._told_at_rest = True
                self._tell_validation()
            self.damaged = self._damaged + sum(file.damaged for file in self._files.values())
            records = self._teller.records(changed) if changed or is_over else []
            if records or (is_whole and not is_over) or self._has_to_stop(until):
                return records

    def _is_over(self) -> bool:
        return (self.path / TRAIN / f"epoch-{self._epoch + 1}").is_dir() and self._epoch < MOST_EPOCHS

    def _is_replaced(self) -> bool:
        """Whether another training has taken the folder: its epochs are fewer, or a file is shorter than it was."""
        if self._epoch > 1 and not (self.path / TRAIN / f"epoch-{self._epoch}").is_dir():
            return (self.path / TRAIN / "epoch-1").is_dir()
        with suppress(OSError):
            return any(path.stat().st_size < file.offset for path, file in self._files.items())
        return False

    def _read_epoch(self) -> tuple[float, bool]:
        """Take in what is new of an epoch, one file after the other, about a block's. Returns when it was written last,
        0 without files, and whether that was all."""
        changed, length = 0.0, 0
        for part in (TRAIN, VALID):
            for path in metric_files(self.path, part, self._epoch):
                file = self._files.setdefault(path, BatchFile(path))
                begin, changed = file.offset, max(changed, _changed(path))
                while length + file.offset - begin < BLOCK:
                    before, values = file.count, file.new_values()
                    if values is None:
                        break
                    if part == TRAIN:
                        self._take(path.stem, before, values)
                else:
                    return changed, False
                length += file.offset - begin
        return changed, True

    def _take(self, name: str, before: int, values: Numbers) -> None:
        """Tell the values of batches, with so many of this epoch before them."""
        there = np.isfinite(values)
        steps = np.arange(before + 1, before + 1 + len(values), dtype=np.int64) + self._begin
        self._teller.points(name, steps[there], values[there].astype(np.float32))

    def _tell_validation(self) -> None:
        step = self._begin + self._steps()
        for path, file in self._files.items():
            if path.parent.parent.name == VALID and file.weight:
                mean = np.array([file.total / file.weight], np.float32)
                self._teller.points(f"val_{path.stem}", np.array([step], np.int64), mean)

    def _next_epoch(self) -> None:
        self._begin += self._steps()
        self._damaged += sum(file.damaged for file in self._files.values())
        self._epoch, self._files = self._epoch + 1, {}

    def _steps(self) -> int:
        counts = (file.count for path, file in self._files.items() if path.parent.parent.name == TRAIN)
        return max(counts, default=0)


def metric_files(top: Path, part: str, epoch: int) -> list[Path]:
    """The files of an epoch's metrics; links are not followed."""
    folder = top / part / f"epoch-{epoch}"
    if is_linked(folder, top):
        return []
    try:
        found = sorted(path for path in folder.iterdir() if path.suffix == ".log" and not path.is_symlink())
    except OSError:
        return []
    return found[:MOST_METRICS]


def _changed(path: Path) -> float:
    try:
        return path.stat().st_mtime
    except OSError:
        return 0.0


def logs_at(path: Path) -> list[Log]:
    """A folder whose first epoch of training has files of numbers."""
    files = metric_files(path, TRAIN, 1)
    is_one = any(_LINE.fullmatch(head(file, 4096).split(b"\n")[0]) for file in files[:8])
    return [Log(path, (path / TRAIN, path / VALID))] if is_one else []


def _epochs(path: Path) -> list[int]:
    try:
        named = [_EPOCH.fullmatch(child.name) for child in (path / TRAIN).iterdir()]
    except OSError:
        return []
    return sorted(int(match[1]) for match in named if match)


def size_and_change(path: Path) -> tuple[int, float]:
    """Of the last epoch, which alone can grow. Raises OSError."""
    epochs = _epochs(path)
    last = epochs[-1] if epochs else 1
    found = [file.stat() for part in (TRAIN, VALID) for file in metric_files(path, part, last)]
    if not found:
        found = [path.stat()]
    return sum(each.st_size for each in found), max(each.st_mtime for each in found)


FORMAT = Format(NAME, logs_at, BurnReader, size_and_change)
