"""What a process is to do, and the one message that tells it to a process which was started before that was chosen."""

import json
from pathlib import Path
from typing import NamedTuple

from gan_tui.run.folder import RunFolder
from gan_tui.system.held_folder import HeldFolder

WARM = "--warm"
"""In place of a run on their command lines; the folder of runs follows, to be seen by who lists processes."""
LONGEST_LINE = 1 << 16
"""Bytes of the message."""


class Assignment(NamedTuple):
    """What a warm process is to do."""

    run: Path
    """The run's folder."""
    mode: str
    """ "train" or "inspect"."""
    length: tuple[str, int] | None = None
    """How long it is to train from now on, "steps" or "epochs" in all; None for as long as it says itself."""
    place: int | None = None
    """The descriptor of the folder, where it is open already. It counts in one process alone: no message has it."""

    def folder(self) -> RunFolder:
        """The run, followed wherever its folder is moved. Raises OSError when it is not there any more."""
        return RunFolder(self.run, HeldFolder(self.run, self.place))

    def to_line(self) -> bytes:
        line = json.dumps([str(self.run), self.mode, self.length])  # not orjson: a name may be no UTF-8
        return line.encode() + b"\n"

    @staticmethod
    def from_line(line: bytes) -> "Assignment | None":
        """None for a line that is torn: nobody is there any more to write it."""
        if not line.endswith(b"\n"):
            return None
        run, mode, length = json.loads(line)
        return Assignment(Path(run), mode, (length[0], length[1]) if length else None)

    def to_words(self) -> list[str]:
        """The same on a command line."""
        return [str(self.run), self.mode, *map(str, self.length or ())]

    @staticmethod
    def from_words(run: str, mode: str, unit: str = "", count: str = "") -> "Assignment":
        return Assignment(Path(run), mode, (unit, int(count)) if unit else None)
