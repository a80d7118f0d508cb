"""What is told of runs that are compared, in words: one cell of a table each."""

from collections.abc import Mapping, Sequence
from typing import Any

from gan_tui.presets.settings import value_words
from gan_tui.run.compared_settings import ABSENT
from gan_tui.run.comparison import Row, Spread
from gan_tui.text import clipped, duration, four_digits, harmless

NOTHING = "-"
"""What stands for what a run does not have."""
_LAYER = "layer"


def seen(rows: Sequence[Row]) -> list[Row]:
    """Those that differ in words, too: a hundredth of a second is no other duration."""
    return [row for row in rows if len({_words(row, value) for value in row.values}) > 1]


def cell(row: Row, value: Any, most: int = 1000) -> str:
    """A value of a row in at most so many columns."""
    return clipped(_words(row, value), most)


def _words(row: Row, value: Any) -> str:
    if value is ABSENT:
        return "absent" if row.kind == "setting" else NOTHING
    match row.kind:
        case "setting":
            return setting_words(value)
        case "state":
            return str(value)
        case "step":
            return f"{value:,}"
        case "seconds":
            return duration(value)
        case "speed":
            return speed_words(value)
    return four_digits(value)


def setting_words(value: Any) -> str:
    """A setting's value; of one that was changed while training, (before, now), both."""
    if isinstance(value, tuple):
        return " → ".join("absent" if each is None else setting_words(each) for each in value)
    if isinstance(value, Mapping):
        rest = [f"{name} {setting_words(each)}" for name, each in value.items() if name not in (_LAYER, "name")]
        kind = harmless(str(value.get(_LAYER, "")), 60)
        return " ".join(filter(None, [kind, ", ".join(rest)]))
    return value_words(value)


def speed_words(speed: float) -> str:
    """Steps a second."""
    return f"{speed:,.0f}" if speed >= 1000 else f"{speed:,.1f}"


def spread_words(of: Spread) -> str:
    """'0.9711 ± 0.0021'; of one value, itself."""
    return four_digits(of.mean) + ("" if of.deviation is None else f" ± {four_digits(of.deviation)}")


def range_words(of: Spread) -> str:
    return f"{four_digits(of.low)} … {four_digits(of.high)}"
