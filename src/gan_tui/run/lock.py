"""The lock of a run: who holds it has the run, whatever process ids say; its file tells where to reach the holder.

Alive means that the lock is held, whatever process ids say: those are used again. It is an flock, inherited by the
trainer, so a run whose supervisor was killed stays locked until its trainer has saved and gone, too.
"""

import fcntl
import os
import time
from pathlib import Path

import orjson

from gan_tui.system.untrusted_files import opened

LENGTH = 1024
"""Bytes of the file: the facts are padded with blanks, so that they can be written anew on a full disk."""


def taken(path: Path, patience: float = 0.4) -> int | None:
    """The descriptor of a lock that is ours now, or None when another process keeps it.

    Viewers that look whether it is held hold it for an instant; `patience` is how many seconds we try. Raises OSError
    when the file cannot be made, FileNotFoundError also when the folder was deleted meanwhile.
    """
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    deadline = time.monotonic() + patience
    while True:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            break
        except BlockingIOError:
            if time.monotonic() >= deadline:
                os.close(descriptor)
                return None
            time.sleep(0.02)
    if not _is_there(path, descriptor):
        os.close(descriptor)
        raise FileNotFoundError(f"{path} was deleted")
    return descriptor


def _is_there(path: Path, descriptor: int) -> bool:
    """Whether the lock that was taken is the one that others find."""
    try:
        return os.path.samestat(path.stat(), os.fstat(descriptor))
    except OSError:
        return False


def describe(descriptor: int, facts: dict[str, object]) -> None:
    """Write facts into the lock's file: in one write, so that no reader finds half of them."""
    line = orjson.dumps(facts).ljust(LENGTH - 1) + b"\n"
    os.pwrite(descriptor, line, 0)
    os.ftruncate(descriptor, len(line))


def facts(path: Path) -> dict[str, object]:
    """What the holder wrote; {} when there is nothing to read."""
    try:
        with opened(path, follow=False) as file:
            document = orjson.loads(file.read(4 * LENGTH))
    except (OSError, ValueError):
        return {}
    return document if isinstance(document, dict) else {}
