"""Output that never fails: on a full disk trainer.log misses lines, and the training goes on."""

import io
from contextlib import suppress
from typing import TextIO


class _Forgiving(io.FileIO):
    """A file that takes whatever is written to it, and keeps what it can."""

    def write(self, data: object) -> int:
        with suppress(OSError):  # there is nowhere else to say so; the screen says that the disk is full
            super().write(data)  # type: ignore[arg-type]
        return memoryview(data).nbytes  # type: ignore[arg-type]


def stream(descriptor: int) -> TextIO:
    """Text to a file descriptor, a line at a time, that raises nothing."""
    raw = _Forgiving(descriptor, "w", closefd=False)
    return io.TextIOWrapper(raw, "utf-8", errors="backslashreplace", line_buffering=True, write_through=True)
