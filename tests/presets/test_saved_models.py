"""Saved models: `.keras` files read without Keras; whatever gan-tui cannot take is said in one sentence, and not run."""

# ruff: noqa: E501 (a table reads best with a row a line)

import copy
import io
import json
import pickle
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import h5py
import numpy as np
import pytest

from files import OLD_RUNS
from gan_tui import presets
from gan_tui.errors import UserError
from gan_tui.presets import saved
from gan_tui.presets.layers import checked_arguments, layer_row
from gan_tui.presets.networks import read_networks
from gan_tui.presets.saved.networks import network_of
from keras_files import dense, functional, given, layer, sequential, weights, written

REAL = OLD_RUNS / "stopped/pair/checkpoints/000000036"


def refused(path: Path) -> str:
    """What is said of a model, of which the weights are read, too; it names the file, and is one sentence."""
    with pytest.raises(UserError) as caught:
        saved.read(path).weights()
    said = str(caught.value)
    assert path.name in said and "\n" not in said and said.endswith(".") and "Traceback" not in said
    return said


# What is read ------------------------------------------------------------


@pytest.mark.parametrize("name", ["generator", "discriminator"])
def test_a_network_that_a_run_has_saved_is_the_one_it_trained(name: str) -> None:
    model = saved.read(REAL / f"{name}.keras")
    trained = presets.read(OLD_RUNS / "stopped/pair/preset.toml", begun=True).network(name)
    assert [(row.name, row.kind, row.output_shape, row.trainable, row.fixed) for row in model.network.rows] == [
        (row.name, row.kind, row.output_shape, row.trainable, row.fixed) for row in trained.rows
    ]
    assert model.file.saved_with == "Keras 3.15.1, 2026-11-27"


def test_the_weights_are_those_of_the_checkpoint_beside_the_file() -> None:
    from safetensors.numpy import load_file

    kept = load_file(REAL / "state.safetensors")
    read = saved.read(REAL / "generator.keras").weights()
    assert read.keys() == {
        *(f"dense{n}/vars/{place}" for n in ("", "_1") for place in (0, 1)),
        *(f"batch_normalization/vars/{place}" for place in range(4)),
    }
    assert np.array_equal(read["dense_1/vars/0"], kept["generator/dense_1/0.kernel"])
    assert np.array_equal(read["batch_normalization/vars/3"], kept["generator/batch_normalization/3.moving_variance"])


def test_neither_keras_nor_tensorflow_is_loaded() -> None:
    program = (
        "import sys; from pathlib import Path; from gan_tui.presets import saved; "
        f"saved.read(Path({str(REAL / 'generator.keras')!r})).weights(); "
        "print([name for name in ('keras', 'tensorflow') if name in sys.modules])"
    )
    assert subprocess.run([sys.executable, "-c", program], capture_output=True, text=True).stdout.strip() == "[]"


def test_what_is_as_keras_would_have_it_anyway_is_left_out(tmp_path: Path) -> None:
    glorot = {"module": "keras.initializers", "class_name": "GlorotUniform", "config": {"seed": None, "axes": None},
              "registered_name": None}  # fmt: skip
    config = sequential(
        given(8, 8, 1),
        layer("Conv2D", "stem", filters=2, kernel_size=[3, 3], strides=[2, 2], padding="same", dilation_rate=[1, 1],
              groups=1, data_format="channels_last", activation="relu", use_bias=True, kernel_initializer=glorot,
              kernel_regularizer=None),
        layer("MaxPooling2D", "pool", pool_size=[2, 2], strides=[2, 2], padding="valid", data_format="channels_last"),
        layer("Dropout", "drop", rate=0.5, seed=7, noise_shape=None),
    )  # fmt: skip
    assert saved.read(written(tmp_path / "a.keras", config)).table() == {
        "input": [8, 8, 1],
        "layers": [
            {"layer": "Conv2D", "name": "stem", "filters": 2, "kernel_size": [3, 3], "strides": [2, 2],
             "padding": "same", "activation": "relu"},
            {"layer": "MaxPooling2D", "name": "pool", "pool_size": [2, 2]},
            {"layer": "Dropout", "name": "drop", "rate": 0.5},
        ],
    }  # fmt: skip


