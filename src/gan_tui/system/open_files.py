"""How many files this process may have open."""

import resource
from contextlib import suppress

OTHERS = 128
"""Open for whatever else."""


def most_with(files: int, count: int) -> int:
    """So many things that each need some open files, or as many as there is room for; never none."""
    return max(1, min(count, (room_for(files * count + OTHERS) - OTHERS) // files))


def room_for(count: int) -> int:
    """How many may be open now, of so many that are needed: the limit is raised as far as the system lets it be."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft == resource.RLIM_INFINITY or soft >= count:
        return count
    raised = count if hard == resource.RLIM_INFINITY else min(count, hard)
    with suppress(OSError, ValueError):  # where the system has a limit that it does not tell
        resource.setrlimit(resource.RLIMIT_NOFILE, (raised, hard))
        soft = raised
    return soft
