"""Standard input, output and error, wherever they lead: also where a shell has closed them, or the disk is full."""

import codecs
import io
import os
import select
import sys
from collections.abc import Mapping

from gan_tui.errors import told
from gan_tui.system import switches
from gan_tui.text import plain


class OutputFailedError(Exception):
    """What was to be printed cannot be written: why, and what helps, in a sentence."""

    def __init__(self, error: OSError) -> None:
        super().__init__(f"The output cannot be written: {told(error)}.")


OUTPUT_ENDED = (BrokenPipeError, OutputFailedError)
"""What printing meets where nothing more can be printed: a reader that has gone, a full disk."""


def takes_more(descriptor: int, seconds: float | None = None) -> bool:
    """Wait until a terminal or a pipe takes something, or has vanished; whether it was so within so many seconds.

    To write is not always to wait: another program may have set O_NONBLOCK on what we share with it, and left it so.
    """
    room = select.poll()
    room.register(descriptor, select.POLLOUT)
    return bool(room.poll(None if seconds is None else 1000 * max(0.0, seconds)))


class _Telling(io.FileIO):
    """A file whose errors are told from those of other files."""

    def write(self, data: object) -> int:
        try:
            while (written := super().write(data)) is None:  # type: ignore[arg-type]
                takes_more(self.fileno())
            return written
        except BrokenPipeError:
            raise
        except OSError as error:
            raise OutputFailedError(error) from None


def prepare() -> None:
    """Open what a shell has closed (`<&-`) on nothing, and have output show what is like the characters it lacks."""
    codecs.register_error(_PLAINLY, _plainly)
    for number, name in enumerate(("stdin", "stdout", "stderr")):
        if getattr(sys, name) is None:
            nothing = os.open(os.devnull, os.O_RDWR)  # takes the lowest number that is free: the one that was closed
            setattr(sys, name, os.fdopen(nothing, "w" if number else "r", closefd=False))
    err = sys.stderr
    if isinstance(err, io.TextIOWrapper):
        err.reconfigure(encoding=_encoding(err), errors=_PLAINLY)
    out = sys.stdout
    if isinstance(out, io.TextIOWrapper) and isinstance(getattr(out.buffer, "raw", out.buffer), io.FileIO):
        raw, unbuffered = _Telling(out.fileno(), "w", closefd=False), isinstance(out.buffer, io.FileIO)
        buffer = raw if unbuffered else io.BufferedWriter(raw)
        sys.stdout = io.TextIOWrapper(
            buffer, _encoding(out), _PLAINLY, line_buffering=out.line_buffering, write_through=unbuffered
        )  # fmt: skip


_PLAINLY = "plainly"


def wants_ascii(environ: Mapping[str, str]) -> bool:
    """Whether nothing but ASCII may be sent to the terminal."""
    return switches.is_on(environ, switches.ASCII)


def _encoding(stream: io.TextIOWrapper) -> str:
    return "ascii" if wants_ascii(os.environ) and stream.isatty() else stream.encoding


def _plainly(error: UnicodeError) -> tuple[str, int]:
    """What is written of characters that an encoding lacks."""
    if not isinstance(error, UnicodeEncodeError):
        raise error
    return plain(error.object[error.start : error.end], error.encoding), error.end


class Hush:
    """Keeps what libraries print as errors off a terminal that shows something else."""

    def __init__(self) -> None:
        self._kept: int | None = None

    def begin(self) -> None:
        if self._kept is None and os.isatty(_ERROR):
            self._kept = os.dup(_ERROR)
            lead_nowhere(_ERROR)

    def end(self) -> None:
        if self._kept is not None:
            os.dup2(self._kept, _ERROR)
            os.close(self._kept)
            self._kept = None


_ERROR = 2


def give_up_output(error: BaseException | None = None) -> str:
    """Nothing more is written: not what still waits, either. Returns why, in a sentence, as the `error` tells it."""
    lead_nowhere(sys.stdout.fileno())
    return str(error) if isinstance(error, OutputFailedError) else "Nobody reads the output any more."


def lead_nowhere(descriptor: int) -> None:
    """Have nothing come from a descriptor, and what is written to it be lost."""
    nothing = os.open(os.devnull, os.O_RDWR)
    os.dup2(nothing, descriptor)
    os.close(nothing)
