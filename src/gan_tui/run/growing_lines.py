"""The lines of a file that another program appends to: whole ones alone, from where reading stopped, whatever is there.

A line is never held that is too long to be one, and a file that was cut or replaced is read from its beginning.
"""

import time
from pathlib import Path
from typing import BinaryIO

from gan_tui.system.untrusted_files import opened

BLOCK = 1 << 18
"""Bytes read at once: a long history never stalls a reader, and what is made of it stays in the cache."""
LONGEST_LINE = 1 << 24
"""Bytes; a longer line is passed over without being held in memory."""
PASSING_SECONDS = 0.2
"""For so long one look goes on within a line that is too long to be one."""
_TELLING = 16
"""Bytes before the place where reading stopped: where the file has others there, it was cut or replaced."""


class GrowingLines:
    """Reads lines from where it last stopped."""

    def __init__(self, path: Path, block: int = BLOCK, longest: int = LONGEST_LINE) -> None:
        """`block` is how many bytes are read at once, unless a line is longer; `longest` is the longest line."""
        self.path, self._block, self._longest = path, block, longest
        self.offset = 0
        """Bytes read and understood so far."""
        self.damaged = 0
        """Lines that could not be understood."""
        self.histories = 1
        """How many files it has begun: another one where this was put in the place of what was read before."""
        self._passing = False
        """Whether a line is being passed over that is too long to be one."""
        self._before = b""

    def close(self) -> None:
        """Let go of whatever helps to read; the file itself is open only while it is read."""

    def _next_lines(self) -> list[bytes] | None:
        """The next whole lines without their ends; None when nothing is new."""
        block = self._next_block()
        return None if block is None else block.split(b"\n")[:-1]

    def _next_block(self) -> bytes | None:
        """The next whole lines, those that are too long to be one left out; None when nothing is new."""
        data = self._next_data()
        if not data:
            return None
        end = data.rfind(b"\n") + 1
        begin = data.find(b"\n") + 1 if self._passing else 0  # of a line that was counted when it began
        if end == len(data):
            self._passing = False
        elif not self._passing:
            self._passing = True
            self.damaged += 1
        return data[begin:end] if begin else data[:end]

    def _next_data(self) -> bytes:
        """What comes next, up to a line's end; of a line that is too long, a part without one."""
        try:
            with opened(self.path, follow=self._follows_links()) as file:
                if not self._is_as_before(file):
                    self._begin_again()
                file.seek(self.offset)
                if self._passing and (length := _length_without_line_end(file)):
                    self.offset += length
                    file.seek(self.offset - _TELLING)
                    self._before = file.read(_TELLING)
                file.seek(self.offset)
                data, end = self._up_to_a_line_end(file)
                rest = 0 < len(data) <= self._longest and not (end or self._passing) and self._is_at_rest(file)
        except OSError:
            return b""  # not there yet, or its disk does not answer: there is nothing new
        if not end and (self._passing or rest or len(data) > self._longest):
            end = len(data)
        self.offset += end
        self._before = data[max(0, end - _TELLING) : end] or self._before
        return data[:end] + b"\n" if rest else data[:end]

    def _is_at_rest(self, file: BinaryIO) -> bool:
        """Whether nobody will write the end of the last line, which is then taken as it is."""
        return False

    def _follows_links(self) -> bool:
        return False

    def _is_as_before(self, file: BinaryIO) -> bool:
        """Whether what was read last is still there."""
        file.seek(self.offset - len(self._before))
        return file.read(len(self._before)) == self._before

    def _begin_again(self) -> None:
        """What was read is there no more."""
        self.offset, self.damaged, self._passing, self._before = 0, 0, False, b""

    def _up_to_a_line_end(self, file: BinaryIO) -> tuple[bytes, int]:
        """About a block, or as much more as it takes until there is a line's end; and what is behind the last one."""
        parts, size, end = [], 0, 0
        while not end and size <= self._longest and (part := file.read(self._block)):
            parts.append(part)
            end = size + part.rfind(b"\n") + 1 if b"\n" in part else 0
            size += len(part)
        return (parts[0] if len(parts) == 1 else b"".join(parts)), end


def _length_without_line_end(file: BinaryIO) -> int:
    """How many bytes come before the block with the next line's end, or the file's: a line may have ten gigabytes, of
    which as much is looked at as a moment allows."""
    block, length, until = bytearray(BLOCK), 0, time.monotonic() + PASSING_SECONDS
    while (size := file.readinto(block)) and block.find(b"\n", 0, size) < 0:  # type: ignore[attr-defined]
        length += size
        if time.monotonic() >= until:
            break
    return length
