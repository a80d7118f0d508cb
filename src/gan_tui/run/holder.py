"""Who has a run, or had it last, as its lock file says; and whether the run is alive, as far as that is known here.

A lock that is free says that nobody has the run only on the kernel that the holder's lock was taken on: between
machines some file systems pass locks on and some do not. And a folder that rsync has copied has a lock file, too.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from gan_tui.run.events import LIVE_STATES
from gan_tui.system.here import Place, here
from gan_tui.text import harmless, shown_path

ALIVE, ENDED, ELSEWHERE, COPIED, DELETED = "alive", "interrupted", "elsewhere", "copied", "deleted"
UNKNOWN = "unknown"
"""The lock cannot be looked at."""
STARTING = "starting"
"""Its folder was just made, and nobody has had it yet: its processes take seconds to come on a busy machine."""
STARTING_SECONDS = 30.0
"""A run that nobody has had for so long was left by whoever made it."""
QUIET = "quiet"
"""A log of another tool, of which nobody can say who writes it: it has not grown of late."""
READING = "being read"
"""Who asks has read nothing of the run yet."""
NOT_HERE = (ELSEWHERE, COPIED, UNKNOWN)
"""What another training may have, or has begun."""
_LONGEST_PATH = 300
"""Characters of a run's path in its lock file, where it only serves to be read."""


@dataclass(frozen=True)
class Standing:
    """Whether a run is alive."""

    word: str
    """One of those above."""
    about: str = ""
    """What is known of a run that is not alive, half a sentence."""
    waits: str = ""
    """How a run that is alive and does not go on should be called."""

    @property
    def alive(self) -> bool:
        return self.word == ALIVE

    @property
    def may_come(self) -> bool:
        """Whether another look may find what this one could not: a disk did not answer, or nobody has it yet."""
        return self.word in (UNKNOWN, STARTING)

    def known(self, state: str) -> str:
        """The state that a run's log tells, or what is known instead where its processes are gone without a word."""
        if self.word in (DELETED, READING) or (state in LIVE_STATES and not self.alive):
            return self.word
        return state

    def shown(self, state: str) -> str:
        """The state that a run's log tells, as a person should see it."""
        return self.waits if self.waits and state in LIVE_STATES else self.known(state)


@dataclass(frozen=True)
class Holder:
    """A supervisor, and the lock that it took."""

    place: Place
    lock: int
    """The number of the lock's file; 0 where it is not told."""
    folder: str
    """The run's path when it was taken."""

    @staticmethod
    def of(facts: Mapping[str, object]) -> "Holder":
        """As facts of a lock file tell; those of an earlier version tell nothing."""
        words = {name: harmless(word, 64) for name in Place._fields if isinstance(word := facts.get(name), str)}
        number, folder = facts.get("lock"), facts.get("folder")
        return Holder(
            Place(**words), number if isinstance(number, int) else 0,
            harmless(folder, _LONGEST_PATH) if isinstance(folder, str) else "",
        )  # fmt: skip

    def told(self) -> dict[str, object]:
        """The facts that it is of."""
        return {**self.place._asdict(), "lock": self.lock, "folder": self.folder}

    @staticmethod
    def facts(lock: int, folder: Path) -> dict[str, object]:
        """What this process tells of itself in a lock file with that number."""
        return Holder(here(), lock, shown_path(folder)[:_LONGEST_PATH]).told()

    @property
    def is_of_this_kernel(self) -> bool:
        """Whether a lock of it is seen to be held."""
        return self.place.boot in ("", here().boot)

    @property
    def is_in_reach(self) -> bool:
        """Whether a socket of it can be seen from here: a service of systemd may have a /tmp of its own."""
        return self.is_of_this_kernel and self.place.container in ("", here().container)

    @property
    def _was_started_again(self) -> bool:
        """Whether it was on this machine, which was down meanwhile, and all its processes with it."""
        known = (here().host, here().machine)
        return not self.is_of_this_kernel and all(known) and known == (self.place.host, self.place.machine)

    def standing(self, lock: int) -> Standing:
        """How a run stands that nobody is seen to have now; `lock` is the number of its lock file."""
        if self._was_started_again:
            return Standing(ENDED, "the machine was restarted")
        if self.lock not in (0, lock):
            was = f"the run that was in {self.folder} {self.where}"
            return Standing(COPIED, f"this is a copy of {was}, made while it was alive")
        if not self.is_of_this_kernel:
            return Standing(ELSEWHERE, f"it was alive {self.where}, and whether it still is cannot be seen from here")
        return Standing(ENDED, "the run's processes were killed, or the machine went down")

    @property
    def where(self) -> str:
        """In words."""
        host = self.place.host or "another machine"
        if not self.is_of_this_kernel:
            return f"on {host}" if host != here().host else f"on another machine called {host}"
        return "on this machine" if self.is_in_reach else f"in another container or service of this machine ({host})"
