"""What each field of an event may hold: types, and bounds far above what any run writes.

Logs may come from anybody. Bounds keep a small line from needing much memory or time where it is shown.
"""

import itertools
import operator
import re
from collections.abc import Callable
from typing import Any

Check = Callable[[Any], bool]

STATES = ("starting", "training", "paused", "saving", "finished", "stopped", "failed")

MOST_METRICS = 64
MOST_NETWORKS = 4
MOST_LAYERS = 256
"""In one network."""
MOST_WEIGHTS = 5000
MOST_AXES = 8
MOST_POINTS = 10_000
MOST_CLASSES = 1000
MOST_TILES = 100_000
MOST_BINS = 10_000
"""Of a histogram."""
MOST_WORDS = 256
"""Of a list that is shown whole: devices, versions, a layer's arguments."""
_NAME = re.compile(r"[A-Za-z0-9_.-]{1,80}")
"""Of a network or a layer."""
LAST_TIME = 1e11
"""Seconds since 1970: in about 3,000 years."""


def whole(value: Any) -> bool:
    return type(value) is int and 0 <= value < 2**53


def number(value: Any) -> bool:
    return type(value) in (int, float)


def time(value: Any) -> bool:
    return number(value) and 0 <= value < LAST_TIME


def text(value: Any) -> bool:
    return isinstance(value, str)


def listed(check: Check, most: int) -> Check:
    """A list of at most so many."""
    return lambda value: isinstance(value, list) and len(value) <= most and all(map(check, value))


def named(check: Check, most: int) -> Check:
    """A table of at most so many, whatever they are called."""
    return lambda value: isinstance(value, dict) and len(value) <= most and all(map(check, value.values()))


def has(**checks: Check) -> Check:
    """A table with at least these keys, each of its shape, and few others."""
    return lambda value: (
        isinstance(value, dict)
        and len(value) <= MOST_WORDS
        and all(check(value.get(key)) for key, check in checks.items())
    )


def table(check: Check, rows: int, columns: int) -> Check:
    """One row at least, all as wide, at least one column."""
    few = listed(listed(check, columns), rows)
    return lambda value: few(value) and len(value) > 0 and len({len(row) for row in value}) == 1 and len(value[0]) > 0


def square(value: Any) -> bool:
    return _COUNTS(value) and len(value) == len(value[0])


def points(value: Any) -> bool:
    """As many inputs for each point, two to eight, then its class."""
    return _POINTS(value) and 3 <= len(value[0]) <= 9 and all(_class(point[-1]) for point in value)


def _networks(value: Any) -> bool:
    """Tables of layers under names that tell them apart."""
    return _LAYERS(value) and all(
        _NAME.fullmatch(network) and _all_named({row["name"] for row in rows}, len(rows))
        for network, rows in value.items()
    )


def _all_named(names: set[str], count: int) -> bool:
    return len(names) == count and all(map(_NAME.fullmatch, names))


def _bounded(value: Any) -> bool:
    return number(value) and abs(value) <= 1e6


def _class(value: Any) -> bool:
    return bool(0 <= value < MOST_CLASSES and value == int(value))


def _series(value: Any) -> bool:
    """The values of one metric; None stands for a number that was not finite. As long as the line lets it be.

    True and False may count as 1 and 0: nothing that reads them minds, and looking for them would take as long as all
    the rest.
    """
    if not isinstance(value, list):
        return False
    try:
        sum(value)  # the quickest way to find only numbers in it: long runs are opened at the speed of this
    except (TypeError, OverflowError):
        return set(map(type, value)) <= {int, float, type(None)}
    return True


_COUNTS = table(whole, MOST_CLASSES, MOST_CLASSES)
_POINTS = table(_bounded, MOST_POINTS, 9)
_AXES = listed(whole, MOST_AXES)
_ROW = has(name=text, kind=text, output_shape=_AXES, parameters=whole, trainable=whole)
_LAYERS = named(listed(_ROW, MOST_LAYERS), MOST_NETWORKS)
_DATASET = has(
    name=text, origin=text, train=whole, validation=whole,
    points=lambda value: value is None or points(value),
    names=lambda value: value is None or listed(text, MOST_CLASSES)(value),
)  # fmt: skip
_WEIGHT = has(shape=_AXES, mean=number, std=number, low=number, high=number, counts=listed(whole, MOST_BINS))

_ANY_EVENT: dict[str, Check] = {
    **dict.fromkeys(
        ("step", "epoch", "from_step", "memory", "count", "seed", "steps_total", "batch_size", "image", "truth"), whole
    ),
    "steps_per_epoch": lambda value: whole(value) and value > 0,
    **dict.fromkeys(("cpu", "low", "high"), number),
    **dict.fromkeys(
        ("preset", "title", "task", "reason", "tag", "file", "kind", "folder", "why", "name", "text"), text
    ),
    "tile": listed(whole, 2),
    "devices": listed(text, MOST_WORDS),
    "versions": named(text, MOST_WORDS),
    "networks": _networks,
    "dataset": _DATASET,
    "state": lambda value: value in STATES,
    "layers": named(_WEIGHT, MOST_WEIGHTS),
    "counts": square,
    "labels": listed(text, MOST_TILES),
}  # fmt: skip

_ONE_EVENT: dict[tuple[str, str], Check] = {
    ("epoch", "values"): named(lambda value: value is None or number(value), MOST_METRICS),
    ("prediction", "probabilities"): lambda value: listed(_bounded, MOST_CLASSES)(value) and len(value) > 0,
    ("answers", "probabilities"): table(_bounded, MOST_POINTS, MOST_CLASSES),
}


def _one_by_one(steps: list[Any]) -> bool:
    """Whether they are what nearly all are: each one more than the one before, whatever the kind of number."""
    return not steps or (len(steps) == steps[-1] - steps[0] + 1 and steps == list(range(steps[0], steps[-1] + 1)))


def check_metrics(steps: Any, values: Any) -> None:
    """Raises ValueError unless `steps` rise and every series of `values` has a number or None for each of them."""
    if not isinstance(steps, list) or (steps and not (whole(steps[0]) and whole(steps[-1]))):
        raise ValueError("metrics: steps has the wrong shape")
    if not _one_by_one(steps):
        if set(map(type, steps)) != {int}:
            raise ValueError("metrics: steps has the wrong shape")
        if not all(map(operator.lt, steps, itertools.islice(steps, 1, None))):
            raise ValueError("metrics: the steps do not rise")
    if not isinstance(values, dict) or len(values) > MOST_METRICS:
        raise ValueError("metrics: values has the wrong shape, or is too large")
    for series in values.values():
        if not _series(series) or len(series) != len(steps):
            raise ValueError("metrics: there is not a value for every step")


def check(event: str, field: str, value: Any) -> None:
    """Raises ValueError where a field of an event of that type has the wrong shape."""
    for known in (_ANY_EVENT.get(field), _ONE_EVENT.get((event, field))):
        if known is not None and not known(value):
            raise ValueError(f"{event}: {field} has the wrong shape, or is too large")
