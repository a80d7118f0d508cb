"""What keeps a run that is alive from going on, as its lock file and the system tell: a full disk, a signal.

A process that SIGSTOP has stopped, or Ctrl-Z, cannot say so itself. Who looks finds it by the number that stands in the
lock file, which counts only together with the time at which that process was started: numbers are used again.
"""

from collections.abc import Mapping
from typing import TypeGuard

from gan_tui.system import processes
from gan_tui.text import harmless

FROZEN, WAITING = "frozen", "waiting"
SUPERVISOR, TRAINER = "supervisor", "trainer"
_LONGEST_WORD = 24


def told(pid: int) -> list[int]:
    """What a lock file says of a process."""
    return [pid, processes.started_at(pid)]


def state(facts: Mapping[str, object]) -> str:
    """As a person should see it; empty where the run goes on."""
    if _frozen_ones(facts).get(TRAINER):
        return FROZEN
    waits = facts.get("waits")
    return f"{WAITING}: {harmless(waits, _LONGEST_WORD)}" if isinstance(waits, str) and waits else ""


def frozen(facts: Mapping[str, object]) -> str:
    """Which processes are frozen, and what helps, in a sentence; empty where none is."""
    found = _frozen_ones(facts)
    if not found:
        return ""
    who, numbers = " and ".join(found), " ".join(map(str, found.values()))
    goes_on = "nothing is trained" if TRAINER in found else "nothing that is asked of it is done"
    verb = "are" if len(found) > 1 else "is"
    return f"Its {who} {verb} frozen (SIGSTOP), so {goes_on}; kill -CONT {numbers} lets it go on."


def _frozen_ones(facts: Mapping[str, object]) -> dict[str, int]:
    """Which of a run's processes are, with their numbers."""
    named = ((who, facts.get(who)) for who in (TRAINER, SUPERVISOR))
    return {who: process[0] for who, process in named if _is_told(process) and processes.is_stopped(*process)}


def _is_told(process: object) -> TypeGuard[list[int]]:
    return isinstance(process, list) and len(process) == 2 and all(type(number) is int for number in process)
