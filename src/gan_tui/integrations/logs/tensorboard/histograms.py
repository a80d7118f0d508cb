"""Histograms of TensorBoard, in equal bins, as the layers' pane draws them."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from gan_tui.integrations.logs.tensorboard.tensors import numbers, tensor
from gan_tui.integrations.logs.tensorboard.wire import BYTES, EIGHT_BYTES, fields

BINS = 30
"""As TensorBoard draws them."""
_LARGEST = 1e300
Numbers = NDArray[np.float64]


def of_summary(data: bytes, start: int, end: int) -> dict[str, Any]:
    """As the first version of summaries has it: bins of any width. Raises ValueError."""
    sums = {1: 0.0, 2: 0.0, 3: 0.0, 4: 0.0, 5: 0.0}  # least, greatest, count, sum, sum of squares
    arrays = {6: np.zeros(0), 7: np.zeros(0)}
    for number, wire, begin, after, _ in fields(data, start, end):
        if number in sums and wire == EIGHT_BYTES:
            sums[number] = float(np.frombuffer(data[begin:after], "<f8")[0])
        elif number in arrays and wire in (BYTES, EIGHT_BYTES):
            found = np.frombuffer(data[begin : begin + (after - begin) // 8 * 8], "<f8")
            arrays[number] = np.concatenate([arrays[number], found])
    low, high, count, total, squares = sums.values()
    rights, counts = arrays[6], arrays[7]
    if len(rights) != len(counts) or not len(counts):
        raise ValueError("not as many bins as ends of bins")
    lefts = np.concatenate([[min(low, rights[0])], rights[:-1]])
    mean = total / count if count > 0 else 0.0
    deviation = float(np.sqrt(max(0.0, squares / count - mean * mean))) if count > 0 else 0.0
    return _stats(np.clip(lefts, low, high), np.clip(rights, low, high), counts, low, high, mean, deviation)


def of_tensor(data: bytes, start: int, end: int) -> dict[str, Any]:
    """As the second version has it: rows of left, right, count. Raises ValueError."""
    rows = numbers(data, tensor(data, start, end))
    if rows.ndim != 2 or rows.shape[1] != 3 or not len(rows):
        raise ValueError("no rows of left, right, count")
    lefts, rights, counts = rows.T
    whole = max(float(counts.sum()), 1e-300)
    middles = (lefts + rights) / 2
    mean = float((middles * counts).sum() / whole)
    deviation = float(np.sqrt(max(0.0, ((middles - mean) ** 2 * counts).sum() / whole)))
    return _stats(lefts, rights, counts, float(lefts[0]), float(rights[-1]), mean, deviation)


def _stats(
    lefts: Numbers, rights: Numbers, counts: Numbers, low: float, high: float, mean: float, deviation: float
) -> dict[str, Any]:
    """As an event has it. Raises ValueError where numbers are not finite, or too large, or go down."""
    known = np.concatenate([lefts, rights, counts, [low, high, mean, deviation]])
    if not (np.isfinite(known).all() and (np.abs(known) < _LARGEST).all() and low <= high and (counts >= 0).all()):
        raise ValueError("no histogram")
    if (rights < lefts).any() or (np.diff(rights) < 0).any() or counts.sum() > 2**52:
        raise ValueError("bins that go back")
    bins = _evenly(lefts, rights, counts, low, high)
    return {
        "shape": [round(float(counts.sum()))], "mean": mean, "std": deviation, "low": low, "high": high,
        "counts": bins,
    }  # fmt: skip


def _evenly(lefts: Numbers, rights: Numbers, counts: Numbers, low: float, high: float) -> list[int]:
    """The counts in equal bins: each is spread evenly over its own bin."""
    widths = rights - lefts
    if len(counts) <= BINS and high > low and np.allclose(widths, (high - low) / len(counts), rtol=1e-4):
        return [round(count) for count in counts.tolist()]
    if high <= low:
        return [round(float(counts.sum()))]
    below = np.concatenate([[0.0], np.cumsum(counts)])
    ends = np.linspace(low, high, BINS + 1)
    places = np.concatenate([lefts[:1], rights])
    at_ends = np.interp(ends, places, below)
    at_ends[0], at_ends[-1] = 0.0, below[-1]
    return [int(count) for count in np.diff(np.round(at_ends))]
