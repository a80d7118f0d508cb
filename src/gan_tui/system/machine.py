"""What this machine gives a process, from the kernel's own files: memory, and shares of processors.

`root` is the folder that /proc and /sys lie in.
"""

import os
import resource
from collections.abc import Iterator
from pathlib import Path

from gan_tui.text import counted

ROOT = Path("/")
TENSORFLOW_BYTES = 1_000_000_000
"""Memory that a process with TensorFlow and a small network takes."""
LACKS_INSTRUCTIONS = (
    "TensorFlow uses instructions that this processor lacks, such as AVX; install one that was built for it, or train "
    "on another machine"
)
"""What a process dies of that meets one (SIGILL)."""


def physical_memory() -> int:
    """Bytes."""
    return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")


def processor(root: Path = ROOT) -> str:
    """Its model as the kernel names it, or at least its kind."""
    for line in _lines(root / "proc/cpuinfo"):
        name, _, model = line.partition(":")
        if name.strip() == "model name":
            return model.strip()
    return os.uname().machine


def processors() -> int:
    """How many this process may use; quotas of control groups apart."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def usable_processors(root: Path = ROOT) -> float:
    """Of how many this process gets the time, such as 1.5."""
    quota = processors_limit(root)
    return processors() if quota is None else min(quota, processors())


def cores(root: Path = ROOT) -> str:
    """Processors in words, where not all may be used those that may."""
    there, usable = os.cpu_count() or 1, usable_processors(root)
    return counted(there, "core") if usable >= there else f"{usable:.3g} of {counted(there, 'core')}"


def memory(root: Path = ROOT) -> int:
    """Bytes that a process may use: all there are, or what its control groups (a container, a batch job) allow."""
    return min([physical_memory(), *_limits(root)])


def memory_limit(root: Path = ROOT) -> int | None:
    """Bytes that the control groups allow; None where they allow all there are."""
    lowest = min(_limits(root), default=None)
    return lowest if lowest is not None and lowest < physical_memory() else None


def free_memory(root: Path = ROOT) -> int:
    """Bytes that a process could still get without pushing others out, as far as the kernel tells."""
    rooms = [memory(root)]
    for line in _lines(root / "proc/meminfo"):
        name, _, amount = line.partition(":")
        if name == "MemAvailable":
            rooms.append(1024 * int(amount.split()[0]))
    for folder in groups(root, "memory"):
        for limit, used, left in _NAMES_OF_USE:
            limits, uses = _words(folder / limit), _words(folder / used)
            if limits and uses and limits[0].isdigit():
                rooms.append(int(limits[0]) - int(uses[0]) + _files_kept(folder, left))
    return min(rooms)


_NAMES_OF_USE = (
    ("memory.max", "memory.current", "inactive_file"),
    ("memory.limit_in_bytes", "memory.usage_in_bytes", "total_inactive_file"),
)
"""Of versions 2 and 1 of control groups: the limit, what is used, and what of it are files that need not be kept."""


def _files_kept(folder: Path, name: str) -> int:
    words = (line.split() for line in _lines(folder / "memory.stat"))
    return next((int(pair[1]) for pair in words if len(pair) == 2 and pair[0] == name), 0)


def processors_limit(root: Path = ROOT) -> float | None:
    """Processors that the control groups allow, such as 1.5; None where they set no quota."""
    shares = []
    for folder in groups(root, "cpu"):
        words = _words(folder / "cpu.max")  # version 2: quota and period
        if not words:
            words = [*_words(folder / "cpu.cfs_quota_us"), *_words(folder / "cpu.cfs_period_us")]
        if len(words) == 2 and all(word.isdigit() for word in words) and int(words[1]):
            shares.append(int(words[0]) / int(words[1]))
    return min(shares, default=None)


def addresses_limit() -> int | None:
    """Bytes of memory that a process may have (ulimit -v); None for all there are."""
    allowed, _ = resource.getrlimit(resource.RLIMIT_AS)
    return None if allowed == resource.RLIM_INFINITY else allowed


def time_limit() -> int | None:
    """Seconds of processor time after which a process is killed (ulimit -t); None where it never is."""
    _, allowed = resource.getrlimit(resource.RLIMIT_CPU)
    return None if allowed == resource.RLIM_INFINITY else allowed


def threads_limit(root: Path = ROOT) -> int | None:
    """Processes and threads that this user, or these control groups, may have; None where there is no limit."""
    allowed, _ = resource.getrlimit(resource.RLIMIT_NPROC)
    limits = [] if allowed == resource.RLIM_INFINITY or os.geteuid() == 0 else [allowed]  # root is not bound by it
    words = [word for folder in groups(root, "pids") for word in _words(folder / "pids.max")]
    return min([*limits, *(int(word) for word in words if word.isdigit())], default=None)


def _limits(root: Path) -> list[int]:
    names = ("memory.max", "memory.limit_in_bytes")  # of versions 2 and 1
    found = [word for folder in groups(root, "memory") for name in names for word in _words(folder / name)]
    return [int(word) for word in found if word.isdigit()]


def groups(root: Path, controller: str) -> Iterator[Path]:
    """The folders of the control groups that this process is in, each before those around it."""
    for line in _lines(root / "proc/self/cgroup"):
        _, controllers, path = (*line.split(":", 2), "", "")[:3]
        if controllers and controller not in controllers.split(","):
            continue
        mounts = [controller] if controllers else ["", "unified"]  # the second where there are both versions
        for mount in (root / "sys/fs/cgroup" / name for name in mounts):
            group = mount / path.lstrip("/")
            while group.is_relative_to(mount):
                yield group  # in a container the path may be the host's: then only the outermost folder is there
                group = group.parent


def _words(path: Path) -> list[str]:
    return " ".join(_lines(path)).split()


def _lines(path: Path) -> list[str]:
    try:
        return path.read_text(errors="replace").splitlines()
    except OSError:
        return []
