"""Writes a run for TensorBoard while it trains: `python -m gan_tui.integrations.export.live RUN_FOLDER DIR`.

It reads the run's log as any viewer does, at the lowest priority, so that training pays nothing; it ends after the run.
Where it cannot write, it says so once, in the trainer's log, and ends. The next stretch of the run goes on after the
last event that is in the files.
"""

import os
import sys
from collections.abc import Sequence
from pathlib import Path

from gan_tui.errors import DONE, TRAINING_FAILED, UserError, told
from gan_tui.integrations.export import place
from gan_tui.integrations.export.place import Exported
from gan_tui.integrations.export.tensorboard import TensorBoardFiles
from gan_tui.run import lock
from gan_tui.run.events import Record
from gan_tui.run.folder import RunFolder
from gan_tui.run.follower import Cadence, Follower
from gan_tui.system.held_folder import HeldFolder
from gan_tui.text import shown_path

_CADENCE = Cadence(usual=1.0, quick=0.5, folder=1.0)
_PATIENCE = 10.0
"""Seconds in which what wrote the stretch before has ended, unless it goes on with this one."""


class Stretch:
    """What is written from a start of the run to its end."""

    def __init__(self, folder: RunFolder, directory: Path, began: float) -> None:
        """Raises UserError where files of others are there, OSError."""
        target = directory / folder.path.name
        place.found(target, folder.name, began)
        target.mkdir(parents=True, exist_ok=True)
        self._target = HeldFolder(target, follow=False)
        self.lock = lock.taken(self._target.root / place.LOCK, _PATIENCE)
        """None where another process writes the run there."""
        before = place.found(target, folder.name, began)
        self._done = before or Exported(folder.name, began)
        if self.lock is not None:
            _cut_back(self._target, self._done)
        self._files = TensorBoardFiles(folder, self._target, is_first=before is None)

    def take(self, records: Sequence[Record]) -> None:
        """Raises OSError."""
        new = [record for record in records if record.seq > self._done.seq]
        if not new:
            return
        self._files.take(new)
        self._files.flush()
        if self._target.is_deleted:
            raise FileNotFoundError(2, "it was deleted", str(self._target.path))
        files = {**self._done.files, **self._files.sizes}
        self._done = Exported(self._done.run, self._done.began, self._files.seq, files)
        self._done.write(self._target)

    def close(self) -> None:
        """Let go of the files, and of the lock last."""
        try:
            self._files.close()
        finally:
            if self.lock is not None:
                os.close(self.lock)


def _cut_back(target: HeldFolder, done: Exported) -> None:
    """Take away what a process wrote that was killed before it could say so: it will be written again."""
    for path in place.files_in(target.root):
        if path.name.startswith(place.NAME):
            with target.below(path.parent) as around:
                if size := done.files.get(str(path), 0):
                    _shorten(path.name, size, around)
                else:
                    os.unlink(path.name, dir_fd=around)


def _shorten(name: str, size: int, around: int) -> None:
    file = os.open(name, os.O_WRONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC, dir_fd=around)
    try:
        if os.fstat(file).st_size > size:
            os.ftruncate(file, size)
    finally:
        os.close(file)


def write_along(folder: RunFolder, directory: Path) -> None:
    """Until the run has ended. Raises UserError, OSError."""
    stretch: Stretch | None = None
    try:
        for news in Follower(folder, history=False, cadence=_CADENCE).until_end():
            if news.records and stretch is None:
                stretch = Stretch(folder, directory, news.records[0].time)
            if stretch:
                if stretch.lock is None:
                    return
                stretch.take(news.records)
    finally:
        if stretch:
            stretch.close()


def main() -> int:
    os.nice(19)
    folder, directory = RunFolder(Path(sys.argv[1])).held(), Path(sys.argv[2])
    try:
        write_along(folder, directory)
    except (UserError, OSError) as error:
        why = str(error) if isinstance(error, UserError) else f"{told(error)}."
        print(f"{folder.name} is no longer written for TensorBoard to {shown_path(directory)}: {why}", file=sys.stderr)
        return TRAINING_FAILED
    return DONE


if __name__ == "__main__":
    sys.exit(main())
