"""Networks that are no plain stack: built as they are described, computed as Keras would, resumed and saved as any."""

from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest
import tensorflow as tf

from gan_tui import presets
from gan_tui.presets import Network
from gan_tui.presets.layers import KINDS, Merging, checked_arguments, layer_row
from gan_tui.presets.networks import read_networks
from gan_tui.run import checkpoint
from gan_tui.run.pictures import Tiles
from gan_tui.training.fast import called, forward
from gan_tui.training.models.build import build_network
from gan_tui.training.tasks import Task
from random_graphs import drawn
from training_tasks import assert_same_arrays, in_chunks, small_cnn, small_resnet, task_of

# What is described is what is built -------------------------------------------------------------------------


def assert_is_keras(network: Network) -> None:
    model = build_network(network)
    for row in network.rows:
        layer = model.get_layer(row.name)
        assert type(layer).__name__ == row.kind
        assert tuple(layer.output.shape[1:]) == row.output_shape, row
        assert (layer.count_params(), row.trainable) == (row.parameters, _count(layer.trainable_weights)), row
    assert model.count_params() == network.parameters
    assert [tensor.name for tensor in model.inputs] == list(network.inputs)


def _count(weights: list[Any]) -> int:
    return sum(int(np.prod(weight.shape)) for weight in weights)


@pytest.mark.parametrize("seed", range(3))
def test_every_row_of_random_graphs(seed: int) -> None:
    assert_is_keras(drawn(seed))


def test_a_stack_stays_sequential_and_a_graph_is_functional() -> None:
    assert isinstance(build_network(presets.find("xor").networks[0]), keras.Sequential)
    graph = build_network(presets.find("resnet-small").networks[0])
    assert isinstance(graph, keras.Model) and not isinstance(graph, keras.Sequential)
    assert graph.name == "classifier"


PLACES, OTHERS, IMAGE = (10, 16), (6, 16), (4, 3, 5)
HEADS = {"num_heads": 3, "key_dim": 4}
MERGED = [
    ("Add", [IMAGE, (1, 3, 1), IMAGE], {}),
    ("Multiply", [(4, 1), (1, 5)], {}),
    ("Subtract", [(5,), (1,)], {}),
    ("Average", [IMAGE, IMAGE, IMAGE, IMAGE], {}),
    ("Maximum", [(5, 1), (5, 4)], {}),
    ("Minimum", [IMAGE, (1, 1, 5)], {}),
    ("Concatenate", [(4, 3, 5), (2, 3, 5)], {"axis": 1}),
    ("Concatenate", [IMAGE, (4, 3, 2)], {"axis": -1}),
    ("Concatenate", [(4, 2, 5), IMAGE], {"axis": -2}),
    ("Dot", [(3, 5), (10, 3)], {"axes": [1, 2]}),
    ("Dot", [(8,), (8,)], {"axes": -1, "normalize": True}),
    ("Dot", [(4, 8), (8,)], {"axes": [2, 1]}),
    ("Dot", [IMAGE, (5, 2)], {"axes": [3, 1]}),
    ("Attention", [PLACES, OTHERS], {}),
    ("Attention", [PLACES, (6, 5), OTHERS], {"use_scale": True, "score_mode": "concat", "dropout": 0.1}),
    ("Attention", [(2, 3, 4), (2, 5, 4)], {}),
    ("AdditiveAttention", [PLACES, OTHERS], {}),
    ("AdditiveAttention", [PLACES, (6, 5), OTHERS], {"use_scale": False}),
    ("MultiHeadAttention", [PLACES], HEADS),
    ("MultiHeadAttention", [PLACES, (6, 5)], HEADS | {"value_dim": 7, "use_bias": False, "dropout": 0.2}),
    ("MultiHeadAttention", [PLACES, (6, 5), (6, 7)], HEADS | {"output_shape": [2, 3]}),
    ("MultiHeadAttention", [IMAGE, (2, 6, 5)], HEADS | {"use_gate": True}),
    ("MultiHeadAttention", [IMAGE, (4, 6, 5)], HEADS | {"attention_axes": [2]}),
    ("MultiHeadAttention", [IMAGE], HEADS | {"attention_axes": [1], "seed": 3}),
    ("MultiHeadAttention", [PLACES], HEADS | {"sliding_window": 3}),
    ("GroupQueryAttention", [PLACES], {"head_dim": 3, "num_query_heads": 4, "num_key_value_heads": 2}),
    ("GroupQueryAttention", [PLACES, OTHERS, (6, 7)],
     {"head_dim": 3, "num_query_heads": 4, "num_key_value_heads": 1, "use_gate": True, "use_bias": False}),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "shapes", "arguments"), MERGED, ids=[f"{row[0]}{n}" for n, row in enumerate(MERGED)])
