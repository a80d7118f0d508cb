"""A line as it was typed in a shell, cut off at the cursor: its words as the shell will read them.

Nothing is expanded and nothing run: `$(…)` in a line that is still being typed is a text like any other.
"""

from collections.abc import Sequence
from dataclasses import dataclass

_BLANK = " \t\n"
_SAFE = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_@%+=:,./-")
"""What bash takes as it is; letters of other alphabets, too."""

_TAKEN_ALONG = "@"
"""The one of those characters that belongs to the word behind it: bash completes hosts after it."""


@dataclass(frozen=True)
class Typed:
    """The words, the last of which is still being typed; it may be empty."""

    words: tuple[str, ...]
    kept: int = 0
    """So many characters of the last word stay as they are: bash puts what is chosen behind them."""
    quote: str = ""
    """The quotation mark that is open at the cursor, if any."""

    def inserted(self, word: str) -> str | None:
        """A word as bash is to put it in behind what is kept; None where it cannot be written so."""
        rest = word[self.kept :]
        if self.quote == "'":
            return rest.replace("'", "'\\''")
        if self.quote == '"':
            return None if "!" in rest else "".join(f"\\{c}" if c in '\\"$`' else c for c in rest)  # ! is history
        return "".join(c if c in _SAFE or not c.isascii() else f"\\{c}" for c in rest)


def of_line(line: str, breaks: str = "") -> Typed:
    """Reads a line of bash; `breaks` are the characters behind which bash begins a word of its own."""
    reading = _Reading(frozenset(breaks) - frozenset("\"'" + _BLANK))
    for character in line:
        reading.take(character)
    return reading.typed()


def of_tokens(tokens: Sequence[str]) -> Typed:
    """Likewise of words that a shell has parted already, as they were typed."""
    return Typed(tuple(of_line(token).words[-1] for token in tokens))


class _Reading:
    """Where a line has come to."""

    def __init__(self, breaks: frozenset[str]) -> None:
        self._breaks = breaks
        self._words: list[str] = []
        self._word, self._has_begun = "", False
        self._kept, self._kept_before_quote = 0, 0
        self._quote, self._is_escaped = "", False

    def take(self, character: str) -> None:
        if self._is_escaped:
            lost = self._quote == '"' and character not in '\\"$`\n'
            self._add(f"\\{character}" if lost else character)
            self._is_escaped = False
        elif character == "\\" and self._quote != "'":
            self._is_escaped = self._has_begun = True
        elif self._quote:
            self._within_quotes(character)
        elif character in "\"'":
            self._quote, self._has_begun = character, True
            self._kept_before_quote, self._kept = self._kept, len(self._word)
        elif character in _BLANK:
            self._end_word()
        else:
            self._add(character)
            if character in self._breaks:
                self._kept = len(self._word) - (character == _TAKEN_ALONG)

    def _within_quotes(self, character: str) -> None:
        if character == self._quote:
            self._quote, self._kept = "", self._kept_before_quote
        else:
            self._add(character)

    def _add(self, text: str) -> None:
        self._word += text
        self._has_begun = True

    def _end_word(self) -> None:
        if self._has_begun:
            self._words.append(self._word)
        self._word, self._has_begun, self._kept = "", False, 0

    def typed(self) -> Typed:
        return Typed((*self._words, self._word), self._kept, self._quote)
