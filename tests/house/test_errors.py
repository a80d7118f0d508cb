"""What an error of the system means: what is so, and what to do, in one sentence wherever it happens."""

import errno
import os
import subprocess
from pathlib import Path

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


def test_a_file_system_that_can_hold_no_more_files_is_not_said_to_be_full(tmp_path: Path) -> None:
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=1m,nr_inodes=4", "none", tmp_path], capture_output=True
    )
    if mounted.returncode:
        pytest.skip("a small tmpfs cannot be mounted here")
    try:
        with pytest.raises(OSError) as no_more:
            for number in range(9):
                (tmp_path / f"{number}").mkdir()
        files = told(no_more.value)
        (tmp_path / "0").rmdir()
        with (tmp_path / "long").open("wb") as file, pytest.raises(OSError) as full:
            os.write(file.fileno(), bytes(1 << 20))
            os.write(file.fileno(), b"x")
        (tmp_path / "1").rmdir()
        with pytest.raises(OSError) as no_room:
            (tmp_path / "more").write_bytes(b"x")
    finally:
        subprocess.run(["umount", "-l", tmp_path], check=True)
    assert (
        files == "its file system can hold no more files; delete some there that you no longer need (df -i counts them)"
    )
    assert told(full.value) == told(no_room.value) == "No space left on device; free some space"
