"""Charts read as a person reads them: ticks and their labels, and curves against them."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from gan_tui.drawing.cells import Cells

_FACTORS = {"k": 1e3, "M": 1e6, "G": 1e9, "T": 1e12}
_DOTS = ((0x01, 0x08), (0x02, 0x10), (0x04, 0x20), (0x40, 0x80))


@dataclass(frozen=True)
class Scale:
    """Ticks: where they are, in dots, and what they say."""

    places: NDArray[np.float64]
    values: NDArray[np.float64]

    def place(self, value: float) -> float:
        """Where a value belongs, in dots, by the two ticks that are furthest apart."""
        (first, last), (low, high) = self.places[[0, -1]], self.values[[0, -1]]
        return float(first + (value - low) / (high - low) * (last - first))


def number(label: str) -> float:
    """What a label says."""
    return float(label.rstrip("kMGT")) * _FACTORS.get(label[-1], 1)


def rows_of_ticks(cells: Cells) -> dict[str, int]:
    """Each label of the (only) y axis and its row."""
    rows = enumerate(cells.text().split("\n"))
    return {text.split("┤")[0].strip(): row for row, text in rows if "┤" in text}


def y_scale(cells: Cells, log_y: bool = False) -> Scale:
    """The y axis, in dots from above."""
    ticks = rows_of_ticks(cells)
    values = np.array([number(label) for label in ticks])
    return Scale(np.array([4 * row + 2.0 for row in ticks.values()]), np.log10(values) if log_y else values)


def x_scale(cells: Cells) -> Scale:
    """The x axis, in dots from the left."""
    lines = cells.text().split("\n")
    row = next(row for row, line in enumerate(lines) if "└" in line)
    columns = [column for column, character in enumerate(lines[row]) if character == "┬"]
    values = [number(label) for label in lines[row + 1].split()]
    assert len(columns) == len(values), "a label at every tick"
    return Scale(np.array([2 * column + 1.0 for column in columns]), np.array(values))


def dots_of(cells: Cells, color: int) -> NDArray[np.float64]:
    """(count, 2) the middles of a curve's dots, (down, across) in dots; those of marks, too."""
    found = []
    for row, column in np.argwhere(cells.foreground == color):
        character = str(cells.characters[row, column])
        bits = ord(character) - 0x2800
        if 0 < bits < 256:
            found += [
                (4 * row + down + 0.5, 2 * column + across + 0.5)
                for down, pair in enumerate(_DOTS)
                for across, bit in enumerate(pair)
                if bits & bit
            ]
    return np.array(found, dtype=np.float64).reshape(-1, 2)
