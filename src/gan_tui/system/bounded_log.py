"""A log that processes append to, kept from filling the disk: its beginning and its end stay, what lies between goes.

Who prints is a library, at each step if it likes, through a descriptor that stays open: so the file is shortened where
it is. What is printed in that instant may be lost, or stand before the end.
"""

import os
from contextlib import suppress
from pathlib import Path

MOST = 1 << 25
"""Bytes that a log may have."""
KEPT = 1 << 20
"""Bytes that stay of its beginning, and of its end."""


def shorten(path: Path) -> None:
    """Leave out the middle of a log that has become too long, and say so there; whatever its disk says to that."""
    with suppress(OSError):
        _shorten(path)


def _shorten(path: Path) -> None:
    log = os.open(path, os.O_RDWR | os.O_APPEND | os.O_CLOEXEC | os.O_NOFOLLOW | os.O_NONBLOCK)
    try:
        length = os.fstat(log).st_size
        if length <= MOST:
            return
        begin = os.pread(log, KEPT, 0).rfind(b"\n") + 1
        end = os.pread(log, KEPT, length - KEPT)
        end = end[end.find(b"\n") + 1 :]
        os.ftruncate(log, begin)
        left_out = (length - begin - len(end)) >> 20
        os.write(log, b"[gan-tui has left out %d MB here: the log had become too long]\n" % left_out + end)
    finally:
        os.close(log)
