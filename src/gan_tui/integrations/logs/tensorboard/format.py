"""TensorBoard's logs, for the table of formats."""

from contextlib import suppress
from pathlib import Path

from gan_tui.integrations.logs.base import Format
from gan_tui.integrations.logs.tensorboard.event_files import NAME, EventFiles
from gan_tui.integrations.logs.tensorboard.found import events_in
from gan_tui.integrations.logs.tensorboard.run_folders import files_of, logs_at
from gan_tui.integrations.logs.tensorboard.tf_records import ends

_ENDS = (1 << 12, 1 << 16)
"""Bytes at the end of a file that are searched for its last step; more, where there is no whole record in so few."""
_MOST_EVENTS = 40
"""At its end: each tag has steps of its own."""
_MOST_LOOKED_AT = 8
"""Files of a run, the newest."""


def size_and_change(path: Path) -> tuple[int, float]:
    """Of all event files of a run. Raises OSError."""
    found = [file.stat() for file, _ in files_of(path)]
    if not found:
        raise FileNotFoundError(2, "no event files are there any more", str(path))
    return sum(each.st_size for each in found), max(each.st_mtime for each in found)


def last_step(path: Path) -> int:
    """The greatest of the last steps of its files."""
    return max((_last_step(file) for file, _ in files_of(path)[-_MOST_LOOKED_AT:]), default=0)


def _last_step(file: Path) -> int:
    for size in _ENDS:
        with suppress(OSError):
            if block := ends(file, size):
                steps = [found.step for _, found in events_in(block, block.starts[-_MOST_EVENTS:]) if found]
                return max(steps, default=0)
    return 0


FORMAT = Format(NAME, logs_at, EventFiles, size_and_change, last_step)