def test_what_several_inputs_give_is_what_keras_gives(
    kind: str, shapes: list[tuple[int, ...]], arguments: dict[str, Any]
) -> None:
    checked = checked_arguments(kind, arguments)
    row = layer_row("it", kind, shapes, checked)
    layer = getattr(keras.layers, kind)(**checked)
    symbolic = called.on(layer, [keras.Input(shape) for shape in shapes])
    assert tuple(symbolic.shape[1:]) == row.output_shape
    assert (_count(layer.trainable_weights), layer.count_params()) == (row.trainable, row.parameters)
    given = called.on(layer, [tf.ones((2, *shape)) for shape in shapes], training=True)
    assert tuple(given.shape) == (2, *row.output_shape), "and it runs"


def test_every_kind_of_several_inputs_is_tried() -> None:
    assert {kind for kind, *_ in MERGED} == {kind for kind, known in KINDS.items() if isinstance(known, Merging)}


REFUSED = [
    ("Add", [IMAGE, (4, 3, 2)], {}),
    ("Concatenate", [IMAGE, (4, 2, 2)], {}),
    ("Concatenate", [IMAGE, (3, 5)], {}),
    ("Dot", [(3, 5), (10, 3)], {"axes": 1}),
    ("Attention", [PLACES, (6, 15)], {}),
    ("Attention", [PLACES, (6, 5), (7, 16)], {}),
    ("MultiHeadAttention", [PLACES, (6, 5), (7, 5)], HEADS),
    ("MultiHeadAttention", [IMAGE, (3, 6, 5)], HEADS | {"attention_axes": [2]}),
    ("GroupQueryAttention", [PLACES, (6, 5)], {"head_dim": 3, "num_query_heads": 4, "num_key_value_heads": 2}),
]


@pytest.mark.parametrize(("kind", "shapes", "arguments"), REFUSED)
def test_what_is_refused_keras_cannot_build_or_compute(
    kind: str, shapes: list[tuple[int, ...]], arguments: dict[str, Any]
) -> None:
    checked = checked_arguments(kind, arguments)
    with pytest.raises(ValueError):
        layer_row("it", kind, shapes, checked)
    layer = getattr(keras.layers, kind)(**checked)
    with pytest.raises((ValueError, tf.errors.InvalidArgumentError)):
        called.on(layer, [keras.Input(shape) for shape in shapes])
        called.on(layer, [tf.ones((2, *shape)) for shape in shapes])


# Computed sooner ------------------------------------------------------------------------------------------


