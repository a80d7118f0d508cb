"""Where an axis has its ticks, and how their values are written."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

_STEPS = (1.0, 2.0, 5.0, 10.0)
_SUFFIXES = ((1e12, "T"), (1e9, "G"), (1e6, "M"), (1e3, "k"))
LONGEST_VALUE = 7
"""Characters."""
_FINEST_VALUE = 11  # characters: sign, point, suffix, and the eight digits that single precision has
_LARGEST_SHARE = 0.2  # of all columns, for values
_SMALL = 0.00995  # from here on three decimals have two digits
_LEAST_PLAIN = 0.000995  # from here on four decimals have two digits, and are no longer than an exponent
_ROUNDING = 1e-9  # of a step: what float arithmetic may be off by
_QUARTER_OF_A_DOT = 1 / 16  # of a cell, which has four dots one above the other
_ENOUGH = 0.8  # of the room that there is for a decade, for the sake of round ticks
_LEAST_DECADES = 0.3  # of an axis: a closer look would be one at single digits
_WASTE = 1.2  # how much larger a unit may be for the sake of more ticks
_WASTE_ALONG = 1.08


@dataclass(frozen=True)
class Axis:
    """Limits and ticks of one axis, in drawn units: the values, or their base-10 logarithms."""

    low: float
    high: float
    positions: tuple[float, ...]
    labels: tuple[str, ...]
    step: float = 0.0
    """By how much the values of ticks differ at least; 0 where they are powers of ten."""


def along_axis(low: float, high: float, cells: int, most: int, least: float) -> Axis:
    """The axis of steps, epochs or time, from 0 if that is near, with at most about `most` ticks `least` apart.

    From one tick to the next are equally many whole cells, as on a value axis.
    """
    if high <= low:
        low, high = low - (least or 1.0), low + (least or 1.0)
    if 0 < low <= (high - low) / 20:
        low = 0.0
    grid = _grid(low, high, cells, most, least, _WASTE_ALONG)
    return grid.axis(_step_labels(grid.values))


@lru_cache(maxsize=16)
def value_axis(low: float, high: float, cells: int, most: int, waste: float = _WASTE) -> Axis:
    """An axis of so many cells that holds low…high and a little more, so that it doesn't move with every new value.

    From one tick to the next are equally many whole cells, so each stands where its value is drawn.
    """
    if high - low <= max(abs(low), abs(high)) * 1e-12:
        spread = abs(low) * 0.1 or 1.0
        low, high = low - spread, high + spread
    if cells == 2:
        low, high = _rounded(low, high, step := nice_step(high - low, 4))
        return Axis(low, high, (low, high), value_labels((low, high), step), step)
    grid = _grid(low, high, cells, most, waste=waste)
    return grid.axis(value_labels(grid.values, grid.step))


@lru_cache(maxsize=16)
def exact_axis(low: float, high: float, cells: int, most: int) -> Axis:
    """The axis of so many cells that together are low…high, and no more, with at most about `most` ticks."""
    if high - low <= max(abs(low), abs(high)) * 1e-12:
        low, high = low - (abs(low) * 0.1 or 1.0), high + (abs(high) * 0.1 or 1.0)
    half, step = (high - low) / (2 * cells), nice_step(high - low, most)
    first, last = _ceil(low + half, step), _floor(high - half, step)
    values = tuple(number * step for number in range(first, last + 1))
    return Axis(low + half, high - half, values, value_labels(values, step), step)


@lru_cache(maxsize=16)
def log_axis(low: float, high: float, cells: int, most: int) -> Axis:
    """An axis by base-10 logarithms: ticks at powers of ten, with 2 and 5 or 3 between them where those are few.

    It is drawn as large as it can be with every tick less than a quarter of a dot from where its value is: where round
    values are further from whole cells, the ticks are at others.
    """
    if cells == 2:
        low, high = _rounded(low, max(high, low + 0.5), 1.0)
        return Axis(low, high, (low, high), (_power_label(1, round(low)), _power_label(1, round(high))))
    largest = int((cells - 1) / max(high - low, _LEAST_DECADES))
    for apart in range(largest, 0, -1):
        grid = _Grid.around(low, high, 1.0, apart, cells - 1)
        if grid is None:
            continue
        for factors in ((1, 2, 5), (1, 3)) if high - low < 2 else ((1,),):
            ticks = _powers(grid, factors) if apart >= _ENOUGH * largest else []
            if len(ticks) >= 2:
                every = -(-len(ticks) // most)
                places, labels = zip(*ticks[::every], strict=True)
                return Axis(*grid.ends, places, labels)
    grid = next((grid for n in range(largest, 0, -1) if (grid := _Grid.around(low, high, 1.0, n, cells - 1))), None)
    if grid is None or high - low >= 2:
        grid = _grid(low, high, cells, most, least=1.0)
        return replace(grid.axis([_power_label(1, round(value)) for value in grid.values]), step=0.0)
    return _between_powers(grid, most)


def _between_powers(grid: "_Grid", most: int) -> Axis:
    """Ticks on whole cells of a grid of decades, on powers of ten among others if there are any, whatever they say."""
    gap = grid.last - grid.first
    least = -(-gap // most)
    apart = [n for n in range(least, gap) if grid.apart % n == 0] + list(range(least, 0, -1))
    cells = next(cells for n in apart if len(cells := range(-(-grid.first // n) * n, grid.last + 1, n)) >= 2)
    places = tuple(n / grid.apart for n in cells)
    values = [10**place for place in places]
    finest = values[0] * _QUARTER_OF_A_DOT * math.log(100) / grid.apart  # rounding to it moves none by more than that
    return Axis(*grid.ends, places, value_labels(values, 10.0 ** math.floor(math.log10(finest))))


def _powers(grid: "_Grid", factors: tuple[int, ...]) -> list[tuple[float, str]]:
    """Where in a grid of decades the factors of powers of ten are, and how they are written; none where any of them
    would be too far from its cell.
    """
    found = []
    for exponent in range(grid.first // grid.apart, grid.last // grid.apart + 1):
        for factor in factors:
            place = grid.apart * (exponent + math.log10(factor))
            if abs(place - round(place)) > _QUARTER_OF_A_DOT:
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
        return Axis(*self.ends, self.values, tuple(labels), self.step)


def _grid(low: float, high: float, cells: int, most: int, least: float = 0.0, waste: float = _WASTE) -> _Grid:
    """Of the grids that waste little room, the one with the most ticks, which are at most about `most`."""
    gap, found = cells - 1, list[_Grid]()
    for apart in range(-(-gap // most), gap + 1):
        step, grid = nice_step(apart * (high - low) / gap, 1, least), None
        while grid is None:
            grid = _Grid.around(low, high, step, apart, gap)
            step = nice_step(1.01 * step, 1)
        if len(grid.ticks) >= 2:
            found.append(grid)
    finest = min(grid.step / grid.apart for grid in found)
    return next(grid for grid in found if grid.step / grid.apart <= waste * finest)


def nice_step(span: float, most: int, least: float = 0.0) -> float:
    """The smallest of 1, 2 or 5 times a power of ten that divides the span into at most `most` parts."""
    rough = span / max(1, most)
    power = 10.0 ** math.floor(math.log10(rough))
    step = next(power * factor for factor in _STEPS if power * factor >= rough * (1 - _ROUNDING))
    return max(step, least)


def _step_labels(values: Sequence[float]) -> tuple[str, ...]:
    """All from a thousand on with a suffix, or none."""
    labels = tuple(map(step_label, values))
    long = [label for label, value in zip(labels, values, strict=True) if abs(value) >= 1000]
    return labels if all(label[-1].isalpha() for label in long) else tuple(f"{value:.10g}" for value in values)


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
    size, suffix = _size_of_ticks(largest)
    decimals = max(0, -math.floor(math.log10(step / size) + _ROUNDING))
    return tuple(f"{value / size + 0.0:.{decimals}f}{suffix if round(value / step) else ''}" for value in values)


def _size_of_ticks(largest: float) -> tuple[float, str]:
    """What values up to one are counted in, and its suffix."""
    return next(((size, suffix) for size, suffix in _SUFFIXES if largest >= 10 * size), (1.0, ""))


def value_text(value: float, step: float = 0.0, room: int = LONGEST_VALUE) -> str:
    """One finite value: 0.693, 0.083, 12.3, 123k, 0.0083, 8.3e-4.

    It has one to three digits and at most seven characters; more where values a `step` apart would read the same, and
    there is room for so many characters.
    """
    size, suffix = next(((s, mark) for s, mark in _SUFFIXES if abs(value) >= 0.9995 * s), (1.0, ""))
    scaled = value / size
    if _LEAST_PLAIN <= abs(value) < _SMALL:
        text = f"{value:.4f}"
    elif (value and abs(value) < _SMALL) or abs(scaled) >= 999.5:
        text, size = _scientific(value, 1), 1.0
        text = text if len(text) <= LONGEST_VALUE else _scientific(value, 0)
    else:
        decimals = next((n for n, least in ((0, 99.95), (1, 9.995), (2, 0.9995)) if abs(scaled) >= least), 3)
        text = f"{scaled:.{decimals}f}{suffix}"
    if not value or not 0 < step < size * _last_digit(text) * (1 - _ROUNDING):
        return text
    size, suffix = _size_of_ticks(abs(value))
    finest = math.floor(math.log10(step) + _ROUNDING)
    digits = max(0, math.floor(math.log10(abs(value))) - finest)
    decimals = max(0, round(math.log10(size)) - finest)
    finer = f"{value / size:.{decimals}f}{suffix}", _scientific(value, digits)
    return next((one for one in sorted(finer, key=len) if len(one) <= room), text)


def _last_digit(text: str) -> float:
    """What one more in the last digit of a number is, in what its suffix stands for."""
    mantissa, _, exponent = text.rstrip("kMGT").partition("e")
    return 10.0 ** (int(exponent or 0) - len(mantissa.partition(".")[2]))


def room_for_values(axes: Iterable[Axis], columns: int) -> int:
    """How many characters the values beside some axes take, as finely written as the ticks if columns are enough."""
    ends = [value_text(end, axis.step, _FINEST_VALUE) for axis in axes for end in (axis.low, axis.high)]
    return max([LONGEST_VALUE, *(len(end) for end in ends if len(end) <= columns * _LARGEST_SHARE)])


def _scientific(value: float, digits: int) -> str:
    mantissa, exponent = f"{value:.{digits}e}".split("e")
    return f"{mantissa}e{int(exponent)}" if value else "0"


def _power_label(factor: int, exponent: int) -> str:
    if -4 <= exponent < 0:
        return f"{factor * 10.0**exponent:.{-exponent}f}"
    return step_label(float(f"{factor}e{exponent}")) if 0 <= exponent < 15 else f"{factor}e{exponent}"


def _rounded(low: float, high: float, quantum: float) -> tuple[float, float]:
    """The multiples of a quantum around low…high."""
    return _floor(low, quantum) * quantum, _ceil(high, quantum) * quantum


def _floor(value: float, step: float) -> int:
    return math.floor(value / step + _ROUNDING)


def _ceil(value: float, step: float) -> int:
    return math.ceil(value / step - _ROUNDING)
