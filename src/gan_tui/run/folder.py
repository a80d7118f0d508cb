"""A run on disk: the names of its files, whether somebody holds it, and what its lock file says."""

import fcntl
import os
import re
import shlex
from pathlib import Path

from gan_tui.run import lock
from gan_tui.run.event_log import EventReader, EventWriter
from gan_tui.text import harmless, shown_path

LONGEST_TROUBLE = 400
"""Characters of a sentence in the lock file."""


class RunFolder:
    """The paths of one run, and what can be asked of its files."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.name = harmless(path.name, 80)
        self.preset_file = path / "preset.toml"
        self.events_file = path / "events.jsonl"
        self.trainer_log = path / "trainer.log"
        self.lock_file = path / "lock"
        self.checkpoints = path / "checkpoints"

    @property
    def word(self) -> str:
        """Its name as a command in a shell has it, whatever it has been renamed to."""
        name = shown_path(self.path.name)
        return shlex.quote(f"./{name}" if name.startswith("-") else name)

    def sample_file(self, tag: str, step: int) -> Path:
        """Where a picture goes: samples/TAG/STEP.png."""
        return self.path / "samples" / tag / f"{step:09d}.png"

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

    def reader(self) -> EventReader:
        return EventReader(self.events_file)

    def opened_log(self) -> int:
        """The descriptor of the trainer's log, for its processes to print into. Raises OSError."""
        return os.open(self.trainer_log, os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC, 0o600)

    def has_checkpoint(self) -> bool:
        """Whether there is one to go on from, as far as names tell."""
        try:
            return any(path.name.isdigit() for path in self.checkpoints.iterdir())
        except OSError:
            return False

    def is_held(self) -> bool:
        """Whether a supervisor holds the lock: immune to process ids that are used again."""
        try:
            descriptor = os.open(self.lock_file, os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK | os.O_NOFOLLOW)
        except OSError:
            return False
        try:
            fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
        finally:
            os.close(descriptor)
        return False

    def is_alive(self) -> bool:
        """Whether the run's trainer is there. A run that is only held open to be looked at is not alive."""
        return self.is_held() and self._holder().get("mode") != "inspect"

    def socket_path(self) -> Path | None:
        """Where the supervisor listens, as it wrote into the lock file; None when it has not."""
        path = self._holder().get("socket")
        return Path(path) if isinstance(path, str) else None

    def trouble(self) -> str:
        """What is wrong that no event can say, such as a full disk, in a sentence; empty when nothing is."""
        sentence = lock.facts(self.lock_file).get("trouble")
        if not isinstance(sentence, str) or not sentence:
            return ""
        return harmless(sentence if self.is_alive() else f"Before it ended: {sentence}", LONGEST_TROUBLE)

    def tell_trouble(self, sentence: str) -> None:
        """Say what is wrong in the lock file, whose bytes need no new room; for the trainer of a run that is held."""
        try:
            descriptor = os.open(self.lock_file, os.O_RDWR | os.O_CLOEXEC)
        except OSError:
            return  # nobody holds the run
        try:
            if facts := lock.facts(self.lock_file):
                lock.describe(descriptor, {**facts, "trouble": harmless(sentence, LONGEST_TROUBLE)})
        except OSError:
            return  # on a disk that takes nothing at all, nothing can be said
        finally:
            os.close(descriptor)

    def _holder(self) -> dict[str, object]:
        """What the supervisor wrote into the lock file."""
        return lock.facts(self.lock_file)
