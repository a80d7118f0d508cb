"""The presets are their articles' architectures; a wrong one is refused by file, key and nearest word."""

# ruff: noqa: E501 (a table reads best with a row a line)

import copy
import errno
import os
import tomllib
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import tomli_w

from gan_tui import presets
from gan_tui.data import point_rows
from gan_tui.errors import WRONG_USE, UserError
from gan_tui.presets.files import LARGEST_FILE
from gan_tui.presets.plan import planned
from gan_tui.system import untrusted_files
from gan_tui.training.models.examples import images_dataset, points_dataset

EVERY = (
    *("simple", "three-class", "xor", "plane"),
    "regression",
    *("shapes", "conv10-tape", "fashion-cnn-avgpool", "resnet-small", "conv10", "fashion-cnn"),
    "autoencoder",
    *("dcgan-small", "dcgan-64", "wgan-gp", "cgan", "gan", "dcgan"),
)
"""In the menu's order: by task, then by parameters."""

# The articles' numbers -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "parameters", "fixed"),
    [
        ("simple", {"classifier": 12}, {"classifier": 0}),
        ("three-class", {"classifier": 24}, {"classifier": 0}),
        ("xor", {"classifier": 28}, {"classifier": 0}),
        ("plane", {"classifier": 371}, {"classifier": 0}),
        ("regression", {"regressor": 321}, {"regressor": 0}),
        ("shapes", {"classifier": 178}, {"classifier": 0}),
        ("fashion-cnn-avgpool", {"classifier": 39_478}, {"classifier": 0}),
        ("resnet-small", {"classifier": 78_138}, {"classifier": 480}),
        ("conv10", {"classifier": 197_210}, {"classifier": 0}),
        ("conv10-tape", {"classifier": 19_820}, {"classifier": 0}),
        ("fashion-cnn", {"classifier": 333_526}, {"classifier": 0}),
        ("autoencoder", {"autoencoder": 111_521}, {"autoencoder": 0}),
        ("wgan-gp", {"generator": 550_416, "discriminator": 233_985}, {"generator": 0, "discriminator": 0}),
        ("cgan", {"generator": 552_976, "discriminator": 536_321}, {"generator": 0, "discriminator": 0}),
        ("dcgan-64", {"generator": 580_099, "discriminator": 104_097}, {"generator": 0, "discriminator": 0}),
        ("gan", {"generator": 1_486_352, "discriminator": 1_460_225}, {"generator": 0, "discriminator": 0}),
        ("dcgan", {"generator": 2_394_241, "discriminator": 4_311_553}, {"generator": 25_536, "discriminator": 0}),
        ("dcgan-small", {"generator": 396_961, "discriminator": 271_489}, {"generator": 6_384, "discriminator": 0}),
    ],
)  # fmt: skip
def test_parameters_of_each_network(name: str, parameters: dict[str, int], fixed: dict[str, int]) -> None:
    networks = presets.find(name).networks
    assert {network.name: network.parameters for network in networks} == parameters
    assert {network.name: network.fixed for network in networks} == fixed
    for network in networks:
        assert network.trainable == network.parameters - network.fixed


LAYER_PARAMETERS = {
    ("simple", "classifier"): [6, 6],
    ("three-class", "classifier"): [12, 12],
    ("xor", "classifier"): [6, 12, 10],
    ("plane", "classifier"): [48, 272, 51],
    ("regression", "regressor"): [32, 272, 17],
    ("shapes", "classifier"): [20, 0, 27, 0, 0, 104, 27],
    ("fashion-cnn-avgpool", "classifier"): [320, 0, 9_248, 0, 0, 28_900, 0, 1_010],
    ("conv10", "classifier"): [100, 0, 0, 0, 196_100, 1_010],
    ("conv10-tape", "classifier"): [100, 0, 0, 19_610, 110],
    ("fashion-cnn", "classifier"): [320, 0, 18_496, 0, 0, 313_700, 0, 1_010],
    ("gan", "generator"): [25_856, 0, 131_584, 0, 525_312, 0, 803_600],
    ("gan", "discriminator"): [803_840, 0, 0, 524_800, 0, 0, 131_328, 0, 0, 257],
    ("dcgan", "discriminator"): [1_664, 0, 0, 204_928, 0, 0, 819_456, 0, 0, 3_277_312, 0, 0, 0, 8_193],
}


@pytest.mark.parametrize(("preset", "network"), LAYER_PARAMETERS)
def test_parameters_of_each_layer(preset: str, network: str) -> None:
    rows = presets.find(preset).network(network).rows
    assert [row.parameters for row in rows] == LAYER_PARAMETERS[preset, network]


def test_the_cnn_shrinks_the_picture_as_its_article_shows() -> None:
    shapes = [row.output_shape for row in presets.find("fashion-cnn").networks[0].rows]
    assert shapes == [
        (28, 28, 32), (14, 14, 32), (14, 14, 64), (7, 7, 64), (3136,), (100,), (100,), (10,)
    ]  # fmt: skip