def test_branches_are_read_as_presets_write_them(tmp_path: Path) -> None:
    config = functional(
        {
            "given": (given(4, name="given"), []),
            "a/left": (dense("a/left", 3), ["given"]),
            "right": (dense("right", 3), ["given"]),
            "sum": (layer("Add", "sum"), ["a/left", "right"]),
            "end": (dense("end", 2, "softmax"), ["sum"]),
        },
        ["end"],
    )
    table = saved.read(written(tmp_path / "a.keras", config)).table()
    assert table["input"] == [4]
    assert [(each["name"], each.get("from")) for each in table["layers"]] == [
        ("a_left", None), ("right", "input"), ("sum", ["a_left", "right"]), ("end", None),
    ]  # fmt: skip


def test_what_a_normalization_found_in_data_is_written_out(tmp_path: Path) -> None:
    config = sequential(given(2), layer("Normalization", "x", axis=[-1], mean=None, variance=None), HEAD)
    arrays = {"layers/normalization/vars/0": [[0.1, 2]], "layers/normalization/vars/1": [[1, 4.5]],
              "layers/normalization/vars/2": 0, "layers/dense/vars/0": np.ones((2, 2)), "layers/dense/vars/1": [1, 1]}  # fmt: skip
    model = saved.read(written(tmp_path / "a.keras", config, weights(arrays)))
    assert model.table()["layers"][0] == {
        "layer": "Normalization", "name": "x", "mean": [0.1, 2.0], "variance": [1.0, 4.5],
    }  # fmt: skip
    assert model.weights().keys() == {"head/vars/0", "head/vars/1"}


def test_long_names_are_cut_and_stay_apart(tmp_path: Path) -> None:
    stem = "separable_conv_1_pad_reduction_left1_stem_"
    config = sequential(given(4), dense(stem + "1", 3), dense(stem + "2", 2), dense("a/b c", 2))
    one, other, short = (row.name for row in saved.read(written(tmp_path / "a.keras", config)).network.rows)
    assert one != other and one[:31] == other[:31] == stem[:31] and len(one) == len(other) == 40
    assert short == "a_b_c"


def test_a_model_inside_a_model_is_put_in_its_place_with_its_weights(tmp_path: Path) -> None:
    base = sequential(given(4, name="other"), dense("first", 3, "relu"), name="base")
    base["config"]["layers"][1]["config"]["use_bias"] = False
    arrays = {"layers/sequential/layers/dense/vars/0": np.ones((4, 3)), "layers/dense/vars/0": np.zeros((3, 2)),
              "layers/dense/vars/1": np.ones(2)}  # fmt: skip
    config = sequential(given(4), base, dense("head", 2, "softmax"))
    model = saved.read(written(tmp_path / "a.keras", config, weights(arrays)))
    assert [row.name for row in model.network.rows] == ["first", "head"]
    assert {name: array.shape for name, array in model.weights().items()} == {
        "first/vars/0": (4, 3), "head/vars/0": (3, 2), "head/vars/1": (2,),
    }  # fmt: skip


# What is refused ------------------------------------------------------------

HEAD = dense("head", 2, "softmax")
FUNCTION = {"module": "builtins", "class_name": "function", "config": "mine", "registered_name": "function"}
OWN = {"module": "mine", "class_name": "Mine", "config": {}, "registered_name": "Package>Mine"}
HALF = {"module": "keras", "class_name": "DTypePolicy", "config": {"name": "mixed_float16"}, "registered_name": None}
QUANTIZED = {"module": "keras", "class_name": "QuantizedDTypePolicy", "config": {"name": "int8_from_float32"}}


def own(kind: str, **config: object) -> dict[str, object]:
    return {"module": "mine", "class_name": kind, "config": {"name": "it", **config}, "registered_name": f"Mine>{kind}"}


def branched(takes: list[str], outputs: list[str]) -> dict[str, object]:
    return functional(
        {"given": (given(4, name="given"), []), "a": (dense("a", 3), ["given"]), "b": (dense("b", 2), takes)}, outputs
    )


