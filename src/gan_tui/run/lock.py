"""The lock of a run: who holds it has the run, whatever process ids say; its file tells where to reach the holder.

Alive means that the lock is held, whatever process ids say: those are used again. It is an flock, inherited by the
trainer, so a run whose supervisor was killed stays locked until its trainer has saved and gone, too.
"""

import errno
import fcntl
import os
import time
from collections.abc import Mapping
from pathlib import Path

import orjson

from gan_tui.system.untrusted_files import opened

HEAD, TAIL = 4096, 4096
"""Bytes of the file's two parts, padded with blanks, so that they can be written anew on a full disk: what the
supervisor says of itself, and what the trainer says is wrong. Together they are one JSON object; each has one writer at
a time, and is written at once, so that neither takes back what the other wrote and no reader finds half of it."""
LENGTH = HEAD + TAIL
_NO_LOCK = (errno.ENOENT, errno.ENOTDIR, errno.ELOOP, errno.ENXIO)
"""What opening a lock meets where there is none: nothing, or a link, or a socket."""


def taken(path: Path, patience: float = 0.4) -> int | None:
    """The descriptor of a lock that is ours now, or None when another process keeps it.

    Viewers that look whether it is held hold it for an instant; `patience` is how many seconds we try. Raises OSError
    when the file cannot be made or locked, FileNotFoundError also when the folder was deleted meanwhile.
    """
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)
    try:
        _wait_for(descriptor, patience)
        if not is_at(path, descriptor):
            raise FileNotFoundError(errno.ENOENT, "it was deleted", str(path))
        if not is_held(path):  # by us; some network file systems say yes to everybody
            raise OSError(errno.ENOLCK, "locks have no effect there")
    except OSError as error:
        os.close(descriptor)
        if isinstance(error, BlockingIOError):
            return None
        raise
    return descriptor


def _wait_for(descriptor: int, seconds: float) -> None:
    """Raises BlockingIOError when another process keeps the lock, OSError where files cannot be locked."""
    deadline = time.monotonic() + seconds
    while True:
        try:
            return fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() >= deadline:
                raise
            time.sleep(0.02)


def is_held(path: Path) -> bool:
    """Whether a process is seen to have the lock. Raises OSError where that cannot be seen."""
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK | os.O_NOFOLLOW)
    except OSError as error:
        if error.errno in _NO_LOCK:
            return False
        raise
    try:
        fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(descriptor)
    return False


def describe(descriptor: int, facts: Mapping[str, object]) -> None:
    """Write facts into the lock's file; what stands there of trouble stays. Raises ValueError where they do not fit."""
    head = orjson.dumps(facts)[:-1].ljust(HEAD)
    if len(head) > HEAD:
        raise ValueError(f"the facts of a lock have {len(head):,} bytes, and {HEAD:,} fit")
    if os.fstat(descriptor).st_size == LENGTH:
        os.pwrite(descriptor, head, 0)
        return
    trouble = _read(os.pread(descriptor, 2 * LENGTH, 0)).get("trouble")
    os.pwrite(descriptor, head + _tail(trouble if isinstance(trouble, str) else "", ""), 0)
    os.ftruncate(descriptor, LENGTH)


def tell(descriptor: int, trouble: str, waits: str = "") -> None:
    """Write what is wrong into the file of a lock that was described; an empty sentence: nothing any more.

    `waits` says in a word what the trainer waits for meanwhile, where it does not go on.
    """
    if os.fstat(descriptor).st_size == LENGTH:
        os.pwrite(descriptor, _tail(trouble, waits), HEAD)


def _tail(trouble: str, waits: str) -> bytes:
    wait = b',"waits":%b' % orjson.dumps(waits) if waits else b""
    return (b',"trouble":%b%b}' % (orjson.dumps(trouble), wait)).ljust(TAIL - 1) + b"\n"


def facts(path: Path) -> dict[str, object]:
    """What the holder wrote; {} when there is nothing to read."""
    try:
        with opened(path, follow=False) as file:
            return _read(file.read(2 * LENGTH))
    except OSError:
        return {}


def _read(content: bytes) -> dict[str, object]:
    try:
        document = orjson.loads(content)
    except ValueError:
        return {}
    return document if isinstance(document, dict) else {}


def version(path: Path) -> tuple[int, int]:
    """(what tells a lock's file from a copy of it, when it was last written); zeros where there is none."""
    try:
        found = path.stat(follow_symlinks=False)
    except OSError:
        return 0, 0
    return found.st_ino, found.st_mtime_ns


def number(path: Path) -> int:
    """What tells a lock's file from a copy of it; 0 where there is none."""
    return version(path)[0]


def is_at(path: Path, descriptor: int) -> bool:
    """Whether the lock that was taken is the one that others find. Raises OSError where that cannot be looked at."""
    try:
        return os.path.samestat(path.stat(), os.fstat(descriptor))
    except FileNotFoundError:
        return False
