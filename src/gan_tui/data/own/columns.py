"""The columns of a table, told apart: numbers, words, and what nothing can be learnt from. Without numpy."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from enum import Enum

from gan_tui.data.own.table_text import MISSING, TableText
from gan_tui.text import harmless, percent

MOST_WORDS = 100
"""Different words of a column that is learnt from; each becomes an input."""
MOST_KEPT = 1001
"""Different words of a column that are counted."""
EMPTY, ROW_NUMBERS = "empty", "row numbers"
TOO_MANY = f"more than {MOST_WORDS} different words"
TOO_MANY_CODES = f"more than {MOST_WORDS} different codes with zeros before them: write numbers without"
"""Why columns are left out, of which others look at the reason."""

_DATE = re.compile(
    r"\d{4}[-/.]\d{1,2}[-/.]\d{1,2}([T ].{1,30})?|\d{1,2}[-/.]\d{1,2}[-/.](\d{4}|\d\d)([T ].{1,30})?", re.A
)
_AMID_SIGNS = re.compile(r"[^\w.-]*[+-]?\d[\d.,' ]*\s?[^\d\s]{0,3}")
"""A number with thousands parted, a currency or a unit."""
_TYPESET = re.compile(r"[(+\u2212\u2013-]?\s?\d[\d.,'\u2019\s]*\)?\s?%?")
"""A number as it is printed: with narrow blanks, a long minus, in brackets."""
_UNNAMED = re.compile(r"Unnamed: 0(\.\d+)*")
"""What pandas calls a first column without a name when it reads a table and writes it again."""
_CODE = re.compile(r"0\d+", re.ASCII)
"""Digits of which the zeros before them are a part: 007 is neither 7 nor 07."""


LONGEST_WORD = 80
ALIKE = f"words that are alike in their first {LONGEST_WORD} characters: shorten them"


def shown_word(cell: str) -> str:
    """A word of a table as a person may see it, which is what it is called everywhere."""
    return harmless(cell, LONGEST_WORD)


def _are_alike(words: Iterable[str]) -> bool:
    """Whether different words would be called the same, for all but how their letters are written."""
    long = {harmless(word, len(word) * 2) for word in words if len(word) * 2 > LONGEST_WORD}
    return len(set(map(shown_word, long))) < len(long)


class Kind(Enum):
    """What a column holds."""

    NUMBERS = "numbers"
    WORDS = "words"
    LEFT_OUT = "left out"
    """What nothing can be learnt from; `why` says so."""


@dataclass(frozen=True)
class Column:
    """One column of a table, as all of its rows show it."""

    name: str
    position: int
    """From 0."""
    kind: Kind
    missing: int
    """Rows where nothing is known."""
    rows: int
    low: float = 0.0
    high: float = 0.0
    """The least and the greatest number."""
    words: tuple[str, ...] = ()
    """The different words in order; of whole numbers that are few, these as words."""
    counts: tuple[int, ...] = ()
    """How many rows each of them has."""
    why: str = ""

    @property
    def inputs(self) -> tuple[str, ...]:
        """What it becomes for a network: itself, or an input a word, among them one where nothing is known."""
        if self.kind is Kind.NUMBERS:
            return (self.name,)
        unknown = (f"{self.name} unknown",) if self.missing else ()
        return (*(f"{self.name}={word}" for word in self.words), *unknown)


@dataclass
class _Seen:
    """What was seen of a column so far."""

    numbers: int = 0
    words: int = 0
    missing: int = 0
    low: float = math.inf
    high: float = -math.inf
    whole: bool = True
    counts_up: bool = True
    """Whether each number is one more than the one before."""
    last: float | None = None
    values: Counter[str] = field(default_factory=Counter)
    """Different cells and how often each is there; no new ones beyond `MOST_KEPT`."""
    repeated: bool = False
    """Whether any word is there twice, as far as words are kept."""
    word: str = ""
    """The first of the words."""

    def add(self, cells: Sequence[str], table: TableText) -> None:
        """Take in some cells."""
        if not self.words and (numbers := table.all_numbers(cells)):
            self._add_numbers(cells, numbers)
        else:
            self._add_mixed(cells, table)

    def _add_numbers(self, cells: Sequence[str], numbers: list[float]) -> None:
        """As `_add_mixed`, of cells that are all numbers: millions are looked through at the speed of this."""
        self.numbers += len(numbers)
        self.low, self.high = min(self.low, *numbers), max(self.high, *numbers)
        self.whole = self.whole and all(map(float.is_integer, numbers))
        if len(self.values) < MOST_KEPT:
            self.values.update(cells)
            self.repeated = self.repeated or len(self.values) < self.numbers
        if self.counts_up:
            before = [numbers[0] - 1 if self.last is None else self.last, *numbers[:-1]]
            self.counts_up = all(number == last + 1 for number, last in zip(numbers, before, strict=True))
            self.last = numbers[-1]

    def _add_mixed(self, cells: Sequence[str], table: TableText) -> None:
        for cell, count in Counter(cells).items():
            if cell.lower() in MISSING:
                self.missing += count
                self.counts_up = False
                continue
            self._note(cell, count, table.number(cell))
        if self.counts_up and not self.words:
            self._follow(cells, table)

    @property
    def code(self) -> str:
        """A cell whose zeros before other digits are a part of it; "" where there is none."""
        return next(filter(_CODE.fullmatch, self.values), "")

    def words_as_shown(self) -> Counter[str]:
        """The different words, as a person may see them."""
        shown = Counter[str]()
        for word, count in self.values.items():
            shown[shown_word(word)] += count
        return shown

    def _note(self, cell: str, count: int, number: float | None) -> None:
        if number is None:
            self.words += count
            self.word = self.word or cell
        else:
            self.numbers += count
            self.low, self.high = min(self.low, number), max(self.high, number)
            self.whole = self.whole and number.is_integer()
        self.repeated = self.repeated or count > 1 or cell in self.values
        if len(self.values) < MOST_KEPT or cell in self.values:
            self.values[cell] += count

    def _follow(self, cells: Iterable[str], table: TableText) -> None:
        for cell in cells:
            number = table.number(cell)
            if number is None or not (self.last is None or number == self.last + 1):
                self.counts_up = False
                return
            self.last = number


class Survey:
    """Looks at a table's rows, some at a time, and says what its columns are."""

    def __init__(self, table: TableText) -> None:
        self._table, self.rows = table, 0
        self._seen = [_Seen() for _ in table.names]

    def add(self, rows: Sequence[Sequence[str]]) -> None:
        self.rows += len(rows)
        for seen, cells in zip(self._seen, zip(*rows, strict=True), strict=True):
            seen.add(cells, self._table)

    def columns(self) -> tuple[Column, ...]:
        """All of them, as they are in the file."""
        return tuple(
            self._column(position, name, seen)
            for position, (name, seen) in enumerate(zip(self._table.names, self._seen, strict=True))
        )

    def _column(self, position: int, name: str, seen: _Seen) -> Column:
        why = self._why_left_out(seen) or (ROW_NUMBERS if self._is_index(name, position, seen) else "")
        if seen.words or seen.code:
            counted = seen.words_as_shown() if len(seen.values) < MOST_KEPT else Counter[str]()
            words = _in_order(counted)
            counts = tuple(counted[word] for word in words)
            kind = Kind.LEFT_OUT if why else Kind.WORDS
            return Column(name, position, kind, seen.missing, self.rows, words=words, counts=counts, why=why)
        few = self._whole_words(seen)
        return Column(
            name, position, Kind.LEFT_OUT if why else Kind.NUMBERS, seen.missing, self.rows, seen.low, seen.high,
            tuple(few), tuple(few.values()), why,
        )  # fmt: skip

    def _is_index(self, name: str, position: int, seen: _Seen) -> bool:
        """Whether it is what pandas writes before all else, with no name: the numbers of rows, whatever their order."""
        unnamed = bool(_UNNAMED.fullmatch(name)) or (position == 0 and self._table.has_header and name == "column 1")
        return unnamed and seen.whole and seen.low >= 0 and not (seen.words or seen.missing or seen.repeated)

    def _whole_words(self, seen: _Seen) -> dict[str, int]:
        """Whole numbers that are few, as words, and how often each is there."""
        if not (seen.whole and seen.numbers and len(seen.values) < MOST_KEPT):
            return {}
        found = Counter[int]()
        for cell, count in seen.values.items():
            found[int(self._table.number(cell) or 0)] += count
        return {str(number): found[number] for number in sorted(found)}

    def _why_left_out(self, seen: _Seen) -> str:
        known = seen.numbers + seen.words
        if not known:
            return EMPTY
        if len(seen.values) == 1 and not seen.missing:
            return f'always "{harmless(next(iter(seen.values)), 30)}"'
        if seen.words or seen.code:
            return self._why_not_words(seen, known)
        if seen.low == seen.high and not seen.missing:
            return f"always {seen.low:g}"
        return ROW_NUMBERS if seen.counts_up and self.rows > 2 else ""

    def _why_not_words(self, seen: _Seen, known: int) -> str:
        values = list(seen.values)
        if all(_DATE.fullmatch(value) for value in values):
            return "dates"
        printed = [value for value in values if self._table.number(value) is None]
        if len(values) > 2 and printed and all(map(_TYPESET.fullmatch, printed)):
            return _amid_signs(printed[0])
        amid_signs = sum(bool(_AMID_SIGNS.fullmatch(value)) for value in values)
        if len(values) > 2 and seen.words > known / 2 and amid_signs > 0.9 * len(values):
            return _amid_signs(seen.word)
        if seen.code and len(values) > MOST_WORDS:
            return TOO_MANY_CODES
        if len(values) > 20 and seen.words and seen.numbers > known / 2:
            return f'numbers, and words such as "{harmless(seen.word, 30)}"'
        if not seen.repeated and known > 2:
            return "all different words"
        if _are_alike(values):
            return ALIKE
        return TOO_MANY if len(values) > MOST_WORDS else ""


