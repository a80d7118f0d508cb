"""Networks as ONNX: what ONNX Runtime computes with them, and what the files say of themselves."""

import json
import math
from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest

from files import old_run
from gan_tui import presets
from gan_tui.errors import UserError
from gan_tui.presets import Network
from gan_tui.presets.networks import read_networks
from gan_tui.run import checkpoint
from gan_tui.training.models.build import build_network
from product import gan_tui
from training_tasks import attempt, small_gan

WHY = "it needs ONNX: pip install 'gan-tui[onnx]'"
onnx = pytest.importorskip("onnx", reason=WHY)
onnxruntime = pytest.importorskip("onnxruntime", reason=WHY)
pytest.importorskip("tf2onnx", reason=WHY)
from gan_tui.training import onnx_apart, onnx_export, onnx_network  # noqa: E402 (once it is known to be there)

EQUAL = 1e-5
LARGE = ("dcgan", "dcgan-64")
"""Too large to be converted in seconds; their layers are those of dcgan-small."""
PRESETS = sorted({path.stem for path in presets.bundled_folder().glob("*.toml")} - {*LARGE})

KINDS = ("autoencoder", "cgan", "conv10", "dcgan-small", "regression", "resnet-small", "xor")
"""What `make test` converts: one of each kind; `make numbers` converts all."""


def with_moving_averages(network: Network) -> keras.Model:
    """A model whose moving averages are others than those that it begins with."""
    model, random = build_network(network), np.random.default_rng(2)
    for variable in model.non_trainable_variables:
        if "moving" in variable.name:
            variable.assign(random.uniform(0.5, 1, variable.shape))
    return model


def apart(network: Network, tmp_path: Path) -> float:
    """How far the numbers are that both compute, in batches of two sizes."""
    told = onnx_network.Told(presets.find("xor"), network, "night", 7, {})
    return onnx_network.write(with_moving_averages(network), told, tmp_path / "network.onnx")


@pytest.mark.parametrize(
    "name", [name if name in KINDS else pytest.param(name, marks=pytest.mark.prove) for name in PRESETS]
)
def test_the_networks_of_every_preset_compute_the_same(name: str, tmp_path: Path) -> None:
    for network in presets.find(name).networks:
        assert apart(network, tmp_path) <= EQUAL, network.name


@pytest.mark.parametrize(
    ("theirs", "ours", "far"),
    [
        ([1.0, 2.0], [1.0, 2.0], 0.0), ([1.0, 3.0], [1.0, 4.0], 0.25), ([0.0, 0.5], [0.0, 0.25], 0.25),
        ([math.nan, 1.0], [0.5, 1.0], math.inf), ([0.5], [math.nan], math.inf), ([math.inf], [1.0], math.inf),
        ([math.inf], [-math.inf], math.inf), ([math.nan, math.inf, 1.0], [math.nan, math.inf, 1.0], 0.0),
    ],
)  # fmt: skip
def test_what_is_no_number_is_never_close_to_one(theirs: list[float], ours: list[float], far: float) -> None:
    assert onnx_apart.apart(np.array(theirs, np.float32), np.array(ours, np.float32)) == far


LAYERS = {
    "attention": [{"layer": "Reshape", "target_shape": [64, 4]},
                  {"layer": "MultiHeadAttention", "name": "look", "num_heads": 2, "key_dim": 4,
                   "from": ["reshape_1", "reshape_1"]},
                  {"layer": "LayerNormalization"}],
    "recurrent": [{"layer": "Reshape", "target_shape": [64, 4]}, {"layer": "LSTM", "units": 5}],
    "residual": [{"layer": "Conv2D", "name": "first", "filters": 4, "kernel_size": 3, "padding": "same", "groups": 2},
                 {"layer": "BatchNormalization"}, {"layer": "ReLU"}, {"layer": "Add", "from": ["first", "re_lu_1"]}],
    "enlarging": [{"layer": "UpSampling2D", "interpolation": "bilinear"},
                  {"layer": "Conv2DTranspose", "filters": 3, "kernel_size": 4, "strides": 2, "padding": "same"}],
    "regularized": [{"layer": "Conv2D", "filters": 3, "kernel_size": 1, "strides": 2, "activation": "gelu",
                     "activity_regularizer": "l2"}, {"layer": "Dropout", "rate": 0.5},
                    {"layer": "GaussianNoise", "stddev": 1.0}, {"layer": "RandomFlip"}],
}  # fmt: skip


def network_of(layers: list[dict[str, Any]]) -> Network:
    named = [{"name": f"{layer['layer'].lower().replace('relu', 're_lu')}_1", **layer} for layer in layers]
    (network,) = read_networks({"it": {"input": [8, 8, 4], "layers": named}}, ("it",))
    return network


