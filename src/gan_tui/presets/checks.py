"""Small checks for values that people write.

Each returns the value in canonical form or raises ValueError with half a sentence, which follows the name of
what was checked: 'must be a whole number from 1 to 10, not 0'. It says what it takes, too, in the same words.
"""

import json
import math
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import date, time
from typing import Any

from gan_tui.data.own import is_name
from gan_tui.presets.keras_names import lacked
from gan_tui.system.paths import whole_path
from gan_tui.text import harmless, nearest

Check = Callable[[object], Any]

AUTO = "auto"
"""A value that leaves it to Keras."""


@dataclass(frozen=True)
class Takes:
    """A check that says what it takes: 'a whole number from 1 to 10'."""

    words: str
    """As they follow "must be"."""
    check: Check
    choices: tuple[str, ...] = ()
    """All values that there are, as they may be typed, where these are few."""
    more: str = ""
    """What else there is to know of a value."""

    def __call__(self, value: object) -> Any:
        return self.check(value)


def takes(words: str, choices: tuple[str, ...] = (), more: str = "") -> Callable[[Check], Takes]:
    """Has a function that checks say what it takes."""
    return lambda check: Takes(words, check, choices, more)


def must_be(words: str, value: object) -> ValueError:
    """What is said of a value that is not what it must be."""
    return ValueError(f"must be {words}, not {shown(value)}")


def any_of(words: Collection[str]) -> str:
    """adam, rmsprop or sgd"""
    *others, last = words
    return f"{', '.join(others)} or {last}" if others else last


def shown(value: object) -> str:
    """What was written, as a preset would have it, for a sentence."""
    return harmless(written(value), 60)


def written(value: object) -> str:
    """A value as a preset has it."""
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False)
    if isinstance(value, list | tuple):
        return f"[{', '.join(map(written, value))}]"
    if isinstance(value, bool):
        return str(value).lower()
    return str(value) if isinstance(value, date | time) else repr(value)


def whole(low: int, high: int) -> Takes:
    """A whole number from `low` to `high`."""
    words = f"a whole number from {low:,} to {high:,}"

    @takes(words)
    def check(value: object) -> int:
        if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
            raise must_be(words, value)
        return value

    return check


def number(low: float, high: float) -> Takes:
    """A number from `low` to `high`."""
    words = f"a number from {low:g} to {high:g}"

    @takes(words)
    def check(value: object) -> float:
        if (
            isinstance(value, bool)
            or not isinstance(value, int | float)
            or math.isnan(value)
            or not low <= value <= high
        ):
            raise must_be(words, value)
        return float(value)

    return check


def choice(*words: str, of_keras: Collection[str] = ()) -> Takes:
    """One of some words; `of_keras` are words that Keras has for the like."""

    @takes(any_of(words), words)
    def check(value: object) -> str:
        if not isinstance(value, str) or value not in words:
            word = str(value)[:60]
            raise ValueError(f"cannot be {shown(value)}, {lacked(word, of_keras, words) or nearest(word, words)}")
        return value

    return check


def choices(*words: str) -> Takes:
    """A list of some of the words, each counted once; one word alone is a list, too."""
    form = f"a list of words from {', '.join(words)}, such as {shown(words[:2])}"

    @takes(form)
    def check(value: object) -> tuple[str, ...]:
        value = [value] if isinstance(value, str) else value
        if not isinstance(value, list | tuple):
            raise must_be(form, value)
        return tuple(dict.fromkeys(choice(*words)(word) for word in value))

    return check


@takes("true or false", ("true", "false"))
def flag(value: object) -> bool:
    """true or false."""
    if not isinstance(value, bool):
        raise must_be("true or false", value)
    return value


def numbers(fewest: int, most: int, low: int, high: int, such_as: tuple[int, ...] = (16, 16)) -> Takes:
    """A list of whole numbers; `such_as` is one that a person is shown."""
    form = f"a list of {fewest} to {most} whole numbers, such as {shown(such_as)}"

    @takes(form, more=f"each from {low:,} to {high:,}")
    def check(value: object) -> tuple[int, ...]:
        if not isinstance(value, list | tuple) or not fewest <= len(value) <= most:
            raise must_be(form, value)
        return tuple(whole(low, high)(item) for item in value)

    return check


