"""What is in the files that a sweep's data come from."""

import hashlib
from functools import lru_cache
from pathlib import Path

from gan_tui.system import untrusted_files

_LARGE = 1 << 24
"""Bytes of a file whose checksum is looked for anew only where its size or time is another."""


def checksum(file: Path) -> str:
    """Of what is in a file; nothing for what is none, such as a folder, and where it cannot be read."""
    try:
        found = file.stat()
        seen = (found.st_size, found.st_mtime_ns) if found.st_size > _LARGE else None
        return _known_checksum(file, *seen) if seen else _sha256(file)
    except OSError:
        return ""


@lru_cache(64)
def _known_checksum(file: Path, size: int, changed: int) -> str:
    return _sha256(file)


def _sha256(file: Path) -> str:
    digest = hashlib.sha256()
    with untrusted_files.opened(file) as content:
        while block := content.read(1 << 20):
            digest.update(block)
    return digest.hexdigest()
