"""What tells that a file is as it was when it was looked into, without reading it again."""

from pathlib import Path

Version = tuple[int, int, int]
"""Bytes, when it was last written in nanoseconds since 1970, and its number on its file system."""
NONE: Version = (0, 0, 0)
"""Of a file that is not there, or cannot be looked at."""


def version_of(file: Path) -> Version:
    try:
        found = file.stat()
    except OSError:
        return NONE
    return found.st_size, found.st_mtime_ns, found.st_ino
