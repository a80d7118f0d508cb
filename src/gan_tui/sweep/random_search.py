"""Combinations drawn at random: from one seed always the same, in the same order, however many are asked for.

So more may be drawn later, and what was trained before still counts. Python promises that of `Random.random` alone.
"""

import math
from collections.abc import Callable, Iterable, Iterator, Sequence
from random import Random
from typing import Any

from gan_tui.errors import UserError
from gan_tui.sweep.ranges import Range

_MOST_REFUSED = 500
"""Combinations in a row that cannot be trained."""
_MOST_REPEATED = 10_000
"""Combinations in a row that were drawn before."""

Row = tuple[Any, ...]
"""A value of each setting."""


def drawn(
    choices: Sequence[Sequence[Any]], seed: int, trials: int, checked: Callable[[Row], Row], before: Iterable[Row] = ()
) -> tuple[tuple[Row, ...], tuple[str, ...]]:
    """So many different combinations, one value out of each of `choices` in each, beginning with those drawn `before`;
    and why others were left out. `checked` gives them in canonical form, or raises UserError where they don't fit.

    Raises UserError where there are not so many.
    """
    possible = math.prod(sum(value.size if isinstance(value, Range) else 1 for value in values) for values in choices)
    if trials > possible:
        raise UserError(f"There are {possible:,} combinations in all; give --trials {possible:.0f}, or more values.")
    found, seen, refused, repeated, in_a_row = dict.fromkeys(before), set[Row](), list[str](), 0, 0
    every = _endless(choices, Random(seed))
    while len(found) < trials:
        row = next(every)
        repeated = repeated + 1 if row in seen else 0
        if not repeated:
            seen.add(row)
            try:
                found[checked(row)], in_a_row = None, 0
            except UserError as error:
                refused.append(str(error))
                in_a_row += 1
        if repeated >= _MOST_REPEATED or in_a_row >= _MOST_REFUSED:
            raise _too_few(len(found), trials, refused)
    return tuple(found), tuple(refused)


def _endless(choices: Sequence[Sequence[Any]], random: Random) -> Iterator[Row]:
    while True:
        yield tuple(_one(values, random) for values in choices)


def _one(values: Sequence[Any], random: Random) -> Any:
    """Each value and each range is as likely as any other."""
    value = values[int(random.random() * len(values))]
    return value.drawn(random.random()) if isinstance(value, Range) else value


def _too_few(found: int, trials: int, refused: list[str]) -> UserError:
    if not found:
        return UserError(refused[0])
    why = f"; others cannot be trained: {refused[-1]}" if refused else "."
    return UserError(
        f"Only {found:,} different combinations were found, fewer than --trials {trials}; give --trials {found}, "
        f"or more values{why}"
    )
