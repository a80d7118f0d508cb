"""The one exception that reaches a user: a sentence with its remedy, and the exit code."""

import errno
import os
from contextlib import suppress
from pathlib import Path

from gan_tui.text import harmless

DONE, TRAINING_FAILED, WRONG_USE, INTERRUPTED = 0, 1, 2, 130
CRASHED = 3
"""The exit code of a trainer that an exception ended, which trying again may not meet; 1 is one that tries in vain."""


_FULL, _LOCKS = "free some space", "have it mounted with locks, or use a folder on another"
_NETWORK = "wait until its server is back, or have it mounted again"
NO_LOCKS, NO_PROCESSES = "files cannot be locked on its file system", "no more processes may be started"
_MEANINGS = {
    errno.ENOSPC: ("", _FULL),
    errno.EDQUOT: ("", "delete what you no longer need there, or ask for a larger quota"),
    errno.EFBIG: ("", "allow longer files (ulimit -f unlimited)"),
    errno.EROFS: ("", "have it mounted for writing"),
    errno.EACCES: ("", "check who owns it"),
    errno.EPERM: ("", "check who owns it"),
    errno.EMFILE: ("", "allow more open files (ulimit -n 1024)"),
    errno.ENFILE: ("", "close other programs"),
    errno.ENOMEM: ("", "close other programs"),
    errno.ENAMETOOLONG: ("", "use a shorter name"),
    errno.EIO: ("the disk cannot read or write it", "it may be failing: copy what matters to another"),
    errno.ESTALE: ("the network file system has lost it", _NETWORK),
    errno.ETIMEDOUT: ("the network file system does not answer", _NETWORK),
    errno.EHOSTDOWN: ("the network file system does not answer", _NETWORK),
    errno.ENOTCONN: ("the network file system is gone", _NETWORK),
    errno.ENOSYS: (NO_LOCKS, _LOCKS),
    errno.ENOLCK: (NO_LOCKS, _LOCKS),
    errno.EOPNOTSUPP: (NO_LOCKS, _LOCKS),
    errno.EAGAIN: (NO_PROCESSES, "end some of yours, or allow more (ulimit -u 4096)"),
}
"""errno → what is so, empty where the system's own words say it, and what to do. Locks are all that a file system may
lack of what is asked of it, and processes all that is asked for without waiting."""


_NO_MORE_FILES = (
    "its file system can hold no more files", "delete some there that you no longer need (df -i counts them)"
)  # fmt: skip


def _meaning(error: OSError) -> tuple[str, str]:
    """As in the table; where there is no space, it may be for want of inodes."""
    if error.errno == errno.ENOSPC and isinstance(error.filename, str | os.PathLike):
        with suppress(OSError):
            there = os.statvfs(Path(error.filename).parent)
            if there.f_files and not there.f_favail and there.f_bavail:
                return _NO_MORE_FILES
    return _MEANINGS.get(error.errno or 0, ("", ""))


def why(error: OSError) -> str:
    """What is so, in words."""
    return _meaning(error)[0] or error.strerror or str(error)


DISK_FULL = "disk full"


def held_up_by(error: OSError) -> str:
    """What keeps whoever cannot write from going on, in a word or two."""
    return DISK_FULL if error.errno in (errno.ENOSPC, errno.EDQUOT) else "disk"


_USUAL = "check the folder and its disk"


def remedy(error: OSError, usual: str = _USUAL) -> str:
    """What to do about it; the `usual`, where nothing better is known."""
    return _meaning(error)[1] or usual


def told(error: OSError, usual: str = _USUAL) -> str:
    """What is so, and what to do about it; without a full stop."""
    return f"{why(error)}; {remedy(error, usual)}"


class UserError(Exception):
    """Something the user can put right.

    The message is one sentence that says what is wrong and what to do; `code` is the exit status (2 for wrong
    use, 1 for a training that failed).
    """

    def __init__(self, message: str, code: int = WRONG_USE) -> None:
        message = harmless(message, 2000)  # it may quote a file's words, and goes to a terminal
        super().__init__(message.replace("?.", "?"))  # a question that ends a sentence needs no full stop
        self.code = code
