"""Where the socket of a run lies that commands go through: a private folder, a short name."""

import hashlib
import os
import stat
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from gan_tui.run.folder import RunFolder
from gan_tui.system.paths import is_unicode, own_folder

LONGEST_ADDRESS = 100
"""Bytes of a socket's path: systems differ, and the shortest limit is 103."""


def socket_address(folder: RunFolder) -> Path:
    """A short path for a run's socket: socket names hold about 100 bytes, and a run's folder may lie deep.

    It lies in the first folder that is private and short enough. Nobody can stop a run by making one under our
    name: in a temporary folder that all share we could not remove it. Never $XDG_RUNTIME_DIR, which is removed
    when its user logs out, while training goes on. The name is the folder's own wherever it is moved: by its path,
    the next run that is called so would have the same. Raises OSError when there is no such folder.
    """
    found = folder.root.stat()
    name = hashlib.sha256(f"{found.st_dev} {found.st_ino}".encode()).hexdigest()[:24] + ".sock"
    shared = f"gan-tui-{os.getuid()}"
    candidates = [place / shared for place in (*_temporary(), Path("/tmp"))]
    if cache := own_folder("cache"):
        candidates.append(cache / "sockets")
    for private in candidates:
        fits = len(os.fsencode(private / name)) <= LONGEST_ADDRESS and is_unicode(private)  # it is told in JSON
        if fits and _is_ours_alone(private):
            return private / name
    tried = ", ".join(map(str, dict.fromkeys(candidates)))
    raise PermissionError(f"there is no private folder with a short name for its socket (tried {tried}); set TMPDIR")


def _temporary() -> Iterator[Path]:
    """The folder for temporary files, where there is one; Python has the current folder if no other can be written."""
    with suppress(OSError):
        place = Path(tempfile.gettempdir())
        if place != Path.cwd():
            yield place


def _is_ours_alone(private: Path) -> bool:
    """Whether nobody else can reach what lies in a folder, which is made where it is missing."""
    try:
        private.mkdir(mode=0o700, exist_ok=True, parents=True)
        found = private.lstat()
    except OSError:
        return False
    return found.st_uid == os.getuid() and stat.S_ISDIR(found.st_mode) and not stat.S_IMODE(found.st_mode) & 0o077