def test_the_dcgan_generator_grows_seven_pixels_to_twenty_eight() -> None:
    rows = presets.find("dcgan").network("generator").rows
    sizes = [row.output_shape[0] for row in rows if len(row.output_shape) == 3]
    assert sizes == [7, 7, 14, 14, 14, 14, 28, 28, 28, 28, 28, 28, 28, 28]
    assert rows[-1].output_shape == (28, 28, 1)


def test_the_small_dcgan_is_the_dcgan_at_a_quarter_of_its_width() -> None:
    large, small = presets.find("dcgan"), presets.find("dcgan-small")
    for wide, narrow in zip(large.networks, small.networks, strict=True):
        assert [row.kind for row in wide.rows] == [row.kind for row in narrow.rows]
        for one, other in zip(wide.layers, narrow.layers, strict=True):
            for key in ("units", "filters"):
                if one.arguments.get(key, 1) > 1:
                    assert one.arguments[key] == 4 * other.arguments[key]


@pytest.mark.parametrize(
    ("name", "settings"),
    [
        ("xor", {"epochs": 1000, "batch_size": 4, "optimizer": "rmsprop", "loss": "categorical_crossentropy",
                 "metrics": ("accuracy",)}),
        ("simple", {"epochs": 1000, "batch_size": 2, "optimizer": "rmsprop", "loss": "categorical_crossentropy",
                    "metrics": ("accuracy", "mae")}),
        ("three-class", {"optimizer": "rmsprop", "loss": "categorical_crossentropy", "metrics": ("accuracy", "mae")}),
        ("fashion-cnn-avgpool", {"epochs": 10, "batch_size": 32, "optimizer": "adam", "patience": 2, "restore_best": True,
                                 "loss": "sparse_categorical_crossentropy", "validation_split": 0.2}),
        ("conv10", {"epochs": 20, "batch_size": 32, "optimizer": "adam", "loss": "categorical_crossentropy",
                    "validation_split": 0.2}),
        ("conv10-tape", {"engine": "tape", "batch_size": 32, "optimizer": "sgd", "learning_rate": 0.1,
                         "loss": "sparse_categorical_crossentropy", "validation_split": 0.2}),
        ("fashion-cnn", {"epochs": 10, "batch_size": 32, "optimizer": "adam", "patience": 2, "restore_best": True,
                         "loss": "sparse_categorical_crossentropy", "validation_split": 0.2, "image_range": (0.0, 1.0)}),
        ("gan", {"epochs": 200, "batch_size": 128, "optimizer": "adam", "learning_rate": 2e-4, "beta_1": 0.5,
                 "latent": "normal", "image_range": (-1.0, 1.0), "real_label": 0.9, "save_epochs": (1,), "save_every": 20}),
        ("dcgan", {"batch_size": 32, "optimizer": "rmsprop", "learning_rate": 1e-4, "learning_rate_decay": 3e-8,
                   "latent": "uniform", "image_range": (0.0, 1.0), "real_label": 1.0}),
    ],
)  # fmt: skip
def test_settings_are_the_articles(name: str, settings: dict[str, object]) -> None:
    preset = presets.find(name)
    assert {key: preset.settings[key] for key in settings} == settings


def test_all_are_at_hand_and_grouped_by_task_as_the_menu_shows_them() -> None:
    found, problems = presets.every()
    assert tuple(preset.name for preset in found) == EVERY
    assert problems == []


# Writing out and reading back ----------------------------------------------------------------------------


@pytest.mark.parametrize("name", EVERY)
def test_a_preset_written_out_reads_back_as_itself(name: str, tmp_path: Path) -> None:
    preset = presets.find(name).with_settings({"batch_size": 2, "seed": 7})
    file = tmp_path / "preset.toml"
    file.write_text(tomli_w.dumps(preset.as_document()))
    assert presets.read(file) == preset


def test_settings_must_fit_each_other() -> None:
    with pytest.raises(
        ValueError, match=r'metrics: "mae" needs one-hot targets; choose loss "categorical_crossentropy"'
    ):
        presets.find("fashion-cnn").with_settings({"metrics": ["accuracy", "mae"]})
    both = {"metrics": ["accuracy", "mae"], "loss": "categorical_crossentropy"}
    assert presets.find("fashion-cnn").with_settings(both).settings["metrics"] == ("accuracy", "mae")


def test_changing_a_setting_leaves_the_preset_it_came_from_alone() -> None:
    preset = presets.find("gan")
    assert preset.with_settings({"batch_size": 7}).settings["batch_size"] == 7
    assert preset.settings["batch_size"] == 128


def test_layers_are_named_as_keras_names_them_and_may_be_named() -> None:
    names = [layer.name for layer in presets.find("fashion-cnn").networks[0].layers]
    assert names == [
        "conv2d", "max_pooling2d", "conv2d_1", "max_pooling2d_1", "flatten", "dense", "dropout", "dense_1"
    ]  # fmt: skip
    document = xor()
    document["networks"]["classifier"]["layers"][1]["name"] = "dense"
    assert [layer.name for layer in presets.from_document(renamed(document), "x").networks[0].layers] == [
        "first", "dense", "dense_1"
    ]  # fmt: skip


def renamed(document: dict[str, Any]) -> dict[str, Any]:
    document["networks"]["classifier"]["layers"][0]["name"] = "first"
    return document