CONFIGS: list[tuple[object, str]] = [
    (sequential(given(4), layer("Lambda", "x", function={"class_name": "__lambda__", "config": {"code": "4wEA"}}), HEAD),
     'layer 1 ("x") is Lambda: Lambda runs code of its own, which gan-tui does not take; build the model without it.'),
    (sequential(given(4), layer("TFSMLayer", "x", filepath="/tmp/x"), HEAD), 'layer 1 ("x") is TFSMLayer: TFSMLayer runs code'),
    (sequential(given(4), own("Mine"), HEAD), 'layer 1 ("it") is Mine, a class of somebody\'s own: that runs code of its own'),
    (sequential(given(4), layer("Dense", "x", "os", units=2), HEAD), 'layer 1 ("x") is Dense, a class of somebody\'s own'),
    (own("Net", layers=[]), "its model is Net, a class of somebody's own, whose code gan-tui does not run"),
    (sequential(given(4), dense("x", 2, FUNCTION)), "layer 1 (\"x\") is Dense, whose activation is a function of somebody's own"),
    (sequential(given(4), dense("x", 2, kernel_initializer=OWN)), "is Dense, whose kernel_initializer is Mine, which gan-tui does not take there"),
    (sequential(given(4), dense("x", 2, dtype=HALF)), 'layer 1 ("x") is Dense in mixed_float16, and gan-tui takes models in float32'),
    (sequential(given(4), dense("x", 2, dtype=QUANTIZED)), "is Dense in int8_from_float32"),
    (sequential(given(4), dense("x", 10**9)), "units must be a whole number from 1 to 1,000,000, not 1000000000"),
    (sequential(given(4), dense("x", 10**6), dense("y", 10**6)), "layer 2: Dense is too large: at most 200,000,000"),
    (sequential(given(4), dense("x", 10**18)), "units must be a whole number"),
    (sequential(given(4), dense("x", 2, lora_rank=8)), 'layer 1 ("x") is Dense with lora_rank = 8, which gan-tui lacks'),
    (sequential(given(8, 8, 3), layer("Conv2D", "x", filters=2, kernel_size=3, data_format="channels_first")),
     'layer 1 ("x") is Conv2D with channels_first; gan-tui takes images with channels last'),
    (sequential(given(None, None, 3), HEAD), 'its input "input_layer" takes any × any × 3, and gan-tui trains networks of a fixed size'),
    (sequential(dense("x", 2)), "it does not say what it takes; begin it with keras.Input"),
    (sequential(given(4)), "layers must be a list of 1 to"),
    (sequential(), "it lists no layers; save the model once it is built"),
    (sequential(given(4), "a layer", HEAD), 'layer 1 ("layer") is no layer as Keras writes them'),
    (sequential(given(4), layer("StringLookup", "x"), HEAD), 'layer 1 ("x") is StringLookup, which holds a vocabulary: data here are numbers, and need none; build the model without it.'),
    (sequential(given(4), layer("Normalization", "x", axis=[-1], mean=None, variance=None), HEAD), "its weights cannot be read"),
    (sequential(given(5, 3), layer("TimeDistributed", "t", layer=layer("Normalization", "x", axis=[-1], mean=None))),
     'layer 1 ("t") is Normalization without mean, which gan-tui needs; build it with that.'),
    (sequential(given(4), dense("a", 2), dense("a", 2)), 'the name "a" is taken in its network'),
    (branched(["a"], ["a", "b"]), "it has 2 outputs (a, b), and gan-tui trains networks of one; save one."),
    (branched(["nowhere"], ["b"]), 'layer 2 ("b") takes what is not above it'),
    (branched(["given"], ["b"]), 'layer 1: nothing takes what "a" gives'),
    ({"class_name": "Sequential"}, "its model is Sequential, a class of somebody's own"),
    (b"[1]", "has no readable config.json; save the model again"),
    (b"{", "has no readable config.json"),
    (b'{"a":' * 2000, "has no readable config.json"),
    (b'{"module": "' + b"x" * 5_000_000 + b'"}', "has 5 MB in config.json, and at most 4 MB are right for it"),
]  # fmt: skip


@pytest.mark.parametrize(("config", "says"), CONFIGS, ids=range(len(CONFIGS)))
def test_a_model_that_gan_tui_cannot_take_is_refused_in_a_sentence(config: object, says: str, tmp_path: Path) -> None:
    assert says in refused(written(tmp_path / "net.keras", config))


