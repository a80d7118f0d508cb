"""Where an axis has its ticks, and how their values are written."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

_STEPS = (1.0, 2.0, 5.0, 10.0)
_SUFFIXES = ((1e12, "T"), (1e9, "G"), (1e6, "M"), (1e3, "k"))
_ROUNDING = 1e-9  # of a step: what float arithmetic may be off by


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


def value_axis(low: float, high: float, most: int) -> Axis:
    """An axis a little wider than low…high, so that it doesn't move with every new value."""
    if high - low <= max(abs(low), abs(high)) * 1e-12:
        spread = abs(low) * 0.1 or 1.0
        low, high = low - spread, high + spread
    step = nice_step(high - low, most)
    quantum = step / 4
    low, high = _floor(low, quantum) * quantum, _ceil(high, quantum) * quantum
    positions = _multiples(low, high, step)
    return Axis(low, high, positions, value_labels(positions, step))


def inner_axis(low: float, high: float, most: int) -> Axis:
    """The axis from low to high itself (low < high), with at most about `most` ticks inside."""
    step = nice_step(high - low, most)
    positions = _multiples(low, high, step)
    return Axis(low, high, positions, value_labels(positions, step))


def log_axis(low: float, high: float, most: int) -> Axis:
    """An axis by base-10 logarithms: ticks at powers of ten, with 2 and 5 between them where there is only one."""
    first, last = math.floor(low + _ROUNDING), math.ceil(high - _ROUNDING)
    grid = [(factor, exponent) for exponent in range(first, last + 1) for factor in (1, 2, 5)]
    places = [math.log10(factor) + exponent for factor, exponent in grid]
    bottom = max(place for place in places if place <= low + _ROUNDING)
    top = min(
        (place for place in places if place >= high - _ROUNDING and place > bottom),
        default=last + 1.0,
    )
    inside = [(place, *where) for place, where in zip(places, grid, strict=True) if bottom <= place <= top]
    decades = [tick for tick in inside if tick[1] == 1]
    if len(decades) < 2:  # a single label would say no scale
        decades = inside
    chosen = decades[:: -(-len(decades) // most)]
    return Axis(bottom, top, tuple(tick[0] for tick in chosen), tuple(_power_label(*tick[1:]) for tick in chosen))


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


def _floor(value: float, step: float) -> int:
    return math.floor(value / step + _ROUNDING)


def _ceil(value: float, step: float) -> int:
    return math.ceil(value / step - _ROUNDING)