# Everything that can be wrong ----------------------------------------------------------------------------


def xor() -> dict[str, Any]:
    return tomllib.loads((presets.bundled_folder() / "xor.toml").read_text())


def gan() -> dict[str, Any]:
    return tomllib.loads((presets.bundled_folder() / "gan.toml").read_text())


def changed(document: dict[str, Any], path: str, value: Any) -> dict[str, Any]:
    """The document with the value at a path such as settings.batch_size or networks.classifier.layers.0.units."""
    document = copy.deepcopy(document)
    *way, last = path.split(".")
    place: Any = document
    for key in way:
        place = place[int(key) if isinstance(place, list) else key]
    place[int(last) if isinstance(place, list) else last] = value
    return document


LAYERS = "networks.classifier.layers"
WRONG: list[tuple[dict[str, Any], str, Any, str]] = [
    # document, key, wrong value, the sentence after the file's name
    (xor(), "titel", "x", 'unknown key "titel", did you mean "title"?'),
    (xor(), "title", "  ", 'title is missing; add title = "…" to the file'),
    (xor(), "title", 3, 'title is missing; add title = "…" to the file'),
    (xor(), "about", [], 'about is missing; add about = "…" to the file'),
    (xor(), "task", "classifer", 'task cannot be "classifer", did you mean "classifier"?'),
    (xor(), "task", " ", 'task is missing; add task = "plane", "regression", "classifier", "autoencoder" or "gan" to the file'),
    (gan(), "dataset", 3, 'dataset is missing; add dataset = "flowers", "mnist" or "fashion-mnist" to the file'),
    (xor(), "dataset", "mnist", 'dataset cannot be "mnist", choose from xor'),
    (gan(), "dataset", "minst", 'dataset cannot be "minst", did you mean "mnist"?'),
    (xor(), "name", "Not A Name", 'name: "Not A Name" is not a valid preset name: it has "N"; use the letters a to z, digits, "_" and "-"'),
    (xor(), "name", "_x", 'name: "_x" is not a valid preset name: it begins with "_"; begin with a letter or a digit'),
    (xor(), "name", "x" * 42, f'name: "{"x" * 42}" is not a valid preset name: it has 42 characters; use at most 41'),
    (xor(), "name", 7, 'name: "7" is not a valid preset name: it is no text; put it in quotes'),
    (xor(), "settings", 5, "settings must be a table: [settings]"),
    (xor(), "settings.batchsize", 4, 'settings: unknown setting "batchsize" for this task, did you mean "batch_size"?'),
    (xor(), "settings.batch_size", 0, "settings: batch_size must be a whole number from 1 to 1,000,000, not 0"),
    (xor(), "settings.epochs", "many", 'settings: epochs must be a whole number from 1 to 10,000,000, not "many"'),
    (xor(), "settings.learning_rate", -1, "settings: learning_rate must be a number from 1e-12 to 1000, not -1"),
    (xor(), "settings.optimizer", "adamm", 'settings: optimizer cannot be "adamm", did you mean "adam"?'),
    (xor(), "settings.loss", "mse", 'settings: loss cannot be "mse", choose from categorical_crossentropy, sparse'),
    (xor(), "settings.latent", "normal", 'settings: unknown setting "latent" for this task'),
    (gan(), "settings.image_range", [1, -1], "settings: image_range must be a range such as [0, 1], not [1, -1]"),
    (xor(), "networks", [], "networks must be a table: [networks]"),
    (xor(), "networks.clasifier", {}, 'networks: unknown key "clasifier", did you mean "classifier"?'),
    (gan(), "networks", {"generator": gan()["networks"]["generator"]}, "networks.discriminator is missing; this task trains generator and discriminator"),
    (xor(), "networks.classifier", 1, "networks.classifier must be a table"),
    (xor(), "networks.classifier.imput", [2], 'networks.classifier: unknown key "imput", did you mean "input"?'),
    (xor(), "networks.classifier.input", 2, "networks.classifier: input must be a list of 1 to 5 whole numbers, such as [28, 28, 1], not 2"),
    (xor(), "networks.classifier.input", [0], "networks.classifier: input must be a whole number from 1"),
    (xor(), LAYERS, [], "networks.classifier: layers must be a list of 1 to 1,000 layers such as"),
    (xor(), f"{LAYERS}.0", "Dense", "networks.classifier, layer 1 must be a table"),
    (xor(), f"{LAYERS}.0.layer", "Dens", 'networks.classifier, layer 1: unknown layer "Dens", did you mean "Dense"?'),
    (xor(), f"{LAYERS}.0.layer", "Lambda", 'networks.classifier, layer 1: Keras has Lambda, which runs code of its own: gan-tui takes none from a preset'),
    (xor(), f"{LAYERS}.0.layer", "LayerNormalisation", 'networks.classifier, layer 1: unknown layer "LayerNormalisation", did you mean "LayerNormalization"?'),
    (xor(), f"{LAYERS}.0.layer", "Nothing", 'networks.classifier, layer 1: unknown layer "Nothing", choose one of the '),
    (xor(), f"{LAYERS}.0.layer", "keras.layers.Dense", 'networks.classifier, layer 1: unknown layer "keras.layers.Dense", write "Dense"'),
    (xor(), f"{LAYERS}.0.layer", "MaxPool2D", 'networks.classifier, layer 1: unknown layer "MaxPool2D", write "MaxPooling2D"'),
    (xor(), f"{LAYERS}.0.layer", "BatchNormalisation", 'networks.classifier, layer 1: unknown layer "BatchNormalisation", did you mean "BatchNormalization"?'),
    (xor(), f"{LAYERS}.0.kernel_regularizer", "l3", 'networks.classifier, layer 1: Dense\'s kernel_regularizer cannot be "l3", choose from l1, l2'),
    (xor(), f"{LAYERS}.0.lora_rank", 4, "networks.classifier, layer 1: Dense's lora_rank cannot be set: it is for networks that were trained before"),
    (xor(), f"{LAYERS}.0.activation", "glu", 'networks.classifier, layer 1: Dense\'s activation cannot be "glu", which Keras has and gan-tui lacks; choose from linear'),
    (xor(), "settings.optimizer", "adamww", 'settings: optimizer cannot be "adamww", did you mean "adamw"?'),
    (xor(), f"{LAYERS}.0.layer", ["Dense"], 'networks.classifier, layer 1: layer is missing; '),
    (xor(), f"{LAYERS}.0", {"units": 2}, 'networks.classifier, layer 1: layer is missing; say which, as in {layer = "Dense"'),
    (xor(), f"{LAYERS}.1.unit", 2, 'networks.classifier, layer 2: Dense has no argument "unit", did you mean "units"?'),
    (xor(), f"{LAYERS}.2.units", "two", "networks.classifier, layer 3: units must be a number, or a product of"),
    (xor(), f"{LAYERS}.0.activation", "sigmoyd", "networks.classifier, layer 1: Dense's activation cannot be \"sigmoyd\", did you mean \"sigmoid\"?"),
    (xor(), f"{LAYERS}.0.name", "a/b", 'networks.classifier, layer 1: "a/b" is not a valid layer name: it has "/"; use the letters'),
    (xor(), f"{LAYERS}.0.name", "x" * 41, f'networks.classifier, layer 1: "{"x" * 41}" is not a valid layer name: it has 41 characters; use at most 40'),
    (xor(), f"{LAYERS}.2.name", "dense", 'networks.classifier, layer 3: the name "dense" is taken in its network; choose another'),
    (xor(), f"{LAYERS}.0", {"layer": "Conv2D", "filters": 2, "kernel_size": 3}, "networks.classifier, layer 1: Conv2D needs an input of 3 axes"),
    (xor(), f"{LAYERS}.2.units", 3, "networks.classifier must end in 2 outputs, one per class, not in [3]"),
    (xor(), "networks.classifier.input", [3], "networks.classifier's input [3] does not fit an example of xor [2]; write input = [2]"),
    (gan(), "networks.generator.layers.6.units", 783, "networks.generator's output [783] does not fit an image of mnist [28, 28, 1]; it must have 784 numbers"),
    (gan(), "networks.discriminator.input", [700], "networks.discriminator's input [700] does not fit the generator's output [784]; write input = [784]"),
    (gan(), "networks.discriminator.layers.9.units", 2, "networks.discriminator must end in one number, not in [2]"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("document", "key", "value", "sentence"), WRONG, ids=[f"{row[1]}={row[2]!s:.20}" for row in WRONG]
)
def test_a_wrong_preset_is_refused_by_file_key_and_nearest_word(
    document: dict[str, Any], key: str, value: Any, sentence: str, tmp_path: Path
) -> None:
    file = tmp_path / "mine.toml"
    file.write_text(tomli_w.dumps(changed(document, key, value)))
    with pytest.raises(UserError) as caught:
        presets.find(str(file))
    said = str(caught.value)
    assert said.startswith(f"{file}: {sentence}")
    assert caught.value.code == WRONG_USE
    assert "\n" not in said and "Traceback" not in said


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"title = ", "is not valid TOML"),
        (b"title = 'x'\ntitle = 'y'\n", "is not valid TOML"),
        (b"\xff\xfe", "mine.toml is not UTF-8 text; save it as UTF-8."),
        (b"a=" + b"[" * 5000, "is not valid TOML"),
        (b"a=" + b"1" * 5000, "limit"),
        (b"#" * (LARGEST_FILE + 1), "it is larger than 250,000 bytes"),
        (b"", 'task is missing; add task = "plane", "regression", "classifier", "autoencoder" or "gan" to the file'),
    ],
    ids=["cut", "twice", "not text", "too deep", "too long a number", "too large", "empty"],
)
def test_a_file_that_is_no_preset_is_refused(content: bytes, sentence: str, tmp_path: Path) -> None:
    file = tmp_path / "mine.toml"
    file.write_bytes(content)
    with pytest.raises(UserError) as caught:
        presets.find(str(file))
    said = str(caught.value)
    assert said.startswith(str(file)) and sentence in said and "\n" not in said