def sizes(axes: int, low: int = 1, high: int = 1000) -> Check:
    """A size along each of some axes: 3 for all of them, or a list such as [3, 3]."""
    each = whole(low, high)

    def check(value: object) -> tuple[int, ...]:
        if isinstance(value, list | tuple) and len(value) == axes:
            return tuple(map(each, value))
        if isinstance(value, list | tuple):
            of_all = f"{axes} of them" if axes > 1 else "one in brackets"
            raise ValueError(f"must be a whole number from {low:,} to {high:,}, or {of_all}, not {shown(value)}")
        return (each(value),) * axes

    return check


def or_auto(check: Check) -> Takes:
    """The same, with the word auto as a value, too."""
    words, choices = (check.words, check.choices) if isinstance(check, Takes) else ("", ())

    @takes(f'{words}, or "{AUTO}": as Keras has it', (AUTO, *choices) if choices else ())
    def checked(value: object) -> Any:
        if value == AUTO:
            return AUTO
        try:
            return check(value)
        except ValueError as error:
            raise ValueError(f'{error} (or "{AUTO}": as Keras has it)') from None

    return checked


def rising(check: Takes) -> Takes:
    """A list, each of it above the one before."""

    @takes(check.words, more=f"{check.more}, each above the one before")
    def checked(value: object) -> Any:
        given = check(value)
        if sorted(set(given)) != list(given):
            raise ValueError(f"must rise from one to the next, not be {shown(value)}")
        return given

    return checked


_SHARES = "a list of at most 100 numbers, such as [0.1, 0.01]"


@takes(_SHARES)
def shares(value: object) -> tuple[float, ...]:
    """A list of numbers from 0 on, such as what is left of something."""
    if not isinstance(value, list | tuple) or len(value) > 100:
        raise must_be(_SHARES, value)
    return tuple(number(0, 1000)(item) for item in value)


_RANGE = "a range such as [0, 1]"


@takes(_RANGE)
def rising_pair(value: object) -> tuple[float, float]:
    """A range [low, high] with low < high."""
    if isinstance(value, list | tuple) and len(value) == 2:
        low, high = number(-1e6, 1e6)(value[0]), number(-1e6, 1e6)(value[1])
        if low < high:
            return low, high
    raise must_be(_RANGE, value)


_SIZE = "a side from 1 to 2,048, or [height, width]"


@takes(_SIZE, more="0 leaves it to the data")
def image_size(value: object) -> tuple[int, int] | tuple[()]:
    """The size of images: a side, [height, width], or 0 for none."""
    if value == 0 or value in ((), []):
        return ()
    try:
        sides = value if isinstance(value, list | tuple) else (value, value)
        height, width = (whole(1, 2048)(side) for side in sides)
    except (ValueError, TypeError):
        raise must_be(_SIZE, value) from None
    return height, width


@takes("the path of a file or folder, or the name of a published set")
def place(value: object) -> str:
    """The name of a published set, or the path of a file or folder, made absolute; or nothing. Raises as `path`."""
    return value if isinstance(value, str) and is_name(value) else path(value)


_COLUMN = "the name or the number of a column"


@takes(_COLUMN)
def column(value: object) -> str:
    """The name or the number of a column; or nothing."""
    if isinstance(value, bool) or not isinstance(value, str | int) or len(str(value)) > 200:
        raise must_be(_COLUMN, value)
    return str(value).strip()


@takes("the path of a file or folder")
def path(value: object) -> str:
    """The path of a file or folder, made absolute because the trainer works elsewhere; or nothing.

    Raises UserError where that cannot be.
    """
    if not isinstance(value, str):
        raise ValueError(f'must be a path in quotes, such as "/data/digits", not {shown(value)}')
    if len(value) > 4000 or "\0" in value:
        raise ValueError(f"must be a path, not {shown(value)}")
    return str(whole_path(value)) if value.strip() else ""
