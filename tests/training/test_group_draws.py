"""What is drawn at random in a group is what one process draws for the whole batch, whichever layer draws it."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import tensorflow as tf

from gan_tui.presets.groups import OF_ITS_FIRST
from gan_tui.presets.layers.random_images import KINDS as RANDOM_IMAGES
from gan_tui.training.fast import called
from gan_tui.training.fast.compiled import compiled
from gan_tui.training.group import draws, shares
from gan_tui.training.models.keras_layers import keras_layer

IMAGES, STEPS = (8, 8, 3), (5, 4)
GIVEN: dict[str, dict[str, Any]] = {
    "RandomCrop": {"height": 6, "width": 6}, "RandomZoom": {"height_factor": 0.3}, "RandomFlip": {},
    "RandomTranslation": {"height_factor": 0.3, "width_factor": 0.3}, "RandomShear": {"x_factor": 0.5},
    "RandomPosterization": {"factor": (2, 6)}, "RandomGaussianBlur": {"factor": 1.0}, "RandomPerspective": {},
    "Solarization": {"addition_factor": 0.5}, "RandomGrayscale": {}, "RandomErasing": {"factor": 1.0},
    "RandomColorJitter": {"brightness_factor": 0.5, "contrast_factor": 0.5}, "RandAugment": {},
}  # fmt: skip
OTHERS: list[tuple[str, dict[str, Any], tuple[int, ...]]] = [
    ("Dropout", {"rate": 0.4}, STEPS), ("Dropout", {"rate": 0.4, "noise_shape": (1, 4)}, STEPS),
    ("AlphaDropout", {"rate": 0.4}, STEPS), ("GaussianDropout", {"rate": 0.4}, STEPS),
    ("GaussianNoise", {"stddev": 0.5}, STEPS), ("SpatialDropout1D", {"rate": 0.5}, STEPS),
    ("SpatialDropout2D", {"rate": 0.5}, IMAGES),
    ("LSTM", {"units": 3, "dropout": 0.4, "recurrent_dropout": 0.4}, STEPS),
    ("GRU", {"units": 3, "dropout": 0.4}, STEPS), ("SimpleRNN", {"units": 3, "recurrent_dropout": 0.4}, STEPS),
    ("MultiHeadAttention", {"num_heads": 2, "key_dim": 3, "dropout": 0.4}, STEPS),
    ("TimeDistributed", {"wraps": {"layer": "Dropout", "rate": 0.4}}, STEPS),
    ("Bidirectional", {"wraps": {"layer": "LSTM", "units": 3, "dropout": 0.4}}, STEPS),
]  # fmt: skip
WHOLE = 6
"""Examples in a part of the batch."""


def shares_of(call: Callable[[Any], Any], variables: list[Any], x: np.ndarray, parts: int, replicas: int) -> np.ndarray:
    """What all replicas make of their rows, put together as the whole batch lies; all begin with the same states."""
    begins, made = [np.array(variable) for variable in variables], []
    for replica in range(replicas):

        def on_replica(x: Any, replica: int = replica) -> Any:
            share = shares.Share(tf.shape(x)[0], parts, replica, replicas)
            with shares.taken(share):
                return call(share.rows(x))

        for variable, value in zip(variables, begins, strict=True):
            variable.assign(value)
        y = compiled(on_replica, input_signature=[tf.TensorSpec((None, *x.shape[1:]))])(tf.constant(x)).numpy()
        made.append(y.reshape(parts, -1, *y.shape[1:]))
    for variable, value in zip(variables, begins, strict=True):
        variable.assign(value)
    whole = np.concatenate(made, 1)
    return whole.reshape(-1, *whole.shape[2:])


def assert_shares_are_the_whole(kind: str, arguments: dict[str, Any], form: tuple[int, ...]) -> None:
    draws.install()
    parts = 2
    x = np.random.default_rng(0).random((parts * WHOLE, *form), np.float32)
    layer = keras_layer(kind, kind.lower(), arguments)

    def call(x: Any) -> Any:
        return called.on(layer, [x], training=True)

    call(tf.constant(x))
    whole = compiled(call, input_signature=[tf.TensorSpec((None, *form))])
    states = [np.array(variable) for variable in layer.variables]
    expected = whole(tf.constant(x)).numpy()
    for variable, value in zip(layer.variables, states, strict=True):
        variable.assign(value)
    made = shares_of(call, layer.variables, x, parts, replicas=2)
    np.testing.assert_allclose(made, expected, rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize(("kind", "arguments", "form"), OTHERS[:5])
def test_layers_that_leave_out_or_add_noise(kind: str, arguments: dict[str, Any], form: tuple[int, ...]) -> None:
    assert_shares_are_the_whole(kind, arguments, form)


@pytest.mark.prove
@pytest.mark.parametrize(("kind", "arguments", "form"), OTHERS[5:])
def test_all_other_layers_that_draw(kind: str, arguments: dict[str, Any], form: tuple[int, ...]) -> None:
    assert_shares_are_the_whole(kind, arguments, form)


@pytest.mark.prove
@pytest.mark.parametrize("kind", sorted(RANDOM_IMAGES.keys() - {OF_ITS_FIRST}))
def test_layers_that_change_images(kind: str) -> None:
    assert_shares_are_the_whole(kind, GIVEN.get(kind, {"factor": 0.5}), IMAGES)
