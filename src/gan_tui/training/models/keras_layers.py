"""From a layer as presets write it to Keras's: its class, and objects of Keras's own classes for what it is given.

An initializer without a seed draws one from Python's generator when it is made, which a run's seed begins: so the
numbers that a network begins with depend on the order in which its layers are made, and on nothing else.
"""

from collections.abc import Callable, Mapping, Sequence
from functools import wraps
from typing import Any

import keras

from gan_tui.presets import Layer
from gan_tui.presets.layers import WRAPS, split
from gan_tui.presets.layers.random_images import KINDS as RANDOM_IMAGES
from gan_tui.presets.layers.weights import OF_WEIGHTS, class_name

_MODULES = {
    "initializer": keras.initializers, "regularizer": keras.regularizers, "constraint": keras.constraints,
}  # fmt: skip
assert _MODULES.keys() == OF_WEIGHTS.keys()


def keras_layer(kind: str, name: str, arguments: Mapping[str, Any]) -> keras.layers.Layer:
    """Keras's layer of a kind; `stand_still` does what `trainable` asks for, once it is built."""
    given = {key: _value(key, value) for key, value in arguments.items() if key not in (WRAPS, "trainable")}
    if wraps := arguments.get(WRAPS):
        inner, its = split(wraps)
        given["layer"] = keras_layer(inner, inner.lower(), its)
    layer: keras.layers.Layer = getattr(keras.layers, kind)(name=name, **given)
    for part in layer._flatten_layers():
        if isinstance(part, keras.layers.RNN) or type(part).__name__ in RANDOM_IMAGES:
            part.call = _drawing_in_training(part.call)
    return layer


def _drawing_in_training(call: Callable[..., Any]) -> Callable[..., Any]:
    """A layer's `call` that leaves its random state as it is, but in training.

    Keras's recurrent layers, and many of those that change images, draw numbers each time, though they use them in
    training alone: then whoever looks at a network, whenever that is, would change how it goes on to learn.
    """

    @wraps(call)
    def called(*given: Any, **how: Any) -> Any:
        if how.get("training", True):
            return call(*given, **how)
        with keras.StatelessScope():  # what is assigned in it is not kept
            return call(*given, **how)

    return called


def stand_still(model: keras.Model, layers: Sequence[Layer]) -> None:
    """Take what is not to be trained out of a model's trainable variables; batch normalization stands still, too."""
    for layer in layers:
        if layer.arguments.get("trainable") is False:
            model.get_layer(layer.name).trainable = False
        elif layer.arguments.get(WRAPS, {}).get("trainable") is False:
            for held in model.get_layer(layer.name)._flatten_layers(include_self=False):
                held.trainable = False


def _value(key: str, value: Any) -> Any:
    what = key.rpartition("_")[2]
    if what in _MODULES:
        given = dict(value) if isinstance(value, Mapping) else {"name": value}
        return getattr(_MODULES[what], class_name(given.pop("name")))(**given)
    if key == "noise_shape":
        return (None, *value)
    return value
