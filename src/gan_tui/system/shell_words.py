"""Paths as they are typed in a shell, in characters that the terminal has: a command that is told must work."""

import os
import shlex
import sys

from gan_tui.system.standard_streams import wants_ascii
from gan_tui.text import can_be_written, harmless


def shell_word(path: object) -> str:
    """A path as one word of a command; by the numbers of its bytes where it could not be shown as it is.

    Bash, zsh and ksh take those: $'gr\\303\\266\\303\\237e'.
    """
    text = str(path)
    if _is_shown(text):
        return shlex.quote(text)
    return f"$'{''.join(map(_typed, os.fsencode(text)))}'"


def _typed(byte: int) -> str:
    return chr(byte) if chr(byte).isascii() and chr(byte).isprintable() and chr(byte) not in "'\\ " else f"\\{byte:03o}"


def _is_shown(text: str) -> bool:
    """Whether a terminal, or who reads our output, is shown just this."""
    if harmless(text, len(text) * 2) != text:
        return False
    encoding = getattr(sys.__stdout__, "encoding", "utf-8")
    return text.isascii() or (not wants_ascii(os.environ) and can_be_written(text, encoding))
