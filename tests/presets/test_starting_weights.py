"""Runs that begin with the weights of others: what is taken, what is refused, and what a run keeps of it."""

# ruff: noqa: E501 (a table reads best with a row a line)

import hashlib
import shutil
from pathlib import Path

import numpy as np
import orjson
import pytest
from safetensors.numpy import load_file

from files import old_run
from gan_tui import presets
from gan_tui.errors import UserError
from gan_tui.presets import Preset, saved, saved_presets, start
from gan_tui.presets.preparing import refuse_changed
from gan_tui.presets.starting_weights import begun_with
from keras_files import dense, given, layer, sequential, weights, written


@pytest.fixture
def runs(tmp_path: Path) -> Path:
    old_run("stopped", "xor", tmp_path / "runs")
    old_run("stopped", "pair", tmp_path / "runs")
    old_run("stopped", "shapes", tmp_path / "runs")
    return tmp_path / "runs"


def arrays(preset: Preset) -> dict[str, np.ndarray]:
    assert preset.start
    return preset.start.arrays(sum(network.parameters for network in preset.networks))


# Of runs ------------------------------------------------------------


def test_the_newest_checkpoint_is_taken_but_for_its_optimizers_and_random_states(runs: Path) -> None:
    kept = load_file(runs / "pair/checkpoints/000000036/state.safetensors")
    pair = presets.of_run(presets.new_run(presets.read(runs / "pair/preset.toml", begun=True), runs, "again"))
    begun = begun_with(pair, "pair", runs)
    assert begun.start and begun.start.origin == "pair at step 36"
    assert arrays(begun).keys() == {
        *(f"{network}/dense{n}/{place}" for network in ("generator", "discriminator") for n in ("", "_1")
          for place in ("0.kernel", "1.bias")),
        *(f"generator/batch_normalization/{place}" for place in ("0.gamma", "1.beta", "2.moving_mean",
                                                                 "3.moving_variance")),
    }  # fmt: skip
    for name, array in arrays(begun).items():
        assert np.array_equal(array, kept[name])


def test_a_step_names_a_checkpoint(runs: Path) -> None:
    shapes = presets.find("shapes")
    older, newer = (begun_with(shapes, f"shapes@{step}", runs) for step in (75, 110))
    assert (older.start.origin, newer.start.origin) == ("shapes at step 75", "shapes at step 110")
    assert begun_with(shapes, "shapes", runs).start == newer.start != older.start


@pytest.mark.parametrize(
    ("preset", "named", "says"),
    [
        ("xor", "nobody", 'There is no run "nobody"'),
        ("xor", "xor@7", "xor has no checkpoint at step 7; it has 240."),
        ("xor", "xor@last", '--from takes RUN@STEP with the step of a checkpoint, not "xor@last".'),
        ("xor", "", "--from needs a run, RUN@STEP, or the path of a .keras file."),
        ("xor", "net.h5", "Cannot read the model net.h5: No such file"),
        ("xor", "pair", "Nothing of pair at step 36 fits xor: there is the network generator, discriminator, and here classifier"),
        ("xor", "shapes", "Nothing of shapes at step 110 fits xor: dense has 104 weights there and 6 here, dense_1 has 27 weights there and 12 here."),
    ],
)  # fmt: skip
def test_what_cannot_be_begun_with_is_said(preset: str, named: str, says: str, runs: Path) -> None:
    with pytest.raises(UserError) as caught:
        begun_with(presets.find(preset), named, runs)
    assert says in str(caught.value)


def test_a_checkpoint_that_was_changed_is_not_begun_with(runs: Path) -> None:
    state = runs / "xor/checkpoints/000000240/state.safetensors"
    state.write_bytes(state.read_bytes()[:-1] + b"x")
    with pytest.raises(UserError, match="The checkpoint 240 of xor cannot be used: it is not what was saved"):
        begun_with(presets.find("xor"), "xor", runs)


def test_a_run_without_checkpoints_is_said_to_have_none(runs: Path) -> None:
    shutil.rmtree(runs / "xor/checkpoints")
    with pytest.raises(UserError, match="xor has no checkpoint that can be used"):
        begun_with(presets.find("xor"), "xor", runs)