def assert_forward_is_keras(network: Network, training: bool) -> None:
    keras.utils.set_random_seed(5)
    model = build_network(network)
    for weight in model.weights:
        if "seed" not in weight.name:
            weight.assign(keras.random.uniform(weight.shape, 0.1, 0.6, seed=4) * (0.1 if weight.shape.rank == 2 else 1))
    before = [np.array(weight) for weight in model.weights]
    numbers = np.random.default_rng(0)
    x: Any = [tf.constant(numbers.normal(size=(4, *shape)).astype(np.float32)) for shape in network.inputs.values()]
    x = x if len(x) > 1 else x[0]
    found = []
    for run in (lambda x: model(x, training=training), lambda x: forward.run(model, x, training)):
        model.set_weights(before)
        with tf.GradientTape() as tape:
            y = run(x)
            total = tf.reduce_sum(tf.tanh(y / 10))
        gradients = tape.gradient(total, [weight.value for weight in model.trainable_variables])
        found.append([y, *gradients, *map(np.array, model.non_trainable_variables)])
    for theirs, ours in zip(*found, strict=True):
        if theirs is None:
            assert ours is None
            continue
        np.testing.assert_allclose(ours, theirs, rtol=2e-3, atol=2e-3 * max(1.0, float(np.abs(theirs).max())))


@pytest.mark.parametrize("seed", range(20, 24))
def test_random_graphs_are_computed_as_keras_would(seed: int) -> None:
    assert_forward_is_keras(drawn(seed), training=bool(seed % 2))


def _network(layers: list[dict[str, Any]]) -> Network:
    (network,) = read_networks({"it": {"input": [5, 5, 8], "layers": layers}}, ("it",))
    return network


ENLARGED = {"layer": "UpSampling2D", "name": "large"}
CONVOLUTION = {"layer": "Conv2D", "filters": 8, "kernel_size": 5, "padding": "same", "name": "conv"}