def test_a_file_that_is_missing_or_a_folder_is_said_so(tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"Cannot read the preset .*nowhere\.toml: No such file or directory; check"):
        presets.find(str(tmp_path / "nowhere.toml"))
    (tmp_path / "folder.toml").mkdir()
    with pytest.raises(UserError, match="it is a folder; check the path"):
        presets.find(str(tmp_path / "folder.toml"))


def test_a_disk_that_fails_is_said_to_do_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*_: object, **__: object) -> bytes:
        raise OSError(errno.EIO, os.strerror(errno.EIO))

    monkeypatch.setattr(untrusted_files, "read", fails)
    said = "the disk cannot read or write it; it may be failing: copy what matters to another."
    with pytest.raises(UserError) as preset:
        presets.find(str(tmp_path / "mine.toml"))
    assert str(preset.value) == f"Cannot read the preset {tmp_path}/mine.toml: {said}"
    with pytest.raises(UserError) as points:
        point_rows.rows(tmp_path / "mine.csv")
    assert str(points.value) == f"Cannot read the points {tmp_path}/mine.csv: {said}"


def test_an_unknown_name_is_answered_with_the_nearest() -> None:
    with pytest.raises(UserError) as caught:
        presets.find("fashoin-cnn")
    assert str(caught.value).startswith('There is no preset "fashoin-cnn", did you mean "fashion-cnn"?')
    with pytest.raises(
        UserError, match=r"choose from autoencoder, cgan, conv10, conv10-tape, dcgan, dcgan-64, dcgan-small, .*, xor"
    ):
        presets.find("?????")