def _amid_signs(word: str) -> str:
    return f'numbers amid other signs, such as "{harmless(word, 30)}": write numbers alone'


def _in_order(values: Iterable[str]) -> tuple[str, ...]:
    """Words by the numbers in them, "class2" before "class10"."""
    return tuple(sorted(values, key=_parts))


def _parts(word: str) -> list[tuple[int, str]]:
    return [(int(part) if part.isdecimal() else 0, part) for part in re.split(r"(\d{1,18})", word)]


def left_out(columns: Iterable[Column]) -> str:
    """What is said of columns that are left out; nothing where there are none."""
    said = [f"{column.name} ({column.why})" for column in columns if column.kind is Kind.LEFT_OUT]
    more = f" and {len(said) - 5:,} more" if len(said) > 5 else ""
    return f"left out: {', '.join(said[:5])}{more}" if said else ""


def with_missing(columns: Iterable[Column]) -> str:
    """What is said of columns where something is missing."""
    gaps = [column for column in columns if column.missing and column.kind is Kind.NUMBERS]
    if not gaps:
        return ""
    said = ", ".join(f"{column.name} ({_share(column)})" for column in gaps[:5])
    more = f" and {len(gaps) - 5:,} more" if len(gaps) > 5 else ""
    return f"missing numbers take the mean of the training part: {said}{more}"


def _share(column: Column) -> str:
    """Of what is missing: that of few is not told as 0 %."""
    few = column.missing * 100 < column.rows
    return "under 1 %" if few else percent(column.missing, column.rows).strip()
