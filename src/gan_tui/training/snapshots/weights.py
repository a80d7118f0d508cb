"""What the weights of networks are like."""

from collections.abc import Sequence
from typing import Any

import keras
import numpy as np

from gan_tui.run.events import Weights
from gan_tui.run.pictures import Tiles
from gan_tui.run.recorder import Contents, Snapshot

BINS = 40
"""Bins of a histogram of weights."""
MOST_TO_READ = 8
"""Inputs and outputs of a dense layer whose weights are shown one by one."""


class WeightStatistics(Snapshot):
    """Shape, mean, standard deviation and histogram of every weight of every layer."""

    share = 0.004
    least_seconds = 1.0

    def __init__(self, networks: Sequence[keras.Model]) -> None:
        self._weights = [
            (f"{network.name}/{layer.name}/{weight.name}", weight)
            for network in networks
            for layer in network.layers
            for weight in layer.weights
        ]

    def draw(self) -> Contents:
        found = {name: statistics(np.asarray(weight.value)) for name, weight in self._weights}
        yield lambda step: Weights(step, found)


class SmallKernels(Snapshot):
    """The weights of dense layers that have so few of them that each can be read: a row for each input."""

    share = 0.002
    least_seconds = 1.0

    def __init__(self, network: keras.Model) -> None:
        self._layers = [
            layer
            for layer in network.layers
            if isinstance(layer, keras.layers.Dense) and max(layer.kernel.shape) <= MOST_TO_READ
        ]

    def draw(self) -> Contents:
        for layer in self._layers:
            yield kernel_tiles(layer, np.asarray(layer.kernel.value)[None], 1e-3)


def kernel_tiles(layer: keras.Layer, kernels: Any, least: float) -> Tiles:
    """(kernels, height, width) of a layer's weights, on a scale around zero that ends at `least` or beyond."""
    most = max(least, *map(abs, extent(kernels)))
    return Tiles.of_numbers(f"kernels-{layer.name}", "kernels", kernels[..., None], -most, most, fine=True)


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
