"""What a script prints, as its run's log has it: new lines, each harmless, without what TensorFlow says of itself."""

import os
from collections.abc import Iterator
from pathlib import Path

from gan_tui.run.log_noise import is_noise
from gan_tui.run.printed_line import came_to
from gan_tui.system.untrusted_files import opened
from gan_tui.text import laid_out

_BLOCK = 1 << 16
"""Bytes that are read at once; of what was printed before, so many are shown."""
_LONGEST, _DEEPEST = 2000, 40
"""Characters of a line, and blanks before it."""


class Printed:
    """Follows a log, which may be shortened meanwhile."""

    def __init__(self, log: Path) -> None:
        self._log, self._at, self._partial = log, -1, b""

    def lines(self, ended: bool = False) -> Iterator[str]:
        """Those that have come since; the last of all may lack its end."""
        *lines, self._partial = (self._partial + self._read()).split(b"\n")
        if ended or len(self._partial) > _BLOCK:
            lines, self._partial = [*lines, self._partial], b""
        for line in lines:
            shown = laid_out(came_to(line.decode(errors="replace")), _LONGEST)
            if (words := shown.lstrip()) and not is_noise(words):
                yield " " * min(len(shown) - len(words), _DEEPEST) + words

    def _read(self) -> bytes:
        try:
            with opened(self._log) as file:
                end = os.fstat(file.fileno()).st_size
                if self._at < 0 or self._at > end:
                    self._at = max(0, end - _BLOCK)
                file.seek(self._at)
                found = file.read(_BLOCK)
        except OSError:
            return b""
        self._at += len(found)
        return found
