"""Optimizers in one operation a variable against Keras's own."""

from collections.abc import Callable

import keras
import numpy as np
import pytest

from gan_tui.training.fast import optimizers

SAME = [
    (keras.optimizers.Adam, optimizers.adam, {"beta_1": 0.9}),
    (keras.optimizers.Adam, optimizers.adam, {"beta_1": 0.5}),
    (keras.optimizers.RMSprop, optimizers.rmsprop, {}),
]


@pytest.mark.parametrize(("of_keras", "ours", "settings"), SAME)
def test_a_network_learns_the_same_as_with_the_optimizer_of_keras(
    of_keras: Callable, ours: Callable, settings: dict[str, float]
) -> None:
    random = np.random.default_rng(0)
    x, y = random.normal(size=(64, 6)).astype(np.float32), random.normal(size=(64, 3)).astype(np.float32)
    trained = []
    for optimizer in (of_keras, ours):
        keras.utils.set_random_seed(1)
        rate = keras.optimizers.schedules.InverseTimeDecay(1e-2, decay_steps=1, decay_rate=0.01)
        model = keras.Sequential([keras.Input((6,)), keras.layers.Dense(8, "tanh"), keras.layers.Dense(3)])
        model.compile(optimizer(rate, **settings), "mse")
        model.fit(x, y, batch_size=16, epochs=8, shuffle=False, verbose=0)
        trained.append([*model.get_weights(), *(variable.numpy() for variable in model.optimizer.variables)])
    for keras_has, we_have in zip(*trained, strict=True):
        np.testing.assert_allclose(we_have, keras_has, rtol=1e-3, atol=1e-5)


@pytest.mark.parametrize(("of_keras", "ours", "settings"), SAME)
def test_it_has_the_class_and_the_variables_that_saved_networks_and_checkpoints_know(
    of_keras: Callable, ours: Callable, settings: dict[str, float]
) -> None:
    weight = keras.Variable(np.zeros(3, np.float32), name="kernel")
    built = [of_keras(0.1, **settings), ours(0.1, **settings)]
    for optimizer in built:
        optimizer.build([weight])
    assert type(built[0]) is type(built[1])
    names = [[variable.name for variable in optimizer.variables] for optimizer in built]
    assert names[0] == names[1]
