"""What a classifier makes of one input: a bar of probability for each class."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from gan_tui.drawing.cells import Cells, blank
from gan_tui.drawing.colors import available_tones
from gan_tui.drawing.plots.eighths import parts_of, rightwards
from gan_tui.drawing.terminal import Terminal
from gan_tui.drawing.tones import DARK, Tones
from gan_tui.drawing.words import as_shown, told_apart, write
from gan_tui.text import width

_NUMBER = 5  # cells of 0.123
_LEAST_BAR, _LEAST_LABEL = 6, 4


def draw_bars(
    labels: Sequence[str],
    values: NDArray[np.floating],
    columns: int,
    rows: int,
    *,
    terminal: Terminal,
    tones: Tones = DARK,
    true: int | None = None,
    chosen: int | None = None,
) -> Cells:
    """A line for each class: its name, a bar as long as its probability, and that in three digits.

    `values` is (classes,) of 0…1. The `chosen` class (by default the most probable one) is drawn in the accent,
    the `true` one has a check mark before it. If there are fewer rows than classes, the most probable ones
    and the true one stay, in their order, and the last line sums up the rest.
    """
    cells = blank(rows, columns)
    values = np.nan_to_num(np.asarray(values, dtype=np.float64))
    if not (columns and rows and len(values)):
        return cells
    colors = available_tones(tones, terminal)
    chosen = int(values.argmax()) if chosen is None else chosen
    kept = kept_rows(values, rows, true)
    names = [as_shown(labels[k], terminal) for k in kept]
    start, bar = _widths(max(map(width, names)), columns)
    drawn = rightwards(parts_of(values[kept], bar), bar, terminal)
    for row, (k, name) in enumerate(zip(kept, told_apart(names, start - 3, terminal), strict=True)):
        color = colors.accent if k == chosen else colors.dim
        if k == true:
            write(cells, row, 0, "✓" if terminal.unicode else "*", colors.good)
        write(cells, row, 2, name, colors.accent if k == chosen else colors.text)
        cells.characters[row, start : start + bar] = drawn[row]
        cells.foreground[row, start : start + bar] = color
        write(cells, row, max(start, columns - _NUMBER), f"{values[k]:.3f}", color)
    if len(kept) < len(values):
        rest = len(values) - len(kept)
        write(cells, len(kept), 2, f"{rest} more, {values.sum() - values[kept].sum():.2f} in all", colors.dim)
    return cells


def kept_rows(values: NDArray[np.floating], rows: int, true: int | None) -> list[int]:
    """The classes that get a line each: all, or the most probable ones and the true one, in their order."""
    if len(values) <= rows:
        return list(range(len(values)))
    likeliest = sorted(range(len(values)), key=lambda k: (k != true, -values[k]))
    return sorted(likeliest[: max(1, rows - 1)])


def _widths(label: int, columns: int) -> tuple[int, int]:
    """Where bars start, behind the mark and the label, and how long they can be; labels give way first."""
    room = columns - 2 - 1 - 1 - _NUMBER
    label = max(min(label, _LEAST_LABEL), min(label, room // 2, room - _LEAST_BAR))
    bar = room - label
    return (3 + label, bar) if bar >= 2 else (max(3, columns - _NUMBER), 0)
