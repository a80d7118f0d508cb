"""What each field of an event may hold: shapes, with bounds far above what any run writes.

A dataclass says in the annotation of each field which shape that has; `fields_of` reads a line's fields by them. Logs
may come from anybody: bounds keep a small line from needing much memory or time where it is shown.
"""

import dataclasses
import itertools
import operator
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from gan_tui.text import harmless, laid_out

Check = Callable[[Any], bool]

MOST_METRICS = 256
LONGEST_METRIC_NAME = 80
"""Characters; what is longer is cut."""
MOST_CHARACTERS = 20_000
"""Of a text that a run says."""
MOST_NETWORKS = 16
MOST_LAYERS = 2048
"""In one network."""
MOST_WEIGHTS = 8192
MOST_AXES = 8
MOST_POINTS = 10_000
MOST_CLASSES = 1000
MOST_TILES = 100_000
MOST_BINS = 10_000
"""Of a histogram."""
MOST_WORDS = 256
MOST_REFERENCES = 8
"""Of a list that is shown whole: devices, versions, a layer's arguments."""
_NAME = re.compile(r"[A-Za-z0-9_.-]{1,80}")
"""Of a network or a layer."""
_WHOLE_END = 2**53
"""From here on, not every whole number is one of double precision."""
LAST_TIME = 1e11
"""Seconds since 1970: in about 3,000 years."""

# Fields, read by their annotations ------------------------------------------------------------


def all_harmless(value: Any) -> Any:
    """A value as it may be shown: all strings in it harmless, names as short as names are."""
    if isinstance(value, str):
        return harmless(value, 2000)
    if isinstance(value, dict):
        return {harmless(str(key), 80): all_harmless(item) for key, item in value.items()}
    if isinstance(value, list):
        return [all_harmless(item) for item in value]
    return value


def as_it_is(value: Any) -> Any:
    return value


@dataclass(frozen=True)
class Shape:
    """What a field may hold, and what is done to it before anybody sees it."""

    fits: Check
    cleaned: Callable[[Any], Any] = all_harmless


def shapes_of(kind: type) -> Mapping[str, Shape]:
    """The shape of each field of a dataclass: of its type, or what its `Annotated` names, a `Shape` or its check.

    Raises TypeError where a field has none.
    """
    return {field.name: _shape_of(kind, field) for field in dataclasses.fields(kind)}


def _shape_of(kind: type, field: "dataclasses.Field[Any]") -> Shape:
    given = getattr(field.type, "__metadata__", (_PLAIN.get(field.type),))[0]
    if isinstance(given, Shape):
        return given
    if callable(given):
        return Shape(given)
    raise TypeError(f"{kind.__name__}.{field.name} has no shape: annotate it, as Annotated[{field.type}, check]")


def fields_of(shapes: Mapping[str, Shape], document: Mapping[str, Any]) -> dict[str, Any]:
    """The fields that a document has; its other keys are passed over. Raises ValueError for one of another shape."""
    fields = {}
    for name, shape in shapes.items():
        if name in document:
            if not shape.fits(document[name]):
                raise ValueError(f"{name} has the wrong shape, or is too large")
            fields[name] = shape.cleaned(document[name])
    return fields


# What many fields are ------------------------------------------------------------


def whole(value: Any) -> bool:
    return type(value) is int and 0 <= value < _WHOLE_END


def step_or_before(value: Any) -> bool:
    """A step, or -1, which is before all."""
    return type(value) is int and -1 <= value < _WHOLE_END


def positive(value: Any) -> bool:
    return whole(value) and value > 0


def number(value: Any) -> bool:
    return type(value) in (int, float)


def time(value: Any) -> bool:
    return type(value) in (int, float) and 0 <= value < LAST_TIME


def text(value: Any) -> bool:
    return isinstance(value, str)


def _lines(value: str) -> str:
    """A text with its line ends, each line harmless and as it was laid out."""
    return "\n".join(laid_out(line, 2000) for line in value[:MOST_CHARACTERS].splitlines())


paragraph = Shape(text, _lines)


def truth(value: Any) -> bool:
    return isinstance(value, bool)


def anything(value: Any) -> bool:
    """For what is as a person or a preset wrote it, and is checked where it is used."""
    return True


def one_of(words: tuple[str, ...]) -> Check:
    return lambda value: value in words


def optional(check: Check) -> Check:
    return lambda value: value is None or check(value)


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


_PLAIN: dict[object, Check] = {str: text, int: whole, float: number, bool: truth}
"""What a field is whose type says it all."""

# What single fields are ------------------------------------------------------------

_AXES = listed(whole, MOST_AXES)


