"""From a preset to Keras models and optimizers."""

from itertools import chain

import keras

from gan_tui.presets import Network
from gan_tui.training import environment
from gan_tui.training.fast import called
from gan_tui.training.models import strided_pixels
from gan_tui.training.models.keras_layers import stand_still
from gan_tui.training.models.optimizers import build_optimizer

__all__ = ["build_network", "build_optimizer"]

environment.settle()


def build_network(network: Network) -> keras.Model:
    """A Keras model with the preset's layers, each under the preset's name for it; a stack of them is Sequential."""
    model = _stack(network) if network.is_stack else _graph(network)
    stand_still(model, network.layers)
    return model


def _stack(network: Network) -> keras.Model:
    shapes = [network.input, *(row.output_shape for row in network.rows)]
    layers = chain.from_iterable(map(strided_pixels.made, network.layers, shapes))
    return keras.Sequential([keras.Input(network.input), *layers], name=network.name)


def _graph(network: Network) -> keras.Model:
    """Layers are made in the preset's order, in which they draw their first weights."""
    inputs = {name: keras.Input(shape, name=name) for name, shape in network.inputs.items()}
    shapes = {**network.inputs, **{row.name: row.output_shape for row in network.rows}}
    made = dict(inputs)
    for layer in network.layers:
        sources = network.sources[layer.name]
        given = [made[source] for source in sources]
        for part in strided_pixels.made(layer, shapes[sources[0]]):
            given = [called.on(part, given)]
        (made[layer.name],) = given
    taken = list(inputs.values())
    return keras.Model(taken if len(taken) > 1 else taken[0], made[network.layers[-1].name], name=network.name)
