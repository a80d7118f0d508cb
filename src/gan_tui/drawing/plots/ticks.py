"""Where an axis has its ticks, and how their values are written."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

_STEPS = (1.0, 2.0, 5.0, 10.0)
_SUFFIXES = ((1e12, "T"), (1e9, "G"), (1e6, "M"), (1e3, "k"))
_ROUNDING = 1e-9  # of a step: what float arithmetic may be off by
_HALF_A_DOT = 1 / 8  # of a cell, which has four dots one above the other
_LEAST_DECADES = 0.2  # of an axis: a closer look would be one at single digits
_WASTE = 1.2  # how much larger a unit may be for the sake of more ticks


@dataclass(frozen=True)
class Axis:
    """Limits and ticks of one axis, in drawn units: the values, or their base-10 logarithms."""

    low: float
    high: float
    positions: tuple[float, ...]
    labels: tuple[str, ...]


def step_axis(low: float, high: float, most: int) -> Axis:
    """The axis of training steps or epochs, from 0 if that is near, with at most about `most` ticks."""
    if high <= low:
        return Axis(low - 1, low + 1, (low,), (step_label(low),))
    if 0 < low <= (high - low) / 20:
        low = 0.0
    step = nice_step(high - low, most, least=1.0 if high - low >= 2 else 0.0)
    positions = _multiples(low, high, step) or (high,)
    return Axis(low, high, positions, tuple(map(step_label, positions)))


@lru_cache(maxsize=16)
def value_axis(low: float, high: float, cells: int, most: int) -> Axis:
    """An axis of so many cells that holds low…high and a little more, so that it doesn't move with every new value.

    From one tick to the next are equally many whole cells, so each stands where its value is drawn.
    """
    if high - low <= max(abs(low), abs(high)) * 1e-12:
        spread = abs(low) * 0.1 or 1.0
        low, high = low - spread, high + spread
    if cells == 2:
        low, high = _rounded(low, high, step := nice_step(high - low, 4))
        return Axis(low, high, (low, high), value_labels((low, high), step))
    grid = _grid(low, high, cells, most)
    return grid.axis(value_labels(grid.values, grid.step))


def inner_axis(low: float, high: float, most: int) -> Axis:
    """The axis from low to high itself (low < high), with at most about `most` ticks inside."""
    step = nice_step(high - low, most)
    positions = _multiples(low, high, step)
    return Axis(low, high, positions, value_labels(positions, step))


@lru_cache(maxsize=16)
def log_axis(low: float, high: float, cells: int, most: int) -> Axis:
    """An axis by base-10 logarithms: ticks at powers of ten, with 2 and 5 or 3 between them where those are few.

    It is drawn as large as it can be with every tick less than half a dot from where its value is.
    """
    if cells == 2:
        low, high = _rounded(low, max(high, low + 0.5), 1.0)
        return Axis(low, high, (low, high), (_power_label(1, round(low)), _power_label(1, round(high))))
    for apart in range(int((cells - 1) / max(high - low, _LEAST_DECADES)), 0, -1):
        grid = _Grid.around(low, high, 1.0, apart, cells - 1)
        for factors in ((1, 2, 5), (1, 3)) if high - low < 2 else ((1,),):
            ticks = _powers(grid, factors) if grid else []
            if grid and len(ticks) >= 2:
                every = -(-len(ticks) // most)
                places, labels = zip(*ticks[::every], strict=True)
                return Axis(*grid.ends, places, labels)
    grid = _grid(low, high, cells, most, least=1.0)
    return grid.axis([_power_label(1, round(value)) for value in grid.values])


def _powers(grid: "_Grid", factors: tuple[int, ...]) -> list[tuple[float, str]]:
    """Where in a grid of decades the factors of powers of ten are, and how they are written; none where any of them
    would be half a dot or more away from its cell.
    """
    found = []
    for exponent in range(grid.first // grid.apart, grid.last // grid.apart + 1):
        for factor in factors:
            place = grid.apart * (exponent + math.log10(factor))
            if abs(place - round(place)) > _HALF_A_DOT:
                return []
            if grid.first <= round(place) <= grid.last:
                found.append((round(place) / grid.apart, _power_label(factor, exponent)))
    return found


@dataclass(frozen=True)
class _Grid:
    """Cells counted from zero: cell n is for the value n × step / apart, and a tick is at every `apart`-th."""

    step: float
    apart: int
    first: int
    last: int

    @staticmethod
    def around(low: float, high: float, step: float, apart: int, gap: int) -> "_Grid | None":
        """`gap` + 1 cells with low…high amid them; None where they are not enough."""
        first, last = _floor(low, step / apart), _ceil(high, step / apart)
        spare = gap - (last - first)
        if spare < 0:
            return None
        start = first - spare // 2
        start = max(start, min(first, 0)) if low >= 0 else start  # what is never negative has no room below zero
        return _Grid(step, apart, start, start + gap)

    @property
    def ticks(self) -> range:
        """Their cells."""
        return range(-(-self.first // self.apart) * self.apart, self.last + 1, self.apart)

    @property
    def values(self) -> tuple[float, ...]:
        return tuple(n // self.apart * self.step for n in self.ticks)

    @property
    def ends(self) -> tuple[float, float]:
        """The values of its first and last cell."""
        return self.first * self.step / self.apart, self.last * self.step / self.apart

    def axis(self, labels: Sequence[str]) -> Axis:
        return Axis(*self.ends, self.values, tuple(labels))


def _grid(low: float, high: float, cells: int, most: int, least: float = 0.0) -> _Grid:
    """Of the grids that waste little room, the one with the most ticks, which are at most about `most`."""
    gap, found = cells - 1, list[_Grid]()
    for apart in range(-(-gap // most), max(1, 2 * gap // 3) + 1):
        step, grid = nice_step(apart * (high - low) / gap, 1, least), None
        while grid is None:
            grid = _Grid.around(low, high, step, apart, gap)
            step = nice_step(1.01 * step, 1)
        if len(grid.ticks) >= 2:
            found.append(grid)
    finest = min(grid.step / grid.apart for grid in found)
    return next(grid for grid in found if grid.step / grid.apart <= _WASTE * finest)


def nice_step(span: float, most: int, least: float = 0.0) -> float:
    """The smallest of 1, 2 or 5 times a power of ten that divides the span into at most `most` parts."""
    rough = span / max(1, most)
    power = 10.0 ** math.floor(math.log10(rough))
    step = next(power * factor for factor in _STEPS if power * factor >= rough * (1 - _ROUNDING))
    return max(step, least)


def step_label(value: float) -> str:
    """0, 500, 1k, 20k, 1.5M, but 1020k and 120050: a suffix only where one decimal is enough."""
    for size, suffix in _SUFFIXES:
        if abs(value) >= size and math.isclose(value, round(value, 1 - round(math.log10(size))), rel_tol=1e-9):
            return f"{value / size:.7g}{suffix}"
    return f"{value:.10g}"


def value_labels(values: Sequence[float], step: float) -> tuple[str, ...]:
    """The values with just the digits that tell them apart, all alike."""
    largest = max(map(abs, values), default=0.0)
    if largest >= 1e15 or (largest and largest < 1e-3):
        digits = max(0, math.floor(math.log10(largest)) - math.floor(math.log10(step)))
        return tuple(_scientific(value, digits) for value in values)
    size, suffix = next(((s, mark) for s, mark in _SUFFIXES if largest >= 10 * s), (1.0, ""))
    decimals = max(0, -math.floor(math.log10(step / size) + _ROUNDING))
    return tuple(f"{value / size + 0.0:.{decimals}f}{suffix if round(value / step) else ''}" for value in values)


def value_text(value: float) -> str:
    """One finite value in four digits: 0.1235, 12.35, 123.5k, 1.235e-5."""
    if value and not 1e-3 <= abs(value) < 1e15:
        return _scientific(value, 3)
    size, suffix = next(((s, mark) for s, mark in _SUFFIXES if abs(value) >= 9.9995 * s), (1.0, ""))
    return f"{value / size:#.4g}".rstrip(".") + suffix


def _scientific(value: float, digits: int) -> str:
    mantissa, exponent = f"{value:.{digits}e}".split("e")
    return f"{mantissa}e{int(exponent)}" if value else "0"


def _power_label(factor: int, exponent: int) -> str:
    if -4 <= exponent < 0:
        return f"{factor * 10.0**exponent:.{-exponent}f}"
    return step_label(float(f"{factor}e{exponent}")) if 0 <= exponent < 15 else f"{factor}e{exponent}"


def _multiples(low: float, high: float, step: float) -> tuple[float, ...]:
    return tuple(index * step for index in range(_ceil(low, step), _floor(high, step) + 1))


def _rounded(low: float, high: float, quantum: float) -> tuple[float, float]:
    """The multiples of a quantum around low…high."""
    return _floor(low, quantum) * quantum, _ceil(high, quantum) * quantum


def _floor(value: float, step: float) -> int:
    return math.floor(value / step + _ROUNDING)


def _ceil(value: float, step: float) -> int:
    return math.ceil(value / step - _ROUNDING)
