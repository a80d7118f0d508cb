"""The workers of a group as a table of any width: which columns have room, and several rows beside each other."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from gan_tui.run.group import TRAINING, Worker, at_most
from gan_tui.text import clipped, padded, size, width

_LONGEST_HOST, _LEAST_HOST = 24, 6
_BETWEEN = 2
_GAP = 3
"""Columns between a row and the one beside it."""


def _percent(value: float | None) -> str:
    return "" if value is None else f"{value:.0f} %"


def _bytes(value: float | None) -> str:
    return "" if value is None else size(value)


def _devices(worker: Worker) -> str:
    more = len(worker.devices) - 1
    return (worker.devices[0] + (f" and {more} more" if more > 0 else "")) if worker.devices else ""


@dataclass(frozen=True)
class Column:
    """One thing about each worker."""

    name: str
    cell: Callable[[Worker], str]
    need: int
    """Which go first where there is no room: those of the highest number."""
    is_number: bool = True


COLUMNS = (
    Column("worker", lambda worker: str(worker.worker), 0),
    Column("host", lambda worker: clipped(worker.host or worker.address, _LONGEST_HOST), 1, False),
    Column("state", lambda worker: "" if worker.state == TRAINING else worker.state, 0, False),
    Column("CPU", lambda worker: _percent(worker.cpu), 4),
    Column("GPU", lambda worker: _percent(worker.gpu), 2),
    Column("memory", lambda worker: _bytes(worker.memory), 5),
    Column("of GPU", lambda worker: _bytes(worker.gpu_memory), 6),
    Column("reducing", lambda worker: "" if worker.reducing is None else at_most(worker.reducing), 3),
    Column("device", _devices, 7, False),
)


@dataclass(frozen=True)
class Table:
    """What stands where."""

    head: str
    rows: tuple[str, ...]
    """Of each worker, in the order given."""
    beside: int
    """How many of them are beside each other."""

    @property
    def wide(self) -> int:
        """Columns from one to the next."""
        return width(self.head) + _GAP


def laid_out(workers: Sequence[Worker], columns: int, rows: int) -> Table:
    """As much of each as there is room for; fewer columns of it where all workers have a place then, and only then."""
    tables = (_fitted(workers, columns, most) for most in (len(COLUMNS), 5, 4, 3))
    whole = next(tables)
    return next((each for each in (whole, *tables) if len(workers) <= rows * each.beside), whole)


def _fitted(workers: Sequence[Worker], columns: int, most: int) -> Table:
    """With those columns that need less than `most`."""
    told = [(one, [_cell(one, worker) for worker in workers]) for one in COLUMNS if one.need < most]
    told = [(one, cells) for one, cells in told if any(cells)]
    while len(told) > 1 and _least(told) > columns:
        told.remove(max(told, key=lambda each: each[0].need))
    wide = [_width(each) for each in told]
    if (over := sum(wide) + _BETWEEN * (len(wide) - 1) - columns) > 0:
        wide = [each - over if one.name == "host" else each for each, (one, _) in zip(wide, told, strict=True)]
    lines = [
        (" " * _BETWEEN).join(
            padded(clipped(cell, room), room, right=one.is_number)
            for cell, room, (one, _) in zip(line, wide, told, strict=True)
        )
        for line in zip(*([one.name, *cells] for one, cells in told), strict=True)
    ]
    return Table(lines[0], tuple(lines[1:]), max(1, (columns + _GAP) // (width(lines[0]) + _GAP)))


def _cell(column: Column, worker: Worker) -> str:
    """Nothing of what somebody used who is not there."""
    return "" if worker.is_absent and column.is_number and column.need else column.cell(worker)


def _width(told: tuple[Column, list[str]]) -> int:
    return max(width(told[0].name), *map(width, told[1]))


def _least(told: Sequence[tuple[Column, list[str]]]) -> int:
    """Columns that they take with hosts cut as far as may be."""
    each = [min(_LEAST_HOST, _width(one)) if one[0].name == "host" else _width(one) for one in told]
    return sum(each) + _BETWEEN * (len(told) - 1)