def test_what_a_preset_says_of_itself_is_harmless(tmp_path: Path) -> None:
    document = changed(changed(xor(), "title", "X\x1b]52;c;aGk=\x07OR"), "about", "one\u202e\n\n\x9b2Jtwo")
    file = tmp_path / "mine.toml"
    file.write_text(tomli_w.dumps(document))
    preset = presets.find(str(file))
    assert preset.title == "X ]52;c;aGk= OR"
    assert preset.about == "one\n\n2Jtwo"


# A user's own --------------------------------------------------------------------------------------------


def test_a_users_preset_is_found_by_name_and_listed(own_presets: Path) -> None:
    (own_presets / "mine.toml").write_text(tomli_w.dumps(changed(xor(), "title", "Mine")))
    assert presets.find("mine").title == "Mine"
    assert "mine" in [preset.name for preset in presets.every()[0]]


def test_a_users_preset_is_called_as_its_file_is_whatever_is_written_in_it(own_presets: Path) -> None:
    copied = presets.find("xor").as_document()  # as it stands in a run's folder
    for name in ("better", "MyNet", "Mein Netz (2)", "_draft"):
        (own_presets / f"{name}.toml").write_text(tomli_w.dumps(copied))
    found, problems = presets.every()
    assert not problems
    assert {preset.name for preset in found} == {*EVERY, "better", "mynet", "mein-netz-2", "draft"}
    assert all(presets.find(preset.name).name == preset.name for preset in found)


def test_presets_in_files_with_other_letters_are_listed_and_found_by_what_these_are_called(own_presets: Path) -> None:
    for name in ("größe", "Réseau", "訓練実験", "第二"):
        (own_presets / f"{name}.toml").write_text(tomli_w.dumps(changed(xor(), "title", name)))
    found, problems = presets.every()
    assert not problems
    own = {preset.title: preset.name for preset in found if preset.name not in EVERY}
    assert own["größe"] == "grosse" and own["Réseau"] == "reseau"
    for title, name in own.items():
        assert presets.find(title).title == presets.find(name).title == title
    assert len(own) == len(set(own.values())) == 4


def test_of_two_users_presets_of_one_name_it_is_told_which_is_not_listed(own_presets: Path) -> None:
    for name, title in (("net-2", "The one"), ("Net 2", "The other")):
        (own_presets / f"{name}.toml").write_text(tomli_w.dumps(changed(xor(), "title", title)))
    found, problems = presets.every()
    assert [preset.title for preset in found if preset.name == "net-2"] == ["The one"] == [presets.find("net-2").title]
    assert problems == [
        f"{own_presets / 'Net 2.toml'} is not listed: {own_presets / 'net-2.toml'} is called net-2, too; rename one."
    ]


def test_a_byte_order_mark_before_a_preset_is_no_part_of_it(own_presets: Path) -> None:
    (own_presets / "mine.toml").write_text("\ufeff" + tomli_w.dumps(xor()))
    assert presets.find("mine").title == presets.find("xor").title


@pytest.mark.parametrize("written", ["digits", "../presets/digits"])
def test_a_folder_of_data_is_relative_to_its_preset_as_files_are(own_presets: Path, written: str) -> None:
    document = presets.find("gan").as_document()
    document["settings"]["data_folder"] = written.replace("presets", own_presets.name)
    (own_presets / "mine.toml").write_text(tomli_w.dumps(document))
    assert presets.find("mine").settings["data_folder"] == str(own_presets / "digits")
    assert presets.find("gan").settings["data_folder"] == "", "none stays none"


def test_a_users_preset_goes_before_a_bundled_one_of_its_name(own_presets: Path) -> None:
    (own_presets / "xor.toml").write_text(tomli_w.dumps(changed(xor(), "title", "My XOR")))
    assert presets.find("xor").title == "My XOR"


