"""What the weights of networks are like."""

from collections.abc import Sequence

import keras
import numpy as np

from gan_tui.run.events import Weights
from gan_tui.run.recorder import Contents, Snapshot
from gan_tui.run.weight_statistics import statistics
from gan_tui.run.weights import kernel_tiles, named_weights

MOST_TO_READ = 8
"""Inputs and outputs of a dense layer whose weights are shown one by one."""


class WeightStatistics(Snapshot):
    """Shape, mean, standard deviation and histogram of every weight of every layer."""

    share = 0.004
    least_seconds = 1.0

    def __init__(self, networks: Sequence[keras.Model]) -> None:
        self._weights = [
            (f"{network.name}/{layer.name}/{name}", weight)
            for network in networks
            for layer in network.layers
            for name, weight in named_weights(layer)
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
            yield kernel_tiles(layer.name, np.asarray(layer.kernel.value)[None], 1e-3)
