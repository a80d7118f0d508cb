"""What a chart shows, in numbers: curves with the spread around them, values to compare with, marks along the axis."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.float64]

LARGEST, SMALLEST = 1e300, 1e-300
"""Beyond them spans and steps would overflow; closer to 0 is 0."""


@dataclass(frozen=True)
class Curve:
    """One series; NaN and infinite values are gaps."""

    name: str
    """Empty where nothing is written at its end."""
    x: NDArray[np.floating]
    y: NDArray[np.floating]
    color: int
    spread: tuple[NDArray[np.floating], NDArray[np.floating]] | None = None
    """(x, y) of extremes that the curve passes over: in each column the room between them is shaded."""
    value: float | None = None
    """What is written at its end, of `y` the last by default."""
    has_not_begun: bool = False
    """Whether there is no value yet where the values are of."""
    faint: bool = False
    """Whether it stands behind another one of its colour."""
    number: int | None = None
    """Which of the signs it has where there are no colours; None for that of its place."""
    tag: str = ""
    """What tells it from others where its name has no room, as a number does."""

    @property
    def newest(self) -> float | None:
        """The value that is written; None where there is none yet."""
        if self.value is not None or self.has_not_begun:
            return self.value
        return float(self.y[-1]) if len(self.y) else None


@dataclass(frozen=True)
class Reference:
    """A value that says what others mean: that of guessing, the best so far."""

    value: float
    words: str
    short: str = ""
    """The words where there is little room."""


@dataclass(frozen=True)
class Panel:
    """Curves on one axis of values."""

    title: str
    curves: Sequence[Curve]
    references: Sequence[Reference] = ()
    log_y: bool = False
    ends: tuple[float, float] | None = None
    """The least and the greatest value to be shown, where that is not all."""
    short: str = ""
    """The title where there is little room."""
    chosen: bool = False
    """Whether its title is stressed."""
    values: Numbers | None = None
    """All that was measured, where those beyond what is shown are to be counted."""


@dataclass(frozen=True)
class Mark:
    """Something that happened at a place along the x axis."""

    x: float
    sign: str
    """One character."""
    plain: str
    """The same in ASCII."""
    color: int
    name: str = ""
    """What the sign stands for."""


@dataclass(frozen=True)
class Along:
    """The x axis that all panels share."""

    low: float
    high: float
    words: str = "step"
    """What is counted, below the axis."""
    hints: str = ""
    """Keys, two blanks apart, the most important first: as many as there is room for."""
    least: float = 1.0
    """From one tick to the next at least."""
    marks: Sequence[Mark] = ()
    cursor: float | None = None
    at: str = ""
    """Where the values at the ends of curves are of, if they are not the newest."""
    nothing: str = "waiting for the first step"
    """What is said where there is nothing to draw yet."""


@dataclass(frozen=True)
class Points:
    """What can be drawn of a line, in drawn units, and which of its points is joined to the one before."""

    x: Numbers
    y: Numbers
    follows: NDArray[np.bool_]


def points(x: NDArray[np.floating], y: NDArray[np.floating], log_y: bool) -> Points:
    """The finite ones; on a log axis the positive ones, as base-10 logarithms."""
    x, y = np.asarray(x, dtype=np.float64), np.asarray(y, dtype=np.float64)
    shown = np.isfinite(x) & np.isfinite(y)
    if log_y:
        shown &= y > SMALLEST
    follows = np.zeros(len(shown), dtype=np.bool_)
    follows[1:] = shown[1:] & shown[:-1]
    across, up = (np.clip(np.where(np.abs(v) < SMALLEST, 0, v), -LARGEST, LARGEST) for v in (x[shown], y[shown]))
    return Points(across, np.log10(up) if log_y else up, follows[shown])
