"""What an error of the system means: what is so, and what to do, in one sentence wherever it happens."""

import errno
import os

import pytest

from gan_tui.errors import told

LOCKS = "files cannot be locked on its file system; have it mounted with locks, or use a folder on another"


@pytest.mark.parametrize(
    ("number", "said"),
    [
        (errno.ENOSPC, "No space left on device; free some space"),
        (errno.EDQUOT, "Disk quota exceeded; delete what you no longer need there, or ask for a larger quota"),
        (errno.EFBIG, "File too large; allow longer files (ulimit -f unlimited)"),
        (errno.EROFS, "Read-only file system; have it mounted for writing"),
        (errno.EACCES, "Permission denied; check who owns it"),
        (errno.EPERM, "Operation not permitted; check who owns it"),
        (errno.EMFILE, "Too many open files; allow more open files (ulimit -n 1024)"),
        (errno.ENAMETOOLONG, "File name too long; use a shorter name"),
        (errno.EIO, "the disk cannot read or write it; it may be failing: copy what matters to another"),
        (
            errno.ESTALE,
            "the network file system has lost it; wait until its server is back, or have it mounted again",
        ),
        (errno.ENOSYS, LOCKS),
        (errno.ENOLCK, LOCKS),
        (errno.EAGAIN, "no more processes may be started; end some of yours, or allow more (ulimit -u 4096)"),
        (errno.EXDEV, "Invalid cross-device link; check the folder and its disk"),
    ],
)
def test_an_error_of_the_system_says_what_is_so_and_what_to_do(number: int, said: str) -> None:
    assert told(OSError(number, os.strerror(number))) == said


def test_an_error_in_words_of_our_own_keeps_them() -> None:
    assert told(OSError("there is no private folder")) == "there is no private folder; check the folder and its disk"
