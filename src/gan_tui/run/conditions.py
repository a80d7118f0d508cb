"""Which runs of a list a person wants to see: words, and conditions over columns, settings and metrics.

`gan tape learning_rate<0.001 state=finished age<2d`: all of it must hold. A word is looked for in name, preset, state
and note, whatever its case; in a value that is compared with = and !=, a * stands for any letters.
"""

import math
import re
import shlex
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import TypeGuard

from gan_tui.errors import UserError
from gan_tui.run.columns import BY_NAME, Key, column_named, names_in, unknown, value_of
from gan_tui.run.listing import Listed
from gan_tui.text import harmless

SIGNS = ("<=", ">=", "!=", "<", ">", "=")
_PARTS = re.compile(r"([^<>=!]+)(<=|>=|!=|<|>|=)(.*)", re.DOTALL)
_TIME = re.compile(r"(\d+(?:\.\d+)?)\s*([a-z]*)")
_WHOLE = re.compile(r"[+-]?[0-9]{1,19}")
"""A seed may be larger than what a float tells from its neighbours."""
_UNITS = {"s": 1.0, "m": 60.0, "min": 60.0, "h": 3600.0, "d": 86400.0, "day": 86400.0, "days": 86400.0, "w": 604800.0}


@dataclass(frozen=True)
class Condition:
    """One that a run meets or not."""

    name: str
    sign: str
    value: str

    def __str__(self) -> str:
        return harmless(f"{self.name}{self.sign}{self.value}", 80)

    def holds(self, row: Listed) -> bool:
        """Raises UserError where its value is none of what it names."""
        found = self.found(row)
        if self.name == "changed" and self.value in row.setup.changed:
            return self.sign == "="
        if self.sign in ("=", "!="):
            return self._is(found) == (self.sign == "=")
        return isinstance(found, int | float) and self._compares(found, self.wanted())

    def found(self, row: Listed) -> Key:
        """What it looks at; of a setting in words that is called as a metric is, what the condition asks for."""
        column, setting = BY_NAME.get(self.name), row.settings.get(self.name)
        if column is not None:
            return column.value(row)
        return setting if isinstance(setting, str) and not self.is_of_number else value_of(row, self.name)[0]

    @property
    def is_of_number(self) -> bool:
        """Whether it compares with one."""
        try:
            self.wanted()
        except UserError:
            return False
        return True

    def _is(self, found: Key) -> bool:
        if is_number(found):
            return self.is_of_number and self._equals(found)
        words = "" if found is None else str(found).lower()
        return _is_like(words, self.value.lower())

    def _equals(self, found: float) -> bool:
        wanted = self.wanted()
        return found == wanted if isinstance(found, int) else math.isclose(found, wanted, rel_tol=1e-6)

    def _compares(self, found: float, wanted: float) -> bool:
        return {"<": found < wanted, "<=": found <= wanted, ">": found > wanted, ">=": found >= wanted}[self.sign]

    def wanted(self) -> float:
        """The number that it compares with. Raises UserError where it is none."""
        column = BY_NAME.get(self.name)
        if column is not None and column.is_time:
            return seconds(self.value, self.name)
        try:
            return int(self.value) if _WHOLE.fullmatch(self.value) else float(self.value)
        except ValueError:
            raise UserError(f'{self}: {self.name} takes a number, not "{harmless(self.value, 40)}".') from None


def is_number(found: Key) -> TypeGuard[int | float]:
    return isinstance(found, int | float) and not isinstance(found, bool)


def _is_like(found: str, wanted: str) -> bool:
    return found == wanted or ("*" in wanted and fnmatchcase(found, re.sub(r"[\[\]?]", "?", wanted)))


def seconds(text: str, name: str) -> float:
    """A time as a person types it: 90s, 30min, 2h, 3d, 2w. Raises UserError."""
    match = _TIME.fullmatch(text.strip().lower())
    if match is None or match[2] not in _UNITS:
        said = f'not "{harmless(text, 40)}"' if text.strip() else "and there is none"
        raise UserError(f"{name} takes a time, such as 90s, 30min, 2h, 3d or 2w, {said}.")
    return float(match[1]) * _UNITS[match[2]]


@dataclass(frozen=True)
class Filter:
    """All that a person asked for; nothing at first."""

    words: tuple[str, ...] = ()
    conditions: tuple[Condition, ...] = ()

    def of(self, rows: Sequence[Listed]) -> list[Listed]:
        """The rows that meet it, in their order. Raises UserError where it cannot be met by any run, with what can."""
        self._check(rows)
        return [row for row in rows if self._has_words(row) and all(each.holds(row) for each in self.conditions)]

    def _has_words(self, row: Listed) -> bool:
        run = row.summary
        among = "\n".join((row.name, run.preset, run.state, run.shown, row.note)).lower()
        return all(word in among for word in self.words)

    def _check(self, rows: Sequence[Listed]) -> None:
        for condition in self.conditions:
            column = BY_NAME.get(condition.name)
            if column is None and condition.name not in (known := names_in(rows)):
                way = unknown(condition.name, known)
                raise UserError(f'{condition}: no run has a setting or metric "{harmless(condition.name, 40)}", {way}.')
            if column is not None and column.is_text and condition.sign not in ("=", "!="):
                raise UserError(f"{condition}: {condition.name} takes = and != alone; it is no number.")
            if (column is None and _all_are_numbers(condition, rows)) or (column is not None and not column.is_text):
                condition.wanted()


def _all_are_numbers(condition: Condition, rows: Sequence[Listed]) -> bool:
    return all(is_number(found) for row in rows if (found := condition.found(row)) is not None)


def asked(text: str) -> Filter:
    """What a person has typed in a line. Raises UserError where a condition has no value."""
    try:
        return of_words(shlex.split(text))
    except ValueError:  # a quotation mark that is still open
        return of_words(re.sub("[\"']", " ", text).split())


def of_words(words: Iterable[str]) -> Filter:
    """What words of a command line ask for. Raises UserError likewise."""
    plain, conditions = list[str](), list[Condition]()
    for word in words:
        match = _PARTS.fullmatch(word)
        if match is None:
            if any(sign in word for sign in SIGNS):
                raise UserError(f'"{harmless(word, 60)}" has no name before it; a condition is like state=finished.')
            plain.append(word.lower())
            continue
        name, sign, value = match[1].strip(), match[2], match[3].strip()
        if not value and sign not in ("=", "!="):
            raise UserError(f"{harmless(word, 60)} needs a value, such as {harmless(name, 40)}{sign}1.")
        conditions.append(Condition(column_named(name), sign, value))
    return Filter(tuple(plain), tuple(conditions))