def rising(steps: Any) -> bool:
    """Whole numbers, each greater than the one before."""
    if not isinstance(steps, list) or not steps:
        return steps == []
    first, last = steps[0], steps[-1]
    if not (type(first) is type(last) is int and first >= 0 and last < _WHOLE_END):
        return False
    if len(steps) == last - first + 1 and steps == list(range(first, last + 1)):
        return True  # each one more than the one before, whatever the kind of number: what nearly all are
    return set(map(type, steps)) == {int} and all(map(operator.lt, steps, itertools.islice(steps, 1, None)))


def series(value: Any) -> bool:
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


def _reference(value: Any) -> bool:
    """[value, words]"""
    return isinstance(value, list) and len(value) == 2 and number(value[0]) and text(value[1])


_metric = has(
    name=text, group=text, unit=text, label=text, color=lambda value: whole(value) and value < MOST_METRICS,
    low=optional(number), high=optional(number), falls=truth, each=one_of(("step", "epoch")),
)  # fmt: skip


def metric(value: Any) -> bool:
    """What a metric is, as `run.metrics` declares it; what it is compared with is told since a later version."""
    return _metric(value) and listed(_reference, MOST_REFERENCES)(value.get("references", []))


def _bounded(value: Any) -> bool:
    return number(value) and abs(value) <= 1e6


def _class(value: Any) -> bool:
    return bool(0 <= value < MOST_CLASSES and value == int(value))


def points(value: Any) -> bool:
    """As many inputs for each point, two to eight, then its class."""
    return _POINTS(value) and 3 <= len(value[0]) <= 9 and all(_class(point[-1]) for point in value)


_POINTS = table(_bounded, MOST_POINTS, 9)


def networks(value: Any) -> bool:
    """Tables of layers under names that tell them apart."""
    return _LAYERS(value) and all(
        _NAME.fullmatch(network) and _all_named({row["name"] for row in rows}, len(rows)) and _take_what_is_above(rows)
        for network, rows in value.items()
    )


_TAKEN = listed(text, MOST_WORDS)
_ROW = has(name=text, kind=text, output_shape=_AXES, parameters=whole, trainable=whole)
_LAYERS = named(listed(_ROW, MOST_LAYERS), MOST_NETWORKS)


def _take_what_is_above(rows: list[dict[str, Any]]) -> bool:
    """Whether each `from`, where there is one, names rows above its own."""
    above: set[str] = set()
    for row in rows:
        if "from" in row and not (_TAKEN(row["from"]) and above.issuperset(row["from"])):
            return False
        above.add(row["name"])
    return True


def _all_named(names: set[str], count: int) -> bool:
    return len(names) == count and all(map(_NAME.fullmatch, names))


def finite(value: Any) -> bool:
    return number(value) and abs(value) <= 1e300


_AXIS = has(name=text, low=finite, high=finite)
_TABLE = has(
    label=text, held_back=truth, axes=listed(_AXIS, 2), columns=listed(text, MOST_AXES),
    truth=listed(finite, MOST_POINTS), x=optional(listed(finite, MOST_POINTS)), mean=optional(finite),
    deviation=optional(finite), rows=optional(listed(listed(text, MOST_AXES), MOST_POINTS)),
)  # fmt: skip
"""What is told of a table, all in its own units. `label` is the column that is learnt, `columns` are the first of the
others. `axes` are the ranges of one or two inputs that are numbers: of two, the unit square of surface and points
stands for them. Of each row that is answered, `truth` is its class or its number, `rows` what it holds, in words, and
`x` its only input; `held_back` says whether these rows are. A number is an answer times `deviation`, plus `mean`.
"""

dataset = has(
    name=text, origin=text, train=whole, validation=whole,
    points=optional(points), names=optional(listed(text, MOST_CLASSES)), table=optional(_TABLE),
)  # fmt: skip
weights = named(
    has(shape=_AXES, mean=number, std=number, low=number, high=number, counts=listed(whole, MOST_BINS)), MOST_WEIGHTS
)
means = named(optional(number), MOST_METRICS)
"""Of an epoch's metrics."""


def gpu(value: Any) -> bool:
    """How busy and how full one is; nothing where there is none."""
    return value == {} or _GPU(value)


_GPU = has(busy=optional(number), used=whole, memory=whole)


def probabilities(value: Any) -> bool:
    """One for each class."""
    return _ONE_EACH(value) and len(value) > 0


_ONE_EACH = listed(_bounded, MOST_CLASSES)
answers = table(_bounded, MOST_POINTS, MOST_CLASSES)


def confusion(value: Any) -> bool:
    """As many rows as columns."""
    return _COUNTS(value) and len(value) == len(value[0])


_COUNTS = table(whole, MOST_CLASSES, MOST_CLASSES)
