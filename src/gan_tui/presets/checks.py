"""Small checks for values that people write.

Each returns the value in canonical form or raises ValueError with half a sentence, which follows the name of
what was checked: 'must be a whole number from 1 to 10, not 0'.
"""

import json
import math
from collections.abc import Callable, Collection
from datetime import date, time
from typing import Any

from gan_tui.presets.keras_names import lacked
from gan_tui.system.paths import whole_path
from gan_tui.text import harmless, nearest

Check = Callable[[object], Any]


def _shown(value: object) -> str:
    """What was written, as a preset would have it."""
    return harmless(_written(value), 60)


def _written(value: object) -> str:
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False)
    if isinstance(value, list | tuple):
        return f"[{', '.join(map(_written, value))}]"
    if isinstance(value, bool):
        return str(value).lower()
    return str(value) if isinstance(value, date | time) else repr(value)


def whole(low: int, high: int) -> Check:
    """A whole number from `low` to `high`."""

    def check(value: object) -> int:
        if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
            raise ValueError(f"must be a whole number from {low:,} to {high:,}, not {_shown(value)}")
        return value

    return check


def number(low: float, high: float) -> Check:
    """A number from `low` to `high`."""

    def check(value: object) -> float:
        if (
            isinstance(value, bool)
            or not isinstance(value, int | float)
            or math.isnan(value)
            or not low <= value <= high
        ):
            raise ValueError(f"must be a number from {low:g} to {high:g}, not {_shown(value)}")
        return float(value)

    return check


def choice(*words: str, of_keras: Collection[str] = ()) -> Check:
    """One of some words; `of_keras` are words that Keras has for the like."""

    def check(value: object) -> str:
        if not isinstance(value, str) or value not in words:
            word = str(value)[:60]
            raise ValueError(f"cannot be {_shown(value)}, {lacked(word, of_keras, words) or nearest(word, words)}")
        return value

    return check


def choices(*words: str) -> Check:
    """A list of some of the words, each counted once; one word alone is a list, too."""

    def check(value: object) -> tuple[str, ...]:
        value = [value] if isinstance(value, str) else value
        if not isinstance(value, list | tuple):
            form = f"a list of words from {', '.join(words)}, such as {_shown(words[:2])}"
            raise ValueError(f"must be {form}, not {_shown(value)}")
        return tuple(dict.fromkeys(choice(*words)(word) for word in value))

    return check


def flag(value: object) -> bool:
    """true or false."""
    if not isinstance(value, bool):
        raise ValueError(f"must be true or false, not {_shown(value)}")
    return value


def numbers(fewest: int, most: int, low: int, high: int, such_as: tuple[int, ...] = (16, 16)) -> Check:
    """A list of whole numbers; `such_as` is one that a person is shown."""

    def check(value: object) -> tuple[int, ...]:
        if not isinstance(value, list | tuple) or not fewest <= len(value) <= most:
            form = f"a list of {fewest} to {most} whole numbers, such as {_shown(such_as)}"
            raise ValueError(f"must be {form}, not {_shown(value)}")
        return tuple(whole(low, high)(item) for item in value)

    return check


def size_pair(value: object) -> tuple[int, int]:
    """A size of a window: 3, or [3, 3]."""
    if isinstance(value, list | tuple) and len(value) == 2:
        return whole(1, 1000)(value[0]), whole(1, 1000)(value[1])
    single = whole(1, 1000)(value)
    return single, single


def rising_pair(value: object) -> tuple[float, float]:
    """A range [low, high] with low < high."""
    if isinstance(value, list | tuple) and len(value) == 2:
        low, high = number(-1e6, 1e6)(value[0]), number(-1e6, 1e6)(value[1])
        if low < high:
            return low, high
    raise ValueError(f"must be a range such as [0, 1], not {_shown(value)}")


def path(value: object) -> str:
    """The path of a file or folder, made absolute because the trainer works elsewhere; or nothing.

    Raises UserError where that cannot be.
    """
    if not isinstance(value, str):
        raise ValueError(f'must be a path in quotes, such as "/data/digits", not {_shown(value)}')
    if len(value) > 4000 or "\0" in value:
        raise ValueError(f"must be a path, not {_shown(value)}")
    return str(whole_path(value)) if value.strip() else ""