def test_a_users_broken_preset_hides_none_of_the_others(own_presets: Path) -> None:
    broken = own_presets / "broken.toml"
    broken.write_text("title = ")
    found, problems = presets.every()
    assert {preset.name for preset in found} == set(EVERY)
    assert len(problems) == 1 and problems[0].startswith(f"{broken} is not valid TOML")


def test_a_folder_of_presets_that_is_not_there_is_told(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    assert presets.every()[1] == []
    monkeypatch.setenv("GAN_TUI_PRESETS", str(tmp_path / "mistyped"))
    found, problems = presets.every()
    assert {preset.name for preset in found} == set(EVERY)
    assert problems == [
        f"Cannot list the presets in {tmp_path / 'mistyped'}: No such file or directory; "
        "set GAN_TUI_PRESETS to a folder of TOML files."
    ]
    with pytest.raises(UserError, match=r"There is no preset .*; set GAN_TUI_PRESETS to a folder"):
        presets.find("mine")


def test_nobody_needs_a_folder_of_own_presets(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "none"))
    monkeypatch.setenv("GAN_TUI_PRESETS", "")
    assert presets.every()[1] == []
    monkeypatch.delenv("GAN_TUI_PRESETS")
    assert presets.every()[1] == []


def test_a_file_may_be_called_anything(tmp_path: Path) -> None:
    file = tmp_path / "Mein Erstes Netz (2).toml"
    file.write_text(tomli_w.dumps(xor()))
    assert presets.find(str(file)).name == "mein-erstes-netz-2"


# A page for a learner ------------------------------------------------------------------------------------

HEADINGS = ["## What it is", "## What to look at", "## What the article found", "## What to try next"]


@pytest.mark.parametrize("name", EVERY)
def test_every_preset_has_a_page_of_four_paragraphs(name: str) -> None:
    parts = presets.find(name).help.split("\n\n")
    assert parts[::2] == HEADINGS
    assert len(parts) == 8 and "\n" not in "".join(parts)
    assert 150 <= len(" ".join(parts[1::2]).split()) <= 250


def test_a_preset_may_do_without_a_page() -> None:
    document = {key: value for key, value in xor().items() if key != "help"}
    preset = presets.from_document(document, "x")
    assert preset.help == "" and "help" not in preset.as_document()
    with pytest.raises(ValueError, match="help is missing; add help"):
        presets.from_document({**document, "help": 3}, "x")


# Networks made from settings -----------------------------------------------------------------------------


def described(preset: presets.Preset) -> list[tuple[int, str]]:
    return [(layer.arguments["units"], layer.arguments["activation"]) for layer in preset.networks[0].layers]


def test_the_network_on_points_is_made_from_settings_and_made_anew() -> None:
    plane = presets.find("plane")
    assert described(plane) == [(16, "tanh"), (16, "tanh"), (3, "softmax")]
    assert described(plane.with_settings({"points": "spiral"})) == [(16, "tanh"), (16, "tanh"), (2, "softmax")]
    changed = plane.with_settings({"hidden": [8, 4, 2], "activation": "relu"})
    assert described(changed) == [(8, "relu"), (4, "relu"), (2, "relu"), (3, "softmax")]
    assert described(plane.with_settings({"hidden": []})) == [(3, "softmax")]
    assert "networks" not in changed.as_document()
    assert presets.from_document(changed.as_document(), "plane") == changed


def test_the_plane_needs_no_settings_at_all() -> None:
    document = {"title": "x", "about": "x", "task": "plane", "dataset": "points"}
    assert described(presets.from_document(document, "x")) == [(16, "tanh"), (16, "tanh"), (2, "softmax")]


def on_points(**settings: Any) -> dict[str, Any]:
    """A preset on points with its network written out for two classes."""
    return {**changed(xor(), "dataset", "points"), "settings": settings}


def test_a_network_written_out_stays_as_it_is() -> None:
    preset = presets.from_document(on_points(points="ring", batch_size=0), "x")
    assert preset.networks == presets.find("xor").networks
    assert "hidden" not in preset.settings and "networks" in preset.as_document()
    assert presets.from_document(preset.as_document(), "x") == preset
    with pytest.raises(ValueError, match="hidden: this preset lists its layers; change those instead"):
        preset.with_settings({"hidden": [3]})
    with pytest.raises(ValueError, match="must end in 3 outputs, one per class, not in"):
        preset.with_settings({"points": "smiley"})
    with pytest.raises(ValueError, match="settings: activation: this preset lists its layers"):
        presets.from_document(on_points(activation="relu"), "x")


