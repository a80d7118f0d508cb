"""From a preset to Keras models and optimizers."""

from collections.abc import Mapping
from itertools import chain
from typing import Any

import keras

from gan_tui.presets import Network
from gan_tui.training import environment
from gan_tui.training.fast import optimizers
from gan_tui.training.models import strided_pixels

environment.settle()


def build_network(network: Network) -> keras.Sequential:
    """A Keras model with the preset's layers, each under the preset's name for it."""
    shapes = [network.input, *(row.output_shape for row in network.rows)]
    layers = chain.from_iterable(map(strided_pixels.made, network.layers, shapes))
    return keras.Sequential([keras.Input(network.input), *layers], name=network.name)


def build_optimizer(settings: Mapping[str, Any]) -> keras.optimizers.Optimizer:
    """The optimizer the settings describe; a decay makes its rate learning_rate / (1 + decay × step)."""
    rate: Any = settings["learning_rate"]
    if settings["learning_rate_decay"]:
        rate = keras.optimizers.schedules.InverseTimeDecay(
            rate, decay_steps=1, decay_rate=settings["learning_rate_decay"]
        )
    if settings["optimizer"] == "adam":
        return optimizers.adam(rate, settings["beta_1"])
    return optimizers.rmsprop(rate) if settings["optimizer"] == "rmsprop" else keras.optimizers.SGD(rate)
