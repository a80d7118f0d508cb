"""Numbers as a script logs them, step by step: kept for a moment, then told as few, long events.

What is done at every call is little: to note the values. Everything else (names, bounds, order, what is no number) is
looked at once for all that were noted meanwhile.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gan_tui.integrations.scripts.bounded import Names
from gan_tui.integrations.scripts.values import PLAIN, Refusal, held, number
from gan_tui.run.event_schema import MOST_METRICS
from gan_tui.run.events import Metrics
from gan_tui.text import harmless

Say = Callable[[str, str], None]
"""Says a sentence, once for what it is about."""
Column = tuple[Sequence[int], Sequence[object]]


class Numbers:
    """What was logged and not told yet. Not for several threads at once."""

    def __init__(self, say: Say) -> None:
        self._say = say
        self._rows: dict[tuple[str, ...], list[tuple[Any, ...]]] = {}
        """Names → (step, a value for each) of the calls that had just these."""
        self._names = Names()
        self._last: dict[str, int] = {}
        """The last step that was told, by name."""
        self.is_plain = True
        """Whether all that waits are numbers of Python: no framework has to be asked for them."""

    def add(self, step: int, values: Mapping[str, Any]) -> None:
        """Note the values of a step."""
        names = tuple(values)
        rows = self._rows.get(names)
        if rows is None:
            rows = self._rows[names] = []
        for value in values.values():
            if type(value) not in PLAIN:
                rows.append((step, *map(held, values.values())))
                self.is_plain = False
                return
        rows.append((step, *values.values()))

    @property
    def waiting(self) -> bool:
        return bool(self._rows)

    def restart(self) -> None:
        """Steps may come again that were there: the run goes on from before them."""
        self._last.clear()

    def take(self) -> list[Metrics]:
        """What was noted, as events in the order of their last steps."""
        rows, self._rows, self.is_plain = self._rows, {}, True
        columns: dict[str, Column] = {}
        for names, noted in rows.items():
            steps, *values = zip(*noted, strict=True)
            for name, column in zip(names, values, strict=True):
                known = columns.get(name)
                columns[name] = (known[0] + steps, known[1] + column) if known else (steps, column)  # type: ignore[operator]
        return self.told({name: self._numbers(name, *column) for name, column in columns.items()})

    def told(self, columns: Mapping[str, tuple[NDArray[np.int64], NDArray[np.float32]]]) -> list[Metrics]:
        """(steps, values) of each name as events: those with the same steps share one."""
        shared: dict[bytes, tuple[list[int], dict[str, Any]]] = {}
        for given, (steps, values) in columns.items():
            name = self.called(given)
            if name is None:
                continue
            steps, values = self._rising(name, steps, values)
            if len(steps):
                shared.setdefault(steps.tobytes(), (steps.tolist(), {}))[1][name] = np.ascontiguousarray(values)
        return sorted((Metrics(*event) for event in shared.values()), key=lambda event: event.steps[-1])

    def called(self, given: object) -> str | None:
        """What a metric is called in events; None where there are too many."""
        name = self._names.of(given)
        if name is None:
            self._say("metrics", f"There are more than {MOST_METRICS} metrics: those after them are left out.")
        elif name != harmless(str(given), 200):
            self._say(f"name {name}", f"The metric {harmless(str(given), 200)} is called {name} here.")
        return name

    def _numbers(
        self, name: str, steps: Sequence[int], values: Sequence[object]
    ) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
        """The values that are numbers, with their steps."""
        with np.errstate(over="ignore"):  # what single precision cannot hold is not finite
            if PLAIN.issuperset(map(type, values)):
                with suppress(OverflowError):  # a whole number may have any number of digits
                    return np.array(steps, np.int64), np.array(values, np.float64).astype(np.float32)
            read = [(step, number(value)) for step, value in zip(steps, values, strict=True)]
            if refused := next((value for _, value in read if isinstance(value, Refusal)), ""):
                self._say(f"value {name}", f"The metric {harmless(str(name), 80)} {refused}.")
            kept = [(step, value) for step, value in read if not isinstance(value, Refusal)]
            found = np.array([step for step, _ in kept], np.int64), np.array([value for _, value in kept], np.float64)
            return found[0], found[1].astype(np.float32)

    def _rising(
        self, name: str, steps: NDArray[np.int64], values: NDArray[np.float32]
    ) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
        """In the order of their steps, each once: charts have one value a step, and go forward."""
        if not len(steps):
            return steps, values
        last = self._last.get(name, -1)
        if steps[0] <= last or (len(steps) > 1 and int(np.diff(steps).min()) <= 0):
            order = np.unique(steps, return_index=True)[1]  # of those with the same step, the first
            kept = order[steps[order] > last]
            if len(kept) < len(steps):
                self._say(f"again {name}", _AGAIN.format(name=name))
            steps, values = steps[kept], values[kept]
        if len(steps):
            self._last[name] = int(steps[-1])
        return steps, values


_AGAIN = (
    "The metric {name} was logged again for a step that it has a value of, or for one before its last: only the first "
    "value of a step is kept, and steps must rise; say step=… where a second loop counts from 1 again."
)


def columns_of(
    steps: Iterable[int], columns: Mapping[str, Any]
) -> dict[str, tuple[NDArray[np.int64], NDArray[np.float32]]]:
    """Arrays as long as `steps`, as `Numbers.told` takes them. Raises ValueError for others."""
    numbers = np.asarray(steps, np.int64)
    with np.errstate(over="ignore"):
        arrays = {name: np.asarray(column, np.float32) for name, column in columns.items()}
    for name, array in arrays.items():
        if array.shape != numbers.shape:
            raise ValueError(f"{name} has the shape {array.shape}, for {len(numbers):,} steps")
    return {name: (numbers, array) for name, array in arrays.items()}
