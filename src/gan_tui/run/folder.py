"""A run on disk: the names of its files, whether somebody holds it, and what its lock file says."""

import errno
import os
import re
import time
from pathlib import Path

from gan_tui.errors import UserError, why
from gan_tui.run import lock, standstill
from gan_tui.run.event_log import EventReader, EventWriter, damage
from gan_tui.run.growing_lines import BLOCK
from gan_tui.run.holder import ALIVE, DELETED, STARTING, STARTING_SECONDS, UNKNOWN, Holder, Standing
from gan_tui.run.reader import Reader
from gan_tui.system.file_versions import NONE, version_of
from gan_tui.system.held_folder import HeldFolder
from gan_tui.system.paths import runs_folder
from gan_tui.system.shell_words import shell_word
from gan_tui.system.untrusted_files import opened
from gan_tui.text import harmless, shown_path

LONGEST_TROUBLE = 400
"""Characters of a sentence in the lock file."""
BEING_DELETED = ".gan-tui-deleted-"
"""How the name of a folder begins that is being deleted; no run can be called so."""
INSPECT = "inspect"
"""The mode of processes that only look at a run."""


class RunFolder:
    """The paths of one run, and what can be asked of its files."""

    def __init__(self, path: Path, held: HeldFolder | None = None) -> None:
        self._path, self._held = path, held

    def held(self) -> "RunFolder":
        """The same run, followed wherever its folder is moved; where it cannot be opened, as it is."""
        try:
            return self if self._held else RunFolder(self._path, HeldFolder(self._path))
        except OSError:
            return self

    # Names ------------------------------------------------------------------------------------------------

    @property
    def path(self) -> Path:
        """Where it is, for people and for other processes; where it last was, once it is gone."""
        return self._held.path if self._held else self._path

    @property
    def root(self) -> Path:
        """What its files are reached by: in a run that is held, also while its folder is moved."""
        return self._held.root if self._held else self._path

    @property
    def name(self) -> str:
        name = self.path.name
        hidden = name.startswith(BEING_DELETED)  # it goes on being called as it was
        return harmless(name.removeprefix(BEING_DELETED).rpartition("-")[0] if hidden else name, 80)

    @property
    def preset_file(self) -> Path:
        return self.path / "preset.toml"

    @property
    def events_file(self) -> Path:
        return self.root / "events.jsonl"

    @property
    def trainer_log(self) -> Path:
        return self.root / "trainer.log"

    @property
    def lock_file(self) -> Path:
        return self.root / "lock"

    @property
    def checkpoints(self) -> Path:
        return self.root / "checkpoints"

    @property
    def word(self) -> str:
        """What commands in a shell name it by, wherever it was moved: its path, where its name alone would not do."""
        path = self.path
        if not _is_usual(path.parent):
            return shell_word(path)
        return shell_word(f"./{path.name}" if path.name.startswith("-") else path.name)

    def sample_file(self, tag: str, step: int) -> Path:
        """Where a picture goes: samples/TAG/STEP.png."""
        return self.root / "samples" / tag / f"{step:09d}.png"

    @property
    def stem(self) -> str:
        """What is run, as the run's name tells it: lower case, only what a preset's name may have."""
        return re.sub(r"[^a-z0-9_-]+", "-", self.path.name.lower()).strip("-_")[:40] or "run"

    def inside(self, relative: str) -> Path | None:
        """The file an event names, or None when the name leads out of the folder."""
        path = (self.path / relative).resolve()
        return path if path.is_relative_to(self.path.resolve()) else None

    def writer(self) -> EventWriter:
        return EventWriter(self.events_file)

    def reader(self, block: int = BLOCK) -> Reader:
        """What reads its log from the beginning, about `block` bytes at once."""
        return EventReader(self.events_file, block)

    def damage(self, count: int) -> str:
        """A sentence about so many damaged lines of its log; empty without any."""
        return damage(count)

    def opened_log(self) -> int:
        """The descriptor of the trainer's log, for its processes to print into. Raises OSError."""
        return os.open(self.trainer_log, os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC, 0o600)

    # What is there ----------------------------------------------------------------------------------------

    def is_there(self) -> bool:
        """Whether it is a run still, unless it is known that its folder was deleted or emptied."""
        if (self._held and self._held.is_deleted) or self.path.name.startswith(BEING_DELETED):
            return False
        try:
            (self.root / self.preset_file.name).stat()
        except (FileNotFoundError, NotADirectoryError):
            return False
        except OSError:
            return True  # a disk that does not answer now
        return True

    @property
    def written_at(self) -> float:
        """When its preset was, seconds since 1970; 0 where that cannot be told."""
        try:
            return self.preset_file.stat().st_mtime
        except OSError:
            return 0.0

    def unreadable(self) -> OSError | None:
        """Why what it is, or what it has logged, cannot be read, though it is there."""
        for file in (self.root / self.preset_file.name, self.events_file):
            try:
                opened(file).close()
            except FileNotFoundError:
                continue
            except OSError as error:
                if error.errno not in (errno.EINVAL, errno.EISDIR, errno.ELOOP):  # which is no file
                    return error
        return None

    def deleted(self) -> str:
        """What is said of a run that is not there any more."""
        return f"The run {self.name} was deleted: it is no longer in {shown_path(self.path)}."

    # Who has it -------------------------------------------------------------------------------------------

    def is_held(self) -> bool:
        """Whether a supervisor is seen to hold the lock: immune to process ids that are used again."""
        try:
            return lock.is_held(self.lock_file)
        except OSError:
            return False

    def is_alive(self) -> bool:
        """Whether the run's trainer is seen to be there. One that is only held open to be looked at is not alive."""
        return self.is_held() and not self.is_for_viewing()

    def is_for_viewing(self) -> bool:
        """Whether who holds it, or held it last, only looks at it."""
        return self._facts().get("mode") == INSPECT

    def holder(self) -> Holder:
        """Who trains it, or trained it last."""
        facts = self._facts()
        before = facts.get("before")
        return Holder.of(before if facts.get("mode") == INSPECT and isinstance(before, dict) else facts)

    def standing(self) -> Standing:
        """Whether it is alive, and what is known where it is not."""
        if not self.is_there():
            return Standing(DELETED, "its folder was deleted")
        if self.is_alive():
            return Standing(ALIVE, waits=self.stands_still())
        try:
            lock.is_held(self.lock_file)
        except OSError as error:
            return Standing(UNKNOWN, f"its lock cannot be looked at ({why(error)}), so it may be alive")
        if unread := self.unreadable():
            return Standing(UNKNOWN, f"it cannot be read ({why(unread)})")
        return _starting(self) or self.holder().standing(lock.number(self.lock_file))

    def socket_path(self) -> Path | None:
        """Where the supervisor listens, as it wrote into the lock file; None when it has not."""
        path = self._facts().get("socket")
        return Path(path) if isinstance(path, str) else None

    def stands_still(self) -> str:
        """The state of a run that is alive and does not go on, as a person should see it; empty where it does."""
        return standstill.state(self._facts())

    def trouble(self) -> str:
        """What is wrong that no event can say, such as a full disk, in sentences; empty when nothing is."""
        facts = self._facts()
        sentence = facts.get("trouble")
        told = sentence if isinstance(sentence, str) else ""
        if not self.is_alive():
            return harmless(f"Before it ended: {told}", LONGEST_TROUBLE) if told else ""
        return harmless(" ".join(filter(None, (standstill.frozen(facts), told))), LONGEST_TROUBLE)

    def tell_trouble(self, sentence: str, waits: str = "") -> None:
        """Say what is wrong in the lock file, whose bytes need no new room; for the trainer of a run that is held.

        `waits` says in a word what it waits for, where it does not go on.
        """
        try:
            descriptor = os.open(self.lock_file, os.O_RDWR | os.O_CLOEXEC)
        except OSError:
            return  # nobody holds the run
        try:
            lock.tell(descriptor, harmless(sentence, LONGEST_TROUBLE), waits)
        except OSError:
            return  # on a disk that takes nothing at all, nothing can be said
        finally:
            os.close(descriptor)

    def _facts(self) -> dict[str, object]:
        """What the supervisor wrote into the lock file."""
        return lock.facts(self.lock_file)


def _is_usual(folder: Path) -> bool:
    """Whether it is where a command finds runs that names no folder of them (--runs-dir)."""
    try:
        return folder.samefile(runs_folder())
    except (OSError, UserError):
        return False


def _starting(folder: RunFolder) -> Standing | None:
    """How a run stands that was just made, and that nobody has had yet; None of any other."""
    if abs(time.time() - folder.written_at) > STARTING_SECONDS:
        return None
    is_new = version_of(folder.events_file) == NONE and not lock.facts(folder.lock_file)
    return Standing(STARTING, "its processes are being started") if is_new else None