@pytest.mark.parametrize(
    ("rest", "joined"),
    [
        ([CONVOLUTION], True),
        ([CONVOLUTION, {"layer": "Conv2D", "filters": 8, "kernel_size": 1, "from": "input", "name": "small"},
          {"layer": "UpSampling2D", "name": "other"}, {"layer": "Add", "from": ["conv", "other"]}], True),
        ([CONVOLUTION, {"layer": "Add", "from": ["conv", "large"]}], False),
    ],
)  # fmt: skip
def test_enlarging_is_left_to_a_convolution_only_where_nothing_else_takes_it(
    rest: list[dict[str, Any]], joined: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    network = _network([ENLARGED, *rest])
    made = list[int]()
    convolved = forward.upsampled_convolution.convolved
    monkeypatch.setattr(
        forward.upsampled_convolution, "convolved", lambda *given: (made.append(1), convolved(*given))[1]
    )
    assert_forward_is_keras(network, training=False)
    assert len(made) == joined


def test_a_resting_graph_keeps_its_averages() -> None:
    layers = [
        {"layer": "BatchNormalization", "name": "seen"},
        {"layer": "Add", "from": ["seen", "input"]},
        {"layer": "Flatten"},
    ]
    model = build_network(_network(layers))
    x = tf.constant(np.random.default_rng(0).normal(3, 2, (4, 5, 5, 8)).astype(np.float32))
    before = [np.array(weight) for weight in model.weights]
    resting = forward.run(model, x, training=True, resting=True)
    assert all((np.array(weight) == old).all() for weight, old in zip(model.weights, before, strict=True))
    np.testing.assert_allclose(resting, model(x, training=True), atol=1e-5)
    assert any((np.array(weight) != old).any() for weight, old in zip(model.weights, before, strict=True))


# Trained, shown, saved ------------------------------------------------------------------------------------


def test_a_pair_of_graphs_trains_and_shows_itself(few_images: Path) -> None:
    document = presets.find("dcgan-small").as_document()
    document["networks"] = {
        "generator": {"input": [8], "layers": [
            {"layer": "Dense", "units": 196}, {"layer": "Reshape", "target_shape": [7, 7, 4], "name": "seed"},
            {"layer": "Conv2D", "filters": 4, "kernel_size": 3, "padding": "same", "name": "body"},
            {"layer": "Add", "from": ["seed", "body"]},
            {"layer": "UpSampling2D", "size": 4},
            {"layer": "Conv2D", "filters": 1, "kernel_size": 3, "padding": "same", "activation": "sigmoid"},
        ]},
        "discriminator": {"input": [28, 28, 1], "layers": [
            {"layer": "Conv2D", "filters": 4, "kernel_size": 3, "strides": 4, "padding": "same", "name": "one"},
            {"layer": "BatchNormalization"}, {"layer": "LeakyReLU", "name": "two"},
            {"layer": "Concatenate", "from": ["one", "two"]}, {"layer": "Flatten"},
            {"layer": "Dense", "units": 1, "activation": "sigmoid"},
        ]},
    }  # fmt: skip
    document["settings"] |= {"batch_size": 16, "data_folder": str(few_images), "steps": 6}
    task = task_of(presets.from_document(document, "graphs"))
    assert np.isfinite(in_chunks(task, 6, 3)).all()
    assert task.learner.generate(tf.zeros((2, 8)), training=False).shape == (2, 28, 28, 1)  # type: ignore[attr-defined]
    for snapshot in task.snapshots:
        assert list(snapshot.draw())


@pytest.fixture(scope="module")
def resnet(few_images: Path) -> Task:
    """A residual network after a few steps."""
    task = task_of(small_resnet(few_images, epochs=1))
    in_chunks(task, 4, 2)
    return task


def test_everything_there_is_to_see_of_a_residual_network(resnet: Task) -> None:
    seen = [content for snapshot in resnet.snapshots for content in snapshot.draw()]
    tags = {content.tag for content in seen if isinstance(content, Tiles)}
    convolutions = {layer.name for layer in resnet.preset.networks[0].layers if layer.kind == "Conv2D"}
    assert tags >= {f"features-{name}" for name in convolutions} | {f"kernels-{name}" for name in convolutions}


def test_every_weight_of_attention_has_a_name_of_its_own(few_images: Path) -> None:
    layers = [
        {"layer": "Conv2D", "filters": 4, "kernel_size": 7, "strides": 7},
        {"layer": "Reshape", "target_shape": [16, 4], "name": "places"},
        {"layer": "MultiHeadAttention", "num_heads": 2, "key_dim": 2, "name": "looked"},
        {"layer": "Flatten"},
        {"layer": "Dense", "units": 10, "activation": "softmax"},
    ]
    document = small_cnn(few_images, epochs=1).as_document()
    document["networks"]["classifier"]["layers"] = layers
    task = task_of(presets.from_document(document, "attending"))
    (content,) = [content(1) for snapshot in task.snapshots[-1:] for content in snapshot.draw()]
    assert set(content.layers) >= {
        f"classifier/looked/{part}.{name}"
        for part in ("query", "key", "value", "attention_output")
        for name in ("kernel", "bias")
    }  # type: ignore[union-attr]
    assert {"classifier/conv2d/kernel", "classifier/dense/bias"} <= set(content.layers)  # type: ignore[union-attr]


@pytest.mark.prove
def test_a_residual_network_resumes_exactly(resnet: Task, tmp_path: Path) -> None:
    folder = checkpoint.save(tmp_path, 4, "asked", resnet.arrays(), resnet.networks)
    rows = in_chunks(resnet, 4, 4)
    fresh = task_of(resnet.preset)
    fresh.restore(checkpoint.read(folder))
    fresh.steps.go_to(4)
    assert in_chunks(fresh, 4, 1).tobytes() == rows.tobytes()
    assert_same_arrays(resnet.arrays(), fresh.arrays())


def test_a_saved_graph_is_the_same_network_for_plain_keras(resnet: Task, tmp_path: Path) -> None:
    folder = checkpoint.save(tmp_path, 4, "asked", resnet.arrays(), resnet.networks)
    saved = keras.saving.load_model(folder / "classifier.keras")
    images = resnet.dataset.train.inputs(np.arange(5))
    np.testing.assert_allclose(saved(images, training=False), resnet.networks[0](images, training=False), rtol=1e-4)
