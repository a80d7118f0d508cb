"""Cells between two axes, and where values are in them."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from gan_tui.drawing.cells import Cells
from gan_tui.drawing.plots.frame import in_columns, in_rows
from gan_tui.drawing.plots.ticks import Axis
from gan_tui.drawing.terminal import Terminal
from gan_tui.drawing.tones import Tones

Numbers = NDArray[np.float64]


@dataclass(frozen=True)
class Canvas:
    """Cells between two axes."""

    cells: Cells
    x_axis: Axis
    y_axis: Axis
    terminal: Terminal
    tones: Tones

    def rows_of(self, values: Numbers) -> Numbers:
        return in_rows(values, self.y_axis, self.cells.rows)

    def columns_of(self, values: Numbers) -> Numbers:
        return in_columns(values, self.x_axis, self.cells.columns)
