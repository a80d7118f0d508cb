"""Other processes of this machine, as the system tells: when each was started, and whether a signal stopped it."""

import os
import time
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # whoever has children has it already
    import subprocess

_PROCESSES = Path("/proc")
_STATE, PARENT, _GROUP, _STARTED = 0, 1, 2, 19
"""Places among the fields of a process's status (proc_pid_stat(5))."""


def started_at(pid: int) -> int:
    """In the system's ticks; 0 where it does not tell."""
    try:
        return int(status(pid)[_STARTED])
    except OSError:
        return 0


def is_stopped(pid: int, started: int) -> bool:
    """Whether the process of that number that was started then is stopped, as by SIGSTOP, until SIGCONT comes."""
    try:
        fields = status(pid)
    except OSError:
        return False
    return started > 0 and int(fields[_STARTED]) == started and fields[_STATE] == "T"


def wait_unasked(child: "subprocess.Popen[bytes]", seconds: float) -> None:
    """Wait until a child has ended, so long at most, and leave its number its own: it is not asked how it ended."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline and not has_ended_unasked(child):
        time.sleep(0.02)


def has_ended_unasked(child: "subprocess.Popen[bytes]") -> bool:
    """Whether a child has ended, which leaves its number, and that of its group, its own."""
    how = os.WEXITED | os.WNOHANG | os.WNOWAIT
    return child.returncode is not None or os.waitid(os.P_PID, child.pid, how) is not None


def is_group_there(group: int) -> bool:
    """Whether any process of a group is alive: those which only wait to be asked how they ended are not."""
    try:
        os.killpg(group, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    numbers = [int(path.name) for path in _PROCESSES.iterdir() if path.name.isdecimal()] if _PROCESSES.is_dir() else []
    return not numbers or any(_is_alive_in(group, pid) for pid in numbers)


def _is_alive_in(group: int, pid: int) -> bool:
    try:
        fields = status(pid)
    except OSError:
        return False
    return int(fields[_GROUP]) == group and fields[_STATE] not in "ZX"


def status(pid: int) -> list[str]:
    """The fields of /proc/PID/stat behind the name. Raises OSError where there is no such process, or no /proc."""
    return (_PROCESSES / str(pid) / "stat").read_text(errors="replace").rpartition(")")[2].split()
