"""What was counted in data: the examples of a class, the values of a column."""

from dataclasses import dataclass


@dataclass(frozen=True)
class ClassCount:
    """How many examples are of a class."""

    name: str
    count: int
    share: float
    """Of all, 0 to 1."""


@dataclass(frozen=True)
class ColumnReport:
    """A column of a table."""

    name: str
    kind: str
    """In a word: numbers, words, the label, left out …"""
    values: str
    """Its range, or its words, in words."""
    missing: float
    """The share of rows without a value, 0 to 1."""
    histogram: tuple[int, ...] = ()
    """How many values lie in each of some equal parts of the range, or bear each word."""