def used_twice() -> dict[str, object]:
    config = branched(["a"], ["b"])
    nodes = config["config"]["layers"][1]["inbound_nodes"]
    nodes.append(nodes[0])
    return config


def called_with_words() -> dict[str, object]:
    config = branched(["a"], ["b"])
    config["config"]["layers"][1]["inbound_nodes"][0]["kwargs"] = {"training": True, "mask": None}
    return config


def in_code() -> dict[str, object]:
    return sequential(given(4), layer("Add", "plus", "keras.src.ops.numpy"), HEAD)


def deep() -> dict[str, object]:
    model = sequential(given(4), HEAD)
    for _ in range(12):
        model = sequential(given(4), model)
    return model


@pytest.mark.parametrize(
    ("made", "says"),
    [
        (used_twice, 'layer 1 ("a") is used 2 times, and in gan-tui each layer is used once'),
        (called_with_words, 'layer 1 ("a") is called with training = True, which gan-tui lacks'),
        (in_code, 'layer 1 ("plus") is Add of keras.ops, written out in code; use a layer'),
        (deep, "is a model inside the model, which gan-tui cannot take apart"),
    ],
)
def test_a_graph_that_presets_cannot_say_is_refused(made: Callable[[], object], says: str, tmp_path: Path) -> None:
    assert says in refused(written(tmp_path / "net.keras", made()))


def spots(value: object, at: tuple[object, ...] = ()) -> list[tuple[object, ...]]:
    """The ways to all that lies in a document."""
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [at, *(spot for key, each in inner for spot in spots(each, (*at, key)))]


def test_a_configuration_changed_anywhere_gives_a_sentence_or_a_network() -> None:
    inner = functional({"g": (given(4, name="g"), []), "h": (dense("h", 3), ["g"])}, ["h"], name="inner")
    graph = functional(
        {"a": (given(4, name="a"), []), "b": (inner, ["a"]), "c": (dense("c", 3), ["a"]),
         "s": (layer("Add", "s"), ["b", "c"]), "e": (dense("e", 2), ["s"])}, ["e"],
    )  # fmt: skip
    wrapped = layer("Bidirectional", "b", layer=layer("LSTM", "l", units=2), merge_mode="concat")
    configs = [graph, sequential(given(5, 3), wrapped, HEAD), sequential(given(4), inner, HEAD)]
    junk = [None, [], {}, 0, -1, 10**12, 1.5, "x", "", True, [None], {"a": 1}, ["a", "b", "c"], [["a", 0, 0]]]
    random, sound = np.random.default_rng(5), 0
    for number in range(300):
        config = copy.deepcopy(configs[number % len(configs)])
        *way, last = spots(config)[int(random.integers(1, len(spots(config))))]
        place = config
        for key in way:
            place = place[key]  # type: ignore[index]
        place[last] = copy.deepcopy(junk[int(random.integers(0, len(junk)))])
        try:
            network = network_of(config)
            sound += len(list(read_networks({network.name: network.table()}, (network.name,))))
        except ValueError as error:
            assert str(error) and "\n" not in str(error)
    assert 0 < sound < 300


class Trap:
    """What a pickle runs when it is read."""

    def __reduce__(self) -> tuple[object, ...]:
        return Path("sprung").touch, ()


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("net.h5", b"\x89HDF\r\n\x1a\n", "is in HDF5, the format of Keras before version 3: load it where it was made"),
        ("net.keras", b"\x89HDF\r\n\x1a\n....", "is in HDF5, the format of Keras before version 3"),
        ("net.weights.h5", b"", "has weights without layers: save the whole model"),
        ("net.pkl", pickle.dumps(Trap()), "is a pickle, which runs code when it is read"),
        ("net.keras", pickle.dumps(Trap()), "is a pickle, which runs code when it is read"),
        ("net.joblib", b"", "is a pickle"),
        ("net.pt", b"", "is a model of PyTorch"),
        ("net.pth", b"", "is a model of PyTorch"),
        ("net.onnx", b"", "was exported to be run, not trained"),
        ("net.tflite", b"", "was exported to be run, not trained"),
        ("net.safetensors", b"", "has weights without layers"),
        ("net.keras", b"", "is torn, or no .keras file; save the model again"),
        ("net.keras", b"PK\x05\x06" + b"\xff" * 18, "has more than 1,000 parts, and a .keras file has three"),
        ("net.keras", b"<html>", "is torn, or no .keras file"),
    ],
)
def test_other_files_are_known_by_name_or_beginning(
    name: str, content: bytes, says: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / name).write_bytes(content)
    assert saved.is_model(name) and says in refused(tmp_path / name)
    assert not Path("sprung").exists()


