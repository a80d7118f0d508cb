"""A log of lines that another program writes: appended to, written anew, cut, rotated, or put in another's place."""

import os
import time
from collections import Counter
from pathlib import Path
from typing import BinaryIO, ClassVar

from gan_tui.integrations.logs.base import READ_SECONDS, LogReader
from gan_tui.integrations.logs.log_folder import LIVE_SECONDS
from gan_tui.integrations.logs.rows import Rows, Steps
from gan_tui.integrations.logs.telling import Teller
from gan_tui.run.events import Record
from gan_tui.run.growing_lines import GrowingLines

BLOCK = 1 << 20
"""Bytes read at once, at most."""
LONGEST_LINE = 1 << 20
"""Bytes of a row; a longer one is passed over."""
_HEAD = 256
"""Bytes at the beginning of a file that tell it from one that was put in its place."""


class LineLog(GrowingLines, LogReader):
    """Reads the rows of a log and tells them; each format says what it takes from a block of lines."""

    tool: ClassVar[str]
    """Who wrote it, in words."""

    def __init__(self, path: Path, block: int = BLOCK) -> None:
        super().__init__(path, min(block, BLOCK), LONGEST_LINE)
        self.not_shown = Counter()
        self._grown_at = 0.0
        """When the file was written last."""
        self._steps = Steps()
        self._begin()

    def read(self) -> list[Record]:
        self.unfinished, until = False, time.monotonic() + READ_SECONDS
        while (block := self._next_block()) is not None:
            if block and not self._take(block):
                self._begin_again()
            elif records := self._teller.records(self._grown_at):
                return records
            if self._has_to_stop(until):
                break
        return []

    def _take(self, block: bytes) -> bool:
        """Take in some whole lines; whether what was taken for granted so far still holds."""
        raise NotImplementedError

    def _begin(self) -> None:
        self.not_shown.clear()
        self._head = b""
        self._teller = Teller(self.tool, f"{self.tool} log", self.not_shown)
        self._rows = Rows(self._teller, self.not_shown, self._steps)

    def _begin_again(self) -> None:
        super()._begin_again()
        self.histories += 1
        self._begin()

    def _follows_links(self) -> bool:
        return True  # a person named it, and it is only read

    def _is_as_before(self, file: BinaryIO) -> bool:
        found = os.fstat(file.fileno())
        if not found.st_size and self.offset:
            raise BlockingIOError("it is just being written anew")
        self._grown_at = found.st_mtime
        head = file.read(_HEAD)
        if not head.startswith(self._head):
            return False
        self._head = head[: self.offset]
        return super()._is_as_before(file)

    def _is_at_rest(self, file: BinaryIO) -> bool:
        return time.time() - os.fstat(file.fileno()).st_mtime > LIVE_SECONDS
