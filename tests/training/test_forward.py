"""Our way through a network against Keras's own."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from gan_tui.training import dense, forward


def both_ways(layers: list[keras.layers.Layer], shape: tuple[int, ...] = (5, 7, 3)) -> None:
    keras.utils.set_random_seed(3)
    network = keras.Sequential([keras.Input(shape), *layers])
    for weight in network.weights:
        weight.assign(keras.random.normal(weight.shape, seed=4))
    x = tf.constant(np.random.default_rng(0).normal(size=(2, *shape)).astype(np.float32))
    found = []
    for run in (lambda x: network(x, training=False), lambda x: forward.run(network, x, training=False)):
        with tf.GradientTape() as tape:
            tape.watch(x)
            y = run(x)
            total = tf.reduce_sum(y * tf.sin(y))
        sources = [x, *(weight.value for weight in network.trainable_variables)]
        found.append([y, *tape.gradient(total, sources)])
    for keras_has, ours in zip(*found, strict=True):
        np.testing.assert_allclose(ours, keras_has, rtol=1e-3, atol=1e-3)


@pytest.mark.parametrize("kind", [keras.layers.Conv2D, keras.layers.Conv2DTranspose])
@pytest.mark.parametrize("size", [1, 2, 3, 4, 5, (3, 5), 7])
@pytest.mark.parametrize("factor", [2, 3])
def test_values_and_gradients_are_those_of_keras(kind: type, size: object, factor: int) -> None:
    both_ways([keras.layers.UpSampling2D(factor), kind(4, size, padding="same", activation="tanh")])


@pytest.mark.parametrize(
    "layers",
    [
        lambda of: [of.UpSampling2D(2, interpolation="bilinear"), of.Conv2D(4, 3, padding="same")],
        lambda of: [of.UpSampling2D((2, 1)), of.Conv2D(4, 3, padding="same")],
        lambda of: [of.UpSampling2D(2), of.Conv2DTranspose(4, 3, strides=2, padding="same")],
        lambda of: [of.UpSampling2D(2), of.Conv2D(4, 3)],
        lambda of: [of.UpSampling2D(2), of.UpSampling2D(2), of.Conv2D(4, 3, padding="same", use_bias=False)],
        lambda of: [of.Conv2D(4, 3), of.BatchNormalization(), of.UpSampling2D(2)],
    ],
)
def test_what_cannot_be_joined_is_left_to_keras(layers: object) -> None:
    both_ways(layers(keras.layers))  # type: ignore[operator]


@pytest.mark.parametrize(
    "layer",
    [
        lambda of: of.Dense(512, activation="tanh"),
        lambda of: of.Dense(512, use_bias=False),
        lambda of: of.Dense(512, activation="relu", bias_initializer="ones"),
    ],
)
def test_large_dense_layers_are_those_of_keras(layer: object) -> None:
    layers = [keras.layers.Dense(8), layer(keras.layers), keras.layers.LeakyReLU(0.2), keras.layers.Dense(1)]  # type: ignore[operator]
    both_ways(layers, (300,))
    both_ways([layer(keras.layers)], (300,))  # type: ignore[operator]
    assert dense.is_large(keras.Sequential([keras.Input((300,)), layer(keras.layers)]).layers[0], tf.zeros((2, 300)))  # type: ignore[operator]