# What a run keeps ------------------------------------------------------------


def test_a_run_keeps_what_it_begins_with(runs: Path) -> None:
    begun = begun_with(presets.find("xor"), "xor", runs)
    folder = presets.new_run(begun, runs, "next")
    assert (folder.path / start.FILE).stat().st_mode & 0o777 == 0o600
    shutil.rmtree(runs / "xor")
    kept = presets.of_run(folder)
    assert kept.start == begun.start
    assert all(np.array_equal(array, arrays(begun)[name]) for name, array in arrays(kept).items())
    third = presets.new_run(kept.with_settings({"seed": 7}), runs, "third")
    assert arrays(presets.of_run(third)).keys() == arrays(begun).keys()


def test_another_beginning_makes_another_run(runs: Path) -> None:
    """The next seed is one from which none was trained that is the same."""
    presets.new_run(presets.find("xor").with_settings({"seed": 43}), runs, "anew")
    begun = begun_with(presets.find("xor").with_settings({"seed": 42}), "xor", runs)
    assert presets.other_seed(presets.new_run(begun, runs, "next")) == 43


def test_what_was_begun_with_and_is_gone_or_changed_is_said(runs: Path) -> None:
    folder = presets.new_run(begun_with(presets.find("xor"), "xor", runs), runs, "next")
    file = folder.path / start.FILE
    content = file.read_bytes()
    file.write_bytes(content[:-1] + b"x")
    with pytest.raises(UserError, match="are not those that the run began with"):
        arrays(presets.of_run(folder))
    file.unlink()
    with pytest.raises(UserError, match=r"start.safetensors is missing, with which this run began \(xor at step 240\)"):
        refuse_changed(folder, presets.of_run(folder))
    file.symlink_to("/etc/passwd")
    with pytest.raises(UserError, match="it is a link"):
        arrays(presets.of_run(folder))


def test_layers_that_cannot_fit_are_kept_by_their_names_and_shapes_alone(tmp_path: Path, runs: Path) -> None:
    config = sequential(given(2), dense("dense", 2), dense("dense_1", 100), dense("extra", 50), name="classifier")
    sizes = [(2, 2), (2, 100), (100, 50)]
    arrays_there = {f"layers/dense{f'_{n}' if n else ''}/vars/{part}": np.ones(shape if part == 0 else shape[1])
                    for n, shape in enumerate(sizes) for part in (0, 1)}  # fmt: skip
    path = written(tmp_path / "net.keras", config, weights(arrays_there))
    begun = begun_with(presets.find("xor"), str(path), runs)
    assert arrays(begun).keys() == {"classifier/dense/vars/0", "classifier/dense/vars/1"}
    kept = presets.of_run(presets.new_run(begun, runs, "next")).start
    assert kept and kept.others == {"classifier/dense_1": "2 × 100", "classifier/extra": "100 × 50"}


@pytest.mark.parametrize("content", [b"", b"\xff" * 64, b"\x08" + bytes(7) + b"not json"])
def test_a_file_of_weights_that_is_none_is_said_to_be_another(content: bytes) -> None:
    with pytest.raises(UserError, match="are not those that the run began with"):
        start.Start("net", hashlib.sha256(content).hexdigest(), content).arrays(10)


def test_a_file_of_weights_far_larger_than_the_networks_is_not_read(tmp_path: Path) -> None:
    with (tmp_path / "start.safetensors").open("wb") as file:
        file.truncate(2**34)
    with pytest.raises(UserError, match=r"cannot be read: it is larger than 4,194,464 bytes"):
        start.Start("net", "", tmp_path / "start.safetensors").arrays(10)


def test_a_copy_of_a_runs_preset_begins_as_the_run_only_where_the_weights_are(runs: Path, tmp_path: Path) -> None:
    begun = begun_with(presets.find("xor"), "xor", runs)
    folder = presets.new_run(begun, runs, "next")
    assert presets.find(str(folder.preset_file)).start == begun.start
    copy = shutil.copy(folder.preset_file, tmp_path / "mine.toml")
    with pytest.raises(
        UserError, match=r"mine.toml: start: start.safetensors is not beside the preset; leave start out"
    ):
        presets.find(str(copy))


