"""Where this process is: what tells whether the locks and the sockets of another can be seen from it.

Processes of one boot share a kernel, and so all locks, containers included; those of one container share files, and so
sockets.
"""

import os
import sys
from functools import cache
from pathlib import Path
from typing import NamedTuple

from gan_tui.text import harmless


class Place(NamedTuple):
    """Where a process is, or was; each part is empty where the system does not tell it."""

    host: str = ""
    machine: str = ""
    """What tells machines apart that are called the same; it stays when they are started again."""
    boot: str = ""
    container: str = ""


@cache
def here() -> Place:
    """Where this process is."""
    return Place(harmless(os.uname().nodename, 64), _machine(), _boot(), _container())


def _machine() -> str:
    """Containers mostly have none. What the system calls it is not for others' eyes, who may be given a run."""
    import hashlib
    import uuid

    name = f"{uuid.getnode():x}" if sys.platform == "darwin" else _line(Path("/etc/machine-id"))
    return hashlib.sha256(f"gan-tui {name}".encode()).hexdigest()[:16] if name else ""


def _boot() -> str:
    if sys.platform == "darwin":
        import subprocess

        command = ("/usr/sbin/sysctl", "-n", "kern.bootsessionuuid")
        return harmless(subprocess.run(command, capture_output=True, text=True).stdout, 64)
    return _line(Path("/proc/sys/kernel/random/boot_id"))


def _container() -> str:
    """Processes that see the same files have the same number of mounts' namespace."""
    try:
        return harmless(str(Path("/proc/self/ns/mnt").readlink()), 64)
    except OSError:
        return ""


def _line(path: Path) -> str:
    try:
        return harmless(path.read_text(errors="replace"), 64)
    except OSError:
        return ""
