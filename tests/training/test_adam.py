"""Adam in one operation against Keras's own."""

import keras
import numpy as np
import pytest

from gan_tui.training.adam import Adam


@pytest.mark.parametrize("beta_1", [0.5, 0.9])
def test_a_network_learns_the_same_as_with_the_adam_of_keras(beta_1: float) -> None:
    random = np.random.default_rng(0)
    x, y = random.normal(size=(64, 6)).astype(np.float32), random.normal(size=(64, 3)).astype(np.float32)
    trained = []
    for kind in (keras.optimizers.Adam, Adam):
        keras.utils.set_random_seed(1)
        rate = keras.optimizers.schedules.InverseTimeDecay(1e-2, decay_steps=1, decay_rate=0.01)
        model = keras.Sequential([keras.Input((6,)), keras.layers.Dense(8, "tanh"), keras.layers.Dense(3)])
        model.compile(kind(rate, beta_1=beta_1), "mse")
        model.fit(x, y, batch_size=16, epochs=25, shuffle=False, verbose=0)
        trained.append([*model.get_weights(), *(variable.numpy() for variable in model.optimizer.variables)])
    for keras_has, ours in zip(*trained, strict=True):
        np.testing.assert_allclose(ours, keras_has, rtol=1e-4, atol=1e-6)


def test_its_variables_have_the_names_that_checkpoints_know() -> None:
    weight = keras.Variable(np.zeros(3, np.float32), name="kernel")
    optimizer, of_keras = Adam(), keras.optimizers.Adam()
    optimizer.build([weight])
    of_keras.build([weight])
    assert [v.name for v in optimizer.variables] == [v.name for v in of_keras.variables]
