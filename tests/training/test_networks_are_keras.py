"""The layer tables that need no TensorFlow are, row for row, those of the model that Keras builds."""

import dataclasses
import inspect
import os
import subprocess
import sys
from pathlib import Path

import keras
import numpy as np
import pytest
import tomli_w

from gan_tui import presets
from gan_tui.presets import Network, keras_names, sizes
from gan_tui.presets.layers import ACTIVATIONS, KINDS, checked_arguments, layer_row
from gan_tui.presets.networks import network_document, read_networks
from gan_tui.training.models.build import build_network, build_optimizer
from gan_tui.training.models.tape import TapeClassifier
from layers_are_keras import assert_layer_is_keras, network_of_one
from random_layers import drawn
from training_tasks import preset_with


def assert_rows_are_keras(network: Network) -> None:
    model, names = build_network(network), [row.name for row in network.rows]
    assert model.input_shape == (None, *network.input)
    added = {name for layer in model.layers if (name := layer.name) in network.inputs or name.endswith("-strides")}
    built = [layer.name for layer in model.layers if layer.name not in added]
    assert built == names if network.is_stack else set(built) == set(names)
    for row in network.rows:
        layer = model.get_layer(row.name)
        assert row.kind == type(layer).__name__
        assert row.output_shape == tuple(layer.output.shape[1:]), row
        assert row.parameters == layer.count_params(), row
        assert row.trainable == sum(int(np.prod(weight.shape)) for weight in layer.trainable_weights), row
    assert network.parameters == model.count_params()


@pytest.mark.parametrize(
    "name", ["xor", "fashion-cnn", "resnet-small", "gan", "dcgan", "dcgan-small", "dcgan-64", "autoencoder"]
)
def test_every_row_of_every_preset(name: str) -> None:
    for network in presets.find(name).networks:
        assert_rows_are_keras(network)


@pytest.mark.parametrize(
    ("name", "shape"),
    [("fashion-cnn", (9, 33, 3)), ("fashion-cnn-avgpool", (31, 9, 1)), ("shapes", (15, 8, 3)), ("gan", (5, 7, 3)),
     ("resnet-small", (9, 1, 3)), ("dcgan-small", (12, 20, 3)), ("dcgan-small", (4, 4, 1)),
     ("autoencoder", (8, 20, 3)), ("dcgan-64", (32, 48, 1))],
)  # fmt: skip
def test_every_row_of_networks_that_follow_other_data(name: str, shape: tuple[int, int, int]) -> None:
    preset = presets.find(name)
    facts = dataclasses.replace(preset.facts, shape=shape)
    for network in read_networks(sizes.put_in(preset.tables, facts), preset.rules.networks):
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


def test_many_kinds_of_layers_in_one_network() -> None:
    network = network_of(EVERY_KIND)
    assert_rows_are_keras(network)
    assert build_network(network)(np.zeros((2, 28, 28, 1), np.float32)).shape == (2, 10), "and it runs"


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_of_layer_that_a_preset_may_use(kind: str) -> None:
    """Of a few arguments drawn at random; tests/prove has hundreds of each kind."""
    random = np.random.default_rng(list(KINDS).index(kind))
    assert_layer_is_keras(kind, *drawn(kind, random), trained=False)


# Convolutions of single pixels with strides ---------------------------------------------------------------


def single_pixels(kind: str, **arguments: object) -> Network:
    layers = [
        {"layer": "UpSampling2D"},
        {"layer": kind, "filters": 8, "kernel_size": 1, **arguments},
        {"layer": "GlobalAveragePooling2D"},
        {"layer": "Dense", "units": 10, "activation": "softmax"},
    ]
    return network_of(layers)


@pytest.mark.parametrize("padding", ["valid", "same"])
@pytest.mark.parametrize("strides", [2, [1, 3], [3, 2]])
@pytest.mark.parametrize("kind", ["Conv2D", "Conv2DTranspose"])
def test_single_pixels_with_strides_are_what_the_layer_is_by_definition(
    kind: str, strides: object, padding: str
) -> None:
    network = single_pixels(kind, strides=strides, padding=padding)
    model = build_network(network)
    layer = model.get_layer(kind.lower())
    bias = np.arange(8, dtype=np.float32)
    layer.bias.assign(bias)
    x = np.random.default_rng(0).random((2, 28, 28, 1), np.float32)
    down, across = (strides, strides) if isinstance(strides, int) else strides  # type: ignore[misc]
    large = x.repeat(2, 1).repeat(2, 2)
    if kind == "Conv2D":
        expected = large[:, ::down, ::across] * np.asarray(layer.kernel)[0, 0, 0] + bias
    else:
        expected = np.zeros((2, 56 * down, 56 * across, 8), np.float32) + bias
        expected[:, ::down, ::across] += large * np.asarray(layer.kernel)[0, 0, :, 0]
    given = keras.Model(model.inputs[0], layer.output)(x)
    assert given.shape[1:] == network.rows[1].output_shape
    np.testing.assert_allclose(given, expected, rtol=1e-5, atol=1e-6)
    assert [weight.path.split("/")[-2:] for weight in layer.weights] == [[layer.name, "kernel"], [layer.name, "bias"]]


