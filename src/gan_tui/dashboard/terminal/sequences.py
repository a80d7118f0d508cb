"""Parts what is typed into whole escape sequences and the text between them (ECMA-48).

A terminal also answers questions that programs before us have asked. Such an answer must never look like keys, so
control strings (OSC, DCS, APC, PM, SOS) are swallowed up to their end, but for those that we ask for, and sequences
are handed on in one piece.
"""

import re
from collections.abc import Iterator

from gan_tui.dashboard.terminal.kitty import ANSWER as KITTY
from gan_tui.dashboard.terminal.pixel_answers import NAME

ESC = "\x1b"
_STRINGS = frozenset("]P_^X")
"""What follows ESC where a control string begins."""
BACKGROUND = "]11;"
"""How the string begins that says which colour the background has."""
_OF_USE = (BACKGROUND, KITTY, NAME)
"""How the strings begin that we ask for."""
_SEQUENCE = re.compile(
    r"\x1b(?:"
    r"\[(?:M[^\x1b]{3}"  # the old mouse report: three characters come after its end
    r"|\[[A-E]"  # F1 to F5 of the Linux console
    r"|<[-0-9;]*[@-~]"  # the mouse: left of a window, or above it, its place is below zero
    r"|(?![M\[])[0-?]*[ -/]*[@-~])"  # CSI
    r"|O[@-~0-9]"  # SS3: keys
    r"|[^\x1b\[O\]P_^X])",  # alt and a key
    re.DOTALL,
)
_UNFINISHED = re.compile(r"\x1b(?:O|\[(?:M[^\x1b]{0,2}|\[|<[-0-9;]*|[0-?]*[ -/]*))?\Z", re.DOTALL)
_BROKEN = re.compile(r"\x1b(?:\[(?:M[^\x1b]{0,2}|\[|<[-0-9;]*|[0-?]*[ -/]*))?", re.DOTALL)
_LONGEST = 256
"""Characters of a sequence."""


class Sequences:
    """Takes input in pieces that end anywhere."""

    def __init__(self) -> None:
        self._rest = ""
        self._in_string = False
        self._string = ""
        """What has come of the control string, as far as it may be of use."""

    @property
    def waits(self) -> bool:
        """Whether something has begun and not ended."""
        return bool(self._rest) or self._in_string

    def feed(self, text: str) -> Iterator[str]:
        """Text without escapes, whole sequences, and ESC alone for its key, in their order."""
        text, self._rest = self._rest + text, ""
        at = 0
        while at < len(text):
            if self._in_string:
                at = self._end_of_string(text, at)
                if not self._in_string and self._string.startswith(_OF_USE):
                    yield ESC + self._string
                continue
            start = text.find(ESC, at)
            if start != at:
                yield text[at : start if start >= 0 else None]
                at = start if start >= 0 else len(text)
                continue
            if found := _SEQUENCE.match(text, at):
                yield found[0]
                at = found.end()
            elif _UNFINISHED.match(text, at) and len(text) - at < _LONGEST:
                self._rest, at = text[at:], len(text)
            elif text.startswith(ESC, at + 1):  # the escape key, then something else: an answer, say
                yield ESC
                at += 1
            elif text[at + 1 : at + 2] in _STRINGS:
                self._in_string, self._string, at = True, text[at + 1], at + 2
            else:
                at = self._after_broken(text, at)

    @property
    def waits_for_a_key(self) -> bool:
        """Whether all that has begun is an escape, which may be the key."""
        return self._rest == ESC and not self._in_string

    def give_up(self) -> str:
        """Nothing more has come for a while: forget what waits, and tell what it was; of a string, nothing."""
        rest, self._rest, self._in_string = self._rest, "", False
        return rest

    def _end_of_string(self, text: str, at: int) -> int:
        """Where a control string ends: after BEL or ST, or before any other control character."""
        start = at
        while at < len(text) and text[at] >= " ":
            at += 1
        self._string = (self._string + text[start : start + _LONGEST])[:_LONGEST]
        if at == len(text):
            return at
        if text[at:] == ESC:  # half of the end, perhaps
            self._rest = ESC
            return len(text)
        self._in_string = False
        if text.startswith(f"{ESC}\\", at):
            return at + 2
        return at + 1 if text[at] == "\x07" else at

    @staticmethod
    def _after_broken(text: str, at: int) -> int:
        """Where to go on after the beginning of a sequence that goes on with what none can hold."""
        begun = _BROKEN.match(text, at)
        return max(begun.end() if begun else 0, at + 1)
