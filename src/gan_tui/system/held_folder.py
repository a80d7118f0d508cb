"""A folder that is followed wherever it is moved, as long as somebody has it open.

Names lie once a folder has moved: what is written by its old name makes a second folder there. Linux reaches what lies
in an open folder through /proc/self/fd, at any instant and whatever it is called; elsewhere (macOS) the system is
asked what the folder is called now. Not taken: the current folder of the process, in which libraries are looked for
where LD_LIBRARY_PATH or PYTHONPATH has an empty part, and a run may be anybody's.
"""

import errno
import fcntl
import os
import weakref
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

_OPEN = os.O_CLOEXEC | os.O_DIRECTORY | getattr(os, "O_PATH", os.O_RDONLY)
_BY_NUMBER = Path("/proc/self/fd")
_F_GETPATH = 50
"""What macOS calls it; Python has no name for it elsewhere."""
_LONGEST = 1024
"""Bytes of a path on macOS."""


class HeldFolder:
    """Open until nobody refers to this any more: paths have its number, which must not become another folder's."""

    def __init__(self, path: Path, descriptor: int | None = None, *, follow: bool = True) -> None:
        """`descriptor` is of the folder, where it is open already; `follow` says whether it may be a link.

        Raises OSError when it is not there.
        """
        flags = _OPEN if follow else _OPEN | os.O_NOFOLLOW
        self.descriptor = os.open(path, flags) if descriptor is None else descriptor
        weakref.finalize(self, os.close, self.descriptor)
        self._identity = os.fstat(self.descriptor)
        self._known = path.absolute()

    @property
    def root(self) -> Path:
        """What its files are reached by, in this process."""
        by_number = _BY_NUMBER / str(self.descriptor)
        return by_number if self._is_at(by_number) else self.path

    @property
    def path(self) -> Path:
        """Where it is now; where it last was, once it is gone."""
        if not self._is_at(self._known) and self._is_at(now := self._called_by_the_system()):
            self._known = now
        return self._known

    @contextmanager
    def below(self, inside: Path, *, make: bool = False) -> Iterator[int]:
        """The descriptor of a folder in it, on the way to which nothing is a link, whoever puts one there meanwhile.

        With `make`, it is made where it is not there. Raises OSError.
        """
        deepest = os.dup(self.descriptor)
        try:
            for name in inside.parts:
                if make:
                    with suppress(FileExistsError):
                        os.mkdir(name, dir_fd=deepest)
                deeper = os.open(name, _OPEN | os.O_NOFOLLOW, dir_fd=deepest)
                os.close(deepest)
                deepest = deeper
            yield deepest
        finally:
            os.close(deepest)

    @property
    def is_deleted(self) -> bool:
        """Whether it is known to be; one that cannot be looked at, or was moved by another machine, is not."""
        try:
            named = _BY_NUMBER.exists() or self._is_at(self.path)
            return not named or os.fstat(self.descriptor).st_nlink == 0
        except OSError as error:
            return error.errno == errno.ESTALE

    def _is_at(self, path: Path) -> bool:
        try:
            return os.path.samestat(path.stat(), self._identity)
        except (OSError, ValueError):
            return False

    def _called_by_the_system(self) -> Path:
        try:
            if _BY_NUMBER.exists():
                return (_BY_NUMBER / str(self.descriptor)).readlink()
            name = fcntl.fcntl(self.descriptor, _F_GETPATH, bytes(_LONGEST))
            return Path(os.fsdecode(name.partition(b"\0")[0]))
        except OSError:
            return self._known
