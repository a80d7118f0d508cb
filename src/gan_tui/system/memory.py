"""Memory that ran out: how words tell it, how often the system killed a process for it, and what helps."""

from pathlib import Path

MORE_MEMORY = "close other programs, or start a run with a smaller batch_size"
_LACKS_MEMORY = (
    "bad_alloc", "annot allocate memory", "ResourceExhausted", "OOM when allocating", "out of memory", "MemoryError",
    "ailed to map segment", "pthread_create() failed",
)  # fmt: skip


def lacks_memory(words: str) -> bool:
    """Whether an error's words say that there was not enough memory."""
    return any(sign in words for sign in _LACKS_MEMORY)


_GROUPS = Path("/sys/fs/cgroup")


def memory_kills() -> int | None:
    """How many processes the system has killed because memory ran out: in our control group, else on the machine.

    None where the system does not count them (it is not Linux, or an old one).
    """
    for path in (*_of_our_group(), Path("/proc/vmstat")):
        count = _counted(path)
        if count is not None:
            return count
    return None


def _of_our_group() -> list[Path]:
    """Files that count kills in this process's control group, of either version, where they may be."""
    try:
        lines = Path("/proc/self/cgroup").read_text().splitlines()
    except OSError:
        return []
    places = []
    for line in lines:
        _, controllers, group = line.split(":", 2)
        inside = group.strip("/")
        if not controllers:
            places += [root / inside / "memory.events" for root in (_GROUPS, _GROUPS / "unified")]
            places.append(_GROUPS / "memory.events")  # a container sees its own group as the root
        elif "memory" in controllers.split(","):
            places += [_GROUPS / "memory" / inside / "memory.oom_control", _GROUPS / "memory/memory.oom_control"]
    return places


def _counted(path: Path) -> int | None:
    try:
        for line in path.read_text().splitlines():
            name, _, count = line.partition(" ")
            if name == "oom_kill":
                return int(count)
    except (OSError, ValueError):
        return None
    return None
