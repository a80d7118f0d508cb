"""Charts as SVG: curves of a run over its steps, with the ticks that a chart on its screen has.

Many steps are drawn in bins of about a pixel: the means as a line, and behind it, paler, the least and the greatest of
each, so that a spike of a single step is seen. What is not finite is a gap. Colours are classes: the page has them.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from gan_tui.drawing.plots.curves import points
from gan_tui.drawing.plots.ticks import Axis, along_axis, value_axis
from gan_tui.integrations.export.markup import Markup, joined, number, tag
from gan_tui.run.bins import Binned, Bins, bin_width
from gan_tui.run.series import Series
from gan_tui.text import clipped

WIDE, HIGH = 760, 260
"""Units of the whole chart."""
_LEFT, _RIGHT, _TOP, _BELOW = 58, 118, 12, 36
_ACROSS, _DOWN = WIDE - _LEFT - _RIGHT, HIGH - _TOP - _BELOW
_CELL = (6, 12)
"""Units of what axes count as a cell."""
_MOST_BINS = 400
_LINE = 14
"""Units between two names at the ends of curves."""
_LETTERS = 16
"""Of such a name."""

Numbers = NDArray[np.floating]


@dataclass(frozen=True)
class Line:
    """One curve."""

    name: str
    series: Series
    color: int
    """Which of the page's colours for curves, from 0."""
    each_step: bool = True
    """Whether it is measured each step; else each value is a mark, too."""


@dataclass(frozen=True)
class Level:
    """A value to compare with."""

    value: float
    words: str


def chart(lines: Sequence[Line], levels: Sequence[Level], last: int, words: str) -> Markup:
    """Curves on one pair of axes, up to the `last` step; `words` are what it is to who does not see it."""
    binned = [Bins(bin_width(last, _MOST_BINS)).of(line.series) for line in lines]
    values = np.concatenate([np.zeros(0), *(one.points[1] for one in binned)])
    values = values[np.isfinite(values)]
    first = min((int(line.series.steps[0]) for line in lines if line.series.length), default=0)
    x_axis = along_axis(min(first, last), last, _ACROSS // _CELL[0], 8, 1.0)
    if not len(values):
        inside = tag("text", "no finite value (NaN)", x=_LEFT + _ACROSS / 2, y=_TOP + _DOWN / 2, class_="tick middle")
        return _whole(joined(_x_ticks(x_axis), inside), words)
    y_axis = value_axis(float(values.min()), float(values.max()), _DOWN // _CELL[1], 6)
    place = _Place(x_axis, y_axis)
    drawn = [_curve(line, one, place) for line, one in zip(lines, binned, strict=True)]
    parts = [_x_ticks(x_axis), _y_ticks(y_axis), *_levels(levels, place), *drawn, *_names(lines, binned, place)]
    return _whole(joined(*parts), words)


def _whole(inside: Markup, words: str) -> Markup:
    return tag("svg", inside, viewBox=f"0 0 {WIDE} {HIGH}", role="img", aria_label=words, class_="chart")


@dataclass(frozen=True)
class _Place:
    """Where steps and values are drawn."""

    x_axis: Axis
    y_axis: Axis

    def x(self, steps: Numbers) -> Numbers:
        return _LEFT + (steps - self.x_axis.low) / (self.x_axis.high - self.x_axis.low) * _ACROSS

    def y(self, values: Numbers) -> Numbers:
        return _TOP + (self.y_axis.high - values) / (self.y_axis.high - self.y_axis.low) * _DOWN


def _x_ticks(axis: Axis) -> Markup:
    place = _Place(axis, axis)
    foot = _TOP + _DOWN
    ticks = [tag("path", d=f"M{_LEFT} {foot}h{_ACROSS}", class_="axis")]
    for position, label in zip(place.x(np.array(axis.positions)).tolist(), axis.labels, strict=True):
        ticks.append(tag("path", d=f"M{number(position)} {foot}v4", class_="axis"))
        ticks.append(tag("text", label, x=position, y=foot + 16, class_="tick middle"))
    ticks.append(tag("text", "step", x=_LEFT + _ACROSS / 2, y=foot + 31, class_="tick middle"))
    return joined(*ticks)


def _y_ticks(axis: Axis) -> Markup:
    ticks = list[Markup]()
    for position, label in zip(_Place(axis, axis).y(np.array(axis.positions)).tolist(), axis.labels, strict=True):
        ticks.append(tag("path", d=f"M{_LEFT} {number(position)}h{_ACROSS}", class_="grid"))
        ticks.append(tag("text", label, x=_LEFT - 6, y=position + 4, class_="tick end"))
    return joined(*ticks)


def _levels(levels: Sequence[Level], place: _Place) -> list[Markup]:
    """Those that are in sight."""
    drawn = list[Markup]()
    for level in levels:
        if place.y_axis.low <= level.value <= place.y_axis.high:
            y = float(place.y(np.array([level.value]))[0])
            drawn.append(tag("path", d=f"M{_LEFT} {number(y)}h{_ACROSS}", class_="level"))
            drawn.append(tag("text", level.words, x=_LEFT + _ACROSS - 4, y=y - 4, class_="tick end"))
    return drawn


def _curve(line: Line, binned: Binned, place: _Place) -> Markup:
    has_spread = len(binned.points[0]) > len(binned.means[0])
    spread = [tag("path", d=_path(*binned.points, place), class_=f"spread c{line.color}")] if has_spread else []
    main = tag("path", d=_path(*binned.means, place), class_=f"line c{line.color}")
    steps, values = binned.means
    finite = np.isfinite(values)
    alone = finite if not line.each_step and finite.sum() <= _MOST_BINS // 4 else _lonely(finite)
    dots = [
        tag("circle", cx=x, cy=y, r=2.5, class_=f"dot c{line.color}")
        for x, y in zip(place.x(steps[alone]).tolist(), place.y(values[alone]).tolist(), strict=True)
    ]
    return joined(*spread, main, *dots)


def _lonely(finite: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Values that no line goes to."""
    padded = np.pad(finite, 1)
    lonely: NDArray[np.bool_] = finite & ~padded[:-2] & ~padded[2:]
    return lonely


def _path(steps: Numbers, values: Numbers, place: _Place) -> str:
    """Lines between values that follow each other."""
    shown = points(steps, values, False)
    words = [
        f"{'L' if follows else 'M'}{number(x)} {number(y)}"
        for x, y, follows in zip(
            place.x(shown.x).tolist(), place.y(shown.y).tolist(), shown.follows.tolist(), strict=True
        )
    ]
    return "".join(words)


def _names(lines: Sequence[Line], binned: Sequence[Binned], place: _Place) -> list[Markup]:
    """Each curve's name where it ends, none over another."""
    ends = list[tuple[float, Line]]()
    for line, one in zip(lines, binned, strict=True):
        finite = one.means[1][np.isfinite(one.means[1])]
        if len(finite):
            ends.append((float(place.y(finite[-1:])[0]), line))
    ends.sort(key=lambda end: end[0])
    lowest, named = _TOP + _DOWN - _LINE * (len(ends) - 1), list[Markup]()
    before = -float(_LINE)
    for count, (y, line) in enumerate(ends):
        before = max(before + _LINE, min(y, lowest + _LINE * count))
        words = clipped(line.name, _LETTERS)
        named.append(tag("text", words, x=_LEFT + _ACROSS + 8, y=before + 4, class_=f"name c{line.color}"))
    return named