@pytest.mark.parametrize("kind", LAYERS)
def test_layers_of_every_family_compute_the_same(kind: str, tmp_path: Path) -> None:
    assert apart(network_of(LAYERS[kind]), tmp_path) <= EQUAL


def test_what_onnx_cannot_compute_is_named(tmp_path: Path) -> None:
    network = network_of([{"layer": "Discretization", "bin_boundaries": [0.5]}])
    with pytest.raises(UserError, match="the it computes what ONNX has no operation for: Bucketize"):
        apart(network, tmp_path)


# A run's --------------------------------------------------------------------------------------------------


def session_of(file: Path) -> Any:
    return onnxruntime.InferenceSession(str(file), providers=["CPUExecutionProvider"])


def said_by(session: Any) -> dict[str, str]:
    return dict(session.get_modelmeta().custom_metadata_map)


def test_a_pair_is_exported_from_the_shell_as_files_that_explain_themselves(runs: Path, tmp_path: Path) -> None:
    folder = old_run("stopped", "pair", runs)
    done = gan_tui("export", "pair", "--onnx", str(tmp_path / "pair.onnx"))
    files = [tmp_path / "pair-generator.onnx", tmp_path / "pair-discriminator.onnx"]
    assert (done.returncode, done.stdout.splitlines()) == (0, [str(file) for file in files])
    step = int(checkpoint.complete_folders(folder.checkpoints)[0].name)
    assert done.stderr.startswith(f"The generator and discriminator after {step:,} steps; ONNX Runtime's numbers are")
    assert sorted(tmp_path.glob("*.onnx")) == sorted(files)
    generator, discriminator = map(session_of, files)
    preset = presets.of_run(folder)
    (latent,), (image,) = generator.get_inputs(), generator.get_outputs()
    assert (latent.name, latent.shape) == ("latent", ["batch", *preset.network("generator").input])
    assert (image.name, image.shape) == ("image", ["batch", *preset.network("generator").output])
    assert [given.name for given in discriminator.get_inputs()] == ["image"]
    assert [given.name for given in discriminator.get_outputs()] == ["probability"]
    told = said_by(generator)
    assert (told["run"], told["step"], told["preset"], told["network"]) == ("pair", str(step), preset.name, "generator")
    assert json.loads(told["image_range"]) == list(preset.settings["image_range"])
    drawn = np.random.default_rng(0).standard_normal((5, *preset.network("generator").input), np.float32)
    (made,) = generator.run(None, {"latent": drawn})
    kept = keras.saving.load_model(checkpoint.complete_folders(folder.checkpoints)[0] / "generator.keras")
    assert np.abs(made - np.asarray(kept(drawn, training=False))).max() <= EQUAL


def test_a_file_that_is_there_is_not_replaced_unless_asked_for(runs: Path, tmp_path: Path) -> None:
    old_run("finished", "xor", runs)
    (file := tmp_path / "xor.onnx").write_text("mine")
    done = gan_tui("export", "xor", "--onnx", str(file))
    assert (done.returncode, file.read_text()) == (2, "mine")
    assert gan_tui("export", "xor", "--onnx", str(file), "--force").returncode == 0
    assert [given.name for given in session_of(file).get_outputs()] == ["probabilities"]


def test_averaged_weights_are_exported_too_and_an_earlier_step_where_it_is_named(
    runs: Path, few_images: Path, tmp_path: Path
) -> None:
    preset = small_gan(few_images, generator_average=0.9, steps=2, autosave_epochs=1)
    attempt(folder := presets.new_run(preset, runs, "average"), preset)
    done = onnx_export.written(folder, tmp_path, None)
    assert (done["step"], done["networks"]) == (2, ["generator", "discriminator", "generator_average"])
    generators = [session_of(tmp_path / f"{name}.onnx") for name in ("generator", "generator_average")]
    drawn = np.random.default_rng(0).standard_normal((2, *preset.networks[0].input), np.float32)
    made, averaged = (generator.run(None, {"latent": drawn})[0] for generator in generators)
    assert np.abs(made - averaged).max() > 0


def test_weights_that_do_not_fit_are_refused(runs: Path, tmp_path: Path) -> None:
    folder = old_run("finished", "xor", runs)
    text = folder.preset_file.read_text()
    folder.preset_file.write_text(text.replace("units = 4", "units = 5"))
    assert folder.preset_file.read_text() != text
    with pytest.raises(UserError, match=r"The checkpoint lacks classifier/.* in the shape"):
        onnx_export.written(folder, tmp_path, None)
