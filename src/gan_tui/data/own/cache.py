"""Images that were read once, kept as rows of pixels, so that the next start finds them ready.

Each set in each form is a folder of its own, complete or absent: it is made under a hidden name, synced, and renamed.
Its name is a key of all that the rows follow from, so that changed files lead to another one. What was not used for
longest goes when there is too much; a training that has it open reads on. A lock lets one process at a time make a set
while others wait for it.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson

from gan_tui.errors import TRAINING_FAILED, UserError, told
from gan_tui.system import untrusted_files
from gan_tui.system.fsync import sync
from gan_tui.system.paths import own_folder
from gan_tui.text import shown_path, size

LEAST_BOUND = 2_000_000_000
"""Bytes of all sets that are kept at any rate; or else a tenth of what is free on the disk."""
SPARE = 50_000_000
"""Bytes of the disk that are left to others."""
IMAGES, LABELS, ABOUT = "images.npy", "labels.npy", "about.json"
_SAID = {"count": int, "held_back": int, "sides": list, "channels": int, "says": str, "notes": list}
"""What is said about a set, at the least."""
LONGEST_ABOUT = 4_000_000
_SET = "set XDG_CACHE_HOME to a folder elsewhere"
_ELSEWHERE = f"free some space (gan-tui data clear), or {_SET}"
_WAIT = 0.1
"""Seconds between two looks at whether another process is done."""


@dataclass(frozen=True)
class Kept:
    """A set that is complete."""

    folder: Path
    about: dict[str, Any]
    """Whatever its maker wrote about it."""

    def used(self) -> None:
        """Note that it was wanted now."""
        with suppress(OSError):
            os.utime(self.folder / ABOUT)


def place() -> Path:
    """The folder of all sets. Raises UserError where there is none for this user."""
    cache = own_folder("cache")
    if cache is None:
        raise UserError("There is no home folder to keep the images in once they are read; set HOME or XDG_CACHE_HOME.")
    return cache / "data"


def find(key: str) -> Kept | None:
    """The set of that key; None where it is not complete."""
    folder = place() / key
    try:
        about = orjson.loads(untrusted_files.read(folder / ABOUT, LONGEST_ABOUT, follow=False))
    except (OSError, ValueError):
        return None
    sound = isinstance(about, dict) and all(isinstance(about.get(key), kind) for key, kind in _SAID.items())
    return Kept(folder, about) if sound else None


def made(key: str, need: int, make: Callable[[Path], dict[str, Any]], on_wait: Callable[[], None]) -> Kept:
    """The set of that key, which `make` writes into a folder, unless another process has done so meanwhile.

    `make` returns what it has to say about it; `need` is how many bytes it will take at most; `on_wait` is called now
    and then while another process makes the set. Raises UserError: the disk is full, or cannot be written.
    """
    folder = place()
    with _troubles_told(folder):
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        with _alone(folder, key, on_wait) as alone:
            if found := find(key):
                return found
            if alone:
                _remove_parts(folder, key)
            _make_room(folder, key, need)
            _write(folder, key, make)
    if found := find(key):
        return found
    raise UserError(f"{shown_path(folder / key)} was removed while it was made: run the command again.")


def _write(folder: Path, key: str, make: Callable[[Path], dict[str, Any]]) -> None:
    part = Path(tempfile.mkdtemp(prefix=f".{key}.", dir=folder))  # nobody else may look into it
    try:
        about = make(part)
        with private(part / ABOUT) as file:
            file.write(orjson.dumps(about))
        for each in part.iterdir():
            sync(each)
        sync(part)
        if not find(key):  # without locks, two may have made it
            discard(key)
            _rename(part, folder / key)
        sync(folder)
    finally:
        shutil.rmtree(part, ignore_errors=True)


def _rename(part: Path, whole: Path) -> None:
    """Raises OSError unless another process has put a whole set there just now."""
    try:
        part.rename(whole)
    except OSError:
        if not (whole / ABOUT).exists():
            raise


def private(path: Path) -> Any:
    """A new file that its owner alone may read, open for writing. Raises OSError."""
    return os.fdopen(os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600), "wb")


def discard(key: str) -> None:
    """Remove a set that turned out to be damaged; whoever has it open reads on."""
    with suppress(UserError):
        shutil.rmtree(place() / key, ignore_errors=True)


# Locks ----------------------------------------------------------


@contextmanager
def _alone(folder: Path, key: str, on_wait: Callable[[], None]) -> Iterator[bool]:
    """For one process at a time; gives whether that is sure: some file systems have no locks."""
    path = folder / f".{key}.lock"
    descriptor, locked = _lock(path)
    try:
        while not locked and locked is not None:
            on_wait()
            time.sleep(_WAIT)
            os.close(descriptor)
            descriptor, locked = _lock(path)  # anew: whoever had it has removed it
        try:
            yield bool(locked)
        finally:
            path.unlink(missing_ok=True)
    finally:
        os.close(descriptor)


def _lock(path: Path) -> tuple[int, bool | None]:
    """A lock file, open, and whether the lock is ours, as `_locked`. Raises OSError."""
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    locked = _locked(descriptor)
    if locked and not _is_at(path, descriptor):  # removed between the two lines above
        locked = False
    return descriptor, locked


def _is_at(path: Path, descriptor: int) -> bool:
    try:
        return path.stat().st_ino == os.fstat(descriptor).st_ino
    except OSError:
        return False


def _locked(descriptor: int) -> bool | None:
    """Whether the lock is ours now; None where there are none."""
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except OSError:
        return None
    return True


def _remove_parts(folder: Path, key: str) -> None:
    """What was left by whoever was killed while making a set. Only for whoever has its lock."""
    for part in folder.glob(f".{key}.*"):
        if part.is_dir():
            shutil.rmtree(part, ignore_errors=True)


# Room ----------------------------------------------------------


def sets() -> list[tuple[Path, int, float]]:
    """(folder, bytes, when it was last used) of each set that is complete, the one used longest ago first."""
    found = []
    with suppress(OSError, UserError):
        for folder in place().iterdir():
            if folder.name[0] != "." and folder.is_dir():
                found.append((folder, _bytes(folder), _used(folder)))
    return sorted(found, key=lambda each: each[2])


def clear() -> int:
    """Remove all sets, and what was left by whoever was killed; returns how many bytes. Raises UserError."""
    if own_folder("cache"):
        _refuse_closed(place())
    freed = 0
    for folder, held, _ in sets():
        with _troubles_told(folder):
            shutil.rmtree(folder)
        freed += held
    return freed + _clear_left_over()


def _refuse_closed(folder: Path) -> None:
    """Raises UserError where it cannot be told what is kept there: another user's, once gan-tui was run with sudo."""
    try:
        next(folder.iterdir(), None)
    except (FileNotFoundError, NotADirectoryError):
        return
    except OSError as error:
        raise UserError(f"The images that are kept in {shown_path(folder)} cannot be removed: {told(error)}.") from None


