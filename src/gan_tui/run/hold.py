"""The hold on a run of its supervisor, or of the script that makes it: the lock, what the lock's file says, and whether
the run is still its own.

Folders are deleted and emptied while they are in use, and those that machines share may be taken by another.
"""

import os
from contextlib import suppress
from pathlib import Path

from gan_tui.errors import UserError
from gan_tui.run import lock as run_lock
from gan_tui.run.documents import SCRIPT
from gan_tui.run.folder import INSPECT, RunFolder
from gan_tui.run.holder import Holder
from gan_tui.run.standstill import SUPERVISOR, TRAINER, told

MOST_MISSED = 2
"""Looks in a row that do not find the run, until it counts as lost: an editor takes a file away to save it."""


class Hold:
    """The lock of a run, from now on until the process ends."""

    def __init__(self, folder: RunFolder, mode: str) -> None:
        """`mode` says what for: "train", "inspect", or "script", where no supervisor stands between.

        Raises UserError when another process has the run, or it was deleted; OSError.
        """
        self._folder, self.lock = folder, _taken(folder)
        before = run_lock.facts(folder.lock_file)
        own = Holder.facts(os.fstat(self.lock).st_ino, folder.path)
        who = TRAINER if mode == SCRIPT else SUPERVISOR
        self._facts: dict[str, object] = {"pid": os.getpid(), "mode": mode, **own, who: told(os.getpid())}
        if mode == INSPECT:
            known = before.get("before")  # who only looks leaves what is known as it was
            self._facts["before"] = Holder.of(known if isinstance(known, dict) else before).told()
        self._so = "its script goes on alone" if mode == SCRIPT else "it was ended"
        """What becomes of the training where the run is lost."""
        self._missed = 0
        run_lock.describe(self.lock, self._facts)  # at once, so that nobody takes us for the holder before

    def tell_address(self, address: Path) -> None:
        """Write into the lock's file where our socket is. Raises OSError."""
        self._facts["socket"] = str(address)
        run_lock.describe(self.lock, self._facts)

    def tell_trainer(self, pid: int) -> None:
        """Write into the lock's file which process trains, where the disk takes it."""
        self._facts[TRAINER] = told(pid)
        with suppress(OSError):
            run_lock.describe(self.lock, self._facts)

    def lost(self) -> str:
        """Look after the run: why it is not ours any more, in a sentence; empty where that is not known to be so."""
        try:
            problem = self._problem()
        except OSError:
            problem = ""  # a disk that does not answer now
        self._missed = self._missed + 1 if problem else 0
        return problem if self._missed >= MOST_MISSED else ""

    def _problem(self) -> str:
        name = self._folder.name
        if not self._folder.is_there():
            return self._folder.deleted()
        if not run_lock.is_at(self._folder.lock_file, self.lock):
            return f"The file lock was deleted from {name}, so that nobody sees that it is alive: {self._so}."
        facts = run_lock.facts(self._folder.lock_file)
        if facts and (now := Holder.of(facts)) != Holder.of(self._facts):
            return f"{name} was resumed {now.where}, so {self._so} here."
        return ""


def _taken(folder: RunFolder) -> int:
    """The lock's descriptor; no lock is made where there is no run."""
    lock = None
    if there := folder.is_there():
        try:
            lock = run_lock.taken(folder.lock_file)
        except FileNotFoundError:
            there = False
    if not there or not folder.is_there():
        raise UserError(folder.deleted())
    if lock is None:
        raise UserError(f"{folder.name} is already running; gan-tui attach {folder.word} shows it.")
    return lock
