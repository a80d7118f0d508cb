"""A log of another tool, opened as a run is: the same screens show it, and nothing in it is ever written."""

import os
import tempfile
import time
from collections import Counter
from pathlib import Path

from gan_tui.errors import why
from gan_tui.integrations.logs.base import BLOCK, Format, LogReader
from gan_tui.run import pictures
from gan_tui.run.folder import RunFolder
from gan_tui.run.holder import ALIVE, DELETED, QUIET, UNKNOWN, Holder, Standing
from gan_tui.system.here import Place
from gan_tui.system.shell_words import shell_word
from gan_tui.system.untrusted_files import opened
from gan_tui.text import duration, harmless, size

LIVE_SECONDS = 60.0
"""For so long after it has grown, a log counts as written."""
MOST_PICTURES = 100
"""That are kept unpacked, the latest."""
_SAYS_LITTLE = ("version_", "train", "test", "val", "eval", "events", "metrics", "log", "trainer_state", "run-")
"""How names begin that tell a log from no other, so that its folder's name comes before."""


class LogFolder(RunFolder):
    """A file, or a folder, that some other program writes, or has written."""

    def __init__(self, path: Path, format: Format, place: Path | None = None) -> None:  # noqa: A002 (it is one)
        """`place` is the folder below which it was found: its name is the way from there."""
        super().__init__(path)
        self.format, self._place = format, place
        self._reader: LogReader | None = None
        self._unpacked: tempfile.TemporaryDirectory[str] | None = None

    def held(self) -> "LogFolder":
        """Itself: nothing is written into it that would have to follow it."""
        return self

    def anew(self) -> "LogFolder":
        """The same log for another reader: pictures are those of the one that `reader` made last."""
        return LogFolder(self.path, self.format, self._place)

    @property
    def name(self) -> str:
        path = self.path
        if self._place is not None and path != self._place:
            return harmless(str(path.relative_to(self._place)), 80)
        tells = not path.name.lower().startswith(_SAYS_LITTLE) or not path.parent.name
        return harmless(path.name if tells else f"{path.parent.name}/{path.name}", 80)

    @property
    def word(self) -> str:
        return shell_word(self.path)

    @property
    def events_file(self) -> Path:
        return self.path

    def reader(self, block: int = BLOCK) -> LogReader:
        self._reader = self.format.reader(self.path, max(block, BLOCK))
        return self._reader

    @property
    def not_shown(self) -> dict[str, int]:
        """What the log has that is not shown, as far as it was read: kind, in words → how many."""
        told = Counter[str]()  # names of the log are in it, as its writer chose them
        for what, number in self._reader.not_shown.items() if self._reader else ():
            told[harmless(what, 160)] += number
        return dict(told)

    def damage(self, count: int) -> str:
        what = "record of the log is damaged and was" if count == 1 else "records of the log are damaged and were"
        return f"{count:,} {what} skipped." if count else ""

    def about(self) -> list[str]:
        """Lines about the log: whose it is, how large, and what of it is not shown."""
        try:
            length, changed = self.format.size_and_change(self.path)
        except OSError as error:
            return [f"{self.format.name} log: {why(error)}"]
        grown = duration(max(0.0, time.time() - changed))
        lines = [f"{self.format.name} log of {size(length)}, which grew {grown} ago"]
        lines += [self.damage(self._reader.damaged)] if self._reader and self._reader.damaged else []
        return lines + [f"not shown: {what} ({number:,})" for what, number in sorted(self.not_shown.items())]

    # Pictures ------------------------------------------------------------------------------------------

    def inside(self, relative: str) -> Path | None:
        """A picture that an event names, unpacked into a folder that is removed at the end."""
        if self._reader is None:
            return None
        self._unpacked = self._unpacked or tempfile.TemporaryDirectory(prefix="gan-tui-")
        folder = Path(self._unpacked.name)
        file = folder / f"{self._reader.histories}-{relative.encode().hex()[:200]}.png"
        if not file.exists():
            _make_room(folder)
            pictures.write(self._reader.tiles(relative), 0, file, folder)
        return file

    # How it stands -------------------------------------------------------------------------------------

    def is_there(self) -> bool:
        try:
            self.path.stat()
        except (FileNotFoundError, NotADirectoryError):
            return False
        except OSError:
            return True  # a disk that does not answer now
        return True

    @property
    def written_at(self) -> float:
        try:
            return self.format.size_and_change(self.path)[1]
        except OSError:
            return 0.0

    def unreadable(self) -> OSError | None:
        try:
            if self.path.is_dir():
                os.scandir(self.path).close()
            else:
                opened(self.path).close()
        except OSError as error:
            return error
        return None

    def deleted(self) -> str:
        return f"The log {self.name} is no longer there."

    def is_held(self) -> bool:
        """Nobody takes a lock of ours for it."""
        return False

    def holder(self) -> Holder:
        return Holder(Place(), 0, "")

    def standing(self) -> Standing:
        """Whether it grows: all that can be seen of who writes it."""
        if not self.is_there():
            return Standing(DELETED, "it is no longer there")
        try:
            changed = self.format.size_and_change(self.path)[1]
        except OSError as error:
            return Standing(UNKNOWN, f"it cannot be read ({why(error)})")
        quiet = time.time() - changed
        return Standing(ALIVE) if quiet < LIVE_SECONDS else Standing(QUIET, f"it has not grown for {duration(quiet)}")

    def stands_still(self) -> str:
        return ""

    def trouble(self) -> str:
        return ""


def _make_room(folder: Path) -> None:
    """Remove the pictures that were unpacked first."""
    there = sorted(folder.iterdir(), key=lambda file: file.stat().st_mtime)
    for file in there[: max(0, len(there) - MOST_PICTURES)]:
        file.unlink(missing_ok=True)