def _clear_left_over() -> int:
    """Remove parts that nobody is making any more."""
    freed = 0
    with suppress(OSError, UserError):
        for lock in place().glob(".*.lock"):
            descriptor = os.open(lock, os.O_RDWR | os.O_CLOEXEC)
            try:
                if _locked(descriptor):
                    key = lock.name[1:].removesuffix(".lock")
                    freed += sum(_bytes(part) for part in lock.parent.glob(f".{key}.*") if part.is_dir())
                    _remove_parts(lock.parent, key)
                    lock.unlink(missing_ok=True)
            finally:
                os.close(descriptor)
    return freed


def _make_room(folder: Path, key: str, need: int) -> None:
    """Remove sets, the one used longest ago first, until there is room. Raises UserError where there cannot be."""
    _clear_left_over()
    free = shutil.disk_usage(folder).free
    kept = [each for each in sets() if each[0].name != key]
    held, bound = sum(each[1] for each in kept), max(LEAST_BOUND, free // 10)
    while kept and (held + need > bound or free < need + SPARE):
        oldest, freed, _ = kept.pop(0)
        shutil.rmtree(oldest, ignore_errors=True)
        held, free = held - freed, shutil.disk_usage(folder).free
    if free < need + SPARE:
        raise UserError(
            f"The images take {size(need)} once they are read, and the disk of {shown_path(folder)} has {size(free)} "
            f"free: {_ELSEWHERE}.",
            TRAINING_FAILED,
        )


def _bytes(folder: Path) -> int:
    found = 0
    with suppress(OSError):
        for file in folder.iterdir():
            found += file.lstat().st_size
    return found


def _used(folder: Path) -> float:
    with suppress(OSError):
        return (folder / ABOUT).stat().st_mtime
    return 0.0


@contextmanager
def _troubles_told(folder: Path) -> Iterator[None]:
    """What can go wrong with the disk, in the user's words."""
    try:
        yield
    except OSError as error:
        words = told(error, _ELSEWHERE)
        more = f", or {_SET}" if _ELSEWHERE not in words else ""
        raise UserError(
            f"The images that were read cannot be kept in {shown_path(folder)}: {words}{more}.", TRAINING_FAILED
        ) from None