@pytest.mark.parametrize(
    ("name", "setting", "value", "sentence"),
    [
        ("plane", "points", "spirall", 'points cannot be "spirall", did you mean "spiral"? (the path of a CSV file works, too)'),
        ("plane", "points", "triples", 'points cannot be "triples", '),
        ("plane", "points", 3, "points cannot be 3, "),
        ("plane", "hidden", 8, "hidden must be a list of 0 to 8 whole numbers, such as [16, 16], not 8"),
        ("plane", "hidden", [0], "hidden must be a whole number from 1 to 1,000, not 0"),
        ("plane", "hidden", [1] * 9, "hidden must be a list of 0 to 8 whole numbers"),
        ("plane", "activation", "tahn", 'activation cannot be "tahn", did you mean "tanh"?'),
        ("plane", "batch_size", -1, "batch_size must be a whole number from 1 to 1,000,000, or 0, not -1"),
        ("plane", "batch_size", False, "batch_size must be a whole number from 1 to 1,000,000, or 0, not false"),
        ("xor", "batch_size", 0, "batch_size must be a whole number from 1 to 1,000,000, not 0"),
        ("xor", "hidden", [8], 'unknown setting "hidden" for this data set, '),
        ("xor", "engine", "tape", 'unknown setting "engine" for this task, '),
        ("shapes", "data_folder", "/tmp", 'unknown setting "data_folder" for this data set, '),
        ("gan", "save_epochs", 1, "save_epochs must be a list of 0 to 100 whole numbers, such as [1, 20], not 1"),
        ("gan", "save_epochs", [0], "save_epochs must be a whole number from 1 to 10,000,000, not 0"),
        ("gan", "save_every", -1, "save_every must be a whole number from 0 to 10,000,000, not -1"),
        ("conv10-tape", "engine", "tapes", 'engine cannot be "tapes", did you mean "tape"?'),
        ("conv10-tape", "schedule", "cosine", 'schedule: the tape engine needs schedule = "constant"'),
        ("conv10-tape", "optimizer", "adam", 'optimizer: the tape engine needs optimizer = "sgd"'),
        ("conv10-tape", "metrics", [], 'metrics: the tape engine needs metrics = ["accuracy"]'),
        ("conv10-tape", "learning_rate_decay", 0.1, "learning_rate_decay: the tape engine needs learning_rate_decay = 0.0"),
        ("conv10-tape", "loss", "categorical_crossentropy", 'loss: the tape engine needs loss = "sparse_categorical_crossentropy"'),
    ],
)  # fmt: skip
def test_a_setting_that_does_not_fit_is_refused_by_name(name: str, setting: str, value: object, sentence: str) -> None:
    with pytest.raises(ValueError) as caught:
        presets.find(name).with_settings({setting: value})
    assert str(caught.value).startswith(sentence)


def test_the_tape_engine_is_refused_a_network_that_it_cannot_compute() -> None:
    plain = {"engine": "tape", "optimizer": "sgd"}
    with pytest.raises(
        ValueError, match=r"engine: the tape engine does not support Dropout \(dropout\); it supports Conv2D, "
    ):
        presets.find("fashion-cnn").with_settings(plain)
    with pytest.raises(ValueError, match=r"engine: the tape engine needs a network that ends in logits"):
        presets.find("shapes").with_settings(plain)


def test_what_the_tape_engine_and_pairs_leave_out() -> None:
    assert [preset.name for preset in presets.every()[0] if preset.whole_batches] == [
        "conv10-tape", "dcgan-small", "dcgan-64", "wgan-gp", "cgan", "gan", "dcgan"
    ]  # fmt: skip


# Points from a file --------------------------------------------------------------------------------------


def test_a_file_of_points_decides_the_outputs_and_lies_beside_its_preset(tmp_path: Path) -> None:
    (tmp_path / "mine.csv").write_text("0,0,0\n1,1,4\n")
    file = tmp_path / "mine.toml"
    file.write_text('title = "x"\nabout = "x"\ntask = "plane"\ndataset = "points"\n[settings]\npoints = "mine.csv"\n')
    preset = presets.find(str(file))
    assert preset.files()["points"] == tmp_path / "mine.csv"
    assert preset.networks[0].output == (5,)
    assert preset.facts.names == ("class 0", "class 1", "class 2", "class 3", "class 4")
    assert preset.facts.count == 2
    (tmp_path / "mine.csv").write_text("0,0,0\n1,1,1\n0,1,1\n")
    assert preset.with_settings({}).facts.count == 3, "a file that has changed is read again"
    assert presets.find(str(file)).networks[0].output == (2,)


def test_a_path_given_to_a_setting_is_relative_to_the_shell(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "mine.csv").write_text("x,y,class\n0,0,0\n1,1,1\n")
    monkeypatch.chdir(tmp_path)
    preset = presets.find("plane").with_settings({"points": "mine.csv"})
    assert preset.settings["points"] == str(tmp_path / "mine.csv")
    assert preset.files()["points"] == tmp_path / "mine.csv"


