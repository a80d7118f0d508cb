"""Networks that begin with the weights of others: those of a file that Keras saved, and those of a run."""

import dataclasses
import json
import shutil
from pathlib import Path

import keras
import numpy as np
import pytest
from safetensors.numpy import load_file

from files import old_run
from gan_tui import presets
from gan_tui.errors import UserError
from gan_tui.presets import Network, Preset, saved, saved_presets
from gan_tui.presets.layer_table import layer_rows
from gan_tui.presets.networks import read_networks
from gan_tui.presets.saved.networks import network_of
from gan_tui.presets.start import Start
from gan_tui.presets.starting_weights import begun_with
from gan_tui.training import starting_weights
from gan_tui.training.models.build import build_network
from product import state_of
from training_tasks import assert_same_arrays, attempt, in_chunks, last_checkpoint, stop_at, task_of

layers = keras.layers


@pytest.fixture(scope="module")
def images(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """60 images of 8 × 8 in three classes."""
    path, random = tmp_path_factory.mktemp("data") / "images.npz", np.random.default_rng(1)
    np.savez(path, x=random.integers(0, 256, (60, 8, 8), np.uint8), y=np.arange(60) % 3)
    return path


def with_weights_of_its_own(model: keras.Model) -> keras.Model:
    """With weights and moving averages that no model begins with."""
    random = np.random.default_rng(2)
    model.set_weights([random.uniform(0.1, 1, weight.shape).astype(np.float32) for weight in model.weights])
    return model


def small_cnn() -> keras.Model:
    return keras.Sequential(
        [
            keras.Input((8, 8, 1)),
            layers.Conv2D(3, 3, name="stem"),
            layers.BatchNormalization(name="normal"),
            layers.ReLU(),
            layers.Dropout(0.25),
            layers.Flatten(),
            layers.Dense(3, "softmax", name="head"),
        ],
        name="anything",
    )


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("models") / "small.keras"
    with_weights_of_its_own(small_cnn()).save(path)
    return path


def branched() -> keras.Model:
    given = keras.Input((8, 8, 2))
    base = keras.Sequential([keras.Input((8, 8, 2)), layers.Conv2D(4, 3, padding="same")], name="base")
    one = layers.BatchNormalization(name="one")(base(given))
    two = layers.Conv2DTranspose(4, 2, padding="same", name="two")(given)
    both = layers.Concatenate()([layers.Add()([one, two]), one])
    return keras.Model(given, layers.Dense(2, name="end")(layers.GlobalAveragePooling2D()(layers.Dropout(0.5)(both))))


def with_layers_in_layers() -> keras.Model:
    return keras.Sequential(
        [
            keras.Input((6, 4)),
            layers.Normalization(),
            layers.Bidirectional(layers.LSTM(3, return_sequences=True)),
            layers.TimeDistributed(layers.BatchNormalization()),
            layers.SeparableConv1D(5, 3, depth_multiplier=2),
            layers.PReLU(),
            layers.GRU(4, return_sequences=True, recurrent_dropout=0.2),
            layers.RMSNormalization(),
            layers.SimpleRNN(3, dropout=0.5),
            layers.SpectralNormalization(layers.Dense(2)),
        ]
    )


def attending() -> keras.Model:
    words = keras.Input((5,))
    x = layers.Embedding(9, 8)(words)
    x = layers.LayerNormalization()(layers.Add()([x, layers.MultiHeadAttention(2, 3, dropout=0.1)(x, x)]))
    x = layers.GroupQueryAttention(4, 2, 1)(x, x)
    return keras.Model(words, layers.Dense(2)(layers.Attention(use_scale=True)([x, x])))


@pytest.mark.prove
@pytest.mark.parametrize("make", [small_cnn, branched, with_layers_in_layers, attending])
def test_a_network_of_a_file_answers_as_the_model_that_was_saved(make: object, tmp_path: Path) -> None:
    model = with_weights_of_its_own(make())
    model.save(tmp_path / "net.keras")
    read = saved.read(tmp_path / "net.keras")
    network = build_network(read.network)
    start = Start.of("net.keras", {f"{read.network.name}/{name}": array for name, array in read.weights().items()})
    said = starting_weights.take([network], start)
    count = sum(bool(row.parameters) for row in read.network.rows)
    assert said == [f"The weights are taken from net.keras: of {count} of {count} layers."]
    x = np.random.default_rng(3).integers(0, 9, (5, *model.input_shape[1:])).astype(np.float32)
    assert np.array_equal(network.predict(x, verbose=0), model.predict(x, verbose=0))


def in_short(network: Network) -> Network:
    """The same without activations that are none."""
    return dataclasses.replace(
        network,
        layers=tuple(
            dataclasses.replace(layer, arguments={k: v for k, v in layer.arguments.items() if v != "linear"})
            for layer in network.layers
        ),
    )


@pytest.mark.parametrize("name", [preset.name for preset in presets.every()[0]])
def test_what_keras_would_save_of_a_bundled_preset_is_the_preset_again(name: str) -> None:
    for network in presets.find(name).networks:
        config = json.loads(json.dumps(keras.saving.serialize_keras_object(build_network(network))))
        (again,) = read_networks({network.name: network_of(config).table()}, (network.name,))
        assert told(again) == told(in_short(network))
        assert again.sources == network.sources and again.output == network.output


def told(network: Network) -> object:
    """The rows of its table; in Keras's own order where there are branches."""
    rows = layer_rows(network)
    return rows if network.is_stack else {row["name"]: {**row, "from": ()} for row in rows}


@pytest.mark.prove
def test_a_run_begins_with_the_weights_of_a_file_and_goes_on_exactly(file: Path, images: Path, tmp_path: Path) -> None:
    preset = saved_presets.preset_of(saved.read(file), str(images), None).with_settings({"batch_size": 8, "epochs": 2})
    original = keras.models.load_model(file)
    task = task_of(preset)
    for layer in original.layers:
        for one, other in zip(layer.weights, task.networks[0].get_layer(layer.name).weights, strict=True):
            assert np.array_equal(one, other), layer.name
    whole, parts = (
        presets.new_run(preset, tmp_path / "runs", "whole"),
        presets.new_run(preset, tmp_path / "runs", "parts"),
    )
    assert_same_arrays(task.arrays(), task_of(presets.of_run(whole)).arrays())
    attempt(whole, presets.of_run(whole))
    attempt(parts, presets.of_run(parts), stop_at(5))
    (parts.path / "start.safetensors").write_bytes(b"other")  # a checkpoint has all that follows
    attempt(parts, presets.of_run(parts))
    assert state_of(whole).state == state_of(parts).state == "finished"
    assert_same_arrays(last_checkpoint(whole), last_checkpoint(parts))
    shutil.rmtree(parts.checkpoints)
    with pytest.raises(UserError, match="are not those that the run began with; restore them"):
        attempt(parts, presets.of_run(parts))


def test_a_run_begins_with_those_of_another_with_a_new_optimizer(tmp_path: Path) -> None:
    first = presets.new_run(presets.find("xor").with_settings({"steps": 30, "optimizer": "adam"}), tmp_path, "first")
    attempt(first, presets.of_run(first))
    begun = begun_with(presets.find("xor").with_settings({"optimizer": "adam", "seed": 7}), "first@30", tmp_path)
    task, kept = task_of(begun), last_checkpoint(first)
    assert task.begun_with == ["The weights are taken from first at step 30: of 3 of 3 layers."]
    arrays = task.arrays()
    assert all(np.array_equal(arrays[name], kept[name]) for name in arrays if name.startswith("classifier/"))
    slots = [name for name in arrays if "momentum" in name or "velocity" in name]
    assert slots and not any(arrays[name].any() for name in slots)


def test_a_repeat_of_another_seed_begins_with_them_too(file: Path, images: Path) -> None:
    preset = saved_presets.preset_of(saved.read(file), str(images), None).with_settings({"batch_size": 8})
    task = task_of(preset)
    begun = task.weights()
    in_chunks(task, 4, 2)
    task.restart(preset.with_settings({"seed": 7}))
    assert all(np.array_equal(one, other) for one, other in zip(begun, task.weights(), strict=True))


def headed(preset: Preset, **head: object) -> Preset:
    """The preset with another last layer, and nothing to begin with."""
    document = preset.as_document()
    document.pop("start")
    document["networks"]["classifier"]["layers"][-1] |= head
    return presets.from_document(document, "headed")


def test_what_does_not_fit_begins_anew_and_is_told(file: Path, images: Path, tmp_path: Path) -> None:
    preset = saved_presets.preset_of(saved.read(file), str(images), None)
    begun = begun_with(headed(preset, name="other"), str(file), tmp_path)
    assert task_of(begun).begun_with == [
        "The weights are taken from small.keras: of 2 of 3 layers.",
        "Begun anew: other (not there).",
        "Left there: head.",
    ]
    begun = begun_with(headed(preset, name="head", units=3, use_bias=False), str(file), tmp_path)
    assert task_of(begun).begun_with == [
        "The weights are taken from small.keras: of 2 of 3 layers.",
        "Begun anew: head (2 arrays there, 1 here).",
    ]
    wider = keras.Sequential([keras.Input((4,)), layers.Dense(3, name="a"), layers.Dense(5, name="b")], name="net")
    arrays = {"net/a/0.kernel": np.ones((4, 3)), "net/a/1.bias": np.ones(3), "net/b/0.kernel": np.ones((3, 2))}
    start = Start.of("net", {**arrays, "net/b/1.bias": np.ones(2)})
    assert starting_weights.take([wider], start) == [
        "The weights are taken from net: of 1 of 2 layers.",
        "Begun anew: b (3 × 2 there, 3 × 5 here).",
    ]
    first = {name: array for name, array in arrays.items() if name.startswith("net/a/")}
    assert starting_weights.take([wider], Start.of("net", first, {"net/b": "9", "net/c": "3 × 2"})) == [
        "The weights are taken from net: of 1 of 2 layers.",
        "Begun anew: b (9 there, 3 × 5 here).",
        "Left there: c.",
    ]
    with pytest.raises(UserError, match=r"Nothing of net fits: a \(4 × 2 there, 4 × 3 here\), b \(not there\)"):
        starting_weights.take([wider], Start.of("net", {"net/a/0.kernel": np.ones((4, 2)), "net/a/1.bias": np.ones(2)}))


def test_frozen_layers_stay_as_they_came_to_the_bit_while_the_others_learn(
    file: Path, images: Path, tmp_path: Path
) -> None:
    """Batch normalization stands still, too: it takes the averages that came with it, and does not move them."""
    document = saved_presets.preset_of(saved.read(file), str(images), None).as_document()
    document.pop("start")
    stem, normalization, *_, head = document["networks"]["classifier"]["layers"]
    stem["trainable"] = normalization["trainable"] = False
    head["name"] = "anew"
    document["settings"] |= {"batch_size": 8, "epochs": 2, "optimizer": "adam"}
    folder = presets.new_run(begun_with(presets.from_document(document, "tuned"), str(file), tmp_path), tmp_path)
    task, _ = attempt(folder, presets.of_run(folder))
    original, tuned = keras.models.load_model(file), task.networks[0]
    for name in ("stem", "normal"):
        for one, other in zip(original.get_layer(name).weights, tuned.get_layer(name).weights, strict=True):
            assert np.asarray(one).tobytes() == np.asarray(other).tobytes(), (name, one.name)
    begun = task_of(presets.of_run(folder)).networks[0].get_layer("anew").get_weights()
    assert not np.array_equal(begun[0], tuned.get_layer("anew").get_weights()[0])
    assert presets.of_run(folder).networks[0].trainable == sum(int(np.prod(w.shape)) for w in tuned.trainable_weights)
    kept = last_checkpoint(folder)
    assert not [name for name in kept if name.startswith("optimizer/") and "stem" in name], (
        "and cost no optimizer slots"
    )


def test_a_generators_average_begins_with_the_weights_that_the_generator_does(tmp_path: Path) -> None:
    old_run("stopped", "pair", tmp_path)
    pair = presets.read(tmp_path / "pair/preset.toml", begun=True).with_settings({"generator_average": 0.9})
    task = task_of(begun_with(pair, "pair", tmp_path))
    kept = load_file(tmp_path / "pair/checkpoints/000000036/state.safetensors")
    for name, array in task.arrays().items():
        if name.startswith("generator_average/"):
            assert np.array_equal(array, kept[name.replace("_average", "", 1)]), name
    assert task.begun_with == ["The weights are taken from pair at step 36: of 5 of 5 layers."]
