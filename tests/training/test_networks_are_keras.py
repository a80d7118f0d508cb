"""The layer tables that need no TensorFlow are, row for row, those of the model that Keras builds."""

import keras
import numpy as np
import pytest

from gan_tui import presets
from gan_tui.presets import Network
from gan_tui.presets.layers import ACTIVATIONS, KINDS
from gan_tui.training.models.build import build_network, build_optimizer
from training_tasks import preset_with


def assert_rows_are_keras(network: Network) -> None:
    model = build_network(network)
    assert model.input_shape == (None, *network.input)
    assert len(model.layers) == len(network.rows)
    for row, layer in zip(network.rows, model.layers, strict=True):
        assert row.name == layer.name
        assert row.kind == type(layer).__name__
        assert row.output_shape == tuple(layer.output.shape[1:]), row
        assert row.parameters == layer.count_params(), row
        assert row.trainable == sum(int(np.prod(weight.shape)) for weight in layer.trainable_weights), row
    assert network.parameters == model.count_params()


@pytest.mark.parametrize("name", ["xor", "fashion-cnn", "gan", "dcgan", "dcgan-small"])
def test_every_row_of_every_preset(name: str) -> None:
    for network in presets.find(name).networks:
        assert_rows_are_keras(network)


EVERY_KIND = [
    {"layer": "Conv2D", "filters": 4, "kernel_size": 3},
    {"layer": "Conv2D", "filters": 4, "kernel_size": [2, 3], "strides": 2, "padding": "same", "use_bias": False},
    {"layer": "BatchNormalization"},
    {"layer": "BatchNormalization", "momentum": 0.9, "epsilon": 0.01},
    {"layer": "ReLU", "max_value": 6},
    {"layer": "Conv2DTranspose", "filters": 3, "kernel_size": 5, "strides": 2, "padding": "same"},
    {"layer": "Conv2DTranspose", "filters": 3, "kernel_size": 4, "strides": 3},
    {"layer": "Conv2DTranspose", "filters": 3, "kernel_size": 2, "strides": 3, "use_bias": False},
    {"layer": "MaxPooling2D"},
    {"layer": "MaxPooling2D", "pool_size": 3, "strides": 2, "padding": "same"},
    {"layer": "AveragePooling2D", "pool_size": [2, 3]},
    {"layer": "AveragePooling2D", "pool_size": 2, "strides": 1},
    {"layer": "UpSampling2D", "size": [2, 1], "interpolation": "bilinear"},
    {"layer": "UpSampling2D"},
    {"layer": "Dense", "units": 5, "activation": "gelu"},
    {"layer": "Conv2D", "filters": 6, "kernel_size": 3, "strides": [2, 2]},
    {"layer": "LeakyReLU"},
    {"layer": "LeakyReLU", "negative_slope": 0.1},
    {"layer": "GlobalAveragePooling2D"},
    {"layer": "Reshape", "target_shape": [3, 2]},
    {"layer": "Dense", "units": 4, "use_bias": False},
    {"layer": "BatchNormalization"},
    {"layer": "Flatten"},
    {"layer": "Dropout", "rate": 0.5},
    {"layer": "Activation", "activation": "tanh"},
    {"layer": "Dense", "units": 10, "activation": "softmax"},
]


def network_of(layers: list[dict[str, object]]) -> Network:
    document = presets.find("fashion-cnn").as_document()
    document["networks"]["classifier"]["layers"] = layers
    return presets.from_document(document, "every-kind").networks[0]


def test_every_kind_of_layer_that_a_preset_may_use() -> None:
    assert {layer["layer"] for layer in EVERY_KIND} == set(KINDS)
    network = network_of(EVERY_KIND)
    assert_rows_are_keras(network)
    assert build_network(network)(np.zeros((2, 28, 28, 1), np.float32)).shape == (2, 10), "and it runs"


@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_every_activation_is_known_to_keras(activation: str) -> None:
    layers = [{"layer": "Flatten"}, {"layer": "Dense", "units": 10, "activation": activation}]
    output = build_network(network_of(layers))(np.ones((1, 28, 28, 1), np.float32))
    assert output.shape == (1, 10) and np.isfinite(output).all()


@pytest.mark.parametrize(
    ("name", "kind", "rate_at_1000"),
    [
        ("xor", "RMSprop", 0.001),
        ("fashion-cnn", "Adam", 0.001),
        ("gan", "Adam", 2e-4),
        ("dcgan", "RMSprop", 1e-4 / (1 + 3e-8 * 1000)),
    ],
)
def test_optimizers_are_the_articles(name: str, kind: str, rate_at_1000: float) -> None:
    optimizer = build_optimizer(presets.find(name).settings)
    assert type(optimizer).__name__ == kind
    optimizer.build([keras.Variable(0.0)])
    optimizer.iterations.assign(1000)
    assert float(optimizer.learning_rate) == pytest.approx(rate_at_1000, rel=1e-6)
    if name == "gan":
        assert optimizer.beta_1 == 0.5


def test_a_decay_is_inverse_in_time() -> None:
    optimizer = build_optimizer(preset_with("dcgan", learning_rate=0.1, learning_rate_decay=0.5).settings)
    optimizer.build([keras.Variable(0.0)])
    optimizer.iterations.assign(4)
    assert float(optimizer.learning_rate) == pytest.approx(0.1 / 3)
