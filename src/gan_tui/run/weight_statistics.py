"""What numbers in an array are like, as the event `weights` has it."""

from typing import Any

import numpy as np

BINS = 40
"""Bins of a histogram of weights."""


def extent(values: Any) -> tuple[float, float]:
    """The least and the greatest of the values that are finite; zeros without any."""
    finite = values[np.isfinite(values)]
    return (float(finite.min()), float(finite.max())) if finite.size else (0.0, 0.0)


def statistics(values: Any) -> dict[str, Any]:
    """Of an array of weights; weights that are not finite are left out of all but the shape."""
    finite = values[np.isfinite(values)].astype(np.float64)  # float32 has too few numbers, and no large squares
    low, high = extent(finite)
    half = max(0.5, 1e-9 * abs(low))  # of a range for weights that are all the same
    counts, _ = np.histogram(finite, BINS, (low, high) if low < high else (low - half, low + half))
    mean, std = (float(finite.mean()), float(finite.std())) if finite.size else (0.0, 0.0)
    shape = list(values.shape)
    return {"shape": shape, "mean": mean, "std": std, "low": low, "high": high, "counts": counts.tolist()}