@pytest.mark.parametrize("rank", [1, 3])
@pytest.mark.parametrize("transposed", [False, True])
def test_so_are_single_places_of_sequences_and_volumes(rank: int, transposed: bool) -> None:
    shape, strides = (4, 6, 5)[:rank], (2, 3, 2)[:rank]
    kind = f"Conv{rank}D{'Transpose' if transposed else ''}"
    layer = {"filters": 3, "kernel_size": 1, "strides": list(strides)}
    model = build_network(network_of_one(kind, [(*shape, 2)], layer))
    kernel = np.asarray(model.get_layer("it").kernel)
    x = np.random.default_rng(0).random((2, *shape, 2), np.float32)
    every = (slice(None), *(slice(None, None, stride) for stride in strides))
    if transposed:
        expected = np.zeros((2, *(n * stride for n, stride in zip(shape, strides, strict=True)), 3), np.float32)
        expected[every] = x @ kernel.reshape(3, 2).T
    else:
        expected = x[every] @ kernel.reshape(2, 3)
    np.testing.assert_allclose(model(x), expected, rtol=1e-5, atol=1e-6)


def test_the_tape_engine_computes_single_pixels_with_strides_as_keras_does() -> None:
    document = presets.find("conv10-tape").as_document()
    conv = {"layer": "Conv2D", "filters": 4, "kernel_size": 1, "strides": [2, 3], "activation": "tanh"}
    document["networks"]["classifier"]["layers"] = [conv, {"layer": "Flatten"}, {"layer": "Dense", "units": 10}]
    tape = TapeClassifier(presets.from_document(document, "tape"))
    x = np.random.default_rng(0).random((3, 28, 28, 1), np.float32)
    np.testing.assert_allclose(tape.logits(x), tape.network(x), rtol=1e-4, atol=1e-5)


TRAINED = """
import sys
import numpy as np
from training_tasks import in_chunks, task_of
from gan_tui import presets
for file in sys.argv[2:]:
    task = task_of(presets.find(file))
    assert np.isfinite(in_chunks(task, 20, 5)).all()
    task.networks[0].save(sys.argv[1])
"""
PREDICTED = """
import sys
import keras, numpy as np
network = keras.saving.load_model(sys.argv[1])
print(network.predict(np.ones((32, *network.input_shape[1:]), np.float32), verbose=0).shape)
"""


@pytest.mark.prove
def test_they_train_and_a_saved_network_predicts_elsewhere_where_onednn_would_crash(
    few_images: Path, tmp_path: Path
) -> None:
    files = []
    document = presets.find("fashion-cnn").as_document()
    document["settings"] |= {"batch_size": 32, "data_folder": str(few_images), "validation_split": 0.0}
    document["settings"] |= {"patience": 0, "restore_best": False}
    for kind in ("Conv2D", "Conv2DTranspose"):
        document["networks"]["classifier"] = network_document(single_pixels(kind, strides=2))
        files.append(tmp_path / f"{kind.lower()}.toml")
        files[-1].write_text(tomli_w.dumps(document))
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    for code, words in ((TRAINED, [*map(str, files)]), (PREDICTED, [])):
        command = [sys.executable, "-c", code, str(tmp_path / "saved.keras"), *words]
        ended = subprocess.run(command, env=environment, capture_output=True, text=True)
        assert ended.returncode == 0, ended.stderr[-2000:]
    assert ended.stdout == "(32, 10)\n"


# What presets accept is what Keras builds ------------------------------------------------------------------

