"""Memory, or threads, that ran out: how words tell it, how often the system killed a process for it, and what helps."""

from pathlib import Path

from gan_tui.system.machine import ROOT, groups
from gan_tui.text import size

MORE_THREADS = "ulimit -u 4096"
MORE_MEMORY = "close other programs, or start a run with a smaller batch_size"
_LACKS_THREADS = (
    "pthread_create() failed", "can't start new thread", "Thread creation failed", "Resource temporarily unavailable",
)  # fmt: skip
_LACKS_MEMORY = (
    "bad_alloc", "annot allocate memory", "ResourceExhausted", "OOM when allocating", "out of memory", "MemoryError",
    "ailed to map segment", *_LACKS_THREADS,
)  # fmt: skip


def shortage(words: str, most_threads: int | None = None, limit: int | None = None) -> str:
    """What there was too little of, as an error's words tell it, and what helps; empty where it was nothing such.

    `most_threads` is how many processes and threads there may be; a thread needs memory, too, where there may be any
    number of them. `limit` is the bytes that a process may have (ulimit -v), None for all there are.
    """
    if limit is None and most_threads is not None and any(sign in words for sign in _LACKS_THREADS):
        return f"{most_threads:,} processes and threads are allowed here; end some, or allow more ({MORE_THREADS})"
    if not any(sign in words for sign in _LACKS_MEMORY):
        return ""
    return f"not enough memory; {MORE_MEMORY}" if limit is None else f"not enough memory, {at_limit(limit)}"


def at_limit(limit: int) -> str:
    """That a process may have so many bytes, and what helps; after a comma."""
    return f"because a process may use {size(limit)} here (ulimit -v); raise that limit, or {MORE_MEMORY}"


_COUNTS = ("memory.events", "memory.oom_control")
"""Files that count kills in a control group, of versions 2 and 1."""


def memory_kills(root: Path = ROOT) -> int | None:
    """How many processes the system has killed because memory ran out: in our control group, else on the machine.

    Of the groups around ours the innermost that counts. None where the system does not count (it is not Linux, or an
    old one).
    """
    counts = [folder / name for folder in groups(root, "memory") for name in _COUNTS]
    for path in (*counts, root / "proc/vmstat"):
        count = _counted(path)
        if count is not None:
            return count
    return None


def _counted(path: Path) -> int | None:
    try:
        for line in path.read_text().splitlines():
            name, _, count = line.partition(" ")
            if name == "oom_kill":
                return int(count)
    except (OSError, ValueError):
        return None
    return None
