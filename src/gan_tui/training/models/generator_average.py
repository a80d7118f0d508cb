"""A generator with the moving average of another's weights: what it makes is steadier from step to step.

"The Unusual Effectiveness of Averaging in GAN Training", 2018, https://arxiv.org/abs/1806.04498. At first the average
follows sooner: after n steps it keeps no more than (1 + n) / (10 + n) of itself, else it would long remember what
training began with.
"""

from dataclasses import replace
from typing import Any

import keras
import tensorflow as tf

from gan_tui.presets import Network
from gan_tui.training.models.build import build_network

NAME = "generator_average"


class GeneratorAverage:
    """The averaged generator, which a checkpoint holds as a network of its own."""

    def __init__(self, network: Network, generator: keras.Model, kept: float) -> None:
        """`kept` is the share of the average that each step keeps."""
        self.network = build_network(replace(network, name=NAME))
        self._generator, self._kept = generator, kept
        self.begin()

    def begin(self) -> None:
        """Be what the generator is now."""
        self.network.set_weights(self._generator.get_weights())

    def follow(self, steps: Any) -> None:
        """Move towards the generator as it is after so many steps; its moving averages are averaged, too."""
        steps = tf.cast(steps, tf.float32)
        moved = 1.0 - tf.minimum(self._kept, (1.0 + steps) / (10.0 + steps))
        for average, weight in zip(self.network.weights, self._generator.weights, strict=True):
            average.assign_sub(moved * (average - weight))
