"""Ranges of a setting's numbers, as a person writes them: 0.001..0.1, log:0.001..0.1, and /5 behind for five values.

No shell makes anything else of these characters, as most would of brackets, and no number has two dots.
"""

import math
import re
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from gan_tui.presets.settings import Setting, value_words
from gan_tui.text import harmless

MOST_VALUES = 10_000
"""Of one range."""
FORM = "write LOW..HIGH or log:LOW..HIGH, and /5 behind it for five values"
_DIGITS = 4
"""Of a value within a range."""
_NOTHING = 1e-9
"""Of the width of a range: what remains there where 0 was meant."""
_PARTS = re.compile(r"(?:(?P<scale>[^:]*):)?(?P<low>.*?)\.\.(?P<high>[^./][^/]*|\.\d[^/]*)(?:/(?P<count>.*))?")
_FRACTIONS, _SMALL = (0.01, 0.5, 1.5), (1, 2, 3, 8, 32)
"""Of which a setting for numbers takes one."""


@dataclass(frozen=True)
class Range:
    """Numbers from `low` to `high`, both among them."""

    low: float
    high: float
    log: bool = False
    """Whether each power of ten has as much of it as any other."""
    whole: bool = False
    """Whether whole numbers alone are meant."""

    def __str__(self) -> str:
        return f"{'log:' if self.log else ''}{value_words(self.low)}..{value_words(self.high)}"

    @property
    def size(self) -> float:
        """How many values there are; infinity for numbers that are not whole."""
        return self.high - self.low + 1 if self.whole else math.inf

    def spread(self, count: int) -> list[float]:
        """So many values, two or more, as far from each other as they can be; whole numbers may be there twice."""
        between = (self._readable(self._at(n / (count - 1), self.low, self.high)) for n in range(1, count - 1))
        return [self.low, *between, self.high]

    def repeats(self, count: int) -> bool:
        """Whether a value is there twice in such a spread."""
        return len(set(self.spread(count))) < count

    def drawn(self, share: float) -> float:
        """The value that a random number from 0 to 1 stands for; every whole number has a width of 1."""
        margin = 0.5 if self.whole else 0
        return self._readable(self._at(share, self.low - margin, self.high + margin))

    def _at(self, share: float, low: float, high: float) -> float:
        return float(low * (high / low) ** share) if self.log else low + (high - low) * share

    def _readable(self, value: float) -> float:
        """Rounded to a few digits, of itself or of the range, whichever are more."""
        if self.whole:
            return min(max(math.floor(value + 0.5), self.low), self.high)
        width = self.high - self.low
        least = max(min(abs(value), width), 0 if self.log else width * _NOTHING)
        rounded = round(value, _DIGITS - 1 - math.floor(math.log10(least))) + 0.0
        return min(max(rounded, self.low), self.high)


def read(setting: Setting, text: str) -> tuple[Range, int | None]:
    """The range that a person wrote, and its number of values if there is one.

    Raises ValueError with a sentence that names the setting.
    """
    parts = _PARTS.fullmatch(text)
    whole = _takes_whole(setting)
    if whole is None:
        raise ValueError(f"{setting.name} takes no LOW..HIGH; list its values: --set {setting.name}=V1,V2")
    if parts is None or "..." in text or (parts["scale"] or "log").strip().lower() != "log":
        raise ValueError(f'{setting.name}: "{harmless(text, 60)}" is not a range; {FORM}')
    try:
        low, high = (_number(parts[end], whole) for end in ("low", "high"))
    except ValueError as error:
        raise ValueError(f'{setting.name}: "{harmless(text, 60)}" is not a range: {error}; {FORM}') from None
    for end in (low, high):
        setting.checked(end)
    found = Range(low, high, parts["scale"] is not None, whole)
    for why in _refusals(found):
        raise ValueError(f"{setting.name}: {why}")
    return found, None if parts["count"] is None else _count(setting, found, parts["count"])


def values(setting: Setting, found: Range, count: int) -> list[Any]:
    """So many values of a setting. Raises ValueError where there are fewer."""
    if found.repeats(count):
        fewer = 1 + bisect_left(range(2, count), True, key=found.repeats)
        raise ValueError(f"{setting.name}: {found}/{count} would have whole numbers twice; write {found}/{fewer}")
    return [setting.checked(value) for value in found.spread(count)]


def takes_numbers(setting: Setting) -> bool:
    """Whether a range makes sense for a setting."""
    return _takes_whole(setting) is not None


def _takes_whole(setting: Setting) -> bool | None:
    """Whether a setting takes whole numbers only; None where it takes no single number."""
    if type(setting.default) is float or any(_takes(setting, number) for number in _FRACTIONS):
        return False
    return True if type(setting.default) is int or any(_takes(setting, number) for number in _SMALL) else None


def _takes(setting: Setting, value: object) -> bool:
    try:
        setting.checked(value)
    except ValueError:
        return False
    return True


def _number(word: str, whole: bool) -> float:
    try:
        value = float(word)
    except ValueError:
        raise ValueError(f'"{harmless(word.strip(), 40)}" is not a number') from None
    return int(value) if whole and value.is_integer() else value


def _refusals(found: Range) -> Iterator[str]:
    low, high = value_words(found.low), value_words(found.high)
    scale = "log:" if found.log else ""
    if found.low > found.high:
        yield f"{found} is the wrong way round; write {scale}{high}..{low}"
    if found.low == found.high:
        yield f"{found} has a single value; write {low}"
    if found.log and found.low <= 0:
        yield f"{found} has no logarithms, as {low} is not above 0; begin above 0, or leave out log:"


def _count(setting: Setting, found: Range, word: str) -> int:
    try:
        count = int(word)
    except ValueError:
        count = 0
    if not 2 <= count <= MOST_VALUES:
        shown = harmless(word, 20)
        raise ValueError(f'{setting.name}: {found} must have from 2 to {MOST_VALUES:,} values, not "{shown}"')
    return count