def test_a_file_of_points_may_have_any_name_but_that_of_a_set(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("abd0", "mine.txt", "circle"):
        (tmp_path / name).write_text("0,0,0\n1,1,1\n")
    (tmp_path / "folder").mkdir()
    plane = presets.find("plane")
    for name in ("abd0", "mine.txt"):
        assert plane.with_settings({"points": name}).files()["points"] == tmp_path / name
    assert plane.with_settings({"points": "circle"}).files() == {}
    for name in ("folder", "none", "n" * 5000, "nul\0"):
        with pytest.raises(ValueError, match="points cannot be"):
            plane.with_settings({"points": name})
    file = tmp_path / "beside" / "mine.toml"
    file.parent.mkdir()
    (tmp_path / "beside" / "own").write_text("0,0,0\n1,1,4\n")
    file.write_text('title = "x"\nabout = "x"\ntask = "plane"\ndataset = "points"\n[settings]\npoints = "own"\n')
    assert presets.find(str(file)).files()["points"] == tmp_path / "beside" / "own"


def test_named_points_come_from_no_file() -> None:
    assert presets.find("plane").files() == {}
    assert presets.find("gan").files() == {}


def test_a_file_of_points_that_is_missing_or_malformed_is_refused(tmp_path: Path) -> None:
    for content, sentence in (
        (None, "Cannot read the points "),
        ("0,0,0\n1,1\n", f"{tmp_path}/mine.csv, line 2, column 3"),
    ):
        if content is not None:
            (tmp_path / "mine.csv").write_text(content)
        with pytest.raises(UserError) as caught:
            presets.find("plane").with_settings({"points": str(tmp_path / "mine.csv")})
        assert str(caught.value).startswith(sentence)


def test_every_class_has_a_name() -> None:
    names = {preset.name: preset.facts.names for preset in presets.every()[0]}
    assert names["fashion-cnn"] == (
        "T-shirt/top", "Trouser", "Pullover", "Dress", "Coat", "Sandal", "Shirt", "Sneaker", "Bag", "Ankle boot"
    )  # fmt: skip
    assert names["gan"] == tuple("0123456789")
    assert names["shapes"] == ("triangle", "square", "circle")
    assert names["three-class"] == ("class 1", "class 2", "class 3")
    assert names["plane"] == ("face", "eyes and mouth", "outside")
    for preset in presets.every()[0]:
        if preset.rules.learns_classes:
            assert len(names[preset.name]) == preset.networks[0].output[-1]


# What a preset will do, and with what --------------------------------------------------------------------


def test_all_points_go_into_one_step_where_the_batch_size_is_0(tmp_path: Path) -> None:
    plane = presets.find("plane")
    plan = planned(plane.with_settings({"epochs": 7}))
    assert (plan.train, plan.batch_size, plan.steps_per_epoch, plan.steps_total) == (600, 600, 1, 7)
    assert plan.full and plan.origin == "made by gan-tui"
    plan = planned(plane.with_settings({"batch_size": 250, "points": "spiral"}))
    assert (plan.train, plan.batch_size, plan.steps_per_epoch) == (400, 250, 2)
    (tmp_path / "mine.csv").write_text("0,0,0\n1,1,1\n0,1,1\n")
    mine = plane.with_settings({"points": str(tmp_path / "mine.csv")})
    assert (planned(mine).batch_size, planned(mine).origin) == (3, "file mine.csv")
    with pytest.raises(UserError, match="batch_size 4 is more than the 3 training examples of points"):
        planned(mine.with_settings({"batch_size": 4}))


def test_the_tape_engine_takes_whole_batches_only() -> None:
    count = planned(presets.find("conv10")).train
    for name, steps in (("conv10", -(-count // 33)), ("conv10-tape", count // 33)):
        assert planned(presets.find(name).with_settings({"batch_size": 33})).steps_per_epoch == steps


@pytest.mark.parametrize("name", ["simple", "three-class", "xor", "plane", "shapes"])
def test_the_data_that_gan_tui_makes_are_what_was_planned(name: str) -> None:
    preset = presets.find(name)
    dataset = points_dataset(preset) if preset.task == "plane" else images_dataset(preset)
    plan, facts = planned(preset), preset.facts
    assert (len(dataset.train), dataset.batch_size, dataset.origin) == (
        plan.train, plan.batch_size, plan.origin
    )  # fmt: skip
    assert (len(dataset.validation) if dataset.validation else 0) == plan.validation
    assert dataset.train.x.shape[1:] == facts.shape
    if preset.task == "plane":
        assert dataset.points is not None
        numbers = np.array(dataset.points)
        assert (numbers[:, :-1] == dataset.train.x).all()
        assert (np.eye(facts.classes)[numbers[:, -1].astype(int)] == dataset.train.y).all()
    else:
        assert dataset.points is None and set(dataset.train.y.tolist()) == {0, 1, 2}


def test_a_file_of_points_is_trained_on_to_the_last_bit(tmp_path: Path) -> None:
    (tmp_path / "mine.csv").write_text("x,y,class\n0.1,0.2,3\n0.3,0.4,0\n")
    dataset = points_dataset(presets.find("plane").with_settings({"points": str(tmp_path / "mine.csv")}))
    assert dataset.train.x.tolist() == np.array([[0.1, 0.2], [0.3, 0.4]], np.float32).tolist()
    assert dataset.train.y.tolist() == [[0, 0, 0, 1], [1, 0, 0, 0]]


def test_a_layer_cannot_take_the_name_of_the_tables_first_row() -> None:
    document = presets.find("xor").as_document()
    document["networks"]["classifier"]["layers"][0]["name"] = "input"
    with pytest.raises(ValueError, match='layer 1: the name "input" is taken in its network; choose another'):
        presets.from_document(document, "mine")