SHAPES = [(6,), (5, 4), (7, 6, 3), (1, 1, 2), (2, 3, 4, 2)]
SIZES = [1, 3, [2, 3]]
CONVOLUTIONS = [
    {"filters": 2, "kernel_size": size, **strides, **padding}
    for size in SIZES
    for strides in ({}, {"strides": 2}, {"strides": [1, 3]})
    for padding in ({}, {"padding": "same"}, {"padding": "valid"})
]
WINDOWS = [
    {**size, **strides, **padding}
    for size in ({}, *({"pool_size": size} for size in SIZES))
    for strides in ({}, {"strides": 1}, {"strides": [3, 2]})
    for padding in ({}, {"padding": "same"})
]
ARGUMENTS: dict[str, list[dict[str, object]]] = {
    "Dense": [{}, {"units": 3}, {"units": 3, "use_bias": False}, {"units": 1, "activation": "relu"}],
    "Conv2D": [{"filters": 2}, *CONVOLUTIONS],
    "Conv2DTranspose": [{"kernel_size": 2}, *CONVOLUTIONS],
    "MaxPooling2D": WINDOWS,
    "AveragePooling2D": WINDOWS,
    "UpSampling2D": [{}, *({"size": size} for size in SIZES), {"interpolation": "bilinear"}],
    "GlobalAveragePooling2D": [{}],
    "Flatten": [{}],
    "Reshape": [{}, {"target_shape": [6]}, {"target_shape": [2, 1]}, {"target_shape": [4, 5]}],
    "Dropout": [{}, {"rate": 0}, {"rate": 0.999}],
    "BatchNormalization": [{}, {"momentum": 0}, {"momentum": 1, "epsilon": 1e-9}],
    "Activation": [{}, *({"activation": name} for name in ACTIVATIONS)],
    "ReLU": [{}, {"max_value": 0}, {"max_value": 1e9, "negative_slope": 1}],
    "LeakyReLU": [{}, {"negative_slope": 0}, {"negative_slope": 1}],
}


def of_presets(kind: str, arguments: dict[str, object], shape: tuple[int, ...]) -> tuple[object, ...] | None:
    """(output shape, trainable parameters, others); None where it is refused."""
    try:
        row = layer_row("it", kind, (shape,), checked_arguments(kind, arguments))
    except ValueError:
        return None
    return row.output_shape, row.trainable, row.fixed


def of_keras(kind: str, arguments: dict[str, object], shape: tuple[int, ...]) -> tuple[object, ...] | None:
    try:
        arguments = {name: tuple(value) if isinstance(value, list) else value for name, value in arguments.items()}
        model = keras.Sequential([keras.Input(shape), getattr(keras.layers, kind)(**arguments)])
    except (TypeError, ValueError, IndexError):
        return None
    if min(model.output_shape[1:]) < 1:
        return None  # Keras builds it, and it gives no number
    counts = (sum(int(np.prod(each.shape)) for each in weights)
              for weights in (model.trainable_weights, model.non_trainable_weights))  # fmt: skip
    trainable, fixed = counts
    return model.output_shape[1:], trainable, fixed


@pytest.mark.parametrize("kind", ARGUMENTS)
def test_a_layer_is_accepted_with_just_the_arguments_that_keras_builds_it_with(kind: str) -> None:
    differing = []
    for arguments in ARGUMENTS[kind]:
        for shape in SHAPES:
            ours, theirs = of_presets(kind, arguments, shape), of_keras(kind, arguments, shape)
            if ours != theirs:
                differing.append((arguments, shape, ours, theirs))
    assert differing == []


def test_the_names_that_keras_has_are_those_of_keras() -> None:
    def is_layer(name: str) -> bool:
        thing = getattr(keras.layers, name)
        return isinstance(thing, type) and issubclass(thing, keras.layers.Layer) and thing is not keras.layers.Layer

    theirs = {name for name in dir(keras.layers) if is_layer(name)}
    first = {name for name in theirs if getattr(keras.layers, name).__name__ == name}
    assert first <= keras_names.LAYERS <= theirs | {"Wrapper"}
    for other, name in keras_names.OTHER_NAMES.items():
        assert getattr(keras.layers, other) is getattr(keras.layers, name)
    assert {name for name in dir(keras.activations) if name.islower() and name[0] != "_"} - {
        "get", "serialize", "deserialize", "activations",
    } == keras_names.ACTIVATIONS  # fmt: skip
    assert {name.lower() for name in dir(keras.optimizers)} >= set(keras_names.OPTIMIZERS)
    for kind, known in KINDS.items():
        parameters = inspect.signature(getattr(keras.layers, kind).__init__).parameters
        lacked = set(parameters) - {"self", "args", "kwargs", "name", *known.arguments}
        assert {name for name in lacked if not keras_names.refused_argument(name)} == _IDLE.get(kind, set()), kind
        assert not {*known.arguments} - {*parameters} - _OF_EVERY_LAYER, kind
    assert {*KINDS} | {name for name in keras_names.LAYERS if keras_names.refused_layer(name)} == keras_names.LAYERS


_IDLE = {"Discretization": {"epsilon"}}
"""Arguments that change nothing, as others are."""
_OF_EVERY_LAYER = {"activity_regularizer", "seed", "data_format"}
"""Arguments that some of Keras's layers take by way of those that they are made of."""


@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_every_activation_is_known_to_keras(activation: str) -> None:
    hidden = {"layer": "Dense", "units": 10, "activation": activation}
    layers = [{"layer": "Flatten"}, hidden, {"layer": "Activation", "activation": "softmax"}]
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