def test_a_preset_of_a_persons_own_has_no_start(tmp_path: Path) -> None:
    document = {**presets.find("xor").as_document(), "start": {"from": "net.keras"}}
    with pytest.raises(ValueError, match=r"start is written by gan-tui into what a run keeps; .* use --from"):
        presets.from_document(document, "xor", tmp_path)


# Saved models ------------------------------------------------------------


def images(path: Path, side: int = 8, classes: int = 3) -> Path:
    random = np.random.default_rng(1)
    np.savez(path, x=random.integers(0, 256, (60, side, side), np.uint8), y=np.arange(60) % classes)
    return path


def table(path: Path, label: str = "word") -> Path:
    rows = [f"{n / 7:.3f},{n / 3:.3f},{'no' if n % 2 else 'yes'},{n * 1.5}" for n in range(60)]
    path.write_text("\n".join(["a,b,word,number", *rows]))
    return path


def model(path: Path, takes: list[int], gives: int, ends: str) -> Path:
    size = int(np.prod(takes))
    flat = [layer("Flatten", "flat")] if len(takes) > 1 else []
    config = sequential(given(*takes), *flat, dense("end", gives, ends), name="its own name")
    arrays = {"layers/dense/vars/0": np.ones((size, gives)), "layers/dense/vars/1": np.zeros(gives)}
    return written(path, config, weights(arrays))


CASES = [
    ([8, 8, 1], 3, "softmax", "images", "classifier"),
    ([8, 8, 1], 3, "linear", "images", "classifier"),
    ([8, 8, 1], 64, "sigmoid", "images", "autoencoder"),
    ([2], 2, "softmax", "word", "plane"),
    ([2], 1, "sigmoid", "word", "plane"),
    ([2], 1, "linear", "number", "regression"),
]


def of_file(tmp_path: Path, takes: list[int], gives: int, ends: str, data: str) -> Preset:
    if data == "images":
        place, label = images(tmp_path / "images.npz"), None
    else:
        place, label = tmp_path / "table.csv", data
        rows = table(place).read_text().splitlines()
        left = [2, 3].index(2 if data == "number" else 3) + 2  # the other label
        place.write_text("\n".join(",".join(v for n, v in enumerate(row.split(",")) if n != left) for row in rows))
    return saved_presets.preset_of(saved.read(model(tmp_path / "My Net.keras", takes, gives, ends)), str(place), label)


@pytest.mark.parametrize(("takes", "gives", "ends", "data", "task"), CASES)
def test_what_a_model_learns_follows_from_its_network_and_the_data(
    takes: list[int], gives: int, ends: str, data: str, task: str, tmp_path: Path
) -> None:
    preset = of_file(tmp_path, takes, gives, ends, data)
    assert (preset.task, preset.name, preset.settings["validation_split"]) == (task, "my-net", 0.2)
    assert preset.start and preset.start.origin == "My Net.keras"
    assert {name.rpartition("vars/")[0] for name in arrays(preset)} == {f"{preset.networks[0].name}/end/"}
    folder = presets.new_run(preset, tmp_path / "runs")
    (tmp_path / "My Net.keras").unlink()
    kept = presets.of_run(folder)
    assert kept.networks == preset.networks and kept.start == preset.start


@pytest.mark.parametrize(
    ("takes", "gives", "ends", "data", "says"),
    [
        ([8, 8, 1], 1, "sigmoid", "images", "must end in 3 outputs, one per class, not in [1]"),
        ([8, 8, 1], 3, "tanh", "images", "gives 3 through tanh"),
        ([8, 8, 1], 5, "softmax", "images", "must end in 3 outputs, one per class, not in [5]"),
        ([8, 8, 1], 9, "tanh", "images", "takes 8 × 8 × 1 and gives 9 through tanh: that learns nothing from images.npz, 60 "),
        ([2], 1, "sigmoid", "number", "must end in linear, not in sigmoid"),
        ([2], 3, "softmax", "word", "must end in 2 outputs, one per class, not in [3]"),
        ([5], 1, "linear", "number", "input [5] does not fit an example of table.csv [2]"),
    ],
)  # fmt: skip
def test_a_model_that_does_not_fit_the_data_is_told_what_would(
    takes: list[int], gives: int, ends: str, data: str, says: str, tmp_path: Path
) -> None:
    with pytest.raises(UserError) as caught:
        of_file(tmp_path, takes, gives, ends, data)
    assert says in str(caught.value) and "My Net.keras" in str(caught.value)


