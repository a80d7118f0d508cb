"""Long logs as they were read once, kept in the user's cache folder: to turn their lines into numbers takes longest.

What is kept of a log is what `log_prefetch` hands over, block by block, and counts only while the log is as it was: as
many bytes, written at that time, the same file of the same disk. It may be deleted at any time and costs nothing but
time then; damaged blocks are none, and the log is read on from there. All of it together is bounded.
"""

import os
import shutil
import zlib
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO

import orjson

from gan_tui.system import untrusted_files, whole_files
from gan_tui.system.paths import own_folder

MOST_BYTES, LARGEST = 1 << 29, 1 << 27
"""Of all that is kept, and of one log; those that were used longest ago are forgotten first."""
_FORM = 1
_MOST_BLOCKS = 1 << 16
_INDEX, _BLOCKS = ".json", ".blocks"

LogVersion = tuple[int, int, int, int]
"""Bytes, when it was written, its number, and of which disk."""


@dataclass(frozen=True)
class Block:
    """Where one ends, and what tells that it is whole."""

    end: int
    crc: int

    @staticmethod
    def of(content: bytes, end: int) -> "Block":
        return Block(end, zlib.crc32(content))

    def is_of(self, content: bytes) -> bool:
        return zlib.crc32(content) == self.crc


@dataclass
class KeptLog:
    """The blocks of a log, one after another."""

    _file: IO[bytes]
    _blocks: list[Block]
    _taken: int = 0

    def next(self) -> bytes:
        """Raises ValueError where there are no more, or it is damaged; OSError where it cannot be read."""
        if not self._blocks:
            raise ValueError("there are no more")
        block = self._blocks.pop(0)
        content = self._file.read(block.end - self._taken)
        self._taken = block.end
        if not block.is_of(content):
            raise ValueError("it is damaged")
        return content

    def close(self) -> None:
        self._file.close()


def version_of(log: Path) -> LogVersion:
    """Raises OSError where it is not there."""
    found = log.stat()
    return found.st_size, found.st_mtime_ns, found.st_ino, found.st_dev


def kept(version: LogVersion) -> KeptLog | None:
    """What is kept of a log as it is now, if anything is."""
    place = _place(version)
    if place is None:
        return None
    try:
        index = orjson.loads(untrusted_files.read(place.with_suffix(_INDEX), 1 << 22))
        if index["form"] != _FORM or index["version"] != list(version):
            return None
        blocks = [Block(int(end), int(crc)) for end, crc in index["blocks"]]
        file = untrusted_files.opened(place.with_suffix(_BLOCKS))
        with suppress(OSError):
            os.utime(place.with_suffix(_INDEX))
        return KeptLog(file, blocks)
    except (OSError, ValueError, TypeError, KeyError):
        return None


def keep(blocks: IO[bytes], ends: Sequence[Block], version: LogVersion) -> None:
    """Keep what lies in a file; where that cannot be, nothing is kept."""
    place = _place(version)
    if place is None or not ends or ends[-1].end > LARGEST or len(ends) > _MOST_BLOCKS:
        return
    part = place.with_suffix(f".{os.getpid()}.part")
    try:
        place.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        _make_room(place.parent, ends[-1].end)
        with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            blocks.seek(0)
            shutil.copyfileobj(blocks, file, 1 << 20)
        part.replace(place.with_suffix(_BLOCKS))
        index = {"form": _FORM, "version": list(version), "blocks": [[one.end, one.crc] for one in ends]}
        whole_files.put(place.with_suffix(_INDEX), orjson.dumps(index))
    except OSError:
        with suppress(OSError):
            part.unlink()


def _place(version: LogVersion) -> Path | None:
    """Of a file of a disk, wherever it is moved to."""
    folder = own_folder("cache")
    return folder / "logs" / f"{version[3]:x}-{version[2]:x}" if folder else None


def _make_room(folder: Path, more: int) -> None:
    """Forget what was used longest ago, and what others have left half-written."""
    known = sorted(((file.stat().st_mtime, file) for file in folder.glob(f"*{_INDEX}")), reverse=True)
    total = more
    for _, index in known:
        data = index.with_suffix(_BLOCKS)
        total += data.stat().st_size if data.exists() else 0
        if total > MOST_BYTES:
            index.unlink(missing_ok=True)
            data.unlink(missing_ok=True)
    for part in folder.glob("*.part"):
        with suppress(OSError, ValueError):
            if not _is_alive(int(part.suffixes[-2].lstrip("."))):
                part.unlink()


def _is_alive(pid: int) -> bool:
    return Path(f"/proc/{pid}").exists() or not Path("/proc").is_dir()