def test_folders_pipes_and_what_is_not_there_are_refused_at_once(tmp_path: Path) -> None:
    import os

    (tmp_path / "exported.keras").mkdir()
    assert "is a folder, not a .keras file" in refused(tmp_path / "exported.keras")
    (tmp_path / "model").mkdir()
    (tmp_path / "model" / "saved_model.pb").touch()
    assert saved.is_model(str(tmp_path / "model")) and "TensorFlow's own format" in refused(tmp_path / "model")
    os.mkfifo(tmp_path / "pipe.keras")
    assert "it is not a file" in refused(tmp_path / "pipe.keras")
    assert "No such file" in refused(tmp_path / "nowhere.keras")


GOOD = sequential(given(4), HEAD)


def zipped(path: Path, **parts: bytes) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as file:
        for name, part in parts.items():
            file.writestr(name.replace("__", "."), part)
    return path


def test_zips_that_are_no_models_torn_or_bombs_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "net.keras"
    config = json.dumps(GOOD).encode()
    assert "is a file of PyTorch" in refused(zipped(path, archive__data=b"", **{"net/data__pkl": b""}))
    assert "lacks config.json" in refused(zipped(path, other=b""))
    assert "lacks model.weights.h5" in refused(written(path, GOOD, None))
    assert "lacks metadata.json" in refused(zipped(path, config__json=config))
    bomb = zipped(path, config__json=b"0" * 20_000_000, metadata__json=b"{}", model__weights__h5=b"")
    assert bomb.stat().st_size < 100_000 and "MB in config.json, and at most" in refused(bomb)
    bomb = zipped(path, config__json=config, metadata__json=b"{}", model__weights__h5=b"0" * 20_000_000)
    assert "has 20 MB in model.weights.h5, and at most 16.8 MB are right for it" in refused(bomb)
    whole = written(path, GOOD, weights({"layers/dense/vars/0": np.ones((4, 2)), "layers/dense/vars/1": np.ones(2)}))
    content = whole.read_bytes()
    for length in range(0, len(content), max(1, len(content) // 20)):
        path.write_bytes(content[:length])
        refused(path)


def test_two_parts_of_one_name_are_refused(tmp_path: Path) -> None:
    path = written(tmp_path / "net.keras", GOOD)
    with pytest.warns(UserWarning, match="Duplicate"), zipfile.ZipFile(path, "a") as file:
        file.writestr("config.json", "{}")
    assert "has two parts called config.json" in refused(path)


# Weights ------------------------------------------------------------


def hdf5(write: Callable[[h5py.File], object]) -> bytes:
    content = io.BytesIO()
    with h5py.File(content, "w") as file:
        write(file)
    return content.getvalue()


def link_out(file: h5py.File) -> None:
    file["layers/dense/vars/1"] = np.ones(2, np.float32)
    file["layers/dense/vars/0"] = h5py.ExternalLink("/etc/passwd", "/")


def link_inside(file: h5py.File) -> None:
    file["layers/dense/vars/0"] = h5py.SoftLink("/layers")


def kept_outside(file: h5py.File) -> None:
    group = file.create_group("layers/dense/vars")
    group.create_dataset("0", (4, 2), np.float32, external=[("/etc/passwd", 0, 32)])


def virtual(file: h5py.File) -> None:
    layout = h5py.VirtualLayout((4, 2), np.float32)
    layout[:] = h5py.VirtualSource("/etc/passwd", "x", (4, 2))
    file.create_group("layers/dense/vars").create_virtual_dataset("0", layout)


def shape_bomb(file: h5py.File) -> None:
    file.create_group("layers/dense/vars").create_dataset("0", (10**6, 10**6), np.float32, chunks=(1000, 1000))


def chunk_bomb(file: h5py.File) -> None:
    group = file.create_group("layers/dense/vars")
    group.create_dataset("0", (4, 2), np.float32, chunks=(20_000, 20_000), maxshape=(None, None), compression="gzip")


def words(file: h5py.File) -> None:
    file["layers/dense/vars/0"] = ["one", "two"]


def deeper(file: h5py.File) -> None:
    file["layers/dense/" + "a/" * 20 + "vars/0"] = np.ones((4, 2), np.float32)


def the_same_again_and_again(file: h5py.File) -> None:
    group = file.create_group("layers/dense")
    for _ in range(6):
        inner = group.create_group("0")
        for n in range(1, 60):
            group[str(n)] = inner
        group = inner


def never_written(file: h5py.File) -> None:
    file.create_group("layers/dense/vars").create_dataset("0", (4, 2), np.float32)


@pytest.mark.parametrize(
    ("write", "says"),
    [
        (the_same_again_and_again, "its weights lie deeper than those of any layer, or are more"),
        (never_written, "its weights vars/0 are not those of its configuration"),
        (link_out, "its weights 0 are a link, which gan-tui does not follow"),
        (link_inside, "its weights 0 are a link"),
        (kept_outside, "its weights 0 lie in another file, which gan-tui does not open"),
        (virtual, "its weights 0 lie in another file"),
        (shape_bomb, "its weights vars/0 are not those of its configuration"),
        (chunk_bomb, "its weights vars/0 are not those of its configuration"),
        (words, "its weights vars/0 are not those of its configuration"),
        (deeper, "its weights lie deeper than those of any layer"),
        (lambda file: None, "its weights of head are not those of its configuration"),
    ],
)
def test_weights_that_lead_elsewhere_or_are_others_are_refused(
    write: Callable[[h5py.File], None], says: str, tmp_path: Path
) -> None:
    assert says in refused(written(tmp_path / "net.keras", GOOD, hdf5(write)))


def test_weights_cut_or_changed_anywhere_give_a_sentence_or_weights(tmp_path: Path) -> None:
    whole = weights({"layers/dense/vars/0": np.ones((4, 2)), "layers/dense/vars/1": np.ones(2)})
    random = np.random.default_rng(7)
    for _ in range(60):
        content = bytearray(whole)
        for place in random.integers(0, len(whole), 3):
            content[place] ^= int(random.integers(1, 256))
        path = written(tmp_path / "net.keras", GOOD, bytes(content[: int(random.integers(200, len(whole) + 1))]))
        try:
            assert saved.read(path).weights().keys() == {"head/vars/0", "head/vars/1"}
        except UserError as error:
            assert "net.keras" in str(error)


def test_a_zip_that_says_where_another_end_is_is_refused(tmp_path: Path) -> None:
    path = zipped(tmp_path / "far.keras", **{"config.json": b"{}"})
    content, end = path.read_bytes(), path.read_bytes().rfind(b"PK\x05\x06")
    path.write_bytes(content[:end] + b"PK\x06\x07" + b"\0" * 16 + content[end:])
    assert "is a zip for more than four gigabytes" in refused(path)


@pytest.mark.parametrize(
    ("shape", "given", "gives"),
    [((784,), [-1, 28], (28, 28)), ((28, 28, 1), [-1], (784,)), ((28, 28, 1), [7, -1, 4], (7, 28, 4))],
)
def test_a_length_that_is_worked_out(shape: tuple[int, ...], given: list[int], gives: tuple[int, ...]) -> None:
    made = checked_arguments("Reshape", {"target_shape": given})
    assert layer_row("it", "Reshape", (shape,), made).output_shape == gives
    assert made["target_shape"] == tuple(given), "as Keras has it"


@pytest.mark.parametrize(
    ("given", "says"), [([-1, -1], "may have one length of -1"), ([-1, 3], "cannot hold the 784"), ([0, -1], "not 0")]
)
def test_one_that_cannot_be_is_refused(given: list[int], says: str) -> None:
    with pytest.raises(ValueError, match=says):
        layer_row("it", "Reshape", ((784,),), checked_arguments("Reshape", {"target_shape": given}))
