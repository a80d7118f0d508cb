"""A layer's row of the table against the layer that Keras builds, which is also given numbers."""

from typing import Any

import keras
import numpy as np
import tensorflow as tf

from gan_tui.presets.networks import Network, read_networks
from gan_tui.training.models.build import build_network


def network_of_one(kind: str, shapes: list[tuple[int, ...]], arguments: dict[str, Any]) -> Network:
    layer: dict[str, Any] = {"layer": kind, "name": "it", **arguments}
    inputs = {f"input_{n}": list(shape) for n, shape in enumerate(shapes)}
    if len(shapes) > 1:
        layer["from"] = list(inputs)
        table: dict[str, Any] = {"inputs": inputs, "layers": [layer]}
    else:
        table = {"input": list(shapes[0]), "layers": [layer]}
    (network,) = read_networks({"it": table}, ("it",))
    return network


def assert_layer_is_keras(kind: str, shapes: list[tuple[int, ...]], arguments: dict[str, Any], trained: bool) -> None:
    """Shapes and parameters are Keras's, it computes, and looking changes nothing; `trained`: it has gradients, too."""
    network = network_of_one(kind, shapes, arguments)
    model = build_network(network)
    (row,), layer = network.rows, model.get_layer("it")
    assert type(layer).__name__ == {"GroupQueryAttention": "GroupedQueryAttention"}.get(kind, kind)
    assert row.output_shape == tuple(layer.output.shape[1:]), (row, layer.output.shape)
    assert row.parameters == layer.count_params(), row
    trainable = sum(int(np.prod(weight.shape)) for weight in model.trainable_weights)
    assert row.trainable == trainable, row
    random = np.random.default_rng(1)
    x = [random.uniform(0, 1, (2, *shape)).astype(np.float32) for shape in shapes]
    if "mbedding" in str(arguments) or kind == "Embedding":
        x = [np.ones_like(each) for each in x]
    with tf.GradientTape() as tape:
        y = model(x if len(x) > 1 else x[0], training=True)
        loss = tf.reduce_sum(tf.cast(y, tf.float32) ** 2)
    assert y.shape == (2, *row.output_shape), (y.shape, row)
    if trained and model.trainable_variables:
        gradients = tape.gradient(loss, model.trainable_variables)
        assert any(gradient is not None for gradient in gradients), "it cannot be trained"
    states = [np.array(variable) for variable in model.variables]
    model(x if len(x) > 1 else x[0], training=False)
    kept = [
        np.array_equal(state, variable, equal_nan=True) for state, variable in zip(states, model.variables, strict=True)
    ]
    assert all(kept), "who looks at it changes it"
    keras.backend.clear_session()
