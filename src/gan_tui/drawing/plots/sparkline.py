"""A course in one line of characters, as high as its values are between the least and the most of them."""

from collections.abc import Sequence

import numpy as np

from gan_tui.drawing.plots.eighths import PARTS, glyphs
from gan_tui.drawing.terminal import Terminal


def sparkline(values: Sequence[float | None], columns: int, terminal: Terminal) -> str:
    """A character a value, of more than there are columns one for the mean of neighbours; a blank where there is none.

    What is no finite number is a blank as well. Values that are all the same lie at the bottom.
    """
    numbers = np.array([np.nan if value is None else value for value in values], np.float64)
    numbers[~np.isfinite(numbers)] = np.nan
    if columns <= 0 or np.isnan(numbers).all():
        return ""
    if len(numbers) > columns:
        parts = np.array_split(numbers, columns)
        numbers = np.array([np.nan if np.isnan(part).all() else np.nanmean(part) for part in parts])
    low, high = np.nanmin(numbers), np.nanmax(numbers)
    with np.errstate(over="ignore", invalid="ignore"):  # of what has exploded, the span is beyond all numbers
        shares = (numbers / 2 - low / 2) / max(high / 2 - low / 2, 1e-300)
    levels = 1 + np.rint(np.clip(np.nan_to_num(shares), 0, 1) * (PARTS - 1)).astype(np.intp)
    return "".join(glyphs(terminal)[np.where(np.isnan(numbers), 0, levels)].tolist())
