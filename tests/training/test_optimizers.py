"""Optimizers in one operation a variable against Keras's own."""

from collections.abc import Callable
from functools import partial
from typing import Any

import keras
import numpy as np
import pytest
import tensorflow as tf

from gan_tui.training.fast.optimizers import fused

SAME = [
    (keras.optimizers.Adam, {"beta_1": 0.9}),
    (keras.optimizers.Adam, {"beta_1": 0.5, "beta_2": 0.9, "epsilon": 1e-4, "clipnorm": 0.5}),
    (keras.optimizers.RMSprop, {"rho": 0.7, "weight_decay": 0.01}),
]


def ours(of_keras: Callable, rate: Any, **settings: float) -> keras.optimizers.Optimizer:
    made = fused(of_keras(rate, **settings))
    assert "update_step" in vars(made), "one operation a variable"
    return made


@pytest.mark.parametrize(
    ("of_keras", "settings"),
    [SAME[1], *(pytest.param(*each, marks=pytest.mark.prove) for each in (SAME[0], *SAME[2:]))],
)
def test_a_network_learns_the_same_as_with_the_optimizer_of_keras(
    of_keras: Callable, settings: dict[str, float]
) -> None:
    random = np.random.default_rng(0)
    x, y = random.normal(size=(64, 6)).astype(np.float32), random.normal(size=(64, 3)).astype(np.float32)
    trained = []
    for optimizer in (of_keras, partial(ours, of_keras)):
        keras.utils.set_random_seed(1)
        rate = keras.optimizers.schedules.InverseTimeDecay(1e-2, decay_steps=1, decay_rate=0.01)
        model = keras.Sequential([keras.Input((6,)), keras.layers.Dense(8, "tanh"), keras.layers.Dense(3)])
        model.compile(optimizer(rate, **settings), "mse")
        model.fit(x, y, batch_size=16, epochs=8, shuffle=False, verbose=0)
        trained.append([*model.get_weights(), *(variable.numpy() for variable in model.optimizer.variables)])
    for keras_has, we_have in zip(*trained, strict=True):
        np.testing.assert_allclose(we_have, keras_has, rtol=1e-3, atol=1e-5)


ALSO = [
    (keras.optimizers.AdamW, {"weight_decay": 0.1}),
    (keras.optimizers.RMSprop, {"momentum": 0.9}),
    (keras.optimizers.Adamax, {"beta_2": 0.9}),
    (keras.optimizers.Adagrad, {}),
    (keras.optimizers.Adadelta, {"rho": 0.9}),
    (keras.optimizers.Ftrl, {"l1_regularization_strength": 0.01, "l2_regularization_strength": 0.1, "beta": 0.1}),
]


@pytest.mark.parametrize(("of_keras", "settings"), ALSO)
def test_it_takes_the_same_steps_as_that_of_keras(of_keras: Callable, settings: dict[str, float]) -> None:
    random = np.random.default_rng(0)
    first = random.normal(size=(20, 5)).astype(np.float32)
    gradients = random.normal(size=(10, 20, 5)).astype(np.float32)
    ended = []
    for optimizer in (of_keras(0.1, **settings), ours(of_keras, 0.1, **settings)):
        weight = keras.Variable(first)
        for gradient in gradients:
            optimizer.apply([tf.constant(gradient)], [weight])
        ended.append([weight.numpy(), *(variable.numpy() for variable in optimizer.variables)])
    for keras_has, we_have in zip(*ended, strict=True):
        np.testing.assert_allclose(we_have, keras_has, rtol=1e-5, atol=1e-5 * np.abs(keras_has).max())
    assert np.abs(ended[0][0] - first).max() > 1e-4, "steps were made"


@pytest.mark.parametrize(
    "told",
    [
        keras.optimizers.Adam(amsgrad=True), keras.optimizers.RMSprop(centered=True),
        keras.optimizers.Adagrad(initial_accumulator_value=0.0), keras.optimizers.Nadam(), keras.optimizers.SGD(),
    ],
    ids=lambda told: told.name,
)  # fmt: skip
def test_what_the_operations_do_not_compute_is_left_to_keras(told: keras.optimizers.Optimizer) -> None:
    assert "update_step" not in vars(fused(told))


@pytest.mark.parametrize(
    ("of_keras", "settings"), [SAME[0], *(pytest.param(*each, marks=pytest.mark.prove) for each in (ALSO[0], ALSO[3]))]
)
def test_so_do_rows_of_an_embedding_of_which_a_step_sees_few(of_keras: Callable, settings: dict[str, float]) -> None:
    random = np.random.default_rng(0)
    x, y = random.integers(0, 50, (16, 3)), random.normal(size=(16, 1)).astype(np.float32)
    trained = []
    for optimizer in (of_keras(1e-2, **settings), ours(of_keras, 1e-2, **settings)):
        keras.utils.set_random_seed(1)
        of = keras.layers
        model = keras.Sequential([keras.Input((3,)), of.Embedding(50, 4), of.Flatten(), of.Dense(1)])
        model.compile(optimizer, "mse", jit_compile=False)
        model.fit(x, y, batch_size=4, epochs=3, shuffle=False, verbose=0)
        trained.append(model.get_weights())
    for keras_has, we_have in zip(*trained, strict=True):
        np.testing.assert_allclose(we_have, keras_has, rtol=1e-3, atol=1e-5)


@pytest.mark.parametrize(("of_keras", "settings"), SAME + ALSO)
def test_it_has_the_class_and_the_variables_that_saved_networks_and_checkpoints_know(
    of_keras: Callable, settings: dict[str, float]
) -> None:
    weight = keras.Variable(np.zeros(3, np.float32), name="kernel")
    built = [of_keras(0.1, **settings), ours(of_keras, 0.1, **settings)]
    for optimizer in built:
        optimizer.build([weight])
    assert type(built[0]) is type(built[1])
    names = [[variable.name for variable in optimizer.variables] for optimizer in built]
    assert names[0] == names[1]
