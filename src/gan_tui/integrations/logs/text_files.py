"""Which files may be logs in text, their beginnings and their ends: all that is looked at before a log is opened."""

import os
from collections.abc import Callable, Sequence
from pathlib import Path

from gan_tui.integrations.logs.base import Log
from gan_tui.system.untrusted_files import opened

HEAD, TAIL = 1 << 16, 1 << 16
"""Bytes of a file that tell what it is, and where it ends."""
MOST_COUNTED = 1 << 26
"""Bytes of a file whose lines are counted."""
MOST_FILES = 500
"""Of one folder that are looked at."""
BOM = b"\xef\xbb\xbf"


def logs_at(path: Path, endings: Sequence[str], is_one: Callable[[Path], bool]) -> list[Log]:
    """The log that a file is, whatever it is called; those of a folder whose names end in one of `endings`.

    Raises OSError.
    """
    if not path.is_dir():
        return [Log(path)] if is_one(path) else []
    with os.scandir(path) as entries:
        names = sorted(
            entry.name
            for entry in entries
            if entry.name.lower().endswith(tuple(endings)) and entry.is_file(follow_symlinks=False)
        )
    return [Log(path / name) for name in names[:MOST_FILES] if is_one(path / name)]


def head(path: Path, length: int = HEAD, follow: bool = True) -> bytes:
    """The first bytes of a file, nothing of one that cannot be read, is no file, or a link where none is followed."""
    try:
        with opened(path, follow) as file:
            return file.read(length)
    except OSError:
        return b""


def first_lines(path: Path) -> list[bytes]:
    """The first lines without their ends: whole ones, and the last one of a short file as far as it goes."""
    begin = head(path, HEAD + 1)
    lines = begin.removeprefix(BOM).split(b"\n")
    return lines if len(begin) <= HEAD else lines[:-1]


def last_lines(path: Path) -> bytes:
    """The last whole lines of a file. Raises OSError."""
    with opened(path) as file:
        size = file.seek(0, os.SEEK_END)
        file.seek(max(0, size - TAIL))
        end = file.read(TAIL)
    begin = end.find(b"\n") + 1 if size > TAIL else 0
    return end[begin : end.rfind(b"\n") + 1]


def lines_before(path: Path) -> int | None:
    """Lines that are not empty and stand before the last ones (`last_lines`); None of a file too large to count them.

    Raises OSError.
    """
    with opened(path) as file:
        size = file.seek(0, os.SEEK_END)
        if size > MOST_COUNTED:
            return None
        file.seek(0)
        before = file.read(max(0, size - TAIL))
        rest = file.read(TAIL).partition(b"\n")[0] if before else b""
    return sum(map(bool, map(bytes.strip, (before + rest).split(b"\n"))))
