"""Our way through a network against Keras's own."""

from collections.abc import Callable
from functools import partial
from typing import Any

import keras
import numpy as np
import pytest
import tensorflow as tf

from gan_tui.training.fast import dense, forward
from gan_tui.training.fast.compiled import compiled


def _values_and_gradients(network: keras.Sequential, run: Callable[[Any], Any], x: Any) -> list[Any]:
    with tf.GradientTape() as tape:
        tape.watch(x)
        y = run(x)
        total = tf.reduce_sum(y * tf.sin(y))
    return [y, *tape.gradient(total, [x, *(weight.value for weight in network.trainable_variables)])]


def both_ways(layers: list[keras.layers.Layer], shape: tuple[int, ...] = (5, 7, 3)) -> None:
    keras.utils.set_random_seed(3)
    network = keras.Sequential([keras.Input(shape), *layers])
    for weight in network.weights:
        weight.assign(keras.random.normal(weight.shape, stddev=0.1 if weight.shape.rank == 2 else 1.0, seed=4))
    x = tf.constant(np.random.default_rng(0).normal(size=(2, *shape)).astype(np.float32))
    found = []
    for run in (lambda x: network(x, training=False), lambda x: forward.run(network, x, training=False)):
        found.append(compiled(partial(_values_and_gradients, network, run))(x))
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
    of = keras.layers
    both_ways([of.Dense(256), of.LeakyReLU(0.2), layer(of), of.LeakyReLU(0.2), of.Dense(1)], (300,))  # type: ignore[operator]
    both_ways([layer(of)], (300,))  # type: ignore[operator]


def test_large_is_large_by_its_weights() -> None:
    network = keras.Sequential([keras.Input((256,)), keras.layers.Dense(512), keras.layers.Dense(100)])
    assert [dense.is_large(layer, tf.zeros((2, 256))) for layer in network.layers] == [True, False]


@pytest.mark.parametrize(
    "layer",
    [
        lambda of: of.BatchNormalization(),
        lambda of: of.SpectralNormalization(of.Conv2D(2, 2)),
        lambda of: of.TimeDistributed(of.BatchNormalization()),
    ],
)
def test_what_rests_gives_the_same_and_stays_as_it_is(layer: Callable[[Any], keras.layers.Layer]) -> None:
    network = keras.Sequential([keras.Input((5, 7, 3)), layer(keras.layers), keras.layers.Dropout(0.5, seed=1)])
    x = tf.constant(np.random.default_rng(0).normal(size=(2, 5, 7, 3)).astype(np.float32))
    before, seed = network.get_weights(), np.array(network.layers[-1].seed_generator.state)
    rested = forward.run(network, x, training=True, resting=True)
    for weight, was in zip(network.get_weights(), before, strict=True):
        assert weight.tobytes() == was.tobytes()
    assert not np.array_equal(network.layers[-1].seed_generator.state, seed), "what is drawn goes on"
    network.layers[-1].seed_generator.state.assign(seed)
    np.testing.assert_array_equal(network(x, training=True), rested)
    assert any(weight.tobytes() != was.tobytes() for weight, was in zip(network.get_weights(), before, strict=True))


def test_what_keeps_outputs_small_counts_whichever_way_is_taken() -> None:
    large = keras.layers.Dense(512, activity_regularizer="l2")
    enlarged = keras.layers.Conv2D(4, 3, padding="same", activity_regularizer="l2")
    for layers, shape in (([large], (300,)), ([keras.layers.UpSampling2D(2), enlarged], (5, 7, 3))):
        network = keras.Sequential([keras.Input(shape), *layers])
        forward.run(network, tf.ones((2, *shape)), training=True)
        assert len(network.losses) == 1