@pytest.mark.parametrize("ends", ["sigmoid", "linear"])
def test_one_output_for_two_classes_has_the_loss_that_takes_one(ends: str, tmp_path: Path) -> None:
    read = saved.read(model(tmp_path / "net.keras", [8, 8, 1], 1, ends))
    preset = saved_presets.preset_of(read, str(images(tmp_path / "two.npz", classes=2)), None)
    assert (preset.task, preset.settings["loss"]) == ("classifier", "binary_crossentropy")
    assert 'task = "classifier"' in saved_presets.text_of(
        read
    ) and 'loss = "binary_crossentropy"' in saved_presets.text_of(read)


@pytest.mark.parametrize(
    ("takes", "gives", "ends", "task"),
    [([2], 2, "softmax", "plane"), ([2], 2, "sigmoid", "plane"), ([784], 784, "sigmoid", "autoencoder"),
     ([784], 10, "softmax", "plane"), ([8, 8, 1], 4, "softmax", "classifier")],
)  # fmt: skip
def test_what_a_model_was_for_is_told_from_what_it_takes_and_gives(
    takes: list[int], gives: int, ends: str, task: str, tmp_path: Path
) -> None:
    assert f'task = "{task}"' in saved_presets.text_of(saved.read(model(tmp_path / "net.keras", takes, gives, ends)))


def test_a_model_without_data_is_told_to_name_some(tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"My Net.keras says what is trained, not on what: add --data PATH"):
        saved_presets.preset_of(saved.read(model(tmp_path / "My Net.keras", [2], 2, "softmax")), None, None)


def test_images_are_given_in_the_range_that_the_network_was_made_for(tmp_path: Path) -> None:
    assert of_file(tmp_path, [8, 8, 1], 64, "tanh", "images").settings["image_range"] == (-1, 1)
    assert of_file(tmp_path, [8, 8, 1], 3, "softmax", "images").settings["image_range"] == (0, 1)
    scaled = [given(8, 8, 1), layer("Rescaling", "scale", scale=1 / 255, offset=0.0), layer("Flatten", "flat")]
    arrays = {"layers/dense/vars/0": np.ones((64, 3)), "layers/dense/vars/1": np.ones(3)}
    path = written(tmp_path / "scaled.keras", sequential(*scaled, dense("end", 3, "softmax")), weights(arrays))
    preset = saved_presets.preset_of(saved.read(path), str(images(tmp_path / "images.npz")), None)
    assert preset.settings["image_range"] == (0, 255), "a network that makes pixels small itself gets those of files"


def test_weights_of_a_file_fit_a_network_of_another_name(tmp_path: Path, runs: Path) -> None:
    path = model(tmp_path / "net.keras", [2], 2, "softmax")
    document = presets.find("xor").as_document()
    document["networks"]["classifier"]["layers"] = [
        {"layer": "Dense", "name": "new", "units": 2}, {"layer": "Dense", "name": "end", "units": 2, "activation": "softmax"},
    ]  # fmt: skip
    preset = begun_with(presets.from_document(document, "own"), str(path), runs)
    assert arrays(preset).keys() == {"classifier/end/vars/0", "classifier/end/vars/1"}
    with pytest.raises(UserError, match=r"net.keras has weights of its own, so leave out --from"):
        begun_with(preset, "xor", runs)


def test_the_started_event_of_before_lacks_the_word(runs: Path) -> None:
    first = orjson.loads((runs / "xor/events.jsonl").read_bytes().split(b"\n")[1].rpartition(b"}")[0] + b"}")
    assert "start" not in first
